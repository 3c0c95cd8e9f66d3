"""Days in words, in every language: when something was said, what period a question names, when a
page was dated.

What an expression leaves open (a year, a month, which Monday) is filled so that it comes latest,
but not after a given day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from bot.domain.model import Span
from bot.domain.text import fold
from bot.languages.language import Language, codes, language

_DAY = r"(?P<{0}>\d{{1,2}})(?:er|st|nd|rd|th)?"
_YEAR = r"(?: (?P<{0}>(?:19|20)\d\d))?"


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, and the words (folded) that named them."""

    first: date
    last: date
    words: tuple[str, ...]

    def holds(self, day: date) -> bool:
        """Is a day in it?"""
        return self.first <= day <= self.last


def _latest(year: int | None, month: int | None, day: int, newest: date) -> date:
    """The day named, at the latest ``newest`` where year or month is open; ValueError for a day
    that no month has.
    """
    if day > 31:
        raise ValueError(f"no month has a day {day}")
    if year and month:
        return date(year, month, day)
    if month:
        found = date(newest.year, month, day)
        return found if found <= newest else date(newest.year - 1, month, day)
    start = newest.replace(day=1)
    while (
        start.replace(day=min(day, _month_end(start).day)) > newest or day > _month_end(start).day
    ):
        start = (start - timedelta(days=1)).replace(day=1)
    return start.replace(day=day)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _month(own: Language, name: str) -> int:
    """A month's number, by its name in full or in short."""
    plain, calendar = fold(name).rstrip("."), own.data["calendar"]
    for names in (calendar["months"], calendar["short_months"]):
        folded = [fold(month).rstrip(".") for month in names]
        if plain in folded:
            return folded.index(plain) % 12 + 1
    raise ValueError(f"'{name}' is no month")


def _any_month(own: Language) -> str:
    """A pattern of a month's name in full or in short, with or without accents and dot."""
    calendar = own.data["calendar"]
    names = {month.rstrip(".") for month in (*calendar["months"], *calendar["short_months"])}
    names |= {fold(name) for name in names}
    return rf"(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?!\w)\.?"


# ---- days in running text
@cache
def _spoken(own: Language) -> re.Pattern[str]:
    calendar = own.data["calendar"]

    def either(key: str) -> str:
        return "|".join(map(re.escape, calendar[key]))

    named = [calendar[key].replace("MONTH", _any_month(own)) for key in ("day_month", "month_day")]
    alternatives = [
        rf"(?P<full>{'|'.join(part for part in named if part)})",
        rf"(?P<today>{either('today')})",
        rf"(?P<before>{either('before_yesterday')})",
        rf"(?P<yesterday>{either('yesterday')})(?: (?:{either('parts')}))?",
        rf"(?:(?P<lead>{either('last')}) )?(?P<weekday>{either('weekdays')})(?: "
        rf"(?:{either('parts')}))?"
        rf"(?: (?:(?P<last>{either('last')})|(?P<next>{either('next')})))?",
    ]
    return re.compile(rf"\b(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


def spoken_days(text: str, span: Span, today: date, own: Language) -> Iterator[tuple[Span, date]]:
    """The day expressions in a stretch of text, with the days they mean; "next Monday" is none that
    has been.

    A bare weekday is the latest one not after ``today``, "last" one the latest before it.
    """
    for match in _spoken(own).finditer(text, *span):
        day = _resolve(match, today, own)
        if day:
            yield match.span(), day


def _resolve(match: re.Match[str], today: date, own: Language) -> date | None:
    if match["full"]:
        part = match.groupdict()
        side = "2" if part.get("month2") else ""
        try:
            year = int(part[f"year{side}"]) if part[f"year{side}"] else None
            month, day = _month(own, part[f"month{side}"]), int(part[f"day{side}"])
            return _latest(year, month, day, today)
        except ValueError:
            return None
    if match["today"]:
        return today
    if match["before"]:
        return today - timedelta(days=2)
    if match["yesterday"]:
        return today - timedelta(days=1)
    if match["next"]:
        return None
    weekday = [name.lower() for name in own.data["calendar"]["weekdays"]].index(
        match["weekday"].lower()
    ) % 7
    back = (today.weekday() - weekday) % 7
    return today - timedelta(days=7 if back == 0 and (match["last"] or match["lead"]) else back)


# ---- the line that dates a page
def stamp(line: str, own: Language, key: str) -> datetime | None:
    """The moment of a line such as "Mis à jour : 16 novembre 2022, 14 h 29" that holds nothing
    else; key: which line.
    """
    match = _stamped(own, key).match(fold(line))
    if not match or not match["year"]:
        return None
    try:
        month = _month(own, match["month"])
        return datetime(
            int(match["year"]),
            month,
            int(match["day"]),
            int(match["hour"] or 0),
            int(match["minute"] or 0),
        )
    except ValueError:
        return None


@cache
def _stamped(own: Language, key: str) -> re.Pattern[str]:
    reading, calendar = own.data["reading"], own.data["calendar"]
    words = "|".join(re.escape(fold(word)) for word in reading[key])
    links = "|".join(re.escape(fold(word)) for word in calendar["links"])
    day = calendar["day_month"].replace(
        "MONTH", "|".join(fold(month) for month in calendar["months"])
    )
    return re.compile(
        rf"(?:{words}) ?(?:{links})? ?:? ?(?:(?:{links}) )?(?:\w+ )?{day},? ?(?:(?:{links}|-) "
        rf")?(?:{reading['time']})?\.?$",
        re.IGNORECASE,
    )


# ---- periods in questions
def find_period(plain: str, newest: date) -> Period | None:
    """The first period that folded words name in any language; None without one, or with an
    impossible one.
    """
    for code in codes():
        pattern, months = _periods(code)
        for match in pattern.finditer(plain):
            days = _days(match, months, newest)
            if days:
                return Period(*days, tuple(match.group().split()))
    return None


@cache
def _periods(code: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    calendar = language(code).data["calendar"]
    months = tuple(fold(month).rstrip(".") for month in calendar["months"])
    short = tuple(fold(month).rstrip(".") for month in calendar["short_months"])
    named = "|".join(sorted(set(months), key=len, reverse=True))
    either = "|".join(sorted({*months, *short}, key=len, reverse=True))
    week, lead = "|".join(map(fold, calendar["week"])), "|".join(map(fold, calendar["in"]))

    def day_month(prefix: str) -> str:
        day = _DAY.format(f"{prefix}day"), _DAY.format(f"{prefix}day2")
        month = f"(?P<{prefix}month>{either})", f"(?P<{prefix}month2>{either})"
        return rf"(?:{day[0]} {month[0]}|{month[1]} {day[1]}){_YEAR.format(f'{prefix}year')}"

    return re.compile(
        rf"\b(?:(?:{week}) (?:{day_month('w')}|{_DAY.format('wonly')})"
        rf"|{day_month('d')}"
        rf"|(?:{lead}) (?P<month>{named}){_YEAR.format('year')}|(?P<month2>{named}) "
        rf"(?P<year2>(?:19|20)\d\d)"
        r"|(?P<iso>(?:19|20)\d\d \d\d \d\d)"
        rf"|(?:{lead}) (?P<alone>(?:19|20)\d\d))\b"
    ), (*months, *short)


def _days(match: re.Match[str], months: tuple[str, ...], newest: date) -> tuple[date, date] | None:
    part = match.groupdict()

    def given(*names: str) -> str | None:
        return next((part[name] for name in names if part[name]), None)

    try:
        if part["alone"]:
            return date(int(part["alone"]), 1, 1), date(int(part["alone"]), 12, 31)
        if part["iso"]:
            day = date.fromisoformat(part["iso"].replace(" ", "-"))
            return day, day
        year = given("wyear", "dyear", "year", "year2")
        month = given("wmonth", "wmonth2", "dmonth", "dmonth2", "month", "month2")
        number = int(given("wday", "wday2", "wonly", "dday", "dday2") or 0)
        in_week = given("wday", "wday2", "wonly") is not None
        named = months.index(month) % 12 + 1 if month else None
        first = _latest(int(year) if year else None, named, number or 1, newest)
    except ValueError:
        return None
    if in_week:
        return first, first + timedelta(days=6)
    return (first, first) if number else (first, _month_end(first))
