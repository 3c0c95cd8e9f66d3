"""The frames that questions are put in, from the languages' files: every language's together."""

from __future__ import annotations

import re
from functools import cache

from bot.languages.language import codes, language

_NAME = r"((?:[^\W\d_a-zà-ÿ][\w’'-]+)(?: [^\W\d_a-zà-ÿ][\w’'-]+)*)"


@cache
def frame(name: str, start: bool = True) -> re.Pattern[str]:
    """One of the languages' ``[frames]``, as whole words; ``start``: only where a text begins."""
    parts = [str(language(code).data["frames"][name]) for code in codes()]
    either = "|".join(part for part in parts if part).replace("NAME", _NAME)
    bound = "^" if start else r"\b"
    return re.compile(rf"{bound}(?:{either})\b")


def caught(name: str, text: str) -> str:
    """What the group of a frame holds at the beginning of a text; "" where the text doesn't begin
    so.
    """
    match = frame(name).match(text)
    return next((group for group in match.groups() if group), "") if match else ""
