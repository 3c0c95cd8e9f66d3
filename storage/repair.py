"""What can be saved of a damaged TinyDB store, written to a new file; the old ones stay as they
are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.documents import article_of, quotes_of, upgrade
from storage.backup import write_backup
from storage.journal import salvage
from storage.lines import ROW, TABLE
from storage.packed import dump
from storage.plain import META, Tables, apply, checksum, take_sums


@dataclass(frozen=True, slots=True)
class Repaired:
    """Where the new file is, and what is in it."""

    path: Path
    articles: int
    writes: int
    lost: int


def repair(path: Path) -> Repaired:
    """Save what is whole of the JSON file and of the journal beside it; StoreError when it can't be
    written.
    """
    tables, lost = _base(path)
    journal = path.with_name(path.name + ".journal")
    data = journal.read_bytes() if journal.exists() else b""
    meta = tables.pop(META, {}).get("1", {})
    writes = 0
    for content in salvage(data):
        change = json.loads(content)
        if "journal" in change:
            if change.get("identity", meta.get("identity")) != meta.get(
                "identity", change.get("identity")
            ):
                break  # another store's
            # of an older generation, too: its lines hold whole documents, and it may have gone on
            continue
        apply(tables, change)
        writes += 1
    articles, unusable = _usable(tables.get("articles", {}))
    tables["articles"] = articles
    target = _free(path)
    write_backup(target, tables)
    return Repaired(
        target, sum("text" in row for row in articles.values()), writes, lost + unusable
    )


def _base(path: Path) -> tuple[Tables, int]:
    """The file's tables; where it is no JSON any more, the documents whose lines are (one document
    a line).
    """
    data = path.read_bytes() if path.exists() else b""
    try:
        tables: Any = json.loads(data)
        if isinstance(tables, dict):
            return _sound(tables)
    except ValueError:
        pass
    saved: Tables = {}
    name, lost = "articles", 0
    for line in data.splitlines():
        if found := TABLE.fullmatch(line):
            name = found[1].decode("utf-8", "replace")
        elif row := ROW.fullmatch(line):
            try:
                saved.setdefault(name, {})[row[1].decode()] = json.loads(row[2])
            except ValueError:
                lost += 1
        elif line.strip(b"{}, \r"):
            lost += 1
    sound, more = _sound(saved)
    return sound, lost + more


def _sound(tables: Tables) -> tuple[Tables, int]:
    """The documents that agree with their checksums, and how many don't."""
    lost = 0
    for (name, key), said in take_sums(tables).items():
        if said != checksum(name, key, dump(tables[name][key])) and name != META:
            del tables[name][key]
            lost += 1
    return tables, lost


def _usable(rows: dict[str, dict[str, Any]]) -> tuple[dict[str, dict[str, Any]], int]:
    """The articles that can be read, each once, and how many can't."""
    kept: dict[str, tuple[str, dict[str, Any]]] = {}
    lost = 0
    for key, row in rows.items():
        try:
            if "text" in row:
                article_of(upgrade(row))
                quotes_of(upgrade(row))
            if row["id"] not in kept or kept[row["id"]][1]["seq"] < row["seq"]:
                kept[row["id"]] = (key, row)
        except (KeyError, TypeError, ValueError):
            lost += 1
    return dict(kept.values()), lost


def _free(path: Path) -> Path:
    number = 1
    while True:
        target = path.with_name(
            f"{path.stem}.repaired{'' if number == 1 else f'-{number}'}{path.suffix}"
        )
        if not target.exists():
            return target
        number += 1
