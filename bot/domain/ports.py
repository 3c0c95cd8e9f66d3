"""What the services need from the outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from bot.domain.model import Article, Change, Quote


class Store(Protocol):
    """The system of record: it keeps articles and quotes, knows no words and no ranking."""

    def add(self, article: Article, quotes: Iterable[Quote]) -> bool:
        """Store durably; False when this very version is there already. Replaces an older version."""
        ...

    def remove(self, article_id: str) -> bool:
        """Take an article and its quotes out; False when it was not there."""
        ...

    def article(self, article_id: str) -> Article | None:
        """The article of that id."""
        ...

    def quote(self, quote_id: str) -> Quote | None:
        """The quote of that id."""
        ...

    def quotes(self, article_id: str) -> tuple[Quote, ...]:
        """An article's quotes in the order of its text."""
        ...

    def changes(self, after: int = 0) -> Iterator[Change]:
        """The latest change of each article past a sequence number, oldest first."""
        ...

    def preferences(self, user: int) -> Mapping[str, str]:
        """What one user chose; empty when nothing is kept."""
        ...

    def prefer(self, user: int, preferences: Mapping[str, str]) -> None:
        """Keep these preferences of a user; an empty mapping erases the record."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...
