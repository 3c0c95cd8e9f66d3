"""Extraction over a corpus file's texts, as the rows that its scorer reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.domain.model import Article, Quote
from bot.extraction.extract import extract_quotes
from bot.reading.source import Metadata, read_bytes


def load(path: Path) -> list[dict[str, Any]]:
    """The documents of a corpus file (one JSON object a line)."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def article_of(document: dict[str, Any]) -> Article:
    """A document as the article that `verbatim ingest` would make of its text."""
    return read_bytes(document["text"].encode("utf-8"), document["id"], Metadata())


def rows(documents: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A prediction for each document, in the scorer's format."""
    for document in documents:
        article = article_of(document)
        yield prediction(document["id"], article, extract_quotes(article))


def prediction(name: str, article: Article, quotes: tuple[Quote, ...]) -> dict[str, Any]:
    """One document's quotes as the scorer's row."""
    found = [
        {
            "start": q.start,
            "end": q.end,
            "text": article.text[q.start : q.end],
            "kind": q.kind,
            "speaker": q.speaker.name if q.speaker else None,
        }
        for q in quotes
    ]
    return {
        "id": name,
        "quotes": [row for row in found if row["kind"] != "indirect"],
        "indirect": [row for row in found if row["kind"] == "indirect"],
    }
