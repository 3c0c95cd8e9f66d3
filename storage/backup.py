"""A copy of any store as one plain TinyDB file, which is itself a store (``tinydb:PATH``)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.errors import StoreError
from storage.plain import FORMAT, META, dump_tables, replace_file


def write_backup(path: Path, tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Write the tables durably to a new file; StoreError when there is one already or it can't be written."""
    if path.exists():
        raise StoreError(f"{path}: is there already; a backup overwrites nothing, name another file")
    meta = {"1": {"format": FORMAT, "generation": 0, "identity": uuid.uuid4().hex}}
    try:
        replace_file(path, dump_tables({META: meta, **tables}))
    except OSError as error:
        raise StoreError(f"{path}: could not be written ({error.strerror}); the store is untouched") from error
