"""When it was published: what a page says of its days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.languages.written import Dated, dated

_FIRST = date(1990, 1, 1)
_ELSEWHERE = re.compile(r"comment|related|aside|sidebar|footer|teaser|card|list")
_WHEN = re.compile(r"date|time|publi|posted|meta|byline|signature|heure|horodat")
_FRAMES = ("aside", "nav", "footer", "a", "table")
_RUNNING = 160  # characters of a paragraph from which on a <time> in it is part of its story
_LOOKED = 6  # ancestors whose names tell where an element stands


def times(tree: Any) -> Iterator[str]:
    """The times of <time>, those that say that they are of publication first; none of comments and
    other articles.
    """
    found = []
    for element in tree.iter("time"):
        about = _about(element)
        if _ELSEWHERE.search(about) or _is_elsewhere(element) or _is_told(element):
            continue
        value = element.get("datetime") or element.get("content") or ""
        marked = (
            element.get("pubdate") is not None
            or "publish" in about
            or element.get("itemprop") == "datePublished"
        )
        changed = re.search(r"updat|modif|maj", about) is not None
        if value and not changed:
            found.append((not marked, value))
    yield from (value for _, value in sorted(found, key=lambda pair: pair[0]))


def _about(element: Any) -> str:
    """The names of an element and of those around it."""
    return " ".join(
        f"{a.get('class') or ''} {a.get('id') or ''}"
        for a in (element, *list(element.iterancestors())[:_LOOKED])
    ).lower()


def _is_elsewhere(element: Any) -> bool:
    """Does it stand in a frame of the page, a header without a title included?"""
    return any(
        a.tag in _FRAMES or (a.tag == "header" and next(a.iter("h1"), None) is None)
        for a in element.iterancestors()
    )


def _is_told(element: Any) -> bool:
    """Is it a day of the story, in the middle of a sentence?"""
    around = next((a for a in element.iterancestors() if a.tag in ("p", "li", "blockquote")), None)
    if around is None:
        return False
    text = " ".join(around.text_content().split())
    own = " ".join(element.text_content().split())
    return len(text) > _RUNNING or (text.endswith(".") and len(text) > 3 * len(own))


def visible(tree: Any, code: str) -> Dated:
    """The days of the page's lines that say nothing else ("Publié le 2 mai 2024. Mis à jour le
    …"); a lone date counts where its element is called one.
    """
    published = updated = None
    for element in tree.iter("p", "div", "span", "time", "small", "li", "em", "strong", "b"):
        text = " ".join(element.text_content().split()) if len(element) < _LOOKED else ""
        found = dated(text, code) if text else None
        if found is None or _is_elsewhere(element):
            continue
        about = _about(element)
        if _ELSEWHERE.search(about) or not (found.said or _WHEN.search(about)):
            continue
        published = published or _known(found.published)
        updated = updated or _known(found.updated)
    return Dated(published, updated)


def _known(day: date | None) -> date | None:
    return day if day and moment(day.isoformat()) else None


def moment(value: str) -> str | None:
    """A moment as ISO 8601 in its own zone; None for what is none, or can't be an article's."""
    value = value.strip().split(",")[0] if re.match(r"\d{4}-", value.strip()) else value.strip()
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        from email.utils import parsedate_to_datetime  # noqa: PLC0415 RFC 2822, as feeds and HTTP write it

        match = re.match(r"(\d{4})[-/]?(\d{2})[-/]?(\d{2})", value)
        if day_first := re.match(
            r"(1[3-9]|2\d|3[01])[/.](\d{1,2})[/.](\d{4})", value
        ):  # a month is none of these
            return moment(f"{day_first[3]}-{int(day_first[2]):02}-{int(day_first[1]):02}")
        try:
            found = datetime(*map(int, match.groups())) if match else parsedate_to_datetime(value)  # type: ignore[arg-type]
        except (ValueError, TypeError, IndexError):
            return None
    if not _FIRST <= found.date() <= (datetime.now(UTC) + timedelta(days=2)).date():
        return None
    return found.isoformat()
