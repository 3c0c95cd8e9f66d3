"""When to answer: a probability out of features and leads, and the word for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from bot.search.decision import (
    FEATURES,
    LEADS,
    LIKELY,
    MAYBE,
    MEANING,
    QUESTION,
    QUOTATION,
    Floats,
    Model,
    certainty,
    confidence_of,
)

NOTHING, EVERYTHING = np.zeros(len(FEATURES), np.float32), np.ones(len(FEATURES), np.float32)
HALF = np.full(len(FEATURES), 0.5, np.float32)


def numbers(*given: float) -> Floats:
    """Numbers as the models hold them."""
    return np.array(given, np.float32)


def model(weights: Sequence[float], bias: float = 0.0, features: int = 2) -> Model:
    """A model of so many features; the other weights are of leads."""
    return Model(numbers(*([1.0] * features)), numbers(*weights), bias)


@pytest.mark.parametrize(
    ("made", "features", "leads", "odds"),
    [
        (model([1, 2]), [0, 0], [], 0),
        (model([1, 2]), [3, 1], [], 5),
        (model([1, 2]), [3, -1], [], 1),
        (model([1, 2], 0.5), [3, 1], [], 5.5),
        (model([1, 2], -4), [0, 0], [], -4),
        (model([1, 2, 4]), [1, 1], [0.5], 5),
        (model([1, 2, 4], -1), [1, 1], [-0.5], 0),
        (model([1, 2, 4, 8]), [0, 0], [0.5, 0.25], 4),
        (model([1, 2, 4]), [0, 0], [0.5, 9, 9], 2),
        (model([1, 2]), [0, 0], [9], 0),
        (model([1, 2, 4]), [1, 1, 9, 9], [1], 7),
        (model([3, 5], features=1), [1], [2], 13),
    ],
)
def test_certainty_is_the_logistic_of_the_weighted_sum(
    made: Model, features: list[float], leads: list[float], odds: float
) -> None:
    expected = math.exp(odds) / (math.exp(odds) + 1)
    assert certainty(made, numbers(*features), leads) == pytest.approx(expected)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_huge_sum_is_a_probability_still(sign: float) -> None:
    sure = certainty(model([sign * 1e6, 0]), EVERYTHING, [])
    assert sure == pytest.approx(1 / (1 + math.exp(-30 * sign)), rel=1e-6)
    assert 0 < sure < 1


@pytest.mark.parametrize("made", [QUOTATION, QUESTION, MEANING])
def test_nothing_in_common_is_no_answer_and_everything_is_a_likely_one(made: Model) -> None:
    even = [3.9, 0.0, 1.0, 0.0, 0.0]  # fifty candidates alike, the question's names nowhere
    alone = [0.0, 1.0, 0.0, 0.0, 0.0]
    assert certainty(made, NOTHING, [*[0.0] * len(LEADS), *even]) < 0.01
    assert certainty(made, EVERYTHING, [*[1.0] * len(LEADS), *alone]) >= LIKELY


@pytest.mark.parametrize("made", [QUOTATION, QUESTION])
def test_a_lead_over_the_next_makes_surer(made: Model) -> None:
    leads = [0.0, *([0.5] * (len(LEADS) - 1))]
    before = certainty(made, HALF, leads)
    assert certainty(made, HALF, [0.5, *leads[1:]]) > before


def test_words_alone_know_no_meaning() -> None:
    near = NOTHING.copy()
    near[FEATURES.index("meaning")] = 1.0
    for made, tells in ((QUOTATION, False), (QUESTION, False), (MEANING, True)):
        surer = certainty(made, near, [0.0] * 4) > certainty(made, NOTHING, [0.0] * 4)
        assert surer is tells


@pytest.mark.parametrize(
    ("sure", "word"),
    [(0.0, "maybe"), (MAYBE, "maybe"), (0.7999, "maybe"), (LIKELY, "likely"), (1.0, "likely")],
)
def test_a_probability_in_words(sure: float, word: str) -> None:
    assert confidence_of(sure) == word


def test_a_fitted_model_stays_as_it_was_fitted() -> None:
    with pytest.raises(FrozenInstanceError):
        QUESTION.bias = 0.0  # type: ignore[misc]
