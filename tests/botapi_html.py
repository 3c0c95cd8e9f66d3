"""Telegram's formatted text: its HTML read as strictly as its documentation asks, with UTF-16
offsets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
Formatted = tuple[str, list[Json]]

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
}
_SIMPLE |= {"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough"}
_SIMPLE |= {"tg-spoiler": "spoiler", "code": "code", "pre": "pre"}
_ESCAPES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
_ATTRIBUTE = r"([A-Za-z-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?"
_TOKEN = re.compile(
    rf"<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9-]*)(?P<rest>(?:\s+{_ATTRIBUTE})*)\s*>"
    r"|&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});|[<>&]"
)
BLANK = " \t\n\r\v\f"
_LINK = re.compile(r"(https?|tg|mailto|tel|tonsite):\S+|[^\s:/]+\.\S+", re.IGNORECASE)


class RefusedError(Exception):
    """A request that Telegram would answer with an error."""

    def __init__(self, reason: str, code: int = 400) -> None:
        super().__init__(f"Bad Request: {reason}" if code == 400 else reason)
        self.code = code


def need(holds: object, reason: str) -> None:
    """Refuses the request for this reason unless the condition holds."""
    if not holds:
        raise RefusedError(reason)


def names(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def utf16_length(text: str) -> int:
    """The length of a text in UTF-16 code units, as Telegram counts offsets and limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Html:
    """One reading of a text in Telegram's HTML."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.open: list[tuple[str, Json]] = []
        self.found: list[Json] = []

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)

    def start(self, tag: str, rest: str, where: str) -> None:
        pairs = re.findall(_ATTRIBUTE, rest)
        given = {name.lower(): _unescape(value.strip("\"'")) for name, value in pairs}
        need(
            tag != "blockquote" or "blockquote" not in dict(self.open),
            _bad(f"Nested blockquote {where}"),
        )
        self.open.append((tag, {**_entity(tag, given, where), "offset": self.length}))

    def end(self, tag: str, where: str) -> None:
        need(self.open, _bad(f"Unexpected end tag {where}"))
        expected, entity = self.open.pop()
        wanted = f'expected "</{expected}>", found "</{tag}>"'
        need(tag == expected, _bad(f"Unmatched end tag {where}, {wanted}"))
        outer = dict(self.open)
        if tag == "code" and self.open and self.open[-1][0] == "pre":
            self.open[-1][1].update({k: v for k, v in entity.items() if k == "language"})
        elif (
            self.length > entity["offset"] and entity["type"] and not outer.keys() & {"code", "pre"}
        ):
            if entity["type"] == "code":
                entity.pop("language", None)
            self.found.append({**entity, "length": self.length - entity["offset"]})


def _bad(detail: str) -> str:
    return f"can't parse entities: {detail}"


def _entity(tag: str, given: Mapping[str, str], where: str) -> Json:
    unknown = _bad(f'Unsupported start tag "{tag}" {where}')
    if tag == "a":
        need(
            given.keys() == {"href"} and given["href"],
            _bad(f'Tag "a" must have only a href {where}'),
        )
        return {"type": "text_link" if _LINK.fullmatch(given["href"]) else "", "url": given["href"]}
    if tag == "span":
        need(
            dict(given) == {"class": "tg-spoiler"},
            _bad(f'Tag "span" must have class "tg-spoiler" {where}'),
        )
        return {"type": "spoiler"}
    if tag == "blockquote":
        need(given.keys() <= {"expandable"}, unknown)
        return {"type": "expandable_blockquote" if given else "blockquote"}
    if tag == "code" and given.get("class", "").startswith("language-") and len(given) == 1:
        return {"type": "code", "language": given["class"].removeprefix("language-")}
    need(tag in _SIMPLE and not given, unknown)
    return {"type": _SIMPLE[tag]}


def _unescape(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        escape = found.group()
        if escape in _ESCAPES:
            return _ESCAPES[escape]
        number = int(escape[3:-1], 16) if escape[2] == "x" else int(escape[2:-1])
        need(
            0 < number < 0x110000 and not 0xD800 <= number < 0xE000,
            _bad(f'Wrong character "{escape}"'),
        )
        return chr(number)

    return re.sub(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});", letter, text)


def parse_html(text: str) -> Formatted:
    """The plain text of Telegram's HTML and its entities, refused where its documentation forbids
    it.
    """
    html, done = _Html(), 0
    for token in _TOKEN.finditer(text):
        html.write(text[done : token.start()])
        done = token.end()
        where = f"at byte offset {len(text[: token.start()].encode('utf-8', 'surrogatepass'))}"
        if token["tag"]:
            tag = token["tag"].lower()
            need(not (token["close"] and token["rest"]), _bad(f"Unexpected attribute {where}"))
            html.end(tag, where) if token["close"] else html.start(tag, token["rest"], where)
        else:
            need(len(token.group()) > 1, _bad(f'Unescaped "{token.group()}" {where}'))
            html.write(_unescape(token.group()))
    html.write(text[done:])
    if html.open:
        raise RefusedError(
            _bad(f'Can\'t find end tag corresponding to start tag "{html.open[-1][0]}"')
        )
    return "".join(html.parts), sorted(html.found, key=lambda e: (e["offset"], -e["length"]))


def _trim(text: str, entities: list[Json]) -> Formatted:
    text = text.rstrip(BLANK)
    lead = min([len(text) - len(text.lstrip(BLANK)), *(e["offset"] for e in entities)])
    text, kept = text[lead:], []
    for entity in entities[:100]:
        offset = entity["offset"] - lead
        length = min(entity["length"], utf16_length(text) - offset)
        if length > 0:
            kept.append({**entity, "offset": offset, "length": length})
    return text, kept


def formatted(params: Mapping[str, Any], field: str) -> Formatted:
    """The text of a field as Telegram shows it and its entities (Markdown is let through
    unread).
    """
    text = params.get(field, "")
    need(isinstance(text, str), f"{field} must be a string")
    need(not re.search("[\ud800-\udfff]", text), "strings must be encoded in UTF-8")
    mode = str(params.get("parse_mode") or "").lower()
    need(mode in ("", "html", "markdown", "markdownv2"), "unsupported parse_mode")
    given = params.get("caption_entities" if field == "caption" else "entities") or []
    return _trim(*(parse_html(text) if mode == "html" else (text, given)))
