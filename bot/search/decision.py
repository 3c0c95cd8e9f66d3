"""When to answer: a logistic model over the first candidate's features and its lead over the next.

The weights were fitted by ``bench/fit.py``, leaving one matching set out at a time; the bench's help says how.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bot.domain.model import Confidence

FEATURES = ("bm25", "text", "anywhere", "partial", "tokens", "matched", "asked", "exact")
"""Share of the best BM25 possible; share of the question's weight in the quote's words, and in what surrounds it;
rapidfuzz's partial and token set ratios; share of words matched; how many were asked; share matched exactly."""
RANK: NDArray[np.float32] = np.array([0.30, 0.25, 0.15, 0.15, 0.15, 0.0, 0.0, 0.0], np.float32)
"""Weights of the features in the order of the answers."""
WEIGHTS: NDArray[np.float32] = np.array([2.0, 3.0, 3.0, 1.0, 1.0, 1.0, 0.0, 1.0, 3.0], np.float32)
"""Weights of the features and, last, of the lead in the decision."""
BIAS = -6.0
MAYBE, LIKELY = 0.5, 0.8
"""Least probability of a possible and of a likely answer."""


def certainty(features: NDArray[np.float32], lead: float) -> float:
    """The probability (0 to 1) that a candidate with these features answers."""
    value = float(WEIGHTS[:-1] @ features) + float(WEIGHTS[-1]) * lead + BIAS
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def confidence_of(sure: float) -> Confidence:
    """In words."""
    return "likely" if sure >= LIKELY else "maybe"
