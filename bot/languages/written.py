"""Written dates: those of a file's facts, of a page's visible lines, of an address.

A date is read only where day, month and year stand there. Day and month in numbers are told apart
by the language's order, or by a number that is no month; where neither tells, there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.domain.model import Span
from bot.domain.text import fold
from bot.languages.language import codes, language

_HALF = r"[ap]\.?m\.?"
_TIME = re.compile(
    rf"\d{{1,2}} ?(?:h|:|heures?) ?(?:\d{{2}})?(?::\d{{2}})?(?:\.\d+)? ?(?:{_HALF})?"
    rf"|\d{{1,2}} ?{_HALF}"
)
_ZONE = re.compile(r"\b(?:utc|gmt|[ecmp][sd]?t|cest|bst|heure de \w+|z)\b(?:[+-]\d+)?")
_CENTURY, _PIVOT = 2000, 70  # "20" is 2020, "98" is 1998
_LONGEST = 160  # characters of a line that tells nothing but when
_IN_ADDRESS = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/](0?[1-9]|1[0-2])[-/](0?[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """When a line says that a page was published and updated; ``said`` tells that it says so in
    words, and is no lone date.
    """

    published: date | None = None
    updated: date | None = None
    said: bool = False


def written_days(text: str, code: str) -> Iterator[tuple[Span, date]]:
    """The dates in a folded text, with their places."""
    named_months = months()
    for match in _pattern().finditer(text):
        part = match.groupdict()
        try:
            if part["iso_year"] or part["plain_year"]:
                kind = "iso" if part["iso_year"] else "plain"
                named = [int(part[f"{kind}_{name}"]) for name in ("year", "month", "day")]
                yield match.span(), date(*named)
            elif part["first"]:
                year = _full_year(part["year"])
                numbers = _ordered(int(part["first"]), int(part["second"]), code)
                if numbers:
                    yield match.span(), date(year, *numbers)
            else:
                side = "a" if part["a_month"] else "b"
                month = named_months[part[f"{side}_month"]]
                yield match.span(), date(int(part[f"{side}_year"]), month, int(part[f"{side}_day"]))
        except ValueError:
            continue


def _ordered(first: int, second: int, code: str) -> tuple[int, int] | None:
    """(month, day) of two numbers; None where the language's order leaves it open."""
    if first > 12 or second > 12:
        return (second, first) if second <= 12 else (first, second)
    if language(code).data["calendar"]["day_first"]:
        return second, first
    return (first, second) if first == second else None


def _full_year(written: str) -> int:
    year = int(written)
    return year if year > 99 else year + _CENTURY - (100 if year >= _PIVOT else 0)


@cache
def months() -> dict[str, int]:
    """Month names of all languages, folded and without a dot -> number."""
    found: dict[str, int] = {}
    for code in codes():
        calendar = language(code).data["calendar"]
        for names in (calendar["months"], calendar["short_months"]):
            for at, name in enumerate(names):
                found.setdefault(fold(name).rstrip("."), at % 12 + 1)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    named = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    day = r"\d{1,2}"
    return re.compile(
        r"(?<!\d)(?:"
        rf"(?P<iso_year>(?:19|20)\d\d)[-/.](?P<iso_month>{day})[-/.](?P<iso_day>{day})"
        r"|(?P<plain_year>(?:19|20)\d\d)(?P<plain_month>\d\d)(?P<plain_day>\d\d)"
        rf"|(?P<first>{day})[-/.](?P<second>{day})[-/.](?P<year>(?:19|20)\d\d|\d\d)"
        rf"|(?P<a_day>{day})(?:er|st|nd|rd|th)?\.? (?:de )?(?P<a_month>{named})\.?,? "
        r"(?P<a_year>(?:19|20)\d\d)"
        rf"|\b(?P<b_month>{named})\.? (?P<b_day>{day})(?:st|nd|rd|th)?,? (?P<b_year>(?:19|20)\d\d)"
        r")(?!\d)"
    )


def written_day(value: str, code: str) -> date | None:
    """The day that a value is, with or without a weekday and a time; None for anything else, an
    ambiguous order of numbers included.
    """
    found = _only_dates(value, code)
    return found[0][1] if len(found) == 1 and not found[0][0] else None


def dated(line: str, code: str) -> Dated | None:
    """What a line that says nothing but when a page was published or updated tells; None for other
    lines.
    """
    if len(line) > _LONGEST or not any(map(str.isdigit, line)):
        return None
    found = _only_dates(line, code)
    if not found or len(found) > 2:
        return None
    published = next((day for key, day in found if key == "published"), None)
    updated = next((day for key, day in found if key == "updated"), None)
    said = bool(published or updated)
    if published is None and (updated is None or len(found) == 2):
        published = next((day for key, day in found if not key), None)
    return Dated(published, updated, said)


def _only_dates(value: str, code: str) -> list[tuple[str, date]]:
    """(what the words before it say, day) of each date; none where other words stand there."""
    text = " ".join(fold(value).split())
    found: list[tuple[str, date]] = []
    end = 0
    for (start, stop), day in written_days(text, code):
        key = _said(text[end:start])
        if key is None:
            return []
        found.append((key, day))
        end = stop
    return found if found and _said(text[end:]) == "" else []


def _said(between: str) -> str | None:
    """What stands between two dates: "published", "updated", "" for weekdays, times and links, None
    for anything else.
    """
    left = _ZONE.sub(" ", _TIME.sub(" ", between))
    updated, published, idle = _words()
    key = "updated" if updated.search(left) else "published" if published.search(left) else ""
    left = idle.sub(" ", published.sub(" ", updated.sub(" ", left)))
    return None if re.search(r"[^\W_]", left) else key


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Words that say "updated", "published", and those that say nothing, in all languages."""
    sets: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for code in codes():
        data = language(code).data
        calendar, reading = data["calendar"], data["reading"]
        sets[0].update(map(fold, reading["updated"]))
        sets[1].update(map(fold, reading["published"]))
        weekdays = {fold(day) for day in calendar["weekdays"]}
        sets[2].update(weekdays, {day[:3] for day in weekdays}, map(fold, calendar["links"]))
        sets[2].update(map(fold, calendar["short_weekdays"]))
    patterns = ("|".join(map(re.escape, sorted(words, key=len, reverse=True))) for words in sets)
    one, two, three = (re.compile(rf"\b(?:{pattern})\b\.?") for pattern in patterns)
    return one, two, three


def day_in_address(address: str) -> date | None:
    """The day in an address ("/2024/03/12/…"), as many newspapers write it; None without one."""
    match = _IN_ADDRESS.search(address)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
