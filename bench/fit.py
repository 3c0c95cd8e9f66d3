"""Fit the weights of ``bot/search/decision.py``, and say how well they do on sets that they were
not fitted on.

    fit.py SET.json SET.json …

For each set the model is fitted on the others: the printed figures are those of the left-out set.
The last line holds the weights fitted on all. Ranking: a softmax over each query's candidates;
decision: weighted logistic regression (Newton's method), every set counting the same.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from search_sets import index_of, load_set, rankings

from bot.search.readings import SAME

Floats = NDArray[np.float64]
Query = tuple[Floats, NDArray[np.bool_], NDArray[np.bool_], list[str]]
STEPS, RATE, SHARPNESS = 400, 0.5, 12.0


def queries(path: Path) -> list[Query]:
    """For each query: its candidates' features, which are right, which are taken out, and their
    texts.
    """
    matching = load_set(path)
    docs, found = matching["docs"], []
    for query, _, ranked, _ in rankings(matching, index_of(matching)):
        right = set(matching["qrels"][query])
        out = right | {docs[doc].get("group", doc) for doc in right}
        ids = [item.entry.quote_id for item in ranked]
        features = np.array([item.features for item in ranked], float).reshape(len(ranked), -1)
        gone = np.array([i in out or docs[i].get("group", i) in out for i in ids], bool)
        found.append(
            (
                features,
                np.array([i in right for i in ids], bool),
                gone,
                [item.text for item in ranked],
            )
        )
    return found


def fit_ranking(sets: Sequence[Sequence[Query]]) -> Floats:
    """Weights under which the right candidates come first."""
    items = [
        (features, right) for queries in sets for features, right, _, _ in queries if right.any()
    ]
    weights = np.full(items[0][0].shape[1], 0.2)
    for _ in range(STEPS):
        step = np.zeros_like(weights)
        for features, right in items:
            values = SHARPNESS * (features @ weights)
            chance = np.exp(values - values.max())
            chance /= chance.sum()
            wanted = chance * right / (chance @ right)
            step += (wanted - chance) @ features
        weights += RATE * (step / len(items) - 1e-3 * weights)
    return weights


def firsts(
    queries: Sequence[Query], weights: Floats
) -> list[tuple[Floats | None, bool, Floats | None]]:
    """(features and lead of the first, is it right, the same with the right ones taken out) of each
    query.
    """

    def first(
        features: Floats, keep: NDArray[np.bool_], texts: list[str]
    ) -> tuple[Floats | None, int]:
        places = np.flatnonzero(keep)
        if not len(places):
            return None, -1
        order = places[np.argsort(-(features[places] @ weights))]
        best = order[0]
        other = next(
            (at for at in order[1:10] if fuzz.token_set_ratio(texts[best], texts[at]) < SAME), None
        )
        top = features[best] @ weights
        lead = 1.0 - (features[other] @ weights / top if other is not None and top > 0 else 0.0)
        return np.append(features[best], lead), int(best)

    found = []
    for features, right, gone, texts in queries:
        top, at = first(features, np.ones(len(right), bool), texts)
        left, _ = first(features, ~gone, texts)
        found.append((top, at >= 0 and bool(right[at]), left))
    return found


def fit_decision(sets: Sequence[Sequence[tuple[Floats | None, bool, Floats | None]]]) -> Floats:
    """Logistic weights, the bias last."""
    rows, labels, shares = [], [], []
    for found in sets:
        own = [(top, hit) for top, hit, _ in found if top is not None] + [
            (left, False) for _, _, left in found if left is not None
        ]
        rows += [np.append(features, 1.0) for features, _ in own]
        labels += [float(hit) for _, hit in own]
        shares += [1000.0 / len(own)] * len(own)
    x, y, w = np.array(rows), np.array(labels), np.array(shares)
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        curve = (x * (w * p * (1 - p) + 1e-6)[:, None]).T @ x + 0.1 * np.eye(len(weights))
        weights += np.linalg.solve(curve, x.T @ (w * (y - p)) - 0.1 * weights)
    return weights


def right_at_5(
    found: Sequence[tuple[Floats | None, bool, Floats | None]], weights: Floats
) -> float:
    """Share answered rightly at the threshold where 5 % of the false ones would be answered."""

    def sure(features: Floats | None) -> float:
        return (
            float(1 / (1 + np.exp(-(np.append(features, 1.0) @ weights))))
            if features is not None
            else 0.0
        )

    wrong = sorted(sure(left) for _, _, left in found)
    threshold = wrong[min(len(wrong) - 1, int(0.95 * len(wrong)))]
    return float(np.mean([hit and sure(top) > threshold for top, hit, _ in found]))


def main(files: Sequence[str]) -> None:
    """Leave one out, then fit on all."""
    sets = {Path(path).stem: queries(Path(path)) for path in files}
    for name, own in sets.items():
        rest = [queries for other, queries in sets.items() if other != name]
        ranking = fit_ranking(rest)
        decision = fit_decision([firsts(queries, ranking) for queries in rest])
        mine = firsts(own, ranking)
        print(
            f"{name}: left out, R@1 {np.mean([hit for _, hit, _ in mine]):.3f}, right at 5 % false "
            f"{right_at_5(mine, decision):.3f}"
        )
    ranking = fit_ranking(list(sets.values()))
    decision = fit_decision([firsts(queries, ranking) for queries in sets.values()])
    print(
        "RANK",
        np.round(ranking, 3).tolist(),
        "WEIGHTS",
        np.round(decision[:-1], 3).tolist(),
        "BIAS",
        round(float(decision[-1]), 3),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
