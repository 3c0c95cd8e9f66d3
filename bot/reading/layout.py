"""Which stretches of a text are its title, its paragraphs, its dates, and which are neither."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import pairwise

from bot.domain.model import Span
from bot.domain.text import fold, trim
from bot.languages.calendar import stamp
from bot.languages.language import codes, language
from bot.languages.written import dated

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^([A-Za-z_-]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
_LONG_TEASER = 300  # a longer line that begins with "read also" holds more than a teaser
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_BULLET = re.compile(r"^(?:[»>•*→▶\[(-]+\s*)+")
_WRAPPED = 100  # no line of a hard-wrapped text is longer
_LONG_STAMP = 90  # a longer line says more than when the page was dated
_LONG_LINE = 400  # a first line longer than this is a lead, not a title


@dataclass(frozen=True, slots=True)
class Layout:
    """What a text's lines are; ``front`` holds the front matter's fields, lower-case keys."""

    heading: Span | None
    body: tuple[Span, ...]
    front: Mapping[str, str] = field(default_factory=dict)
    updated: datetime | None = None
    published: datetime | None = None


def front_matter(text: str) -> tuple[dict[str, str], int]:
    """The fields of a ``---`` block at the text's head, and where the content begins."""
    match = _FRONT.match(text)
    if not match:
        return {}, 0
    fields = {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(match.group(1))}
    return fields, match.end()


def lay_out(text: str, language_code: str) -> Layout:
    """Title (the first line, unless the front matter gives one), paragraphs, dates; boilerplate in
    neither.
    """
    front, start = front_matter(text)
    own = language(language_code)
    lines = [_bare(text, *match.span()) for match in _LINE.finditer(text, start)]
    lines = _without_code(text, lines)
    lines = _unwrapped(text, [span for span in lines if span[0] < span[1]])
    updated = published = None
    body = []
    for span in lines:
        line = text[span[0] : span[1]]
        moment = stamp(line, own, "updated") if len(line) <= _LONG_STAMP else None
        if moment:
            updated = moment
        elif published_at := stamp(line, own, "published") if len(line) <= _LONG_STAMP else None:
            published = published_at
        elif (told := dated(line, language_code)) is not None and told.said:
            published = published or _at_midnight(told.published)
            updated = updated or _at_midnight(told.updated)
        elif not _is_boilerplate(line):
            body.append(span)
    heading = _front_title(text, start) if "title" in front else None
    if heading is None and len(body) > 1 and body[0][1] - body[0][0] <= _LONG_LINE:
        heading = body.pop(0)
    return Layout(heading, tuple(body), front, updated, published)


def _at_midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day) if day else None


def _bare(text: str, start: int, end: int) -> Span:
    """A line without blanks and Markdown's heading signs around it."""
    start, end = trim(text, start, end)
    sign = _HEADING.match(text, start, end)
    return trim(text, sign.end(), end) if sign else (start, end)


def _without_code(text: str, lines: list[Span]) -> list[Span]:
    """The lines outside Markdown's fenced code: nobody said it."""
    fences = [at for at, (start, end) in enumerate(lines) if text.startswith("```", start, end)]
    pairs = list(zip(fences[::2], fences[1::2], strict=False))
    return [
        span
        for at, span in enumerate(lines)
        if not any(first <= at <= last for first, last in pairs)
    ]


def _unwrapped(text: str, lines: list[Span]) -> list[Span]:
    """In a text whose lines are cut at a fixed width, the paragraphs that blank lines part; else
    the lines.
    """
    beside = [text.count("\n", a[1], b[0]) == 1 for a, b in pairwise(lines)]
    if (
        len(lines) < 4
        or not any(beside)
        or all(beside)
        or max(end - start for start, end in lines) > _WRAPPED
    ):
        return lines
    broken = [
        _is_broken(text, a, b) for (a, b), near in zip(pairwise(lines), beside, strict=True) if near
    ]
    if sum(broken) * 2 < len(broken):
        return lines
    blocks = [lines[0]]
    for span, near in zip(lines[1:], beside, strict=True):
        if near:
            blocks[-1] = blocks[-1][0], span[1]
        else:
            blocks.append(span)
    return blocks


def _is_broken(text: str, line: Span, following: Span) -> bool:
    """Does a line end in the middle of a sentence?"""
    return text[line[1] - 1] not in '.!?…:»”"' or text[following[0]].islower()


def _front_title(text: str, end: int) -> Span | None:
    """The place of the title's words in the front matter."""
    match = re.compile(r"^title[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE).search(
        text, 0, end
    )
    return trim(text, *match.span(1)) if match and match.group(1) else None


@cache
def _boilerplate() -> re.Pattern[str]:
    starts = {
        fold(start) for code in codes() for start in language(code).data["reading"]["boilerplate"]
    }
    return re.compile(rf"(?:{'|'.join(map(re.escape, sorted(starts)))})\b[^.!?»”]{{0,120}}$")


@cache
def _teaser() -> re.Pattern[str]:
    starts = {fold(start) for code in codes() for start in language(code).data["reading"]["teaser"]}
    return re.compile(rf"(?:{'|'.join(map(re.escape, sorted(starts, key=len, reverse=True)))})\b")


def _is_boilerplate(line: str) -> bool:
    """A line of the page rather than of the article; a bullet or arrow before it is looked over."""
    plain = _BULLET.sub("", fold(line[:_LONG_TEASER]))
    if len(line) < _LONG_TEASER and _teaser().match(plain):
        return True
    return len(line) <= 160 and _boilerplate().match(plain) is not None
