"""Candidates and the ways to read what was asked: each has its order and its certainty, the surest
holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.search.asked import Asked
from bot.search.decision import AROUND, MEANING, NEARNESS, QUOTATION, Model, certainty
from bot.search.entries import Entry
from bot.search.evidence import entropy
from bot.search.view import View

SAME = 92.0
"""Two texts at least this alike (rapidfuzz token_set_ratio) are one quote told twice."""
BESIDE = 0.6
"""Share of the question's weight in a quote and its surroundings from which on its sentence holds
most of it.
"""
_NEAR = 0.55  # answers must reach this share of the best one's score

Place = tuple[View, int, int]
"""An index, the number of a segment of it, and a quote's number there."""


@dataclass(slots=True)
class Ranked:
    """A quote with its score by a ``model``, its words' terms as text, and what the score rests on.

    ``question`` is the model by which it may be judged as an answer to a question; None: only as a
    quotation.
    """

    place: Place
    score: float
    features: NDArray[np.float32]
    text: str
    asked: Sequence[Asked] = ()
    held: Sequence[bool] = ()
    question: Model | None = None
    model: Model = QUOTATION
    _entry: Entry | None = None

    @property
    def entry(self) -> Entry:
        """What the index knows of the quote; looked up when first needed, since most candidates are
        never shown.
        """
        if self._entry is None:
            index, segment, doc = self.place
            self._entry = index.entry(segment, doc)
        return self._entry

    def same_article(self, other: Ranked) -> bool:
        """Do both stand in one article?"""
        (index, segment, doc), (_, other_segment, other_doc) = self.place, other.place
        return bool(
            index.segments[segment].article[doc] == index.segments[other_segment].article[other_doc]
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The question's words that the quote or its surroundings hold."""
        return tuple(item.word for item, held in zip(self.asked, self.held, strict=True) if held)


def readings(
    found: Sequence[Ranked],
    named: bool,
    evidence: Callable[[Ranked], Sequence[float]] = lambda _: (),
) -> list[tuple[float, list[Ranked]]]:
    """(certainty, ranking) of each way to read what was asked, the surest first; ``evidence`` tells
    more of a ranking's first one.
    """
    models = [QUOTATION, *([found[0].question] if found[0].question else [])]
    ranked = [_by(model, found) for model in models]
    return sorted(
        ((_certainty(reading, named, evidence), reading) for reading in ranked),
        key=lambda reading: -reading[0],
    )


def near_ones(ranked: Sequence[Ranked], sure: float) -> list[Ranked]:
    """The best and those near it, their scores as shares of its certainty."""
    best = max((item.score for item in ranked), default=0.0)
    near = (
        [item for item in ranked if item.score >= _NEAR * best and _touched(item)]
        if best > 0
        else list(ranked[:1])
    )
    for item in near:
        item.score = round(sure * item.score / max(best, 1e-6), 4)
    return near


def _by(model: Model, found: Sequence[Ranked]) -> list[Ranked]:
    """The candidates in a model's order, with its scores."""
    scores = (
        np.stack([item.features for item in found])[:, : len(model.rank)] @ model.rank
    ).tolist()
    ranked = [
        replace(item, score=score, model=model) for item, score in zip(found, scores, strict=True)
    ]
    return sorted(ranked, key=lambda item: (-round(item.score, 5), item.entry.quote_id))


def _certainty(
    ranked: Sequence[Ranked], named: bool, evidence: Callable[[Ranked], Sequence[float]]
) -> float:
    """The probability that the first answers, from its features and its leads."""
    first = ranked[0]
    other = next((item for item in ranked[1:] if not alike(first, item)), None)
    lead = 1.0 - (other.score / first.score if other and first.score > 0 else 0.0)
    if first.model is QUOTATION:
        return certainty(QUOTATION, first.features, [lead])
    beside = named and bool(first.features[AROUND] >= BESIDE)
    leads = [
        0.0 if other is None else lead,
        *_leads(ranked),
        float(beside),
        entropy([item.score for item in ranked]),
        *evidence(first),
    ]  # a lead over nobody tells nothing
    return certainty(first.model, first.features, leads)


def _leads(ranked: Sequence[Ranked]) -> tuple[float, float]:
    """How far the first leads the best of another article in score (as a share), and in nearness of
    meaning.
    """
    first = ranked[0]
    others = [item for item in ranked[1:] if not item.same_article(first)]
    if not others:
        return 0.0, 1.0
    nearest = max(float(item.features[NEARNESS]) for item in others)
    share = 1.0 - others[0].score / first.score if first.score > 0 else 0.0
    return share, float(first.features[NEARNESS]) - nearest


def _touched(item: Ranked) -> bool:
    """Is there any word of the question in or around it, or may it be near in other words?"""
    return any(item.held) or item.model is MEANING


def alike(one: Ranked, other: Ranked) -> bool:
    """Are two candidates one quote, or as good as one?"""
    return same_place(one.entry, other.entry) or fuzz.token_set_ratio(one.text, other.text) >= SAME


def same_place(one: Entry, other: Entry) -> bool:
    """Does one hold the other's words, or do both stand, as parts, in one sentence?"""
    if one.article_id != other.article_id:
        return False
    overlap = one.start < other.end and other.start < one.end
    return overlap or (one.kind == other.kind == "partial" and one.context == other.context)
