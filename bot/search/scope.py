"""Which quotes a question may be answered with: a mask over the index, laid before anything is
ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.answer import Question
from bot.domain.model import Speaker
from bot.domain.text import fold
from bot.languages.language import codes
from bot.search.filters import as_day, bears
from bot.search.segment import Segment
from bot.search.terms import stem, words
from bot.search.vocabulary import Vocabulary

Mask = NDArray[np.bool_]
KINDS = ("direct", "partial", "indirect")


class Index(Protocol):
    """What a scope asks of the index."""

    segments: list[Segment]
    vocabulary: Vocabulary
    facts: dict[str, str]

    @property
    def speakers(self) -> Mapping[str, Speaker]:
        """Who is quoted, by id."""

    def speaker_numbers(self, keys: Iterable[str]) -> list[int]:
        """The numbers of some speakers in the segments."""

    def article_numbers(self, keys: Iterable[str]) -> list[int]:
        """The numbers of some articles in the segments."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a quote must be: of some speakers, kinds, days (ordinals, both included) and articles;
    None: any.

    ``terms`` are words of which a quote or its surroundings must hold one form each; ``spoken_of``
    are those that let a quote of another day in, since its paragraph names the period itself.
    """

    speakers: frozenset[str] | None = None
    kind: str | None = None
    first: int | None = None
    last: int | None = None
    articles: frozenset[str] | None = None
    terms: tuple[str, ...] = ()
    period: tuple[int, int] | None = None
    spoken_of: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Does it let everything in?"""
        return self == Scope()

    def mask(self, index: Index, number: int) -> Mask | None:
        """The quotes of a segment that fit; None: all."""
        if self.open:
            return None
        segment = index.segments[number]
        found = np.ones(len(segment), np.bool_)
        if self.speakers is not None:
            found &= np.isin(segment.speaker, index.speaker_numbers(self.speakers))
        if self.kind is not None:
            found &= segment.kind == KINDS.index(self.kind)
        if self.first is not None or self.last is not None:
            found &= segment.day > 0
            found &= segment.day >= (self.first or 0)
            found &= segment.day <= (self.last or 2**31 - 1)
        if self.articles is not None:
            found &= np.isin(segment.article, index.article_numbers(self.articles))
        for word in self.terms:
            found &= _holders(index, number, word)
        if self.period is not None:
            within = (segment.day >= self.period[0]) & (segment.day <= self.period[1])
            named = np.full(len(segment), bool(self.spoken_of))
            for word in self.spoken_of:
                named &= _holders(index, number, word)
            found &= within | (segment.day == 0) | named
        return found


def _holders(index: Index, number: int, word: str) -> Mask:
    """The quotes of a segment that hold a word, in any language's stem, or have it beside them."""
    segment = index.segments[number]
    found = np.zeros(len(segment), np.bool_)
    for form in {word, *(stem(word, code) for code in codes())}:
        term = index.vocabulary.numbers.get(form)
        if term is not None:
            found[segment.postings(term)[0]] = True
    return found


def scope_of(question: Question, index: Index) -> Scope:
    """The scope of a question's filters, exact words, period and speakers."""
    filters = question.filters
    speakers = frozenset(question.speaker_ids) if question.speaker_ids else None
    if "speaker" in filters:
        own = frozenset(
            key for key, s in index.speakers.items() if bears(s.name, filters["speaker"])
        )
        speakers = own if speakers is None else own & speakers
    articles = None
    if "source" in filters:
        wanted = fold(filters["source"])
        articles = frozenset(key for key, facts in index.facts.items() if wanted in facts)
    first, last = _days(filters.get("before"), filters.get("after"), filters.get("on"))
    period = (
        (question.period[0].toordinal(), question.period[1].toordinal())
        if question.period
        else None
    )
    named = tuple(word for word in question.period_words if len(word) >= 3)
    terms = tuple(word for phrase in question.phrases for word in words(phrase))
    return Scope(speakers, filters.get("kind"), first, last, articles, terms, period, named)


def _days(before: str | None, after: str | None, on: str | None) -> tuple[int | None, int | None]:
    """First and last ordinal of what before:, after: and on: leave."""
    firsts = [
        _next(as_day(after, "after")) if after else None,
        _ordinal(as_day(on, "before")) if on else None,
    ]
    lasts = [
        _previous(as_day(before, "before")) if before else None,
        _ordinal(as_day(on, "after")) if on else None,
    ]
    first = max((day for day in firsts if day is not None), default=None)
    last = min((day for day in lasts if day is not None), default=None)
    return first, last


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _next(day: date | None) -> int | None:
    return day.toordinal() + 1 if day else None


def _previous(day: date | None) -> int | None:
    return day.toordinal() - 1 if day else None
