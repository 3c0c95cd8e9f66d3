"""Explicit filters in a question: speaker:, source:, before:, after:, kind:, "exact words", -word;
French names, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.answer import Hint, Match, Question
from bot.domain.text import fold
from bot.languages.written import months
from bot.search.spelling import same_word
from bot.search.terms import stem, words

OWN_NAMES: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "de": "speaker",
        "source": "source",
        "avant": "before",
        "après": "after",
        "apres": "after",
        "le": "on",
        "type": "kind",
    },
    "en": {
        "speaker": "speaker",
        "source": "source",
        "before": "before",
        "after": "after",
        "on": "on",
        "kind": "kind",
    },
}
"""A filter's names in each language and what they mean."""
NAMES: Mapping[str, str] = {
    name: meant for own in OWN_NAMES.values() for name, meant in own.items()
}
DATES = ("before", "after", "on")
KINDS: Mapping[str, str] = {
    "direct": "direct",
    "directe": "direct",
    "partial": "partial",
    "partiel": "partial",
    "partielle": "partial",
    "indirect": "indirect",
    "indirecte": "indirect",
    "reported": "indirect",
    "rapporté": "indirect",
}
_FILTER = re.compile(r'(?<!\S)([^\W\d_]+):(?:"([^"]+)"|(\S+))')
_PHRASE = re.compile(r'(?<!\S)"([^"]{2,})"(?!\S)|«\s*([^«»]{2,}?)\s*»|“([^“”]{2,})”')
_DATED = re.compile(  # avant:avril 2024, avant:1er-avril-2024, avant:"1 avril 2024"
    r"(?<!\S)([^\W\d_]+):\"?"
    r"((?:\d{1,2}(?:er|st|nd|rd|th)?[ -])?[^\W\d_]+\.?[ -](?:19|20)\d\d)\"?(?!\S)"
)
_NEAR = 0.5  # least likeness of a mistyped filter name
_EXCLUDED = re.compile(r"(?<!\S)-([^\W\d_][\w'’]*)")


def take_filters(text: str) -> tuple[str, dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """(what is left, filters, exact phrases, excluded words); what is no known filter is left as it
    is.
    """
    filters: dict[str, str] = {}
    text = _DATED.sub(_in_numbers, text)

    def keep(match: re.Match[str]) -> str:
        name = NAMES.get(match[1].lower())
        value = match[2] or match[3]
        if (
            name is None
            or (name in DATES and as_day(value, name) is None)
            or (name == "kind" and value.lower() not in KINDS)
        ):
            return match[0]
        filters[name] = KINDS[value.lower()] if name == "kind" else value
        return " "

    left = _FILTER.sub(keep, text)
    phrases = tuple(
        next(group for group in match.groups() if group) for match in _PHRASE.finditer(left)
    )
    excluded = tuple(match[1] for match in _EXCLUDED.finditer(left)) if left.split() else ()
    if excluded:
        left = _EXCLUDED.sub(" ", left)
    return " ".join(left.split()), filters, phrases, excluded


def _in_numbers(match: re.Match[str]) -> str:
    """ "avant:avril 2024" as "avant:2024-04"; what is no date stays as it was typed."""
    if NAMES.get(match[1].lower()) not in DATES:
        return match[0]
    *day, month, year = re.split(r"[ -]", fold(match[2]))
    number = months().get(month.rstrip("."))
    if number is None:
        return match[0]
    numbers = [year, f"{number:02}", *(f"{int(re.sub(r'[^0-9]', '', part)):02}" for part in day)]
    return f"{match[1]}:{'-'.join(numbers)}"


def filter_hints(text: str, language: str = "en") -> tuple[Hint, ...]:
    """What looks like a filter and is none, and what was probably meant, in the question's language
    if it is near.
    """
    hints: list[Hint] = []
    for match in _FILTER.finditer(text):
        name, value = match[1].lower(), match[2] or match[3]
        meant = NAMES.get(name)
        if meant in DATES and as_day(value, meant) is None:
            hints.append(Hint("date", match[0], f"{name}:2022-11"))
        elif meant == "kind" and value.lower() not in KINDS:
            hints.append(Hint("kind", match[0], f"{name}:indirect"))
        elif meant is None and not value.startswith("//"):
            for names in (OWN_NAMES.get(language, NAMES), NAMES):
                near = process.extractOne(
                    name, names.keys(), scorer=OSA.normalized_similarity, score_cutoff=_NEAR
                )
                if near:
                    hints.append(Hint("name", match[0], f"{near[0]}:{value}"))
                    break
    return tuple(hints)


def as_day(value: str, side: str) -> date | None:
    """A day from 2022, 2022-11, 2022-11-16 or 16/11/2022: the first day of a period, or for "after"
    its last.
    """
    parts = value.split("-") if "-" in value else re.split(r"[/.]", value)[::-1]
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 1:
            return date(numbers[0], 12, 31) if side == "after" else date(numbers[0], 1, 1)
        if len(numbers) == 2 and 1 <= numbers[1] <= 12:
            following = date(numbers[0] + numbers[1] // 12, numbers[1] % 12 + 1, 1)
            return (
                date.fromordinal(following.toordinal() - 1)
                if side == "after"
                else date(numbers[0], numbers[1], 1)
            )
        return date(*numbers[:3])
    except (ValueError, TypeError, OverflowError):
        return None


def fits(match: Match, question: Question) -> bool:
    """Does a match hold a question's exact phrases and none of the words that it excludes?

    Speaker, kind, days and source are the scope's (scope.py), laid before the ranking.
    """
    text = fold(match.text)
    return all(fold(phrase) in text for phrase in question.phrases) and not _holds_excluded(
        match, question
    )


def _holds_excluded(match: Match, question: Question) -> bool:
    """Do the quote, the sentence that it is shown in or its speaker's name hold a word, in any
    form, that is not wanted?
    """
    if not question.excluded:
        return False
    code, speaker = match.article.language, match.quote.speaker
    shown = "" if match.quote.kind == "direct" else match.article.text[slice(*match.quote.context)]
    held = {
        stem(word, code)
        for word in words(f"{match.text} {shown} {speaker.name if speaker else ''}")
    }
    return any(
        stem(word, code) in held for unwanted in question.excluded for word in words(unwanted)
    )


def bears(name: str, value: str) -> bool:
    """Is this the name, a part of it, or one with other spellings or a typing mistake in its
    words?
    """
    return fold(value) in fold(name) or all(
        any(same_word(word, own) for own in words(name)) for word in words(value)
    )
