"""A part of the index that never changes: postings and texts of some quotes as flat arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1, B = 0.9, 0.4
"""BM25's saturation and length normalisation (Robertson and Zaragoza 2009), at the values usual for
short texts.
"""
QUANTUM = 16.0
"""Posting weights are kept as bytes: field weight times frequency, in sixteenths."""

Ints = NDArray[np.int32]


@dataclass(slots=True)
class Row:
    """One quote as it enters a segment: its weighted terms, its words in order, and where it
    stands.
    """

    quote_id: str
    article: int
    speaker: int
    start: int
    end: int
    context: int
    kind: int
    language: int
    day: int
    weights: Mapping[int, float]
    words: Sequence[int]
    passage: int = 0


@dataclass(slots=True)
class Segment:
    """Arrays over documents (quotes) and, ordered by term, over postings."""

    ids: NDArray[np.bytes_]
    article: Ints
    speaker: Ints
    place: Ints  # start, end, context start
    kind: NDArray[np.uint8]
    language: NDArray[np.uint8]
    day: Ints  # ordinal of the day it was said or published; 0 unknown
    length: NDArray[np.float32]  # words of each
    terms: Ints
    starts: NDArray[np.int64]
    docs: Ints
    weights: NDArray[np.uint8]
    word_starts: NDArray[np.int64]
    words: Ints
    alive: NDArray[np.bool_]
    passage: NDArray[np.uint64]  # by which its vector is known
    dead: int = 0
    """How many are no longer alive."""

    def __len__(self) -> int:
        return len(self.article)

    def postings(self, term: int) -> tuple[Ints, NDArray[np.uint8]]:
        """The documents that hold a term (ascending) and its weights there."""
        at = int(np.searchsorted(self.terms, term))
        if at == len(self.terms) or self.terms[at] != term:
            return self.docs[:0], self.weights[:0]
        low, high = int(self.starts[at]), int(self.starts[at + 1])
        return self.docs[low:high], self.weights[low:high]

    def words_of(self, doc: int) -> Ints:
        """A document's words in order, as term numbers."""
        return self.words[int(self.word_starts[doc]) : int(self.word_starts[doc + 1])]

    def save(self, folder: Path) -> None:
        """One ``.npy`` file an array, to be mapped into memory."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in _ARRAYS:
            np.save(folder / f"{field}.npy", getattr(self, field))

    @classmethod
    def load(cls, folder: Path) -> Segment:
        """Map a saved segment; only which documents are alive is read into memory."""
        arrays = {
            field: np.load(folder / f"{field}.npy", mmap_mode=None if field == "alive" else "r")
            for field in _ARRAYS
        }
        return cls(**arrays)


_ARRAYS = tuple(field.name for field in fields(Segment) if field.name != "dead")


def build(rows: Sequence[Row]) -> Segment:
    """A segment of some rows."""
    counts = np.fromiter((len(row.weights) for row in rows), np.int64, len(rows))
    terms = np.fromiter((term for row in rows for term in row.weights), np.int32, int(counts.sum()))
    raw = np.fromiter(
        (weight for row in rows for weight in row.weights.values()), np.float32, len(terms)
    )
    docs = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
    lengths = np.fromiter((len(row.words) for row in rows), np.float32, len(rows))
    word_counts = np.fromiter((len(row.words) for row in rows), np.int64, len(rows))
    unique, starts, order = _by_term(terms)
    return Segment(
        ids=np.array([row.quote_id.encode() for row in rows], dtype="S48" if not rows else None),
        article=np.fromiter((row.article for row in rows), np.int32, len(rows)),
        speaker=np.fromiter((row.speaker for row in rows), np.int32, len(rows)),
        place=np.array([(row.start, row.end, row.context) for row in rows], np.int32).reshape(
            -1, 3
        ),
        kind=np.fromiter((row.kind for row in rows), np.uint8, len(rows)),
        language=np.fromiter((row.language for row in rows), np.uint8, len(rows)),
        day=np.fromiter((row.day for row in rows), np.int32, len(rows)),
        length=lengths,
        terms=unique,
        starts=starts,
        docs=docs[order],
        weights=np.minimum(255, np.rint(raw * QUANTUM)).astype(np.uint8)[order],
        word_starts=np.concatenate(([0], np.cumsum(word_counts))),
        words=np.fromiter(
            (word for row in rows for word in row.words), np.int32, int(word_counts.sum())
        ),
        alive=np.ones(len(rows), np.bool_),
        passage=np.fromiter((row.passage for row in rows), np.uint64, len(rows)),
    )


def merge(parts: Sequence[Segment]) -> Segment:
    """One segment of several, without the documents that are no longer alive."""
    keep = [np.flatnonzero(part.alive) for part in parts]
    renumbered = []
    base = 0
    for part, kept in zip(parts, keep, strict=True):
        numbers = np.full(len(part), -1, np.int32)
        numbers[kept] = np.arange(base, base + len(kept), dtype=np.int32)
        renumbered.append(numbers)
        base += len(kept)
    docs = [numbers[part.docs] for part, numbers in zip(parts, renumbered, strict=True)]
    terms = [np.repeat(part.terms, np.diff(part.starts)) for part in parts]
    lives = [found >= 0 for found in docs]
    all_terms = np.concatenate([term[live] for term, live in zip(terms, lives, strict=True)])
    unique, starts, order = _by_term(all_terms)
    all_docs = np.concatenate([doc[live] for doc, live in zip(docs, lives, strict=True)])
    all_weights = np.concatenate(
        [part.weights[live] for part, live in zip(parts, lives, strict=True)]
    )
    words = [
        [part.words_of(int(doc)) for doc in kept] if len(kept) < len(part) else [part.words]
        for part, kept in zip(parts, keep, strict=True)
    ]
    sizes = np.concatenate(
        [np.diff(part.word_starts)[kept] for part, kept in zip(parts, keep, strict=True)]
    )
    pieces = [piece for found in words for piece in found]

    def whole(name: str) -> NDArray[Any]:
        return np.concatenate(
            [getattr(part, name)[kept] for part, kept in zip(parts, keep, strict=True)]
        )

    return Segment(
        ids=whole("ids"),
        article=whole("article"),
        speaker=whole("speaker"),
        place=whole("place"),
        kind=whole("kind"),
        language=whole("language"),
        day=whole("day"),
        length=whole("length"),
        terms=unique,
        starts=starts,
        docs=all_docs[order],
        weights=all_weights[order],
        word_starts=np.concatenate(([0], np.cumsum(sizes))),
        words=np.concatenate(pieces) if pieces else np.zeros(0, np.int32),
        alive=np.ones(base, np.bool_),
        passage=whole("passage"),
    )


def _by_term(terms: Ints) -> tuple[Ints, NDArray[np.int64], NDArray[np.intp]]:
    """Distinct terms, where each one's postings start, and the order that brings postings
    together.
    """
    order = np.argsort(terms, kind="stable")
    unique, first = np.unique(terms[order], return_index=True)
    return unique.astype(np.int32), np.concatenate((first, [len(terms)])).astype(np.int64), order
