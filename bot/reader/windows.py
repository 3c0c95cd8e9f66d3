"""An article cut into windows of tokens, each stretch and each mention at its place in them.

A window is what the encoder reads at once; every stretch is scored in the window where it has most
of its surroundings, against the mentions in that window.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.model import Span

LONGEST = 448
"""Tokens of a window, its first and last signs included."""
STRIDE = 340
"""Tokens from one window's beginning to the next one's."""
_ROOM_BEFORE, _ROOM_AFTER = 330, 90  # tokens beyond which more surroundings tell no more
_DISTANCES = (1, 3, 6, 12, 24, 40, 64, 100, 150, 220, 320)
DISTANCES = 2 * (len(_DISTANCES) + 1)
"""How many classes of distance in tokens there are: behind, then before."""
SENTENCES = 11
"""How many classes of distance in sentences there are: five before to five behind."""
KINDS = ("name", "pronoun", "description", "run", "phrase")
"""Kinds of mentions; in a heading each counts as one of its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something to be scored: where it stands, the number of its sentence; of a mention also its
    kind.
    """

    span: Span
    sentence: int
    kind: str = ""
    heading: bool = False


@dataclass(slots=True)
class Window:
    """``ids`` of tokens from ``start`` on; ``stretches`` and ``mentions`` are numbers of the
    article's, ``*_at`` their first and last tokens in the window. Rows of ``distance``,
    ``sentences`` and ``inside`` are stretches, columns mentions.
    """

    start: int
    ids: list[int]
    stretches: list[int] = field(default_factory=list)
    stretches_at: list[Span] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    mentions_at: list[Span] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    distance: list[list[int]] = field(default_factory=list)
    sentences: list[list[int]] = field(default_factory=list)
    inside: list[list[bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tokens:
    """An article's tokens: their numbers, and where each begins and ends in the text."""

    ids: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]

    def of(self, span: Span) -> Span:
        """The first and the last token that a span touches."""
        last = len(self.ids) - 1
        first = min(bisect_right(self.ends, span[0]), last)
        return first, max(first, min(bisect_left(self.starts, span[1]) - 1, last))


def windows(
    tokens: Tokens,
    stretches: Sequence[Place],
    mentions: Sequence[Place],
    longest: int = LONGEST,
    stride: int = STRIDE,
) -> list[Window]:
    """The article's windows; together they hold all its tokens."""
    count, room = len(tokens.ids), longest - 2
    starts = [0]
    while starts[-1] + room < count:
        starts.append(min(starts[-1] + stride, count - room))
    places = [tokens.of(place.span) for place in stretches]
    owners = [_best(place, starts, room, count) for place in places]
    among = [tokens.of(place.span) for place in mentions]
    made = []
    for number, start in enumerate(starts):
        end = min(start + room, count)
        window = Window(start, [0, *tokens.ids[start:end], 2])
        window.stretches = [i for i, owner in enumerate(owners) if owner == number]
        window.stretches_at = [_clipped(places[i], start, end) for i in window.stretches]
        window.mentions = [i for i, (a, b) in enumerate(among) if start <= a and b < end]
        window.mentions_at = [_clipped(among[i], start, end) for i in window.mentions]
        _measure(window, stretches, mentions)
        made.append(window)
    return made


def _best(place: Span, starts: Sequence[int], room: int, count: int) -> int:
    """The window in which a stretch has most of what tells its speaker around it."""

    def worth(number: int) -> float:
        start = starts[number]
        if place[1] < start or place[0] >= start + room:
            return -1e9
        before = place[0] - start if start else 2 * _ROOM_BEFORE
        after = start + room - place[1] if start + room < count else 2 * _ROOM_AFTER
        return min(before, _ROOM_BEFORE) + 2 * min(after, _ROOM_AFTER)

    return max(range(len(starts)), key=worth)


def _clipped(place: Span, start: int, end: int) -> Span:
    """A place in a window that begins at ``start``; its first token is the sign before the text."""
    last = end - start
    return min(max(place[0] - start + 1, 1), last), min(max(place[1] - start + 1, 1), last)


def _measure(window: Window, stretches: Sequence[Place], mentions: Sequence[Place]) -> None:
    """The classes of distance between a window's stretches and mentions."""
    window.kinds = [
        KINDS.index(mentions[i].kind) + len(KINDS) * mentions[i].heading for i in window.mentions
    ]
    for number, (first, last) in zip(window.stretches, window.stretches_at, strict=True):
        own = stretches[number].sentence
        window.sentences.append(
            [max(-5, min(5, mentions[i].sentence - own)) + 5 for i in window.mentions]
        )
        window.distance.append([_distance(first, last, at) for at in window.mentions_at])
        window.inside.append([first <= a and b <= last for a, b in window.mentions_at])


def _distance(first: int, last: int, at: Span) -> int:
    """The class of the signed distance of a mention from a stretch."""
    gap = at[0] - last if at[0] > last else at[1] - first if at[1] < first else 0
    size = bisect_left(_DISTANCES, abs(gap))
    return size if gap >= 0 else len(_DISTANCES) + 1 + size
