"""Somebody's statements over time, as one picture that a phone can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.domain.model import Article, Passage, Quote, Speaker
from bot.replies.drawing import INNER, LIGHT, MARGIN, WIDTH, font, line_height, png, wrap
from bot.replies.phrases import Phrases
from bot.replies.quote import where

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SHOWN = 8
"""Statements that are written out: the latest."""
_LEFT = MARGIN + 46  # where text begins, right of the line of time
_TEXT, _DATE, _SOURCE = 31, 28, 24
_STRIP = 64  # pixels above the line in which dots of one day are piled up
_AXIS = 130  # pixels of the strip above that holds every statement as a dot
_BETWEEN = 34

Dated = tuple[date | None, Quote, Article]


def timeline(speaker: Speaker, rows: Sequence[Dated], say: Phrases, number: int = 0) -> bytes:
    """A PNG: name and role, a strip with a dot for each dated statement, those of a page written
    out with their source.

    ``rows`` are of ``in_time``; ``number`` is the page's, from 0 on.
    """
    from PIL import Image, ImageDraw

    shown = [(row, _lines(row, say)) for row in rows[number * SHOWN : (number + 1) * SHOWN]]
    name = wrap(speaker.name, 48, INNER, strong=True, most=3)
    role = wrap(speaker.role, 30, INNER, most=2) if speaker.role else []
    days = [day for day, _, _ in rows if day]
    top = MARGIN + len(name) * line_height(48) + len(role) * line_height(30) + 30
    body = sum(
        (line_height(_DATE) if _new_day(shown, at) else 0)
        + len(lines) * line_height(_TEXT)
        + line_height(_SOURCE)
        + _BETWEEN
        for at, (_, lines) in enumerate(shown)
    )
    pages = -(-len(rows) // SHOWN)
    height = (
        top
        + (_AXIS if len(set(days)) > 1 else 0)
        + body
        + (line_height(_DATE) if pages > 1 else 0)
        + MARGIN
    )
    image = Image.new("RGB", (WIDTH, height), LIGHT.paper)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 18, height), fill=LIGHT.accent)
    y = MARGIN
    for lines, size, strong in ((name, 48, True), (role, 30, False)):
        for line in lines:
            pen.text((MARGIN, y), line, font=font(size, strong), fill=LIGHT.ink)
            y += line_height(size)
    y = top
    if len(set(days)) > 1:
        _axis(pen, y, days, say)
        y += _AXIS
    y = _statements(pen, y, shown, say)
    if pages > 1:
        pen.text((_LEFT, y), f"{number + 1} / {pages}", font=font(_DATE), fill=LIGHT.faint)
    pen.text(
        (WIDTH - MARGIN, height - 40),
        "Verbatim",
        font=font(22, strong=True),
        fill=LIGHT.accent,
        anchor="rs",
    )
    return png(image)


def in_time(found: Sequence[Passage]) -> list[Dated]:
    """The statements newest first, each once; what has no day at the end."""
    rows: list[Dated] = [
        (q.said_on.day if q.said_on else a.day, q, a) for q, a in found if not _told(q, found)
    ]
    return sorted(
        rows, key=lambda row: (row[0] is not None, row[0] or date.min, -row[1].start), reverse=True
    )


def _told(quote: Quote, found: Sequence[Passage]) -> bool:
    """Does another of the statements hold these words already?"""
    return any(
        other.article_id == quote.article_id
        and other.start <= quote.start
        and quote.end <= other.end
        for other, _ in found
        if other.id != quote.id
    )


def _lines(row: Dated, say: Phrases) -> list[str]:
    """The statement's beginning: in marks when they are the speaker's words, labelled when they are
    reported.
    """
    _, quote, article = row
    words = " ".join(article.text[quote.start : quote.end].split())
    told = (
        say("reported: {words}", words=words)
        if quote.kind == "indirect"
        else say.quoted(words, article.language)
    )
    return wrap(told, _TEXT, WIDTH - MARGIN - _LEFT, most=4)


def _axis(pen: ImageDraw, y: int, days: Sequence[date], say: Phrases) -> None:
    """From the first day to the last, a dot for each statement; dots of one day are piled up."""
    first, last = min(days), max(days)
    line = y + _AXIS - 62
    pen.line((MARGIN, line, WIDTH - MARGIN, line), fill=LIGHT.faint, width=3)
    for day, count in Counter(days).items():
        x = MARGIN + round(INNER * (day - first).days / max((last - first).days, 1))
        apart = min(16.0, _STRIP / count)
        for level in range(count):
            spot = line - apart * level
            pen.ellipse((x - 7, spot - 7, x + 7, spot + 7), fill=LIGHT.accent, outline=LIGHT.paper)
    pen.text((MARGIN, line + 12), say.date(first), font=font(24), fill=LIGHT.faint)
    pen.text(
        (WIDTH - MARGIN, line + 12), say.date(last), font=font(24), fill=LIGHT.faint, anchor="ra"
    )


def _statements(
    pen: ImageDraw, y: int, shown: Sequence[tuple[Dated, list[str]]], say: Phrases
) -> int:
    start = y
    for at, ((day, _, article), lines) in enumerate(shown):
        middle = y + line_height(_DATE) // 2
        pen.ellipse((MARGIN - 9, middle - 9, MARGIN + 9, middle + 9), fill=LIGHT.accent)
        if _new_day(shown, at):
            told = say.date(day) if day else say("no date")
            pen.text((_LEFT, y), told, font=font(_DATE, strong=True), fill=LIGHT.accent)
            y += line_height(_DATE)
        for line in lines:
            pen.text((_LEFT, y), line, font=font(_TEXT), fill=LIGHT.ink)
            y += line_height(_TEXT)
        for line in wrap(where(article, say), _SOURCE, WIDTH - MARGIN - _LEFT, most=1):
            pen.text((_LEFT, y), line, font=font(_SOURCE), fill=LIGHT.faint)
        y += line_height(_SOURCE) + _BETWEEN
    if len(shown) > 1:
        pen.line((MARGIN, start + 30, MARGIN, y - _BETWEEN), fill=LIGHT.faint, width=2)
    return y


def _new_day(shown: Sequence[tuple[Dated, list[str]]], at: int) -> bool:
    return at == 0 or shown[at - 1][0][0] != shown[at][0][0]
