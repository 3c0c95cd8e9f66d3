"""Models as plain dicts, and back: what a stored document looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.model import Article, Quote, SaidOn, Speaker

FORMAT = 3
"""The version of the documents that this code writes. 2: where an article was read, and by which
reader; 3: how a quote's speaker is known, and how surely.
"""


def pack(article: Article, quotes: Iterable[Quote]) -> dict[str, Any]:
    """An article with its quotes as one JSON-ready document."""
    return {
        "format": FORMAT,
        "id": article.id,
        "text": article.text,
        "sha256": article.sha256,
        "title": article.title,
        "language": article.language,
        "heading": article.heading,
        "body": article.body,
        "url": article.url,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "updated": article.updated.isoformat() if article.updated else None,
        "retrieved": article.retrieved.isoformat() if article.retrieved else None,
        "origin": article.origin,
        "reader": article.reader,
        "quotes": [_pack_quote(quote) for quote in quotes],
    }


def _pack_quote(quote: Quote) -> dict[str, Any]:
    speaker, said = quote.speaker, quote.said_on
    return {
        "id": quote.id,
        "start": quote.start,
        "end": quote.end,
        "kind": quote.kind,
        "segments": quote.segments,
        "context": quote.context,
        "cue": quote.cue,
        "speaker": {
            "id": speaker.id,
            "name": speaker.name,
            "kind": speaker.kind,
            "role": speaker.role,
        }
        if speaker
        else None,
        "said_on": {"date": said.day.isoformat(), "words": said.words} if said else None,
        "attribution": quote.attribution,
        "sure": quote.sure,
    }


def upgrade(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of an older format in the current one."""
    newer = dict(document)
    if newer.get("format", 0) < 2 and "text" in newer:
        newer |= {"origin": None, "reader": None}
    if newer.get("format", 0) < 3 and "quotes" in newer:
        unknown = {"attribution": "unknown", "sure": 1.0}
        newer["quotes"] = [
            row | (unknown | {"attribution": "stated"} if row["speaker"] else unknown)
            for row in newer["quotes"]
        ]
    newer["format"] = FORMAT
    return newer


def article_of(document: Mapping[str, Any]) -> Article:
    """The article in a document."""
    return Article(
        id=document["id"],
        text=document["text"],
        sha256=document["sha256"],
        title=document["title"],
        language=document["language"],
        heading=_span(document["heading"]) if document["heading"] else None,
        body=tuple(_span(span) for span in document["body"]),
        url=document["url"],
        publisher=document["publisher"],
        author=document["author"],
        published=date.fromisoformat(document["published"]) if document["published"] else None,
        updated=datetime.fromisoformat(document["updated"]) if document["updated"] else None,
        retrieved=datetime.fromisoformat(document["retrieved"]) if document["retrieved"] else None,
        origin=document["origin"],
        reader=document["reader"],
    )


def quotes_of(document: Mapping[str, Any]) -> tuple[Quote, ...]:
    """The quotes in an article's document."""
    return tuple(_quote(document["id"], row) for row in document["quotes"])


def quote_in(document: Mapping[str, Any], quote_id: str) -> Quote | None:
    """One quote of an article's document."""
    return next(
        (_quote(document["id"], row) for row in document["quotes"] if row["id"] == quote_id), None
    )


def _quote(article_id: str, row: Mapping[str, Any]) -> Quote:
    said = row["said_on"]
    return Quote(
        id=row["id"],
        article_id=article_id,
        start=row["start"],
        end=row["end"],
        kind=row["kind"],
        segments=tuple(_span(span) for span in row["segments"]),
        context=_span(row["context"]),
        speaker=Speaker(**row["speaker"]) if row["speaker"] else None,
        cue=row["cue"],
        said_on=SaidOn(date.fromisoformat(said["date"]), said["words"]) if said else None,
        attribution=row["attribution"],
        sure=row["sure"],
    )


def _span(pair: Iterable[int]) -> tuple[int, int]:
    start, end = pair
    return start, end


def same_source(known: Article, article: Article) -> bool:
    """Do two readings of one text agree on everything but when they were read?"""
    names = (
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
    return all(getattr(known, name) == getattr(article, name) for name in names)
