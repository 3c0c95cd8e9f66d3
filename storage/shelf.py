"""Documents in memory as every durable store holds them: by article, by quote, in the order of their changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.domain.documents import article_of, quote_in, quotes_of
from bot.domain.model import Article, Change, Quote
from storage.memory import same_source

Document = Mapping[str, Any]


class Shelf:
    """The latest document of each article; one without a text says that the article was removed."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.last = 0
        self._holder: dict[str, str] = {}

    def put(self, document: Document) -> None:
        """Keep a document in the place of the article's older one."""
        old = self.documents.pop(document["id"], None)
        for row in old.get("quotes", ()) if old else ():
            self._holder.pop(row["id"], None)
        self.documents[document["id"]] = document
        for row in document.get("quotes", ()):
            self._holder[row["id"]] = document["id"]
        self.last = max(self.last, document["seq"])

    def refill(self, documents: Iterable[Document]) -> None:
        """Forget everything and keep these."""
        self.documents, self._holder, self.last = {}, {}, 0
        for document in sorted(documents, key=lambda found: int(found["seq"])):
            self.put(document)

    def document(self, article_id: str) -> Document | None:
        """The article's document, unless it was removed."""
        found = self.documents.get(article_id)
        return found if found and "text" in found else None

    def holds(self, article: Article, quotes: tuple[Quote, ...]) -> bool:
        """Is this very version there?"""
        known = self.document(article.id)
        return bool(
            known
            and known["sha256"] == article.sha256
            and same_source(article_of(known), article)
            and quotes_of(known) == quotes
        )

    def article(self, article_id: str) -> Article | None:
        """See ``Store.article``."""
        found = self.document(article_id)
        return article_of(found) if found else None

    def quote(self, quote_id: str) -> Quote | None:
        """See ``Store.quote``."""
        found = self.document(self._holder.get(quote_id, ""))
        return quote_in(found, quote_id) if found else None

    def quotes(self, article_id: str) -> tuple[Quote, ...]:
        """See ``Store.quotes``."""
        found = self.document(article_id)
        return quotes_of(found) if found else ()

    def changes(self, after: int) -> Iterator[Change]:
        """See ``Store.changes``."""
        if after >= self.last:
            return
        newer = []
        for document in reversed(self.documents.values()):  # kept in the order of their changes
            if document["seq"] <= after:
                break
            newer.append(document)
        for document in reversed(newer):
            if "text" in document:
                yield Change(document["seq"], document["id"], article_of(document), quotes_of(document))
            else:
                yield Change(document["seq"], document["id"])
