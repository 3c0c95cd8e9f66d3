"""A file becomes an Article: checked, decoded, laid out; nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.errors import BadMetadataError, UnreadableFileError
from bot.domain.model import Article
from bot.domain.text import canonical_url, sha256, short_id
from bot.domain.web import fault_of
from bot.languages.language import codes, detect
from bot.reading.layout import front_matter, lay_out

READER = "text/1"
"""The version of what lays a text out; kept with each article, so that it is known which reading made its offsets."""
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


def read_file(path: Path, metadata: Metadata | None = None, now: datetime | None = None) -> Article:
    """The article in a UTF-8 text file; UnreadableFileError or BadMetadataError says what is wrong."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableFileError(f"{path}: is a folder; name the files in it")
        if size > MAX_BYTES:
            raise UnreadableFileError(f"{path}: {size / 1e6:.0f} MB is too large for an article (limit 20 MB)")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror or error}") from error
    return read_bytes(data, str(path), metadata or Metadata(), now)


def read_bytes(data: bytes, name: str, metadata: Metadata, now: datetime | None = None) -> Article:
    """The article in some bytes; ``name`` is what an error calls them."""
    text = _decode(data, name)
    front, start = front_matter(text)
    if not text[start:].strip():
        raise UnreadableFileError(f"{name}: is empty, there is nothing to index")
    code = front.get("language") or detect(text[start:])
    if code not in codes():
        raise BadMetadataError(f"{name}: language '{code}' is not known (known: {', '.join(codes())})")
    layout = lay_out(text, code)
    fields = _fields(front, metadata, name)
    title = fields.get("title") or (text[slice(*layout.heading)] if layout.heading else _first_words(text, layout.body))
    url = fields.get("url")
    published = date.fromisoformat(fields["published"]) if "published" in fields else None
    return Article(
        id=short_id("a", canonical_url(url) if url else text),
        text=text, sha256=sha256(data), title=_short(" ".join(title.split())), language=code,
        heading=layout.heading, body=layout.body, url=url,
        publisher=_short(fields["publisher"]) if "publisher" in fields else None, author=_short(fields["author"]) if "author" in fields else None,
        published=published or (layout.published.date() if layout.published else None),
        updated=layout.updated, retrieved=now or datetime.now(UTC), origin=name, reader=READER,
    )  # fmt: skip


def _decode(data: bytes, name: str) -> str:
    if b"\0" in data[:8192]:
        raise UnreadableFileError(f"{name}: looks like a binary file; give a plain UTF-8 text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name}: is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x}); "
            f"convert it first, e.g. iconv -f latin1 -t utf-8"
        ) from error


def _fields(front: Mapping[str, str], metadata: Metadata, name: str) -> dict[str, str]:
    given = {
        key: getattr(metadata, key) or front.get(key) for key in ("url", "title", "publisher", "author", "published")
    }
    fields = {key: value for key, value in given.items() if value}
    fault = fault_of(fields["url"]) if "url" in fields else None
    if fault:
        raise BadMetadataError(f"{name}: url '{fields['url'][:200]}' {fault}")
    if "published" in fields:
        try:
            fields["published"] = datetime.fromisoformat(fields["published"]).date().isoformat()
        except ValueError:
            raise BadMetadataError(f"{name}: published '{fields['published']}' is not a date like 2022-11-16") from None
    return fields


def _short(line: str) -> str:
    """A line as a title: a first line may be the whole text."""
    return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _first_words(text: str, body: tuple[tuple[int, int], ...]) -> str:
    if not body:
        return ""
    words = text[slice(*body[0])].split()
    return " ".join(words[:12]) + (" …" if len(words) > 12 else "")
