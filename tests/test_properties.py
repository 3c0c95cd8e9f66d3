"""Any text at all: no crash, spans that are slices, no overlaps, no cut characters, linear work."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from conftest import article
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.text import fold
from bot.extraction.extract import extract_quotes
from bot.extraction.marks import find_marked

pytestmark = pytest.mark.slow

MARKS = "«»“”„\"‹›‘’'`"
PIECES = st.sampled_from(
    [
        *MARKS,
        " ",
        "\n",
        "\n\n",
        "\u00a0",
        "\u202f",
        ", ",
        ". ",
        " : ",
        "– ",
        "Ana Roy",
        "M. Roux",
        "il ",
        "elle ",
        "a déclaré",
        "dit",
        "que ",
        "selon ",
        "said",
        "he ",
        "told reporters",
        "-t-il",
        "Le maire",
        "the mayor",
        "mardi",
        "é",
        "e\u0301",
        "😀",
        "👨‍👩‍👧",
        "(",
        ")",
        "AFP",
        "!",
        "?",
        "…",
        "\ud7ff",
        "\u200b",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("sELON%A%0\u0300")
def test_any_text(text: str) -> None:
    if not text.strip() or "\0" in text or text.startswith("---"):
        return
    made = article("Un titre\n\nx " + text)
    found = extract_quotes(made)
    for quote in found:
        assert 0 <= quote.start < quote.end <= len(made.text)
        assert quote.context[0] <= quote.context[1]
        assert all(quote.start <= a < b <= quote.end for a, b in quote.segments)
        assert not unicodedata.combining(made.text[quote.start])
        assert quote.end == len(made.text) or not unicodedata.combining(made.text[quote.end])
        assert quote.speaker is None or fold(quote.speaker.name)
    for reported in (True, False):
        spans = sorted((q.start, q.end) for q in found if (q.kind == "indirect") == reported)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert len({quote.id for quote in found}) == len(found)
    assert found == extract_quotes(made)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*MARKS, "a", " ", "b. ", ", "]), max_size=80).map("".join))
def test_marks_in_any_order(text: str) -> None:
    found = find_marked(text, [(0, len(text))])
    for one, two in pairwise(found):
        assert one.end <= two.start
    for marked in found:
        assert marked.outer[0] <= marked.start < marked.end <= marked.outer[1]


@pytest.mark.parametrize(
    "piece",
    [
        "«",
        "« a ",
        "« a\n",
        '"',
        "il dit que ",
        "« a » ",
        "le président de la région du ",
        "- a ?\n",
        "Joe said, ",
        "(a ",
        "« a, dit-il, ",
    ],
)
def test_work_grows_linearly(piece: str) -> None:
    """Counted in function calls, not in seconds: twice the text is about twice the work."""
    counts = []
    for size in (20_000, 40_000):
        made = article("Un titre\n\nx " + (piece * (size // len(piece) + 1))[:size])
        counts.append(_calls(made))
    assert counts[1] < counts[0] * 2.6


def _calls(made: object) -> int:
    import cProfile
    import pstats
    from io import StringIO
    from typing import cast

    from bot.domain.model import Article

    profile = cProfile.Profile()
    profile.enable()
    extract_quotes(cast(Article, made))
    profile.disable()
    return int(pstats.Stats(profile, stream=StringIO()).total_calls)  # type: ignore[attr-defined]


def test_a_megabyte_of_opening_marks() -> None:
    assert extract_quotes(article("Un titre\n\nx" + "«" * 1_000_000)) == ()
