"""Articles with their quotes in and out: JSON lines, a table of quotes, JSON-LD."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.documents import article_of, pack, quotes_of
from bot.domain.errors import VerbatimError
from bot.domain.model import Article, Passage, Quote
from bot.domain.ports import Store
from bot.domain.text import sha256
from bot.services.valid import checked

Item = tuple[Article, tuple[Quote, ...]]

CONTEXT = 32
"""Characters before and after a quote in its TextQuoteSelector."""
COLUMNS = (
    "quote_id",
    "text",
    "kind",
    "speaker",
    "speaker_type",
    "role",
    "cue",
    "said_on",
    "start",
    "end",
    "article_id",
    "title",
    "publisher",
    "published",
    "url",
    "updated",
    "sha256",
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,48}")
_KINDS = ("direct", "partial", "indirect")


def items(store: Store) -> Iterator[Item]:
    """Everything in a store that can be read, in the order of its changes."""
    for change in store.changes(0):
        if change.article:
            yield change.article, change.quotes


# ---- out
def jsonl(store: Store) -> Iterator[str]:
    """One line an article: its document, with what it said earlier; the way from one store to
    another.
    """
    for article, quotes in items(store):
        earlier = [pack(version, ()) for version in store.versions(article.id)]
        yield json.dumps(pack(article, quotes) | {"versions": earlier}, ensure_ascii=False)


def csv_lines(store: Store) -> Iterator[str]:
    """A header and one row a quote (RFC 4180; a quote may hold line breaks), as spreadsheets take
    it.

    A byte order mark tells them that it is UTF-8; a cell that they would run as a formula begins
    with an apostrophe (OWASP, CSV injection).
    """
    yield from csv_of(
        Passage(quote, article) for article, quotes in items(store) for quote in quotes
    )


def csv_of(passages: Iterable[Passage]) -> Iterator[str]:
    """The same of some quotes only."""
    yield "\ufeff" + _csv(COLUMNS)
    for quote, article in passages:
        speaker, said = quote.speaker, quote.said_on
        yield _csv(
            (
                quote.id,
                article.text[quote.start : quote.end],
                quote.kind,
                speaker.name if speaker else "",
                speaker.kind if speaker else "unknown",
                (speaker.role if speaker else None) or "",
                quote.cue or "",
                said.day.isoformat() if said else "",
                quote.start,
                quote.end,
                article.id,
                article.title,
                article.publisher or "",
                article.published.isoformat() if article.published else "",
                article.url or "",
                article.updated.isoformat() if article.updated else "",
                article.sha256,
            )
        )


def _csv(row: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(_inert(cell) for cell in row)
    return out.getvalue()


def _inert(cell: Any) -> Any:
    return (
        f"'{cell}"
        if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        else cell
    )


def jsonld(store: Store) -> Iterator[str]:
    """One JSON-LD document: schema.org Quotation with W3C selectors; reported speech as schema.org
    Claim.

    Selectors as in the Web Annotation Data Model
    (https://www.w3.org/TR/annotation-model/#selectors).
    """
    context = [
        "https://schema.org",
        {"oa": "http://www.w3.org/ns/oa#", "kind": "urn:verbatim:kind"},
    ]
    yield f'{{"@context": {json.dumps(context)}, "@graph": ['
    before = ""
    for article, quotes in items(store):
        for quote in quotes:
            # "</" is escaped so that the document may stand in a page's <script>
            yield before + json.dumps(linked(article, quote), ensure_ascii=False).replace(
                "</", "<\\/"
            )
            before = ","
    yield "]}"


def linked(article: Article, quote: Quote) -> dict[str, Any]:
    """A quote as a schema.org Quotation, or reported speech as a Claim."""
    text, speaker = article.text, quote.speaker
    source = article.url or f"urn:verbatim:{article.id}"
    node: dict[str, Any] = {
        "@type": "Claim" if quote.kind == "indirect" else "Quotation",
        "@id": f"urn:verbatim:{quote.id}",
        "text": text[quote.start : quote.end],
        "inLanguage": article.language,
        "isPartOf": {
            "@type": "NewsArticle",
            "@id": source,
            "headline": article.title,
            "identifier": f"sha256:{article.sha256}",
            **(
                {"publisher": {"@type": "Organization", "name": article.publisher}}
                if article.publisher
                else {}
            ),
            **({"datePublished": article.published.isoformat()} if article.published else {}),
            **({"dateModified": article.updated.isoformat()} if article.updated else {}),
        },
        "kind": "reported" if quote.kind == "indirect" else quote.kind,
        "oa:hasTarget": {
            "@type": "oa:SpecificResource",
            "oa:hasSource": {"@id": source},
            "oa:hasSelector": [
                {
                    "@type": "oa:TextQuoteSelector",
                    "oa:prefix": text[max(0, quote.start - CONTEXT) : quote.start],
                    "oa:exact": text[quote.start : quote.end],
                    "oa:suffix": text[quote.end : quote.end + CONTEXT],
                },
                {"@type": "oa:TextPositionSelector", "oa:start": quote.start, "oa:end": quote.end},
            ],
        },
    }
    if speaker and speaker.kind not in ("unknown", "document"):
        kind = "Person" if speaker.kind in ("person", "anonymous") else "Organization"
        by = {
            "@type": kind,
            "name": speaker.name,
            **({"jobTitle": speaker.role} if speaker.role else {}),
        }
        node["author" if quote.kind == "indirect" else "spokenByCharacter"] = by
    if quote.said_on:
        node["dateCreated"] = quote.said_on.day.isoformat()
    return node


# ---- in
def read_line(line: str) -> list[Item]:
    """What a line of ``jsonl`` holds: earlier versions, oldest first, then the article;
    VerbatimError says what is wrong.
    """
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise VerbatimError(f"is not JSON, or is nested too deep ({error})") from error
    versions = document.get("versions", []) if isinstance(document, dict) else []
    if not isinstance(versions, list):
        raise VerbatimError("versions: is no list")
    return [_item(found) for found in (*versions, document)]


def _item(document: Any) -> Item:
    document = checked(document)
    article, quotes = article_of(document), quotes_of(document)
    problem = next(iter(problems(article, quotes)), None)
    if problem:
        raise VerbatimError(problem)
    return article, quotes


# ---- invariants
def problems(article: Article, quotes: Iterable[Quote]) -> Iterator[str]:
    """What does not hold of an article with its quotes; nothing when all is sound."""
    if not _ID.fullmatch(article.id):
        yield f"article id '{article.id}' is not 1 to 48 of A-Z a-z 0-9 _ -"
    if not isinstance(article.text, str):
        yield f"article {article.id}: its text is no text"
        return
    if sha256(article.text.encode("utf-8", "surrogatepass")) != article.sha256:
        yield f"article {article.id}: its text does not agree with its SHA-256"
    seen = set()
    for quote in quotes:
        where = f"article {article.id}: quote {quote.id}"
        if not _ID.fullmatch(quote.id) or quote.id in seen:
            yield f"{where}: its id is not well formed, or stands twice"
        seen.add(quote.id)
        if quote.kind not in _KINDS:
            yield f"{where}: kind '{quote.kind}' is not known"
        if not _sliced(quote, len(article.text)):
            yield f"{where}: its place ({quote.start}–{quote.end}) is no slice of the text"


def _sliced(quote: Quote, length: int) -> bool:
    spans = (*quote.segments, quote.context)
    if not all(isinstance(at, int) for span in spans for at in span) or not quote.segments:
        return False
    if (
        not 0 <= quote.start < quote.end <= length
        or not 0 <= quote.context[0] < quote.context[1] <= length
    ):
        return False
    return all(quote.start <= start < end <= quote.end for start, end in quote.segments)
