"""Alleged words that are pieces of several things that were said, joined as if they were one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.search.terms import stop_words
from bot.verification.speech import Utterance
from bot.verification.wording import Word, norms

_PIECE = 3  # words of a piece at least
_COVERED = 0.8  # share of the alleged words that the pieces must hold


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of an utterance that stand in the alleged ones, too."""

    utterance: Utterance
    first: int
    last: int


def pieces_of(alleged: Sequence[Word], heard: Sequence[Utterance]) -> tuple[Piece, ...]:
    """The pieces, in the order of the alleged words; none where one utterance holds them all, or
    too little is held.
    """
    asked = norms(alleged)
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    held = [norms(u.words) for u in heard]
    for number, words in enumerate(held):
        for at in range(len(words) - 1):
            places[words[at], words[at + 1]].append((number, at))
    found: list[tuple[int, int, int]] = []
    position = 0
    while position < len(asked) - 1:
        last = found[-1][0] if found else None
        taken = _longest(asked, position, held, places, last)
        if taken is None:
            position += 1
            continue
        found.append(taken)
        position += taken[2] - taken[1]
    found = [piece for piece in found if _tells(held[piece[0]][piece[1] : piece[2]])]
    covered = sum(end - start for _, start, end in found)
    if covered < _COVERED * len(asked) or len({number for number, _, _ in found}) < 2:
        return ()
    return tuple(Piece(heard[number], start, end) for number, start, end in found)


def _longest(
    asked: Sequence[str],
    position: int,
    held: Sequence[Sequence[str]],
    places: dict[tuple[str, str], list[tuple[int, int]]],
    last: int | None,
) -> tuple[int, int, int] | None:
    """(utterance, first, last) of the longest run from a position on; of equals, the utterance that
    went before.
    """
    best: tuple[int, int, int] | None = None
    for number, at in places.get((asked[position], asked[position + 1]), ()):
        words, size = held[number], 2
        while (
            position + size < len(asked)
            and at + size < len(words)
            and words[at + size] == asked[position + size]
        ):
            size += 1
        key = size + (0.5 if number == last else 0)
        if best is None or key > best[2] - best[1] + (0.5 if best[0] == last else 0):
            best = (number, at, at + size)
    if best is None or best[2] - best[1] < _PIECE:
        return None
    return best


def _tells(run: Sequence[str]) -> bool:
    """Is it more than an expression that anybody uses?"""
    telling = sum(word not in stop_words() for word in run)
    return telling > 1 or (telling == 1 and len(run) > _PIECE)
