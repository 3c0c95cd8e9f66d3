"""The shared store: PostgreSQL keeps everything; each process holds the documents, too, and follows the others.

Reads come from memory, so that they go on while the server is away; a notification (LISTEN) says when there is
something new to fetch. Writes lock the row that gives out change numbers, so that numbers become visible in order.
"""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.abc import PQGen
from psycopg.types.json import Json

from bot.domain.documents import FORMAT, article_of, pack, upgrade
from bot.domain.errors import StoreError
from bot.domain.model import Article, Change, Quote
from storage.backup import write_backup
from storage.shelf import Shelf

Connection = psycopg.Connection[tuple[Any, ...]]
Result = TypeVar("Result")

PATIENCE = 10.0
"""Seconds that a write waits for the server to come back."""
_READ = 2.0  # seconds that a reader waits for it: what they ask for is in memory anyway
_LOOK = 0.1  # seconds between two looks whether an answer has come
CHANNEL = "verbatim"
_OPTIONS: dict[str, Any] = {
    "autocommit": True, "connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3,
    "application_name": "verbatim",
}  # fmt: skip
_BACK_OFF = (0.2, 15.0)  # seconds between attempts to reconnect: the first, the longest
_LOCK = 0x76657262  # of migrations, in PostgreSQL's advisory locks


class _Patient(psycopg.Connection[tuple[Any, ...]]):
    """A connection that does not wait for ever: a server that is stopped keeps its sockets open, and says nothing."""

    limit = PATIENCE

    def wait(self, gen: PQGen[Result], interval: float = _LOOK, timeout: float | None = None) -> Result:
        """As psycopg's, with OperationalError after ``limit`` seconds without an answer; it is of no use then."""
        more = {} if timeout is None else {"timeout": timeout}  # psycopg knows it from 3.3 on
        return super().wait(self._limited(gen), interval=interval, **more)

    def _limited(self, gen: PQGen[Result]) -> PQGen[Result]:
        until = time.monotonic() + self.limit
        try:
            state = next(gen)
            while True:
                ready = yield state
                if ready:  # a long answer may take as long as it comes
                    until = time.monotonic() + self.limit
                elif time.monotonic() > until:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"the server has not answered for {self.limit:.0f} seconds")
                state = gen.send(ready)
        except StopIteration as end:
            found: Result = end.value
            return found


class PostgresStore:
    """The ``Store`` port over PostgreSQL; as many processes as the server lets in."""

    remote = True
    """See ``Store.remote``."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self._url, self._patience = url, patience
        self._shelf = Shelf()
        self._lock = threading.RLock()  # of the connection
        self._held = threading.Lock()  # of the shelf: readers wait for no server
        self._asking = threading.Lock()  # of the connection for preferences
        self._reader: _Patient | None = None
        self._stale = threading.Event()
        self._closing = threading.Event()
        self._retry_at, self._wait = 0.0, _BACK_OFF[0]
        self._listening: Connection | None = None
        try:
            self._connection = self._connect()
            self.identity = _migrate(self._connection)
        except psycopg.Error as error:
            raise StoreError(
                f"{_shown(url)}: {_reason(error)}; is VERBATIM_STORE right and the server running?"
            ) from None
        self._pull()
        self._listener = threading.Thread(target=self._listen, name="verbatim-listen", daemon=True)
        self._listener.start()

    def _connect(self, limit: float = PATIENCE) -> _Patient:
        made = _Patient.connect(self._url, **_OPTIONS)
        made.limit = limit
        return made

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
        """Fetch what is new, if anything is and the server is there."""
        if not self._stale.is_set() or time.monotonic() < self._retry_at:
            return
        if not self._lock.acquire(timeout=_READ):
            return  # a writer is waiting for the server; what is in memory will do
        try:
            if not self._stale.is_set() or time.monotonic() < self._retry_at:
                return
            try:
                if self._connection.closed:
                    self._connection = self._connect()
                self._connection.limit = _READ
                self._stale.clear()
                self._pull()
                self._wait = _BACK_OFF[0]
            except psycopg.Error:
                self._stale.set()
                self._connection.close()
                self._retry_at = time.monotonic() + self._wait
                self._wait = min(self._wait * 2, _BACK_OFF[1])
            finally:
                self._connection.limit = PATIENCE
        finally:
            self._lock.release()

    def _pull(self) -> None:
        rows = self._connection.execute(
            "SELECT seq, document FROM articles WHERE seq > %s ORDER BY seq", (self._shelf.last,)
        )
        for seq, document in rows:
            found = document.get("format", 0)
            if found > FORMAT:
                raise StoreError(
                    f"{_shown(self._url)}: holds documents of format {found}, written by a newer Verbatim; "
                    f"this one reads {FORMAT}. Update it"
                )
            with self._held:
                self._shelf.put(upgrade(document) | {"seq": seq})

    # ---- writing
    def _write(self, work: Callable[[Connection], Result]) -> Result:
        """Do it in one transaction, again if the connection was lost; StoreError after ``patience`` seconds."""
        until = time.monotonic() + self._patience
        wait = _BACK_OFF[0]
        with self._lock:
            while True:
                try:
                    if self._connection.closed:
                        self._connection = self._connect()
                    with self._connection.transaction():
                        return work(self._connection)
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    self._connection.close()
                    if time.monotonic() + wait > until:
                        raise StoreError(
                            f"{_shown(self._url)}: {_reason(error)}; the write was not confirmed, try it again (what is "
                            "stored already is not stored twice)"
                        ) from None
                    time.sleep(wait)
                    wait = min(wait * 2, _BACK_OFF[1])
                except psycopg.Error as error:
                    raise StoreError(f"{_shown(self._url)}: {_reason(error)}; nothing was stored") from None

    def _numbered(self, connection: Connection) -> int:
        """The last change number; whoever asks holds it until the transaction ends, and has seen all before."""
        row = connection.execute("SELECT last_seq FROM verbatim FOR UPDATE").fetchone()
        self._pull()
        return int(row[0]) if row else 0

    def add(self, article: Article, quotes: Iterable[Quote]) -> bool:
        """See ``Store.add``."""
        return self.add_many([(article, quotes)]) == 1

    def add_many(self, items: Iterable[tuple[Article, Iterable[Quote]]]) -> int:
        """See ``Store.add_many``."""
        wanted = [(article, tuple(quotes)) for article, quotes in items]

        def work(connection: Connection) -> list[dict[str, Any]]:
            last = self._numbered(connection)
            new: dict[str, dict[str, Any]] = {}
            for article, quotes in wanted:
                if self._shelf.holds(article, quotes):
                    continue
                old = new.pop(article.id, None) or self._shelf.document(article.id)
                if old and old["sha256"] != article.sha256:
                    connection.execute(
                        "INSERT INTO versions (article_id, document) VALUES (%s, %s)", (article.id, Json(dict(old)))
                    )
                last += 1
                new[article.id] = pack(article, quotes) | {"seq": last}
            self._put(connection, new.values())
            return list(new.values())

        stored = self._write(work)
        self._learn(stored)
        return len(stored)

    def remove(self, article_id: str) -> bool:
        """See ``Store.remove``."""

        def work(connection: Connection) -> list[dict[str, Any]]:
            last = self._numbered(connection)
            if self._shelf.document(article_id) is None:
                return []
            gone = {"format": FORMAT, "id": article_id, "seq": last + 1}  # so that followers learn of it
            self._put(connection, [gone])
            connection.execute("DELETE FROM versions WHERE article_id = %s", (article_id,))
            return [gone]

        stored = self._write(work)
        self._learn(stored)
        return bool(stored)

    @staticmethod
    def _put(connection: Connection, documents: Iterable[dict[str, Any]]) -> None:
        rows = [(document["id"], document["seq"], Json(document)) for document in documents]
        if not rows:
            return
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO articles (id, seq, document) VALUES (%s, %s, %s)"
                " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, document = excluded.document",
                rows,
            )
        connection.execute("UPDATE verbatim SET last_seq = %s", (rows[-1][1],))
        connection.execute(sql.SQL("NOTIFY {}").format(sql.Identifier(CHANNEL)))

    def _learn(self, documents: Iterable[dict[str, Any]]) -> None:
        with self._held:
            for document in documents:
                if document["seq"] > self._shelf.last:
                    self._shelf.put(document)

    # ---- reading
    def article(self, article_id: str) -> Article | None:
        """See ``Store.article``."""
        self._refresh()
        return self._shelf.article(article_id)

    def quote(self, quote_id: str) -> Quote | None:
        """See ``Store.quote``."""
        self._refresh()
        return self._shelf.quote(quote_id)

    def quotes(self, article_id: str) -> tuple[Quote, ...]:
        """See ``Store.quotes``."""
        self._refresh()
        return self._shelf.quotes(article_id)

    def versions(self, article_id: str) -> tuple[Article, ...]:
        """See ``Store.versions``."""
        rows = self._write(
            lambda connection: connection.execute(
                "SELECT document FROM versions WHERE article_id = %s ORDER BY number", (article_id,)
            ).fetchall()
        )
        return tuple(article_of(upgrade(document)) for (document,) in rows)

    def changes(self, after: int = 0) -> Iterator[Change]:
        """See ``Store.changes``."""
        self._refresh()
        with self._held:
            return iter(list(self._shelf.changes(after)))

    def preferences(self, user: int) -> Mapping[str, str]:
        """See ``Store.preferences``; StoreError while the server is away."""
        if time.monotonic() < self._retry_at or not self._asking.acquire(timeout=_READ):
            raise StoreError(f"{_shown(self._url)}: the server is away")
        try:
            if self._reader is None or self._reader.closed:
                self._reader = self._connect(_READ)
            row = self._reader.execute("SELECT preferences FROM users WHERE id = %s", (user,)).fetchone()
        except psycopg.Error as error:
            if self._reader is not None:
                self._reader.close()
            self._stale.set()
            raise StoreError(f"{_shown(self._url)}: {_reason(error)}") from None
        finally:
            self._asking.release()
        return {key: str(value) for key, value in row[0].items()} if row else {}

    def prefer(self, user: int, preferences: Mapping[str, str]) -> None:
        """See ``Store.prefer``."""

        def work(connection: Connection) -> None:
            if preferences:
                connection.execute(
                    "INSERT INTO users (id, preferences) VALUES (%s, %s)"
                    " ON CONFLICT (id) DO UPDATE SET preferences = excluded.preferences",
                    (user, Json(dict(preferences))),
                )
            else:
                connection.execute("DELETE FROM users WHERE id = %s", (user,))

        self._write(work)

    def backup(self, path: Path) -> None:
        """See ``Store.backup``; read in one transaction."""

        def work(connection: Connection) -> dict[str, dict[str, dict[str, Any]]]:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            articles = connection.execute("SELECT document, seq FROM articles ORDER BY seq").fetchall()
            versions = connection.execute("SELECT article_id, document FROM versions ORDER BY number").fetchall()
            users = connection.execute("SELECT id, preferences FROM users ORDER BY id").fetchall()
            return {
                "articles": {str(n): document | {"seq": seq} for n, (document, seq) in enumerate(articles, 1)},
                "versions": {str(n): document | {"article_id": key} for n, (key, document) in enumerate(versions, 1)},
                "users": {str(user): dict(chosen) for user, chosen in users},
            }

        write_backup(path, self._write(work))

    def close(self) -> None:
        """Close both connections."""
        self._closing.set()
        if self._listening is not None:
            self._listener.join(timeout=3.0)
        with self._lock:
            self._connection.close()
        if self._reader is not None:
            self._reader.close()


def _migrate(connection: Connection) -> str:
    """Bring the tables up to what this version knows; returns the store's identity."""
    parts = re.split(
        r"^-- migration (\d+):.*$", (files("storage") / "schema.sql").read_text("utf-8"), flags=re.MULTILINE
    )
    migrations = {int(number): body for number, body in zip(parts[1::2], parts[2::2], strict=True)}
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        known = connection.execute("SELECT to_regclass('verbatim')").fetchone()
        row = connection.execute("SELECT version FROM verbatim").fetchone() if known and known[0] else None
        version = int(row[0]) if row else 0
        if version > max(migrations):
            raise StoreError(
                f"the PostgreSQL store is of version {version}, made by a newer Verbatim; this one knows {max(migrations)}. "
                "Update it"
            )
        for number in sorted(number for number in migrations if number > version):
            connection.execute(migrations[number].encode())
            if number == 1:
                connection.execute(
                    "INSERT INTO verbatim (version, identity, last_seq) VALUES (1, %s, 0)", (uuid.uuid4().hex,)
                )
            connection.execute("UPDATE verbatim SET version = %s", (number,))
        found = connection.execute("SELECT identity FROM verbatim").fetchone()
    return str(found[0]) if found else ""


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        parts = urlsplit(url)
        return f"postgresql://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
    except ValueError:
        return "postgresql://…"


def _reason(error: Exception) -> str:
    """The first line of what the server or the driver said."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
