"""Verification measured: verdicts, warnings and time over cases of its own, beside fuzzy scores.

    verify.py                     every set of bench/cases, *dev* ones tuned on, others not
    verify.py FILE …              other sets of the same shape
    verify.py --scale 100000      time per text over so many quotes with their articles

A set has articles and cases ({article, text, speaker, verdict, warning, class, kind}); all articles
of a set are in the store at once. The peers compare with every quote of the set (rapidfuzz
partial_ratio and token_set_ratio, difflib's ratio) and call exact, altered or nothing by two
thresholds, the best for this very set. *Dangerous*: altered, spliced or misattributed cases that
are called exact. The last line is one JSON object.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import difflib
import json
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from rapidfuzz import fuzz
from search_scale import texts

from bot.domain.text import fold
from bot.reading.source import Metadata, read_bytes
from bot.services.desk import Desk
from storage.memory import MemoryStore

CASES = Path(__file__).parent / "cases"
WRONG = ("altered", "spliced", "other_speaker")
_STEPS = range(50, 101, 5)


def desk_of(made: Mapping[str, Any]) -> Desk:
    """A desk over a set's articles."""
    desk = Desk.over(MemoryStore())
    for row in made["articles"]:
        facts = Metadata(publisher=row["publisher"], published=row["published"])
        desk.ingest(read_bytes(row["text"].encode(), row["id"], facts))
    return desk


def right(case: Mapping[str, Any], kind: str) -> bool:
    """Is a verdict the right one? What the article denies outside the marks may be whole or cut."""
    if case["class"] == "negated_outside":
        return kind in ("exact", "extract")
    return kind == str(case["verdict"])


def judged(made: Mapping[str, Any]) -> dict[str, Any]:
    """Our verdicts on a set: accuracy, dangers, warnings, what was taken for what."""
    desk = desk_of(made)
    confusion: Counter[str] = Counter()
    classes: dict[str, list[bool]] = defaultdict(list)
    warned: dict[bool, list[bool]] = {True: [], False: []}
    kinds, spent, dangerous = [], [], 0
    for case in made["cases"]:
        began = time.perf_counter()
        verdict, _ = desk.verified(case["text"], case["speaker"])
        spent.append((time.perf_counter() - began) * 1e3)
        good = right(case, verdict.kind)
        classes[case["class"]].append(good)
        if not good:
            confusion[f"{case['verdict']} as {verdict.kind}"] += 1
        dangerous += verdict.kind == "exact" and case["verdict"] in WRONG
        if case["verdict"] in ("exact", "extract"):
            warned[bool(case["warning"])].append(bool(verdict.cautions))
        if case["verdict"] == verdict.kind == "altered":
            kinds.append(case["kind"] in {edit.kind for edit in verdict.edits})
    every = [good for goods in classes.values() for good in goods]
    nothing = [*classes["unrelated"], *classes["paraphrase"]]
    return {
        "cases": len(every),
        "accuracy": round(statistics.mean(every), 3),
        "dangerous": dangerous,
        "harmful_warned": round(statistics.mean(warned[True]), 3),
        "false_alarms": round(statistics.mean(warned[False]), 3),
        "not_found": round(statistics.mean(nothing), 3),
        "kinds": round(statistics.mean(kinds), 3),
        "p50_ms": round(statistics.median(spent), 2),
        "classes": {n: round(statistics.mean(g), 3) for n, g in classes.items() if not all(g)},
        "taken_for": dict(confusion),
    }


Scorer = Callable[[str, str], float]
PEERS: dict[str, Scorer] = {
    "partial_ratio": fuzz.partial_ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "difflib": lambda a, b: 100 * difflib.SequenceMatcher(None, a, b, autojunk=False).ratio(),
}


def peer(made: Mapping[str, Any], scorer: Scorer) -> dict[str, Any]:
    """The best that two thresholds on a score can do on this very set."""
    desk = desk_of(made)
    held = (desk.article(article.id) for article in desk.articles().items)
    quotes = [fold(article.text[quote.start : quote.end]) for article, own in held for quote in own]
    cases = made["cases"]
    scores = [max(scorer(fold(case["text"]), quote) for quote in quotes) for case in cases]
    best: dict[str, Any] = {"accuracy": -1.0}
    for exact, altered in product(_STEPS, _STEPS):
        if altered >= exact:
            continue
        said = [
            "exact" if score >= exact else "altered" if score >= altered else "not_found"
            for score in scores
        ]
        good = [right(case, kind) for case, kind in zip(cases, said, strict=True)]
        if statistics.mean(good) > best["accuracy"]:
            danger = sum(
                kind == "exact" and case["verdict"] in WRONG
                for case, kind in zip(cases, said, strict=True)
            )
            best = {
                "accuracy": round(statistics.mean(good), 3),
                "dangerous": danger,
                "thresholds": [exact, altered],
            }
    return best


def scale(count: int) -> dict[str, float]:
    """Milliseconds a text over a store of made quotes: whole, cut, altered, unrelated; and the
    worst of 4,096 characters.
    """
    from storage_runs import fill

    from storage.opening import kept_beside, open_store

    with tempfile.TemporaryDirectory() as folder:
        url = f"tinydb:{folder}/store.json"
        fill(url, count)
        store = open_store(url)
        desk = Desk.over(store, kept_beside(url, store, "index"))
        spent = [_timed(desk, text) for text in _asked(texts(count), 400)][50:]
        long = [" ".join(text for text, _, _ in texts(count)[n : n + 60])[:4096] for n in range(9)]
        worst = [_timed(desk, text) for text in long]
        store.close()
    cut = statistics.quantiles(spent, n=20)
    return {
        "quotes": count,
        "p50_ms": round(cut[9], 2),
        "p95_ms": round(cut[18], 2),
        "longest_text_ms": round(max(worst), 1),
    }


def _timed(desk: Desk, text: str) -> float:
    began = time.perf_counter()
    desk.verified(text)
    return (time.perf_counter() - began) * 1e3


def _asked(made: Sequence[tuple[str, str, str]], count: int) -> list[str]:
    chance = Random(5)
    found = []
    for number in range(count):
        words = chance.choice(made)[0].split()
        if number % 4 == 1:
            words = words[len(words) // 3 :]
        elif number % 4 == 2:
            words[len(words) // 2] = "jamais"
        elif number % 4 == 3:
            other = chance.choice(made)[0].split()
            words = words[: len(words) // 2] + other[len(other) // 2 :]
        found.append(" ".join(words))
    return found


def main() -> int:
    """Measure the sets, or time at a scale."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--scale", type=int, metavar="N")
    options = parser.parse_args()
    if options.scale:
        print(json.dumps(scale(options.scale)))
        return 0
    results: dict[str, Any] = {}
    for path in options.files or sorted(CASES.glob("verify_*.json")):
        made = json.loads(path.read_text("utf-8"))
        results[path.stem] = found = {
            "Verbatim": judged(made),
            **{name: peer(made, scorer) for name, scorer in PEERS.items()},
        }
        for name, figures in found.items():
            print(f"{path.stem:18} {name:16} {figures}", file=sys.stderr)
    print(json.dumps(results, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
