"""An article is read, its quotes extracted, both stored in one durable write; what its source held
is remembered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.errors import StoreError
from bot.domain.model import Article, Quote
from bot.domain.ports import Store
from bot.extraction.extract import extract_quotes
from bot.services.corrections import Corrections
from bot.services.people import without_nobodies
from bot.services.sources import Gathered

Status = Literal["new", "unchanged", "updated", "failed"]
SOURCES = "sources"
"""The kind of the records of what sources held."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of a source: its article and quotes if it has one, and whether the store changed;
    else why not.
    """

    source: str
    status: Status
    article: Article | None = None
    quotes: tuple[Quote, ...] = ()
    reason: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Is there anything new in the store?"""
        return self.status in ("new", "updated")


@dataclass(frozen=True, slots=True)
class Ingest:
    """Index an article; the same one again changes nothing."""

    store: Store

    def __call__(self, article: Article) -> Ingested:
        """Returns once the article is durable."""
        return self.keep(Gathered(article.origin or article.id, article, extract_quotes(article)))

    def keep(self, found: Gathered) -> Ingested:
        """Store what was gathered of a source; waits for a server that is away as long as a write
        does.
        """
        try:
            return self._kept(found)
        except StoreError:  # it reads first, and readers don't wait
            self.store.keep(SOURCES, found.source, None)
            return self._kept(found)

    def _kept(self, found: Gathered) -> Ingested:
        if found.reason is not None:
            return Ingested(found.source, "failed", reason=found.reason)
        if found.article is None:  # it holds what it held
            return self._again(found.source)
        before = self.store.article(found.article.id)
        mended = Corrections(self.store).apply(found.article, found.quotes)
        quotes = without_nobodies(self.store, mended)
        changed = self.store.add_many([(found.article, quotes)]) == 1
        if found.digest:
            self.store.keep(
                SOURCES, found.source, {"digest": found.digest, "article": found.article.id}
            )
        status: Status = "unchanged" if not changed else "updated" if before else "new"
        return Ingested(found.source, status, found.article, quotes, notes=found.notes)

    def digest(self, source: str) -> str | None:
        """What a source held last time, as long as its article is there."""
        known = self.store.records(SOURCES, source).get(source)
        return str(known["digest"]) if known and self.store.article(str(known["article"])) else None

    def _again(self, source: str) -> Ingested:
        known = self.store.records(SOURCES, source).get(source, {})
        article = self.store.article(str(known.get("article", "")))
        return Ingested(
            source, "unchanged", article, self.store.quotes(article.id) if article else ()
        )
