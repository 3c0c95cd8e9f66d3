"""Cues whose verb stands before its subject: "a dit le maire", "said the mayor", "dit-il"."""

from __future__ import annotations

import re

from bot.extraction.chunker import noun_phrase
from bot.extraction.clause import COMPLEMENT, NOUN, SAYS, VERB, Chunk, Clauses
from bot.extraction.cue import Cue
from bot.extraction.phrase import Phrase, Range
from bot.extraction.sentence import Sentence
from bot.extraction.subjects import may_speak, subject_after
from bot.languages import tags

_AFTER_QUOTE = re.compile(r"Q[,.-]?(?:[hp],?)?$")


_POSTPOSED = re.compile(r"(?:Q[,.]?|(?<!Q),)n(?:,[^Q;:]{1,10}?,|\([^)]*\),?)?[hc]*$")


_CLOSING = re.compile(r"n?(?:[hpe]|,?\([^)]*\))*(?:[.,]|$)")


_ENDS_SUBJECT = ("", ".", ",", ";", ":", "h", "p", "r", "(", "x", "-", "g")


# ---- the words came before: « … », a déclaré X
def inverted(c: Clauses, number: int) -> Cue | None:
    chunk = c.chunks[number]
    if chunk.verb is None or chunk.kind not in (SAYS, VERB):
        return None
    before = c.kinds[:number]
    quoted = _AFTER_QUOTE.search(before) is not None
    if chunk.verb.inverted is not None:
        return _pronoun_inversion(c, number, quoted)
    if c.s.language.tokens["past_first"]:
        postposed = _postposed(c, number)
        if postposed:
            return postposed
    if chunk.verb.passive or not (quoted or before.endswith((",", ",h", ",x"))):
        return None
    if chunk.kind == VERB and c.s.tags[chunk.verb.at] == tags.AUXILIARY:
        return None
    inside = re.fullmatch("[xhp]*,[hx]?", before) is not None  # "Dans ce cas, ajoutent les élus, …"
    short = (
        re.fullmatch("[xhpan]{1,3},", before) and re.search(r"n[.]?$", c.kinds[number:]) is not None
    )
    whole = bool(set(before) & {SAYS, VERB}) or inside or bool(short)
    if not quoted and not (c.s.tags[chunk.verb.at] in tags.WITH_CLAUSE and whole):
        # "La digue tiendra, a assuré X" holds a clause; "X, maire de Y, a invité Z" does not
        return None
    impersonal = c.s.has("impersonal_cue", chunk.verb.at)
    if impersonal:
        return _heard(c, number)
    return _noun_inversion(c, number, quoted)


def _pronoun_inversion(c: Clauses, number: int, quoted: bool) -> Cue | None:
    s, chunk = c.s, c.chunks[number]
    verb = chunk.verb
    assert verb is not None and verb.inverted is not None  # noqa: S101 for the type checker
    if chunk.kind == VERB and (
        not quoted or (verb.auxiliary and s.tags[verb.at] == tags.AUXILIARY)
    ):
        return None
    word = re.sub(r"^(?:-?t)?-", "", s.words[verb.inverted])
    if s.language.has("impersonal", word):
        return _heard(c, number)
    phrase = Phrase(verb.inverted, verb.inverted + 1, pronoun=word)
    says = s.tags[verb.at] in tags.WITH_CLAUSE + "ey"
    return Cue(
        chunk.first,
        chunk.last,
        (verb.at, verb.at + 1),
        "inverted",
        phrase,
        says,
        cue_text(c, chunk),
        chunk=number,
    )


def _heard(c: Clauses, number: int) -> Cue:
    """ "souffle-t-on à la mairie", "peut-on lire dans le communiqué": the words of whoever is
    named behind it.
    """
    chunk, phrase, last = c.chunks[number], None, c.chunks[number].last
    for following in c.chunks[number + 1 : number + 4]:
        if following.kind not in (COMPLEMENT, NOUN, "h"):
            break
        if following.phrase and following.phrase.pronoun is None:
            phrase, last = _inside(c.s, following.phrase), following.last
            break
    verb = chunk.verb
    at = verb.at if verb else chunk.first
    return Cue(
        chunk.first,
        last,
        (at, at + 1),
        "inverted",
        phrase,
        True,
        cue_text(c, chunk),
        phrase is None,
        "heard",
        number,
    )


def _inside(s: Sentence, phrase: Phrase) -> Phrase:
    """ "au sein du gouvernement", "du côté de la mairie": the body behind a noun that is none."""
    if (
        phrase.name
        or phrase.head is None
        or s.tags[phrase.head] != tags.NOUN
        or s.tag(phrase.head + 1) != tags.GENITIVE
    ):
        return phrase
    return noun_phrase(s, phrase.head + 2) or phrase


def _postposed(c: Clauses, number: int) -> Cue | None:
    """ "… ," Smith, who runs it, told reporters": subject and verb both after the quote."""
    chunk = c.chunks[number]
    if chunk.kind != SAYS or chunk.verb is None:
        return None
    match = _POSTPOSED.search(c.kinds[:number])
    if match is None or c.kinds[number + 1 : number + 2] in ("q", ":"):
        return None
    quoted = match.group()[0] == "Q"
    subject = match.start() + (match.group().index("n"))
    phrase = c.chunks[subject].phrase
    if phrase is None or (not quoted and not _CLOSING.match(c.kinds, number + 1)):
        return None
    if phrase.pronoun is None and not may_speak(c.s, phrase, loose=quoted):
        return None
    return _inverted(c, number, chunk.verb.at, (phrase.first, chunk.last), phrase)


def _noun_inversion(c: Clauses, number: int, quoted: bool) -> Cue | None:
    chunk = c.chunks[number]
    infinitive = re.match("[hp]?i", c.kinds[number + 1 :])  # "a tenté de rassurer le porte-parole"
    verb = number + infinitive.end() if infinitive else number
    subject = subject_after(c, verb, loose=quoted)
    if subject is None or chunk.verb is None:
        return None
    phrase, after = subject
    following = c.kinds[after : after + 1]
    if not quoted and following not in _ENDS_SUBJECT:
        return None
    if quoted and following in ("V", "y", "e") and chunk.kind == VERB:
        return None
    return _inverted(c, number, chunk.verb.at, (chunk.first, phrase.last), phrase)


def _inverted(c: Clauses, number: int, at: int, extent: Range, subject: Phrase) -> Cue:
    """The cue of the verb at a token, over those tokens, with its subject behind or before it."""
    return Cue(
        *extent,
        (at, at + 1),
        "inverted",
        subject,
        c.s.tags[at] in tags.WITH_CLAUSE,
        cue_text(c, c.chunks[number]),
        link="next",
        chunk=number,
    )


def cue_text(c: Clauses, chunk: Chunk) -> str:
    """The words of a verb group that say: reflexive pronoun, auxiliary and verb."""
    s, verb = c.s, chunk.verb
    assert verb is not None  # noqa: S101 for the type checker
    pieces = []
    start = verb.auxiliary[0] if verb.auxiliary else verb.at
    if verb.reflexive:
        start -= 1
    if verb.auxiliary:
        pieces.append((start, verb.auxiliary[1]))
        pieces.append((verb.at, verb.at + 1) if verb.at >= verb.auxiliary[1] else (0, 0))
    else:
        pieces.append((start, verb.at + 1))
    words = " ".join(" ".join(s.raw(*piece).split()) for piece in pieces if piece[0] < piece[1])
    return words.replace("' ", "'").replace("’ ", "’")
