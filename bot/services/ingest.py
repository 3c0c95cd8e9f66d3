"""An article is read, its quotes extracted, both stored in one durable write, the index brought up."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.model import Article, Quote
from bot.domain.ports import Store
from bot.extraction.extract import extract_quotes
from bot.search.index import Index


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of an article: its quotes, and whether the store changed."""

    article: Article
    quotes: tuple[Quote, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Ingest:
    """Index an article; the same one again changes nothing."""

    store: Store
    index: Index

    def __call__(self, article: Article) -> Ingested:
        """Returns once the article is durable."""
        quotes = extract_quotes(article)
        changed = self.store.add_many([(article, quotes)]) == 1
        return Ingested(article, quotes, changed)
