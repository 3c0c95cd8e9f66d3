"""TinyDB made crash-safe: a journal of checksummed lines beside the JSON file, one line a write.

A write is acknowledged once its line is on the disk (fdatasync). Two processes may write: a file
lock orders them, and each replays the lines of the other. ``compact`` folds the journal into the
plain TinyDB file, which any TinyDB opens.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.domain.errors import StoreError
from storage.held import HeldStorage
from storage.journal import Damage, encode, scan
from storage.lines import read_tables
from storage.packed import dump
from storage.plain import (
    FORMAT,
    META,
    Base,
    Change,
    dump_change,
    dump_tables,
    hold_change,
    own,
    replace_file,
    verify,
    write_all,
)

PATIENCE = 30.0
"""Seconds to wait for another process's write."""
SMALL = 4 << 20
"""Bytes of base and journal up to which closing folds the journal in."""


class DurableStorage(HeldStorage):
    """The two files; ``tables`` is what they say."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self.path = Path(path).resolve()  # a link's folder would get a journal of its own
        self.journal = self.path.with_name(self.path.name + ".journal")
        self._written = self.path.with_name(self.path.name + ".written")
        super().__init__()
        self._handle, self._closed = -1, False
        self._start = self._end = 0
        self._seen = (0, 0)
        self._depth = 0
        with _named(self.path, "cannot be used"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file_lock = FileLock(
                self.path.with_name(self.path.name + ".lock"), timeout=patience, mode=0o600
            )
        with self.locked():
            pass  # whoever has the lock is up to date

    def close(self) -> None:
        """Release the files; a small journal, or one that has grown large, is folded in first."""
        with self._threads:
            if self._handle < 0:
                return
            base = self.path.stat().st_size if self.path.exists() else 0
            if self._end > self._start and (base + self._end < SMALL or self._end > base // 4):
                with contextlib.suppress(StoreError):  # the journal holds everything
                    self.compact()
            elif self._end > self._start:
                self._mark(self._end)
            if self._end == self._start:
                self._written.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle, self._closed = -1, True

    # ---- writing
    @contextlib.contextmanager
    def locked(self, first: bool = True) -> Iterator[None]:
        """Alone among threads and processes, and (``first``) up to date; may be nested."""
        with self._threads:
            if self._depth:
                yield
                return
            self._acquire()
            self._depth += 1
            try:
                if first:
                    self.catch_up()
                yield
            finally:
                self._depth -= 1
                self._file_lock.release()

    def _acquire(self) -> None:
        try:
            with _named(self.path, "cannot be locked"):
                self._file_lock.acquire()
        except Timeout as error:
            raise StoreError(
                f"{self.path}: another process has held its lock for {self._file_lock.timeout:.0f} "
                "seconds; "
                "stop it, or use PostgreSQL for many writers"
            ) from error

    def commit(self, change: Change) -> None:
        """As ``HeldStorage``'s, kept once its line is on the disk."""
        with self.locked():
            self._append(change)

    def _append(self, change: Change) -> None:
        change = hold_change(change)
        line = encode(dump_change(change))
        try:
            if os.lseek(self._handle, 0, os.SEEK_END) != self._end:
                os.ftruncate(
                    self._handle, self._end
                )  # a writer was killed in the middle of its line
                os.lseek(self._handle, self._end, os.SEEK_SET)
            write_all(self._handle, line)
            _sync(self._handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, self._end)
            raise StoreError(
                f"{self.journal}: could not be written ({error.strerror}); nothing was stored, "
                "what was there is intact"
            ) from error
        if self._end == self._start:
            self._mark()
        self._end += len(line)
        self._seen = (self._seen[0], self._end)
        self._apply(change)
        if self._end > SMALL + self.path.stat().st_size:
            self.compact()

    def _mark(self, end: int = 0) -> None:
        """Say in a file of its own that the journal of this generation holds writes, up to ``end``
        at least.

        Without it, a journal that went missing or lost its last lines would be forgotten.
        """
        with contextlib.suppress(OSError):  # it only serves to notice a loss
            self._written.write_text(
                f"{self.tables[META]['1']['generation']} {max(end, self._start + 1)}", "ascii"
            )

    def _missed(self, generation: int, size: int) -> bool:
        """Did the journal of this generation hold more than ``size`` bytes?"""
        try:
            said = self._written.read_text("ascii").split()
            return said[:1] == [str(generation)] and size < int(said[1] if len(said) > 1 else 1)
        except (OSError, ValueError):
            return False

    def compact(self) -> None:
        """Fold the journal into the JSON file, by a new file of each that replaces the old in one
        step.
        """
        with self.locked():
            meta = dict(self.tables[META]["1"])
            meta["generation"] += 1
            tables = {META: {"1": meta}} | {
                name: table for name, table in self.tables.items() if name != META
            }
            try:
                base = replace_file(self.path, dump_tables(tables))
                self.tables = tables
                self._start_journal(base)
            except OSError as error:
                raise StoreError(
                    f"{self.path}: could not be compacted ({error.strerror}); everything is in the "
                    "old files"
                ) from error

    # ---- reading
    def catch_up(self) -> None:
        """Replay what other processes have written since; after any failure, and at first, read
        everything anew.
        """
        with _named(self.journal, "cannot be read"):
            if self._closed or (self._handle >= 0 and self._journal_state() == self._seen):
                return
            with self._threads:
                inode, size = self._journal_state()
                if self._handle < 0 or inode != self._seen[0] or size < self._end:
                    with self.locked(first=False):
                        self._load()
                    self.foreign += 1
                    self.told(None)
                elif size > self._end:
                    self.foreign += 1
                    self._replay()
                    self._seen = (inode, size)

    def _journal_state(self) -> tuple[int, int]:
        try:
            found = self.journal.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_size

    def _replay(self) -> None:
        """Apply the journal's lines from ``_end`` on."""
        size = os.fstat(self._handle).st_size
        data = os.pread(self._handle, size - self._end, self._end)
        try:
            for end, content in scan(data, self._end):
                self._apply(hold_change(json.loads(content)))
                self._end = end
        except Damage as damage:
            raise self._damaged(damage) from None

    def _damaged(self, damage: Damage) -> StoreError:
        return StoreError(
            f"{self.journal}: damaged at byte {damage.offset}: {damage.reason}; nothing was "
            "changed. "
            f"`verbatim doctor --repair` writes what can be saved to a new file"
        )

    def _load(self) -> None:
        """Read both files; make them where there are none."""
        self._sweep()
        with _named(self.path, "cannot be read"):
            tables, sums, base = read_tables(self.path)
        header = self._open_journal()
        if header is None or header["base"] != [*base]:
            verify(self.path, tables, sums)
        new = META not in tables
        if new:
            own(self.path, tables)
        meta = self._meta(tables)
        self.tables = {META: {"1": meta}} | {k: t for k, t in tables.items() if k != META}
        written = self._check_journal(header, meta, base)
        if header is not None and header["base"] == [*base]:
            self._replay()
            self._seen = self._journal_state()
        elif header is not None and header["generation"] < meta["generation"]:
            self._finish_compaction()
        elif written:
            raise StoreError(
                f"{self.path}: is missing, was changed by another program, or damaged, while "
                f"{self.journal.name} holds writes; nothing was changed. `verbatim doctor "
                "--repair` writes what can be saved to a new file"
            )
        else:
            with _named(self.path, "could not be written"):
                if new:
                    base = replace_file(self.path, dump_tables(self.tables))
                self._start_journal(base)

    def _meta(self, tables: Mapping[str, Any]) -> dict[str, Any]:
        """The file's own record: its format, its generation, whose it is."""
        made = {"format": FORMAT, "generation": 0, "identity": uuid.uuid4().hex}
        meta: dict[str, Any] = tables.get(META, {}).get("1") or made
        if meta["format"] > FORMAT:
            raise StoreError(
                f"{self.path}: written in format {meta['format']} by a newer Verbatim; this one "
                f"reads {FORMAT}. Update it"
            )
        return meta

    def _check_journal(
        self, header: dict[str, Any] | None, meta: Mapping[str, Any], base: Base
    ) -> bool:
        """Does the journal hold writes? StoreError where some are missing, or are another's."""
        size = os.fstat(self._handle).st_size if header is not None else 0
        written = header is not None and size > self._end
        if self._missed(header["generation"] if header else meta["generation"], size):
            empty = "is empty, and held writes" if header else "is missing, and held writes"
            raise StoreError(
                f"{self.journal}: {'was cut short' if written else empty}; nothing was changed. "
                f"Put it back, or delete {self._written.name} to go on without what was written "
                f"since {self.path.name} was"
            )
        current = header is not None and header["base"] == [*base]
        if header is None or not written or current:
            return written
        if header.get("identity", meta["identity"]) != meta["identity"]:
            raise StoreError(
                f"{self.journal}: belongs to another store than {self.path.name}; nothing was "
                "changed. Put the file back that it belongs to, or move the journal away"
            )
        return True

    def _finish_compaction(self) -> None:
        """A compaction ended between its two files: the JSON file has a beginning of the journal,
        and the journal may have been written to since. Its lines hold whole documents, so those
        folded in change nothing again.
        """
        self._replay()
        self._seen = self._journal_state()
        with contextlib.suppress(StoreError):  # it stays as it is, and is read like this again
            self.compact()

    def _sweep(self) -> None:
        """Delete what a killed process left half-written: whoever writes these two files has the
        lock that we have.
        """
        ours = re.compile(rf"{re.escape(self.path.name)}(\.journal)?\.\d+\.new")
        with contextlib.suppress(OSError):
            for left in self.path.parent.iterdir():
                if ours.fullmatch(left.name):
                    left.unlink()

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
                f"{self.journal}: written in format {header['journal']} by a newer Verbatim; "
                "update this one"
            )
        return header

    def _start_journal(self, base: Base) -> None:
        """A new journal that says which JSON file it continues."""
        content = {
            "journal": FORMAT,
            "generation": self.tables[META]["1"]["generation"],
            "identity": self.tables[META]["1"]["identity"],
            "base": base,
        }
        replace_file(self.journal, [encode(dump(content))])
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = os.open(self.journal, os.O_RDWR)
        self._seen = self._journal_state()
        self._start = self._end = self._seen[1]


_sync = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync


@contextlib.contextmanager
def _named(path: Path, what: str) -> Iterator[None]:
    """Turn an operating system's error into one that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: {what} ({error.strerror}); choose another place with "
            "VERBATIM_STORE=tinydb:PATH"
        ) from error
