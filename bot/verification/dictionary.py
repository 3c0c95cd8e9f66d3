"""Is it a word? By word lists (pyspellchecker), for telling a typing mistake from another word."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _frequencies(code: str) -> Any:
    from spellchecker import SpellChecker  # noqa: PLC0415 7 MB that few texts need

    return SpellChecker(language=code, distance=1).word_frequency


@cache
def _folded(code: str) -> frozenset[str]:
    from bot.domain.text import fold  # noqa: PLC0415

    return frozenset(fold(word) for word in dict(_frequencies(code).dictionary))


def is_word(word: str, code: str) -> bool:
    """Is a folded word one of a language? True for a language without a list: nothing is a slip
    there.
    """
    try:
        return word in _folded(code)
    except ValueError:
        return True
