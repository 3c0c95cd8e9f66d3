"""The shared store: PostgreSQL keeps everything; a process holds the documents that it has read
lately.

Those go on being read while the server is away; a notification (LISTEN) says when one may have
changed. Writes lock the row that gives out change numbers, so that numbers become visible in order.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Json

from bot.domain.errors import StoreError
from storage.backup import as_tables
from storage.batch import CHANNEL, PostgresBatch
from storage.migrations import migrate
from storage.patient import PATIENCE, Connection, PatientConnection, Result, reason, shown
from storage.shelf import Shelf
from storage.store import BackedStore, Batch, Document

_READ = 0.8  # seconds that a reader waits for it: they are told within a second, if not answered
HELD = 2000
"""Articles whose documents a process holds: all of a small store's, so that it goes on while its
server is away.
"""
_AT_A_TIME = 200  # documents that following reads in one go
_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "application_name": "verbatim",
}
_BACK_OFF = (0.2, 15.0)  # seconds between attempts to reconnect: the first, the longest


class PostgresBacking:
    """A PostgreSQL database; as many processes as the server lets in."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self._url, self._patience = url, patience
        self._shelf = Shelf(HELD)
        self._held = threading.Lock()  # of the shelf
        self._writing, self._reading = threading.RLock(), threading.Lock()  # of the connections
        self._writer: PatientConnection | None = None
        self._reader: PatientConnection | None = None
        self._stale, self._closing = threading.Event(), threading.Event()
        self._stale.set()
        self._retry_at, self._wait = 0.0, _BACK_OFF[0]
        self._last = 0  # the latest change number that is known of
        self._listening: Connection | None = None
        try:
            self._writer = self._connect(patience)
            self.identity = migrate(self._writer)
        except psycopg.Error as error:
            raise StoreError(
                f"{self._failed(error)}; is VERBATIM_STORE right and the server running?"
            ) from None
        self._read("SELECT 1", limit=PATIENCE)
        self._listener = threading.Thread(target=self._listen, name="verbatim-listen", daemon=True)
        self._listener.start()

    def _connect(self, limit: float) -> PatientConnection:
        made = PatientConnection.connect(
            self._url, **_OPTIONS | {"connect_timeout": max(2, round(limit))}
        )
        made.limit = limit
        return made

    def _failed(self, error: Exception) -> str:
        return f"{shown(self._url)}: {reason(error)}"

    # ---- following the others
    def _listen(self) -> None:
        """Wait for notifications; after a lost connection everything may have changed."""
        wait = _BACK_OFF[0]
        while not self._closing.is_set():
            try:
                with psycopg.connect(self._url, **_OPTIONS) as connection:
                    self._listening = connection
                    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self._retry_at = 0.0
                    self._stale.set()
                    wait = _BACK_OFF[0]
                    while not self._closing.is_set():
                        for _ in connection.notifies(timeout=0.5, stop_after=1):
                            self._stale.set()
            except psycopg.Error:
                self._closing.wait(wait)
                wait = min(wait * 2, _BACK_OFF[1])

    def _refresh(self) -> None:
        """Let go of what others have changed, if anything is new and the server is there."""
        if not self._stale.is_set():
            return
        self._stale.clear()
        try:
            rows = self._read(
                "SELECT id, seq FROM articles WHERE seq > %s ORDER BY seq", self._last
            )
        except StoreError:
            self._stale.set()
            return
        with self._held:
            for article_id, seq in rows:
                self._shelf.drop(article_id)
                self._last = max(self._last, seq)

    # ---- writing
    def write(self, work: Callable[[Batch], Result]) -> Result:
        def transaction(connection: Connection) -> Result:
            batch = PostgresBatch(connection)
            done = work(batch)
            batch.end()
            return done

        done = self._write(transaction)
        self._stale.set()
        self._refresh()
        return done

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        """Do it in one transaction, again if the connection was lost; StoreError after ``patience``
        seconds.
        """
        until = time.monotonic() + self._patience
        wait = _BACK_OFF[0]
        with self._writing:
            while True:
                try:
                    if self._writer is None or self._writer.closed:
                        self._writer = self._connect(self._patience)
                    with self._writer.transaction():
                        done = work(self._writer)
                    # the server is there: readers need not wait for another look
                    self._retry_at = 0.0
                    return done
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    if self._writer is not None:
                        self._writer.close()
                    if time.monotonic() + wait > until:
                        raise StoreError(
                            f"{self._failed(error)}; the write was not confirmed, try it again "
                            "(what is stored already "
                            "is not stored twice)"
                        ) from None
                    time.sleep(wait)
                    wait = min(wait * 2, _BACK_OFF[1])
                except psycopg.Error as error:
                    raise StoreError(f"{self._failed(error)}; nothing was stored") from None

    def keep(self, kind: str, key: str, document: Document | None) -> None:
        def work(connection: Connection) -> None:
            if document is None:
                connection.execute("DELETE FROM records WHERE kind = %s AND key = %s", (kind, key))
            else:
                connection.execute(
                    "INSERT INTO records (kind, key, document) VALUES (%s, %s, %s)"
                    " ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document",
                    (kind, key, Json(dict(document))),
                )

        self._write(work)

    # ---- reading
    def _read(
        self, query: str, *values: object, limit: float | None = None
    ) -> list[tuple[Any, ...]]:
        """A query's rows; StoreError at once while the server is known to be away, else after
        ``limit`` seconds.
        """
        limit = _READ if limit is None else limit
        if time.monotonic() < self._retry_at or not self._reading.acquire(timeout=limit):
            raise StoreError(f"{shown(self._url)}: the server is away")
        try:
            if self._reader is None or self._reader.closed:
                self._reader = self._connect(limit)
            self._reader.limit = limit
            rows = self._reader.execute(query.encode(), values).fetchall()
            self._wait = _BACK_OFF[0]
        except psycopg.Error as error:
            if self._reader is not None:
                self._reader.close()
            self._stale.set()
            self._retry_at = time.monotonic() + self._wait
            self._wait = min(self._wait * 2, _BACK_OFF[1])
            raise StoreError(self._failed(error)) from None
        finally:
            self._reading.release()
        return rows

    def document(self, article_id: str) -> Document | None:
        self._refresh()
        with self._held:
            found = self._shelf.document(article_id)
        return found or self._fetch("SELECT document, seq FROM articles WHERE id = %s", article_id)

    def holder(self, quote_id: str) -> Document | None:
        self._refresh()
        with self._held:
            found = self._shelf.holder(quote_id)
        return found or self._fetch(
            "SELECT document, seq FROM articles WHERE id = (SELECT article_id FROM quotes WHERE id "
            "= %s)",
            quote_id,
        )

    def _fetch(self, query: str, key: str) -> Document | None:
        last = self._last
        found: Document | None = next(
            (document | {"seq": seq} for document, seq in self._read(query, key)), None
        )
        with self._held:
            if (
                found and last == self._last
            ):  # else it may be older than what was let go of meanwhile
                self._shelf.put(found)
        return found

    def changes(self, after: int) -> Iterator[Document]:
        self._refresh()
        while after < self._last:
            last = self._last
            rows = self._read(
                "SELECT document, seq FROM articles WHERE seq > %s ORDER BY seq LIMIT %s",
                after,
                _AT_A_TIME,
                limit=PATIENCE,
            )
            for document, seq in rows:
                after = seq
                found = document | {"seq": seq}
                with self._held:
                    if last == self._last:  # as in _fetch
                        self._shelf.put(found)
                yield found
            if not rows:
                return

    def versions(self, article_id: str) -> Iterable[Document]:
        query = "SELECT document FROM versions WHERE article_id = %s ORDER BY number"
        return [document for (document,) in self._read(query, article_id)]

    def records(self, kind: str, key: str | None) -> Mapping[str, Document]:
        query = (
            "SELECT key, document FROM records WHERE kind = %s AND (%s::text IS NULL OR key = "
            "%s) ORDER BY key"
        )
        return dict(self._read(query, kind, key, key))

    def tables(self) -> Mapping[str, Mapping[str, Document]]:
        def work(connection: Connection) -> dict[str, dict[str, Document]]:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            articles = connection.execute(
                "SELECT document, seq FROM articles ORDER BY seq"
            ).fetchall()
            versions = connection.execute(
                "SELECT article_id, document FROM versions ORDER BY number"
            ).fetchall()
            records: dict[str, dict[str, Document]] = {}
            for kind, key, document in connection.execute(
                "SELECT kind, key, document FROM records ORDER BY kind, key"
            ):
                records.setdefault(kind, {})[key] = document
            return as_tables(
                (document | {"seq": seq} for document, seq in articles),
                (document | {"article_id": key} for key, document in versions),
                records,
            )

        return self._write(work)

    def close(self) -> None:
        self._closing.set()
        if self._listening is not None:
            self._listener.join(timeout=3.0)
        for connection in (self._writer, self._reader):
            if connection is not None:
                connection.close()


class PostgresStore(BackedStore):
    """The ``Store`` port over PostgreSQL."""

    backing: PostgresBacking

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        super().__init__(PostgresBacking(url, patience))
