"""Recall: the quotes of one segment that hold the rarest asked words, by BM25."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.search.segment import K1, QUANTUM, Segment

FREQUENT = 0.02
"""Terms in a larger share of the quotes only rescore what rarer ones have found."""
_POOL = 400  # candidates that frequent terms rescore
_LONGEST = 60_000  # of a list of postings that alone must find candidates, this much is read


def best_of(
    segment: Segment,
    weighted: Mapping[int, float],
    allowed: Sequence[int],
    limit: int,
    frequent_from: float,
    scratch: NDArray[np.float32],
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Numbers and scores of the best quotes for weighted terms, of some speakers if any are given.

    ``scratch`` holds one zero a quote, and does so again afterwards.
    """
    lists = sorted(
        ((*segment.postings(term), weight) for term, weight in weighted.items()), key=lambda item: len(item[0])
    )
    lists = [item for item in lists if len(item[0])]
    rare = [item for item in lists if len(item[0]) <= frequent_from] or [
        (docs[:_LONGEST], weights[:_LONGEST], weight) for docs, weights, weight in lists[:1]
    ]
    touched = []
    for docs, weights, weight in rare:
        scratch[docs] += _impact(segment, docs, weights) * np.float32(weight)
        touched.append(docs)
    if not touched:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    pool = np.concatenate(touched)
    values = scratch[pool]
    if allowed:
        fits = np.isin(segment.speaker[pool], allowed)
        pool, values = pool[fits], values[fits]
    most = max(_POOL, limit) * len(touched)
    if len(pool) > most:
        pool = pool[np.argpartition(-values, most)[:most]]
    pool = np.unique(pool)
    pool = pool[segment.alive[pool]]
    scores = scratch[pool]
    for docs in touched:
        scratch[docs] = 0.0
    scores = scores + _rescore(segment, lists[len(rare) :], pool)
    best = np.argsort(-scores, kind="stable")[:limit]
    return pool[best], scores[best]


def _rescore(
    segment: Segment, lists: Sequence[tuple[NDArray[np.int32], NDArray[np.uint8], float]], pool: NDArray[np.int32]
) -> NDArray[np.float32]:
    extra = np.zeros(len(pool), np.float32)
    for docs, weights, weight in lists:
        at = np.minimum(np.searchsorted(docs, pool), len(docs) - 1)
        held = docs[at] == pool
        extra[held] += _impact(segment, pool[held], weights[at[held]]) * np.float32(weight)
    return extra


def _impact(segment: Segment, docs: NDArray[np.int32], weights: NDArray[np.uint8]) -> NDArray[np.float32]:
    raw = weights.astype(np.float32) / np.float32(QUANTUM)
    return raw * np.float32(K1 + 1) / (raw + segment.norm[docs])
