"""The journal's lines: written and read back, torn tails, damage told by its byte, what is
saved.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from storage.journal import HEAD, Damage, encode, salvage, scan

LINES = (b'{"note":"Valmont"}', b"", b"Ana Roy\x00\xff", b"un\ndeux", b"x" * 300)
JOURNAL = b"".join(map(encode, LINES))


def contents(data: bytes) -> list[bytes]:
    """What the lines hold."""
    return [content for _, content in scan(data)]


def damage(data: bytes, base: int = 0) -> tuple[list[bytes], Damage]:
    """What is read before a damage, and the damage."""
    read = []
    with pytest.raises(Damage) as caught:
        for _, content in scan(data, base):
            read.append(content)
    return read, caught.value


# ---- whole lines
@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", b"00000000 c0088d03 00000000 \n"),
        (b"Valmont", b"00000007 5e6c18a0 64d2158f Valmont\n"),
        (b"\n" * 16, b"00000010 d913bc42 bb708607 " + b"\n" * 17),
    ],
)
def test_a_line_in_bytes(content: bytes, line: bytes) -> None:
    assert encode(content) == line


@pytest.mark.parametrize("content", LINES)
def test_a_line_is_read_as_it_was_written(content: bytes) -> None:
    line = encode(content)
    assert list(scan(line)) == [(len(line), content)]
    assert len(line) == HEAD + len(content) + 1


@pytest.mark.parametrize("base", [0, 4096])
def test_every_line_tells_where_the_next_one_begins(base: int) -> None:
    ends = [base + len(b"".join(map(encode, LINES[: at + 1]))) for at in range(len(LINES))]
    assert list(scan(JOURNAL, base)) == list(zip(ends, LINES, strict=True))


def test_reading_goes_on_from_any_line() -> None:
    for at, (end, _) in enumerate(scan(JOURNAL), 1):
        assert contents(JOURNAL[end:]) == list(LINES[at:])


# ---- torn tails
@pytest.mark.parametrize("content", [b"", b"a", b"Luc Morel\n"])
def test_a_line_cut_off_at_whatever_byte_is_no_line_and_no_damage(content: bytes) -> None:
    whole, line = encode(b"Valmont"), encode(content)
    for size in range(len(line)):
        assert contents(whole + line[:size]) == [b"Valmont"], size
        assert list(salvage(whole + line[:size])) == [b"Valmont"], size
    assert contents(whole + line) == [b"Valmont", content]


# ---- damage
@pytest.mark.parametrize("at", range(len(encode(b"Valmont")) - 1))
def test_any_changed_byte_is_told_and_costs_no_other_line(at: int) -> None:
    first, line, last = encode(b"Ana"), bytearray(encode(b"Valmont")), encode(b"Luc")
    line[at] ^= 1
    read, told = damage(first + bytes(line) + last, 100)
    assert read == [b"Ana"]
    assert told.offset == 100 + len(first)
    assert list(salvage(first + bytes(line) + last)) == [b"Ana", b"Luc"]


def test_a_changed_line_break_is_told_with_its_own_place() -> None:
    first, line = encode(b"Ana"), encode(b"Valmont")
    read, told = damage(first + line[:-1] + b"?" + encode(b"Luc"), 100)
    assert read == [b"Ana"]
    assert told.offset == 100 + len(first + line) - 1


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (0, "head"),
        (7, "head"),
        (8, "head"),
        (9, "head"),
        (16, "head"),
        (17, "head"),
        (18, "line does not agree"),
        (25, "line does not agree"),
        (26, "head"),
        (27, "line does not agree"),
        (34, "does not end"),
    ],
)
def test_what_is_wrong_is_said(at: int, reason: str) -> None:
    line = bytearray(encode(b"Valmont"))
    line[at] ^= 1
    _, told = damage(bytes(line) + encode(b"Luc"))
    assert reason in told.reason


def test_what_is_as_long_as_a_head_and_is_none_is_damage() -> None:
    read, told = damage(encode(b"Ana") + b"?" * HEAD)
    assert (read, told.offset) == ([b"Ana"], len(encode(b"Ana")))


def test_a_damage_keeps_its_place_whatever_it_passes_through() -> None:
    """An exception that can't be changed is lost in a context manager's generator."""

    @contextmanager
    def passing() -> Iterator[None]:
        yield

    with pytest.raises(Damage) as told, passing():
        raise Damage(3, "torn")
    assert told.value == Damage(3, "torn") != Damage(4, "torn")


def test_a_damaged_break_costs_no_line() -> None:
    """Neither its own nor the one behind it."""
    broken = encode(b"Ana")[:-1] + b"?" + encode(b"Roy") + encode(b"Luc")
    assert list(salvage(broken)) == [b"Ana", b"Roy", b"Luc"]
