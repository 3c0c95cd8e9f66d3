"""A reply in colour, for a terminal: what is bold, struck or quoted in a message is so here."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from bot.domain.reply import Reply

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {"b": "bold", "s": "strike red", "code": "cyan", "a": "underline", "blockquote": "green"}
_INDENT = "  "


def coloured(reply: Reply) -> Text:
    """The words of a reply and of what follows it, styled; its buttons are not in it."""
    from rich.text import Text

    parts = []
    for part in (reply, *reply.more):
        reader = _Reader()
        reader.feed(part.html)
        reader.close()
        parts.append(reader.text)
    return Text("\n\n").join(parts)


class _Reader(HTMLParser):
    """Reads the few tags that messages have."""

    def __init__(self) -> None:
        from rich.text import Text

        super().__init__(convert_charrefs=True)
        self.text = Text()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 as the library calls it
        """A style begins."""
        self._open.append(tag)
        if tag == "blockquote":
            self.text.append(_INDENT)

    def handle_endtag(self, tag: str) -> None:
        """A style ends."""
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        """Words in the styles that are open."""
        if "blockquote" in self._open:
            data = data.replace("\n", f"\n{_INDENT}")
        styles = [_STYLES[tag] for tag in self._open if tag in _STYLES]
        self.text.append(data, " ".join(styles))
