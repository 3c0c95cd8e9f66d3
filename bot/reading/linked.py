"""JSON-LD in a page: its objects that are articles, and the names and lines in their values."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_ARTICLES = re.compile(
    r"(?:News|Reportage|Opinion|Analysis|Background|Review|Satirical|Advertiser\w*|Tech|Scholarly|Report)?Article$|BlogPosting$|LiveBlogPosting$|Report$"
)


def articles_of(tree: Any) -> Iterator[Mapping[str, Any]]:
    """The JSON-LD objects that are articles, those with a headline first."""
    found = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except ValueError:
            continue
        found += [
            row for row in _objects(value) if any(_ARTICLES.search(kind) for kind in _kinds(row))
        ]
    yield from sorted(found, key=lambda row: not row.get("headline"))


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _objects(value.get(key), depth + 1)


def _kinds(row: Mapping[str, Any]) -> list[str]:
    kinds = row.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def named_in(value: Any) -> Iterator[str]:
    """The names in a JSON-LD value: a text, an object, or several."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from named_in(value.get("name"))
    elif isinstance(value, list):
        for item in value[:20]:
            yield from named_in(item)


def line_of(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(value).split()) or None
