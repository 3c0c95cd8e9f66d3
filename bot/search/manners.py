"""What a person says to the bot around a question, or instead of one."""

from __future__ import annotations

import re
from functools import cache

from bot.domain.text import fold
from bot.search.terms import search_words

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"[\"«»“”]")


@cache
def _phrases(*lists: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of some lists as words, the longest first."""
    return tuple(
        sorted((tuple(phrase.split()) for phrase in search_words(*lists)), key=len, reverse=True)
    )


def unpolite(text: str) -> str:
    """A question without greetings, thanks and "I am looking for" around it; the text itself if
    nothing else is in it.
    """
    spans = [match.span() for match in _WORD.finditer(text)]
    plain = tuple(fold(text[slice(*span)]) for span in spans)
    first, last = _within_manners(plain)
    if first >= last or (first == 0 and last == len(plain)):
        return text
    while first < last and first and plain[first] in search_words("of"):
        first += 1  # "une citation de X"
    tail = (
        text[spans[last - 1][1] :]
        if last == len(plain)
        else ("?" if "?" in text[spans[last - 1][1] :] else "")
    )
    return text[spans[first][0] : spans[last - 1][1]] + tail if first < last else text


def _within_manners(plain: tuple[str, ...]) -> tuple[int, int]:
    """Where the words lie that are neither greeting nor thanks."""
    polite, first, last = _phrases("polite"), 0, len(plain)
    while cut := next(
        (len(phrase) for phrase in polite if plain[first : first + len(phrase)] == phrase), 0
    ):
        first += cut
    while cut := next(
        (len(p) for p in polite if last - len(p) >= first and plain[last - len(p) : last] == p), 0
    ):
        last -= cut
    return first, last


def small_talk(text: str) -> bool:
    """Is the whole of it addressed to the bot: "Bonjour, ça va ?", "Thanks a lot"?"""
    if _QUOTED.search(text):
        return False  # the very words are looked for
    words = tuple(_WORD.findall(fold(text)))
    left = words
    while left and (
        phrase := next((p for p in _phrases("smalltalk", "polite") if left[: len(p)] == p), ())
    ):
        left = left[len(phrase) :]
    return not left and bool(words)
