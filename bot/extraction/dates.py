"""When it was said: day expressions of the cue's sentence, resolved against the article's day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from bot.domain.model import SaidOn
from bot.languages.language import Language


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    calendar = language.data["calendar"]
    parts = "|".join(map(re.escape, calendar["parts"]))
    last = "|".join(map(re.escape, calendar["last"]))
    following = "|".join(map(re.escape, calendar["next"]))
    months = "|".join(map(re.escape, calendar["months"]))
    alternatives = [
        r"(?P<full>" + calendar["day_month"].replace("MONTH", months) + ")",
        rf"(?P<today>{'|'.join(map(re.escape, calendar['today']))})",
        rf"(?P<before>{'|'.join(map(re.escape, calendar['before_yesterday']))})",
        rf"(?P<yesterday>{'|'.join(map(re.escape, calendar['yesterday']))})(?: (?:{parts}))?",
        rf"(?:(?P<lead>{last}) )?(?P<weekday>{'|'.join(map(re.escape, calendar['weekdays']))})(?: (?:{parts}))?(?: (?:(?P<last>{last})|(?P<next>{following})))?",
    ]
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


def said_on(text: str, day: date | None, language: Language) -> SaidOn | None:
    """The day that a cue's sentence (its quotes left out) names; None without one, or without ``day``.

    ``day`` is the day of publication. A bare weekday is the latest one not after it, "last" one the latest
    before it; a day and month without a year the latest not after it.
    """
    if day is None:
        return None
    for match in _pattern(language).finditer(text):
        found = _resolve(match, day, language)
        if found:
            return SaidOn(found, match.group())
    return None


def _resolve(match: re.Match[str], day: date, language: Language) -> date | None:
    calendar = language.data["calendar"]
    if match["full"]:
        month = [m.lower() for m in calendar["months"]].index(match["month"].lower()) + 1
        month = (month - 1) % 12 + 1
        return _day_of(int(match["year"]) if match["year"] else None, month, int(match["day"]), day)
    if match["today"]:
        return day
    if match["before"]:
        return day - timedelta(days=2)
    if match["yesterday"]:
        return day - timedelta(days=1)
    if match["next"]:
        return None
    weekday = [w.lower() for w in calendar["weekdays"]].index(match["weekday"].lower()) % 7
    back = (day.weekday() - weekday) % 7
    if back == 0 and (match["last"] or match["lead"]):
        back = 7
    return day - timedelta(days=back)


def _day_of(year: int | None, month: int, number: int, day: date) -> date | None:
    try:
        found = date(year or day.year, month, number)
        return found if year or found <= day else date(day.year - 1, month, number)
    except ValueError:
        return None
