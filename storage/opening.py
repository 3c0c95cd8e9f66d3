"""From a store's address to a store."""

from __future__ import annotations

from pathlib import Path

from bot.domain.errors import StoreError
from bot.domain.ports import Store


def open_store(url: str) -> Store:
    """The store at ``tinydb:PATH`` or ``memory:``; StoreError says what is wrong with an address."""
    scheme, _, rest = url.partition(":")
    if scheme == "memory":
        from storage.memory import MemoryStore  # noqa: PLC0415

        return MemoryStore()
    if scheme == "tinydb" and rest:
        from storage.tiny import TinyStore  # noqa: PLC0415

        return TinyStore(Path(rest).expanduser())
    raise StoreError(f"VERBATIM_STORE: '{url}' is not a store's address; use tinydb:PATH or memory:")
