"""Bytes become an Article: their kind told, decoded, laid out; what was decided is kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.errors import BadMetadataError, UnreadableFileError
from bot.domain.model import Article
from bot.domain.text import canonical_url, sha256, short_id
from bot.domain.web import fault_of
from bot.languages.language import codes, detect
from bot.languages.written import written_day
from bot.reading.document import read_docx, read_pdf
from bot.reading.encoding import decode
from bot.reading.kinds import kind_of
from bot.reading.layout import front_matter, lay_out
from bot.reading.page import LONGEST, read_page
from bot.reading.page import READER as PAGE_READER

READER = "text/1"
"""The version of what lays a text out; kept with each article, so that it is known which reading
made its offsets.
"""
LONGEST_TITLE = 300
"""Characters of a title."""
MAX_BYTES = 20 * 1024 * 1024
"""A text file larger than this is no article."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What somebody says about an article beside its text; None: unknown."""

    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """An article, and what its reader should know of the reading (an unknown field, a text that is
    cut off).
    """

    article: Article
    notes: tuple[str, ...] = ()


def read_file(path: Path, metadata: Metadata | None = None, now: datetime | None = None) -> Article:
    """The article in a file; UnreadableFileError or BadMetadataError says what is wrong."""
    return read(bytes_of(path), str(path), metadata or Metadata(), now).article


def bytes_of(path: Path) -> bytes:
    """A file's bytes; UnreadableFileError when they can't be had, or are too many."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableFileError(f"{path}: is a folder; name the files in it")
        if size > MAX_BYTES:
            raise UnreadableFileError(
                f"{path}: {size / 1e6:.0f} MB is too large for an article (limit 20 MB)"
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror or error}") from error


def read_bytes(data: bytes, name: str, metadata: Metadata, now: datetime | None = None) -> Article:
    """The article in some bytes; ``name`` is what an error calls them."""
    return read(data, name, metadata, now).article


def read(
    data: bytes,
    name: str,
    metadata: Metadata,
    now: datetime | None = None,
    address: str | None = None,
    content_type: str | None = None,
) -> Read:
    """The article in some bytes of any kind; ``address`` and ``content_type`` are where and as what
    they were fetched.
    """
    kind = kind_of(data)
    if kind in ("page", "text") and address and (content_type or "").startswith("text/html"):
        kind = "page"
    match kind:
        case "page":
            return _of_page(data, name, metadata, now, address, content_type)
        case "pdf":
            return _of_text(read_pdf(data, name), name, metadata, now, "pdf/1", None)
        case "docx":
            return _of_text(read_docx(data, name), name, metadata, now, "docx/1", None)
        case "text":
            text, encoding = _decode(data, name, content_type)
            exact = encoding.startswith("utf-8 ")
            reader = READER if exact else f"{READER}; {encoding}"
            return _of_text(text, name, metadata, now, reader, sha256(data) if exact else None)
    raise UnreadableFileError(f"{name}: {_UNREADABLE[kind]}")


_UNREADABLE = {
    "feed": "is a feed; `verbatim ingest` reads the articles that it names",
    "jsonfeed": "is a feed; `verbatim ingest` reads the articles that it names",
    "sitemap": "is a sitemap; `verbatim ingest` reads the articles that it names",
    "jsonl": "holds many articles, one a line; `verbatim ingest` reads them",
    "json": "is JSON of another shape; give JSON lines, each with a text, or what "
    "`verbatim export` wrote to `import`",
    "binary": "looks like a binary file; give a text, a page, a .docx or a PDF",
}


def _of_page(
    data: bytes,
    name: str,
    metadata: Metadata,
    now: datetime | None,
    address: str | None,
    content_type: str | None,
) -> Read:
    text, encoding = _decode(data, name, content_type)
    page = read_page(text, name, address or metadata.url)
    declared = page.declared
    origins = "".join(f"; {field} {origin}" for field, origin in sorted(declared.origins.items()))
    own = Metadata(
        metadata.url or declared.url,
        metadata.title or declared.title,
        metadata.publisher or declared.publisher,
        metadata.author or declared.author,
        metadata.published or declared.published,
    )
    code = declared.language if declared.language in codes() else None
    reader = f"{PAGE_READER}; {encoding}{origins}{'; truncated' if page.truncated else ''}"
    found = _of_text(page.text, name, own, now, reader, None, code)
    updated = (
        datetime.fromisoformat(declared.updated) if declared.updated else found.article.updated
    )
    return Read(replace(found.article, updated=updated), (*page.notes, *found.notes))


def _of_text(
    text: str,
    name: str,
    metadata: Metadata,
    now: datetime | None,
    reader: str,
    digest: str | None,
    code: str | None = None,
) -> Read:
    """The article in a text; ``digest`` is its bytes' SHA-256 where they are its UTF-8."""
    front, start = front_matter(text)
    if not text[start:].strip():
        raise UnreadableFileError(f"{name}: is empty, there is nothing to index")
    if len(text) > LONGEST:
        raise UnreadableFileError(
            f"{name}: {len(text):,} characters are too many for an article (limit {LONGEST:,})"
        )
    code = front.get("language") or code or detect(text[start:])
    if code not in codes():
        raise BadMetadataError(
            f"{name}: language '{code}' is not known (known: {', '.join(codes())})"
        )
    layout = lay_out(text, code)
    fields = _fields(front, metadata, name, code)
    heading = text[slice(*layout.heading)] if layout.heading else _first_words(text, layout.body)
    url = fields.get("url")
    published = date.fromisoformat(fields["published"]) if "published" in fields else None
    made = Article(
        id=short_id("a", canonical_url(url) if url else text),
        text=text,
        sha256=digest or sha256(text.encode("utf-8", "surrogatepass")),
        title=_short(" ".join((fields.get("title") or heading).split())),
        language=code,
        heading=layout.heading,
        body=layout.body,
        url=url,
        publisher=_short(fields["publisher"]) if "publisher" in fields else None,
        author=_short(fields["author"]) if "author" in fields else None,
        published=published or (layout.published.date() if layout.published else None),
        updated=layout.updated,
        retrieved=now or datetime.now(UTC),
        origin=name,
        reader=reader,
    )
    unknown = sorted(set(front) - set(_FIELDS) - set(_ALIASES))
    return Read(
        made,
        tuple(
            f"'{key}' in its front matter is no field (known: {', '.join(_FIELDS)})"
            for key in unknown
        ),
    )


_FIELDS = ("title", "publisher", "author", "published", "url", "language")
_ALIASES = {"date": "published", "source": "publisher", "link": "url", "lang": "language"}
"""Other names of front matter's fields."""


def _decode(data: bytes, name: str, content_type: str | None) -> tuple[str, str]:
    found = decode(data, content_type)
    if found is None:
        raise UnreadableFileError(
            f"{name}: its encoding can't be told; convert it to UTF-8 first, e.g. iconv -f latin1 "
            "-t utf-8"
        )
    return found


def _fields(front: Mapping[str, str], metadata: Metadata, name: str, code: str) -> dict[str, str]:
    front = {_ALIASES.get(key, key): value for key, value in front.items()} | dict(front)
    if "url" not in front and fault_of(front.get("publisher", "")) is None:
        front = {**front, "url": front["publisher"], "publisher": ""}  # "source:" may be an address
    given = {
        key: getattr(metadata, key) or front.get(key)
        for key in ("url", "title", "publisher", "author", "published")
    }
    fields = {key: value for key, value in given.items() if value}
    fault = fault_of(fields["url"]) if "url" in fields else None
    if fault:
        raise BadMetadataError(f"{name}: url '{fields['url'][:200]}' {fault}")
    if "published" in fields:
        day = as_day(fields["published"], code)
        if day is None:
            raise BadMetadataError(
                f"{name}: published '{fields['published'][:80]}' is not a date like 2022-11-16 or "
                "16 novembre 2022 (day, month and year; of numbers alone it must be plain which is "
                "the day)"
            )
        fields["published"] = day.isoformat()
    return fields


def as_day(value: str, code: str = "fr") -> date | None:
    """A day from 2024-03-12, 2024-03-12T08:00+01:00, "mar. 12 mars 2024", "March 12, 2024" or
    12/03/2024, where that says which is the day; None for anything else.
    """
    try:
        return datetime.fromisoformat(value.replace("Z", "+00:00")).date()
    except ValueError:
        return written_day(value, code)


def _short(line: str) -> str:
    """A line as a title: a first line may be the whole text."""
    return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _first_words(text: str, body: tuple[tuple[int, int], ...]) -> str:
    if not body:
        return ""
    words = text[slice(*body[0])].split()
    return " ".join(words[:12]) + (" …" if len(words) > 12 else "")
