"""A store that lives as long as its process: for tests, demonstrations and `memory:`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.model import Article, Change, Quote


class MemoryStore:
    """The ``Store`` port over dicts."""

    def __init__(self) -> None:
        self._articles: dict[str, Article] = {}
        self._quotes: dict[str, tuple[Quote, ...]] = {}
        self._by_id: dict[str, Quote] = {}
        self._seq: dict[str, int] = {}
        self._last = 0
        self._preferences: dict[int, dict[str, str]] = {}

    def add(self, article: Article, quotes: Iterable[Quote]) -> bool:
        """See ``Store.add``."""
        quotes = tuple(quotes)
        known = self._articles.get(article.id)
        if (
            known
            and known.sha256 == article.sha256
            and same_source(known, article)
            and self._quotes[article.id] == quotes
        ):
            return False
        self._drop(article.id)
        self._articles[article.id], self._quotes[article.id] = article, quotes
        self._by_id.update((quote.id, quote) for quote in quotes)
        self._step(article.id)
        return True

    def remove(self, article_id: str) -> bool:
        """See ``Store.remove``."""
        if article_id not in self._articles:
            return False
        self._drop(article_id)
        self._step(article_id)
        return True

    def _drop(self, article_id: str) -> None:
        for quote in self._quotes.pop(article_id, ()):
            self._by_id.pop(quote.id, None)
        self._articles.pop(article_id, None)

    def _step(self, article_id: str) -> None:
        self._last += 1
        self._seq.pop(article_id, None)
        self._seq[article_id] = self._last

    def article(self, article_id: str) -> Article | None:
        """See ``Store.article``."""
        return self._articles.get(article_id)

    def quote(self, quote_id: str) -> Quote | None:
        """See ``Store.quote``."""
        return self._by_id.get(quote_id)

    def quotes(self, article_id: str) -> tuple[Quote, ...]:
        """See ``Store.quotes``."""
        return self._quotes.get(article_id, ())

    def changes(self, after: int = 0) -> Iterator[Change]:
        """See ``Store.changes``."""
        for article_id, seq in list(self._seq.items()):
            if seq > after:
                yield Change(seq, article_id, self._articles.get(article_id), self._quotes.get(article_id, ()))

    def preferences(self, user: int) -> Mapping[str, str]:
        """See ``Store.preferences``."""
        return dict(self._preferences.get(user, {}))

    def prefer(self, user: int, preferences: Mapping[str, str]) -> None:
        """See ``Store.prefer``."""
        self._preferences.pop(user, None)
        if preferences:
            self._preferences[user] = dict(preferences)

    def close(self) -> None:
        """Nothing to release."""


def same_source(known: Article, article: Article) -> bool:
    """Do two readings of one text agree on everything but when they were read?"""
    return all(
        getattr(known, name) == getattr(article, name)
        for name in (
            "title",
            "language",
            "heading",
            "body",
            "url",
            "publisher",
            "author",
            "published",
            "updated",
        )
    )
