"""TinyDB's tables held in memory: all there is of ``memory:``, and what the crash-safe files are
read into.
"""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from tinydb.storages import Storage

from storage.plain import FORMAT, META, Change, Tables, apply, hold_change


class HeldStorage(Storage):
    """A TinyDB storage whose ``tables`` are nowhere else; writes go by ``commit``, which says what
    changes.
    """

    def __init__(self) -> None:
        self.tables: Tables = {
            META: {"1": {"format": FORMAT, "generation": 0, "identity": uuid.uuid4().hex}}
        }
        self.told: Callable[[Change | None], None] = lambda _: None
        """Called with each change once it is in ``tables``; with None when everything was read
        anew.
        """
        self.foreign = 0
        """How often something came that this storage did not write itself."""
        self._threads = threading.RLock()

    # ---- what TinyDB calls
    def read(self) -> Tables | None:
        """The tables as they stand, other processes' writes included; not to be changed by the
        caller.
        """
        self.catch_up()
        return {name: table for name, table in self.tables.items() if name != META} or None

    def write(self, data: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """Make the database equal to ``data`` (dropping tables comes here; other writes go by
        ``commit``).
        """
        with self.locked():
            dropped = [name for name in self.tables if name not in data and name != META]
            changed: Change = {"drop": dropped, "delete": {}, "set": {}}
            for name, table in data.items():
                held = self.tables.get(name, {})
                changed["set"][name] = {
                    key: dict(doc) for key, doc in table.items() if held.get(key) != doc
                }
                changed["delete"][name] = [key for key in held if key not in table]
            self.commit(changed)

    def close(self) -> None:
        """Nothing to release."""

    # ---- what a backing calls
    def locked(self) -> contextlib.AbstractContextManager[Any]:
        """Alone among all who write, and up to date; may be nested."""
        return self._threads

    def commit(self, change: Change) -> None:
        """Make a change durable, all of it or nothing, then visible.

        ``drop`` names tables, ``delete`` maps a table to keys, ``set`` a table to documents by key;
        done in this order.
        """
        with self.locked():
            self._apply(hold_change(change))

    def catch_up(self) -> None:
        """Take in what others have written."""

    def _apply(self, change: Change) -> None:
        apply(self.tables, change)
        self.told(change)
