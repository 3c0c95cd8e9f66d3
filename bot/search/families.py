"""Words that readers use for one another: synonyms within a language, cognates and translations
between two.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from bot.domain.text import fold
from bot.search.spelling import spellings

SYNONYM, TRANSLATION = 0.6, 0.8
"""How far a synonym or a translation stands for the word that was asked."""


@cache
def _groups() -> dict[str, list[tuple[str, float]]]:
    data = tomllib.loads((files(__package__) / "families.toml").read_text("utf-8"))
    found: dict[str, dict[str, float]] = {}
    for group in data["synonyms"]:
        _link([fold(word) for word in group], SYNONYM, found)
    for french, english in data["translations"].items():
        for one in fold(french).split():
            for other in (fold(word) for word in english):
                found.setdefault(one, {})[other] = TRANSLATION
                found.setdefault(other, {})[one] = TRANSLATION
    return {word: list(others.items()) for word, others in found.items()}


def _link(words: list[str], likeness: float, found: dict[str, dict[str, float]]) -> None:
    for word in words:
        others = found.setdefault(word, {})
        for other in words:
            if other != word:
                others[other] = max(likeness, others.get(other, 0.0))


def related(word: str) -> list[tuple[str, float]]:
    """Words that may stand for a folded word, with how far (0 to 1): a name's other spellings are
    that name.
    """
    return [
        *_groups().get(word, []),
        *((other, 1.0) for other in sorted(spellings(word)) if other != word),
    ]
