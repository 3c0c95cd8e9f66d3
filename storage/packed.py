"""Documents held in memory as the JSON that they are written as: a quarter of what the same takes
as Python's dicts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

LONG = 512
"""Bytes of JSON from which on a document is held so; a short one is a dict."""
_HEAD = {"format": 0, "id": 1, "seq": 2, "article_id": 3}
"""What is asked of every document in turn, and its place in the tuple beside the JSON."""
_MISSING = object()


class Packed(Mapping[str, Any]):
    """A document that reads as a dict does, and whose parts nobody changes."""

    __slots__ = ("_head", "content")

    def __init__(self, content: bytes, document: Mapping[str, Any]) -> None:
        self.content = content
        """Its JSON."""
        self._head = tuple(document.get(name, _MISSING) for name in _HEAD)

    def __getitem__(self, name: str) -> Any:
        at = _HEAD.get(name)
        known = _MISSING if at is None else self._head[at]
        return _decoded(self.content)[name] if known is _MISSING else known

    def __iter__(self) -> Iterator[str]:
        return iter(_decoded(self.content))

    def __len__(self) -> int:
        return len(_decoded(self.content))

    def __deepcopy__(self, memo: Mapping[int, Any]) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found


@lru_cache(maxsize=64)  # an answer shows a few articles, and asks each for several of its parts
def _decoded(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)
    return found


def dump(value: Any) -> bytes:
    """JSON without blanks."""
    if isinstance(value, Packed):
        return value.content
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def hold(document: Mapping[str, Any], content: bytes | None = None) -> Mapping[str, Any]:
    """A document, of that JSON if it is known, as it is held: packed when it is long; nothing in it
    is the caller's.
    """
    content = content or dump(document)
    if len(content) >= LONG:
        return Packed(content, document)
    found: dict[str, Any] = json.loads(content)
    return found
