"""The desk: all that a doorway may ask for, wired in one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from bot.domain.answer import Claim
from bot.domain.errors import NotFoundError
from bot.domain.model import Article, Paged, Passage, Quote, Speaker
from bot.domain.ports import Store
from bot.domain.review import Review
from bot.domain.text import fold
from bot.domain.tracking import Edition
from bot.domain.verdict import Verdict
from bot.meaning.meaning import Meaning
from bot.reading.fetch import Fetch
from bot.search.entries import name_words
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.search.spelling import same_word
from bot.services.ask import Ask
from bot.services.claims import claim_of
from bot.services.corrections import Corrections
from bot.services.encode import Encode
from bot.services.feeds import Feeds
from bot.services.follow import Follows
from bot.services.history import editions
from bot.services.ingest import Ingest
from bot.services.people import People
from bot.services.reviews import Reviews
from bot.services.snapshots import keep_index, open_index
from bot.services.verify import Verify

ALL = 10**9
"""Items of a page that holds everything."""
_LOOKED = 500  # statements of somebody that are looked at for their roles
_OFTEN = 2  # statements from which on somebody is not behind all others


@dataclass(frozen=True, slots=True)
class Desk:
    """One store, one index, and the services over them."""

    store: Store
    index: Index
    ask: Ask
    ingest: Ingest
    encode: Encode
    snapshot: Path | None = None
    known: int = 0
    fetch: Fetch = field(default_factory=Fetch)
    reviews: Reviews = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reviews", Reviews(self.store))

    @property
    def people(self) -> People:
        """What admins decide of names."""
        return People(self.store, self.index)

    @property
    def follows(self) -> Follows:
        """Who follows whom or what."""
        return Follows(self.store, self.index)

    @property
    def feeds(self) -> Feeds:
        """The feeds that are read again and again."""
        return Feeds(self.store, self.ingest, self.fetch)

    def history(self, article_id: str) -> tuple[Article, tuple[Edition, ...]]:
        """An article, and what each of its versions changed in its quotes; NotFoundError when it is
        gone.
        """
        article, quotes = self.article(article_id)
        return article, editions(self.store.versions(article_id), (article, quotes))

    @property
    def corrections(self) -> Corrections:
        """What people mended."""
        return Corrections(self.store)

    @classmethod
    def over(
        cls,
        store: Store,
        snapshot: Path | None = None,
        meaning: Meaning | None = None,
        fetch: Fetch | None = None,
    ) -> Desk:
        """A desk over a store, its index up to date.

        ``snapshot``: the folder where the index is kept between runs; ``meaning``: what finds
        quotes by meaning, too; ``fetch``: what fetches articles.
        """
        index, known = open_index(store, snapshot)
        ask = Ask(store, index, Matcher(meaning, store))
        return cls(
            store,
            index,
            ask,
            Ingest(store),
            Encode(store, index, meaning),
            snapshot,
            known,
            fetch or Fetch(),
        )

    def verified(self, text: str, speaker: str | None = None) -> tuple[Verdict, tuple[Review, ...]]:
        """Did they say that? The verdict, and what fact-checkers published on it."""
        verdict = Verify(self.store, self.index)(text, speaker)
        return verdict, self.reviews.of(verdict.text)

    def keep(self) -> None:
        """Keep the index for the next run, if it has changed enough."""
        if self.snapshot:
            with self.index.lock:
                self.index.follow(self.store)
                keep_index(self.store, self.index, self.snapshot, self.known)

    def size(self) -> tuple[int, int]:
        """How many quotes there are, of how many articles."""
        return self.index.current(self.store).size

    def answered(self, questions: Sequence[str]) -> tuple[str, ...]:
        """Those of some questions that have an answer; where none has, the names of those quoted
        most.
        """
        found = tuple(question for question in questions if self.ask(question).level == "sure")
        if found:
            return found
        people = (speaker.name for speaker, _ in self.speakers().items if speaker.kind == "person")
        return tuple(islice(people, len(questions)))

    def quote(self, quote_id: str) -> Passage:
        """A quote with its article; NotFoundError when it is gone."""
        quote = self.store.quote(quote_id)
        article = self.store.article(quote.article_id) if quote else None
        if quote is None or article is None:
            raise NotFoundError(quote_id)
        return Passage(quote, article)

    def claim(self, passage: Passage) -> Claim:
        """Where else a quotation is told."""
        return claim_of(passage, self.index.current(self.store), self.store)

    def article(self, article_id: str) -> tuple[Article, tuple[Quote, ...]]:
        """An article with its quotes; NotFoundError when it is gone."""
        article = self.store.article(article_id)
        if article is None:
            raise NotFoundError(article_id)
        return article, self.store.quotes(article_id)

    def speaker(
        self, speaker_id: str, number: int = 0, size: int = ALL
    ) -> tuple[Speaker, Paged[Passage]]:
        """A speaker and a page of their quotes, words before reports; NotFoundError for nobody's
        id.
        """
        view = self.index.current(self.store)
        speaker = view.speakers.get(view.person(speaker_id))
        if speaker is None:
            raise NotFoundError(speaker_id)
        entries = sorted(view.of_speaker([speaker_id]), key=lambda entry: entry.kind == "indirect")
        page = Paged.of(entries, number, size)
        return speaker, page.holding(self.quote(entry.quote_id) for entry in page.items)

    def speakers(
        self, name: str = "", number: int = 0, size: int = ALL
    ) -> Paged[tuple[Speaker, int]]:
        """Who is quoted and how often: people before bodies, those quoted once behind all others,
        most often first; all words of ``name`` begin words of theirs, or nearly are.
        """
        view, asked = self.index.current(self.store), fold(name).split()
        found = [
            speaker
            for speaker in view.speakers.values()
            if all(_bears(speaker, word) for word in asked)
        ]
        counted = [(speaker, view.spoken(speaker.id)) for speaker in found]
        if name:
            counted.sort(key=lambda pair: (-pair[1], fold(pair[0].name)))
        else:
            counted.sort(key=_prominence)
        return Paged.of(counted, number, size)

    def often(self) -> int:
        """How many speakers are quoted more than once."""
        view = self.index.current(self.store)
        return sum(view.spoken(key) >= _OFTEN for key in view.speakers)

    def roles(self, speaker_id: str) -> tuple[tuple[str, date | None, date | None], ...]:
        """The roles in which somebody is quoted, each with the first and the last day, in order of
        time; roles that differ in an addition only are one.
        """
        days: dict[str, list[date]] = {}
        for passage in self.speaker(speaker_id)[1].items[:_LOOKED]:
            role, day = passage.quote.speaker and passage.quote.speaker.role, passage.article.day
            if role:
                days.setdefault(_same_role(role, days), []).extend([day] if day else [])
        found = [(r, min(d, default=None), max(d, default=None)) for r, d in days.items()]
        return tuple(sorted(found, key=lambda row: row[1] or date.max))

    def articles(self, words: str = "", number: int = 0, size: int = ALL) -> Paged[Article]:
        """The articles with quotes, the latest first; ``words`` stand in their title, publisher,
        address or day.
        """
        page = Paged.of(self.index.current(self.store).listed(words), number, size)
        return page.holding(found for key in page.items if (found := self.store.article(key)))

    def recent(self, number: int = 0, size: int = ALL) -> Paged[Passage]:
        """The quotes (no reports) of the latest articles."""
        view = self.index.current(self.store)
        total = view.count("direct")
        number = Paged.within(number, size, total)
        found = islice(self._latest(view.listed()), number * size, (number + 1) * size)
        return Paged(tuple(found), number, size, total)

    def _latest(self, article_ids: Sequence[str]) -> Iterator[Passage]:
        for key in article_ids:
            article = self.store.article(key)
            if article:
                yield from (
                    Passage(quote, article)
                    for quote in self.store.quotes(key)
                    if quote.kind == "direct"
                )

    def remove(self, article_id: str) -> bool:
        """Take an article out of store and index; False when it was not there."""
        removed = self.store.remove(article_id)
        self.index.follow(self.store)
        return removed


def _prominence(pair: tuple[Speaker, int]) -> tuple[bool, bool, int, str]:
    speaker, count = pair
    return count < _OFTEN, speaker.kind != "person", -count, fold(speaker.name)


def _same_role(role: str, known: Iterable[str]) -> str:
    """The known role that this one is, more or less words aside; itself where there is none."""
    own = set(fold(role).split())
    return next((k for k in known if own <= (k_ := set(fold(k).split())) or k_ <= own), role)


def _bears(speaker: Speaker, word: str) -> bool:
    """Is this (the beginning of) a word of the name, or one with a typing mistake?"""
    return any(part.startswith(word) or same_word(word, part) for part in name_words(speaker))
