"""The embedded store: a crash-safe TinyDB, one document an article with its quotes inside, one write a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from tinydb.table import Document

from bot.domain.documents import FORMAT, article_of, pack, upgrade
from bot.domain.errors import StoreError
from bot.domain.model import Article, Change, Quote
from storage.backup import write_backup
from storage.plain import META
from storage.shelf import Shelf
from storage.tables import DurableTable, DurableTinyDB


class TinyStore:
    """The ``Store`` port over TinyDB; several processes may use one file."""

    remote = False
    """See ``Store.remote``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = DurableTinyDB(path)
        self._articles = cast(DurableTable, self._db.table("articles"))
        self._versions = cast(DurableTable, self._db.table("versions"))
        self._users = cast(DurableTable, self._db.table("users"))
        self._shelf = Shelf()
        self._doc: dict[str, int] = {}
        try:
            self._refill()
            self._upgrade()
        except BaseException:
            self._db.storage.close()
            raise
        self._db.storage.listeners.append(self._told)

    @property
    def identity(self) -> str:
        """See ``Store.identity``."""
        return str(self._db.storage.tables[META]["1"]["identity"])

    # ---- keeping the shelf like the file
    def _refill(self) -> None:
        rows = self._db.storage.tables.get("articles", {})
        for key, document in rows.items():
            found = document.get("format", 0)
            if found > FORMAT:
                raise StoreError(
                    f"{self._path}: written in format {found} by a newer Verbatim; this one reads {FORMAT}. Update it"
                )
            if "id" not in document or "seq" not in document:
                raise StoreError(f"{self._path}: article {key} lacks its id or number; try `verbatim doctor`")
        self._doc = {document["id"]: int(key) for key, document in rows.items()}
        self._shelf.refill(rows.values())

    def _upgrade(self) -> None:
        """Write documents of an older format again in the current one."""
        old = [key for key, row in self._db.storage.tables.get("articles", {}).items() if row["format"] < FORMAT]
        if old:
            with self._db.storage.locked():
                rows = self._db.storage.tables["articles"]
                self._db.storage.commit("articles", {key: upgrade(rows[key]) for key in old}, ())
            self._refill()

    def _told(self, change: Mapping[str, Any] | None, _: bool) -> None:
        if change is None or "articles" in change.get("drop", ()) or change.get("delete", {}).get("articles"):
            self._refill()
            return
        for key, document in change.get("set", {}).get("articles", {}).items():
            self._doc[document["id"]] = int(key)
            self._shelf.put(document)

    # ---- writing
    def add(self, article: Article, quotes: Iterable[Quote]) -> bool:
        """See ``Store.add``."""
        return self.add_many([(article, quotes)]) == 1

    def add_many(self, items: Iterable[tuple[Article, Iterable[Quote]]]) -> int:
        """See ``Store.add_many``."""
        count = 0
        with self._db.storage.batch():
            for article, found in items:
                quotes = tuple(found)
                if not self._shelf.holds(article, quotes):
                    self._keep_version(article)
                    self._put(article.id, pack(article, quotes))
                    count += 1
        return count

    def remove(self, article_id: str) -> bool:
        """See ``Store.remove``."""
        with self._db.storage.batch():
            if self._shelf.document(article_id) is None:
                return False
            self._put(article_id, {"format": FORMAT, "id": article_id})  # so that followers learn of it
            self._versions.remove(doc_ids=[key for key, _ in self._version_rows(article_id)])
        return True

    def _put(self, article_id: str, document: dict[str, Any]) -> None:
        document["seq"] = self._shelf.last + 1
        doc_id = self._doc.get(article_id)
        if doc_id is None:
            self._articles.insert(document)
        else:
            self._db.storage.commit("articles", {str(doc_id): document}, ())

    def _keep_version(self, article: Article) -> None:
        old = self._shelf.document(article.id)
        if old and old["sha256"] != article.sha256:
            self._versions.insert({**old, "article_id": article.id})

    # ---- reading
    def article(self, article_id: str) -> Article | None:
        """See ``Store.article``."""
        self._db.storage.catch_up()
        return self._shelf.article(article_id)

    def quote(self, quote_id: str) -> Quote | None:
        """See ``Store.quote``."""
        self._db.storage.catch_up()
        return self._shelf.quote(quote_id)

    def quotes(self, article_id: str) -> tuple[Quote, ...]:
        """See ``Store.quotes``."""
        self._db.storage.catch_up()
        return self._shelf.quotes(article_id)

    def versions(self, article_id: str) -> tuple[Article, ...]:
        """See ``Store.versions``."""
        self._db.storage.catch_up()
        return tuple(article_of(upgrade(row)) for _, row in self._version_rows(article_id))

    def _version_rows(self, article_id: str) -> list[tuple[int, Mapping[str, Any]]]:
        rows = self._db.storage.tables.get("versions", {})
        return [(int(key), row) for key, row in rows.items() if row["article_id"] == article_id]

    def changes(self, after: int = 0) -> Iterator[Change]:
        """See ``Store.changes``."""
        self._db.storage.catch_up()
        return self._shelf.changes(after)

    def preferences(self, user: int) -> Mapping[str, str]:
        """See ``Store.preferences``."""
        found = self._users.peek(user)
        return {key: str(value) for key, value in found.items()} if found else {}

    def prefer(self, user: int, preferences: Mapping[str, str]) -> None:
        """See ``Store.prefer``."""
        if dict(self.preferences(user)) == dict(preferences):
            return
        with self._db.storage.batch():
            self._users.remove(doc_ids=[user])
            if preferences:
                self._users.insert(Document(dict(preferences), doc_id=user))

    def backup(self, path: Path) -> None:
        """See ``Store.backup``."""
        with self._db.storage.locked():
            tables = {name: dict(table) for name, table in self._db.storage.tables.items() if name != META}
        write_backup(path, tables)  # what is in them is never changed in place

    def close(self) -> None:
        """Close the files."""
        self._db.close()
