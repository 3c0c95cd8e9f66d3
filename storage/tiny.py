"""The embedded store: a crash-safe TinyDB, one document an article with its quotes inside, one
write a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from tinydb import where

from bot.domain.documents import FORMAT, upgrade
from bot.domain.errors import StoreError
from storage.backup import as_record, number_of
from storage.durable import DurableStorage
from storage.held import HeldStorage
from storage.plain import META, Change, Tables
from storage.shelf import Shelf
from storage.store import BackedStore, Batch, Document, Result
from storage.tables import HeldTinyDB


class TinyBacking:
    """A TinyDB, in memory or in a file with its journal, which several processes may use."""

    def __init__(self, storage: HeldStorage, name: str = "memory:") -> None:
        self._name, self._storage = name, storage
        self.db = HeldTinyDB(storage)
        self._shelf = Shelf()
        self._keys: dict[str, str] = {}  # of the articles
        self._tops: dict[str, int] = {}  # the highest key of each table
        try:
            self._refill()
            self._upgrade()
        except BaseException:
            self._storage.close()
            raise
        self._storage.told = self._told

    @property
    def identity(self) -> str:
        return str(self._storage.tables[META]["1"]["identity"])

    # ---- keeping the shelf like the file
    def _refill(self) -> None:
        rows = self._storage.tables.get("articles", {})
        for key, document in rows.items():
            found = document.get("format", 0)
            if found > FORMAT:
                raise StoreError(
                    f"{self._name}: written in format {found} by a newer Verbatim; this one reads "
                    f"{FORMAT}. Update it"
                )
            if "id" not in document or "seq" not in document:
                raise StoreError(
                    f"{self._name}: article {key} lacks its id or number; try `verbatim doctor`"
                )
        self._keys = {document["id"]: key for key, document in rows.items()}
        self._tops = {
            name: max(map(int, table), default=0) for name, table in self._storage.tables.items()
        }
        self._shelf.refill(rows.values())

    def _upgrade(self) -> None:
        """Write documents of an older format again in the current one."""
        with self._storage.locked():
            rows = self._storage.tables.get("articles", {})
            old = {key: upgrade(row) for key, row in rows.items() if row.get("format", 0) < FORMAT}
            if old:
                self._storage.commit({"set": {"articles": old}})
                self._refill()

    def _told(self, change: Change | None) -> None:
        if (
            change is None
            or "articles" in change.get("drop", ())
            or change.get("delete", {}).get("articles")
        ):
            self._refill()
            return
        for name, rows in change.get("set", {}).items():
            self._tops[name] = max((self._tops.get(name, 0), *map(int, rows)))
        for key, document in change.get("set", {}).get("articles", {}).items():
            self._keys[document["id"]] = key
            self._shelf.put(document)

    # ---- writing
    def write(self, work: Callable[[Batch], Result]) -> Result:
        with self._storage.locked():
            batch = _TinyBatch(self._storage.tables, self._shelf, self._keys, dict(self._tops))
            done = work(batch)
            if batch.changed:
                self._storage.commit({"delete": batch.gone, "set": batch.kept})
            return done

    def keep(self, kind: str, key: str, document: Document | None) -> None:
        number = number_of(key)
        with self._storage.locked():
            made = None if document is None else as_record(key, document)
            if self._storage.tables.get(kind, {}).get(number) != made:
                gone, kept = ([number], {}) if made is None else ([], {number: made})
                self._storage.commit({"delete": {kind: gone}, "set": {kind: kept}})

    # ---- reading
    def document(self, article_id: str) -> Document | None:
        self._storage.catch_up()
        return self._shelf.document(article_id)

    def holder(self, quote_id: str) -> Document | None:
        self._storage.catch_up()
        return self._shelf.holder(quote_id)

    def changes(self, after: int) -> Iterator[Document]:
        self._storage.catch_up()
        return self._shelf.changes(after)

    def versions(self, article_id: str) -> Iterable[Document]:
        return self.db.table("versions").search(where("article_id") == article_id)

    def records(self, kind: str, key: str | None) -> Mapping[str, Document]:
        self._storage.catch_up()
        rows = dict(
            self._storage.tables.get(kind, {})
        )  # as they are now: another thread may change them
        chosen = (
            rows
            if key is None
            else {number: rows[number] for number in (number_of(key),) if number in rows}
        )
        return {
            str(row.get("_key", number)): deepcopy(
                {name: value for name, value in row.items() if name != "_key"}
            )
            for number, row in chosen.items()
        }

    def tables(self) -> Mapping[str, Mapping[str, Document]]:
        with self._storage.locked():  # what is in the tables is never changed in place
            return {
                name: dict(table) for name, table in self._storage.tables.items() if name != META
            }

    def close(self) -> None:
        self.db.close()


class _TinyBatch:
    """What one write changes: documents by table and key."""

    def __init__(
        self, tables: Tables, shelf: Shelf, keys: Mapping[str, str], tops: dict[str, int]
    ) -> None:
        self._tables, self._shelf, self._keys, self._tops = tables, shelf, keys, tops
        self._new: dict[str, str] = {}
        self._last = shelf.last
        self.kept: dict[str, dict[str, Any]] = {}
        self.gone: dict[str, list[str]] = {}

    @property
    def changed(self) -> bool:
        """Is there anything to write?"""
        return bool(self.kept or self.gone)

    def document(self, article_id: str) -> Document | None:
        key = self._new.get(article_id)
        return self.kept["articles"][key] if key else self._shelf.document(article_id)

    def put(self, document: dict[str, Any]) -> None:
        self._last += 1
        held = self._keys.get(document["id"]) or self._new.get(document["id"])
        self._new[document["id"]] = self._set("articles", document | {"seq": self._last}, held)

    def put_version(self, document: Document) -> None:
        self._set("versions", {**document, "article_id": document["id"]})

    def drop_versions(self, article_id: str) -> None:
        rows = self._tables.get("versions", {})
        self.gone["versions"] = [
            key for key, row in rows.items() if row["article_id"] == article_id
        ]

    def _set(self, table: str, document: dict[str, Any], key: str | None = None) -> str:
        """Under its own key, or the next free one."""
        if key is None:
            self._tops[table] = self._tops.get(table, 0) + 1
            key = str(self._tops[table])
        self.kept.setdefault(table, {})[key] = document
        return key


class TinyStore(BackedStore):
    """The ``Store`` port over TinyDB."""

    backing: TinyBacking

    def __init__(self, path: Path) -> None:
        super().__init__(TinyBacking(DurableStorage(path), str(path)))
