"""The plain TinyDB file: its bytes as tables and back, put in place whole."""

from __future__ import annotations

import contextlib
import gc
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.errors import StoreError

Doc = dict[str, Any]
Tables = dict[str, dict[str, Doc]]
META = "_verbatim"
"""The table of one document that says the file's version, generation and identity."""
FORMAT = 1
"""The version of the pair of files."""


def parse_tables(path: Path, data: bytes) -> Tables:
    """The tables in a TinyDB file's bytes; StoreError names the place where they are none."""
    if not data or data.isspace():
        return {}
    collecting = gc.isenabled()
    gc.disable()  # nothing that is made here can be let go of; looking for it takes half the time
    try:
        tables = json.loads(data.decode("utf-8"))
    except ValueError as error:
        raise StoreError(
            f"{path}: is no TinyDB file, or was cut off or damaged ({error}); nothing was changed. "
            "`verbatim doctor --repair` writes what can be saved to a new file"
        ) from error
    finally:
        if collecting:
            gc.enable()
    if not isinstance(tables, dict) or not all(
        isinstance(table, dict) and all(isinstance(doc, dict) and key.isdecimal() for key, doc in table.items())
        for table in tables.values()
    ):
        raise StoreError(f"{path}: is no TinyDB file (its JSON is not tables of documents); nothing was changed")
    return tables


def own(path: Path, tables: Tables) -> None:
    """StoreError when a file without our mark holds documents that are not ours."""
    for name, table in tables.items():
        if name != "users" and any("format" not in doc for doc in table.values()):
            raise StoreError(f"{path}: is a TinyDB file of another program (table '{name}'); nothing was changed")


def dump_tables(tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> bytes:
    """A TinyDB file, one document a line."""
    parts = []
    for name, table in tables.items():
        rows = b",\n".join(b'"%s": %s' % (key.encode(), dump(doc)) for key, doc in table.items())
        parts.append(b"%s: {\n%s\n}" % (dump(name), rows))
    return b"{" + b",\n".join(parts) + b"}\n"


def replace_file(path: Path, data: bytes) -> None:
    """Put a whole new file in the place of another: written beside it, synced, renamed, the folder synced."""
    made = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        made.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            made.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def dump(value: Any) -> bytes:
    """JSON without blanks."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def write_all(handle: int, data: bytes) -> None:
    """Write all of it, however often the system writes a part."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
