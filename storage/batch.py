"""One transaction's reads and writes on PostgreSQL."""

from __future__ import annotations

from typing import Any

from psycopg import sql
from psycopg.types.json import Json

from storage.patient import Connection
from storage.store import Document

CHANNEL = "verbatim"


class PostgresBatch:
    """One transaction, which holds the change numbers from its first statement on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        row = connection.execute("SELECT last_seq FROM verbatim FOR UPDATE").fetchone()
        self._first = self._last = int(row[0]) if row else 0

    def document(self, article_id: str) -> Document | None:
        row = self._connection.execute(
            "SELECT document FROM articles WHERE id = %s", (article_id,)
        ).fetchone()
        return row[0] if row else None

    def put(self, document: dict[str, Any]) -> None:
        self._last += 1
        run, article_id = self._connection.execute, document["id"]
        run(
            "INSERT INTO articles (id, seq, document) VALUES (%s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, document = excluded.document",
            (article_id, self._last, Json(document)),
        )
        run("DELETE FROM quotes WHERE article_id = %s", (article_id,))
        run(
            "INSERT INTO quotes (id, article_id) SELECT unnest(%s::text[]), %s ON CONFLICT (id) DO "
            "NOTHING",
            ([row["id"] for row in document.get("quotes", ())], article_id),
        )

    def put_version(self, document: Document) -> None:
        self._connection.execute(
            "INSERT INTO versions (article_id, document) VALUES (%s, %s)",
            (document["id"], Json(dict(document))),
        )

    def drop_versions(self, article_id: str) -> None:
        self._connection.execute("DELETE FROM versions WHERE article_id = %s", (article_id,))

    def end(self) -> None:
        """Give the numbers out and tell the others."""
        if self._last > self._first:
            self._connection.execute("UPDATE verbatim SET last_seq = %s", (self._last,))
            self._connection.execute(sql.SQL("NOTIFY {}").format(sql.Identifier(CHANNEL)))
