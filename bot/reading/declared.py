"""What a page says of itself: JSON-LD, OpenGraph and other meta elements, <time>, the canonical
address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.text import fold
from bot.domain.web import fault_of
from bot.languages.language import codes
from bot.languages.written import day_in_address
from bot.reading.byline import DOMAIN, bylines, names, split_names
from bot.reading.linked import articles_of, line_of, named_in
from bot.reading.times import moment, times, visible

_META = {
    "title": (
        "og:title",
        "twitter:title",
        "dc.title",
        "dcterms.title",
        "sailthru.title",
        "parsely-title",
        "headline",
    ),
    "author": (
        "author",
        "article:author",
        "article:author_name",
        "dc.creator",
        "dcterms.creator",
        "sailthru.author",
        "parsely-author",
        "byl",
        "og:article:author",
    ),
    "publisher": (
        "og:site_name",
        "dc.publisher",
        "dcterms.publisher",
        "publisher",
        "application-name",
        "apple-mobile-web-app-title",
    ),
    "published": (
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "date.published",
        "publication_date",
        "pubdate",
        "publishdate",
        "publish-date",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
        "dcterms.created",
        "article.published",
        "og:published_time",
        "date",
        "cxenseparse:recs:publishtime",
    ),
    "updated": (
        "article:modified_time",
        "og:updated_time",
        "og:article:modified_time",
        "datemodified",
        "last-modified",
        "dcterms.modified",
        "article.updated",
    ),
    "url": ("og:url", "twitter:url", "parsely-link"),
    "language": ("og:locale", "content-language", "language"),
}
_SUFFIX = re.compile(r"\s+[|•·–—-]\s+")


@dataclass
class Declared:
    """What is known of an article, and (``origins``) where each field was found."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    language: str | None = None
    body: str | None = None
    truncated: bool = False
    origins: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, value: str | None, origin: str) -> None:
        """Keep a field's first value."""
        if value and getattr(self, name) is None:
            setattr(self, name, value)
            self.origins[name] = origin


def declared_by(tree: Any, address: str | None = None) -> Declared:
    """What a page's tree (lxml) declares; ``address`` is where it was fetched."""
    made = Declared()
    metas = _metas(tree)
    articles = list(articles_of(tree))
    headings = [" ".join(h.text_content().split()) for h in tree.iter("h1")]
    canonical = next(
        (
            e.get("href")
            for e in tree.iter("link")
            if "canonical" in (e.get("rel") or "").lower().split()
        ),
        None,
    )
    made.take("url", _address(canonical, address), "canonical")
    for row in articles[:1]:
        _from_json(made, row, address)
    _title(made, metas, headings, tree)
    made.take("publisher", _publisher(metas, tree, made), "meta")
    _take_day(made, "published", (metas.get(key) for key in _META["published"]), "meta")
    _take_day(made, "updated", (metas.get(key) for key in _META["updated"]), "meta")
    _take_day(made, "published", times(tree), "time")
    made.take(
        "author",
        names(split_names(metas[k] for k in _META["author"] if k in metas), made.publisher),
        "meta",
    )
    made.take("author", names(bylines(tree), made.publisher), "byline")
    made.take(
        "url", _address(next((metas[k] for k in _META["url"] if k in metas), None), address), "meta"
    )
    made.take("url", address, "address")
    root = tree.getroottree().getroot()
    made.take(
        "language",
        (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[
            :2
        ].lower()
        or None,
        "html",
    )
    made.take(
        "language",
        next((metas[k][:2].lower() for k in _META["language"] if metas.get(k)), None),
        "meta",
    )
    _take_visible(made, tree)
    if made.updated and made.published and made.updated[:10] < made.published[:10]:
        made.updated = None  # a modification before publication is of the template
    return made


def _take_visible(made: Declared, tree: Any) -> None:
    """What the page only shows: its dated lines; last of all, the day in its address."""
    if made.published is None or made.updated is None:
        shown = visible(tree, made.language if made.language in codes() else "fr")
        for name, day in (("published", shown.published), ("updated", shown.updated)):
            made.take(name, day.isoformat() if day else None, "line")
    day = day_in_address(made.url or "")
    made.take("published", moment(day.isoformat()) if day else None, "address")


# ---- JSON-LD
def _from_json(made: Declared, row: Mapping[str, Any], address: str | None) -> None:
    made.take("title", line_of(row.get("headline")) or line_of(row.get("name")), "json-ld")
    named = list(named_in(row.get("publisher"))) or list(named_in(row.get("sourceOrganization")))
    made.take(
        "publisher", next((name for name in named if not DOMAIN.match(name)), None), "json-ld"
    )
    made.take(
        "author",
        names([*named_in(row.get("author")), *named_in(row.get("creator"))], made.publisher),
        "json-ld",
    )
    _take_day(made, "published", (row.get("datePublished"), row.get("dateCreated")), "json-ld")
    _take_day(made, "updated", (row.get("dateModified"),), "json-ld")
    made.take("language", (line_of(row.get("inLanguage")) or "")[:2].lower() or None, "json-ld")
    made.take("url", _address(line_of(row.get("url")), address), "json-ld")
    body = row.get("articleBody")
    made.body = body if isinstance(body, str) else None
    made.truncated = str(row.get("isAccessibleForFree")).lower() == "false"


# ---- the other elements
def _metas(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("itemprop")
            or element.get("http-equiv")
            or ""
        ).lower()
        value = " ".join((element.get("content") or "").split())
        if name and value:
            found[name] = (
                f"{found[name]}, {value}"
                if name == "article:author" and name in found
                else found.get(name, value)
            )
    return found


def _title(made: Declared, metas: Mapping[str, str], headings: list[str], tree: Any) -> None:
    """The heading where it says what is declared; else what is declared, without the site's name
    behind it.
    """
    told = [made.title, *(metas.get(key) for key in _META["title"])]
    declared = [title for title in told if title]
    page = next((" ".join((e.text or "").split()) for e in tree.iter("title")), "")
    site = metas.get("og:site_name") or made.publisher or ""
    for heading in headings:
        if len(heading) > 8 and any(_alike(heading, title) for title in [*declared, page]):
            made.title = None
            made.take("title", heading, "h1")
            return
    if made.title:
        return
    if declared:
        made.take("title", _without_site(declared[0], site), "meta")
    elif len(headings) == 1:
        made.take("title", headings[0] or None, "h1")
    made.take("title", _without_site(page, site, guess=True) or None, "title")


def _alike(heading: str, title: str) -> bool:
    one, other = fold(heading), fold(title)
    return bool(one) and (
        one in other
        or other in one
        or len(set(one.split()) & set(other.split())) * 10 >= 7 * len(set(one.split()))
    )


def _without_site(title: str, site: str, guess: bool = False) -> str:
    parts = _SUFFIX.split(title)
    last = fold(parts[-1]) if len(parts) > 1 else ""
    if last and (
        last in fold(site)
        or (site and fold(site) in last)
        or (guess and len(parts[-1].split()) <= 4 < len(title.split()))
    ):
        return title[: title.rindex(parts[-1])].rstrip(" |•·–—-")
    return title


def _publisher(metas: Mapping[str, str], tree: Any, made: Declared) -> str | None:
    for key in _META["publisher"]:
        if key in metas and not DOMAIN.match(metas[key]):
            return metas[key]
    page = next((" ".join((e.text or "").split()) for e in tree.iter("title")), "")
    parts = _SUFFIX.split(page)
    if (
        len(parts) > 1
        and len(parts[-1].split()) <= 4
        and made.title
        and fold(parts[-1]) not in fold(made.title)
    ):
        return parts[-1]
    return None


def _address(value: str | None, address: str | None) -> str | None:
    """An absolute address of the same site as where the page was fetched."""
    from urllib.parse import urljoin, urlsplit  # noqa: PLC0415

    if not value:
        return None
    try:
        full = urljoin(address or "", value)
        if fault_of(full) or (
            address and _site(urlsplit(full).hostname) != _site(urlsplit(address).hostname)
        ):
            return None
        return (
            full
            if urlsplit(full).path.strip("/") or not (address and urlsplit(address).path.strip("/"))
            else None
        )
    except ValueError:
        return None


def _site(host: str | None) -> str:
    return ".".join((host or "").lower().split(".")[-2:])


def _take_day(made: Declared, name: str, values: Iterable[Any], origin: str) -> None:
    made.take(
        name,
        next((day for value in values if isinstance(value, str) and (day := moment(value))), None),
        origin,
    )
