"""The ``Store`` port, once: articles, quotes and records over whatever keeps the documents."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.domain.documents import FORMAT, article_of, pack, quote_in, quotes_of, same_source, upgrade
from bot.domain.errors import StoreError
from bot.domain.model import Article, Change, Quote
from storage.backup import write_backup

_LOG = logging.getLogger(__name__)
Document = Mapping[str, Any]
Result = TypeVar("Result")


class Batch(Protocol):
    """What a write sees and does; all of it is kept, or nothing."""

    def document(self, article_id: str) -> Document | None:
        """The article's latest document; one without a text says that it was removed."""

    def put(self, document: dict[str, Any]) -> None:
        """Keep it as the article's latest, with the next change number (``seq``)."""

    def put_version(self, document: Document) -> None:
        """Keep an article's earlier document aside."""

    def drop_versions(self, article_id: str) -> None:
        """Forget an article's earlier documents."""


class Backing(Protocol):
    """Where documents are kept: in memory, in a journalled TinyDB file, in PostgreSQL."""

    @property
    def identity(self) -> str:
        """What tells it from every other one."""

    def write(self, work: Callable[[Batch], Result]) -> Result:
        """Do the work alone among all writers, durably; it may be done again from the beginning if
        a server failed.
        """

    def document(self, article_id: str) -> Document | None:
        """The article's latest document, if it is there."""

    def holder(self, quote_id: str) -> Document | None:
        """The latest document that holds a quote."""

    def changes(self, after: int) -> Iterator[Document]:
        """The latest document of each article past a change number, oldest first."""

    def versions(self, article_id: str) -> Iterable[Document]:
        """An article's earlier documents, oldest first."""

    def records(self, kind: str, key: str | None) -> Mapping[str, Document]:
        """All records of a kind by their keys, or that key's."""

    def keep(self, kind: str, key: str, document: Document | None) -> None:
        """Keep a record durably; None erases it."""

    def tables(self) -> Mapping[str, Mapping[str, Document]]:
        """Everything as the tables of a TinyDB file."""

    def close(self) -> None:
        """Release files and connections."""


class BackedStore:
    """The ``Store`` port over a backing; the port says what each method does."""

    def __init__(self, backing: Backing) -> None:
        self.backing = backing

    @property
    def identity(self) -> str:
        return self.backing.identity

    # ---- writing
    def add(self, article: Article, quotes: Iterable[Quote]) -> bool:
        """``add_many`` for one article; False when this very version is there already."""
        return self.add_many([(article, quotes)]) == 1

    def add_many(self, items: Iterable[tuple[Article, Iterable[Quote]]]) -> int:
        wanted = [(article, tuple(quotes)) for article, quotes in items]
        return self.backing.write(
            lambda batch: sum(_add(batch, article, quotes) for article, quotes in wanted)
        )

    def remove(self, article_id: str) -> bool:

        def work(batch: Batch) -> bool:
            if _living(batch.document(article_id)) is None:
                return False
            batch.put({"format": FORMAT, "id": article_id})  # so that followers learn of it
            batch.drop_versions(article_id)
            return True

        return self.backing.write(work)

    # ---- reading
    def article(self, article_id: str) -> Article | None:
        found = _living(self.backing.document(article_id))
        return _read(found, article_of) if found else None

    def quote(self, quote_id: str) -> Quote | None:
        found = _living(self.backing.holder(quote_id))
        return _read(found, lambda document: quote_in(document, quote_id)) if found else None

    def quotes(self, article_id: str) -> tuple[Quote, ...]:
        found = _living(self.backing.document(article_id))
        return _read(found, quotes_of) if found else ()

    def versions(self, article_id: str) -> tuple[Article, ...]:
        return tuple(_read(found, article_of) for found in self.backing.versions(article_id))

    def changes(self, after: int = 0) -> Iterator[Change]:
        for document in self.backing.changes(after):
            change = Change(document["seq"], document["id"])
            if _living(document):
                try:
                    change = replace(
                        change,
                        article=_read(document, article_of),
                        quotes=_read(document, quotes_of),
                    )
                except StoreError as error:
                    _LOG.warning("%s", error)
                    change = replace(change, fault=str(error))
            yield change

    def records(self, kind: str, key: str | None = None) -> Mapping[str, Document]:
        return self.backing.records(kind, key)

    def keep(self, kind: str, key: str, document: Document | None) -> None:
        self.backing.keep(kind, key, document)

    def backup(self, path: Path) -> None:
        write_backup(path, self.backing.tables())

    def close(self) -> None:
        self.backing.close()


def _add(batch: Batch, article: Article, quotes: tuple[Quote, ...]) -> bool:
    old = _living(batch.document(article.id))
    if old is not None:
        if old["sha256"] != article.sha256:
            batch.put_version(old)
        elif _same(old, article, quotes):
            return False
        else:  # the same words read in another way: they have been there since then
            article = replace(article, retrieved=_retrieved(old) or article.retrieved)
    batch.put(pack(article, quotes))
    return True


def _same(old: Document, article: Article, quotes: tuple[Quote, ...]) -> bool:
    """Is this very version kept?"""
    try:
        return same_source(_read(old, article_of), article) and _read(old, quotes_of) == quotes
    except StoreError:
        return False  # it can't be read: the new one takes its place


def _retrieved(document: Document) -> datetime | None:
    """When the article was read; None when that can't be told."""
    try:
        return _read(document, article_of).retrieved
    except StoreError:
        return None


def _living(document: Document | None) -> Document | None:
    """The document, unless it says that its article was removed."""
    return document if document is not None and "text" in document else None


def _read(document: Document, reader: Callable[[Document], Result]) -> Result:
    """What a reader makes of a document; StoreError names the one that it can't read."""
    if document.get("format", 0) > FORMAT:
        raise StoreError(
            f"article {document.get('id')} is of format {document['format']}, written by a newer "
            "Verbatim; this one "
            f"reads {FORMAT}. Update it"
        )
    try:
        return reader(document if document.get("format", 0) == FORMAT else upgrade(document))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(
            f"article {document.get('id')} can't be read ({type(error).__name__}: {error}); "
            "`verbatim doctor` tells more, `verbatim remove` takes it out"
        ) from error
