"""Words as the index knows them: folded, stemmed in their language, stop words marked."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from bot.domain.text import fold
from bot.languages.language import codes, language

_WORD = re.compile(r"[^\W_]+")
_SNOWBALL = {"fr": "french", "en": "english"}


@cache
def _stemmer(code: str) -> Any:
    import Stemmer  # noqa: PLC0415

    return Stemmer.Stemmer(_SNOWBALL.get(code, code))


@lru_cache(maxsize=200_000)
def stem(word: str, code: str) -> str:
    """A folded word's Snowball stem in a language (accents go first, so that typing none costs
    nothing).
    """
    return str(_stemmer(code).stemWord(word))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


@cache
def stop_words() -> frozenset[str]:
    """The stop words of every language: a reader may ask in one about an article in another."""
    return frozenset().union(*(language(code).stop for code in codes()))


@cache
def question_words() -> frozenset[str]:
    """Words that ask or say, in every language."""
    return frozenset().union(*(language(code).question for code in codes()))


def is_given_name(word: str) -> bool:
    """Is a folded word a first name, and no other word of any language ("Jill"; not "hope")?"""
    known = [language(code) for code in codes()]
    return known[0].is_first_name(word) and not any(word in each.parts for each in known)


@cache
def called_words() -> frozenset[str]:
    """Titles and role nouns of every language: what a name may be preceded by ("le procureur",
    "Dr.").
    """
    found = set()
    for data in (language(code).data for code in codes()):
        for called in (
            *(data["titles"][key] for key in ("masculine", "feminine", "either")),
            data["nouns"]["masculine"],
            data["nouns"]["feminine"],
        ):
            found |= {fold(word).rstrip(".") for word in called}
    return frozenset(found)


@cache
def kin_words() -> frozenset[str]:
    """Relations of every language ("frère", "colleague"), folded."""
    return frozenset(fold(word) for code in codes() for word in language(code).data["nouns"]["kin"])


@cache
def search_words(*lists: str) -> frozenset[str]:
    """Lists of the languages' ``[search]``, folded, of every language together."""
    return frozenset(
        fold(word)
        for code in codes()
        for name in lists
        for word in language(code).data["search"][name]
    )
