"""What goes into the index and what it says of a quote."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.model import Article, Quote, Speaker
from bot.domain.text import fold


@dataclass(slots=True)
class Document:
    """What the index is given of one quote."""

    quote_id: str
    article_id: str
    text: str
    language: str
    speaker: Speaker | None = None
    context: str = ""
    paragraph: str = ""
    title: str = ""
    start: int = 0
    end: int = 0
    context_start: int = 0
    kind: str = "direct"
    day: int = 0


@dataclass(slots=True)
class Entry:
    """One quote as the index knows it."""

    quote_id: str
    article_id: str
    speaker_id: str | None
    start: int
    end: int
    context: int
    kind: str
    language: str
    day: int
    segment: int
    number: int


def document_of(article: Article, quote: Quote) -> Document:
    """A quote as a document, with its surroundings."""
    text = article.text
    start, end = article.paragraph(quote.context[0])
    day = quote.said_on.day if quote.said_on else article.day
    return Document(
        quote.id, article.id, text[quote.start : quote.end], article.language, quote.speaker,
        text[slice(*quote.context)], text[start:end], article.title, quote.start, quote.end, quote.context[0], quote.kind,
        day.toordinal() if day else 0,
    )  # fmt: skip


def whole_of(article: Article) -> Document:
    """A whole article as a document."""
    text = " ".join(article.text[start:end] for start, end in article.body)
    return Document("", article.id, text, article.language, title=article.title)


def name_words(speaker: Speaker) -> list[str]:
    """The folded words of a speaker's name."""
    return fold(speaker.name).replace("-", " ").split()
