"""A text as the parser reads it: the same length, letter by letter, with what stands for a sign
made that sign.

HTML entities, typewriter marks (<< >>, '' '', ,, '') and the like keep their places, so that every
offset found in the shadow is one in the text itself. Fillers are zero-width: beside marks blanks,
inside words soft hyphens.
"""

from __future__ import annotations

import re
from html import unescape

_SIGNS = re.compile(
    r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#x[0-9A-Fa-f]{2,4});|<<|>>|,,|(?<!['\w])''(?=\w)|(?<=[\w.!?…])''|``"
)
_TYPED = {"<<": "«", ">>": "»", ",,": "„", "``": "“"}
_OPEN, _CLOSE = "«“„‹", "»”›"
_BLANK, _INSIDE = "\u200b", "\u00ad"


def shadow(text: str) -> str:
    """The text with signs in place of what stands for them; its length is the text's."""
    return _SIGNS.sub(_sign, text) if _SIGNS.search(text) else text


def _sign(match: re.Match[str]) -> str:
    written = match.group()
    if written == "''":
        opens = match.start() == 0 or not (
            match.string[match.start() - 1].isalnum() or match.string[match.start() - 1] in ".!?…"
        )
        return _BLANK + '"' if opens else '"' + _BLANK
    sign = _TYPED.get(written) or unescape(written)
    if len(sign) != 1 or sign == written:
        return written
    fill = len(written) - 1
    if sign in _OPEN or (sign == '"' and _opens(match)):
        return _BLANK * fill + sign
    if sign in _CLOSE or sign == '"':
        return sign + _BLANK * fill
    return sign + (_BLANK if sign.isspace() else _INSIDE) * fill


def _opens(match: re.Match[str]) -> bool:
    before = match.string[match.start() - 1 : match.start()]
    return not before or before.isspace() or before in "([{-—–:"
