"""Fit the weights for readers' questions in ``bot/search/decision.py``, and say how they do on articles left out whole.

    fit_questions.py [--corpus DIR]

Fitted on ``seeds/gold/questions_*tune.jsonl`` and, with ``--corpus``, on its natural questions over the articles of
``fr_dev2.jsonl``, alone and among 300 others. Each question counts twice: with every quote there is, and with its
article taken away, when nothing answers it. The printed figures are those of five fits that each left a fifth of the
articles (and of the unanswerable questions) out; the ``held`` files are fitted on by none. The last line holds the
weights fitted on all. Ranking and decision are those of ``fit.py``.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from extract_rows import article_of, load
from fit import Floats, Query, firsts, fit_decision, fit_ranking
from search_natural import GOLD, Articles, desk_over, right

from bot.domain.model import Match, Why
from bot.search.decision import BIAS, WEIGHTS
from bot.search.matcher import Ranked
from bot.search.question import parse_question
from bot.services.desk import Desk

FOLDS, OTHERS = 5, 300
LEAN = 1.28
"""Added to the fitted bias: answers from a probability of .22 on, since a possible answer is shown as one. Left out,
that answered 37 of 111 natural questions rightly and 9 of the 18 unanswerable ones that got as far as the decision
(others are held back before it); without it, 15 and 4."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates; ``group`` is its article, left out as a whole."""

    group: str
    answerable: bool
    candidates: Query

    @property
    def fold(self) -> int:
        """In which fifth it lies."""
        return zlib.crc32(self.group.encode()) % FOLDS


def asked(
    desk: Desk, rows: list[dict[str, Any]], hit: Callable[[dict[str, Any], Ranked], bool], wanted: str
) -> Iterator[Asked]:
    """The questions of a file that reach the decision."""
    for row in rows:
        question = parse_question(row["q"], desk.index)
        ranked = desk.ask.matcher.order(question, desk.index) if question.words and not question.unknown_names else []
        if ranked and ranked[0].question:
            rights = np.array([bool(row[wanted]) and hit(row, item) for item in ranked], bool)
            articles = {item.entry.article_id for item, good in zip(ranked, rights, strict=True) if good}
            gone = np.array([item.entry.article_id in articles for item in ranked], bool)
            features = np.array([item.features for item in ranked], float)
            yield Asked(
                row.get("article") or row["q"],
                bool(row[wanted]),
                (features, rights, gone, [item.text for item in ranked]),
            )


def own() -> dict[str, list[Asked]]:
    """The project's question files over its gold articles."""
    desk = desk_over(sorted(path for path in GOLD.glob("*.jsonl") if not path.stem.startswith("questions")))
    known = {q.id: Match(q, a, 0.0, Why((), False, False, ())) for a in desk.articles(0, 10**6)[0] for q in desk.store.quotes(a.id)}  # fmt: skip

    def hit(row: dict[str, Any], item: Ranked) -> bool:
        return item.entry.quote_id in known and right(known[item.entry.quote_id], row)

    return {path.stem: list(asked(desk, load(path), hit, "expect")) for path in sorted(GOLD.glob("questions_*.jsonl"))}


def corpus(folder: Path, others: int) -> list[Asked]:
    """The corpus's natural questions; right is a quote that shares half of the shorter span with an answer."""
    desk, names = Desk.over(Articles()), {}
    with gzip.open(folder / "fr_plain.jsonl.gz", "rt", encoding="utf-8") as plain:
        more = [json.loads(line) for line in islice(plain, others)]
    for document in [*load(folder / "fr_dev2.jsonl"), *more]:
        article = article_of(document)
        names[article.id] = document["id"]
        desk.ingest(article)
    desk.size()

    def hit(row: dict[str, Any], item: Ranked) -> bool:
        entry = item.entry
        return names.get(entry.article_id) == row["article"] and any(
            2 * (min(end, entry.end) - max(start, entry.start)) >= (short := min(end - start, entry.end - entry.start)) > 0
            and 5 * short >= max(end - start, entry.end - entry.start)
            for start, end in row["answers"]
        )  # fmt: skip

    return list(asked(desk, load(folder / "questions_natural.jsonl"), hit, "answers"))


def fit(sets: list[list[Asked]]) -> tuple[Floats, Floats]:
    """Weights of the ranking, and of the decision with its bias last."""
    queries = [[one.candidates for one in found] for found in sets]
    ranking = fit_ranking(queries)
    decision = fit_decision([firsts(found, ranking) for found in queries])
    decision[-1] += LEAN
    return ranking, decision


def answers(features: Floats | None, decision: Floats) -> bool:
    """Is it shown, as an answer to a question or as a quotation?"""
    if features is None:
        return False
    return float(features @ decision[:-1]) + decision[-1] >= 0 or float(features @ WEIGHTS) + BIAS >= 0


def main() -> None:
    """Leave a fifth out at a time, then fit on all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    folder = parser.parse_args().corpus
    sets = own()
    if folder:
        sets |= {"natural": corpus(folder, 0), f"natural among {OTHERS}": corpus(folder, OTHERS)}
    counts = {name: np.zeros(6, int) for name in sets}
    fitted = {name: found for name, found in sets.items() if not name.endswith("_held")}
    for fold in range(FOLDS):
        ranking, decision = fit([[one for one in found if one.fold != fold] for found in fitted.values()])
        for name, found in sets.items():
            left = [one for one in found if one.fold == fold]
            for one, (top, hit, without) in zip(left, firsts([one.candidates for one in left], ranking), strict=True):
                shown = answers(top, decision)
                taken = bool(one.candidates[2].any()) and answers(without, decision)
                if one.answerable:
                    counts[name] += [1, shown and hit, shown and not hit, taken, 0, 0]
                else:
                    counts[name] += [0, 0, 0, 0, 1, shown]
    for name, (n, good, wrong, taken, none, false) in counts.items():
        print(f"{name}: left out, {n} answerable: {good} right first, {wrong} another, {taken} answered without their article; {false} of {none} unanswerable answered")  # fmt: skip
    ranking, decision = fit(list(fitted.values()))
    print("RANK_QUESTION", np.round(ranking, 3).tolist(), "WEIGHTS_QUESTION", np.round(decision[:-1], 3).tolist(), "BIAS_QUESTION", round(float(decision[-1]), 3))  # fmt: skip


if __name__ == "__main__":
    main()
