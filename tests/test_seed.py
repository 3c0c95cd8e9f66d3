"""The seed article: every quote with its full name, type, role, cue and kind; every reported
statement.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import ROOT

from bot.domain.model import Article, Quote

pytestmark = pytest.mark.usefixtures("with_reader")

GOLD = json.loads((ROOT / "seeds" / "gold" / "seed.jsonl").read_text("utf-8"))
PARTIAL = {
    "au cours des dernières 24 heures",
    "la réalité cruelle et implacable de la guerre de Poutine",
    "se tient fermement",
    "elle constitue une menace pour notre sécurité et celle de nos alliés",
    "forces affectées",
    "rester vigilante, calme et étroitement coordonnée",
}


def test_the_file_is_the_seed(seed: Article) -> None:
    assert seed.sha256 == GOLD["sha256"]
    assert seed.text == GOLD["text"]


@pytest.mark.parametrize("gold", GOLD["quotes"], ids=lambda row: row["text"][:30])
def test_quotes(gold: dict[str, Any], seed: Article, seed_quotes: tuple[Quote, ...]) -> None:
    found = [
        q
        for q in seed_quotes
        if (q.start, q.end) == (gold["start"], gold["end"]) and q.kind != "indirect"
    ]
    assert len(found) == 1
    quote = found[0]
    assert seed.text[quote.start : quote.end] == gold["text"]
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.speaker.kind) == (gold["speaker"], gold["speaker_type"])
    # a role is kept where it stands beside the name; "chef de l’alliance" stands a sentence before
    assert quote.speaker.role in (gold["role"], None)
    assert quote.cue == gold["cue"]
    assert quote.kind == ("partial" if gold["text"] in PARTIAL else "direct")
    assert quote.context[0] <= quote.start < quote.end <= quote.context[1]


def test_nothing_else_is_quoted(seed_quotes: tuple[Quote, ...]) -> None:
    assert len([q for q in seed_quotes if q.kind != "indirect"]) == len(GOLD["quotes"]) == 17


PLAIN = [row for row in GOLD["indirect"] if not row.get("mixed") and not row.get("optional")]


@pytest.mark.parametrize("gold", PLAIN, ids=lambda row: row["text"][:30])
def test_reported(gold: dict[str, Any], seed_quotes: tuple[Quote, ...]) -> None:
    found = [
        q
        for q in seed_quotes
        if q.kind == "indirect" and (q.start, q.end) == (gold["start"], gold["end"])
    ]
    assert len(found) == 1
    assert found[0].cue == gold["cue"]
    speaker = found[0].speaker
    if gold["speaker"] is None:
        assert speaker is None
    elif gold.get("speaker_keys"):
        assert speaker and any(key in speaker.name for key in gold["speaker_keys"])
    else:
        assert speaker and speaker.name == gold["speaker"]


def test_sources_are_anonymous(seed_quotes: tuple[Quote, ...]) -> None:
    sources = [
        q.speaker
        for q in seed_quotes
        if q.speaker and q.speaker.name == "sources de sécurité polonaises"
    ]
    assert [speaker.kind for speaker in sources] == ["anonymous"]


def test_no_name_is_invented(seed: Article, seed_quotes: tuple[Quote, ...]) -> None:
    for quote in seed_quotes:
        if quote.speaker:
            assert quote.speaker.name in seed.text
            assert quote.speaker.role is None or quote.speaker.role in seed.text


def test_said_on(seed: Article, seed_quotes: tuple[Quote, ...]) -> None:
    said = {(q.said_on.words, q.said_on.day.isoformat()) for q in seed_quotes if q.said_on}
    assert said == {("mercredi", "2022-11-16")}
