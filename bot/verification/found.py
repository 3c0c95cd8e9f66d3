"""What a verification looks through, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.model import Article, Quote, Span
from bot.domain.verdict import Caution, Edit, VerdictKind
from bot.verification.speech import Utterance


@dataclass(frozen=True, slots=True)
class Source:
    """An article that may hold the words; ``near`` are the ids of its quotes that come near."""

    article: Article
    quotes: tuple[Quote, ...]
    near: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, before it is told: the verdict with the article and quote that bear it."""

    kind: VerdictKind
    article: Article | None = None
    quote: Quote | None = None
    span: Span | None = None
    edits: tuple[Edit, ...] = ()
    cautions: tuple[Caution, ...] = ()
    pieces: tuple[tuple[Article, Quote], ...] = ()
    segments: tuple[Span, ...] = ()
    nearest: tuple[tuple[Article, Quote], ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of an utterance that are the alleged ones, but for what ``edits`` say."""

    utterance: Utterance
    first: int
    last: int
    edits: tuple[Edit, ...] = ()
    cautions: tuple[Caution, ...] = ()
    omits: bool = False
    """Were words left out, and that marked?"""

    @property
    def quote(self) -> Quote:
        """The quote that holds its first word."""
        return self.utterance.quote_at(self.first)

    @property
    def span(self) -> Span:
        """Its place in the article."""
        words = self.utterance.words
        return words[self.first].start, words[self.last - 1].end

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes that hold its words."""
        return quotes_of(self.utterance, self.first, self.last)

    @property
    def is_whole(self) -> bool:
        """Does it begin and end where marks do, and no sentence is cut?"""
        words, places = self.utterance.words, self.utterance.places
        starts = {first for first, _ in places if first == 0 or words[first].begins}
        ends = {last for _, last in places if last == len(words) or words[last].begins}
        return self.first in starts and self.last in ends


def quotes_of(utterance: Utterance, first: int, last: int) -> tuple[Quote, ...]:
    """The quotes of an utterance that hold some of its words."""
    pairs = zip(utterance.quotes, utterance.places, strict=True)
    return tuple(quote for quote, (start, end) in pairs if start < last and first < end)


def segments_of(utterance: Utterance, first: int, last: int) -> tuple[Span, ...]:
    """Where words of an utterance stand inside marks."""
    begin, end = utterance.words[first].start, utterance.words[last - 1].end
    spans = (span for quote in utterance.quotes for span in quote.segments)
    return tuple((max(s, begin), min(e, end)) for s, e in spans if s < end and begin < e)
