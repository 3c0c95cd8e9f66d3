"""The embedded store: TinyDB, one document an article with its quotes inside, one write a change."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage, touch
from tinydb.table import Document

from bot.domain.errors import StoreError
from bot.domain.model import Article, Change, Quote
from storage.documents import FORMAT, article_of, pack, quotes_of
from storage.memory import same_source


class TinyStore:
    """The ``Store`` port over one TinyDB file; quote ids lead to articles by a dict built on opening."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = TinyDB(path, storage=WholeFile)
        self._table = self._db.table("articles")
        self._users = self._db.table("users")
        self._doc: dict[str, int] = {}
        self._article_of_quote: dict[str, str] = {}
        self._last = 0
        for document in self._table:
            self._check(document)
            self._learn(document)

    def _check(self, document: Document) -> None:
        found = document.get("format", 0)
        if found > FORMAT:
            raise StoreError(f"{self._path}: written in format {found} by a newer Verbatim; this one reads {FORMAT}")

    def _learn(self, document: Mapping[str, Any], doc_id: int | None = None) -> None:
        self._doc[document["id"]] = doc_id if doc_id is not None else cast(Document, document).doc_id
        self._last = max(self._last, document["seq"])
        for quote in document.get("quotes", ()):
            self._article_of_quote[quote["id"]] = document["id"]

    def _document(self, article_id: str) -> Mapping[str, Any] | None:
        doc_id = self._doc.get(article_id)
        found = self._table.get(doc_id=doc_id) if doc_id is not None else None
        return cast(Mapping[str, Any], found) if found and "text" in found else None

    def add(self, article: Article, quotes: Iterable[Quote]) -> bool:
        """See ``Store.add``."""
        quotes = tuple(quotes)
        known = self._document(article.id)
        if (
            known
            and known["sha256"] == article.sha256
            and same_source(article_of(known), article)
            and quotes_of(known) == quotes
        ):
            return False
        self._write(article.id, pack(article, quotes))
        return True

    def remove(self, article_id: str) -> bool:
        """See ``Store.remove``."""
        if self._document(article_id) is None:
            return False
        self._write(article_id, {"format": FORMAT, "id": article_id})  # a tombstone, so that followers learn of it
        return True

    def _write(self, article_id: str, document: dict[str, Any]) -> None:
        old = self._document(article_id)
        document["seq"] = self._last + 1
        doc_id = self._doc.get(article_id)
        if doc_id is None:
            doc_id = self._table.insert(document)
        else:
            self._table.upsert(Document(document, doc_id=doc_id))
            if "text" not in document:
                self._table.update(_only(document), doc_ids=[doc_id])
        for quote in old["quotes"] if old else ():
            self._article_of_quote.pop(quote["id"], None)
        self._learn(document, doc_id)

    def article(self, article_id: str) -> Article | None:
        """See ``Store.article``."""
        document = self._document(article_id)
        return article_of(document) if document else None

    def quote(self, quote_id: str) -> Quote | None:
        """See ``Store.quote``."""
        article_id = self._article_of_quote.get(quote_id)
        quotes = self.quotes(article_id) if article_id else ()
        return next((quote for quote in quotes if quote.id == quote_id), None)

    def quotes(self, article_id: str) -> tuple[Quote, ...]:
        """See ``Store.quotes``."""
        document = self._document(article_id)
        return quotes_of(document) if document else ()

    def changes(self, after: int = 0) -> Iterator[Change]:
        """See ``Store.changes``."""
        for document in sorted((d for d in self._table if d["seq"] > after), key=lambda d: int(d["seq"])):
            if "text" in document:
                yield Change(document["seq"], document["id"], article_of(document), quotes_of(document))
            else:
                yield Change(document["seq"], document["id"])

    def preferences(self, user: int) -> Mapping[str, str]:
        """See ``Store.preferences``."""
        found = self._users.get(doc_id=user)
        return {key: str(value) for key, value in cast(Mapping[str, Any], found or {}).items()}

    def prefer(self, user: int, preferences: Mapping[str, str]) -> None:
        """See ``Store.prefer``."""
        if self._users.contains(doc_id=user):
            self._users.remove(doc_ids=[user])
        if preferences:
            self._users.insert(Document(dict(preferences), doc_id=user))

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _only(document: Mapping[str, Any]) -> Any:
    def transform(stored: dict[str, Any]) -> None:
        stored.clear()
        stored.update(document)

    return transform


class WholeFile(Storage):
    """A TinyDB storage that replaces its file in one step: temporary file, fsync, rename.

    TinyDB's own JSONStorage overwrites in place and truncates, so that a crash in between tears the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        try:
            touch(str(self._path), create_dirs=True)
        except OSError as error:
            raise StoreError(
                f"{self._path}: {error.strerror}; choose another place with VERBATIM_STORE=tinydb:PATH"
            ) from error

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The file's tables; None for a new file; StoreError where it is no TinyDB file."""
        data = self._path.read_bytes()
        if not data:
            return None
        try:
            tables = json.loads(data)
        except ValueError as error:
            raise StoreError(f"{self._path}: is no TinyDB file ({error}); nothing was changed") from error
        if not isinstance(tables, dict):
            raise StoreError(f"{self._path}: is no TinyDB file (not a JSON object); nothing was changed")
        return tables

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace the file durably."""
        try:
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(data, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except OSError as error:
            raise StoreError(
                f"{self._path}: could not be written ({error.strerror}); the old file is intact"
            ) from error
