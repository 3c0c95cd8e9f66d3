"""TinyDB made crash-safe: a journal of checksummed lines beside the JSON file, one line a write.

A write is acknowledged once its line is on the disk (fdatasync). Two processes may write: a file
lock orders them, and each replays the lines of the other. ``compact`` folds the journal into the
plain TinyDB file, which any TinyDB opens.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from bot.domain.errors import StoreError
from storage.files import StoreFiles, named
from storage.journal import encode
from storage.lines import read_tables
from storage.plain import (
    META,
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


class DurableStorage(StoreFiles):
    """The two files; ``tables`` is what they say."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        super().__init__(path)
        self._depth = 0
        with named(self.path, "cannot be used"):
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
            with named(self.path, "cannot be locked"):
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
        with named(self.journal, "cannot be read"):
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

    def _load(self) -> None:
        """Read both files; make them where there are none."""
        self._sweep()
        with named(self.path, "cannot be read"):
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
            with named(self.path, "could not be written"):
                if new:
                    base = replace_file(self.path, dump_tables(self.tables))
                self._start_journal(base)

    def _finish_compaction(self) -> None:
        """A compaction ended between its two files: the JSON file has a beginning of the journal,
        and the journal may have been written to since. Its lines hold whole documents, so those
        folded in change nothing again.
        """
        self._replay()
        self._seen = self._journal_state()
        with contextlib.suppress(StoreError):  # it stays as it is, and is read like this again
            self.compact()


_sync = getattr(os, "fdatasync", os.fsync)  # macOS has no fdatasync
