"""The desk: all that a doorway may ask for, wired in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import NotFoundError
from bot.domain.model import Article, Quote, Speaker
from bot.domain.ports import Store
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.services.ask import Ask
from bot.services.ingest import Ingest
from bot.services.snapshots import keep_index, open_index


@dataclass(frozen=True, slots=True)
class Desk:
    """One store, one index, and the services over them."""

    store: Store
    index: Index
    ask: Ask
    ingest: Ingest
    snapshot: Path | None = None
    known: int = 0

    @classmethod
    def over(cls, store: Store, snapshot: Path | None = None) -> Desk:
        """A desk over a store, its index up to date; ``snapshot``: the folder where the index is kept between runs."""
        index, known = open_index(store, snapshot)
        return cls(store, index, Ask(store, index, Matcher()), Ingest(store, index), snapshot, known)

    def keep(self) -> None:
        """Keep the index for the next run, if it has changed enough."""
        if self.snapshot:
            with self.index.lock:
                self.index.follow(self.store)
                keep_index(self.store, self.index, self.snapshot, self.known)

    def quote(self, quote_id: str) -> tuple[Quote, Article]:
        """A quote with its article; NotFoundError when it is gone."""
        quote = self.store.quote(quote_id)
        article = self.store.article(quote.article_id) if quote else None
        if quote is None or article is None:
            raise NotFoundError(quote_id)
        return quote, article

    def article(self, article_id: str) -> tuple[Article, tuple[Quote, ...]]:
        """An article with its quotes; NotFoundError when it is gone."""
        article = self.store.article(article_id)
        if article is None:
            raise NotFoundError(article_id)
        return article, self.store.quotes(article_id)

    def speaker(self, speaker_id: str) -> tuple[Speaker, list[tuple[Quote, Article]]]:
        """A speaker with their quotes, words before reports; NotFoundError when nobody of that id is quoted."""
        with self.index.lock:
            self.index.follow(self.store)
            speaker = self.index.speakers.get(speaker_id)
            entries = sorted(self.index.of_speaker([speaker_id]), key=lambda entry: entry.kind == "indirect")
        if speaker is None:
            raise NotFoundError(speaker_id)
        return speaker, [self.quote(entry.quote_id) for entry in entries]

    def remove(self, article_id: str) -> bool:
        """Take an article out of store and index; False when it was not there."""
        removed = self.store.remove(article_id)
        self.index.follow(self.store)
        return removed
