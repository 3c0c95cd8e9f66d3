"""What first-time users ask of the demo store (the seed article), at three levels.

    demo.py [FILE.jsonl] [--words]

FILE: one object a line, {"q", "expect": [phrases, any of them], "speaker"}; default
``bench/questions/demo.jsonl``, which was written by somebody who had not seen the code. Right is a
match that holds a phrase; an empty ``expect``: nothing answers. ``--words``: by words alone.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
from pathlib import Path

from extract_rows import load
from search_natural import Articles, right, with_meaning

from bot.reading.source import read_file
from bot.services.desk import Desk

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds" / "articles"


def main() -> None:
    """Print a line a question and the counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, default=HERE / "questions" / "demo.jsonl")
    parser.add_argument("--words", action="store_true")
    options = parser.parse_args()
    desk = Desk.over(Articles(), meaning=None if options.words else with_meaning())
    for path in sorted(SEEDS.glob("*.txt")):
        desk.ingest(read_file(path))
    desk.encode()
    counts: dict[tuple[bool, str, bool], int] = {}
    for row in load(options.file):
        answer = desk.ask(row["q"])
        shown = answer.matches[: 1 if answer.level == "sure" else 3]
        hit = any(right(match, row) for match in shown)
        key = bool(row["expect"]), answer.level, hit
        counts[key] = counts.get(key, 0) + 1
        print(f"{answer.level:5} {'right' if hit else '-':6} {row['q']}")
    for (answerable, level, hit), count in sorted(counts.items()):
        told = "answerable" if answerable else "unanswerable"
        print(f"{told}, {level}, {'right one shown' if hit else 'not shown'}: {count}")


if __name__ == "__main__":
    main()
