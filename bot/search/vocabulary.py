"""The index's words: numbers for terms, and the nearest known terms to an unknown one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

NEAREST = 6
"""At most this many known terms stand in for an unknown one."""
LEAST = 0.58
"""Least similarity (optimal string alignment) of a stand-in."""
_POOL = 160  # terms that share most bigrams, compared in full
_MAX = 1 << 16


class Vocabulary:
    """Terms in the order they were first seen; bigrams lead to them (built when first needed, then
    kept up).
    """

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self.terms: list[str] = list(terms)
        self.numbers: dict[str, int] = {term: number for number, term in enumerate(self.terms)}
        self._bigrams = _Bigrams.of([])

    def __len__(self) -> int:
        return len(self.terms)

    def add(self, term: str) -> int:
        """A term's number, given now if it is new."""
        number = self.numbers.get(term)
        if number is None:
            number = self.numbers[term] = len(self.terms)
            self.terms.append(term)
        return number

    def nearest(
        self, word: str, held: Callable[[int], bool], least: float = LEAST, limit: int = NEAREST
    ) -> list[tuple[int, float]]:
        """(number, similarity) of the terms in use most like a word: shared bigrams first, then
        edit similarity.
        """
        if not self.terms:
            return []
        lists = self._lists()
        pool = [*lists.sharing(word), *range(lists.built, len(self.terms))]
        scored = [
            (n, OSA.normalized_similarity(word, self.terms[n], score_cutoff=least)) for n in pool
        ]
        found = sorted(
            (pair for pair in scored if pair[1] >= least),
            key=lambda pair: (-pair[1], self.terms[pair[0]]),
        )
        return list(islice((pair for pair in found if held(pair[0])), limit))

    def _lists(self) -> _Bigrams:
        """The bigrams' lists, built anew when a tenth of the terms is new."""
        lists = self._bigrams
        if not lists.built or len(self.terms) >= lists.built * 1.1 + 50:
            lists = self._bigrams = _Bigrams.of(self.terms[:])
        return lists


@dataclass(frozen=True, slots=True)
class _Bigrams:
    """Which of the first ``built`` terms hold a bigram: ``owners`` ordered by ``keys``; ``sizes``:
    a term's length and one.
    """

    keys: NDArray[np.int32]
    owners: NDArray[np.int32]
    sizes: NDArray[np.int16]
    built: int

    @classmethod
    def of(cls, terms: Sequence[str]) -> _Bigrams:
        counts = np.fromiter((len(set(_bigrams(term))) for term in terms), np.int32, len(terms))
        keys = np.fromiter(
            (key for term in terms for key in set(_bigrams(term))), np.int32, int(counts.sum())
        )
        owners = np.repeat(np.arange(len(terms), dtype=np.int32), counts)
        order = np.argsort(keys, kind="stable")
        sizes = np.array([len(term) + 1 for term in terms], np.int16)
        return cls(keys[order], owners[order], sizes, len(terms))

    def sharing(self, word: str) -> list[int]:
        """The terms that share most bigrams with a word."""
        counts: NDArray[np.int16] = np.zeros(self.built, np.int16)
        touched = []
        for key in set(_bigrams(word)):
            low, high = np.searchsorted(self.keys, (key, key + 1))
            owners = self.owners[low:high]
            counts[owners] += 1
            touched.append(owners)
        if not touched:
            return []
        candidates = np.concatenate(touched)
        shared = counts[candidates] * 2.0 / (self.sizes[candidates] + len(word) + 1)
        if len(candidates) > _POOL * 4:
            candidates = candidates[
                shared >= np.partition(shared, -_POOL * 4)[-_POOL * 4]
            ]  # with those that tie
        return [int(number) for number in np.unique(candidates)]


def _bigrams(word: str) -> list[int]:
    padded = f"^{word}$"
    return [(ord(a) * 257 + ord(b)) % _MAX for a, b in pairwise(padded)]
