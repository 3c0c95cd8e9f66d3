"""Which stretches of a text are its title, its paragraphs, its dates, and which are neither."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from bot.domain.model import Span
from bot.domain.text import fold, trim
from bot.languages.language import Language, codes, language

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^([A-Za-z_-]+)[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)
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
    """Title (the first line, unless the front matter gives one), paragraphs, dates; boilerplate in neither."""
    front, start = front_matter(text)
    own = language(language_code)
    lines = [trim(text, *match.span()) for match in _LINE.finditer(text, start)]
    lines = [span for span in lines if span[0] < span[1]]
    updated = published = None
    body = []
    for span in lines:
        line = text[span[0] : span[1]]
        moment = _dated(line, own, "updated")
        if moment:
            updated = moment
        elif published_at := _dated(line, own, "published"):
            published = published_at
        elif not _is_boilerplate(line):
            body.append(span)
    heading = _front_title(text, start) if "title" in front else None
    if heading is None and len(body) > 1 and body[0][1] - body[0][0] <= _LONG_LINE:
        heading = body.pop(0)
    return Layout(heading, tuple(body), front, updated, published)


def _front_title(text: str, end: int) -> Span | None:
    """The place of the title's words in the front matter."""
    match = re.compile(r"^title[ \t]*:[ \t]*(.*?)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE).search(text, 0, end)
    return trim(text, *match.span(1)) if match and match.group(1) else None


@cache
def _boilerplate() -> re.Pattern[str]:
    starts = {fold(start) for code in codes() for start in language(code).data["reading"]["boilerplate"]}
    return re.compile(rf"(?:{'|'.join(map(re.escape, sorted(starts)))})\b[^.!?»”]{{0,120}}$")


def _is_boilerplate(line: str) -> bool:
    return len(line) <= 160 and _boilerplate().match(fold(line)) is not None


@cache
def _moment(own: Language, key: str) -> re.Pattern[str]:
    reading, calendar = own.data["reading"], own.data["calendar"]
    words = "|".join(re.escape(fold(word)) for word in reading[key])
    day = calendar["day_month"].replace("MONTH", "|".join(fold(month) for month in calendar["months"]))
    return re.compile(
        rf"(?:{words}) ?(?:le|on|the)? ?:? ?(?:le |on )?(?:\w+ )?{day},? ?(?:a |at |- )?(?:{reading['time']})?\.?$",
        re.IGNORECASE,
    )


def _dated(line: str, own: Language, key: str) -> datetime | None:
    """The moment of a line such as "Mis à jour : 16 novembre 2022, 14 h 29", which holds nothing else."""
    if len(line) > 90:
        return None
    match = _moment(own, key).match(fold(line))
    if not match or not match["year"]:
        return None
    month = [fold(name) for name in own.data["calendar"]["months"]].index(match["month"].lower()) % 12 + 1
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    try:
        return datetime(int(match["year"]), month, int(match["day"]), hour, minute)
    except ValueError:
        return None
