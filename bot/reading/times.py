"""When it was published: what a page says of its days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

_FIRST = date(1990, 1, 1)


def times(tree: Any) -> Iterator[str]:
    """The times of <time>, those that say that they are of publication first; none of comments and
    other articles.
    """
    found = []
    for element in tree.iter("time"):
        about = " ".join(
            f"{a.get('class') or ''} {a.get('id') or ''}"
            for a in (element, *list(element.iterancestors())[:6])
        ).lower()
        if re.search(r"comment|related|aside|sidebar|footer|teaser|card|list", about):
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
