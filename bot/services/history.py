"""What an edited article changed in its quotes: added, removed, reworded; typography is no
change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from bot.domain.model import Article, Quote
from bot.domain.text import fold
from bot.domain.tracking import Changed, Edition
from bot.extraction.extract import extract_quotes

_WORD = re.compile(r"[^\W_]+")
_REWORDED = 60.0  # least likeness (rapidfuzz ratio) of a quote and what it became


def editions(
    versions: Sequence[Article], current: tuple[Article, Sequence[Quote]]
) -> tuple[Edition, ...]:
    """What each version changed, the earliest first; ``versions`` are the earlier ones, oldest
    first.
    """
    article, quotes = current
    rows = [(version, _said(version, extract_quotes(version))) for version in versions]
    rows.append((article, _said(article, quotes)))
    return tuple(
        Edition(later, tuple(_changes(before, after)))
        for (_, before), (later, after) in pairwise(rows)
    )


def _said(article: Article, quotes: Sequence[Quote]) -> list[tuple[str, str | None]]:
    return [
        (" ".join(article.text[q.start : q.end].split()), q.speaker.name if q.speaker else None)
        for q in quotes
    ]


def _changes(
    before: Iterable[tuple[str, str | None]], after: Iterable[tuple[str, str | None]]
) -> Iterable[Changed]:
    old, new = list(before), list(after)
    for row in list(new):
        same = next((one for one in old if _plain(one[0]) == _plain(row[0])), None)
        if same:
            old.remove(same)
            new.remove(row)
    for text, speaker in list(new):
        likeness, near = max(
            ((fuzz.ratio(fold(one), fold(text)), (one, who)) for one, who in old),
            default=(0.0, None),
        )
        if near is not None and likeness >= _REWORDED:
            old.remove(near)
            yield Changed("changed", near[0], text, speaker)
        else:
            yield Changed("added", None, text, speaker)
    for text, speaker in old:
        yield Changed("removed", text, None, speaker)


def _plain(text: str) -> list[str]:
    return _WORD.findall(fold(text))
