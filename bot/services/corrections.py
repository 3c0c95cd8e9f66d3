"""What people mended: quotes that are none, speakers that are others; kept as such, and applied to
every extraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.errors import NotFoundError
from bot.domain.model import Article, Passage, Quote, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold, short_id
from bot.extraction.extract import extract_quotes
from bot.services.people import without_speaker

KIND = "corrections"
"""The kind of these records: for each article, what was mended of each quote, by whom, when, and
what stood before.
"""
_LONGEST = 120  # characters of a speaker's name


@dataclass(frozen=True, slots=True)
class Corrections:
    """Mend a quote, or take that back. Ids come from articles and words, so a correction outlives
    re-extraction.
    """

    store: Store

    def apply(self, article: Article, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        """An article's quotes as they were mended."""
        mended = self._of(article.id)
        found = (self._mended(quote, mended.get(quote.id)) for quote in quotes)
        return tuple(quote for quote in found if quote is not None)

    def drop(self, quote_id: str, by: int) -> Passage:
        """This is no quote: it is found no more. NotFoundError when there is none of that id."""
        return self._mend(quote_id, by, {"drop": True})

    def attribute(self, quote_id: str, name: str | None, by: int) -> Passage:
        """Somebody else said it (None: it isn't known who). NotFoundError when there is no quote of
        that id.
        """
        return self._mend(
            quote_id, by, {"speaker": " ".join(name.split())[:_LONGEST] if name else None}
        )

    def undo(self, article_id: str, quote_id: str) -> bool:
        """Take a correction back; False when there is none."""
        mended = dict(self._of(article_id))
        row = mended.pop(quote_id, None)
        if row is None:
            return False
        self._keep(article_id, mended, quote_id, row.get("before"))
        return True

    def _mend(self, quote_id: str, by: int, change: Mapping[str, Any]) -> Passage:
        quote = self.store.quote(quote_id)
        article = self.store.article(quote.article_id) if quote else None
        if quote is None or article is None:
            raise NotFoundError(quote_id)
        before = quote.speaker.name if quote.speaker else None
        row = {
            **change,
            "by": by,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "before": before,
        }
        known = self._of(article.id)
        first = known.get(quote_id, {}).get(
            "before", before
        )  # who the article says it was, not an earlier correction
        self._keep(article.id, {**known, quote_id: row | {"before": first}}, quote_id)
        return Passage(quote, article)

    def _of(self, article_id: str) -> Mapping[str, Any]:
        return self.store.records(KIND, article_id).get(article_id, {})

    def _keep(
        self, article_id: str, mended: Mapping[str, Any], quote_id: str, before: str | None = None
    ) -> None:
        """Keep what was mended, and the article with that quote as it is now; its other quotes stay
        as they are.

        A quote that extraction finds no more (it came from an import, from older code) stands as it
        was kept.
        """
        self.store.keep(KIND, article_id, mended or None)
        article = self.store.article(article_id)
        if article is None:
            return
        quotes = {quote.id: quote for quote in self.store.quotes(article_id)}
        fresh = next((quote for quote in extract_quotes(article) if quote.id == quote_id), None)
        known = quotes.pop(quote_id, None)
        if fresh is None and known is not None:
            back = quote_id not in mended and before
            fresh = (
                replace(known, speaker=self._speaker(known, before)) if back and before else known
            )
        now = fresh and self._mended(fresh, mended.get(quote_id))
        rest = [*quotes.values(), *([now] if now else [])]
        self.store.add_many(
            [(article, tuple(sorted(rest, key=lambda quote: (quote.start, quote.end))))]
        )

    def _mended(self, quote: Quote, row: Mapping[str, Any] | None) -> Quote | None:
        if row is None:
            return quote
        if row.get("drop"):
            return None
        name = row.get("speaker")
        if name is None:
            return without_speaker(quote)
        return replace(
            quote, speaker=self._speaker(quote, str(name)), attribution="stated", sure=1.0
        )

    @staticmethod
    def _speaker(quote: Quote, name: str) -> Speaker:
        """The speaker of that name, a person unless the quote's own says otherwise."""
        own = quote.speaker
        if own is not None and fold(own.name) == fold(name):
            return own
        return Speaker(short_id("s", fold(name)), name, "person")
