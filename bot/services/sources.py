"""Where articles come from: files, folders, patterns, addresses."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.model import Article, Quote
from bot.reading.source import Metadata

SUFFIXES = (
    ".txt",
    ".md",
    ".html",
    ".htm",
    ".xhtml",
    ".jsonl",
    ".xml",
    ".rss",
    ".atom",
    ".docx",
    ".pdf",
)
"""What is read of a folder."""


STANDARD = "-"
"""The name of standard input."""
_UNKNOWN = Metadata()


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article, or several, come from; ``data`` where it was read already, ``digest`` of
    what it held last time.
    """

    name: str
    metadata: Metadata = _UNKNOWN
    data: bytes | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of a source: an article with its quotes, or (``reason``) why none; neither: it
    holds what it held.
    """

    source: str
    article: Article | None = None
    quotes: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str | None = None
    digest: str | None = None


def is_address(name: str) -> bool:
    """Is it fetched rather than opened?"""
    return name.lower().startswith(("http://", "https://"))


def expand(names: Iterable[str]) -> Iterator[str]:
    """The sources that some words name: a folder's files, a pattern's, each once, in order."""
    seen: set[str] = set()
    for name in names:
        for found in _expanded(name):
            if found not in seen:
                seen.add(found)
                yield found


def _expanded(name: str) -> Iterable[str]:
    if is_address(name) or name == STANDARD:
        return [name]
    path = Path(name)
    if path.is_dir():
        return [
            str(file)
            for file in sorted(path.rglob("*"))
            if file.suffix.lower() in SUFFIXES and file.is_file()
        ]
    if not path.exists() and glob.has_magic(name):
        return sorted(glob.glob(name, recursive=True))  # noqa: PTH207 a pattern of the user's, absolute ones too
    return [name]
