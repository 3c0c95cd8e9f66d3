"""Alleged words and whose they are said to be, taken out of what somebody typed or pasted."""

from __future__ import annotations

import re

from bot.verification.wording import listed

_PAIRS = {"«": "»", "“": "”", "„": "“”", '"': '"', "‹": "›", "‘": "’"}
_MARKS = "".join(_PAIRS) + "".join(_PAIRS.values())
_BLANK = " \t\n\u00a0\u202f\u2009"
_DASH = re.compile(r"\s+(?:—|–|-{1,2})\s+")
_LEAD = re.compile(r"^[\s,;:.—–-]*\(?\s*(.*?)[\s).]*$", re.DOTALL)
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
    pieces = _DASH.split(text)
    if len(pieces) > 1 and _is_name(pieces[-1]):
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
    if rest.strip(_BLANK + ".,;:—–-") and not named:
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
            if not depth:
                return text[1:at].strip(_BLANK), text[at + 1 :]
        elif char == opening:
            depth += 1
        at += 1
    return None


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and text[at + 1 : at + 2].isalnum()


def _name(rest: str) -> str | None:
    """Whom the words behind a quotation name; None where they name nobody."""
    found = _LEAD.match(rest)
    name = found[1] if found else ""
    folded = name.lower()
    for lead in sorted(listed("attributes"), key=len, reverse=True):
        if re.match(rf"{re.escape(lead)}\b", folded.replace("é", "e").replace("’", " ")):
            name = name[len(lead) :].lstrip(" ,:")
            break
    name = name.strip(_BLANK + _MARKS + ".,;:").split("\n")[0]
    return name if _is_name(name) else None


def _is_name(name: str) -> bool:
    return 1 < len(name.strip()) <= _LONGEST_NAME and any(map(str.isalpha, name))
