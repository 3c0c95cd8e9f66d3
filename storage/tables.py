"""TinyDB's tables over held and durable storages, for queries and for programs that know TinyDB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.table import Table

from storage.durable import PATIENCE, DurableStorage
from storage.held import HeldStorage
from storage.plain import Doc


class DurableTable(Table):
    """TinyDB's table among processes: nothing is remembered that another may change, and only
    changes are written.
    """

    _storage: HeldStorage
    _seen = 0

    def __init__(self, storage: HeldStorage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)

    def insert(self, document: Mapping[str, Any]) -> int:
        """As TinyDB's, the new id being free among all processes."""
        with self._storage.locked():
            self._forget()
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """As TinyDB's, in one line of the journal."""
        with self._storage.locked():
            self._forget()
            return super().insert_multiple(documents)

    def _forget(self) -> None:
        if self._seen != self._storage.foreign:
            self._seen, self._next_id = (
                self._storage.foreign,
                None,
            )  # another process may have used it

    def _read_table(self) -> Any:
        return _Copies((self._storage.read() or {}).get(self._name, {}))

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._storage.locked():
            held = self._storage.tables.get(self._name, {})
            table: dict[int, Mapping[str, Any]] = {
                int(key): deepcopy(doc) for key, doc in held.items()
            }
            updater(table)
            gone = [key for key in held if int(key) not in table]
            changed = {
                str(key): dict(doc) for key, doc in table.items() if held.get(str(key)) != doc
            }
            if gone or changed:
                self._storage.commit({"delete": {self._name: gone}, "set": {self._name: changed}})


class _Copies(Mapping[str, Doc]):
    """A table's documents as copies: changing one changes nothing stored."""

    def __init__(self, held: Mapping[str, Doc]) -> None:
        self._held = dict(held)  # as it is now: another thread may change it

    def __getitem__(self, key: str) -> Doc:
        return deepcopy(self._held[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


class HeldTinyDB(TinyDB):
    """A TinyDB over a storage that exists already."""

    table_class: type[Table] = DurableTable
    storage: HeldStorage

    def __init__(self, storage: HeldStorage) -> None:
        super().__init__(storage=lambda: storage)


class DurableTinyDB(HeldTinyDB):
    """A TinyDB over ``DurableStorage``: its queries, tables and readable file, without its
    faults.
    """

    storage: DurableStorage

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        super().__init__(DurableStorage(path, patience))
