"""Cues: the words of saying in a sentence, found by their position and form, and whose words they
announce.
"""

from __future__ import annotations

import re

from bot.extraction.according import according_cue
from bot.extraction.chunker import noun_phrase
from bot.extraction.clause import COMPLEMENT, GERUND, INFINITIVE, NOUN, SAYS, VERB, Chunk, Clauses
from bot.extraction.cue import Cue
from bot.extraction.phrase import Phrase
from bot.extraction.sentence import Sentence
from bot.extraction.subjects import may_speak, subject_after, subject_before
from bot.languages import tags

_AFTER_QUOTE = re.compile(r"Q[,.-]?(?:[hp],?)?$")
_POSTPOSED = re.compile(r"(?:Q[,.]?|(?<!Q),)n(?:,[^Q;:]{1,10}?,|\([^)]*\),?)?[hc]*$")
_CLOSING = re.compile(r"n?(?:[hpe]|,?\([^)]*\))*(?:[.,]|$)")
_ENDS_SUBJECT = ("", ".", ",", ";", ":", "h", "p", "r", "(", "x", "-", "g")


def find_cues(c: Clauses) -> list[Cue]:
    """All cues of a sentence in order."""
    found: list[Cue] = []
    taken: set[int] = set()
    for reader in (_inverted, according_cue, _others):
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


# ---- the words came before: « … », a déclaré X
def _inverted(c: Clauses, number: int) -> Cue | None:
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
        _text(c, chunk),
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
        _text(c, chunk),
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
    says = c.s.tags[chunk.verb.at] in tags.WITH_CLAUSE
    at = chunk.verb.at
    return Cue(
        phrase.first,
        chunk.last,
        (at, at + 1),
        "inverted",
        phrase,
        says,
        _text(c, chunk),
        link="next",
        chunk=number,
    )


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
    at = chunk.verb.at
    says = c.s.tags[at] in tags.WITH_CLAUSE
    return Cue(
        chunk.first,
        phrase.last,
        (at, at + 1),
        "inverted",
        phrase,
        says,
        _text(c, chunk),
        link="next",
        chunk=number,
    )


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
    says = s.tags[verb.at] in tags.WITH_CLAUSE
    first, last, place = chunk.first, chunk.last, (verb.at, verb.at + 1)
    text = _text(c, chunk)
    if verb.passive:
        phrase = _agent(s, verb.at + 1)
        subject, link = subject_before(c, number)
        dummy = link == "impersonal" or (
            subject is not None and s.language.has("dummy", subject.pronoun or "")
        )
        return Cue(
            first,
            last,
            place,
            "passive",
            phrase,
            says,
            text,
            phrase is None and dummy,
            chunk=number,
        )
    phrase, link = subject_before(c, number)
    if phrase is None and link != "impersonal":
        following = (
            subject_after(c, number, loose=False)
            if c.kinds[number - 1 : number] in ("", "b", "q", "r", "h")
            else None
        )
        if following and c.kinds[following[1] : following[1] + 1] in (":", ",", ".", "Q", ""):
            phrase, link = following[0], "after"
    if (
        phrase is not None
        and phrase.pronoun is None
        and link != "after"
        and not may_speak(s, phrase, loose=False)
    ):
        if verb.reflexive or tags.THAT in s.tags[: phrase.first]:
            return None  # "que la guerre se poursuivait" tells nobody's words
        phrase = None
        return Cue(first, last, place, "subject", phrase, says, text, link="thing", chunk=number)
    impersonal = link == "impersonal"
    if (
        phrase
        and s.language.has("dummy", phrase.pronoun or "")
        and verb.reflexive
        and s.tag(last) == tags.THAT
    ):
        phrase, impersonal = None, True  # "il se dit que"
    form = "subject" if phrase or impersonal else "carried"
    negated = any(s.has("negation", at) for at in range(first, last))  # "n'a pas dit que"
    return Cue(first, last, place, form, phrase, says, text, impersonal, link, number, negated)


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
    text = f"{_text(c, chunk)} {s.raw(noun.first, noun.head + 1)}"
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
    at = verb.at
    says = s.tags[at] == tags.SAY_PAST or s.words[at] in s.language.content_forms
    place, text = (at, at + 1), s.raw(at, at + 1)
    left = c.kinds[number - 1 : number]
    narrative = chunk.kind == INFINITIVE and s.tags[chunk.first] == tags.GENITIVE
    if left == NOUN and (
        narrative
        or (chunk.kind == GERUND and c.kinds[number - 2 : number - 1] in (",", "", "x", "h"))
    ):
        phrase = c.chunks[number - 1].phrase
        if phrase and (phrase.pronoun or may_speak(s, phrase, loose=False)):
            return Cue(
                chunk.first,
                chunk.last,
                place,
                "subject",
                phrase,
                says,
                text,
                link="next",
                chunk=number,
            )
    if chunk.kind == INFINITIVE:
        if not narrative and not _governs(s, at):
            return None
        governor = next(
            (i for i in range(number - 1, max(-1, number - 4), -1) if c.kinds[i] in (SAYS, VERB)),
            None,
        )
        if (
            governor is not None
            and not narrative
            and set(c.kinds[governor + 1 : number]) <= set("hpPc")
        ):
            phrase, link = subject_before(c, governor)
            if phrase is not None:
                return Cue(
                    chunk.first,
                    chunk.last,
                    place,
                    "subject",
                    phrase,
                    says,
                    text,
                    link=link,
                    chunk=number,
                )
    return Cue(chunk.first, chunk.last, place, "carried", None, says, text, chunk=number)


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


def _text(c: Clauses, chunk: Chunk) -> str:
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
