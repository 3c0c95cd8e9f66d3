"""In which order, and when to answer: a logistic model over the first candidate's features and its
leads.

The weights for quotations were fitted by ``bench/fit.py``, leaving one matching set out at a time,
those for questions by ``bench/fit_questions.py``, leaving whole articles out; the benches' help
says how.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.model import Confidence

FEATURES = (
    "bm25",
    "text",
    "anywhere",
    "partial",
    "tokens",
    "matched",
    "asked",
    "exact",
    "article",
    "meaning",
)
"""Share of the best BM25 possible; share of the question's weight in the quote's words, and in what
surrounds it; rapidfuzz's partial and token set ratios; share of words matched; how many were asked;
share matched exactly; share of the question's weight in the whole article; and, where there is an
encoder, likeness in meaning.
"""
AROUND, NEARNESS = FEATURES.index("anywhere"), FEATURES.index("meaning")
WHOLE = FEATURES.index("article")
USUAL, SPREAD = 0.8, 0.1
"""The likeness in meaning is the cosine, less the first, over the second: E5's cosines lie between
0.7 and 1 (its authors say so: it was trained with a low temperature).
"""
LEADS = ("lead", "article", "meaning", "named")
"""How far the first leads the next different quote, and the next article, as a share of its score;
how far it is nearer in meaning than the nearest quote of another article; and, 1 or 0, whether the
question names its speaker while its sentence holds the question's subject: that person's words are
on it sooner than a stranger's.
"""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """``rank``: weights of the features in the order of the answers; ``weights``: of the features
    and, after them, of the leads in the decision; each has as many as it knows.
    """

    rank: Floats
    weights: Floats
    bias: float


def _model(rank: Sequence[float], weights: Sequence[float], bias: float) -> Model:
    return Model(np.array(rank, np.float32), np.array(weights, np.float32), bias)


QUOTATION = _model(
    [0.81, -0.277, 0.848, 0.384, 0.204, 0.13, 0.0, -0.067, 0.0],
    [4.279, 2.108, -0.208, 4.745, -0.367, 4.403, 4.055, 0.726, 0.0, 5.417],
    -12.676,
)
"""For words of a quotation. Meaning would not help: fitted with it, the sets of typed-in quotations
do as without.
"""
QUESTION = _model(
    [0.395, -0.201, 0.714, -0.088, 0.349, 0.427, 0.164, -0.318, 0.644],
    [3.313, 0.265, -0.812, -2.167, -0.918, 4.251, 4.325, -1.013, 4.432, 3.387, 0.0, 0.0, 2.0],
    -5.476,
)
"""For a reader's question over whole articles, by words alone. The last was chosen on
``bench/search.py --named``; fitted anew with the evidence, too, it answered no more and stayed
silent less often where it should.
"""
MEANING = _model(
    [-0.054, -0.162, 0.391, -0.172, 0.221, 0.234, 0.164, -0.209, 0.439, 0.737],
    [
        *(0.322, -0.218, 1.288, 0.046, -0.684, 0.109, 2.59, 0.032, 0.526, 1.999),
        *(-0.059, 0.749, 0.217, 1.736),
        *(-0.657, 0.489, -1.222, -0.823, 1.526),
    ],
    -3.125,
)
"""The same with meaning beside words: features, leads, evidence. Its bias asks for .55 where .5
would be as likely as not: the nearest quotes are shown below, too, and a false answer costs more
than a doubtful one (``bench/fit_questions.py``).
"""
NEAR, MAYBE, LIKELY = 0.1, 0.5, 0.8
"""Least probability of what is shown as near, of a possible and of a likely answer."""
FEW, NEAR_IN_FEW = 5, 0.05
"""Articles below which a store is small; the least probability of what is near there, where the
rarity of a word tells nothing yet.
"""
SHARED, LONELY = 0.5, 0.2
"""The share of a question from which on what holds it may be near; the least probability of what is
near though it holds less.
"""


def certainty(model: Model, features: Floats, leads: Sequence[float]) -> float:
    """The probability (0 to 1) that a candidate with these features and leads answers."""
    count = len(model.rank)
    value = float(model.weights[:count] @ features[:count]) + model.bias
    more = np.asarray(leads[: len(model.weights) - count], np.float32)
    value += float(model.weights[count : count + len(more)] @ more)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def confidence_of(sure: float) -> Confidence:
    """In words."""
    return "likely" if sure >= LIKELY else "maybe"
