"""A sentence as a row of chunks, noun phrases and verb groups among them; and the subject of each
verb group.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.text import fold
from bot.extraction.chunker import noun_phrase
from bot.extraction.phrase import Phrase
from bot.extraction.sentence import Sentence
from bot.languages import tags
from bot.languages.written import months

NOUN, COMPLEMENT, ADVERB = "n", "p", "h"
SAYS, VERB, GERUND, OTHER_GERUND, INFINITIVE, OTHER_INFINITIVE, PARTICIPLE = (
    "V",
    "y",
    "g",
    "G",
    "i",
    "j",
    "e",
)
_FAR = 8  # tokens between an auxiliary and its participle


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb group: its lexical verb's token, the auxiliary's tokens, and what its form tells."""

    at: int
    auxiliary: tuple[int, int] | None = None
    passive: bool = False
    reflexive: bool = False
    inverted: int | None = None
    """The token of a pronoun that follows its verb ("a-t-il", "lance-t-elle")."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens ``first:last`` as one thing; ``kind`` is a chunk kind or the tag of a sign or
    conjunction.
    """

    kind: str
    first: int
    last: int
    phrase: Phrase | None = None
    verb: Verb | None = None


@dataclass(slots=True)
class Clauses:
    """A sentence's chunks in order; ``kinds`` is one character each."""

    s: Sentence
    chunks: list[Chunk]
    kinds: str

    def at_token(self, token: int) -> int:
        """The number of the chunk that holds a token, or of the first one behind it."""
        return next(
            (i for i, chunk in enumerate(self.chunks) if chunk.last > token), len(self.chunks)
        )


def parse(s: Sentence) -> Clauses:
    """Cut a sentence into chunks, once."""
    if isinstance(s.parsed, Clauses):
        return s.parsed
    chunks: list[Chunk] = []
    at = 0
    while at < len(s):
        chunk = _chunk(s, at)
        chunks.append(chunk)
        at = chunk.last
    s.parsed = found = Clauses(s, chunks, "".join(chunk.kind for chunk in chunks))
    return found


def _chunk(s: Sentence, at: int) -> Chunk:
    tag = s.tags[at]
    if tag in "cAVUyvugGijes" or (tag == tags.DEFINITE and s.tag(at + 1) in tuple("AVUy")):
        group = _verb_group(s, at)
        if group:
            return group
    if tag in "lDpdahtNTROCKnwevuS":
        moment = _time(s, at)
        if moment > at:
            return Chunk(ADVERB, at, moment)
        if tag == tags.GENITIVE and s.tag(at + 1) in tuple("ij"):
            return Chunk(
                INFINITIVE if s.tag(at + 1) == tags.INFINITIVE else OTHER_INFINITIVE,
                at,
                at + 2,
                verb=Verb(at + 1),
            )
        phrase = noun_phrase(s, at)
        if phrase and (tag != tags.GENITIVE or phrase.indefinite) and phrase.last > at:
            return Chunk(NOUN, at, phrase.last, phrase=phrase)
    if tag in "pP":
        phrase = noun_phrase(s, at + 1)
        if phrase:
            moment = _time(s, at + 1)
            return Chunk(COMPLEMENT, at, max(phrase.last, moment), phrase=phrase)
        return Chunk(ADVERB, at, at + 1)
    if tag in "ht":
        return Chunk(ADVERB, at, at + 1)
    return Chunk(tag, at, at + 1)


def _time(s: Sentence, at: int) -> int:
    """Where an expression of time that begins at ``at`` ends ("dimanche soir", "ce jeudi", "le 4
    mars"); ``at``: none.
    """
    end = at + s.has("time_part", at)
    while s.tag(end) and s.tag(end) in "lDd":
        end += 1
    if s.has("time_noun", end) or s.tag(end) == tags.TIME:
        end += 1
        while s.tag(end) and (s.tag(end) in "td" or s.has("time_after", end)):
            end += 1
        return end
    if end > at and fold(s.word(end)).rstrip(".") in months():
        return end + 1 + (s.tag(end + 1) == tags.NUMBER)
    return at


# ---- verb groups
def _verb_group(s: Sentence, at: int) -> Chunk | None:
    start = at
    while s.tag(at) and (s.tag(at) == tags.CLITIC or (s.tag(at) == tags.DEFINITE and at == start)):
        at += 1
    tag = s.tag(at)
    reflexive = at > start and any(s.has("reflexive", i) for i in range(start, at))
    if tag == tags.AUXILIARY:
        return _with_auxiliary(s, start, at, reflexive)
    if tag in ("V", "U", "y"):
        inverted = at + 1 if s.tag(at + 1) == tags.INVERSION else None
        verb = Verb(at, reflexive=reflexive, inverted=inverted)
        return Chunk(
            VERB if tag == tags.FINITE else SAYS, start, at + 1 + (inverted is not None), verb=verb
        )
    if tag in ("g", "G", "i", "j"):
        return Chunk(tag, start, at + 1, verb=Verb(at, reflexive=reflexive))
    if tag in ("v", "u", "e"):
        return Chunk(
            "v" if tag in "vu" else PARTICIPLE, start, at + 1, verb=Verb(at, reflexive=reflexive)
        )
    return (
        Chunk(ADVERB, start, max(at, start + 1)) if start == at or tag not in ("i", "j") else None
    )


def _with_auxiliary(s: Sentence, start: int, at: int, reflexive: bool) -> Chunk:
    """An auxiliary, its inverted pronoun if any, and its participle, wherever that stands in the
    next few tokens.
    """
    last, inverted, been = at, None, s.has("passive", at)
    while s.tag(last + 1) == tags.AUXILIARY:
        last += 1
        been = been or s.has("passive", last)
    end = last + 1
    if s.tag(end) == tags.INVERSION:
        inverted, end = end, end + 1
    participle = _participle(s, end)
    if participle is None:
        return Chunk(
            VERB,
            start,
            end,
            verb=Verb(last, (at, last + 1), reflexive=reflexive, inverted=inverted),
        )
    been = been or any(s.has("passive", i) for i in range(end, participle))
    past = s.tags[participle] in "vueVU" and not reflexive and been
    verb = Verb(
        participle, (at, last + 1), past and not s.has("be_active", participle), reflexive, inverted
    )
    return Chunk(SAYS if s.tags[participle] in "vuVUgi" else VERB, start, participle + 1, verb=verb)


def _participle(s: Sentence, at: int) -> int | None:
    end = min(at + _FAR, len(s))
    while at < end:
        tag = s.tags[at]
        if tag in "vueVU" or (tag == "g" and s.language.tokens["head_last"]):
            if tag == "e" and s.tag(at + 1) in ("v", "u"):
                return at + 1
            return at
        if tag in "yj" and s.language.tokens["head_last"]:
            return at
        if tag in "hct" or (tag == tags.AUXILIARY and s.has("passive", at)):
            at += 1
        elif tag in "Pp":
            phrase = noun_phrase(s, at + 1, 2)
            if phrase is None or phrase.last >= end:
                return None
            at = phrase.last
        elif tag == "," and 0 < s.tags.find(",", at + 1, end) < (
            s.tags.find("Q", at) + 1 or end + 1
        ):
            at = s.tags.index(",", at + 1) + 1
        elif tag == "w" and s.language.participle.match(s.words[at]):
            return at
        else:
            return None
    return None
