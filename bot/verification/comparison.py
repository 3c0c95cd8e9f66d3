"""Where alleged words stand among others, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from rapidfuzz.distance import OSA, Levenshtein

from bot.domain.text import fold
from bot.domain.verdict import Edit, EditKind
from bot.languages.language import codes, language
from bot.search.terms import search_words, stop_words
from bot.verification.wording import Word, listed, norms, turns_alike

_SHUFFLED = 0.85  # least share of words in common that may stand in another order
_WORDS = 6  # words of a text that may be another's in another order
_STOP = 0.35  # how much a word of grammar counts beside another
_FAR = 4  # words of a gap behind which a lone word in common is chance
_SLIP = 2  # letters by which a mistyped word may differ
_LONG = 4  # letters of a word that may be mistyped
_TYPED = 8  # words of a text in which a mistyped one is obvious
_INCISE = 7  # words of an incise
_SUBJECTS = frozenset(("il", "elle", "ils", "elles", "on", "he", "she", "they"))
_AUXILIARY = frozenset(("a", "ont", "avait", "said", "says"))
Known = Callable[[str], bool]
"""Is a folded word one of a language, or known from articles?"""


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
    found = []
    for size in sorted({1, 2, own - 1, own, own + 1} & set(range(1, len(bounds)))):
        for n in range(len(bounds) - size):
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
    return word if len(word) <= _LONG or word in stop_words() else word[: max(_LONG, len(word) - 3)]


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


# ---- how they differ
def edits(
    alleged: Sequence[Word], heard: Sequence[Word], place: tuple[int, int], known: Known
) -> tuple[Edit, ...]:
    """Where alleged words differ from the true ones, which stand at a place among those that were
    heard, in order; what is only another spelling is no difference.
    """
    words = heard[slice(*place)]
    asked, held = norms(alleged), norms(words)
    swapped = _is_swap(asked, held)
    found: list[Edit] = []
    for code in Levenshtein.opcodes(asked, held):
        one, other = alleged[code.src_start : code.src_end], words[code.dest_start : code.dest_end]
        if len(one) == len(other):
            pairs = zip(
                one, range(place[0] + code.dest_start, place[0] + code.dest_end), strict=True
            )
            found += [
                Edit("insert" if word.ne else "delete", _ne(word), _ne(heard[at]), "negation")
                for word, at in pairs
                if not turns_alike(word, heard, at)
            ]
        if code.tag == "equal" or _same(one, other) or (not one and _is_incise(other)):
            continue
        op = code.tag if code.tag == "replace" else "insert" if code.tag == "delete" else "delete"
        kind: EditKind
        if code.tag == "replace" and _is_slip(one, other, known, len(asked)):
            kind = "typo"
        else:
            after = [*alleged[code.src_end : code.src_end + 1], *words[code.dest_end :][:1]]
            kind = "swap" if swapped else kind_of(one, other, after)
        found.append(Edit(op, _shown(one), _shown(other), kind))  # type: ignore[arg-type]
    return tuple(found)


def _ne(word: Word) -> str:
    return "ne" if word.ne else ""


def _shown(words: Sequence[Word]) -> str:
    return " ".join(word.raw for word in words)


def _same(one: Sequence[Word], other: Sequence[Word]) -> bool:
    return len(one) == len(other) and all(a.same(b) for a, b in zip(one, other, strict=True))


def _is_incise(words: Sequence[Word]) -> bool:
    """Is what the alleged words leave out only who spoke: ", a-t-elle dit," between commas?"""
    if not 1 < len(words) <= _INCISE or not words[0].breaks or words[0].begins:
        return False
    held = norms(words)
    if not set(held) & _SUBJECTS:
        return False
    return bool(set(held) & search_words("saying")) or held[1] == "t" or held[0] in _AUXILIARY


def _is_swap(asked: Sequence[str], held: Sequence[str]) -> bool:
    """Are they (nearly) the same words in another order?"""
    one, other = Counter(asked), Counter(held)
    apart = list(((one - other) + (other - one)).elements())
    if len(apart) > _SLIP or any(word not in stop_words() for word in apart):
        return False
    changed = [code for code in Levenshtein.opcodes(asked, held) if code.tag != "equal"]
    return any(
        word not in stop_words() for c in changed for word in asked[c.src_start : c.src_end]
    ) and any(word not in stop_words() for c in changed for word in held[c.dest_start : c.dest_end])


def _is_slip(one: Sequence[Word], other: Sequence[Word], known: Known, size: int) -> bool:
    """Is it an obvious typing mistake: in a long text, in a word that is no name, number or
    negation, and what was typed is no word?
    """
    typed, right = "".join(w.norm for w in one), "".join(w.norm for w in other)
    if size < _TYPED or len(other) != 1 or len(one) > 2 or min(len(typed), len(right)) < _LONG:
        return False
    true = other[0]
    if true.capital or any(map(str.isdigit, typed + right)) or true.norm in listed("negations"):
        return False
    if OSA.distance(typed, right) > (_SLIP if len(right) >= _TYPED - 1 else 1):
        return False
    return not any(known(word.norm) for word in one) or len(one) > 1


def kind_of(one: Sequence[Word], other: Sequence[Word], after: Sequence[Word] = ()) -> EditKind:
    """What a difference changes; ``one`` is alleged, ``other`` true; ``after`` follows each."""
    both = [*one, *other]
    only = set(norms(one)) ^ set(norms(other))
    dated = _dated(both, only, after)
    if dated:
        return dated
    if only & listed("negations"):
        return "negation"
    if any(word.capital for word in both):
        return "name"
    if only & listed("quantifiers"):
        return "quantifier"
    if set(norms(both)) & listed("modals") or _is_tense(one, other):
        return "modality"
    return "word" if one and other else "insertion" if one else "deletion"


def _dated(
    both: Sequence[Word], only: set[str], after: Sequence[Word]
) -> Literal["date", "number"] | None:
    """Does a day or a number differ? A number before a month is a day."""
    if any(_is_day(word) for word in both if word.norm in only) or any(map(_is_year, only)):
        return "date"
    digits = any(map(str.isdigit, "".join(only)))
    if digits and any(map(_is_day, after)):
        return "date"
    worded = only & (search_words("numerals") - listed("quantifiers"))
    return "number" if digits or worded else None


def _is_day(word: Word) -> bool:
    """Is it a month or a weekday? "may" is one only with a capital."""
    return word.norm in _calendar() and (
        word.raw[:1].isupper() or word.norm not in listed("modals")
    )


@cache
def _calendar() -> frozenset[str]:
    return frozenset(
        fold(word)
        for code in codes()
        for key in ("months", "weekdays")
        for word in language(code).data["calendar"][key]
    )


def _is_year(word: str) -> bool:
    return len(word) == 4 and word[:2] in ("19", "20") and word.isdigit()


def _is_tense(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Are they forms of one verb?"""
    if len(one) != 1 or len(other) != 1:
        return False
    a, b = one[0].norm, other[0].norm
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    return shared >= max(_LONG, 0.6 * min(len(a), len(b)))
