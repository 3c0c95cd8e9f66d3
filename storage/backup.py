"""A copy of any store as one plain TinyDB file, which is itself a store (``tinydb:PATH``)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.domain.errors import StoreError
from storage.plain import FORMAT, META, dump_tables, replace_file

Document = Mapping[str, Any]


def write_backup(path: Path, tables: Mapping[str, Mapping[str, Document]]) -> None:
    """Write the tables durably to a new file; StoreError when there is one already or it can't be
    written.
    """
    if path.exists():
        raise StoreError(
            f"{path}: is there already; a backup overwrites nothing, name another file"
        )
    meta = {"1": {"format": FORMAT, "generation": 0, "identity": uuid.uuid4().hex}}
    try:
        replace_file(path, dump_tables({META: meta, **tables}))
    except OSError as error:
        raise StoreError(
            f"{path}: could not be written ({error.strerror}); the store is untouched"
        ) from error


def as_tables(
    articles: Iterable[Document],
    versions: Iterable[Document],
    records: Mapping[str, Mapping[str, Document]],
) -> dict[str, dict[str, Document]]:
    """Documents and records as the tables of a TinyDB file, whose keys are numbers."""
    tables = {
        "articles": {str(number): document for number, document in enumerate(articles, 1)},
        "versions": {str(number): document for number, document in enumerate(versions, 1)},
    }
    for kind, held in records.items():
        tables[kind] = {number_of(key): as_record(key, document) for key, document in held.items()}
    return tables


def number_of(key: str) -> str:
    """A record's key as a TinyDB document's: itself if it is a number, else 60 bits of its
    BLAKE2b.
    """
    if key.isdecimal():
        return key
    return str(int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little") >> 4)


def as_record(key: str, document: Document) -> dict[str, Any]:
    """A record as it is written: with its key where the document's number doesn't tell it."""
    return dict(document) if key.isdecimal() else {"_key": key, **document}
