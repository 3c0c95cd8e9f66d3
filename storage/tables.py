"""TinyDB's tables over ``DurableStorage``: its queries and documents, each write recorded as what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from storage.durable import PATIENCE, DurableStorage
from storage.plain import Doc


class DurableTable(Table):
    """TinyDB's table, its writes recorded as what they change."""

    def __init__(self, storage: Storage, name: str, **options: Any) -> None:
        if not isinstance(storage, DurableStorage):
            raise TypeError("a DurableTable needs a DurableStorage")
        self._durable = storage
        super().__init__(storage, name, **options)
        storage.listeners.append(self._told)

    def _read_table(self) -> Any:
        self._durable.catch_up()
        return _View(self._durable.tables.get(self._name, {}))

    def peek(self, doc_id: int) -> Mapping[str, Any] | None:
        """The stored document itself, not a copy: only to be read."""
        self._durable.catch_up()
        return self._durable.tables.get(self._name, {}).get(str(doc_id))

    def insert(self, document: Mapping[str, Any]) -> int:
        """As TinyDB's, the new id being free among all processes."""
        with self._durable.locked():
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """As TinyDB's, in one line of the journal."""
        with self._durable.locked():
            return super().insert_multiple(documents)

    def _told(self, _: Mapping[str, Any] | None, foreign: bool) -> None:
        self.clear_cache()
        if foreign:
            self._next_id = None  # another process may have used it

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._durable.locked():
            draft = _Draft(self._durable.tables.get(self._name, {}))
            updater(draft)  # type: ignore[arg-type]
            changed, gone = draft.changes()
            if changed or gone:
                self._durable.commit(self._name, changed, gone)


class _View(Mapping[str, Doc]):
    """A table's documents as copies: changing one changes nothing stored."""

    def __init__(self, base: Mapping[str, Doc]) -> None:
        self._base = base

    def __getitem__(self, key: str) -> Doc:
        found: Doc = _copied(self._base[key])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._base))

    def __len__(self) -> int:
        return len(self._base)


class _Draft(MutableMapping[int, Doc]):
    """What a write sees of a table: documents are copied when they are touched, so that what changed is known."""

    def __init__(self, base: Mapping[str, Doc]) -> None:
        self._base = base
        self._touched: dict[int, Doc] = {}
        self._gone: dict[int, None] = {}

    def __getitem__(self, key: int) -> Doc:
        if key in self._touched:
            return self._touched[key]
        if key in self._gone:
            raise KeyError(key)
        found: Doc = _copied(self._base[str(key)])
        self._touched[key] = found
        return found

    def __setitem__(self, key: int, value: Doc) -> None:
        self._gone.pop(key, None)
        self._touched[key] = value

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self._touched.pop(key, None)
        if str(key) in self._base:
            self._gone[key] = None

    def __contains__(self, key: object) -> bool:
        return key in self._touched or (key not in self._gone and str(key) in self._base)

    def __iter__(self) -> Iterator[int]:
        yield from (int(key) for key in self._base if int(key) not in self._gone)
        yield from (key for key in self._touched if str(key) not in self._base)

    def __len__(self) -> int:
        return len(self._base) - len(self._gone) + sum(str(key) not in self._base for key in self._touched)

    def changes(self) -> tuple[dict[str, Doc], list[str]]:
        """(documents that are new or differ, ids that are gone)."""
        changed = {str(key): doc for key, doc in self._touched.items() if self._base.get(str(key)) != doc}
        return changed, [str(key) for key in self._gone]


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


class DurableTinyDB(TinyDB):
    """A TinyDB over ``DurableStorage``: its queries, tables and readable file, without its faults."""

    table_class: type[Table] = DurableTable
    storage: DurableStorage

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        super().__init__(path, patience, storage=DurableStorage)
