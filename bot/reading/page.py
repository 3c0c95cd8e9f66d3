"""A web page becomes the text of its article: what is of the site, of other articles and of readers
is cut away first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UnreadableFileError
from bot.domain.text import fold
from bot.reading.declared import Declared, declared_by
from bot.reading.prune import BLOCKS, LEAST, is_teaser, prune
from bot.reading.reshape import reshape, set_quotations

READER = "page/1"
LONGEST = 2_000_000
"""Characters of an article; a longer page is none."""
# share of the declared body that the page's text must reach, else the declared body is taken
_THIN = 0.5
_NONE = "no article was found in this page; give the address of an article, or its text in a file"
_INVISIBLE = {0xAD: None, 0x200B: None}  # where a word may be broken: not letters
_BLANKS = re.compile(r"[ \t\r\n]+")
_LINES = re.compile(r"\n\s*\n|\n")


@dataclass(frozen=True, slots=True)
class Page:
    """An article's title and paragraphs as one text, what the page declares, whether only its
    beginning was there.
    """

    text: str
    declared: Declared
    truncated: bool
    notes: tuple[str, ...] = ()


def read_page(html: str, name: str, address: str | None = None) -> Page:
    """The article of a page; UnreadableFileError when there is none in it."""
    from lxml import etree  # noqa: PLC0415 only where a page is read
    from lxml import html as parser  # noqa: PLC0415

    try:
        tree = parser.document_fromstring(_without_declaration(html))
    except (etree.ParserError, ValueError) as error:
        raise UnreadableFileError(f"{name}: {_NONE}") from error
    # comments and instructions may stand anywhere, and have no text that anybody reads
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    declared = declared_by(tree, address)
    set_quotations(tree)
    prune(tree)
    reshape(tree)
    paragraphs = _main_text(tree, parser)
    if declared.body and sum(map(len, paragraphs)) < _THIN * len(declared.body):
        paragraphs = _lines(declared.body)
        declared.origins["text"] = "json-ld"
    paragraphs = _without_title(paragraphs, declared.title)
    size = sum(map(len, paragraphs))
    if not size:
        raise UnreadableFileError(f"{name}: {_NONE}")
    if size > LONGEST:
        raise UnreadableFileError(
            f"{name}: {size:,} characters of text are too many for an article"
        )
    truncated = (declared.truncated and not declared.body) or (declared.truncated and size < LEAST)
    lines = [declared.title, *paragraphs] if declared.title else paragraphs
    return Page(
        "\n\n".join(lines),
        declared,
        truncated,
        ("only its beginning is free to read",) if truncated else (),
    )


def _without_declaration(html: str) -> str:
    """lxml takes no text that declares an encoding: it has one already."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", html) or " "


def _main_text(tree: Any, parser: Any) -> list[str]:
    """The paragraphs of the main text (trafilatura, in favour of precision)."""
    from trafilatura import extract  # noqa: PLC0415 takes 0.2 s to import

    made = parser.tostring(tree, encoding="unicode")
    found = extract(
        made,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        include_links=False,
    )
    if not found or len(found) < LEAST:
        more = extract(
            made,
            favor_recall=True,
            include_comments=False,
            include_tables=False,
            include_links=False,
        )
        found = more if more and len(more) > 2 * len(found or "") else found
    own = {
        fold(text): text for text in _blocks(tree)
    }  # trafilatura changes blanks: the page's own letters are kept
    return [own.get(fold(line), line) for line in _lines(found or "")]


def _blocks(tree: Any) -> Iterator[str]:
    """The texts of the page's blocks, letter for letter but for runs of plain blanks."""
    for element in tree.iter(*BLOCKS):
        text = _BLANKS.sub(" ", element.text_content().translate(_INVISIBLE)).strip(" ")
        if text and len(text) < LONGEST // 10:
            yield text


def _lines(text: str) -> list[str]:
    lines = (" ".join(re.split(r"[ \t]+", line)).strip() for line in _LINES.split(text))
    return [
        re.sub(r"^(?:[-*•] |#{1,6} )", "", line) for line in lines if line and not is_teaser(line)
    ]


def _without_title(paragraphs: list[str], title: str | None) -> list[str]:
    """The paragraphs without the title at their head: it goes before them by itself."""
    if title and paragraphs and fold(paragraphs[0]) == fold(title):
        return paragraphs[1:]
    return paragraphs
