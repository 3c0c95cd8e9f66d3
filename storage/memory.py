"""A store that lives as long as its process: for tests, demonstrations and `memory:`."""

from __future__ import annotations

from storage.held import HeldStorage
from storage.store import BackedStore
from storage.tiny import TinyBacking


class MemoryStore(BackedStore):
    """The ``Store`` port over a TinyDB in memory."""

    def __init__(self) -> None:
        super().__init__(TinyBacking(HeldStorage()))
