"""Phrases: who or what a sentence's nouns name, whatever cue asks for it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.extraction.apposition import attaches, with_apposition
from bot.extraction.compound import DEEPEST, compound
from bot.extraction.names import (
    ACRONYM,
    after_determiners,
    bracket_end,
    is_person,
    run_end,
    segments,
    skip,
    titled,
)
from bot.extraction.phrase import Phrase, Range
from bot.extraction.sentence import Sentence
from bot.languages import tags

_RELATIVE = 12  # tokens of a relative clause that stands for a noun
_QUOTED_NOUN = 3  # words of a term in marks that stands for a noun
_PREMODIFIERS = 5  # adjectives and numbers that may stand before a noun


def noun_phrase(s: Sentence, at: int, depth: int = 0) -> Phrase | None:
    """The noun phrase that begins at token ``at``, with its complements and the name that belongs
    to it.
    """
    if s.tag(at) == tags.PRONOUN:
        return Phrase(at, at + 1, pronoun=s.words[at])
    if not s.tag(at) or s.tag(at) not in "lDpdahtNTROCKnweG'uvc":
        return None
    start = at
    if s.tag(at) == tags.GENITIVE:  # "des élus", "d'autres fans"
        if not s.has("indefinite", at) and not s.has("other", at + 1):
            return None
        start += 1
    inner = after_determiners(s, start)
    quantified = _quantified(s, start, inner, depth)
    if quantified:
        return replace(quantified, first=at)
    last = s.language.tokens["head_last"]
    phrase = (
        compound(s, start, inner, depth, noun_phrase) if last else _plain(s, start, inner, depth)
    )
    if phrase is None:
        return _bare_determiner(s, at, inner)
    indefinite = any(s.has("indefinite", i) for i in range(at, inner))
    return replace(phrase, first=at, indefinite=indefinite)


def _quantified(s: Sentence, at: int, inner: int, depth: int) -> Phrase | None:
    """ "l'un des clients", "la plupart des élus", "some of the fans": whoever is counted is
    meant.
    """
    noun = inner if s.has("quantifier", inner) else inner - 1
    if noun < at or s.tag(noun + 1) != tags.GENITIVE or depth >= DEEPEST:
        return None
    if noun == inner - 1 and not (inner > at and s.tag(noun) == tags.DETERMINER):
        return None
    among = noun + 2 + (s.tag(noun + 2) == tags.PREPOSITION)
    if any(s.has(key, among) for key in ("oblique_plural", "masculine_plural", "feminine_plural")):
        return with_apposition(
            s, Phrase(at, among + 1, common=(at, among + 1), head=noun, indefinite=True)
        )
    counted = noun_phrase(s, noun + 2, depth + 1)
    if counted is None or counted.pronoun is not None:
        return None
    return replace(counted, first=at, common=(at, counted.last), name=None, indefinite=True)


def _bare_determiner(s: Sentence, at: int, inner: int) -> Phrase | None:
    """ "certains", "d'autres", "plusieurs": a determiner that stands for a noun."""
    alone = (
        inner > at and s.has("pronominal", inner - 1) and s.tag(inner) not in tuple("lDwROCKNdpn")
    )
    return Phrase(at, inner, common=(at, inner), head=inner - 1, indefinite=True) if alone else None


# ---- the noun first (French)
def _plain(s: Sentence, first: int, at: int, depth: int) -> Phrase | None:
    if s.tag(at) == tags.TITLE and s.tag(skip(s, at, tags.TITLE)) == tags.NAME:
        return titled(s, first, at)
    head = _head(s, first, at)
    if head is None and _quoted_noun(s, first, at):
        return Phrase(first, at + 1, common=(first, at + 1), head=at)
    if head is None:
        run = run_end(s, at)
        return _proper(s, first, at, run) if run > at else None
    end, name, title = _after_head(s, head, depth)
    if name:
        return Phrase(first, name[1], name=name, common=(first, name[0]), head=head, title=title)
    if s.has("anaphoric", head) and s.tag(end) == tags.RELATIVE:  # "celle qui dirige l'école"
        stop = re.compile("[,.;:)Q]|$").search(s.tags, end)
        end = min(stop.start() if stop else end, end + _RELATIVE)
        return Phrase(first, end, common=(first, end), head=head)
    return with_apposition(s, Phrase(first, end, common=(first, end), head=head))


def _after_head(s: Sentence, head: int, depth: int) -> tuple[int, Range | None, int | None]:
    """Where the phrase of a head noun ends, the name that belongs to it, and that name's civil
    title.
    """
    end = head + 1
    while True:
        tag = s.tag(end)
        if _modifies(s, end):
            end += 1
        elif tag == tags.NAME:
            end, name = _named(s, head, end, run_end(s, end))
            if name or s.tag(end) != tags.GENITIVE:
                return end, name, None
        elif tag == tags.TITLE and s.tag(end + 1) == tags.NAME and s.tag(head) == tags.ROLE:
            run = run_end(s, end + 1)
            return run, (end + 1, run), end
        elif (
            tag == "("
            and bracket_end(s, end)
            and s.tag(bracket_end(s, end)) == tags.NAME
            and s.tag(head) == tags.ROLE
        ):
            end = bracket_end(s, end)
        elif depth < DEEPEST and _opens_complement(s, end):
            start = end + (tag == tags.CONJUNCTION)
            follow, name = _complement(s, head, start, depth)
            if name:
                return follow, name, None
            if follow == start:
                return end, None, None
            end = follow
        else:
            return end, None, None


def _modifies(s: Sentence, at: int) -> bool:
    """An adjective, a participle or a second role after the head ("président fondateur")."""
    tag = s.tag(at)
    if not tag or not (
        tag in tags.AFTER_NOUN or (tag == tags.ROLE and s.tag(at - 1) in tuple("RCaT"))
    ):
        return False
    clause = s.tag(at + 1) == tags.THAT
    return not (
        clause
        and (tag in "vu" or (tag == tags.WORD and s.language.finite.match(s.words[at]) is not None))
    )


def _quoted_noun(s: Sentence, first: int, at: int) -> bool:
    """A short term in marks that is the noun of its phrase ("les « gilets jaunes » dénoncent")."""
    if first == at and s.tag(first - 1) != tags.GENITIVE:
        return False
    if at not in s.marked or s.tag(at + 1) not in tuple("AVUycrshpPewvu"):
        return False
    marked = s.marked[at]
    return len(s.text[marked.start : marked.end].split()) <= _QUOTED_NOUN


def _opens_complement(s: Sentence, at: int) -> bool:
    """Does "de", another preposition, or "et de" stand here?"""
    tag = s.tag(at)
    if tag == tags.CONJUNCTION:
        return (
            s.tag(at + 1) == tags.GENITIVE
            and s.tag(at + 2) in tuple("lDNn")
            and "p" in s.tags[max(0, at - 4) : at]
        )
    return tag in ("p", "P") or (tag == tags.ACCORDING and s.has("attaching", at))


def _head(s: Sentence, first: int, at: int) -> int | None:
    """The head noun's token, or after an article the adjective that stands for one ("les
    blessés").
    """
    for here in range(at, min(at + _PREMODIFIERS + 1, len(s))):
        tag = s.tags[here]
        if tag in tags.NOUNS + tags.TITLE:
            return here
        if tag == tags.CLITIC and s.has("superlative", here):
            continue
        if tag not in tags.BEFORE_NOUN + "wvu":
            if (
                here > at
                and here > first
                and first < at
                and s.tags[here - 1] in "aewd"
                and tag != tags.NAME
            ):
                return here - 1
            break
    else:
        here = at
    adjective = first < at and s.tag(at) and s.tag(at) in "aew"
    return (
        at
        if adjective and s.tag(at + 1) != tags.NAME
        else (at if adjective and s.tag(at) in "aw" else None)
    )


def _proper(s: Sentence, first: int, at: int, end: int) -> Phrase | None:
    """A name with or without an article; a body's or place's name ends where a person's begins
    ("l'AFP Jo Bran").
    """
    pieces = segments(s, at, end)
    if len(pieces) > 1 and not is_person(s, *pieces[0]):
        if (
            first < at
            and s.tag(first - 1) not in ("P", "p")
            and not ACRONYM.match(s.raw(*pieces[0]))
        ):
            return Phrase(
                first, end, name=pieces[-1], common=(first, pieces[0][1])
            )  # "le Lyonnais Luc Roux"
        end = pieces[0][1]
    elif (
        s.tag(end) == tags.GENITIVE
        and first < at
        and s.tag(end + 1) == tags.NAME
        and not is_person(s, at, end)
    ):
        end = segments(s, end + 1, run_end(s, end + 1))[0][1]  # "l'Union de Valmont"
    phrase = Phrase(first, end, name=(at, end))
    role = noun_phrase(s, end, DEEPEST) if s.tag(end) == tags.ROLE and first < at else None
    return replace(phrase, last=role.last) if role and role.name is None else phrase


def _named(s: Sentence, head: int, at: int, end: int) -> tuple[int, Range | None]:
    """Where a noun and the name run after it end, and the name that is the noun's own."""
    pieces = segments(s, at, end)
    last = pieces[-1]
    if len(pieces) == 1 and ACRONYM.match(s.raw(*last)):
        return end, None  # "le président PS du conseil"
    if s.tag(head) == tags.ROLE and (at - head <= 2 or is_person(s, *last) or len(pieces) > 1):
        if len(pieces) > 1 or at == head + 1 or is_person(s, *last) or s.tags[at - 1] in "aewRvu":
            return end, last
    if is_person(s, *last) and len(pieces) == 1:
        if s.word(head) in s.language.set("nouns", "named_after"):
            return end, None
        known = s.tag(head) == tags.NOUN and at - head <= 2 and last[1] - last[0] > 1
        beside = s.tag(head - 1) and s.tag(head - 1) in "lDa" and s.tag(head - 2) not in ("P", "p")
        return (end, last) if known and beside else (at, None)
    return pieces[0][1] if is_person(s, *last) else end, None


def _complement(s: Sentence, head: int, at: int, depth: int) -> tuple[int, Range | None]:
    """A complement that begins with a preposition: where it ends, and the name after it that is the
    head's own.
    """
    if s.tag(at) != tags.GENITIVE and not attaches(s, head, at):
        return at, None
    start = after_determiners(s, at + 1)
    role = s.tag(head) == tags.ROLE
    if s.tag(start) == tags.NAME:
        return _name_complement(s, start, role)
    inner = noun_phrase(s, at + 1, depth + 1)
    if inner is None or inner.pronoun is not None or inner.last <= at + 1:
        return at, None
    return _phrase_complement(s, inner, role)


def _name_complement(s: Sentence, start: int, role: bool) -> tuple[int, Range | None]:
    """A complement that is a name, perhaps with the head's own behind it."""
    end = run_end(s, start)
    pieces = segments(s, start, end)
    if len(pieces) > 1:
        if role:
            return end, pieces[-1]  # "le maire de Valmont Luc Roux"
        if is_person(s, *pieces[-1]):
            return pieces[-1][0], None
    while s.tag(end) == tags.ADJECTIVE:  # "des Affaires européennes"
        end += 1
    run = run_end(s, end)
    if role and (run > end + 1 or (run > end and is_person(s, end, run))):
        return run, (end, run)
    return end, None


def _phrase_complement(s: Sentence, inner: Phrase, role: bool) -> tuple[int, Range | None]:
    """A complement that is a noun phrase, perhaps with the head's own name behind or in it."""
    if s.tag(inner.last - 1) == "," and inner.common:
        inner = replace(inner, last=inner.common[1])
    own = inner.head is not None and s.tag(inner.head) == tags.ROLE
    if not role:
        return inner.last, None
    if inner.name:
        bears = not own and inner.common is not None and is_person(s, *inner.name)
        return inner.last, inner.name if bears else None
    end = run_end(s, inner.last)
    if end > inner.last and is_person(s, inner.last, end):
        return end, (inner.last, end)  # "le préfet de police Michel Roux"
    return inner.last, None
