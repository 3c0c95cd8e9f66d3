"""Documents in memory: by article, by quote, in the order of their changes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


class Shelf:
    """The latest document of each article; one without a text says that the article was removed.

    ``limit``: at most so many are held, those asked for longest ago let go; None: all.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._lock = (
            threading.RLock()
        )  # readers see an article as it was or as it is, never without
        self._documents: dict[str, Document] = {}
        self.last = 0
        self._holders: dict[str, str] = {}
        self._limit = limit

    def put(self, document: Document) -> None:
        """Keep a document in the place of the article's older one."""
        with self._lock:
            self.drop(document["id"])
            self._documents[document["id"]] = document
            for row in _rows(document):
                self._holders[row["id"]] = document["id"]
            self.last = max(self.last, document["seq"])
            while self._limit is not None and len(self._documents) > self._limit:
                self.drop(next(iter(self._documents)))

    def drop(self, article_id: str) -> None:
        """Hold an article no longer."""
        with self._lock:
            for row in _rows(self._documents.pop(article_id, {})):
                self._holders.pop(row["id"], None)

    def refill(self, documents: Iterable[Document]) -> None:
        """Forget everything and keep these."""
        with self._lock:
            self._documents, self._holders, self.last = {}, {}, 0
            for document in sorted(documents, key=lambda found: int(found["seq"])):
                self.put(document)

    def document(self, article_id: str) -> Document | None:
        """The article's document, if it is held."""
        with self._lock:
            found = self._documents.get(article_id)
            if found is not None and self._limit is not None:
                self._documents[article_id] = self._documents.pop(article_id)  # asked for last
            return found

    def holder(self, quote_id: str) -> Document | None:
        """The document that holds a quote."""
        with self._lock:
            return self.document(self._holders.get(quote_id, ""))

    def changes(self, after: int) -> Iterator[Document]:
        """The documents past a change number, oldest first (of a shelf without a limit)."""
        newer = []
        with self._lock:
            for document in (
                reversed(self._documents.values()) if after < self.last else ()
            ):  # in order of change
                if document["seq"] <= after:
                    break
                newer.append(document)
        return reversed(newer)


def _rows(document: Document) -> Iterable[Mapping[str, Any]]:
    rows = document.get("quotes", ())
    return (
        [row for row in rows if isinstance(row, Mapping) and "id" in row]
        if isinstance(rows, list)
        else ()
    )
