"""One sentence each, with an explicit speaker: every way of saying who said it that the parser must
read.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import quotes

from bot.domain.text import fold

pytestmark = pytest.mark.usefixtures("with_reader")

DATA = Path(__file__).parent / "data"
LEAST = {"fr": 0.93, "en": 0.93}
"""The share of sentences that must be read rightly. They are examples, written beside the rules:
what judges extraction are real articles left out whole (``bench/fit_choice.py``).
"""
FILLER = {
    "fr": "Le vent se lève sur la baie\n\n{} Les bateaux sont restés au port toute la journée "
    "et la pluie est tombée.",
    "en": "The wind is rising over the bay\n\n{} The boats stayed in the harbour all day "
    "while the rain was falling.",
}


def rows(language: str) -> list[tuple[str, str, str]]:
    """(sentence, words, speaker) of a language's file."""
    lines = (DATA / f"minimal_{language}.tsv").read_text("utf-8").splitlines()
    found = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert all(len(row) == 3 for row in found)
    return found  # type: ignore[return-value]


def read_rightly(language: str, sentence: str, words: str, speaker: str) -> bool:
    """Is the sentence's quote found, with a speaker whose name ends as it should?"""
    found = [
        (said, who)
        for said, who, kind in quotes(FILLER[language].format(sentence))
        if kind != "indirect"
    ]
    return any(
        fold(said).startswith(fold(words).rstrip(",."))
        and who is not None
        and fold(who).endswith(fold(speaker))
        for said, who in found
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_minimal_sentences(language: str) -> None:
    sentences = rows(language)
    wrong = [row for row in sentences if not read_rightly(language, *row)]
    assert len(wrong) <= (1 - LEAST[language]) * len(sentences), "\n".join(
        f"{row[0]}  ->  {row[2]}" for row in wrong
    )
