"""What stands beside a noun and belongs to it: a complement with a preposition, a name after a
comma.
"""

from __future__ import annotations

from dataclasses import replace

from bot.extraction.names import (
    ACRONYM,
    after_determiners,
    bracket_end,
    is_person,
    run_end,
    segments,
)
from bot.extraction.phrase import Phrase
from bot.extraction.sentence import Sentence
from bot.languages import tags


def attaches(s: Sentence, head: int, at: int) -> bool:
    """May a phrase with this preposition belong to the noun before it ("adjointe à la culture")?"""
    role = s.tag(head) and s.tag(head) in "RC"
    following = s.tag(after_determiners(s, at + 1))
    name = after_determiners(s, at + 1)
    media = s.word(name) in s.language.set("nouns", "audience") or (
        following == tags.NAME and ACRONYM.match(s.raw(name, name + 1)) is not None
    )
    return bool(
        role and s.has("attaching", at) and following and following in "nROCKNwa" and not media
    )


def with_apposition(s: Sentence, phrase: Phrase) -> Phrase:
    """A role takes the name in that stands after a comma ("la maire de Valmont, Ana Roy, …")."""
    head = phrase.head
    if head is None or s.tag(head) not in ("R", "T", "D"):
        return phrase
    comma = bracket_end(s, phrase.last) if s.tag(phrase.last) == "(" else phrase.last
    if s.tag(comma) != ",":
        return phrase
    at = comma + 1 + (s.tag(comma + 1) == tags.TITLE)
    end = run_end(s, at)
    if end == at or len(segments(s, at, end)) > 1 or s.tag(end) not in ("", *",.:;)Q(-cAVUyhxrgG"):
        return phrase
    if not (
        is_person(s, at, end) or s.tag(comma + 1) == tags.TITLE or s.tag(end) in ("", ",", ".")
    ):
        return phrase
    if s.tag(end) == "(" and bracket_end(s, end) and s.tag(bracket_end(s, end)) == ",":
        return replace(phrase, last=bracket_end(s, end) + 1, name=(at, end))
    return replace(phrase, last=end + (s.tag(end) == ","), name=(at, end))
