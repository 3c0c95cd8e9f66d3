"""Quotations and their speakers, measured beside the programs a user would pick instead.

    extraction.py [FILE …] [--scorer score.py] [--peers] [--left-out FOLDS] [--json]

FILE is a corpus file (one JSON object a line: id, text, quotes, indirect); default: the gold files
of ``seeds/gold``. The scorer is the one beside the file if there is one, else ``--scorer``, else
the project's own (stricter about names, fewer columns). ``--peers`` adds textacy on spaCy's French
model (`make bench-peers`); a regular-expression baseline always runs. ``--left-out`` adds a row in
which each article is read with weights fitted on the other folds of all FILEs alone
(fit_extraction.py): the gap to the first row is what was learnt by heart.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from extract_rows import article_of, load, prediction
from fit_extraction import fitted
from peers_extraction import regex, textacy_french
from scoring import figures

from bot.extraction.extract import extract_quotes

HERE = Path(__file__).parent
GOLD = HERE.parent / "seeds" / "gold"
ROUNDS = 5
Program = Callable[[dict[str, Any]], dict[str, Any]]


def ours(document: dict[str, Any]) -> dict[str, Any]:
    """Reading and extraction of one text, as `verbatim ingest` does them."""
    article = article_of(document)
    return prediction(document["id"], article, extract_quotes(article))


def peer(rows: Callable[[str], list[dict[str, Any]]]) -> Program:
    """A peer's rows as a prediction."""
    return lambda document: {"id": document["id"], "quotes": rows(document["text"]), "indirect": []}


def run(
    program: Program, documents: Sequence[dict[str, Any]], rounds: int
) -> tuple[list[dict[str, Any]], float]:
    """The predictions, and the median speed in characters a second."""
    program(documents[0])
    size, times = sum(len(document["text"]) for document in documents), []
    for _ in range(rounds):
        start = time.perf_counter()
        predictions = [program(document) for document in documents]
        times.append(time.perf_counter() - start)
    return predictions, size / statistics.median(times)


def score(
    scorer: Path, gold: Path, predictions: list[dict[str, Any]]
) -> tuple[str, dict[str, Any]]:
    """The format's own scorer: its table and its JSON object."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8", delete=False) as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in predictions)
    done = subprocess.run(
        [sys.executable, str(scorer), str(gold), file.name],
        capture_output=True,
        text=True,
        check=True,
    )
    Path(file.name).unlink()
    table, _, last = done.stdout.rstrip().rpartition("\n")
    return table, json.loads(last)


def programs(wanted: bool) -> dict[str, tuple[Program, int]]:
    """Name -> (program, rounds)."""
    found: dict[str, tuple[Program, int]] = {
        "verbatim": (ours, ROUNDS),
        "regex baseline": (peer(regex), ROUNDS),
    }
    if wanted:
        try:
            found["textacy 0.13 (fr md)"] = (peer(textacy_french()), 1)
        except ImportError as error:
            print(f"textacy is missing ({error}): run `make bench-peers`", file=sys.stderr)
    return found


def main() -> int:
    """Print a table a file, and one JSON object at the end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--left-out", type=int, default=0, metavar="FOLDS")
    parser.add_argument("--json", action="store_true", help="print the JSON object only")
    options = parser.parse_args()
    results: dict[str, Any] = {}
    paths_ = options.files or sorted(
        p for p in GOLD.glob("*.jsonl") if not p.stem.startswith("questions")
    )
    unseen = left_out_programs(paths_, options.left_out) if options.left_out else {}
    for path in paths_:
        results[path.stem] = measure(
            path, options.scorer, options.peers, options.json, unseen.get(path.stem)
        )
    print(json.dumps(results, ensure_ascii=False))
    return 0


def left_out_programs(files: Sequence[Path], folds: int) -> dict[str, Program]:
    """For each file a program that reads every article with weights that were fitted without it."""
    loaded = {path.stem: load(path) for path in files}
    tables = []
    for fold in range(folds):
        rest = {
            name: [d for i, d in enumerate(rows) if i % folds != fold]
            for name, rows in loaded.items()
        }
        tables.append(fitted(rest))
    own = {
        (name, d["id"]): tables[i % folds]
        for name, rows in loaded.items()
        for i, d in enumerate(rows)
    }

    def program(name: str) -> Program:
        def read(document: dict[str, Any]) -> dict[str, Any]:
            article = article_of(document)
            return prediction(
                document["id"], article, extract_quotes(article, own[name, document["id"]])
            )

        return read

    return {name: program(name) for name in loaded}


def measure(
    path: Path, scorer: Path | None, peers: bool, quiet: bool, unseen: Program | None
) -> dict[str, Any]:
    """All programs over one file."""
    documents = load(path)
    beside = path.parent / "score.py"
    scorer = scorer or (beside if beside.exists() else None)
    result = {}
    for name, (program, rounds) in (
        programs(peers) | ({"left out": (unseen, 1)} if unseen else {})
    ).items():
        predictions, speed = run(program, documents, rounds)
        own = figures(documents, predictions)
        table, found = score(scorer, path, predictions) if scorer else ("", {})
        result[name] = {"characters_per_second": round(speed), "own": own} | (
            {"scorer": found} if found else {}
        )
        if not quiet:
            print(f"\n== {path.name}: {name}: {speed:,.0f} characters a second")
            print(table or "  ".join(f"{key} {value:.3f}" for key, value in own.items()))
    return result


if __name__ == "__main__":
    sys.exit(main())
