"""Are two quotations the same claim, told by two outlets? By alignment, never over a changed
negation, number or name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA, Levenshtein

from bot.domain.text import fold
from bot.search.terms import search_words, stop_words

SHINGLE = 4
"""Words of a shingle."""
CONTAINED = 0.5
"""Share of the shorter one's shingles that the longer one must hold (Broder 1997, containment)."""
_WORD = re.compile(r"[^\W_]+")
_CONTRACTED = re.compile(r"n[’']t\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?;:…]")
_SHORT, _SHORTEST = (
    35,
    4,
)  # characters below which only one person's words are compared; words below which none are
_LOOSE = 0.3  # share of the words in common that may be put in or left out between them
_ENDS = 2  # words in which both may differ at one end
_SLIP, _LONG = (
    0.72,
    4,
)  # least likeness of a typing mistake or an inflection, in words of so many letters


@dataclass(frozen=True, slots=True)
class _Token:
    """A word: folded, whether it is a name, whether a clause begins with it."""

    word: str
    name: bool
    begins: bool


def same_claim(one: str, other: str, same_speaker: bool = False) -> bool:
    """Do two quotations say the same, typography, cuts, incises and slips aside?

    ``same_speaker``: both are known to be one person's; shorter ones are compared then.
    """
    left, right = _tokens(one), _tokens(other)
    shorter = min(one, other, key=len)
    least = min(len(left), len(right))
    if least < _SHORTEST or (len(shorter) < _SHORT and not same_speaker):
        return False
    first, second = [t.word for t in left], [t.word for t in right]
    if first == second:
        return True
    if (
        _containment(first, second) < CONTAINED
        and OSA.normalized_similarity(first, second) < 1 - _LOOSE
    ):
        return False
    return _agree(left, right)


def _tokens(text: str) -> list[_Token]:
    """The words of a text; what speech leaves out of a negation is left out."""
    found: list[_Token] = []
    text = _CONTRACTED.sub(" not", text)
    position = 0
    for match in _WORD.finditer(text):
        word, between = fold(match.group()), text[position : match.start()]
        position = match.end()
        if word in search_words("silent_negation"):
            continue
        sentence = not found or _STOP.search(between) is not None
        name = match.group()[0].isupper() and not sentence and len(word) > 1
        found.append(_Token(word, name, sentence or "," in between))
    return found


def _containment(first: Sequence[str], second: Sequence[str]) -> float:
    one, other = _shingles(first), _shingles(second)
    return len(one & other) / max(1, min(len(one), len(other)))


def _shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    size = min(SHINGLE, len(words))
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)}


def _agree(left: Sequence[_Token], right: Sequence[_Token]) -> bool:
    """Do two texts that share much differ in nothing that changes what is said?"""
    codes = list(Levenshtein.opcodes([t.word for t in left], [t.word for t in right]))
    equal = [at for at, code in enumerate(codes) if code.tag == "equal"]
    if not equal:
        return False
    loose = common = 0
    for at, code in enumerate(codes):
        one, other = left[code.src_start : code.src_end], right[code.dest_start : code.dest_end]
        if code.tag == "equal":
            common += len(one)
        elif at < equal[0] or at > equal[-1]:
            if not _only_cut(one, other, before=at < equal[0]):
                return False
        elif one and other:
            if len(one) != len(other) or not all(map(_same_word, one, other)):
                return False
        elif any(map(_tells, (*one, *other))):
            return False
        else:
            loose += len(one) + len(other)
    return loose <= _LOOSE * common


def _only_cut(one: Sequence[_Token], other: Sequence[_Token], before: bool) -> bool:
    """At one end: is only one of them longer, without a negation that the words in common hang
    on?
    """
    if min(len(one), len(other)) > _ENDS:
        return False
    if one and other and not (len(one) == len(other) and all(map(_same_word, one, other))):
        return False
    longer = one if len(one) >= len(other) else other
    clauses = [at for at, token in enumerate(longer) if token.begins]
    beside = (
        longer[max(clauses, default=0) :] if before else longer[: min(_ENDS, *clauses, len(longer))]
    )
    return not any(token.word in _negations() for token in beside)


def _same_word(one: _Token, other: _Token) -> bool:
    """Is one a slip or another form of the other?"""
    if one.word == other.word:
        return True
    if any(
        short.word == whole.word[: len(short.word)] and _is_elided(short)
        for short, whole in ((one, other), (other, one))
    ):
        return other.word in stop_words() and one.word in stop_words()  # "c’est" and "ce n’est pas"
    if _tells(one) or _tells(other) or one.word in stop_words() or other.word in stop_words():
        return False
    if min(len(one.word), len(other.word)) < _LONG:
        return False
    return OSA.normalized_similarity(one.word, other.word) >= _SLIP


def _is_elided(token: _Token) -> bool:
    return len(token.word) == 1 or token.word == "qu"


def _tells(token: _Token) -> bool:
    """Does the sentence say something else without this word: a negation, a number, a name?"""
    return token.name or any(map(str.isdigit, token.word)) or token.word in _telling()


@cache
def _negations() -> frozenset[str]:
    return search_words("negations")


@cache
def _telling() -> frozenset[str]:
    return search_words("negations", "numerals")
