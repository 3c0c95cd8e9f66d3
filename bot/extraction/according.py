"""Cues without a verb: « selon X », "according to X"."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.extraction.chunker import noun_phrase
from bot.extraction.clause import Clauses
from bot.extraction.cue import Cue
from bot.extraction.phrase import Phrase
from bot.extraction.sentence import Sentence
from bot.extraction.subjects import may_speak
from bot.languages import tags


# ---- selon X
def according_cue(c: Clauses, number: int) -> Cue | None:
    s, chunk = c.s, c.chunks[number]
    at = chunk.first
    if chunk.kind == tags.ACCORDING_OWN:
        pronoun = Phrase(at, at + 1, pronoun=s.words[at].split()[-1])
        text = s.raw(at, at + 1).rsplit(" ", 1)[0]
        return Cue(
            at, at + 1, (at, at + 1), "according", pronoun, True, text, link="next", chunk=number
        )
    if chunk.kind != tags.ACCORDING:
        return None
    said = _according_to_what(s, at)
    if said is not None:
        return _cue(c, number, said, at + 2, "of what")
    phrase = _oblique(s, at + 1) or noun_phrase(s, at + 1)
    if phrase is None or (s.has("opinion", at) and not _opinion(s, at, phrase)):
        return None
    if not (phrase.pronoun or may_speak(s, phrase, loose=False) or _reports(s, phrase)):
        return None  # "selon toute vraisemblance"
    phrase = _without_subject(c, number, phrase)
    return _cue(c, number, phrase, phrase.last, "next")


def _cue(c: Clauses, number: int, source: Phrase, last: int, link: str) -> Cue:
    at = c.chunks[number].first
    words = c.s.raw(at, at + 1)
    return Cue(at, last, (at, at + 1), "according", source, True, words, link=link, chunk=number)


def _reports(s: Sentence, phrase: Phrase) -> bool:
    """ "selon les chiffres", "d'après leurs affirmations": no speaker, and yet a source."""
    word = s.words[phrase.head] if phrase.head is not None else ""
    return word in s.language.set("nouns", "figures") or word in s.language.set("nouns", "saying")


def _without_subject(c: Clauses, number: int, phrase: Phrase) -> Phrase:
    """ "Selon le maire, Luc Roux, ancien député, est …": the name before a verb is the clause's
    subject.
    """
    if not (
        phrase.name
        and phrase.common
        and c.s.tag(phrase.name[0] - 1) == ","
        and c.s.tag(phrase.last - 1) == ","
    ):
        return phrase
    rest = c.kinds[c.at_token(phrase.last) :]
    if re.match(r"(?:[^,;:Q]{1,6},)?[VyQ]", rest) and number <= 1:
        return replace(phrase, name=None, last=phrase.common[1])
    return phrase


def _oblique(s: Sentence, at: int) -> Phrase | None:
    """ "selon eux", "according to her": a pronoun, unless it owns a noun ("according to her
    student").
    """
    keys = ("oblique_masculine", "oblique_feminine", "oblique_plural")
    if s.tag(at + 1) not in ("", ",", ".", ":", "Q", "A", "w", "c", "V", "y", "U"):
        return None
    if not any(s.has(key, at) for key in keys) or (
        s.tag(at) == tags.DETERMINER and s.tag(at + 1) == tags.WORD
    ):
        return None
    return Phrase(at, at + 1, pronoun=s.words[at])


def _according_to_what(s: Sentence, at: int) -> Phrase | None:
    """ "l'affirmation de la défense selon laquelle": whose affirmation it is."""
    if s.tag(at + 1) != tags.RELATIVE:
        return None
    for noun in range(at - 1, max(-1, at - 9), -1):
        if s.words[noun] in s.language.set("nouns", "saying") and s.tag(noun + 1) == tags.GENITIVE:
            phrase = noun_phrase(s, noun + 2)
            return phrase if phrase and phrase.last <= at else None
    return None


def _opinion(s: Sentence, at: int, phrase: Phrase) -> bool:
    """ "Pour X, …" gives an opinion only at a clause's head, with someone who can hold one, before
    a comma or quote.
    """
    ends = s.tag(phrase.last) in ("", ".") and tags.QUOTE in s.tags[max(0, at - 2) : at]
    closed = ends or s.tag(phrase.last) in (",", "Q", ":") or s.tag(phrase.last - 1) == ","
    head = (
        bool(phrase.name)
        or phrase.title is not None
        or (phrase.head is not None and s.tag(phrase.head) in "RCO")
    )
    return head and closed and (at == 0 or s.tag(at - 1) in ",x:h.")
