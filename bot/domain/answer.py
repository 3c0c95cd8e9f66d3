"""What is asked and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from bot.domain.model import Article, Confidence, Passage, Quote, Speaker


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
        return replace(self, words=words, speaker_ids=(), speaker_words="", unknown_names=())


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


Level = Literal["sure", "near", "none"]
"""How far an answer goes: it answers; it shows the nearest quotes and says that it isn't sure; it
says that there is nothing.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches, best first, and how far to trust that they answer; none means "I don't know",
    and then ``nearby`` may help.

    ``total`` counts all that fits, of which ``matches`` are some. ``elsewhere`` tells of the
    nearest ones that they are not of the speaker whom the question names.
    """

    question: Question
    matches: tuple[Match, ...]
    confidence: Confidence
    searched: tuple[int, int]
    nearby: Nearby = Nearby()
    total: int = 0
    level: Level = "none"
    elsewhere: bool = False
