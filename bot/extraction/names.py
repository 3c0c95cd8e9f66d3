"""Runs of capitalised words: whose name they are, where one name ends and another begins; and steps
over tokens.
"""

from __future__ import annotations

import re

from bot.domain.text import fold
from bot.extraction.phrase import Phrase, Range
from bot.extraction.sentence import Sentence
from bot.languages import tags

ACRONYM = re.compile(r"(?=.*[A-ZÀ-Ý].*[A-ZÀ-Ý])[A-ZÀ-Ý0-9&.]{2,}$|[A-ZÀ-Ý]+\d+$")


def after_determiners(s: Sentence, at: int) -> int:
    while s.tag(at) and s.tag(at) in tags.ARTICLES:
        at += 1
    return at


def run_end(s: Sentence, at: int) -> int:
    """Where the run of name tokens that begins at ``at`` ends."""
    while s.tag(at) == tags.NAME:
        at += 1
    return at


def bracket_end(s: Sentence, at: int) -> int:
    """The token after the bracket that opens at ``at``; 0 where it never closes."""
    close = s.tags.find(")", at, at + 12)
    return close + 1 if close > 0 else 0


def skip(s: Sentence, at: int, kinds: str) -> int:
    while s.tag(at) and s.tag(at) in kinds:
        at += 1
    return at


# ---- names
def is_person(s: Sentence, first: int, last: int) -> bool:
    """Is a run of name tokens a full name: with a first name, or known as one in the article?"""
    if last - first < 2 or first >= len(s):
        return last - first == 1 and fold(s.raw(first, last)) in s.people
    return s.language.is_first_name(s.words[first]) or fold(s.raw(first, last)) in s.people


def segments(s: Sentence, first: int, last: int) -> list[Range]:
    """A run of name tokens cut where a person's name begins after another name ("Valmont Luc
    Roux").
    """
    if last - first < 2 or fold(s.raw(first, last)) in s.people:
        return [(first, last)]
    for cut in range(first + 1, last):
        if _begins_person(s, first, cut, last):
            return [(first, cut), (cut, last)]
    return [(first, last)]


def _begins_person(s: Sentence, first: int, cut: int, last: int) -> bool:
    if s.words[cut] in s.language.set("names", "particle") or s.words[cut - 1] in s.language.set(
        "names", "particle"
    ):
        return False
    known = s.language.is_first_name(s.words[first])
    if last - cut >= 2 and fold(s.raw(cut, last)) in s.people and not (known and cut - first < 2):
        return True
    acronym = ACRONYM.match(s.raw(cut - 1, cut)) is not None
    if (
        acronym
        and s.raw(cut, cut + 1)[1:2].islower()
        and (last - cut >= 2 or is_person(s, cut, last))
    ):
        return True
    if (
        last - cut == 1
        and not known
        and s.tag(last) in ("", ",", "(", ".")
        and s.language.is_first_name(s.words[cut])
    ):
        return cut - first > 1 or s.tag(first - 1) in tuple("lOD")
    return last - cut >= 2 and s.language.is_first_name(s.words[cut]) and not known


def titled(s: Sentence, first: int, at: int) -> Phrase | None:
    """ "M. Roux", "Me Ana Roy"."""
    name = at + 1
    while s.tag(name) == tags.TITLE:
        name += 1
    end = run_end(s, name)
    if end == name:
        return (
            Phrase(first, name, common=(first, name), head=at) if first < at or name > at else None
        )
    return Phrase(first, end, name=(name, end), title=at)
