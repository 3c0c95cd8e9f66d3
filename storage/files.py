"""The two files of a crash-safe TinyDB: the JSON file and the journal that goes on from it, opened,
checked, replayed, begun anew.
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

from bot.domain.errors import StoreError
from storage.held import HeldStorage
from storage.journal import Damage, encode, scan
from storage.packed import dump
from storage.plain import FORMAT, META, Base, hold_change, replace_file


class StoreFiles(HeldStorage):
    """Where the files are, and how much of the journal is in ``tables``."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path).resolve()  # a link's folder would get a journal of its own
        self.journal = self.path.with_name(self.path.name + ".journal")
        self._written = self.path.with_name(self.path.name + ".written")
        super().__init__()
        self._handle, self._closed = -1, False
        self._start = self._end = 0
        self._seen = (0, 0)

    def _journal_state(self) -> tuple[int, int]:
        try:
            found = self.journal.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_size

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

    def _sweep(self) -> None:
        """Delete what a killed process left half-written: whoever writes these two files has the
        lock that we have.
        """
        ours = re.compile(rf"{re.escape(self.path.name)}(\.journal)?\.\d+\.new")
        with contextlib.suppress(OSError):
            for left in self.path.parent.iterdir():
                if ours.fullmatch(left.name):
                    left.unlink()


@contextlib.contextmanager
def named(path: Path, what: str) -> Iterator[None]:
    """Turn an operating system's error into one that names the file and says what to do."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: {what} ({error.strerror}); choose another place with "
            "VERBATIM_STORE=tinydb:PATH"
        ) from error
