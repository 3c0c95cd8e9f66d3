"""Cues: the words of saying in a sentence, found by their position and form, and whose words they
announce.
"""

from __future__ import annotations

import re

from bot.extraction.according import according_cue
from bot.extraction.chunker import noun_phrase
from bot.extraction.clause import GERUND, INFINITIVE, NOUN, SAYS, VERB, Clauses
from bot.extraction.cue import Cue
from bot.extraction.inversions import cue_text, inverted
from bot.extraction.phrase import Phrase
from bot.extraction.sentence import Sentence
from bot.extraction.subjects import may_speak, subject_after, subject_before
from bot.languages import tags


def find_cues(c: Clauses) -> list[Cue]:
    """All cues of a sentence in order."""
    found: list[Cue] = []
    taken: set[int] = set()
    for reader in (inverted, according_cue, _others):
        for number in range(len(c.chunks)):
            if number in taken:
                continue
            cue = reader(c, number)
            if cue:
                found.append(cue)
                taken.update(
                    i for i, chunk in enumerate(c.chunks) if cue.first <= chunk.first < cue.last
                )
    return sorted(found, key=lambda cue: cue.verb)


# ---- the words follow: X a déclaré que …
def _others(c: Clauses, number: int) -> Cue | None:
    chunk = c.chunks[number]
    if chunk.verb is None:
        return None
    if chunk.kind == SAYS:
        return _finite(c, number)
    if chunk.kind == VERB:
        return _light(c, number)
    if chunk.kind in (GERUND, INFINITIVE) or (
        chunk.kind == "v" and c.kinds[number - 1 : number] in (",", "x", "h", "c")
    ):
        return _unfinished(c, number)
    return None


def _finite(c: Clauses, number: int) -> Cue | None:
    s, chunk = c.s, c.chunks[number]
    verb = chunk.verb
    assert verb is not None  # noqa: S101 for the type checker
    says, place = s.tags[verb.at] in tags.WITH_CLAUSE, (verb.at, verb.at + 1)
    first, last, text = chunk.first, chunk.last, cue_text(c, chunk)
    if verb.passive:
        phrase, dummy = _agent(s, verb.at + 1), _is_dummy(c, number)
        nobody = phrase is None and dummy
        return Cue(first, last, place, "passive", phrase, says, text, nobody, chunk=number)
    phrase, link = _subject(c, number)
    thing = phrase is not None and phrase.pronoun is None and link != "after"
    if thing and phrase is not None and not may_speak(s, phrase, loose=False):
        if verb.reflexive or tags.THAT in s.tags[: phrase.first]:
            return None  # "que la guerre se poursuivait" tells nobody's words
        return Cue(first, last, place, "subject", None, says, text, link="thing", chunk=number)
    impersonal = link == "impersonal"
    dummy = phrase is not None and s.language.has("dummy", phrase.pronoun or "")
    if dummy and verb.reflexive and s.tag(last) == tags.THAT:
        phrase, impersonal = None, True  # "il se dit que"
    form = "subject" if phrase or impersonal else "carried"
    negated = any(s.has("negation", at) for at in range(first, last))  # "n'a pas dit que"
    return Cue(first, last, place, form, phrase, says, text, impersonal, link, number, negated)


def _is_dummy(c: Clauses, number: int) -> bool:
    """Is a verb's subject nobody ("il a été dit", "it was said")?"""
    subject, link = subject_before(c, number)
    if link == "impersonal":
        return True
    return subject is not None and c.s.language.has("dummy", subject.pronoun or "")


def _subject(c: Clauses, number: int) -> tuple[Phrase | None, str]:
    """A finite verb's subject before it, or behind it where none can stand before."""
    phrase, link = subject_before(c, number)
    bare = c.kinds[number - 1 : number] in ("", "b", "q", "r", "h")
    if phrase is not None or link == "impersonal" or not bare:
        return phrase, link
    following = subject_after(c, number, loose=False)
    if following and c.kinds[following[1] : following[1] + 1] in (":", ",", ".", "Q", ""):
        return following[0], "after"
    return phrase, link


def _light(c: Clauses, number: int) -> Cue | None:
    """ "a donné consigne de « … »", "made the claim that": a verb with a noun of saying as its
    object.
    """
    s, chunk = c.s, c.chunks[number]
    noun = c.chunks[number + 1].phrase if c.kinds[number + 1 : number + 2] == NOUN else None
    if (
        noun is None
        or noun.head is None
        or s.words[noun.head] not in s.language.set("nouns", "saying")
    ):
        return None
    if c.kinds[number + 2 : number + 3] not in (":", "h", "q", "i", "j", "Q"):
        return None
    phrase, link = subject_before(c, number)
    if (
        phrase is None
        or not (phrase.pronoun or may_speak(s, phrase, loose=False))
        or chunk.verb is None
    ):
        return None
    at = chunk.verb.at
    says = c.kinds[number + 2 : number + 3] == tags.THAT
    text = f"{cue_text(c, chunk)} {s.raw(noun.first, noun.head + 1)}"
    return Cue(
        chunk.first, noun.last, (at, at + 1), "subject", phrase, says, text, link=link, chunk=number
    )


def _unfinished(c: Clauses, number: int) -> Cue | None:
    """A gerund, infinitive or bare participle: its own subject's, or the one of the verb that
    governs it.
    """
    s, chunk = c.s, c.chunks[number]
    verb = chunk.verb
    assert verb is not None  # noqa: S101 for the type checker
    narrative = chunk.kind == INFINITIVE and s.tags[chunk.first] == tags.GENITIVE
    phrase, link = _own_subject(c, number, narrative), "next"
    if phrase is None and chunk.kind == INFINITIVE:
        if not narrative and not _governs(s, verb.at):
            return None
        phrase, link = (None, "") if narrative else _governors_subject(c, number)
    says = s.tags[verb.at] == tags.SAY_PAST or s.words[verb.at] in s.language.content_forms
    form, link = ("subject", link) if phrase else ("carried", "")
    place, text = (verb.at, verb.at + 1), s.raw(verb.at, verb.at + 1)
    first, last = chunk.first, chunk.last
    return Cue(first, last, place, form, phrase, says, text, link=link, chunk=number)


def _own_subject(c: Clauses, number: int, narrative: bool) -> Phrase | None:
    """The subject right before a narrative infinitive, or a gerund that begins a clause."""
    if c.kinds[number - 1 : number] != NOUN:
        return None
    begins = c.kinds[number - 2 : number - 1] in (",", "", "x", "h")
    if not narrative and not (c.chunks[number].kind == GERUND and begins):
        return None
    phrase = c.chunks[number - 1].phrase
    speaks = phrase and (phrase.pronoun or may_speak(c.s, phrase, loose=False))
    return phrase if speaks else None


def _governors_subject(c: Clauses, number: int) -> tuple[Phrase | None, str]:
    """The subject of the verb that governs an infinitive ("la maire a tenu à dire")."""
    near = range(number - 1, max(-1, number - 4), -1)
    governor = next((i for i in near if c.kinds[i] in (SAYS, VERB)), None)
    if governor is None or not set(c.kinds[governor + 1 : number]) <= set("hpPc"):
        return None, ""
    return subject_before(c, governor)


def _governs(s: Sentence, at: int) -> bool:
    """Does an infinitive of saying lead to words ("a tenu à préciser que")?"""
    return bool(re.match("(?:[ch,t]|[pP][lD]*[wn]){0,3}[q:Qf]|[^,.;:QVUA]{1,8}Q", s.tags[at + 1 :]))


def _agent(s: Sentence, at: int) -> Phrase | None:
    for i in range(at, min(at + 4, len(s))):
        if s.has("agent", i):
            phrase = noun_phrase(s, i + 1)
            if phrase is None and s.tag(i + 1) == tags.GENITIVE:
                phrase = noun_phrase(s, i + 2)
            return phrase
    return None
