"""Alleged words and whose they are said to be, taken out of what somebody typed or pasted."""

from __future__ import annotations

import re

from bot.domain.text import fold
from bot.search.terms import question_words, stop_words
from bot.verification.wording import listed

_PAIRS = {"«": "»", "»": "«", "“": "”", "„": "“”", '"': '"', "‹": "›", "‘": "’"}
_MARKS = "".join(_PAIRS) + "".join(_PAIRS.values())
_BLANK = " \t\n\u00a0\u202f\u2009"
_DASH = re.compile(r"\s+(?:—|–|-{1,2})\s+")
_LEAD = re.compile(r"^[\s,;:.—–-]*\(?\s*(.*?)[\s).]*$", re.DOTALL)
_LED = re.compile(r"([^«»“”\"\n]{2,90}?)\s*:?\s*(?=[«“„\"»])")
_NO_NAME = re.compile(r"[?!«»“”\"\n:]|-(?:t-)?(?:il|elle|ils|elles)$")
_ARTICLES = frozenset(("le", "la", "les", "l", "the", "un", "une", "a", "an"))
_MOST = 8  # words of a name with a role
_LONGEST_NAME = 80
_WORDS = 5
"""Words from which on a text between marks is a quotation and no search for exact words."""


def parted(text: str) -> tuple[str, str | None]:
    """(words, speaker) of « … » — Name, "…", a dit Name, … — Name; the speaker is None where none
    is named.
    """
    text = text.strip()
    between = _between_marks(text)
    if between is not None:
        words, rest = between
        return words, _name(rest)
    led = _LED.match(text)
    between = _between_marks(text[led.end() :]) if led else None
    if led and between is not None and not between[1].strip(_BLANK + ".,;:"):
        return between[0], _name(led[1])  # Name : « … », Name a dit « … »
    pieces = _DASH.split(text)
    if len(pieces) > 1 and is_name(pieces[-1]) and not pieces[-1][:1].islower():
        cut = [match.start() for match in _DASH.finditer(text)][-1]
        return text[:cut].strip(), _name(pieces[-1])
    return text, None


def is_quotation(text: str) -> bool:
    """Is a message nothing but a quotation: words between marks, and perhaps whose they are?"""
    between = _between_marks(text.strip())
    if between is None:
        return False
    words, rest = between
    count = len(re.findall(r"[^\W_]+", words))
    named = _name(rest) is not None
    if rest.strip(_BLANK + ".,;:—–-") and (not named or "\n" in rest.strip()):
        return False
    typed = text.strip()[0] in '"'
    return count >= (_WORDS if not typed or named else _WORDS + 3)


def _between_marks(text: str) -> tuple[str, str] | None:
    """(what stands between the marks that a text begins with, what follows them)."""
    closing = _PAIRS.get(text[:1])
    if not closing:
        return None
    opening, depth, at = text[0], 1, 1
    while at < len(text):
        char = text[at]
        if char in closing and not _is_apostrophe(text, at):
            depth -= 1
            if depth <= 0 and not (opening in '‘"' and _closes_later(text, at, closing)):
                return text[1:at].strip(_BLANK), text[at + 1 :]
        elif char == opening:
            depth += 1
        at += 1
    return None


def _closes_later(text: str, at: int, closing: str) -> bool:
    """Does a mark that is also another sign (“the players’ union”) close at the very end?"""
    rest = text[at + 1 :].rstrip(_BLANK + ".")
    if closing == "’":
        return any(rest[n] == "’" and not _is_apostrophe(rest, n) for n in range(len(rest)))
    return bool(rest) and rest[-1] in closing


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and text[at + 1 : at + 2].isalnum()


def _name(rest: str) -> str | None:
    """Whom the words beside a quotation name; None where they name nobody."""
    found = _LEAD.match(rest)
    name = found[1] if found else ""
    for said in sorted(listed("attributes"), key=len, reverse=True):
        plain = fold(name).replace("'", " ")  # as long as the name itself
        if len(plain) == len(name) and re.match(rf"{re.escape(said)}\b", plain):
            name = name[len(said) :].lstrip(" ,:")
            break
        if len(plain) == len(name) and re.search(rf"\b{re.escape(said)}$", plain):
            name = name[: -len(said)].rstrip(" ,:")
            break
    name = name.strip(_BLANK + _MARKS + ".,;:").split("\n")[0]
    return name if is_name(name) else None


def is_name(name: str) -> bool:
    """May it be somebody's name or role, and not a question or another sentence?"""
    words = fold(name).split()
    if not words or len(words) > _MOST or len(name) > _LONGEST_NAME or _NO_NAME.search(name):
        return False
    if not any(map(str.isalpha, name)) or len(name.strip()) < 2:
        return False
    leads = words[0] in stop_words() - _ARTICLES or words[0] in listed("coordinators")
    return not leads and not set(words) & question_words()
