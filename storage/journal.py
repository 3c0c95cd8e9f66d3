"""The journal's lines: each says how long it is and carries checksums of its head and of its
content.

A line is ``LENGTH HEADCRC CRC CONTENT\\n``: the content's length in bytes and two CRC-32 in eight
hexadecimal digits. A whole head with too little behind it is a write that was cut off, and was
never acknowledged; anything else that does not agree is damage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

HEAD = 27
"""Bytes before the content."""


@dataclass(slots=True)
class Damage(Exception):  # noqa: N818 it is a fact about a file, turned into an error that names the file
    """What is wrong at which byte."""

    offset: int
    reason: str


def encode(content: bytes) -> bytes:
    """One line."""
    length = b"%08x" % len(content)
    return b"%s %08x %08x %s\n" % (length, crc32(length), crc32(content), content)


def scan(data: bytes, base: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset after the line, content) of each whole line; stops at a torn tail; Damage at anything
    else.

    ``base`` is where ``data`` begins in the file.
    """
    at = 0
    while len(data) - at >= HEAD:
        head = data[at : at + HEAD]
        if (
            b"%08x" % crc32(head[:8]) != head[9:17]
            or head[8:9] + head[17:18] + head[26:27] != b"   "
        ):
            raise Damage(base + at, "the line's head does not agree with its checksum")
        size = int(head[:8], 16)
        end = at + HEAD + size
        if end >= len(data):
            break
        content = data[at + HEAD : end]
        if b"%08x" % crc32(content) != head[18:26]:
            raise Damage(base + at, "the line does not agree with its checksum")
        if data[end : end + 1] != b"\n":
            raise Damage(base + end, "the line does not end where it should")
        at = end + 1
        yield base + at, content


def salvage(data: bytes) -> Iterator[bytes]:
    """The content of every line that is whole, wherever it stands; damaged stretches are passed
    over. A line of which only the break is damaged is whole, and the next begins behind it.
    """
    at = 0
    while at < len(data):
        try:
            for end, content in scan(data[at:], at):
                yield content
                at = end
        except Damage as damage:
            if damage.offset > at:
                yield data[at + HEAD : damage.offset]
                at = damage.offset + 1
                continue
        following = data.find(b"\n", at)
        if following < 0:
            return
        at = following + 1
