"""How a text that claims to be a quotation compares with the words that stand in an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein

from bot.domain.model import Span
from bot.domain.text import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
LONG = 5
"""A text of at least so many words may be a quotation rather than keywords."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where a claimed text stands in a source, and how it differs.

    ``span`` is in code points of the source; ``likeness`` is 0 to 1 over words (Indel, normalised);
    ``exact`` says that all words agree in order, case, accents and typography aside. ``missing``
    are claimed words that the source lacks there, ``added`` source words within the span that the
    claim leaves out.
    """

    span: Span
    likeness: float
    exact: bool
    missing: tuple[str, ...]
    added: tuple[str, ...]


def stands_in(claimed: str, source: str) -> bool:
    """Do all words of a claimed text stand in a source, in order and together, case, accents and
    typography aside?
    """
    asked, found = _WORD.findall(fold(claimed)), _WORD.findall(fold(source))
    return bool(asked) and f" {' '.join(asked)} " in f" {' '.join(found)} "


def align(claimed: str, source: str) -> Alignment | None:
    """The stretch of a source that a claimed text comes nearest to; None when they share no
    word.
    """
    asked = [fold(match.group()) for match in _WORD.finditer(claimed)]
    found = [(fold(match.group()), match.span()) for match in _WORD.finditer(source)]
    words = [word for word, _ in found]
    if not asked or not set(asked) & set(words):
        return None
    first, last = _window(asked, words)
    inside = words[first:last]
    missing, added = _differences(asked, inside)
    span = found[first][1][0], found[last - 1][1][1]
    return Alignment(
        span, Indel.normalized_similarity(asked, inside), asked == inside, missing, added
    )


def _window(asked: Sequence[str], words: Sequence[str]) -> tuple[int, int]:
    """First and last word of the stretch: from the first to the last matching block of the best
    alignment.
    """
    blocks = [block for block in Levenshtein.opcodes(asked, words) if block.tag == "equal"]
    if not blocks:
        shared = [at for at, word in enumerate(words) if word in set(asked)]
        return shared[0], shared[-1] + 1
    return blocks[0].dest_start, blocks[-1].dest_end


def _differences(
    asked: Sequence[str], inside: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    missing: list[str] = []
    added: list[str] = []
    for code in Levenshtein.opcodes(asked, inside):
        if code.tag != "equal":
            missing += asked[code.src_start : code.src_end]
            added += inside[code.dest_start : code.dest_end]
    return tuple(missing), tuple(added)
