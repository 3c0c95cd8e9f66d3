"""Whose words a question asks: names, offices, relations, and strangers who bear a quoted person's
surname.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from bot.domain.model import Speaker
from bot.domain.text import fold
from bot.search.entries import name_words
from bot.search.frames import caught
from bot.search.spelling import same_word
from bot.search.terms import (
    called_words,
    is_given_name,
    kin_words,
    question_words,
    search_words,
    stem,
    stop_words,
)
from bot.search.view import View

_LONGEST_NAME = 5  # words; a longer one is found whole or not at all

_WORD = re.compile(r"[^\W_]+")
_NAME_WORD = re.compile(r"[^\W\d_][\w’'-]*")


def whose_words(
    text: str, found: list[str], plain: str, index: View
) -> tuple[list[Speaker], set[str], str]:
    """The quoted people and bodies that a question asks for, the words it does so with, and whom it
    asks for in vain.

    ``text`` is as typed, ``found`` its folded words, ``plain`` these with single blanks.
    """
    speakers, used, nobody = _speakers(text, found, index)
    return (speakers, used, nobody) if speakers or nobody else _holders(plain, index)


def _speakers(text: str, found: list[str], index: View) -> tuple[list[Speaker], set[str], str]:
    """The known people and bodies that a question names, the words it does so with, and who of
    theirs is not quoted.
    """
    chosen: dict[str, Speaker] = {}
    named: dict[str, set[str]] = {}
    used: set[str] = set()
    owned: tuple[str, ...] = ()
    for speaker in index.named(found):
        matched = _matched(name_words(speaker), found, speaker.kind)
        if matched and _owned(found, matched):
            owned = _owned(found, matched)
        elif matched:
            chosen[speaker.id] = speaker
            named[speaker.id] = matched
    if owned and not chosen:
        others = [other for other in index.speakers.values() if set(owned) <= _told_of(other)]
        return others, set(owned) if others else set(), "" if others else " ".join(owned)
    stranger = _strangers(text, list(chosen.values()), named)
    chosen = {key: speaker for key, speaker in chosen.items() if key not in stranger}
    if stranger and not chosen:
        return [], set(), next(iter(stranger.values()))
    named = {key: named[key] for key in chosen}
    asked = _asked(_closest(list(chosen.values()), found), named, found)
    for key, name in named.items():
        last = name_words(chosen[key])[-1]
        is_asked = any(speaker.id == key for speaker in asked)
        used |= _called(found, name) | {
            word for word in name if is_asked or not same_word(word, last)
        }  # a subject's surname
    return asked, used, ""


def _strangers(text: str, speakers: list[Speaker], named: Mapping[str, set[str]]) -> dict[str, str]:
    """Speakers of whom a question names another bearer of the surname, "Jill Biden" where Joe is
    quoted, by id, with that name.
    """
    found = {
        speaker.id: _namesake(text, speaker, named[speaker.id])
        for speaker in speakers
        if len(named[speaker.id]) == 1 and len(name_words(speaker)) > 1
    }
    return {key: name for key, name in found.items() if name}


def _namesake(text: str, speaker: Speaker, surname: set[str]) -> str:
    """The other bearer of a speaker's surname whom a text names, by a capital or by a first name
    known as one, in whatever case a phone types it; "" if there is none.
    """
    own = {*name_words(speaker), *_told_of(speaker)}
    known = stop_words() | question_words() | called_words() | own
    for first, last in pairwise(_NAME_WORD.finditer(text)):
        word = fold(first.group())
        if (
            fold(last.group()) in surname
            and text[first.end() : last.start()] == " "
            and word not in known
            and (
                (first.start() > 0 and first.group()[0].isupper() and last.group()[0].isupper())
                or is_given_name(word)
            )
        ):
            return f"{first.group()} {last.group()}"
    return ""


def _asked(
    speakers: list[Speaker], named: Mapping[str, set[str]], found: list[str]
) -> list[Speaker]:
    """Of several whom a question names, those whose words are asked: not "about Biden", where
    somebody stands before.
    """
    about = [speaker for speaker in speakers if _is_subject(found, speaker, named[speaker.id])]
    return [speaker for speaker in speakers if speaker not in about] or speakers


def _is_subject(found: list[str], speaker: Speaker, name: set[str]) -> bool:
    """Does a name stand after "sur", "de" (its own apart), "about"?"""
    own = name_words(speaker)
    start = min(at for at, word in enumerate(found) if word in name)
    particles = () if found[start] == own[0] else own  # "de" is no part of "de Jean de Brissac"
    before = start - 1
    while before > 0 and (
        found[before] in particles
        or found[before] in search_words("between")
        or found[before] in called_words()
    ):
        before -= 1
    return (
        before > 0
        and found[before] in search_words("about", "of")
        and found[before - 1] not in search_words("spoken")
    )


def _holders(plain: str, index: View) -> tuple[list[Speaker], set[str], str]:
    """Who holds the office that a question asks for ("que dit la maire …"), its words, and the
    office if nobody does.
    """
    phrase = caught("office", plain).split()
    if not phrase or phrase[0] not in called_words():
        return [], set(), ""
    end = next(
        (at for at, word in enumerate(phrase) if word in search_words("about", "time")), len(phrase)
    )
    short = next((at for at, word in enumerate(phrase[:end]) if word in search_words("of")), end)
    for size in (end, short):
        office = {stem(word, "fr") for word in phrase[:size] if word not in stop_words()}
        found = [
            s
            for s in index.speakers.values()
            if office <= {stem(word, "fr") for word in _told_of(s)}
        ]
        if found:
            return found, set(phrase[:size]), ""
    return [], set(), " ".join(phrase[:end])


def _told_of(speaker: Speaker) -> set[str]:
    """The words of a speaker's name and role."""
    return {*name_words(speaker), *_WORD.findall(fold(speaker.role or ""))}


def _owned(found: list[str], name: set[str]) -> tuple[str, ...]:
    """(what somebody is to this name, the name's word): "l'avocat de Biden", "Biden's brother" ask
    for somebody else.
    """
    others = called_words() | kin_words()
    for at, word in enumerate(found):
        if word not in name:
            continue
        if found[at + 1 : at + 2] == ["s"] and found[at + 2 : at + 3] and found[at + 2] in others:
            return found[at + 2], word
        before = at - 1
        while before > 0 and (
            found[before] in name
            or found[before] in search_words("between")
            or found[before] in called_words()
        ):
            before -= 1
        if before > 0 and found[before] in search_words("of") and found[before - 1] in others:
            return found[before - 1], word
    return ()


def _called(found: list[str], name: set[str]) -> set[str]:
    """The titles and roles right before a name: "le procureur" of "le procureur Delorge"."""
    called = set()
    for at, word in enumerate(found):
        before = at - 1
        while word in name and before >= 0 and found[before] in called_words():
            called.add(found[before])
            before -= 1
    return called


def _closest(speakers: list[Speaker], found: list[str]) -> list[Speaker]:
    """Of several who bear a surname, those whose first name is asked, too, if any is."""

    def in_full(speaker: Speaker) -> bool:
        name = name_words(speaker)
        return len(name) > 1 and all(word in found for word in name)

    full = {name_words(speaker)[-1] for speaker in speakers if in_full(speaker)}
    return [
        speaker for speaker in speakers if in_full(speaker) or name_words(speaker)[-1] not in full
    ]


def _matched(name: list[str], found: list[str], kind: str) -> set[str]:
    """The question's words that stand for a name: its last word at least, or a single first
    name.
    """
    if not name or len(name) > _LONGEST_NAME or (kind == "org" and len(name) > 1):
        joined = f" {' '.join(name)} "
        return set(name) if name and joined in f" {' '.join(found)} " else set()
    telling = [part for part in name if part not in stop_words()]
    if kind == "unknown":  # "Trump", where nothing told that it is a person
        return set(name) if name == telling and len(name) == 1 and name[0] in found else set()
    if kind not in ("person", "org") or (kind == "org" and name[0] not in found):
        return set()
    last = next((word for word in found if same_word(word, name[-1])), None)
    if last is None or name[-1] in stop_words():
        return set()
    others = [part for part in name[:-1] if part in telling]
    return {last} | {word for word in found for part in others if same_word(word, part)}
