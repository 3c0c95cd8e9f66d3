"""Noun phrases in languages that put the head of a compound last ("White House press secretary Ruth
Gray").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.extraction.apposition import attaches, with_apposition
from bot.extraction.names import bracket_end, is_person, segments, skip, titled
from bot.extraction.phrase import Phrase
from bot.extraction.sentence import Sentence
from bot.languages import tags

Reader = Callable[[Sentence, int, int], Phrase | None]
"""Reads the noun phrase at a token, so many complements deep."""
DEEPEST = 3  # complements of complements that are still read


_PARTS = frozenset("adwnNROCKTe'vug")


# ---- the noun last (English)
def compound(s: Sentence, first: int, at: int, depth: int, read: Reader) -> Phrase | None:
    """The phrase whose determiners end before token ``at``."""
    if s.tag(at) == tags.TITLE and s.tag(skip(s, at, "T")) == tags.NAME and first == at:
        return _after_name(s, titled(s, first, at))
    end = _compound_end(s, at)
    nouns = [i for i in range(at, end) if s.tags[i] in tags.NOUNS + "T"]
    last_name = next((i for i in range(end - 1, at - 1, -1) if s.tags[i] != tags.NAME), at - 1) + 1
    ends_named = last_name < end and end > at
    if ends_named and (not nouns or s.tags[last_name - 1] in "RCT'a" or last_name == at):
        return _after_name(s, _compound_name(s, first, at, last_name, end, nouns))
    if end > at and s.tags[end - 1] == tags.POSSESSIVE:
        end -= 1
    head = nouns[-1] if nouns else end - 1
    if end == at or s.tags[head] == "'":
        return None
    if not nouns and first == at and s.tags[head] in "aeuv":
        return None
    phrase = _with_complements(s, Phrase(first, end, common=(first, end), head=head), depth, read)
    return phrase if phrase.name else with_apposition(s, phrase)


def _with_complements(s: Sentence, phrase: Phrase, depth: int, read: Reader) -> Phrase:
    """A phrase with the complements behind it, up to a name that is its own."""
    while s.tag(phrase.last) in ("p", "P") and depth < DEEPEST:
        taken = _compound_complement(s, phrase, depth, read)
        if taken is None:
            break
        phrase = taken
        if taken.name:
            break
    return phrase


def _compound_end(s: Sentence, at: int) -> int:
    end = at
    while s.tag(end) in _PARTS:
        tag = s.tag(end)
        if tag in "vue" and end > at and s.tags[end - 1] in "NnROCKT":
            break  # a verb after its subject
        if tag in "vug" and s.tag(end + 1) not in tuple("nROCKNaw"):
            break
        if (
            tag == tags.WORD
            and end > at
            and s.tags[end - 1] in "NROCK"
            and s.language.finite.match(s.words[end])
        ):
            break
        end += 1
    return end


def _compound_name(
    s: Sentence, first: int, at: int, start: int, end: int, nouns: list[int]
) -> Phrase:
    """A name that ends a compound: alone, after a title, or after the role that its bearer
    holds.
    """
    pieces = segments(s, start, end)
    name = pieces[-1]
    title = name[0] - 1 if name[0] > at and s.tags[name[0] - 1] == tags.TITLE else None
    if name[0] == at or (name[0] == first and not nouns):
        return Phrase(first, end, name=name, title=title)
    head = nouns[-1] if nouns and s.tags[nouns[-1]] in "RCT" else None
    common = (
        (first, title if title is not None else name[0]) if first < (title or name[0]) else None
    )
    return Phrase(
        first, end, name=name, common=common if head is not None else None, head=head, title=title
    )


def _after_name(s: Sentence, phrase: Phrase | None) -> Phrase | None:
    """A party in brackets after a name belongs to it ("John Kasich (R)")."""
    if phrase and s.tag(phrase.last) == "(" and 0 < bracket_end(s, phrase.last) <= phrase.last + 5:
        return replace(phrase, last=bracket_end(s, phrase.last))
    return phrase


def _compound_complement(s: Sentence, phrase: Phrase, depth: int, read: Reader) -> Phrase | None:
    at = phrase.last
    if s.tag(at) == tags.PREPOSITION and not (
        phrase.head is not None and attaches(s, phrase.head, at)
    ):
        return None
    inner = read(s, at + 1, depth + 1)
    if inner is None or inner.pronoun is not None:
        return None
    role = phrase.head is not None and s.tag(phrase.head) in ("R", "T")
    if inner.name and role and inner.common is None:
        pieces = segments(s, *inner.name)
        if len(pieces) > 1 and is_person(s, *pieces[-1]):  # "Secretary of State Ruth Gray"
            return replace(
                phrase, last=inner.last, name=pieces[-1], common=(phrase.first, pieces[-1][0])
            )
    last = (
        inner.common[1]
        if inner.common and inner.name and s.tag(inner.last - 1) == ","
        else inner.last
    )
    return replace(phrase, last=last, common=(phrase.first, last))
