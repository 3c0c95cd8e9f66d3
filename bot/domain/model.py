"""The frozen types that every room shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
class Hint:
    """What looks like a filter and is none: a name, a date or a kind, as written, and what was
    probably meant.
    """

    kind: Literal["name", "date", "kind"]
    given: str
    meant: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, taken apart; ``words`` is the text left to search once names, periods and
    filters are out.

    ``hints`` are filters that were not understood; ``counts`` asks how many or how much, which only
    words with a number in them answer; ``plain`` is the text without greetings and filters.
    """

    text: str
    language: str
    words: str
    speaker_ids: tuple[str, ...] = ()
    speaker_words: str = ""
    unknown_names: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    asks: bool = False
    hints: tuple[Hint, ...] = ()
    period: tuple[date, date] | None = None
    period_words: tuple[str, ...] = ()
    counts: bool = False
    plain: str = ""

    def open(self) -> Question:
        """The same question put to everybody, the speaker's name being words to search."""
        words = f"{self.words} {self.speaker_words}".strip()
        return replace(self, words=words, speaker_ids=(), speaker_words="")


@dataclass(frozen=True, slots=True)
class Why:
    """What a match rests on: the question's words that the quote or its surroundings hold, and what
    else spoke for it.

    ``speaker``: the question names whoever said it. ``exact``, ``altered``: its text is the
    quote's, or is it with changes. ``meaning``: it is near in other words. ``period``: it was said
    when the question asks. ``language``: the article's, where it is not the question's.
    """

    words: tuple[str, ...] = ()
    speaker: bool = False
    exact: bool = False
    altered: bool = False
    meaning: bool = False
    period: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A quotation wherever it is told: its occurrences, the earliest first, and the same words in
    others' mouths.
    """

    occurrences: tuple[Passage, ...] = ()
    conflicts: tuple[Passage, ...] = ()

    @property
    def articles(self) -> int:
        """How many articles tell it."""
        return len({passage.article.id for passage in self.occurrences})


@dataclass(frozen=True, slots=True)
class Match:
    """A quote found, its article, and how well it answers (score 0 to 1)."""

    quote: Quote
    article: Article
    score: float
    why: Why
    claim: Claim = Claim()

    @property
    def passage(self) -> Passage:
        """The quote with its article."""
        return Passage(self.quote, self.article)

    @property
    def text(self) -> str:
        """The verbatim slice."""
        return self.passage.text


@dataclass(frozen=True, slots=True)
class Nearby:
    """What the index does hold when it has no answer: words and speakers close to the question.

    Of speakers whom the question names: ``absent``, the asked words that stand in none of their
    quotes nor beside one; ``article``, one that quotes them and holds most of the asked words;
    ``nearest``, their quote nearest to the question.
    """

    words: tuple[str, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    others: tuple[Match, ...] = ()
    absent: tuple[str, ...] = ()
    article: Article | None = None
    nearest: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches, best first; none means "I don't know", and then ``nearby`` may help."""

    question: Question
    matches: tuple[Match, ...]
    confidence: Confidence
    searched: tuple[int, int]
    nearby: Nearby = Nearby()
    total: int = 0
    """All that answers, of which ``matches`` are some."""


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


@dataclass(frozen=True, slots=True)
class Button:
    """A worded button: ``action`` is at most 64 bytes and survives a restart.

    Or it opens ``url``, copies ``copy`` (at most 256 UTF-16 units), or starts an inline query
    ``share`` elsewhere.
    """

    label: str
    action: str | None = None
    url: str | None = None
    copy: str | None = None
    share: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message, for Telegram (``html``) and for a terminal (``plain``); ``more`` are the
    messages that follow it.

    With ``pictures`` (PNG) the text is their caption. ``to_admins`` goes to the admins besides;
    ``document`` is a file (name, content) whose caption the text is.
    """

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    pictures: tuple[bytes, ...] = ()
    more: tuple[Reply, ...] = ()
    to_admins: Reply | None = None
    document: tuple[str, bytes] | None = None
