"""Where alleged words stand among others, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from bot.search.terms import stop_words
from bot.verification.wording import Word, norms, turns_alike

_SHUFFLED = 0.85  # least share of words in common that may stand in another order
_STARTS = 12  # sentences, those that share most telling words, at which stretches are compared
_WORDS = 6  # words of a text that may be another's in another order
_STOP = 0.35  # how much a word of grammar counts beside another
_FAR = 4  # words of a gap behind which a lone word in common is chance
LONG = 4  # letters of a word that may be mistyped


@dataclass(frozen=True, slots=True)
class Comparison:
    """A stretch of words (``first`` to ``last``) beside alleged ones.

    ``likeness`` is the share of both that agrees, words of grammar counting less; ``covered`` the
    share of the alleged words that does; ``runs`` how many words each run in common has.
    """

    first: int
    last: int
    likeness: float
    covered: float
    runs: tuple[int, ...]

    @property
    def rank(self) -> float:
        """How near it is, for choosing among several."""
        return self.likeness + 0.3 * self.covered


def find(alleged: Sequence[Word], words: Sequence[Word]) -> list[int]:
    """Where alleged words stand together and in order."""
    asked, held = norms(alleged), norms(words)
    size = len(asked)
    if not size or size > len(held):
        return []
    head = asked[0]
    return [
        at
        for at in range(len(held) - size + 1)
        if held[at] == head
        and held[at : at + size] == asked
        and all(turns_alike(word, words, at + n) for n, word in enumerate(alleged))
    ]


def compare(alleged: Sequence[Word], words: Sequence[Word]) -> Comparison | None:
    """The stretch that alleged words come nearest to, within a sentence or over some that follow
    one another; None where they share no telling word.
    """
    telling = set(norms(alleged)) - stop_words()
    if not telling & set(norms(words)):
        return None
    starts = [n for n, word in enumerate(words) if n == 0 or word.begins]
    bounds = [*starts, len(words)]
    own = 1 + sum(word.begins for word in alleged[1:])
    counts = [
        (len(telling & set(norms(words[first:last]))), n)
        for n, (first, last) in enumerate(pairwise(bounds))
    ]
    near = {n - d for count, n in nlargest(_STARTS, counts) if count for d in (0, 1, own - 1)}
    found = []
    for size in sorted({1, 2, own - 1, own, own + 1} & set(range(1, len(bounds)))):
        for n in sorted(near & set(range(len(bounds) - size))):
            first, last = bounds[n], bounds[n + size]
            if telling & set(norms(words[first:last])):
                made = _compared(alleged, words[first:last])
                if made is not None:
                    found.append(replace(made, first=made.first + first, last=made.last + first))
    return max(found, key=lambda one: one.rank, default=None)


def _compared(alleged: Sequence[Word], words: Sequence[Word]) -> Comparison | None:
    asked, held = norms(alleged), norms(words)
    swapped = _shuffled(asked, held)
    if swapped is not None:
        return swapped
    blocks = [code for code in Levenshtein.opcodes(asked, held) if code.tag == "equal"]
    if not blocks:
        return None
    spans = _kept([(b.src_start, b.src_end, b.dest_start, b.dest_end) for b in blocks], asked)
    head, tail = spans[0], spans[-1]
    first = head[2]
    for _ in range(head[0]):  # words before the first in common: as many, in the same sentence
        if first == 0 or words[first].begins:
            break
        first -= 1
    last = tail[3]
    for _ in range(len(asked) - tail[1]):
        if last == len(held) or words[last].begins:
            break
        last += 1
    return _measured(asked, held, first, last)


def _shuffled(asked: Sequence[str], held: Sequence[str]) -> Comparison | None:
    """All of the words, where (nearly) the same ones stand in another order."""
    if len(asked) < _WORDS or asked == held:
        return None
    one, other = Counter(map(_rough, asked)), Counter(map(_rough, held))
    common = sum(_worth(word) * n for word, n in (one & other).items())
    total = sum(map(_worth, asked)) + sum(map(_worth, held))
    likeness = 2 * common / total if total else 0.0
    if likeness < _SHUFFLED:
        return None
    ordered = _measured(asked, held, 0, len(held))
    return (
        ordered
        if ordered.likeness >= likeness - 0.05
        else Comparison(0, len(held), likeness, common / sum(map(_worth, asked)), ordered.runs)
    )


def _rough(word: str) -> str:
    """A word without what its form adds, for comparing words in another order."""
    return word if len(word) <= LONG or word in stop_words() else word[: max(LONG, len(word) - 3)]


def _kept(
    spans: list[tuple[int, int, int, int]], asked: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Runs in common without those at an end that are chance: a word or two, far off."""
    while len(spans) > 1 and _is_chance(spans[0], spans[1], asked):
        spans = spans[1:]
    while len(spans) > 1 and _is_chance(spans[-1], spans[-2], asked):
        spans = spans[:-1]
    return spans


def _is_chance(
    one: tuple[int, int, int, int], next_one: tuple[int, int, int, int], asked: Sequence[str]
) -> bool:
    left, right = (one, next_one) if one[2] < next_one[2] else (next_one, one)
    gap = (right[2] - left[3]) - (right[0] - left[1])
    telling = sum(word not in stop_words() for word in asked[one[0] : one[1]])
    return gap > _FAR and (one[1] - one[0] < 3 or telling < 1)


def _measured(asked: Sequence[str], held: Sequence[str], first: int, last: int) -> Comparison:
    inside = held[first:last]
    common = [
        inside[code.dest_start : code.dest_end]
        for code in Levenshtein.opcodes(asked, inside)
        if code.tag == "equal"
    ]
    agreed = sum(_worth(word) for run in common for word in run)
    own, theirs = sum(map(_worth, asked)), sum(map(_worth, inside))
    likeness = 2 * agreed / (own + theirs) if own + theirs else 0.0
    runs = tuple(len(run) for run in common)
    return Comparison(first, last, likeness, agreed / own if own else 0.0, runs)


def _worth(word: str) -> float:
    return _STOP if word in stop_words() else 1.0
