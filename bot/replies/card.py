"""A quote as a picture to share: whole, with who said it, in which role, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.model import Article, Passage, Quote
from bot.replies.drawing import (
    DARK,
    INNER,
    LIGHT,
    MARGIN,
    WIDTH,
    Palette,
    font,
    line_height,
    png,
    wrap,
)
from bot.replies.phrases import Phrases

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

HEIGHT = 1080
_SIZES = (
    64,
    58,
    52,
    47,
    43,
    39,
    36,
)  # of the quote; what does not fit at the smallest goes on a further card
MOST_CARDS = 10
"""Telegram's limit for an album."""


@dataclass(frozen=True, slots=True)
class _Footer:
    rows: tuple[tuple[str, int, bool, bool], ...]  # text, size, strong, faint

    @property
    def height(self) -> int:
        return sum(line_height(size) for _, size, _, _ in self.rows) + 60


def cards(
    passage: Passage, say: Phrases, dark: bool = False, verdict: str = ""
) -> tuple[bytes, ...]:
    """PNG files: one, or several where the quote is long; no word of it is left out. ``verdict`` is
    what a verification found, set above the words.
    """
    quote, article = passage
    palette = DARK if dark else LIGHT
    footer = _footer(quote, article, say)
    label = verdict or (say("As reported:") if quote.kind == "indirect" else "")
    room = HEIGHT - 2 * MARGIN - footer.height - (line_height(30) if label else 0)
    size, pages = _set(_words(quote, article, say), room)
    return tuple(
        _draw(
            lines, size, label, footer, f"{number}/{len(pages)}" if len(pages) > 1 else "", palette
        )
        for number, lines in enumerate(pages, 1)
    )


def _words(quote: Quote, article: Article, say: Phrases) -> str:
    """What the card sets: words in marks, the sentence around a few quoted words, or the reported
    clause.
    """
    text = (
        article.text[slice(*quote.context)]
        if quote.kind == "partial"
        else article.text[quote.start : quote.end]
    )
    text = "\n".join(" ".join(line.split(" ")) for line in text.splitlines() if line.strip())
    return say.quoted(text, article.language) if quote.kind == "direct" else text


def _set(words: str, room: int) -> tuple[int, list[list[str]]]:
    """The largest face in which the words fit one card, or the smallest and the cards that it
    needs.
    """
    for size in _SIZES:
        lines = wrap(words, size, INNER)
        if len(lines) * line_height(size) <= room:
            return size, [lines]
    size = _SIZES[-1]
    fits = max(1, room // line_height(size))
    lines = wrap(words, size, INNER)
    count = -(-len(lines) // fits)
    if (
        count > MOST_CARDS
    ):  # a speech rather than a quote: smaller still, so that an album holds all of it
        size, fits = _smallest(words, room)
        lines = wrap(words, size, INNER)
        count = -(-len(lines) // fits)
    share = -(-len(lines) // count)
    return size, [lines[at : at + share] for at in range(0, len(lines), share)]


def _smallest(words: str, room: int) -> tuple[int, int]:
    for size in range(_SIZES[-1], 7, -2):
        fits = max(1, room // line_height(size))
        if len(wrap(words, size, INNER)) <= fits * MOST_CARDS:
            return size, fits
    return 8, max(1, room // line_height(8))


def _footer(quote: Quote, article: Article, say: Phrases) -> _Footer:
    speaker = quote.speaker
    name = speaker.name if speaker else say("speaker unknown")
    rows = [(line, 38, True, False) for line in wrap(f"— {name}", 38, INNER, strong=True, most=3)]
    if speaker and speaker.role:
        rows += [(line, 29, False, False) for line in wrap(speaker.role, 29, INNER, most=3)]
    day = quote.said_on.day if quote.said_on else article.day
    source = " · ".join(
        part for part in (article.title, article.publisher, say.date(day) if day else None) if part
    )
    rows += [(line, 25, False, True) for line in wrap(source, 25, INNER, most=3)]
    if article.url:
        parts = urlsplit(article.url)
        rows += [
            (line, 23, False, True)
            for line in wrap(f"{parts.hostname or ''}{parts.path}", 23, INNER, most=2)
        ]
    return _Footer(tuple(rows))


def _draw(
    lines: list[str], size: int, label: str, footer: _Footer, page: str, palette: Palette
) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), palette.paper)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 18, HEIGHT), fill=palette.accent)
    top = MARGIN
    if label:
        pen.text((MARGIN, top - 20), label, font=font(30), fill=palette.accent)
        top += line_height(30)
    room = HEIGHT - MARGIN - footer.height - top
    y = top + max(0, (room - len(lines) * line_height(size)) // 2)
    for line in lines:
        pen.text((MARGIN, y), line, font=font(size), fill=palette.ink)
        y += line_height(size)
    _draw_footer(pen, footer, palette)
    brand = f"Verbatim   {page}".rstrip()
    pen.text(
        (WIDTH - MARGIN, HEIGHT - 44),
        brand,
        font=font(22, strong=True),
        fill=palette.accent,
        anchor="rs",
    )
    return png(image)


def _draw_footer(pen: ImageDraw, footer: _Footer, palette: Palette) -> None:
    y = HEIGHT - MARGIN - footer.height + 30
    pen.line((MARGIN, y - 14, MARGIN + 120, y - 14), fill=palette.accent, width=5)
    for text, size, strong, faint in footer.rows:
        pen.text(
            (MARGIN, y), text, font=font(size, strong), fill=palette.faint if faint else palette.ink
        )
        y += line_height(size)
