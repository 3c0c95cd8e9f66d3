"""How alleged words differ from the true ones, and what that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

from rapidfuzz.distance import OSA, Levenshtein

from bot.domain.verdict import Edit, EditKind
from bot.search.terms import search_words, stop_words
from bot.verification.comparison import LONG
from bot.verification.wording import Word, days, listed, norms, turns_alike

_SLIP = 2  # letters by which a mistyped word may differ
_TYPED = 8  # words of a text in which a mistyped one is obvious
_INCISE = 7  # words of an incise
_SAID = 3  # words of "she has said"
_SPEAK = frozenset(("i", "he", "she", "they", "we"))
_SUBJECTS = frozenset(("il", "elle", "ils", "elles", "on", "he", "she", "they"))
Known = Callable[[str], bool]
"""Is a folded word one of a language, or known from articles?"""


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
    if any(word.joined and word.norm in _SUBJECTS for word in words):
        return True  # "a-t-elle dit"
    saying = search_words("saying")
    short = len(held) <= _SAID and (held[0] in _SPEAK or held[0] in saying)
    return short and bool(set(held) & _SPEAK) and bool(set(held) & saying)


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
    if size < _TYPED or len(other) != 1 or len(one) > 2 or min(len(typed), len(right)) < LONG:
        return False
    true = other[0]
    if true.capital or (true.raw[:1].isupper() and not known(true.norm)):
        return False  # a name, also at the head of a sentence
    if any(map(str.isdigit, typed + right)) or true.norm in listed("negations"):
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
    return word.norm in days() and (word.raw[:1].isupper() or word.norm not in listed("modals"))


def _is_year(word: str) -> bool:
    return len(word) == 4 and word[:2] in ("19", "20") and word.isdigit()


def _is_tense(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Are they forms of one verb?"""
    if len(one) != 1 or len(other) != 1:
        return False
    a, b = one[0].norm, other[0].norm
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    return shared >= max(LONG, 0.6 * min(len(a), len(b)))
