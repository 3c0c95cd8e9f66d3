"""When to answer: a logistic model over the first candidate's features and its lead over the next.

The weights were fitted by ``bench/fit.py``, leaving one matching set out at a time; the bench's help says how.
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
RANK_QUESTION: NDArray[np.float32] = np.array([0.476, 0.163, 0.272, 0.178, 0.122, 0.247, 0.0, 0.094, 0.676], np.float32)
"""The same for a reader's question over whole articles: what surrounds a quote counts more."""
WEIGHTS: NDArray[np.float32] = np.array(
    [4.279, 2.108, -0.208, 4.745, -0.367, 4.403, 4.055, 0.726, 0.0, 5.417], np.float32
)
"""Weights of the features and, last, of the lead in the decision."""
BIAS = -12.676
WEIGHTS_QUESTION: NDArray[np.float32] = np.array(
    [2.109, 0.903, 1.875, -0.377, 0.553, 0.995, 0.641, 0.786, -0.929, -1.451], np.float32
)
BIAS_QUESTION = -1.858
"""The same for a reader's question over whole articles, fitted on ``seeds/gold/questions_tune.jsonl``."""
NAMED = 0.7
"""Log odds added where the question names a quoted speaker and its subject stands in the quote's sentence: that
person's words are on it sooner than a stranger's. Chosen on ``bench/search.py --named``: twice the answers where the subject stands beside the
quote, no more where it stands elsewhere in the article."""
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
