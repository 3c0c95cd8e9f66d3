"""Cues: the words of saying in a sentence, found by their position and form, and whose words they announce."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.extraction.grammar import Phrase, noun_phrase, subject_before
from bot.extraction.tagging import Sentence
from bot.languages.language import Language

_GAP = re.compile("h|w|p[lD]*w+|P[lD]*[wNROKCd]+(?:p[lD]*[wNROKCd]+)*|,(?:h|P)[^,Q]{0,12},|c")
_INVERTED = re.compile("(c*)(?:(A+)((?:h|c|[pPL][lD]*[wNROK]+){0,3}?)([vuVUw])|([VUwv]))")
_POSTPOSED = re.compile("((?:\\([^)]*\\))?(?:,[^Q]{1,24}?,)?)[ch,]*([A]*[h]*[VU])")
_CLOSES = re.compile("(?:[hd]|P[lD]*[wNROKCd]+)*[.]?$")  # nothing but time and place follows
_AFTER_QUOTE = re.compile("Q[,.]?(?:h,?|w,)?")
_FINITE_GROUP = re.compile("(A[chA]*(?:[pPL][lD]*[wNROK]+,?|,[^,Q]{1,14},)?[ch]*)?([vuVU])")


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb (or "according to") with its speaker's phrase; tokens ``first:last`` take both in.

    ``form`` is "inverted" (the words came before), "subject" (they follow), "according" (either), "carried"
    (the subject is an earlier cue's) or "passive"; ``says`` tells verbs that can govern a content clause.
    """

    first: int
    last: int
    verb: tuple[int, int]
    form: str
    phrase: Phrase | None
    says: bool
    text: str
    impersonal: bool = False


def find_cues(s: Sentence, text: str, language: Language) -> list[Cue]:
    """All cues of a sentence in order."""
    found: list[Cue] = []
    taken = [False] * len(s.tags)
    for cue in (
        *_postposed(s, text, language),
        *_pronoun_inversions(s, text, language),
        *_noun_inversions(s, text, language),
        *_according(s, text, language),
    ):
        if not any(taken[cue.first : cue.last]):
            taken[cue.first : cue.last] = [True] * (cue.last - cue.first)
            found.append(cue)
    found += _verbs(s, text, language, taken)
    return sorted(found, key=lambda cue: cue.verb)


def _words(s: Sentence, text: str, *ranges: tuple[int, int]) -> str:
    return " ".join(" ".join(s.text_of(text, *r).split()) for r in ranges if r[0] < r[1])


def _pronoun_inversions(s: Sentence, text: str, language: Language) -> list[Cue]:
    """ ", a-t-il encore déclaré", "lance-t-elle", "dit-on"."""
    found = []
    for at in [i for i, tag in enumerate(s.tags) if tag == "s"]:
        verb, past = at - 1, None
        if verb < 0 or s.tags[verb] not in "AVUvuwiN":
            continue
        if s.tags[verb] == "A":
            past = _participle(s, at + 1, language)
        if s.tags[verb] == "A" and past is None:
            continue
        word = re.sub(r"^(?:-?t)?-", "", s.words[at])
        first = verb
        while first and s.tags[first - 1] == "c":
            first -= 1
        aux = (verb + (s.words[first] in ("ne", "n'")), verb + 1)
        reflexive = (first, verb) if first < verb else (verb, verb)
        cue = _words(s, text, (reflexive[0], aux[1]), (past, past + 1) if past is not None else (0, 0))
        pronoun = (
            Phrase(at, at + 1, pronoun=word)
            if word not in language.words["impersonal"]
            else _heard_from(s, at, language)
        )
        last = (past if past is not None else at) + 1
        says = s.tags[past if past is not None else verb] in "Vvw"
        found.append(
            Cue(
                first,
                last,
                (verb, last),
                "inverted",
                pronoun,
                says,
                cue.replace("s' ", "s'"),
                pronoun is None,
            )
        )
    return found


def _heard_from(s: Sentence, at: int, language: Language) -> Phrase | None:
    """ "entend-on d'une autre fan": the speaker of an impersonal inversion."""
    return noun_phrase(s, at + 2, language, short=True) if s.tags[at + 1 : at + 2] == "p" else None


def _postposed(s: Sentence, text: str, language: Language) -> list[Cue]:
    """ "… ," Smith, who runs it, told reporters": subject and verb both after the quote."""
    if not language.data["tokens"]["past_first"]:
        return []
    found = []
    for place in re.finditer("Q[,.]?|(?<!Q),", s.tags):
        at, quoted = place.end(), place.group()[0] == "Q"
        phrase = noun_phrase(s, at, language, short=True)
        if phrase is None or (_thing(s, phrase) and not (phrase.head is not None and s.tags[phrase.first] in "lD")):
            continue
        match = _POSTPOSED.match(s.tags, phrase.last)
        if match and not quoted and not _CLOSES.match(s.tags, match.end()):
            continue
        if match and s.tags[match.end() : match.end() + 1] not in ("q", ":"):
            cue = _words(s, text, (match.start(2), match.end(2)))
            verb = match.end(2) - 1
            found.append(Cue(at, match.end(), (verb, verb + 1), "inverted", phrase, s.tags[verb] == "V", cue))
    return found


def _participle(s: Sentence, start: int, language: Language) -> int | None:
    for at in range(start, min(start + 7, len(s.tags))):
        if s.tags[at] in "vuVU" or (s.tags[at] == "w" and language.participle.match(s.words[at])):
            return at
        if s.tags[at] not in "hcPlDwNApROK,":
            return None
    return None


def _noun_inversions(s: Sentence, text: str, language: Language) -> list[Cue]:
    """After a quote or a comma: ", a déclaré hier le ministre", "plaisante un fan"."""
    found = []
    places = [(m.end(), True) for m in _AFTER_QUOTE.finditer(s.tags)]
    places += [(i + 1, False) for i, tag in enumerate(s.tags) if tag == "," and i and s.tags[i - 1] != "Q"]
    for at, quoted in sorted(set(places)):
        match = _INVERTED.match(s.tags, at)
        if not match:
            continue
        cue = _noun_inversion(s, text, language, match, quoted)
        if cue:
            found.append(cue)
    return found


def _noun_inversion(s: Sentence, text: str, language: Language, match: re.Match[str], quoted: bool) -> Cue | None:
    verb = match.start(4) if match.group(2) else match.start(5)
    tag = s.tags[verb]
    if match.group(2):
        if tag == "w" and not (quoted and language.participle.match(s.words[verb])):
            return None
    elif tag == "v" or (tag == "w" and not (quoted and language.finite.match(s.words[verb]))):
        if not language.data["tokens"]["past_first"]:
            return None
    at = verb + 1
    for _ in range(1 if tag == "w" else 5):
        phrase = noun_phrase(s, at, language, short=True)
        if phrase and phrase.pronoun is None and _can_speak(s, phrase, known=quoted and tag != "w"):
            if not quoted and s.tags[phrase.last : phrase.last + 1] not in (
                "",
                ".",
                ",",
                ";",
                ":",
                "h",
                "P",
                "r",
                "(",
            ):
                return None
            first = match.start()
            cue = _words(s, text, (first, match.end(2)) if match.group(2) else (first, verb), (verb, verb + 1))
            return Cue(
                first,
                phrase.last,
                (verb, verb + 1),
                "inverted",
                phrase,
                tag in "Vv",
                cue.replace("s' ", "s'").replace("s’ ", "s’"),
            )
        gap = _GAP.match(s.tags, at)
        if not gap or tag == "w":
            return None
        at = gap.end()
    return None


def _can_speak(s: Sentence, phrase: Phrase, known: bool) -> bool:
    if phrase.name or phrase.title is not None:
        return True
    if phrase.head is None:
        return False
    return s.tags[phrase.head] in "ROCK" or (known and s.tags[phrase.first] in "lD")


def _according(s: Sentence, text: str, language: Language) -> list[Cue]:
    """ "selon X", "d'après elle", "pour la CGT," """
    found = []
    for at, tag in enumerate(s.tags):
        if tag == "M":
            word = s.words[at].split()[-1]
            pronoun = Phrase(at, at + 1, pronoun=word)
            found.append(
                Cue(
                    at,
                    at + 1,
                    (at, at + 1),
                    "according",
                    pronoun,
                    True,
                    _words(s, text, (at, at + 1)).rsplit(" ", 1)[0],
                )
            )
        elif tag == "L":
            phrase = _oblique(s, at + 1, language) or noun_phrase(s, at + 1, language)
            phrase = phrase or _according_to_what(s, at, language)
            if not phrase or (s.words[at] in ("pour", "for") and not _opinion(s, at, phrase)):
                continue
            found.append(Cue(at, phrase.last, (at, at + 1), "according", phrase, True, _words(s, text, (at, at + 1))))
    return found


def _oblique(s: Sentence, at: int, language: Language) -> Phrase | None:
    """ "selon eux", "according to her": a pronoun, unless it owns a noun ("according to her student")."""
    if at >= len(s.tags) or s.tags[at + 1 : at + 2] not in ("", ",", ".", ":", "Q", "A", "w"):
        return None
    oblique = (
        *language.words["oblique_masculine"],
        *language.words["oblique_feminine"],
        *language.words["oblique_plural"],
    )
    if s.words[at] not in oblique or (s.tags[at] == "D" and s.tags[at + 1 : at + 2] == "w"):
        return None
    return Phrase(at, at + 1, pronoun=s.words[at])


def _according_to_what(s: Sentence, at: int, language: Language) -> Phrase | None:
    """ "l'affirmation de la défense selon laquelle": whose affirmation it is."""
    if s.tags[at + 1 : at + 2] != "r":
        return None
    for noun in range(at - 1, max(-1, at - 9), -1):
        if s.words[noun] in language.data["nouns"]["saying"] and s.tags[noun + 1 : noun + 2] == "p":
            phrase = noun_phrase(s, noun + 2, language)
            return phrase if phrase and phrase.last <= at else None
    return None


def _opinion(s: Sentence, at: int, phrase: Phrase) -> bool:
    """ "Pour X, …" gives an opinion only at a clause's head, with someone who can hold one, before a comma or quote."""
    follows = s.tags[phrase.last : phrase.last + 1]
    head = (
        phrase.name is not None
        or phrase.title is not None
        or (phrase.head is not None and s.tags[phrase.head] in "RCO")
    )
    closed = follows in (",", "Q", ":") or s.tags[phrase.last - 1] == ","
    return head and closed and (at == 0 or s.tags[at - 1] in ",x:h.")


def _verbs(s: Sentence, text: str, language: Language, taken: list[bool]) -> list[Cue]:
    """Verbs with their subject before them, and those that carry on an earlier subject."""
    found = []
    for at, tag in enumerate(s.tags):
        if tag not in "VUvugi" or taken[at] or _is_noun(s, at):
            continue
        start = at
        while start and s.tags[start - 1] in "chA" and not taken[start - 1]:
            start -= 1
        if start == at or "A" not in s.tags[start:at]:
            start = _spread(s, at, taken, start)
        finite = tag in "VU" or "A" in s.tags[start:at]
        if finite:
            cue = _finite(s, text, language, start, at)
            if cue:
                found.append(cue)
        elif tag in "gi" or (at and s.tags[at - 1] in ",xh" and tag in "vu"):
            if tag != "i" or _governed(s, at):
                found.append(Cue(at, at + 1, (at, at + 1), "carried", None, tag != "u", _words(s, text, (at, at + 1))))
    return found


def _is_noun(s: Sentence, at: int) -> bool:
    """ "une lourde critique": a determiner before it, which is no object pronoun ("il le dit", "l'explique")."""
    before = at - 1
    while before > 0 and s.tags[before] == "w":
        before -= 1
    if before < 0 or s.tags[before] not in "lD" or s.tags[at] == "g":
        return False
    if before == at - 1:
        return not (s.words[before] == "l'" or (before > 0 and s.tags[before - 1] in "ScN"))
    return s.tags[at + 1 : at + 2] not in ("q", ":", "Q", "c")


def _spread(s: Sentence, at: int, taken: list[bool], start: int) -> int:
    """The auxiliary of a participle that stands further left ("a de son côté estimé"; "a, dans un tweet, dénoncé")."""
    for back in range(at - 1, max(-1, at - 9), -1):
        if s.tags[back] == "A" and not taken[back]:
            match = _FINITE_GROUP.match(s.tags, back)
            if match and match.end() == at + 1:
                while back and s.tags[back - 1] in "ch":
                    back -= 1
                return back
            return start
        if s.tags[back] in "QVUq:;":
            return start
    return start


def _governed(s: Sentence, at: int) -> bool:
    """Does an infinitive of saying lead to words ("a tenu à préciser que")?"""
    return bool(re.match("(?:[ch,]|[pP][lD]*w){0,3}[q:Qf]|[^,.;:QVUA]{1,8}Q", s.tags[at + 1 :]))


def _finite(s: Sentence, text: str, language: Language, start: int, at: int) -> Cue | None:
    aux = [i for i in range(start, at) if s.tags[i] == "A"]
    passive = (
        bool(aux)
        and s.words[aux[-1]] in language.words["passive"]
        and s.tags[at] in "vuV"
        and not _reflexive(s, start, at)
    )
    said = (aux[0] - _reflexive(s, start, aux[0]), aux[-1] + 1) if aux else (at - _reflexive(s, start, at), at)
    cue = _words(s, text, said, (at, at + 1)).replace("s' ", "s'").replace("s’ ", "s’")
    says = s.tags[at] in "Vv"
    if passive:
        phrase = _agent(s, at + 1, language)
        return Cue(start, at + 1, (at, at + 1), "passive", phrase, says, cue, phrase is None)
    phrase = subject_before(s, start, language) or _subject_after(s, at + 1, language)
    if (
        phrase
        and _thing(s, phrase)
        and ((start != at and s.words[at - 1] in ("se", "s'")) or "q" in s.tags[: phrase.first])
    ):
        return None  # "que la guerre se poursuivait" tells nobody's words
    impersonal = phrase is None and start > 0 and s.tags[start - 1] == "J"
    if phrase and phrase.pronoun in language.words["dummy"] and _reflexive(s, 0, at) and s.tags[at + 1 : at + 2] == "q":
        phrase, impersonal = None, True  # "il se dit que"
    return Cue(
        start,
        at + 1,
        (at, at + 1),
        "subject" if phrase or impersonal else "carried",
        phrase,
        says,
        cue,
        impersonal,
    )


def _thing(s: Sentence, phrase: Phrase) -> bool:
    return phrase.name is None and phrase.pronoun is None and (phrase.head is None or s.tags[phrase.head] == "w")


def _subject_after(s: Sentence, at: int, language: Language) -> Phrase | None:
    """ "comme l'explique X :", "ce que dit X,": the subject follows in a dependent clause."""
    phrase = noun_phrase(s, at, language, short=True)
    return (
        phrase
        if phrase and not _thing(s, phrase) and s.tags[phrase.last : phrase.last + 1] in (":", ",", ".", "Q")
        else None
    )


def _reflexive(s: Sentence, start: int, before: int) -> int:
    return int(before > start and s.words[before - 1] in ("se", "s'"))


def _agent(s: Sentence, at: int, language: Language) -> Phrase | None:
    for i in range(at, min(at + 4, len(s.tags))):
        if s.words[i] in language.words["agent"]:
            phrase = noun_phrase(s, i + 1, language, short=False)
            if phrase is None and s.tags[i + 1 : i + 2] == "p":
                phrase = noun_phrase(s, i + 2, language)
                if phrase:
                    return Phrase(i + 1, phrase.last, phrase.name, (i + 1, phrase.last), phrase.head)
            return phrase
    return None
