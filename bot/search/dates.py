"""Periods that a question names: a day, "la semaine du 14", "in November 2022", a year; in every language's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bot.domain.text import fold
from bot.languages.language import codes, language

_DAY = r"(?P<{0}>\d{{1,2}})(?:er|st|nd|rd|th)?"
_YEAR = r"(?: (?P<{0}>(?:19|20)\d\d))?"


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, and the question's words (folded) that named them."""

    first: date
    last: date
    words: tuple[str, ...]

    def holds(self, day: date) -> bool:
        """Is a day in it?"""
        return self.first <= day <= self.last


def find_period(plain: str, newest: date) -> Period | None:
    """The first period that folded words name; a missing month or year is the latest one not after ``newest``.

    None without one, or with an impossible one.
    """
    for code in codes():
        pattern, months = _pattern(code)
        for match in pattern.finditer(plain):
            days = _days(match, months, newest)
            if days:
                return Period(*days, tuple(match.group().split()))
    return None


@cache
def _pattern(code: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    calendar = language(code).data["calendar"]
    months = tuple(fold(month).rstrip(".") for month in calendar["months"])
    named = "|".join(sorted(set(months), key=len, reverse=True))
    week, lead = "|".join(map(fold, calendar["week"])), "|".join(map(fold, calendar["in"]))

    def day_month(prefix: str) -> str:
        day = _DAY.format(f"{prefix}day"), _DAY.format(f"{prefix}day2")
        month = f"(?P<{prefix}month>{named})", f"(?P<{prefix}month2>{named})"
        return rf"(?:{day[0]} {month[0]}|{month[1]} {day[1]}){_YEAR.format(f'{prefix}year')}"

    return re.compile(
        rf"\b(?:(?:{week}) (?:{day_month('w')}|{_DAY.format('wonly')})"
        rf"|{day_month('d')}"
        rf"|(?:{lead}) (?P<month>{named}){_YEAR.format('year')}|(?P<month2>{named}) (?P<year2>(?:19|20)\d\d)"
        r"|(?P<iso>(?:19|20)\d\d \d\d \d\d)"
        rf"|(?:{lead}) (?P<alone>(?:19|20)\d\d))\b"
    ), months


def _days(match: re.Match[str], months: tuple[str, ...], newest: date) -> tuple[date, date] | None:
    part = match.groupdict()
    try:
        if part["alone"]:
            return date(int(part["alone"]), 1, 1), date(int(part["alone"]), 12, 31)
        if part["iso"]:
            day = date.fromisoformat(part["iso"].replace(" ", "-"))
            return day, day
        year = part["wyear"] or part["dyear"] or part["year"] or part["year2"]
        month = (
            part["wmonth"] or part["wmonth2"] or part["dmonth"] or part["dmonth2"] or part["month"] or part["month2"]
        )
        number = int(part["wday"] or part["wday2"] or part["wonly"] or part["dday"] or part["dday2"] or 0)
        in_week = bool(part["wday"] or part["wday2"] or part["wonly"])
        first = _latest(
            int(year) if year else None, months.index(month) % 12 + 1 if month else None, number or 1, newest
        )
    except ValueError:
        return None
    if in_week:
        return first, first + timedelta(days=6)
    return (first, first) if number else (first, _month_end(first))


def _latest(year: int | None, month: int | None, day: int, newest: date) -> date:
    """The day named; what it leaves open is filled so that it comes latest, but not after ``newest``."""
    if day > 31:
        raise ValueError(f"no month has a day {day}")
    if year and month:
        return date(year, month, day)
    if month:
        found = date(newest.year, month, day)
        return found if found <= newest else date(newest.year - 1, month, day)
    start = newest.replace(day=1)
    while start.replace(day=min(day, _month_end(start).day)) > newest or day > _month_end(start).day:
        start = (start - timedelta(days=1)).replace(day=1)
    return start.replace(day=day)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
