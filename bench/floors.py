"""Measure what bench/floors.json keeps, and fail when a figure has fallen.

floors.py                         measure and compare
floors.py --raise                 write the measured figures where they are higher
floors.py --lower --reason "…"    write them where they are lower, too, with the reason
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claims import agreement, pairs
from extract_rows import load, rows
from ingest_pages import pages
from ingest_runs import judge, ours
from scoring import figures
from search_named import run_named
from search_natural import MANY, run_natural, with_meaning
from verify import CASES, judged

HERE = Path(__file__).parent
GOLD = HERE.parent / "seeds" / "gold"
FLOORS = HERE / "floors.json"


def measure() -> dict[str, dict[str, float]]:
    """All figures by the gold file (or set) that they are measured on."""
    measured = {}
    for path in sorted(GOLD.glob("*.jsonl")):
        if not path.stem.startswith("questions"):
            documents = load(path)
            measured[f"extraction/{path.stem}"] = figures(documents, rows(documents))
    for path in sorted(GOLD.glob("questions_plain_*.jsonl")):
        measured[f"search/{path.stem}/among_{MANY}"] = _shares(run_natural(path, None, MANY))
    measured["reading/pages"] = {
        "text_f1": (read := judge(ours, list(pages())))["f1"],
        "not_leaked": round(1 - read["leaked"], 3),
        **{name: read[name] for name in ("title", "author", "published", "publisher")},
    }
    measured["claims"] = agreement(list(pairs()))
    for path in sorted(CASES.glob("verify_*.json")):
        found = judged(json.loads(path.read_text("utf-8")))
        measured[f"verification/{path.stem}"] = {
            "accuracy": found["accuracy"],
            "harmless_trusted": round(1 - found["false_alarms"], 3),
            "not_dangerous": round(1 - found["dangerous"] / found["cases"], 4),
            **{name: found[name] for name in ("harmful_warned", "not_found")},
        }
    meaning = with_meaning()
    if meaning is None:
        print("no encoder is installed here: the figures with meaning are not measured")
    for place, model in {"search": None, **({"meaning": meaning} if meaning else {})}.items():
        for path in sorted(GOLD.glob("questions_*.jsonl")):
            measured[f"{place}/{path.stem}"] = _shares(run_natural(path, model))
        measured[f"{place}/named"] = run_named(model)
    return measured


def _shares(found: Mapping[str, Any]) -> dict[str, float]:
    return {
        "right_first": round(found["right_first"] / found["answerable"], 3),
        "right_in_three": round(found["right_in_three"] / found["answerable"], 3),
        "silent_when_none": round(1 - found["false_answers"] / found["unanswerable"], 3),
    }


def main() -> int:
    """Compare with the floors; 1 when a figure has fallen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--raise", action="store_true", dest="higher")
    parser.add_argument("--lower", action="store_true")
    parser.add_argument("--reason")
    options = parser.parse_args()
    if options.lower and not options.reason:
        parser.error("--lower needs --reason")
    kept: dict[str, Any] = (
        json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {"floors": {}, "lowered": []}
    )
    measured, fallen = measure(), []
    for place, found in measured.items():
        floors = kept["floors"].setdefault(place, {})
        for name, value in found.items():
            floor = floors.get(name, 0.0)
            state = (
                "below the floor" if value < floor else "above" if value > floor else "at the floor"
            )
            print(f"{place:24} {name:20} {value:.3f}  floor {floor:.3f}  {state}")
            if value < floor:
                fallen.append(f"{place} {name} {value} < {floor}")
            if (value > floor and (options.higher or options.lower)) or (
                value < floor and options.lower
            ):
                floors[name] = value
    if options.higher or options.lower:
        kept["lowered"] += (
            [{"reason": options.reason, "figures": fallen}] if options.lower and fallen else []
        )
        FLOORS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")
        return 0
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
