"""A store that lives as long as its process: for tests, demonstrations and `memory:`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.domain.model import Article, Change, Quote


class MemoryStore:
    """The ``Store`` port over dicts."""

    remote = False
    """See ``Store.remote``."""

    def __init__(self) -> None:
        self.identity = uuid.uuid4().hex
        self._versions: dict[str, tuple[Article, ...]] = {}
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
        if known and known.sha256 != article.sha256:
            self._versions[article.id] = (*self.versions(article.id), known)
        self._drop(article.id)
        self._articles[article.id], self._quotes[article.id] = article, quotes
        self._by_id.update((quote.id, quote) for quote in quotes)
        self._step(article.id)
        return True

    def add_many(self, items: Iterable[tuple[Article, Iterable[Quote]]]) -> int:
        """See ``Store.add_many``."""
        return sum(self.add(article, quotes) for article, quotes in items)

    def remove(self, article_id: str) -> bool:
        """See ``Store.remove``."""
        if article_id not in self._articles:
            return False
        self._drop(article_id)
        self._versions.pop(article_id, None)
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

    def versions(self, article_id: str) -> tuple[Article, ...]:
        """See ``Store.versions``."""
        return self._versions.get(article_id, ())

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

    def backup(self, path: Path) -> None:
        """See ``Store.backup``."""
        from bot.domain.documents import FORMAT, pack  # noqa: PLC0415 documents are only made for a backup
        from storage.backup import write_backup  # noqa: PLC0415

        current = [
            pack(found, self._quotes[key]) if (found := self._articles.get(key)) else {"format": FORMAT, "id": key}
            for key in self._seq
        ]
        articles = [document | {"seq": seq} for document, seq in zip(current, self._seq.values(), strict=True)]
        earlier = [pack(old, ()) | {"article_id": key} for key, olds in self._versions.items() for old in olds]
        tables: dict[str, dict[str, dict[str, Any]]] = {
            "articles": {str(number): document for number, document in enumerate(articles, 1)},
            "versions": {str(number): document for number, document in enumerate(earlier, 1)},
            "users": {str(user): dict(chosen) for user, chosen in self._preferences.items()},
        }
        write_backup(path, tables)

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
