"""When to answer: a logistic model over the first candidate's features and its lead over the next.

The weights for quotations were fitted by ``bench/fit.py``, leaving one matching set out at a time, those for
questions by ``bench/fit_questions.py``, leaving whole articles out; the benches' help says how.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bot.domain.model import Confidence

FEATURES = ("bm25", "text", "anywhere", "partial", "tokens", "matched", "asked", "exact", "article")
"""Share of the best BM25 possible; share of the question's weight in the quote's words, and in what surrounds it;
rapidfuzz's partial and token set ratios; share of words matched; how many were asked; share matched exactly;
and share of the question's weight in the whole article."""
AROUND = FEATURES.index("anywhere")
RANK: NDArray[np.float32] = np.array([0.81, -0.277, 0.848, 0.384, 0.204, 0.13, 0.0, -0.067, 0.0], np.float32)
"""Weights of the features in the order of the answers."""
RANK_QUESTION: NDArray[np.float32] = np.array(
    [0.395, -0.201, 0.714, -0.088, 0.349, 0.427, 0.164, -0.318, 0.644], np.float32
)
"""The same for a reader's question over whole articles: what surrounds a quote counts more."""
WEIGHTS: NDArray[np.float32] = np.array(
    [4.279, 2.108, -0.208, 4.745, -0.367, 4.403, 4.055, 0.726, 0.0, 5.417], np.float32
)
"""Weights of the features and, last, of the lead in the decision."""
BIAS = -12.676
WEIGHTS_QUESTION: NDArray[np.float32] = np.array(
    [3.313, 0.265, -0.812, -2.167, -0.918, 4.251, 4.325, -1.013, 4.432, 3.387], np.float32
)
BIAS_QUESTION = -5.476
"""The same for a reader's question over whole articles, from ``bench/fit_questions.py --corpus``."""
NAMED = 2.0
"""Log odds added where the question names a quoted speaker and its subject stands in the quote's sentence: that
person's words are on it sooner than a stranger's. Chosen on ``bench/search.py --named``: of questions whose subject
stands beside the quote, .957 are answered, and no more than without it where it stands elsewhere."""
MAYBE, LIKELY = 0.5, 0.8
"""Least probability of a possible and of a likely answer."""


def certainty(features: NDArray[np.float32], lead: float, question: bool = False, named: bool = False) -> float:
    """The probability (0 to 1) that a candidate with these features answers.

    ``question``: a reader's, over whole articles; ``named``: which names the candidate's speaker and whose subject
    stands in the quote or beside it.
    """
    weights, bias = (WEIGHTS_QUESTION, BIAS_QUESTION + NAMED * named) if question else (WEIGHTS, BIAS)
    value = float(weights[:-1] @ features) + float(weights[-1]) * lead + bias
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def confidence_of(sure: float) -> Confidence:
    """In words."""
    return "likely" if sure >= LIKELY else "maybe"
