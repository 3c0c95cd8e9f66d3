"""The index's words: numbers for terms, and the nearest known terms to an unknown one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    """Terms in the order they were first seen; bigrams lead to them (built when first needed, then kept up)."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self.terms: list[str] = list(terms)
        self.numbers: dict[str, int] = {term: number for number, term in enumerate(self.terms)}
        self._keys: NDArray[np.int32] = np.zeros(0, np.int32)
        self._owners: NDArray[np.int32] = np.zeros(0, np.int32)
        self._sizes: NDArray[np.int16] = np.zeros(0, np.int16)
        self._built = 0
        self._counts: NDArray[np.int16] = np.zeros(0, np.int16)

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
        """(number, similarity) of the terms in use most like a word: shared bigrams first, then edit similarity."""
        if not self.terms:
            return []
        pool = [*self._pool(word), *range(self._built, len(self.terms))]
        scored = [(n, OSA.normalized_similarity(word, self.terms[n], score_cutoff=least)) for n in pool]
        found = sorted((pair for pair in scored if pair[1] >= least), key=lambda pair: (-pair[1], self.terms[pair[0]]))
        return list(islice((pair for pair in found if held(pair[0])), limit))

    def _pool(self, word: str) -> Sequence[int]:
        self._build()
        counts = self._counts
        touched = []
        for key in set(_bigrams(word)):
            low, high = np.searchsorted(self._keys, (key, key + 1))
            owners = self._owners[low:high]
            counts[owners] += 1
            touched.append(owners)
        if not touched:
            return []
        candidates = np.concatenate(touched)
        shared = counts[candidates] * 2.0 / (self._sizes[candidates] + len(word) + 1)
        if len(candidates) > _POOL * 4:
            least = np.partition(shared, -_POOL * 4)[-_POOL * 4]
            found = np.unique(candidates[shared >= least])  # with those that tie
        else:
            found = np.unique(candidates)
        counts[candidates] = 0
        return [int(n) for n in found]

    def _build(self) -> None:
        """(Re)build the bigram lists when a tenth of the terms is new."""
        if self._built and len(self.terms) < self._built * 1.1 + 50:
            return
        sizes = np.fromiter((len(set(_bigrams(term))) for term in self.terms), np.int32, len(self.terms))
        keys = np.fromiter((key for term in self.terms for key in set(_bigrams(term))), np.int32, int(sizes.sum()))
        owners = np.repeat(np.arange(len(self.terms), dtype=np.int32), sizes)
        order = np.argsort(keys, kind="stable")
        self._keys, self._owners = keys[order], owners[order]
        self._sizes = np.array([len(term) + 1 for term in self.terms], np.int16)
        self._counts = np.zeros(len(self.terms), np.int16)
        self._built = len(self.terms)


def _bigrams(word: str) -> list[int]:
    padded = f"^{word}$"
    return [(ord(a) * 257 + ord(b)) % _MAX for a, b in pairwise(padded)]
