"""The words of a language's verbs and names, worked out of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.text import fold
from bot.languages import tags


def genders(table: Mapping[str, list[str]]) -> dict[str, str]:
    """Each word of a table of masculine and feminine ones: "m", "f", or "" where it may be both."""
    found: dict[str, str] = {}
    for key, gender in (("masculine", "m"), ("feminine", "f")):
        for word in table[key]:
            for form in {word, fold(word)}:
                found[form] = "" if found.get(form, gender) != gender else gender
    return found


def conjugate(table: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Each form of a class's verbs, its tag, and whether the verb takes a content clause."""
    for key, finite, past in (("cue", tags.CUE, tags.CUE_PAST), ("say", tags.SAY, tags.SAY_PAST)):
        for verb in table[key]:
            stem = verb.removesuffix(table["strip"])
            for form, tag in (
                ("participle", past),
                ("gerund", tags.GERUND),
                ("infinitive", tags.INFINITIVE),
                ("finite", finite),
            ):
                yield from ((stem + ending, tag, key == "say") for ending in table[form])
