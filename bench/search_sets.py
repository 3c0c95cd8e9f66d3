"""Matching sets: every query once as it is, and once with its right documents taken out of the
ranking.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.domain.answer import Question
from bot.domain.model import Speaker
from bot.domain.text import fold, short_id
from bot.meaning.meaning import Meaning
from bot.search.decision import MAYBE
from bot.search.entries import Document, key_of, passage_of
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.search.question import parse_question
from bot.search.readings import Ranked

Set = dict[str, Any]


def load_set(path: Path) -> Set:
    """A matching set."""
    found: Set = json.loads(path.read_text("utf-8"))
    return found


def index_of(matching: Set) -> Index:
    """An index over a set's documents; a document's id is its quote id."""
    index = Index()
    index.put([_document(key, doc, matching["lang"]) for key, doc in matching["docs"].items()])
    return index


def _document(key: str, doc: dict[str, Any], language: str) -> Document:
    name = (doc.get("speaker") or "").strip()
    named = 0 < len(name.split()) <= 4 and all(
        word[:1].isupper() or len(word) < 4 for word in name.split()
    )
    speaker = Speaker(short_id("s", fold(name)), name, "person") if name and named else None
    return Document(
        key,
        doc.get("group") or key,
        doc["text"],
        language,
        speaker,
        doc.get("context") or "",
        "",
        doc.get("title") or "",
        kind="direct",
    )


def encoded(matching: Set, meaning: Meaning) -> None:
    """Work out the vectors of a set's documents."""
    passages = {
        key_of(text): text
        for text in (
            passage_of(_document(key, doc, matching["lang"]))
            for key, doc in matching["docs"].items()
        )
    }
    keys = np.array(list(passages), np.uint64)
    new = keys[meaning.vectors.rows(keys) < 0]
    for at in range(0, len(new), 256):
        meaning.keep(new[at : at + 256], [passages[int(key)] for key in new[at : at + 256]])


def rankings(
    matching: Set, index: Index, meaning: Meaning | None = None
) -> Iterator[tuple[str, Question, list[Ranked], float]]:
    """(query, question, ranking, milliseconds) of each query."""
    matcher = Matcher(meaning)
    for query, given in matching["queries"].items():
        start = time.perf_counter()
        question = parse_question(given["text"], index, matching["lang"])
        ranked = matcher.order(question, index)
        if not ranked and question.speaker_ids:
            ranked = matcher.order(question.open(), index)
        yield query, question, ranked, (time.perf_counter() - start) * 1000


def without(ranked: Sequence[Ranked], matching: Set, right: Sequence[str]) -> list[Ranked]:
    """The ranking with the right documents and their groups taken out."""
    docs = matching["docs"]
    out = {*right, *(docs[doc].get("group", doc) for doc in right)}
    return [
        item
        for item in ranked
        if item.entry.quote_id not in out
        and docs[item.entry.quote_id].get("group", item.entry.quote_id) not in out
    ]


def rows(matching: Set, index: Index, meaning: Meaning | None = None) -> Iterator[dict[str, Any]]:
    """The rows that the scorer reads."""
    matcher = Matcher()
    for query, question, ranked, spent in rankings(matching, index, meaning):
        left = without(ranked, matching, matching["qrels"][query])
        sure, unsure = matcher.judge(question, ranked)[0], matcher.judge(question, left)[0]
        yield {
            "query": query,
            "results": [[item.entry.quote_id, round(item.score, 5)] for item in ranked[:20]],
            "confidence": sure,
            "confidence_without": unsure,
            "answered": sure >= MAYBE,
            "answered_without": unsure >= MAYBE,
            "ms": spent,
        }


def summary(matching: Set, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Recall, reciprocal rank and decisions, as the format's scorer prints them."""
    by_query = {row["query"]: row for row in found}
    first, five, reciprocal, decisions = [], [], [], []
    kinds: dict[str, list[bool]] = {}
    for query, right in matching["qrels"].items():
        row = by_query[query]
        ranks = [n for n, (doc, _) in enumerate(row["results"][:20], 1) if doc in right]
        hit = bool(ranks) and ranks[0] == 1
        first.append(hit)
        five.append(bool(ranks) and ranks[0] <= 5)
        reciprocal.append(1 / ranks[0] if ranks else 0.0)
        kinds.setdefault(matching["queries"][query]["kind"], []).append(hit)
        decisions.append(
            (
                row["confidence"],
                hit,
                row["confidence_without"],
                row.get("answered"),
                row.get("answered_without"),
            )
        )
    threshold = sorted(d[2] for d in decisions)[min(len(decisions) - 1, int(0.95 * len(decisions)))]
    result: dict[str, Any] = {
        "set": matching["name"],
        "queries": len(first),
        "R@1": _mean(first),
        "R@5": _mean(five),
        "MRR": _mean(reciprocal),
        "right_at_5pct_false": _mean([c > threshold and hit for c, hit, *_ in decisions]),
        "wrong_at_5pct_false": _mean([c > threshold and not hit for c, hit, *_ in decisions]),
        "kinds": {kind: _mean(hits) for kind, hits in kinds.items()},
    }
    if all(d[3] is not None for d in decisions):
        result["own_threshold"] = {
            "right": _mean([bool(d[3]) and d[1] for d in decisions]),
            "wrong": _mean([bool(d[3]) and not d[1] for d in decisions]),
            "false": _mean([bool(d[4]) for d in decisions]),
        }
    times = sorted(row["ms"] for row in found)
    result["p50_ms"], result["p95_ms"] = (
        round(times[len(times) // 2], 2),
        round(times[min(len(times) - 1, int(0.95 * len(times)))], 2),
    )
    return result


def _mean(values: Sequence[float]) -> float:
    return round(statistics.mean(values), 3)


def run_set(
    path: Path, out: Path | None, peers: bool, meaning: Meaning | None = None
) -> dict[str, Any]:
    """Measure one set; the peers' figures go to standard error as a table."""
    matching = load_set(path)
    index = index_of(matching)
    if meaning:
        encoded(matching, meaning)
    found = list(rows(matching, index, meaning))
    if out:
        out.write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), "utf-8"
        )
    result = summary(matching, found)
    if peers:
        from peers_search import peer_rows

        for name, peer in peer_rows(matching):
            figures = summary(matching, peer)
            print(
                f"{name:34} R@1 {figures['R@1']:.3f}  R@5 {figures['R@5']:.3f}  right at 5 % false "
                f"{figures['right_at_5pct_false']:.3f}  p50 {figures['p50_ms']} ms",
                file=sys.stderr,
            )
    return result
