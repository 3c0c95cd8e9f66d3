"""Feeds and sitemaps: the addresses of articles, with what is said of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UnreadableFileError
from bot.domain.web import fault_of
from bot.reading.times import moment

MOST = 500
"""Entries that are read of one feed or sitemap."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed names; ``html`` is its content where the feed holds it whole."""

    url: str
    title: str | None = None
    published: str | None = None
    author: str | None = None
    publisher: str | None = None
    html: str | None = None


def entries_of(data: bytes, kind: str, name: str) -> list[Entry]:
    """The entries of a feed (RSS, Atom), a JSON Feed or a news sitemap; UnreadableFileError when
    there are none.
    """
    read = {"feed": _feed, "jsonfeed": _json_feed, "sitemap": _sitemap}[kind]
    found = [entry for entry in read(data, name) if fault_of(entry.url) is None][:MOST]
    if not found:
        raise UnreadableFileError(f"{name}: this feed names no article")
    return found


def _feed(data: bytes, name: str) -> Iterator[Entry]:
    import feedparser  # noqa: PLC0415 only where a feed is read

    parsed = feedparser.parse(data)
    if parsed.bozo and not parsed.entries:
        raise UnreadableFileError(f"{name}: can't be read as a feed ({parsed.bozo_exception})")
    publisher = parsed.feed.get("title")
    for entry in parsed.entries:
        contents = [part.get("value", "") for part in entry.get("content", ())]
        html = max(contents, key=len, default="") or None
        day = entry.get("published") or entry.get("updated")
        yield Entry(
            entry.get("link") or "",
            entry.get("title"),
            moment(day) if day else None,
            entry.get("author"),
            publisher,
            html,
        )


def _json_feed(data: bytes, name: str) -> Iterator[Entry]:
    try:
        feed = json.loads(data)
    except ValueError as error:
        raise UnreadableFileError(f"{name}: can't be read as a JSON Feed ({error})") from error
    if not isinstance(feed, dict):
        raise UnreadableFileError(f"{name}: can't be read as a JSON Feed (it is no object)")
    for item in _listed(feed, "items"):
        if isinstance(item, dict):
            authors = [_worded(a, "name") for a in _listed(item, "authors") if isinstance(a, dict)]
            day = item.get("date_published")
            yield Entry(
                _worded(item, "url") or _worded(item, "external_url") or "",
                _worded(item, "title"),
                moment(day) if isinstance(day, str) else None,
                next(filter(None, authors), None),
                _worded(feed, "title"),
                _worded(item, "content_html"),
            )


def _listed(row: dict[str, Any], name: str) -> list[Any]:
    found = row.get(name)
    return found if isinstance(found, list) else []


def _worded(row: dict[str, Any], name: str) -> str | None:
    found = row.get(name)
    return found if isinstance(found, str) else None


def _sitemap(data: bytes, name: str) -> Iterator[Entry]:
    from lxml import etree  # noqa: PLC0415 only where a sitemap is read

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root is None:
        raise UnreadableFileError(f"{name}: can't be read as a sitemap")
    for url in root.iter("{*}url"):
        told = {
            etree.QName(e).localname: (e.text or "").strip()
            for e in url.iter()
            if isinstance(e.tag, str)
        }
        day = told.get("publication_date") or ""
        yield Entry(
            told.get("loc", ""),
            told.get("title"),
            moment(day) if day else None,
            None,
            told.get("name"),
        )
