"""The index between two runs: opened from a snapshot where there is a fitting one, kept when it has
grown.
"""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from bot.domain.ports import Store
from bot.search.index import Index

WORTH = 2_000
"""New quotes from which on a snapshot saves more time at the next start than it takes to write."""
GROWTH = 0.05
"""Share of new quotes from which on a snapshot is written again."""


def open_index(store: Store, folder: Path | None) -> tuple[Index, int]:
    """An index that knows all of a store's changes, and how many of its quotes were in the
    snapshot.
    """
    index = _load(store, folder) if folder else None
    known = index.size[0] if index else 0
    index = index or Index()
    index.follow(store)
    return index, known


def keep_index(store: Store, index: Index, folder: Path | None, known: int) -> None:
    """Write a snapshot if enough has come since the last; it is a cache, so a failure costs only
    time.
    """
    new = abs(index.size[0] - known)
    if folder and new >= max(WORTH, GROWTH * index.size[0]):
        with contextlib.suppress(OSError):
            index.save(folder, _identity(store))


def _load(store: Store, folder: Path) -> Index | None:
    try:
        index = Index.load(folder, _identity(store))
    except (OSError, ValueError, KeyError, EOFError, TypeError):
        return None
    newest = next(iter(store.changes(index.last_seen - 1)), None)
    return (
        index if newest else None
    )  # else the store is older than its snapshot: restored from a backup


def _identity(store: Store) -> str:
    return f"{store.identity} {_code()}"


@cache
def _code() -> str:
    """What the indexing depends on: another version of it makes other terms."""
    digest = hashlib.sha256()
    for package in ("bot.search", "bot.languages"):
        for file in sorted(files(package).iterdir(), key=lambda path: path.name):
            if file.is_file() and file.name.endswith((".py", ".toml")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
