"""A message in the making: the same lines as Telegram HTML and as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.domain.model import Button, Reply, Span

LIMIT = 4096
"""Telegram's limit for a message: UTF-16 code units of the text without its markup."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line, in both forms."""

    html: str
    plain: str


def text(words: str) -> Part:
    """Words as they are."""
    return Part(escape(words, quote=False), words)


def bold(words: str) -> Part:
    """Words that stand out."""
    return Part(f"<b>{escape(words, quote=False)}</b>", words)


def code(words: str) -> Part:
    """An id or a command to copy."""
    return Part(f"<code>{escape(words, quote=False)}</code>", words)


def link(words: str, url: str) -> Part:
    """Words that lead to an address."""
    if words == url:
        return Part(f'<a href="{escape(url)}">{escape(words, quote=False)}</a>', url)
    return Part(f'<a href="{escape(url)}">{escape(words, quote=False)}</a>', f"{words} <{url}>")


def marked(words: str, spans: Sequence[Span]) -> str:
    """Words as HTML with some spans in bold."""
    html, position = [], 0
    for start, end in sorted(spans):
        if start < position or end <= start:
            continue
        html += [
            escape(words[position:start], quote=False),
            "<b>",
            escape(words[start:end], quote=False),
            "</b>",
        ]
        position = end
    return "".join(html) + escape(words[position:], quote=False)


class Page:
    """Lines and blocks, added in order; ``reply`` cuts nothing and refuses nothing: callers keep quotes short."""

    def __init__(self) -> None:
        self._html: list[str] = []
        self._plain: list[str] = []

    def line(self, *parts: Part | str) -> Page:
        """One line; bare strings are taken as they are."""
        pieces = [text(part) if isinstance(part, str) else part for part in parts]
        self._html.append("".join(part.html for part in pieces))
        self._plain.append("".join(part.plain for part in pieces))
        return self

    def gap(self) -> Page:
        """An empty line."""
        return self.line()

    def block(self, words: str, spans: Sequence[Span] = (), before: str = "", after: str = "") -> Page:
        """Somebody's words in a blockquote, some of them in bold, between marks if given."""
        inner = escape(before, quote=False) + marked(words, spans) + escape(after, quote=False)
        self._html.append(f"<blockquote>{inner}</blockquote>")
        self._plain.append("\n".join("  " + row for row in f"{before}{words}{after}".splitlines()))
        return self

    def reply(self, buttons: Sequence[Sequence[Button]] = (), picture: bytes | None = None) -> Reply:
        """The finished message."""
        rows = tuple(tuple(row) for row in buttons if row)
        return Reply("\n".join(self._html).strip("\n"), "\n".join(self._plain).strip("\n"), rows, picture)


def utf16_length(words: str) -> int:
    """What Telegram counts: UTF-16 code units."""
    return len(words) + sum(ord(character) > 0xFFFF for character in words)


def shorten(words: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a word with an ellipsis."""
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:.") + "…"
