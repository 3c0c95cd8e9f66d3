"""The subject of a verb group: before it, beyond insertions and relative clauses, or behind it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.extraction.clause import NOUN, SAYS, VERB, Clauses
from bot.extraction.names import is_person
from bot.extraction.phrase import Phrase
from bot.extraction.sentence import Sentence
from bot.languages import tags

_PASSED = 8  # chunks that may stand between a subject and its verb
_SEGMENT = 14  # chunks that an insertion between commas may hold


# ---- subjects
def subject_before(c: Clauses, number: int) -> tuple[Phrase | None, str]:
    """The subject of the verb group that is chunk ``number``, and how it was found.

    "" none, "next" beside it, "apposed" before an insertion, "relative" the noun a relative clause
    hangs on, "impersonal" nobody ("il a été dit").
    """
    j = number - 1
    while j >= 0 and c.kinds[j] in "hc":
        j -= 1
    kind = c.kinds[j] if j >= 0 else ""
    if kind == tags.IMPERSONAL:
        return None, "impersonal"
    if kind == tags.RELATIVE:
        return _antecedent(c, j), "relative"
    if kind == NOUN:
        return _beside(c, j, number)
    k = j
    while k >= 0 and c.kinds[k] in "phe)(vad" and j - k < _PASSED:
        k -= 1
    if 0 <= k < j and c.kinds[k] == NOUN:
        return _joined(c, k), "next"
    if kind and kind in ",)-":
        return _before_insertion(c, j), "apposed"
    relative = _before_relative(c, number)
    return relative, "relative clause between" if relative else ""


def _beside(c: Clauses, j: int, number: int) -> tuple[Phrase | None, str]:
    """The noun right before a verb, unless it ends a relative clause ("la femme qui a alerté les
    secours a dit").
    """
    inside = _IN_RELATIVE.search(c.kinds[: j + 1])
    if inside and c.s.tag(c.chunks[j].first) != tags.PRONOUN:
        whole = _before_relative(c, number)
        if whole:
            return whole, "relative clause between"
    return _joined(c, j), "next"


def _before_relative(c: Clauses, number: int) -> Phrase | None:
    """ "La femme qui a blessé deux passants a dit": the noun before a relative clause that has its
    own verb.
    """
    for j in range(number - 1, max(-1, number - _SEGMENT), -1):
        if c.kinds[j] in ";:." or (c.kinds[j] in (SAYS, VERB) and SAYS in c.kinds[j + 1 : number]):
            return None
        if c.kinds[j] == tags.RELATIVE and j and c.kinds[j - 1] == NOUN:
            return _joined(c, j - 1) if set(c.kinds[j:number]) & {SAYS, VERB} else None
    return None


def _joined(c: Clauses, j: int) -> Phrase | None:
    """A noun phrase with what it stands beside: "X et Y", "le maire, Luc Roux"."""
    phrase = c.chunks[j].phrase
    if phrase is None:
        return None
    left = c.chunks[j - 2].phrase if j >= 2 else None
    if left and c.kinds[j - 2] == NOUN and c.kinds[j - 1] == "x" and _can_join(c.s, left, phrase):
        if _one_bearer(c.s, left, phrase):
            return replace(left, last=phrase.last, common=(left.first, phrase.last))
        if not (j >= 3 and c.kinds[j - 3] in "pPV"):
            return coordinate(left, phrase)
    if (
        left
        and c.kinds[j - 2 : j] == "n,"
        and phrase.name
        and left.common
        and not left.name
        and not phrase.common
    ):
        if left.head is not None and c.s.tag(left.head) in tags.SPEAKERS:
            return replace(left, last=phrase.last, name=phrase.name)
    return phrase


def _can_join(s: Sentence, left: Phrase, right: Phrase) -> bool:
    """May two phrases speak together?"""

    def animate(phrase: Phrase) -> bool:
        return phrase.pronoun is None and bool(
            phrase.name or (phrase.head is not None and s.tag(phrase.head) in "RCOaT")
        )

    return animate(left) and animate(right)


def _one_bearer(s: Sentence, left: Phrase, right: Phrase) -> bool:
    """ "the former senator and current nominee": two roles under one article are one person's."""
    roles = all(
        p.name is None and p.head is not None and s.tag(p.head) == tags.ROLE for p in (left, right)
    )
    return roles and s.tag(left.first) in ("l", "D") and s.tag(right.first) not in ("l", "D")


def coordinate(left: Phrase, right: Phrase) -> Phrase:
    """ "X et Y" as one phrase."""
    parts = (*(left.members or (left,)), right)
    head = left.head if left.head is not None else left.name[1] - 1 if left.name else right.head
    return Phrase(left.first, right.last, common=(left.first, right.last), head=head, members=parts)


def _antecedent(c: Clauses, relative: int) -> Phrase | None:
    for j in range(relative - 1, max(-1, relative - 6), -1):
        if c.kinds[j] in ";:Q.":
            return None
        phrase = c.chunks[j].phrase
        if phrase and c.kinds[j] in "np" and phrase.pronoun is None:
            return phrase
    return None


def _before_insertion(c: Clauses, close: int) -> Phrase | None:
    """The subject before an insertion that ends at chunk ``close`` ("X, en visite à Y, a dit")."""
    if c.kinds[close] == ")":
        opening = c.kinds.rfind("(", 0, close)
        return _joined(c, opening - 1) if opening > 0 and c.kinds[opening - 1] == NOUN else None
    mark = c.kinds[close]
    for j in range(close - 1, max(-1, close - _SEGMENT), -1):
        if c.kinds[j] in ";:Q":
            return None
        if c.kinds[j] == mark and j and c.kinds[j - 1] in "n)" and close - j > 1:
            before = c.kinds.rfind("(", 0, j) - 1 if c.kinds[j - 1] == ")" else j - 1
            phrase = _joined(c, before) if before >= 0 and c.kinds[before] == NOUN else None
            if phrase is not None:
                return _with_apposed(
                    c.s, phrase, c.chunks[j + 1].phrase if close - j == 2 else None
                )
    last = c.kinds.rfind("(", 0, close) - 1 if c.kinds[close - 1 : close] == ")" else close - 1
    if last < 0 or c.kinds[last] != NOUN:
        return None
    return _joined(c, last) if last == 0 or c.kinds[last - 1] in ",x;:Q(-" else None


def _with_apposed(s: Sentence, phrase: Phrase, inside: Phrase | None) -> Phrase:
    """A subject with the one phrase between commas behind it, which may hold the name meant."""
    if inside is None or inside.name is None or phrase.pronoun is not None:
        return phrase
    if phrase.name is None and phrase.common:
        return replace(phrase, name=inside.name, last=inside.last)
    if phrase.name and is_person(s, *inside.name) and not is_person(s, *phrase.name):
        return inside  # "le président de Debout la Mer, Luc Morel, affirmait"
    return phrase


_IN_RELATIVE = re.compile("nr[chp]*[Vy][hp]*n$")


_ADJUNCTS = re.compile(
    r"[hpeaGgcb]|Ln(?=n)|,[hpeaG]{1,4},|,[^nQ;:,V][^Q;:,V]{0,6},(?=n)|,[hp]{1,3}(?=n)|\([^)]*\)|,(?=n)"
)


def subject_after(c: Clauses, number: int, loose: bool) -> tuple[Phrase, int] | None:
    """The subject that follows a verb group, adjuncts skipped, and the number of the chunk behind
    it.

    ``loose`` lets any noun speak (right beside a quote); else only somebody or a body.
    """
    at = number + 1
    steps = 0
    while steps < 6:
        if at < len(c.chunks) and c.kinds[at] == NOUN:
            phrase = c.chunks[at].phrase
            if phrase is None or phrase.pronoun is not None or not may_speak(c.s, phrase, loose):
                return None
            return _coordinated_after(c, at, phrase)
        match = _ADJUNCTS.match(c.kinds, at)
        if not match:
            return None
        at, steps = match.end(), steps + 1
    return None


def _coordinated_after(c: Clauses, at: int, phrase: Phrase) -> tuple[Phrase, int]:
    """ "ont dit X et Y": joined where the verb is plural or the language does not tell."""
    if c.kinds[at + 1 : at + 3] == "xn" and c.kinds[at + 3 : at + 4] in (
        "",
        ".",
        ",",
        "p",
        "h",
        "(",
    ):
        right = c.chunks[at + 2].phrase
        verb = next((c.chunks[i].verb for i in range(at - 1, -1, -1) if c.chunks[i].verb), None)
        auxiliary = verb.auxiliary[0] if verb and verb.auxiliary else verb.at if verb else 0
        plural = c.s.language.tokens["head_last"] or c.s.language.plural_verb.match(
            c.s.words[auxiliary]
        )
        if right and right.pronoun is None and plural and may_speak(c.s, right, loose=False):
            return coordinate(phrase, right), at + 3
    return phrase, at + 1


def may_speak(s: Sentence, phrase: Phrase, loose: bool) -> bool:
    """Can a phrase be somebody or a body that says something?"""
    if phrase.name or phrase.members:
        return True
    if phrase.head is None:
        return False
    tag = s.tag(phrase.head)
    if tag in tags.SPEAKERS + "T":
        return True
    if tag == tags.QUOTE:
        return s.has("plural_determiner", phrase.first)
    return tag == tags.DETERMINER or (
        loose and (tag in "awe" or (tag == "n" and phrase.first < phrase.head))
    )
