"""Cards and timelines: nothing of a quote is cut, nothing stands outside the picture, every letter
has a shape.
"""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from conftest import article
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from transcript import DOCS, converse

from bot.domain.model import Article, Passage, Quote
from bot.extraction.extract import extract_quotes
from bot.replies import card
from bot.replies.drawing import INNER, MARGIN, font, line_height, wrap
from bot.replies.phrases import phrases
from bot.replies.timeline import in_time, timeline

pytestmark = pytest.mark.slow

NAMES = (
    "Ana Roy",
    "Jean-Baptiste-Emmanuel de La Rochefoucauld-Montmorency du Plessis-Bellière",
    "Zoë Œuvrard",
)


def quoted(words: str, name: str = "Ana Roy", **facts: str) -> Passage:
    made = article(f"Un titre\n\n« {words} », a déclaré {name}, maire de Valmont.", **facts)
    return Passage(extract_quotes(made)[0], made)


def drawn(
    monkeypatch: pytest.MonkeyPatch, quote: Quote, made: Article
) -> list[tuple[list[str], int, int]]:
    """The lines, the size and the pixels that the quote has, card by card."""
    found: list[tuple[list[str], int, int]] = []
    real = card._draw

    def note(lines: list[str], size: int, label: str, footer: Any, *rest: Any) -> bytes:
        room = card.HEIGHT - 2 * MARGIN - footer.height - (line_height(30) if label else 0)
        found.append((lines, size, room))
        return real(lines, size, label, footer, *rest)

    monkeypatch.setattr(card, "_draw", note)
    pictures = card.cards(Passage(quote, made), phrases("fr"))
    assert len(pictures) == len(found) <= card.MOST_CARDS
    assert all(Image.open(io.BytesIO(picture)).size == (1080, 1080) for picture in pictures)
    return found


@pytest.mark.parametrize("count", [1, 6, 25, 60, 140, 400, 900])
@pytest.mark.parametrize("name", NAMES)
def test_a_card_never_cuts_the_quote(
    monkeypatch: pytest.MonkeyPatch, count: int, name: str
) -> None:
    quote, made = quoted(
        " ".join(f"l’eau numéro {n} monte" for n in range(count)),
        name,
        publisher="Le Courrier " * 9,
    )
    found = drawn(monkeypatch, quote, made)
    said = made.text[quote.start : quote.end]
    assert "".join("".join(line for line in lines) for lines, _, _ in found).replace(
        " ", ""
    ).replace("\u00a0", "").replace("\u202f", "") == f"«{said}»".replace(" ", "")
    for lines, size, room in found:
        assert len(lines) * line_height(size) <= room
        assert max(font(size).getlength(line) for line in lines) <= INNER


@settings(max_examples=25, deadline=None)
@given(words=st.text(st.sampled_from("aéèçœŒÀ’-– ,…W"), min_size=3, max_size=700))
def test_any_letters_and_long_words(words: str) -> None:
    said = " ".join(f"Oui {words}".split())
    found = wrap(said, 43, INNER)
    assert "".join(found).replace(" ", "") == said.replace(" ", "")
    assert all(font(43).getlength(line) <= INNER for line in found)


def test_every_letter_of_both_languages_has_a_shape() -> None:
    missing = bytes(font(40).getmask("\U0010ffff"))
    for letter in "éèêëàâçœŒæîïôùûüÿÉÈÇŸ«»“”‘’–—…€°№ßñøłžāș":
        assert bytes(font(40).getmask(letter)) != missing, letter


def test_long_quotes_make_an_album(monkeypatch: pytest.MonkeyPatch) -> None:
    quote, made = quoted(" ".join(f"phrase numéro {n}" for n in range(300)))
    assert len(drawn(monkeypatch, quote, made)) > 1


def test_a_timeline_of_many_statements_is_one_picture() -> None:
    many = [
        quoted(
            f"Nous sommes au jour numéro {at}",
            published=f"20{10 + at // 12:02}-{at % 12 + 1:02}-01",
        )
        for at in range(60)
    ]
    speaker = many[0][0].speaker
    assert speaker
    picture = Image.open(io.BytesIO(timeline(speaker, in_time(many), phrases("en"))))
    assert picture.width == 1080
    assert picture.width + picture.height <= 10_000  # Telegram's limit for a photo
    undated = [quoted("Nous ne savons pas quand")]
    assert Image.open(io.BytesIO(timeline(speaker, in_time(undated), phrases("fr")))).width == 1080


def test_the_transcript_in_the_docs_is_what_the_bot_says() -> None:
    assert (DOCS / "conversation.md").read_text("utf-8") == asyncio.run(converse())
    for name in ("conversation-1.png", "conversation-2.png", "conversation-3.png"):
        assert Image.open(Path(DOCS, "pictures", name)).width == 1080
