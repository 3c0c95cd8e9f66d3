"""A message in the making: the same lines as Telegram HTML and as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from bot.domain.model import Span
from bot.domain.reply import Button, Reply

LIMIT = 4096
"""Telegram's limit for a message: UTF-16 code units of the text without its markup."""
CAPTION = 1024
"""The same for a picture's caption."""
_BLOCK = 3600  # characters of one blockquote; a longer one goes on in the next
_SENTENCE = re.compile(r"[.!?…][»”\")\]]*\s+|\n+")


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


def struck(words: str) -> Part:
    """Words that are no longer there."""
    return Part(f"<s>{escape(words, quote=False)}</s>", words)


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
    """Lines and blocks, added in order; ``reply`` makes as many messages of them as Telegram's
    limit asks for.
    """

    def __init__(self) -> None:
        self._pieces: list[Part] = []

    def line(self, *parts: Part | str) -> Page:
        """One line; bare strings are taken as they are."""
        pieces = [text(part) if isinstance(part, str) else part for part in parts]
        self._pieces.append(
            Part("".join(part.html for part in pieces), "".join(part.plain for part in pieces))
        )
        return self

    def gap(self) -> Page:
        """An empty line."""
        return self.line()

    def block(
        self,
        words: str,
        spans: Sequence[Span] = (),
        before: str = "",
        after: str = "",
        folded: bool = False,
    ) -> Page:
        """Somebody's words in a blockquote, some of them in bold, between marks if given;
        ``folded``: to be opened.

        Very long words go on in further blockquotes, each beginning a sentence (or, in a sentence
        without an end, a word).
        """
        cuts = _cuts(words)
        for start, end in cuts:
            inside = [
                (max(s, start) - start, min(e, end) - start)
                for s, e in spans
                if s < end and start < e
            ]
            first, last = before if start == 0 else "", after if end == len(words) else ""
            inner = (
                escape(first, quote=False)
                + marked(words[start:end], inside)
                + escape(last, quote=False)
            )
            plain = f"{first}{words[start:end]}{last}"
            opening = "<blockquote expandable>" if folded else "<blockquote>"
            self._pieces.append(
                Part(
                    f"{opening}{inner}</blockquote>",
                    "\n".join("  " + row for row in plain.splitlines()),
                )
            )
        return self

    @property
    def length(self) -> int:
        """What Telegram would count of it."""
        return sum(utf16_length(piece.plain) + 1 for piece in self._pieces)

    def reply(
        self, buttons: Sequence[Sequence[Button]] = (), pictures: Sequence[bytes] = ()
    ) -> Reply:
        """The finished message, or several, the last of which has the buttons."""
        groups: list[list[Part]] = [[]]
        size = 0
        for piece in self._pieces:
            length = utf16_length(piece.plain) + 1
            if size + length > LIMIT and groups[-1]:
                groups.append([])
                size = 0
            groups[-1].append(piece)
            size += length
        rows = tuple(tuple(row) for row in buttons if row)
        made = [
            Reply(
                "\n".join(p.html for p in group).strip("\n"),
                "\n".join(p.plain for p in group).strip("\n"),
            )
            for group in groups
        ]
        made[-1] = replace(made[-1], buttons=rows)
        return replace(made[0], more=tuple(made[1:]), pictures=tuple(pictures))


def _cuts(words: str) -> list[Span]:
    """Where to cut a long text: at the last sentence end, or else blank, before the limit."""
    cuts: list[Span] = []
    start = 0
    limit = _BLOCK if utf16_length(words) == len(words) else _BLOCK // 2
    while len(words) - start > limit:
        window = words[start : start + limit]
        ends = [match.end() for match in _SENTENCE.finditer(window)]
        at = ends[-1] if ends and ends[-1] > limit // 4 else window.rfind(" ") + 1
        if not window[:at].strip():
            at = limit
        cuts.append((start, start + at))
        start += at
    return [*cuts, (start, len(words))]


def utf16_length(words: str) -> int:
    """What Telegram counts: UTF-16 code units."""
    return len(words) if words.isascii() else len(words.encode("utf-16-le", "surrogatepass")) // 2


def shorten(words: str, limit: int) -> str:
    """At most ``limit`` characters, cut at a word with an ellipsis."""
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:.") + "…"
