"""Fit the weights for readers' questions in ``bot/search/decision.py``, and say how they do on
articles left out whole.

    fit_questions.py [--corpus DIR] [--questions FILE …] [--held FILE …] [--words] [--shipped]

Fitted on ``seeds/gold/questions_*tune.jsonl``; with ``--corpus`` on its natural questions over the
articles of ``fr_dev2.jsonl``, alone and among 300 others; and on each ``--questions`` file, which
has the format of ``questions_natural.jsonl`` over articles of ``fr_plain.jsonl.gz``, likewise. Each
question counts twice: with every quote there is, and with its article taken away, when nothing
answers it. The printed figures are those of five fits that each left a fifth of the articles (and
of the unanswerable questions) out; ``--held`` files, and the project's own of that name, are fitted
on by none. Then comes a table of reliability (how often answers of some certainty are right) over
all that was left out, and the weights fitted on all. ``--words``: by words alone. ``--shipped``
fits nothing and measures the weights that ship.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import gzip
import json
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import search_named
from extract_rows import article_of, load
from fit import Floats, fit_ranking
from numpy.typing import NDArray
from rapidfuzz import fuzz
from search_natural import GOLD, Articles, right, stored

from bot.domain.answer import Match, Why
from bot.meaning.encoders import open_encoder
from bot.meaning.meaning import Meaning
from bot.meaning.vectors import Vectors
from bot.search.decision import AROUND, FEATURES, LEADS, MAYBE, NEAR, NEARNESS
from bot.search.evidence import EVIDENCE, entropy
from bot.search.question import parse_question
from bot.search.readings import BESIDE, SAME, Ranked
from bot.search.terms import words
from bot.services.desk import Desk

MADE = 0.2
"""What one of the many made questions of ``search_named.py`` counts beside one that somebody wrote.
"""
FOLDS, OTHERS, STEPS, DECAY = 5, 300, 60, 1.0
CAREFUL = -0.2
"""Added to the bias: what is answered is right with .55 and more."""
BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
Hit = Callable[[dict[str, Any], Ranked], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates; ``group`` is its article, left out as a whole."""

    group: str
    answerable: bool
    features: Floats
    right: NDArray[np.bool_]
    gone: NDArray[np.bool_]
    articles: NDArray[np.str_]
    texts: list[str]
    named: bool
    evidence: Floats
    """Of each candidate, were it the first: all of ``EVIDENCE`` but the entropy."""

    @property
    def fold(self) -> int:
        """In which fifth it lies."""
        return zlib.crc32(self.group.encode()) % FOLDS


@dataclass(frozen=True, slots=True)
class First:
    """The first of a ranking: its features with its leads, and whether it is right."""

    features: Floats
    right: bool
    three: list[bool]
    """Is each of the first three right?"""


def meaning() -> Meaning | None:
    """The encoder, with vectors kept for the next run."""
    encoder = open_encoder()
    if encoder is None:
        return None
    return Meaning(
        encoder, Vectors(encoder.size, Path(tempfile.gettempdir()) / f"verbatim-fit.{encoder.name}")
    )


def asked(desk: Desk, rows: list[dict[str, Any]], hit: Hit, wanted: str) -> Iterator[Asked]:
    """The questions of a file that reach the decision."""
    for row in rows:
        question = parse_question(row["q"], desk.index)
        searched = question.words and not question.unknown_names
        ranked = desk.ask.matcher.candidates(question, desk.index) if searched else []
        if ranked and ranked[0].question:
            rights = np.array([bool(row[wanted]) and hit(row, item) for item in ranked], bool)
            articles = np.array([item.entry.article_id for item in ranked])
            gone = np.isin(articles, articles[rights])
            features = np.array([item.features for item in ranked], float)
            texts = [item.text for item in ranked]
            group, named = row.get("article") or row["q"], bool(question.speaker_ids)
            more = np.array([desk.ask.matcher.evidence(question, item) for item in ranked], float)
            yield Asked(
                group, bool(row[wanted]), features, rights, gone, articles, texts, named, more
            )


@dataclass(slots=True)
class Levels:
    """How questions end: answerable ones sure and right, sure and wrong, near with the right quote
    among the three, near without, with nothing; unanswerable ones sure, near.
    """

    right: int = 0
    wrong: int = 0
    near: int = 0
    near_wrong: int = 0
    silent: int = 0
    false: int = 0
    false_near: int = 0
    answerable: int = 0
    unanswerable: int = 0

    def add(self, answerable: bool, level: str, hits: Sequence[bool]) -> None:
        """Count one answer; ``hits``: is each of its first three right?"""
        if not answerable:
            self.unanswerable += 1
            self.false += level == "sure"
            self.false_near += level == "near"
            return
        self.answerable += 1
        self.right += level == "sure" and hits[:1] == [True]
        self.wrong += level == "sure" and hits[:1] != [True]
        self.near += level == "near" and any(hits)
        self.near_wrong += level == "near" and not any(hits)
        self.silent += level == "none"

    def __str__(self) -> str:
        return (
            f"{self.answerable} answerable: sure {self.right} right, {self.wrong} wrong; near "
            f"{self.near} with the right one, {self.near_wrong} without; silent {self.silent}; of "
            f"{self.unanswerable} unanswerable {self.false} sure, {self.false_near} near"
        )


def shipped(desk: Desk, rows: list[dict[str, Any]], hit: Hit, wanted: str) -> Levels:
    """What the weights that ship make of a file of questions."""
    levels = Levels()
    for row in rows:
        answer = desk.ask(row["q"])
        hits = [bool(row[wanted]) and hit(row, _ranked(match)) for match in answer.matches[:3]]
        levels.add(bool(row[wanted]), answer.level, hits)
    return levels


def _ranked(match: Match) -> Any:
    """A match as what is asked whether it is right."""
    entry = SimpleNamespace(
        quote_id=match.quote.id,
        article_id=match.article.id,
        start=match.quote.start,
        end=match.quote.end,
    )
    return SimpleNamespace(entry=entry)


def own(model: Meaning | None) -> dict[str, list[Asked]]:
    """The project's question files over its gold articles."""
    desk = Desk.over(Articles(), meaning=model)
    for path in sorted(
        path for path in GOLD.glob("*.jsonl") if not path.stem.startswith("questions")
    ):
        for document in load(path):
            desk.ingest(article_of(document))
    desk.encode()
    known = {q.id: Match(q, a, 0.0, Why()) for a in stored(desk) for q in desk.store.quotes(a.id)}

    def hit(row: dict[str, Any], item: Ranked) -> bool:
        return item.entry.quote_id in known and right(known[item.entry.quote_id], row)

    found = {
        path.stem: list(asked(desk, load(path), hit, "expect"))
        for path in sorted(GOLD.glob("questions_*.jsonl"))
    }
    rows = [
        {"q": question, "word": word, "article": article, "there": kind in ("quote", "sentence")}
        for kind, question, word, article in search_named.asked(desk)
    ]

    def holds(row: dict[str, Any], item: Ranked) -> bool:
        match = known.get(item.entry.quote_id)
        sentence = match.article.text[slice(*match.quote.context)] if match else ""
        return match is not None and row["word"] in words(sentence)

    return found | {"named": list(asked(desk, rows, holds, "there"))}


def press(
    folder: Path,
    files: Sequence[Path],
    others: int,
    model: Meaning | None,
    only_shipped: bool = False,
) -> dict[str, list[Asked]]:
    """Questions over press articles; right is a quote that shares half of the shorter span with an
    answer.

    ``only_shipped``: print what the weights that ship make of them, and return nothing.
    """
    desk, names = Desk.over(Articles(), meaning=model), {}
    natural = folder / "questions_natural.jsonl"
    rows = {path.stem: load(path) for path in (natural, *files)}
    wanted = {row.get("article") for found in rows.values() for row in found}
    with gzip.open(folder / "fr_plain.jsonl.gz", "rt", encoding="utf-8") as plain:
        documents = [json.loads(line) for line in plain]
    more = list(islice(documents, others)) + [
        row for row in documents[others:] if row["id"] in wanted
    ]
    for document in [*load(folder / "fr_dev2.jsonl"), *more]:
        article = article_of(document)
        names[article.id] = document["id"]
        desk.ingest(article)
    desk.size()
    desk.encode()

    def hit(row: dict[str, Any], item: Ranked) -> bool:
        entry = item.entry
        return names.get(entry.article_id) == row.get("article") and any(
            2 * (min(end, entry.end) - max(start, entry.start))
            >= (short := min(end - start, entry.end - entry.start))
            > 0
            and 5 * short >= max(end - start, entry.end - entry.start)
            for start, end in row["answers"]
        )

    if only_shipped:
        for name, found in rows.items():
            print(
                f"{name} among {others}, as shipped: {shipped(desk, found, hit, 'answers')}",
                flush=True,
            )
        return {}
    return {
        f"{name} among {others}": list(asked(desk, found, hit, "answers"))
        for name, found in rows.items()
    }


def first(one: Asked, ranking: Floats, keep: NDArray[np.bool_]) -> First | None:
    """The first of those kept, as ``Matcher.certainty`` sees it."""
    places = np.flatnonzero(keep)
    if not len(places):
        return None
    scores = one.features[:, : len(ranking)] @ ranking
    order = places[np.argsort(-scores[places], kind="stable")]
    best = order[0]
    top = scores[best]
    other = next(
        (at for at in order[1:] if fuzz.token_set_ratio(one.texts[best], one.texts[at]) < SAME),
        None,
    )
    elsewhere = order[one.articles[order] != one.articles[best]]
    lead = 1.0 - scores[other] / top if other is not None and top > 0 else 0.0
    away = 1.0 - scores[elsewhere[0]] / top if len(elsewhere) and top > 0 else 0.0
    nearness = one.features[:, NEARNESS]
    nearer = nearness[best] - nearness[elsewhere].max() if len(elsewhere) else 1.0
    beside = float(one.named and one.features[best][AROUND] >= BESIDE)
    spread = entropy(scores[places].tolist())
    leads = [lead, away, nearer, beside, spread, *one.evidence[best]]
    return First(
        np.concatenate([one.features[best], leads]),
        bool(one.right[best]),
        one.right[order[:3]].tolist(),
    )


def both(one: Asked, ranking: Floats) -> tuple[First | None, First | None]:
    """The first, and the first without the right article."""
    return first(one, ranking, np.ones(len(one.right), bool)), first(
        one, ranking, ~one.gone
    ) if one.gone.any() else None


def fit(sets: Sequence[Sequence[Asked]], columns: list[int]) -> tuple[Floats, Floats]:
    """Weights of the ranking, and of the decision over some columns with its bias last; the last
    set is the made one.

    That one asks in the articles' own words: it tells when to answer, and nothing of the order.
    """
    count = sum(column < len(FEATURES) for column in columns)
    ranking = fit_ranking(
        [[(q.features[:, :count], q.right, q.gone, q.texts) for q in found] for found in sets[:-1]]
    )
    rows, labels, shares = [], [], []
    for found in sets:
        pairs = [both(one, ranking) for one in found]
        mine = [(top, top.right) for top, _ in pairs if top] + [
            (left, False) for _, left in pairs if left
        ]
        rows += [np.append(top.features[columns], 1.0) for top, _ in mine]
        labels += [float(good) for _, good in mine]
        shares += [MADE if found is sets[-1] else 1.0] * len(mine)
    x, y, w = np.array(rows), np.array(labels), np.array(shares)
    weights = np.zeros(x.shape[1])
    decay = np.full(len(weights), DECAY)
    decay[-1] = 0.0
    for _ in range(STEPS):  # Newton's method
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        curve = (x * (w * p * (1 - p) + 1e-6)[:, None]).T @ x + np.diag(decay + 1e-6)
        weights += np.linalg.solve(curve, x.T @ (w * (y - p)) - decay * weights)
    return ranking, weights


def sure(top: First | None, decision: Floats, columns: list[int]) -> float:
    """The probability that it is right."""
    return (
        float(1 / (1 + np.exp(-(top.features[columns] @ decision[:-1] + decision[-1]))))
        if top
        else 0.0
    )


def level_of(p: float) -> str:
    """What an answer of some certainty is shown as."""
    return "sure" if p >= MAYBE else "near" if p >= NEAR else "none"


def main() -> None:
    """Leave a fifth out at a time, then fit on all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--held", type=Path, nargs="*", default=[])
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--shipped", action="store_true")
    options = parser.parse_args()
    model = None if options.words else meaning()
    if options.shipped:
        if not options.corpus:
            parser.error(
                "--shipped measures press: give --corpus (bench/search.py --natural measures the "
                "project's own)"
            )
        for others in (0, OTHERS):
            press(
                options.corpus,
                [*options.questions, *options.held],
                others,
                model,
                only_shipped=True,
            )
        return
    sets = own(model)
    made = sets.pop("named")
    for others in (0, OTHERS) if options.corpus else ():
        sets |= press(options.corpus, [*options.questions, *options.held], others, model)
    sets["named"] = made
    count = len(FEATURES) if model else NEARNESS
    leads = range(len(FEATURES), len(FEATURES) + len(LEADS) + len(EVIDENCE))
    columns = [*range(count), *leads]
    held = {path.stem for path in options.held}
    fitted = {
        name: found
        for name, found in sets.items()
        if ("among" in name or "plain" in name or name == "named") and name.split()[0] not in held
    }
    counts = {name: Levels() for name in sets}
    gone = {name: Levels() for name in sets}
    seen: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        ranking, decision = fit(
            [[one for one in found if one.fold != fold] for found in fitted.values()], columns
        )
        for name, found in sets.items():
            for one in (one for one in found if one.fold == fold):
                top, left = both(one, ranking)
                p = sure(top, decision, columns)
                seen.append((p, top is not None and top.right))
                counts[name].add(one.answerable, level_of(p), top.three if top else [])
                if left is not None:
                    gone[name].add(False, level_of(sure(left, decision, columns)), [])
    for name in sets:
        taken = gone[name]
        print(
            f"{name}: left out, {counts[name]}; without their article {taken.false} sure, "
            f"{taken.false_near} near of {taken.unanswerable}"
        )
    print("reliability, left out (certainty: questions, mean certainty, share right)")
    for low, high in pairwise(BINS):
        mine = [(p, good) for p, good in seen if low <= p < high]
        if mine:
            print(
                f"  {low:.1f}-{min(high, 1):.1f}: {len(mine):4} "
                f"{np.mean([p for p, _ in mine]):.2f} {np.mean([g for _, g in mine]):.2f}"
            )
    ranking, decision = fit(list(fitted.values()), columns)
    bias = float(decision[-1]) + CAREFUL
    print(
        "rank",
        np.round(ranking, 3).tolist(),
        "weights",
        np.round(decision[:-1], 3).tolist(),
        "bias",
        round(bias, 3),
    )


if __name__ == "__main__":
    main()
