"""Recall: the quotes that hold the rarest asked words, by BM25 over all segments together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.segment import K1, QUANTUM, B, Segment

FREQUENT = 0.02
"""Terms in a larger share of the quotes only rescore what rarer ones have found."""
DIGITS = 5
"""Decimals to which scores are compared, so that the order of sums decides nothing."""
_POOL = 400  # candidates that frequent terms rescore, for each rare term

Place = tuple[int, int, float]
"""A segment's number, a quote's there, and its score."""


def best_of(
    segments: Sequence[Segment],
    weighted: Mapping[int, float],
    masks: Sequence[NDArray[np.bool_] | None],
    held: Callable[[int], int],
    limit: int,
    frequent_from: float,
    average: float,
) -> list[Place]:
    """The best quotes for weighted terms among those that the masks let in.

    ``held`` tells how many quotes hold a term; ``average`` is their mean length. Whatever the
    segments are, the same quotes give the same answer: terms are rare or frequent overall, ties are
    broken by the quotes' ids.
    """
    counts = {term: held(term) for term in sorted(weighted)}
    known = [term for term, count in counts.items() if count]
    rare = [term for term in known if counts[term] <= frequent_from] or sorted(
        known, key=lambda t: (counts[t], t)
    )[:1]
    frequent = [term for term in known if term not in rare]
    pools = [
        _pool(segment, rare, weighted, mask, average)
        for segment, mask in zip(segments, masks, strict=True)
    ]
    least = _least([values for _, values in pools], max(_POOL, limit) * max(1, len(rare)))
    found: list[tuple[float, bytes, int, int]] = []
    for number, (segment, (docs, values)) in enumerate(zip(segments, pools, strict=True)):
        keep = values >= least
        docs, values = docs[keep], values[keep]
        for term in frequent:
            values = values + _scores(segment, term, docs, weighted[term], average)
        best = np.argsort(-values, kind="stable")
        if len(best) > limit:  # with those that tie with the last
            best = np.flatnonzero(
                np.round(values, DIGITS) >= np.round(values[best[limit - 1]], DIGITS)
            )
        found += [
            (-round(float(values[at]), DIGITS), bytes(segment.ids[docs[at]]), number, int(docs[at]))
            for at in best
        ]
    return [(number, doc, -score) for score, _, number, doc in sorted(found)[:limit]]


def _pool(
    segment: Segment,
    terms: Sequence[int],
    weighted: Mapping[int, float],
    mask: NDArray[np.bool_] | None,
    average: float,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The quotes of a segment that hold one of some terms, with their scores for these."""
    touched = [segment.postings(term)[0] for term in terms]
    docs = np.unique(np.concatenate(touched)) if touched else np.zeros(0, np.int32)
    docs = docs[segment.alive[docs]]
    if mask is not None:
        docs = docs[mask[docs]]
    values = np.zeros(len(docs), np.float64)
    for term in terms:
        values += _scores(segment, term, docs, weighted[term], average)
    return docs, values


def _least(values: Sequence[NDArray[np.float64]], most: int) -> float:
    """The score from which on quotes are kept, so that ``most`` of them are, and those that tie."""
    together = np.concatenate(values) if values else np.zeros(0)
    return (
        float(np.partition(together, -most)[-most]) - 10.0**-DIGITS
        if len(together) > most
        else -np.inf
    )


def _scores(
    segment: Segment, term: int, docs: NDArray[np.int32], weight: float, average: float
) -> NDArray[np.float64]:
    """BM25 of one term for some quotes, 0 where they don't hold it."""
    result = np.zeros(len(docs), np.float64)
    held, weights = segment.postings(term)
    if not len(held) or not len(docs):
        return result
    at = np.minimum(np.searchsorted(held, docs), len(held) - 1)
    hits = held[at] == docs
    raw = weights[at[hits]].astype(np.float64) / QUANTUM
    norm = K1 * (1 - B + B * segment.length[docs[hits]] / max(average, 1.0))
    result[hits] = raw * (K1 + 1) / (raw + norm) * weight
    return result
