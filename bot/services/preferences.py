"""What each user chose, kept by the store."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ports import Store

USERS = "users"
"""The kind of these records."""


def preferences(store: Store, user: int) -> dict[str, str]:
    """What one user chose; empty when nothing is kept, StoreError when that can't be known now."""
    found = store.records(USERS, str(user)).get(str(user), {})
    return {name: str(value) for name, value in found.items()}


def prefer(store: Store, user: int, chosen: Mapping[str, str]) -> None:
    """Keep what a user chose; an empty mapping erases the record."""
    store.keep(USERS, str(user), chosen or None)
