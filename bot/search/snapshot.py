"""The index as files: one a table, each with its checksum, so that any doubt means a new index
instead of wrong answers.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import Any

from bot.search.segment import Segment

FORMAT = 4
_SUMS = "checksums.json"
_OLD = 3600.0  # seconds after which a folder that is being written is one that was


def write(
    folder: Path,
    segments: Mapping[str, Sequence[Segment]],
    terms: Sequence[str],
    tables: dict[str, Any],
) -> None:
    """Write a snapshot beside the old one, durably, then put it in its place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f"{escape(folder.name)}.*"):
        if left.is_dir() and left.stat().st_mtime < time.time() - _OLD:
            shutil.rmtree(left, ignore_errors=True)  # who wrote it was killed
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=folder.name + "."))
    try:
        for name, parts in segments.items():
            for part in parts:
                part.save(made / name)
        (made / "vocabulary.txt").write_text("\n".join(terms), "utf-8")
        (made / "tables.json").write_text(
            json.dumps(tables | {"format": FORMAT}, ensure_ascii=False), "utf-8"
        )
        (made / _SUMS).write_text(json.dumps(_sums(made)), "utf-8")
        for path in (*_files(made), made / _SUMS):
            _sync(path)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def read(folder: Path) -> tuple[dict[str, list[Segment]], list[str], dict[str, Any]]:
    """(segments, terms, tables); ValueError when a file is not what was written, OSError when there
    is none.
    """
    if json.loads((folder / _SUMS).read_text("utf-8")) != _sums(folder):
        raise ValueError(f"{folder}: a file of the snapshot is not what was written")
    tables: dict[str, Any] = json.loads((folder / "tables.json").read_text("utf-8"))
    if tables["format"] != FORMAT:
        raise ValueError(f"{folder}: a snapshot of format {tables['format']}, not {FORMAT}")
    segments = {
        name: [Segment.load(folder / name)] if (folder / name).exists() else []
        for name in ("quotes", "wholes")
    }
    return segments, (folder / "vocabulary.txt").read_text("utf-8").split("\n"), tables


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _SUMS)


def _sums(folder: Path) -> dict[str, str]:
    sums = {}
    for path in _files(folder):
        with path.open("rb") as file:
            sums[str(path.relative_to(folder))] = hashlib.file_digest(file, "blake2b").hexdigest()
    return sums


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
