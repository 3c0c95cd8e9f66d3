"""From a store's address to a store."""

from __future__ import annotations

from pathlib import Path

from bot.domain.errors import StoreError
from bot.domain.ports import Store
from storage.store import BackedStore


def open_store(url: str) -> BackedStore:
    """The store at ``tinydb:PATH``, ``postgresql://…`` or ``memory:``; StoreError says what is
    wrong with an address.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "memory":
        from storage.memory import MemoryStore  # noqa: PLC0415

        return MemoryStore()
    if scheme == "tinydb" and rest:
        from storage.tiny import TinyStore  # noqa: PLC0415

        return TinyStore(Path(rest).expanduser())
    if scheme in ("postgresql", "postgres"):
        return _postgres(url)
    raise StoreError(
        f"VERBATIM_STORE: '{url}' is not a store's address; use tinydb:PATH, postgresql://… or "
        "memory:"
    )


def _postgres(url: str) -> BackedStore:
    try:
        from storage.postgres import PostgresStore  # noqa: PLC0415
    except ImportError as error:
        raise StoreError(
            "VERBATIM_STORE: PostgreSQL needs the extra 'postgres': pip install "
            "'verbatim-bot[postgres]'"
        ) from error
    return PostgresStore(url)


def kept_beside(url: str, store: Store, name: str) -> Path | None:
    """Where what is worked out from a store may be kept between runs, by its name ("index", …).

    That is beside a file, else in the user's cache; None: nowhere.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "tinydb":
        path = Path(rest).expanduser().resolve()
        return path.with_name(f"{path.name}.{name}")
    if scheme == "memory":
        return None
    from platformdirs import user_cache_dir  # noqa: PLC0415 only where no file tells the place

    return Path(user_cache_dir("verbatim")) / f"{name}-{store.identity}"
