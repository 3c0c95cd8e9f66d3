"""The frozen types that every room shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Literal, NamedTuple, TypeVar

Item = TypeVar("Item")
Other = TypeVar("Other")

Span = tuple[int, int]
"""Start and end of a stretch of text, in code points, end excluded."""

SpeakerKind = Literal["person", "org", "collective", "anonymous", "document", "unknown"]
QuoteKind = Literal["direct", "partial", "indirect"]
AttributionKind = Literal["stated", "inferred", "unknown"]
Confidence = Literal["exact", "likely", "maybe", "none"]


@dataclass(frozen=True, slots=True)
class Article:
    """A text exactly as it was read, what is known about it, and which stretches of it are content.

    ``heading`` is the title's place when the title stands in the text; ``body`` are the paragraphs
    in order. ``origin`` is where it was read (a path or an address), ``reader`` which version of
    the reading laid it out. What lies in neither (front matter, update line, boilerplate) is stored
    but never indexed or shown.
    """

    id: str
    text: str
    sha256: str
    title: str
    language: str
    heading: Span | None = None
    body: tuple[Span, ...] = ()
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    updated: datetime | None = None
    retrieved: datetime | None = None
    origin: str | None = None
    reader: str | None = None

    @property
    def day(self) -> date | None:
        """The day that "yesterday" in the text counts from: published, or else last updated."""
        return self.published or (self.updated.date() if self.updated else None)

    def paragraph(self, position: int) -> Span:
        """The paragraph (or heading) that holds a position; the position alone when none does."""
        for start, end in (*self.body, *((self.heading,) if self.heading else ())):
            if start <= position < end:
                return start, end
        return position, position


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it: the fullest form that the article gives, and the role as it states it."""

    id: str
    name: str
    kind: SpeakerKind = "unknown"
    role: str | None = None


@dataclass(frozen=True, slots=True)
class SaidOn:
    """The day of a statement and the article's own words for it ("mardi soir")."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A statement: ``article.text[start:end]`` is the quote, ``context`` the sentence that carries
    it.

    ``segments`` are its pieces when an incise or a paragraph break interrupts it, else the one
    whole span. A ``speaker`` of None says that the article does not name one or that the evidence
    is too weak. ``attribution`` tells whether the article states who said it beside the words or
    that was inferred, ``sure`` how likely it is right (0 to 1, by the fitted model).
    """

    id: str
    article_id: str
    start: int
    end: int
    kind: QuoteKind
    segments: tuple[Span, ...]
    context: Span
    speaker: Speaker | None = None
    cue: str | None = None
    said_on: SaidOn | None = None
    attribution: AttributionKind = "stated"
    sure: float = 1.0


class Passage(NamedTuple):
    """A quote with the article that it stands in."""

    quote: Quote
    article: Article

    @property
    def text(self) -> str:
        """The verbatim slice."""
        return self.article.text[self.quote.start : self.quote.end]


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """A page of a list: its items, its number from 0 on, how many items a page and the whole list
    have.
    """

    items: tuple[Item, ...]
    number: int
    size: int
    total: int

    @classmethod
    def of(cls, items: Sequence[Item], number: int, size: int) -> Paged[Item]:
        """A page of a list that is at hand; the last one when there is none of that number."""
        number = cls.within(number, size, len(items))
        return cls(tuple(items[number * size : (number + 1) * size]), number, size, len(items))

    @staticmethod
    def within(number: int, size: int, total: int) -> int:
        """The number of a page that there is: the last one when the list has become shorter."""
        return min(max(number, 0), max(0, -(-total // size) - 1))

    def holding(self, items: Iterable[Other]) -> Paged[Other]:
        """The same page with what its items stand for."""
        return Paged(tuple(items), self.number, self.size, self.total)

    @property
    def place(self) -> tuple[int, int]:
        """(number, how many pages there are)."""
        return self.number, -(-self.total // self.size)

    @property
    def first(self) -> int:
        """The place of the first item in the whole list, from 1 on."""
        return self.number * self.size + 1


@dataclass(frozen=True, slots=True)
class Change:
    """One step in a store's history: an article with its quotes was stored, or (no article)
    removed.

    ``fault`` says why an article that is there can't be read; it counts as gone.
    """

    seq: int
    article_id: str
    article: Article | None = None
    quotes: tuple[Quote, ...] = ()
    fault: str = ""
