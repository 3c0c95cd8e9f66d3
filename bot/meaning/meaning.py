"""How near each quote of an index is to a question in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.ports import Encoder
from bot.meaning.vectors import Floats, Keys, Vectors

KNOWN = 0.95
"""Share of an index's quotes whose vectors must be known for meaning to be asked: below, words
alone answer.
"""
_REMEMBERED = 256  # questions whose vectors are kept, for the next pages of their answers


class Segment(Protocol):
    """Some of the quotes: their passages' keys, and which of them are alive."""

    passage: NDArray[np.uint64]
    alive: NDArray[np.bool_]
    dead: int


class Index(Protocol):
    """What is asked of the index."""

    @property
    def segments(self) -> Sequence[Segment]:
        """All quotes, in parts."""


class Meaning:
    """An encoder with the vectors it made. Nothing here knows texts: quotes are known by their
    passages' keys.
    """

    def __init__(self, encoder: Encoder, vectors: Vectors) -> None:
        self.encoder, self.vectors = encoder, vectors
        self._question = lru_cache(_REMEMBERED)(encoder.question)
        self._parts: list[_Placed] = []

    def likeness(self, text: str, index: Index) -> list[Floats] | None:
        """For each segment its quotes' likeness (cosine) to a question; None while too few vectors
        are known.

        A quote without a vector is held for as like as the others are on the whole.
        """
        self.vectors.refresh()
        placed = self._placed(index)
        alive = sum(part.alive for part in placed)
        missing = sum(part.missing for part in placed)
        if not alive or missing > (1 - KNOWN) * alive:
            return None
        cosines = self.vectors.cosines(self._question(text))
        found = [part.of(cosines) for part in placed]
        if missing:
            living = [values[part.known] for values, part in zip(found, placed, strict=True)]
            usual = np.concatenate(living).mean(dtype=np.float64)
            found = [
                np.where(part.rows < 0, np.float32(usual), values)
                for values, part in zip(found, placed, strict=True)
            ]
        return found

    def missing(self, index: Index) -> list[tuple[int, NDArray[np.intp]]]:
        """(segment, its living quotes without a vector), where there are any."""
        self.vectors.refresh()
        found = [
            (number, np.flatnonzero((part.rows < 0) & segment.alive))
            for number, (segment, part) in enumerate(
                zip(index.segments, self._placed(index), strict=True)
            )
        ]
        return [(number, docs) for number, docs in found if len(docs)]

    def keep(self, keys: Keys, passages: Sequence[str]) -> None:
        """Encode some passages and keep their vectors."""
        self.vectors.add(keys, self.encoder.passages(passages))

    def _placed(self, index: Index) -> list[_Placed]:
        """Where in the vectors each segment's quotes stand, remembered as long as neither
        changes.
        """
        version, kept = self.vectors.version, []
        for segment in index.segments:
            held = next((one for one in self._parts if one.fits(segment, version)), None)
            kept.append(
                held or _Placed.of_segment(segment, version, self.vectors.rows(segment.passage))
            )
        self._parts = kept
        return kept


@dataclass(frozen=True, slots=True)
class _Placed:
    """The rows of a segment's quotes in a ``version`` of the vectors, -1 where there is none; how
    many live and lack one.
    """

    segment: Segment
    version: int
    dead: int
    rows: NDArray[np.int64]
    alive: int
    missing: int
    in_order: bool

    @classmethod
    def of_segment(cls, segment: Segment, version: int, rows: NDArray[np.int64]) -> _Placed:
        missing = int(((rows < 0) & segment.alive).sum())
        in_order = len(rows) > 0 and bool(rows[0] >= 0 and (np.diff(rows) == 1).all())
        return cls(
            segment, version, segment.dead, rows, int(segment.alive.sum()), missing, in_order
        )

    def fits(self, segment: Segment, version: int) -> bool:
        return self.segment is segment and (self.version, self.dead) == (version, segment.dead)

    @property
    def known(self) -> NDArray[np.bool_]:
        return self.segment.alive & (self.rows >= 0)

    def of(self, cosines: Floats) -> Floats:
        """The cosine of each quote; of one without a vector, anything."""
        if self.in_order:
            return cosines[int(self.rows[0]) : int(self.rows[-1]) + 1]
        return cosines[self.rows]
