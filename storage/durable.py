"""TinyDB made crash-safe: a journal of checksummed lines beside the JSON file, one line a write.

A write is acknowledged once its line is on the disk (fdatasync). Two processes may write: a file lock orders them,
and each replays the lines of the other. ``compact`` folds the journal into the plain TinyDB file, which any TinyDB
opens. A Storage alone could not do it: TinyDB's Table hands over the whole database at each write, and has changed it
in place by then; ``DurableTable`` records what a write changes.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any
from zlib import crc32

from filelock import FileLock, Timeout
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from bot.domain.errors import StoreError
from storage.journal import Damage, encode, scan

Doc = dict[str, Any]
Tables = dict[str, dict[str, Doc]]

META = "_verbatim"
"""The table of one document that says the file's version, generation and identity."""
FORMAT = 1
"""The version of the pair of files."""
PATIENCE = 30.0
"""Seconds to wait for another process's write."""
SMALL = 4 << 20
"""Bytes of base and journal up to which closing folds the journal in."""


class DurableStorage(Storage):
    """The two files; ``tables`` is what they say, held in memory."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self.path = Path(path)
        self.journal = self.path.with_name(self.path.name + ".journal")
        self.tables: Tables = {}
        self.listeners: list[Callable[[Mapping[str, Any] | None, bool], None]] = []
        self._handle = -1
        self._start = self._end = 0
        self._seen = (0, 0)
        self._threads = threading.RLock()
        self._pending: list[Mapping[str, Any]] | None = None
        self._undo: list[tuple[str, str, Doc | None]] = []
        self._depth = 0
        with _named(self.path, "cannot be used"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file_lock = FileLock(self.path.with_name(self.path.name + ".lock"), timeout=patience)
        with self.locked():
            self._load()

    # ---- what TinyDB calls
    def read(self) -> Tables | None:
        """The tables as they stand, other processes' writes included; not to be changed by the caller."""
        self.catch_up()
        return {name: table for name, table in self.tables.items() if name != META} or None

    def write(self, data: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """Make the database equal to ``data`` (dropping tables comes here; other writes go by ``commit``)."""
        with self.locked():
            dropped = [name for name in self.tables if name not in data and name != META]
            changed = {
                name: {key: dict(doc) for key, doc in table.items() if self.tables.get(name, {}).get(key) is not doc}
                for name, table in data.items()
            }
            gone = {
                name: [key for key in self.tables.get(name, {}) if key not in table] for name, table in data.items()
            }
            self._record({"drop": dropped, "delete": gone, "set": changed})

    def close(self) -> None:
        """Release the files; a small journal, or one that has grown large, is folded in first."""
        with self._threads:
            if self._handle < 0:
                return
            base = self.path.stat().st_size if self.path.exists() else 0
            if self._end > self._start and (base + self._end < SMALL or self._end > base // 4):
                with contextlib.suppress(StoreError):  # the journal holds everything
                    self.compact()
            os.close(self._handle)
            self._handle = -1

    # ---- writing
    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among threads and processes, and up to date; may be nested."""
        with self._threads:
            if self._depth:
                yield
                return
            try:
                with _named(self.path, "cannot be locked"):
                    self._file_lock.acquire()
            except Timeout as error:
                raise StoreError(
                    f"{self.path}: another process has held its lock for {self._file_lock.timeout:.0f} seconds; "
                    "stop it, or use PostgreSQL for many writers"
                ) from error
            self._depth += 1
            try:
                if self._handle >= 0:
                    self.catch_up()
                yield
            finally:
                self._depth -= 1
                self._file_lock.release()

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """What is written inside becomes one line: all of it is kept, or nothing."""
        with self.locked():
            if self._pending is not None:
                yield
                return
            self._pending, self._undo = [], []
            try:
                yield
                changes, self._pending = self._pending, None
                if changes:
                    self._append(_joined(changes))
            except BaseException:
                self._pending = None
                self._revert()
                raise

    def commit(self, table: str, changed: Mapping[str, Doc], gone: Iterable[str]) -> None:
        """Record what a write changed in one table."""
        self._record({"delete": {table: list(gone)}, "set": {table: changed}})

    def _record(self, change: Mapping[str, Any]) -> None:
        """Make one change durable, then visible; in a batch, visible now and durable at its end."""
        if self._pending is not None:
            content = json.loads(_dump(change))
            self._remember(content)
            self._apply(content)
            self._pending.append(content)
        else:
            with self.locked():
                self._append(change)

    def _append(self, change: Mapping[str, Any]) -> None:
        content = _dump(change)
        line = encode(content)
        try:
            if os.lseek(self._handle, 0, os.SEEK_END) != self._end:
                os.ftruncate(self._handle, self._end)  # a writer was killed in the middle of its line
                os.lseek(self._handle, self._end, os.SEEK_SET)
            _write_all(self._handle, line)
            _sync(self._handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, self._end)
            raise StoreError(
                f"{self.journal}: could not be written ({error.strerror}); nothing was stored, what was there is intact"
            ) from error
        self._end += len(line)
        self._seen = (self._seen[0], self._end)
        self._apply(json.loads(content))
        if self._end > SMALL + self.path.stat().st_size:
            self.compact()

    def _apply(self, change: Mapping[str, Any] | None, foreign: bool = False) -> None:
        """Bring memory up and tell the listeners; None: everything was read anew."""
        if change is not None:
            for name in change.get("drop", ()):
                self.tables.pop(name, None)
            for name, keys in change.get("delete", {}).items():
                table = self.tables.setdefault(name, {})
                for key in keys:
                    table.pop(key, None)
            for name, docs in change.get("set", {}).items():
                self.tables.setdefault(name, {}).update(docs)
        for listener in self.listeners:
            listener(change, foreign)

    def _remember(self, change: Mapping[str, Any]) -> None:
        for name in change.get("drop", ()):
            self._undo += [(name, key, doc) for key, doc in self.tables.get(name, {}).items()]
        for part in ("delete", "set"):
            for name, keys in change.get(part, {}).items():
                self._undo += [(name, key, self.tables.get(name, {}).get(key)) for key in keys]

    def _revert(self) -> None:
        for name, key, doc in reversed(self._undo):
            self._apply({"delete": {name: [key]}} if doc is None else {"set": {name: {key: doc}}})
        self._undo = []

    def compact(self) -> None:
        """Fold the journal into the JSON file, by a new file of each that replaces the old in one step."""
        with self.locked():
            meta = dict(self.tables[META]["1"])
            meta["generation"] += 1
            tables = {META: {"1": meta}} | {name: table for name, table in self.tables.items() if name != META}
            data = dump_tables(tables)
            try:
                replace_file(self.path, data)
                self.tables = tables
                self._start_journal(data)
            except OSError as error:
                raise StoreError(
                    f"{self.path}: could not be compacted ({error.strerror}); everything is in the old files"
                ) from error

    # ---- reading
    def catch_up(self) -> None:
        """Replay what other processes have written since."""
        if self._journal_state() == self._seen:
            return
        with self._threads:
            inode, size = self._journal_state()
            if inode != self._seen[0] or size < self._end:
                with self.locked_quietly():
                    self._load()
                self._apply(None, foreign=True)
            elif size > self._end:
                self._replay()
                self._seen = (inode, size)

    def _journal_state(self) -> tuple[int, int]:
        try:
            found = self.journal.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_size

    @contextlib.contextmanager
    def locked_quietly(self) -> Iterator[None]:
        """Alone, without catching up first."""
        if self._depth:
            yield
            return
        self._file_lock.acquire()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            self._file_lock.release()

    def _replay(self) -> None:
        """Apply the journal's lines from ``_end`` on."""
        size = os.fstat(self._handle).st_size
        data = os.pread(self._handle, size - self._end, self._end)
        try:
            for end, content in scan(data, self._end):
                self._apply(json.loads(content), foreign=True)
                self._end = end
        except Damage as damage:
            raise self._damaged(damage) from None

    def _damaged(self, damage: Damage) -> StoreError:
        return StoreError(
            f"{self.journal}: damaged at byte {damage.offset}: {damage.reason}; nothing was changed. "
            f"`verbatim doctor --repair` writes what can be saved to a new file"
        )

    def _load(self) -> None:
        """Read both files; make them where there are none."""
        with _named(self.path, "cannot be read"):
            data = self.path.read_bytes() if self.path.exists() else b""
        tables = parse_tables(self.path, data)
        header = self._open_journal()
        if META not in tables:
            _own(self.path, tables)
        meta = tables.get(META, {}).get("1") or {"format": FORMAT, "generation": 0, "identity": uuid.uuid4().hex}
        if meta["format"] > FORMAT:
            raise StoreError(
                f"{self.path}: written in format {meta['format']} by a newer Verbatim; this one reads {FORMAT}. Update it"
            )
        self.tables = {META: {"1": meta}} | {name: table for name, table in tables.items() if name != META}
        if header is not None and header["base"] == [len(data), crc32(data)]:
            self._replay()
            self._seen = self._journal_state()
            return
        folded = (
            header is None or header["generation"] < meta["generation"]
        )  # a compaction was cut off between its files
        if not folded and os.fstat(self._handle).st_size > self._end:
            raise StoreError(
                f"{self.path}: is missing, was changed by another program, or damaged, while {self.journal.name} holds "
                "writes; nothing was changed. `verbatim doctor --repair` writes what can be saved to a new file"
            )
        with _named(self.path, "could not be written"):
            if META not in tables:
                data = dump_tables(self.tables)
                replace_file(self.path, data)
            self._start_journal(data)

    def _open_journal(self) -> dict[str, Any] | None:
        """Open it and read its first line; None when there is none or it was never finished."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        self._end = 0
        try:
            self._handle = os.open(self.journal, os.O_RDWR)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self.journal}: cannot be used ({error.strerror})") from error
        data = os.pread(self._handle, 4096, 0)
        try:
            self._end, content = next(scan(data), (0, b""))
            self._start = self._end
        except Damage as damage:
            raise self._damaged(damage) from None
        if not content:
            if len(data) >= 200:
                raise self._damaged(Damage(0, "it does not begin with its header"))
            return None
        header: dict[str, Any] = json.loads(content)
        if header.get("journal", 0) > FORMAT:
            raise StoreError(
                f"{self.journal}: written in format {header['journal']} by a newer Verbatim; update this one"
            )
        return header

    def _start_journal(self, base: bytes) -> None:
        """A new journal that says which JSON file it continues."""
        content = {
            "journal": FORMAT,
            "generation": self.tables[META]["1"]["generation"],
            "base": [len(base), crc32(base)],
        }
        replace_file(self.journal, encode(_dump(content)))
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = os.open(self.journal, os.O_RDWR)
        self._seen = self._journal_state()
        self._start = self._end = self._seen[1]


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


class DurableTinyDB(TinyDB):
    """A TinyDB over ``DurableStorage``: its queries, tables and readable file, without its faults."""

    table_class: type[Table] = DurableTable
    storage: DurableStorage

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        super().__init__(path, patience, storage=DurableStorage)


def parse_tables(path: Path, data: bytes) -> Tables:
    """The tables in a TinyDB file's bytes; StoreError names the place where they are none."""
    if not data or data.isspace():
        return {}
    collecting = gc.isenabled()
    gc.disable()  # nothing that is made here can be let go of; looking for it takes half the time
    try:
        tables = json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise StoreError(
            f"{path}: is no TinyDB file, or was cut off or damaged ({error}); nothing was changed. "
            "`verbatim doctor --repair` writes what can be saved to a new file"
        ) from error
    finally:
        if collecting:
            gc.enable()
    if not isinstance(tables, dict) or not all(
        isinstance(table, dict) and all(isinstance(doc, dict) and key.isdecimal() for key, doc in table.items())
        for table in tables.values()
    ):
        raise StoreError(f"{path}: is no TinyDB file (its JSON is not tables of documents); nothing was changed")
    return tables


def _own(path: Path, tables: Tables) -> None:
    """StoreError when a file without our mark holds documents that are not ours."""
    for name, table in tables.items():
        if name != "users" and any("format" not in doc for doc in table.values()):
            raise StoreError(f"{path}: is a TinyDB file of another program (table '{name}'); nothing was changed")


def dump_tables(tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> bytes:
    """A TinyDB file, one document a line."""
    parts = []
    for name, table in tables.items():
        rows = b",\n".join(b'"%s": %s' % (key.encode(), _dump(doc)) for key, doc in table.items())
        parts.append(b"%s: {\n%s\n}" % (_dump(name), rows))
    return b"{" + b",\n".join(parts) + b"}\n"


def replace_file(path: Path, data: bytes) -> None:
    """Put a whole new file in the place of another: written beside it, synced, renamed, the folder synced."""
    made = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        made.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            made.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _joined(changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Several changes as one; the last word on each document holds."""
    drop: list[str] = []
    state: dict[tuple[str, str], Doc | None] = {}
    for change in changes:
        for name in change.get("drop", ()):
            drop.append(name)
            state = {key: doc for key, doc in state.items() if key[0] != name}
        for name, keys in change.get("delete", {}).items():
            state.update(((name, key), None) for key in keys)
        for name, docs in change.get("set", {}).items():
            state.update(((name, key), doc) for key, doc in docs.items())
    joined: dict[str, Any] = {"drop": drop, "delete": {}, "set": {}}
    for (name, key), doc in state.items():
        if doc is None:
            joined["delete"].setdefault(name, []).append(key)
        else:
            joined["set"].setdefault(name, {})[key] = doc
    return joined


def _dump(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


_sync = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


@contextlib.contextmanager
def _named(path: Path, what: str) -> Iterator[None]:
    """Turn an operating system's error into one that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: {what} ({error.strerror}); choose another place with VERBATIM_STORE=tinydb:PATH"
        ) from error
