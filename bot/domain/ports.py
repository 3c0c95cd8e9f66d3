"""What the services need from the outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.model import Article, Change, Quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Store(Protocol):
    """The system of record: it keeps articles, quotes and small records, knows no words and no
    ranking.
    """

    @property
    def identity(self) -> str:
        """What tells this store from every other one, for as long as it lives."""
        ...

    def add_many(self, items: Iterable[tuple[Article, Iterable[Quote]]]) -> int:
        """Store articles with their quotes in one durable write, all or none; returns how many were
        not there already.

        An article that was there in another version takes its place; the older one is kept aside.
        """
        ...

    def remove(self, article_id: str) -> bool:
        """Take an article, its quotes and its earlier versions out; False when it was not there."""
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

    def versions(self, article_id: str) -> tuple[Article, ...]:
        """What an article said earlier, oldest first; without the current version."""
        ...

    def changes(self, after: int = 0) -> Iterator[Change]:
        """The latest change of each article past a sequence number, oldest first; StoreError when
        that can't be known.
        """
        ...

    def records(self, kind: str, key: str | None = None) -> Mapping[str, Mapping[str, Any]]:
        """Small documents beside the articles, such as what users chose (``users``): all of a kind,
        or that key's.

        StoreError when that can't be known now.
        """
        ...

    def keep(self, kind: str, key: str, document: Mapping[str, Any] | None) -> None:
        """Keep a record durably in the place of the key's older one; None erases it."""
        ...

    def backup(self, path: Path) -> None:
        """Write everything, as of now, to a new file that is itself a store; StoreError when it
        can't be written.
        """
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...


class Encoder(Protocol):
    """A model that makes vectors of texts, so that texts of near meaning have near vectors (a high
    cosine).
    """

    @property
    def name(self) -> str:
        """What tells its vectors from those of every other model; it stands in their file's
        name.
        """
        ...

    @property
    def size(self) -> int:
        """Numbers in a vector."""
        ...

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector for each text that may be found, as rows."""
        ...

    def question(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a question about them."""
        ...
