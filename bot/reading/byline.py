"""Who wrote it: the names in a page's byline, without what is no name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from bot.domain.text import fold
from bot.languages.language import codes, language

_NO_NAME = re.compile(r"https?:|www\.|@|^\W*$|\.(?:com|fr|org|net|ch|be|ca)\b", re.IGNORECASE)
DOMAIN = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)+/?$")
_BETWEEN = re.compile(r"\s*(?:,|;|\||/|\band\b|\bet\b|&)\s*")
_MOST_AUTHORS = 8


@cache
def _by() -> re.Pattern[str]:
    """What stands before an author's name, in every language."""
    starts = sorted(_listed("by"), key=len, reverse=True)
    return re.compile(rf"^\W*(?:{'|'.join(map(re.escape, starts))})\b\s*:?\s+", re.IGNORECASE)


@cache
def _no_authors() -> frozenset[str]:
    """Agencies and offices: what signs, and is nobody."""
    return frozenset(fold(name) for name in (*_listed("wires"), *_listed("office")))


def _listed(name: str) -> list[str]:
    return [str(word) for code in codes() for word in language(code).data["reading"][name]]


def bylines(tree: Any) -> list[str]:
    """Names in what is marked as an author."""
    found = []
    for element in tree.xpath(
        "//*[@rel='author' or @itemprop='author' or contains(@class,'author') or "
        "contains(@class,'byline') or contains(@class,'auteur') or contains(@class,'signature')]"
    )[:20]:
        inside = element.xpath(
            ".//*[@itemprop='name' or @rel='author' or contains(@class,'author-name') or "
            "contains(@class,'author__name')]"
        )
        for part in inside or [element]:
            text = " ".join(part.text_content().split())
            if 3 < len(text) <= 120:
                found += split_names([text])
        if found:
            break
    return found


def split_names(values: Iterable[str]) -> list[str]:
    return [part for value in values for part in _BETWEEN.split(_by().sub("", value)) if part]


def names(values: Iterable[str], publisher: str | None) -> str | None:
    """The authors in some values: no publisher, agency, address or editorial office."""
    kept: list[str] = []
    for value in values:
        name = " ".join(_by().sub("", value).split()).strip(" ,;:|-–—")
        name = re.split(r"\s+(?:avec|with|pour|à|in)\s+", name)[0]
        plain = fold(name)
        if (
            not name
            or len(name) > 80
            or _NO_NAME.search(name)
            or plain in _no_authors()
            or any(c.isdigit() for c in name)
        ):
            continue
        if (publisher and (plain == fold(publisher) or fold(publisher) in plain)) or plain in map(
            fold, kept
        ):
            continue
        if not name[0].isupper():
            continue
        kept.append(name)
    return ", ".join(kept[:_MOST_AUTHORS]) or None
