"""The plain TinyDB file: its bytes as tables and back, put in place whole."""

from __future__ import annotations

import contextlib
import gc
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.domain.errors import StoreError
from storage.packed import dump, hold

Doc = Mapping[str, Any]
Tables = dict[str, dict[str, Any]]
"""Tables of documents by key, each a dict, or packed."""
Change = dict[str, Any]
"""What a write changes: ``drop``, ``delete`` and ``set`` (see ``DurableStorage.commit``)."""
META = "_verbatim"
"""The table of one document that says the file's version, generation and identity."""
SUM = "_sum"
"""The field of a written document that holds its checksum; what is read has it no more."""
FORMAT = 1
"""The version of the pair of files."""
Sums = dict[tuple[str, str], object]
Base = tuple[int, int]
"""Length and CRC-32 of a file: what a journal says of the one that it goes on from."""
_NEW, _BUFFER = os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 1 << 20


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
        isinstance(table, dict)
        and all(isinstance(doc, dict) and key.isdecimal() for key, doc in table.items())
        for table in tables.values()
    ):
        raise StoreError(
            f"{path}: is no TinyDB file (its JSON is not tables of documents); nothing was changed"
        )
    return tables


def own(path: Path, tables: Tables) -> None:
    """StoreError when a file without our mark holds documents that are not ours."""
    for name, table in tables.items():
        if name != "users" and any("format" not in doc for doc in table.values()):
            raise StoreError(
                f"{path}: is a TinyDB file of another program (table '{name}'); nothing was changed"
            )


def apply(tables: Tables, change: Change) -> None:
    """Bring tables up to a change."""
    for name in change.get("drop", ()):
        tables.pop(name, None)
    for name, keys in change.get("delete", {}).items():
        table = tables.setdefault(name, {})
        for key in keys:
            table.pop(key, None)
    for name, docs in change.get("set", {}).items():
        tables.setdefault(name, {}).update(docs)


def hold_all(tables: Mapping[str, Mapping[str, Doc]]) -> Tables:
    """Tables as they are held, the long documents packed, nothing in them the caller's."""
    return {name: {key: hold(doc) for key, doc in table.items()} for name, table in tables.items()}


def hold_change(change: Change) -> Change:
    """A change as it is applied: its documents as they are held."""
    rest = {name: value for name, value in change.items() if name != "set"}
    return {**json.loads(dump(rest)), "set": hold_all(change.get("set", {}))}


def dump_change(change: Change) -> bytes:
    """The JSON of a change, made of its documents' own."""
    rest = dump({name: value for name, value in change.items() if name != "set"})
    tables = b",".join(
        b"%s:{%s}" % (dump(name), b",".join(map(_row, docs.items())))
        for name, docs in change["set"].items()
    )
    return b'%s%s"set":{%s}}' % (rest[:-1], b"," if len(rest) > 2 else b"", tables)


def _row(held: tuple[str, Doc]) -> bytes:
    return b'"%s":%s' % (held[0].encode(), dump(held[1]))


def take_sums(tables: Tables) -> Sums:
    """Take the checksums out of the documents: what (table, key) says."""
    return {
        (name, key): doc.pop(SUM)
        for name, table in tables.items()
        for key, doc in table.items()
        if SUM in doc
    }


def verify(path: Path, tables: Tables, sums: Sums) -> None:
    """StoreError names the first document that is not what was written, or says that some are
    missing.

    More documents than were written, without checksums, are another TinyDB's and are believed.
    """
    for (name, key), said in sums.items():
        if said != checksum(name, key, dump(tables[name][key])):
            raise StoreError(
                f"{path}: document {key} of table '{name}' does not agree with its checksum: it is "
                "damaged, or was "
                "changed by another program; nothing was changed. `verbatim doctor --repair` "
                "writes what can be saved "
                "to a new file"
            )
    for name, count in tables.get(META, {}).get("1", {}).get("counts", {}).items():
        found = sum(table == name for table, _ in sums)
        if found < count:
            raise StoreError(
                f"{path}: table '{name}' holds {found} documents with their checksums of {count} "
                "that were written; "
                "nothing was changed. `verbatim doctor --repair` writes what can be saved to a new "
                "file"
            )


def dump_tables(tables: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[bytes]:
    """A TinyDB file in parts, one document a line, each with its checksum."""
    counts = {name: len(table) for name, table in tables.items() if name != META}
    before = b"{"
    for name, table in tables.items():
        yield before + dump(name) + b": {\n"
        before = b""
        for key, doc in table.items():
            content = dump({**doc, "counts": counts} if name == META else doc)
            yield before + b'"%s": %s' % (key.encode(), _summed(name, key, content))
            before = b",\n"
        before = b"\n},\n"
    yield b"\n}}\n" if tables else b"{}\n"


def _summed(name: str, key: str, content: bytes) -> bytes:
    return b'%s%s"%s":"%s"}' % (
        content[:-1],
        b"," if len(content) > 2 else b"",
        SUM.encode(),
        checksum(name, key, content).encode(),
    )


def checksum(name: str, key: str, content: bytes) -> str:
    """The CRC-32 of a document, of the table that it is in and of its key there."""
    return f"{crc32(content, crc32(f'{name}/{key}/'.encode())):08x}"


def replace_file(path: Path, parts: Iterable[bytes]) -> Base:
    """Put a whole new file in the place of another: written beside it, synced, renamed, the folder
    synced; what was written, as its length and CRC-32.
    """
    made = path.with_name(f"{path.name}.{os.getpid()}.new")
    size = check = 0
    try:
        with os.fdopen(os.open(made, _NEW, 0o600), "wb", _BUFFER) as file:
            for part in parts:
                file.write(part)
                size, check = size + len(part), crc32(part, check)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            made.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return size, check


def write_all(handle: int, data: bytes) -> None:
    """Write all of it, however often the system writes a part."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
