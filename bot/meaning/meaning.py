"""How near each quote of an index is to a question in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.ports import Encoder
from bot.meaning.vectors import Floats, Keys, Vectors

KNOWN = 0.95
"""Share of an index's quotes whose vectors must be known for meaning to be asked: below, words alone answer."""
DIGITS = 5
"""Decimals to which likenesses are compared, so that no rounding decides an order."""
_REMEMBERED = 256  # questions whose vectors are kept, for the next pages of their answers


class Segment(Protocol):
    """Some of the quotes: their passages' keys, and which of them are alive."""

    passage: NDArray[np.uint64]
    alive: NDArray[np.bool_]


class Index(Protocol):
    """What is asked of the index."""

    @property
    def segments(self) -> Sequence[Segment]:
        """All quotes, in parts."""


class Meaning:
    """An encoder with the vectors it made. Nothing here knows texts: quotes are known by their passages' keys."""

    def __init__(self, encoder: Encoder, vectors: Vectors) -> None:
        self.encoder, self.vectors = encoder, vectors
        self._question = lru_cache(_REMEMBERED)(encoder.question)
        self._rows: list[tuple[Segment, int, NDArray[np.int64]]] = []

    def likeness(self, text: str, index: Index) -> list[Floats] | None:
        """For each segment its quotes' likeness (cosine) to a question; None while too few vectors are known.

        A quote without a vector is held for as like as quotes are on the whole.
        """
        self.vectors.refresh()
        rows = self._placed(index)
        alive = sum(int(segment.alive.sum()) for segment in index.segments)
        known = sum(int((part >= 0)[segment.alive].sum()) for segment, part in zip(index.segments, rows, strict=True))
        if not alive or known < KNOWN * alive:
            return None
        cosines = np.append(self.vectors.cosines(self._question(text)), np.float32(np.nan))
        found = [np.round(cosines[part], DIGITS) for part in rows]
        living = np.concatenate([part[s.alive] for part, s in zip(found, index.segments, strict=True)])
        usual = np.round(np.nanmean(living.astype(np.float64)), DIGITS)
        return [np.where(np.isnan(part), np.float32(usual), part) for part in found]

    def missing(self, index: Index) -> list[tuple[int, NDArray[np.intp]]]:
        """(segment, its living quotes without a vector), where there are any."""
        self.vectors.refresh()
        found = [
            (number, np.flatnonzero((rows < 0) & segment.alive))
            for number, (segment, rows) in enumerate(zip(index.segments, self._placed(index), strict=True))
        ]
        return [(number, docs) for number, docs in found if len(docs)]

    def keep(self, keys: Keys, passages: Sequence[str]) -> None:
        """Encode some passages and keep their vectors."""
        self.vectors.add(keys, self.encoder.passages(passages))

    def _placed(self, index: Index) -> list[NDArray[np.int64]]:
        """Where in the vectors each segment's quotes stand, remembered as long as neither changes."""
        version, kept = len(self.vectors), []
        for segment in index.segments:
            held = next((one for one in self._rows if one[0] is segment and one[1] == version), None)
            kept.append(held or (segment, version, self.vectors.rows(segment.passage)))
        self._rows = kept
        return [rows for _, _, rows in kept]
