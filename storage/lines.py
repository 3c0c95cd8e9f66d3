"""The plain TinyDB file read a document at a time, as it is written: one a line."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from storage.packed import hold
from storage.plain import SUM, Base, Sums, Tables, hold_all, parse_tables, take_sums

TABLE = re.compile(rb'\{?"([^"\\]+)": \{\n?')
"""The line that begins a table."""
ROW = re.compile(rb'"(\d+)": (\{.*\}),?\n?')
"""The line of a document: its key, its JSON."""
_SUMMED = re.compile(rb',?"%s":"([0-9a-f]{8})"\}' % SUM.encode())
_TAIL = len(f',"{SUM}":"01234567"}}')


def read_tables(path: Path) -> tuple[Tables, Sums, Base]:
    """A file's tables, the checksums of their documents, and what a journal says of the file.

    No file is no tables. StoreError names the place where it is no TinyDB file; OSError where it
    can't be read. What another program wrote is read whole, which takes several times its size.
    """
    if not path.exists():
        return {}, {}, (0, 0)
    collecting = gc.isenabled()
    gc.disable()  # nothing that is made here can be let go of; looking for it takes half the time
    try:
        found = _by_lines(path)
    finally:
        if collecting:
            gc.enable()
    if found:
        return found
    data = path.read_bytes()
    tables = parse_tables(path, data)
    sums = take_sums(tables)
    return hold_all(tables), sums, (len(data), crc32(data))


def _by_lines(path: Path) -> tuple[Tables, Sums, Base] | None:
    """As ``read_tables``; None where the file isn't as ``dump_tables`` writes it, or is damaged."""
    tables: Tables = {}
    sums: Sums = {}
    size = check = 0
    name, line = "", b""
    with path.open("rb") as file:
        for line in file:
            size, check = size + len(line), crc32(line, check)
            row = ROW.fullmatch(line)
            if row and name:
                key = row[1].decode()
                try:
                    document, said = _document(row[2])
                except ValueError:
                    return None
                if key in tables[name]:
                    return None
                tables[name][key] = document
                if said:
                    sums[name, key] = said
            elif (begun := TABLE.fullmatch(line)) and not name:
                name = begun[1].decode("utf-8", "replace")
                if name in tables or line.startswith(b"{") is bool(tables):
                    return None
                tables[name] = {}
            elif line in (b"},\n", b"}}\n") and name:
                name = ""
            elif line != b"\n" or not name:  # an empty table has an empty line
                return None
    return (tables, sums, (size, check)) if line == b"}}\n" else None


def _document(content: bytes) -> tuple[Mapping[str, Any], str]:
    """The document in a line, as it is held, and its checksum, "" without one.

    ValueError when it is not as it is written.
    """
    summed = _SUMMED.fullmatch(content, max(0, len(content) - _TAIL))
    summed = summed or _SUMMED.fullmatch(content, len(content) - _TAIL + 1)
    if summed:
        content = content[: summed.start()] + b"}"
    document = json.loads(content)
    if SUM in document:
        raise ValueError("its checksum is not at its end")
    return hold(document, content), summed[1].decode() if summed else ""
