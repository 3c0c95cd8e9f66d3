"""Noun phrases and subjects, read from a sentence's tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.extraction.tagging import Sentence
from bot.languages.language import Language

_PRONOUN = re.compile("S")
_NAMED = re.compile("T*N(?:p?N)*")
_HEAD = "[lD]{0,3}(?:(?<=D)p[lD]{0,2})?[wdhvN]*?[ROKC]"
_COMMON = re.compile(_HEAD + "(?:[wdvuROKCN]|T(?!T*N)|[pPL][lDh]*(?=[wNROKCd])|x[lD]+(?=[wRCN]+,T*N))*")
_COMMON_SHORT = re.compile(_HEAD + "(?:[wvuROKCN]|T(?!T*N)|p[lD]*(?=[wNROKCd]))*")
_ANY = re.compile("(?:[lDp][lD]{0,2})[wdvN]+(?:p[lD]*[wNROKCd]+)*")
_APPOSED = re.compile(r"(?:\([^)]*\))?,(T*)(N(?:p?N)*)(?=[,.:)Q-]|$|[cAVUhL])")
_LEADING = re.compile("[xh.,'b-]+")
_COMPOUND = re.compile("[wROKC]*[RT]T*(N(?:p?N)*)")
_OWNER = re.compile("T*[lD]{0,2}[wNROKCd]+'(?=[wNROKCTd])")
_BARE = re.compile("D{1,2}(?=[^lDwROKCNdpQ]|$)")
_ARTICLE_NAME = re.compile("[lD](T*)(N(?:p?N)*)")
_BRACKETED = re.compile(r"(?:\([^)]*\))?T*(N(?:p?N)*)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens ``first:last``, its proper name, its common part, the head noun's token."""

    first: int
    last: int
    name: tuple[int, int] | None = None
    common: tuple[int, int] | None = None
    head: int | None = None
    pronoun: str | None = None
    title: int | None = None


def noun_phrase(s: Sentence, at: int, language: Language, short: bool = False) -> Phrase | None:
    """The noun phrase that begins at token ``at``; ``short`` leaves out prepositional complements but "de"."""
    tags = s.tags
    if at >= len(tags):
        return None
    if tags[at] == "S":
        return Phrase(at, at + 1, pronoun=s.words[at])
    if tags[at] == "p" and s.words[at] in language.words["indefinite"]:
        after = noun_phrase(s, at + 1, language, short)
        return replace(after, first=at, common=(at, after.common[1])) if after and after.common else None
    owner = _OWNER.match(tags, at)
    if owner:  # "the paper's editorial board", "Commentary's Noah Rothman"
        owned = noun_phrase(s, owner.end(), language, short) or _thing_phrase(s, owner.end())
        if owned and owned.name and owned.common is None:
            return replace(owned, first=at)
        return replace(owned, first=at, common=(at, owned.last)) if owned and not owned.name else owned
    named = _NAMED.match(tags, at)
    if named and named.end() > named.start() and tags[at] in "TN":
        return _named(s, named, language)
    common = (_COMMON_SHORT if short else _COMMON).match(tags, at)
    if common and short:  # "sa metteuse en scène, Nadia Roux": take the complement in if it leads to a name
        full = _COMMON.match(tags, at)
        common = full if full and full.end() > common.end() and _APPOSED.match(tags, full.end()) else common
    if common:
        return _common(s, common.start(), common.end(), language)
    named = _ARTICLE_NAME.match(tags, at)
    if named:
        title = named.start(1) if named.group(1) else None
        return Phrase(at, named.end(), name=_person_part(s, *named.span(2), language), title=title)
    bare = _BARE.match(tags, at)
    if bare and s.words[at] in language.words["indefinite"]:
        return Phrase(at, bare.end(), common=bare.span(), head=bare.end() - 1)
    anything = _ANY.match(tags, at)
    if anything:
        head = next((i for i in range(at, anything.end()) if tags[i] == "w"), None)
        apposed = _APPOSED.match(tags, anything.end())
        if apposed and apposed.end(2) - apposed.start(2) > 1:
            end = apposed.end(2) + (tags[apposed.end(2) : apposed.end(2) + 1] == ",")
            name = _person_part(s, *apposed.span(2), language)
            return Phrase(at, end, name=name, common=anything.span(), head=head)
        return Phrase(at, anything.end(), common=anything.span(), head=head)
    return None


def _thing_phrase(s: Sentence, at: int) -> Phrase | None:
    match = re.compile("[wdN]+").match(s.tags, at)
    return Phrase(at, match.end(), common=match.span(), head=match.end() - 1) if match else None


def _named(s: Sentence, match: re.Match[str], language: Language) -> Phrase | None:
    first, last = match.span()
    name = first
    while s.tags[name] == "T":
        name += 1
    title = first if name > first else None
    if name == last:
        return Phrase(first, last, common=(first, last), head=first) if title is not None else None
    compound = _COMPOUND.match(s.tags, last)
    if compound:  # "White House press secretary Josh Earnest", "Trump lawyer Marc Kasowitz"
        span = _person_part(s, *compound.span(1), language)
        return Phrase(first, compound.end(), name=span, common=(first, span[0]), head=_head(s, last, span[0], language))
    follow = _COMMON_SHORT.match(s.tags, last)
    if title is None and follow and s.tags[last] == "R" and last - first == 1:  # "Premier ministre", "Président Labat"
        return _common(s, first, follow.end(), language)
    return Phrase(first, last, name=_person_part(s, name, last, language), title=title)


def _head(s: Sentence, first: int, last: int, language: Language) -> int:
    """The head noun: the first of a phrase, or in languages with compounds the last before a complement."""
    nouns = [i for i in range(first, last) if s.tags[i] in "ROKC"]
    if not nouns:
        return first
    if not language.data["tokens"]["head_last"]:
        return nouns[0]
    complement = re.compile("[pPL]").search(s.tags, nouns[0], last)
    return max(i for i in nouns if not complement or i < complement.start())


def _common(s: Sentence, first: int, last: int, language: Language) -> Phrase:
    """A common noun phrase, with the proper name that ends it or stands in apposition to it."""
    head = _head(s, first, last, language)
    name = _inner_name(s, head, last, language)
    beyond = _BRACKETED.match(s.tags, name[1]) if name and s.tags[name[1] : name[1] + 1] == "(" else None
    if beyond and language.is_first_name(s.words[beyond.start(1)]):
        name = beyond.span(1)  # "le député Insoumis (gauche radicale) Adrien Roux"
    if name:
        return Phrase(first, name[1], name=name, common=(first, name[0]), head=head)
    following = _BRACKETED.match(s.tags, last)
    if following and s.tags[last - 1] in "RwvOKCN":
        span = following.span(1)
        return Phrase(first, span[1], name=_person_part(s, *span, language), common=(first, last), head=head)
    apposed = _APPOSED.match(s.tags, last)
    if apposed and s.tags[head] in "RC":
        span = apposed.start(2), apposed.end(2)
        end = span[1] + (s.tags[span[1] : span[1] + 1] == ",")
        return Phrase(first, end, name=_person_part(s, *span, language), common=(first, last), head=head)
    return Phrase(first, last, common=(first, last), head=head)


def _inner_name(s: Sentence, head: int, last: int, language: Language) -> tuple[int, int] | None:
    """The person's name that a common phrase holds after its head; what follows it is no part of the phrase."""
    if s.tags[head] != "R":
        return None
    for match in re.compile("N(?:p?N)*").finditer(s.tags, head + 1, last):
        span = _person_part(s, *match.span(), language)
        known = language.is_first_name(s.words[span[0]])
        before = s.tags[span[0] - 1]
        if before in "plPDOd" and not (known and span[0] > match.start()):
            continue  # a complement ("président de la région X")
        if known or (before in "RwN" and span[0] - 1 <= head + 2):
            return span
    return None


def _person_part(s: Sentence, first: int, last: int, language: Language) -> tuple[int, int]:
    """A run of capitals without the party or place that leads it ("RN Sébastien Chenu")."""
    if not language.is_first_name(s.words[first]):
        for i in range(first + 1, last - 1):
            if language.is_first_name(s.words[i]) and s.tags[i] == "N":
                return i, last
    return first, last


def clause_start(s: Sentence, upto: int) -> int:
    """Where the clause that ends before token ``upto`` begins, leading adverbials left out."""
    tags = s.tags
    start = max(tags.rfind(mark, 0, upto) for mark in ";:Q") + 1
    while True:
        lead = _LEADING.match(tags, start, upto)
        start = lead.end() if lead else start
        comma = tags.find(",", start, upto)
        if start < upto and comma > 0 and tags[start] in "PLMpgvubdwUi" and not _whole_subject(tags, start):
            start = comma + 1
            continue
        return start


def _whole_subject(tags: str, start: int) -> bool:
    return tags[start] == "w" and any(tag in "RC" for tag in tags[start : start + 3])


def subject_before(s: Sentence, verb: int, language: Language) -> Phrase | None:
    """The subject of the verb group that begins at token ``verb``."""
    tags, end = s.tags, verb
    while end and (tags[end - 1] in "chA'" or (tags[end - 1] == "l" and end > 1 and tags[end - 2] in "SNchR")):
        end -= 1
    if end and tags[end - 1] == "S":
        return Phrase(end - 1, end, pronoun=s.words[end - 1])
    if end and tags[end - 1] == "J":
        return None
    relative = end and tags[end - 1] == "r"
    if relative:
        end -= 1
        if end and tags[end - 1] == ",":
            end -= 1
    if relative:
        return _antecedent(s, end, language)
    start = clause_start(s, end)
    if end and tags[end - 1] not in ",)-":
        phrase = _ending_at(s, start, end, language)
        if phrase:
            return phrase
    return _named_beside(s, start, end, language) or leading_phrase(s, start, end, language)


def _named_beside(s: Sentence, start: int, end: int, language: Language) -> Phrase | None:
    """A full name between commas right before the verb: ", John Kasich (R), said"."""
    stop = end - 1 if end and s.tags[end - 1] == "," else end
    if stop and s.tags[stop - 1] == ")":
        stop = s.tags.rfind("(", start, stop)
    match = re.compile("(?:^|(?<=,)|(?<=x))T*N(?:p?N)*$").search(s.tags[:stop], start) if stop > start else None
    if not match or (match.end() - match.start() < 2 and not language.is_first_name(s.words[match.start()])):
        return None
    return noun_phrase(s, match.start(), language)


def _antecedent(s: Sentence, end: int, language: Language) -> Phrase | None:
    """The noun that a relative clause hangs on: the nearest that can be a person or body."""
    for at in range(end - 1, max(-1, end - 9), -1):
        if s.tags[at] in ",;:Q":
            return None
        if s.tags[at] in "ROCTN" and not (at and s.tags[at - 1] in "NT"):
            phrase = noun_phrase(s, at, language)
            if phrase and phrase.last >= end:
                first = at - 1 if at and s.tags[at - 1] in "lD" else at
                return noun_phrase(s, first, language) or phrase
    return None


def leading_phrase(s: Sentence, start: int, end: int, language: Language) -> Phrase | None:
    """The first noun phrase at a clause's head that can be a person or body, else the first of all."""
    first: Phrase | None = None
    at = start
    while at < end:
        phrase = noun_phrase(s, at, language)
        if phrase and phrase.first < end:
            if phrase.name or phrase.pronoun or (phrase.head is not None and s.tags[phrase.head] in "ROC"):
                return phrase
            first = first or phrase
        comma = s.tags.find(",", at, end)
        if comma < 0:
            break
        at = comma + 1
    return first


def _ending_at(s: Sentence, start: int, end: int, language: Language) -> Phrase | None:
    for at in range(max(start, end - 16), end):
        if s.tags[at] in "lDTNRCOKSp" and not (at > start and s.tags[at - 1] in "pPlD"):
            if s.tags[at] == "p" and at > start:
                continue
            phrase = noun_phrase(s, at, language)
            if phrase and phrase.last == end:
                return phrase
    return None
