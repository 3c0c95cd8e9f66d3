"""How far the reader's tags are trusted in reported statements: a table over the two thresholds of
``[reported]`` in a language's file.

    fit_reported.py FILE.jsonl … [--reader FOLDER]

Of ``FILE.jsonl:locked`` every third article is left out.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from extract_rows import load
from fit_choice import THIRD, Remembered
from reader_examples import read

from bot.extraction.extract import Analysis
from bot.extraction.tagged import with_tags
from bot.languages.language import Language
from bot.reader.reader import FOLDER, Reader

KEPT = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
ADDED = (0.5, 0.6, 0.7, 0.8, 0.9, 2.0)


def main() -> None:
    """Print F1 (and precision, recall, speakers) for every pair."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+")
    parser.add_argument("--reader", type=Path, default=FOLDER)
    options = parser.parse_args()
    names = [Path(name.removesuffix(":locked")) for name in options.files]
    sys.path.insert(0, str(names[0].parent))
    scorer: Any = importlib.import_module("score")
    reader = Remembered(Reader(options.reader))
    documents = []
    for name, path in zip(options.files, names, strict=True):
        locked = name.endswith(":locked")
        documents += [
            d
            for i, d in enumerate(load(path))
            if (not locked or (i + 1) % THIRD) and d.get("indirect") is not None
        ]
    analysed: list[tuple[dict[str, Any], str, Analysis, Language]] = [
        (d, *read(d)) for d in documents
    ]
    for kept in KEPT:
        for added in ADDED:
            predicted = {}
            for d, text, analysis, own in analysed:
                own.data["reported"].update(kept=kept, added=added)
                found = with_tags(
                    analysis.reported,
                    reader.read(text),
                    text,
                    analysis.sentences,
                    analysis.mentions,
                    own,
                )
                rows = [
                    {
                        "start": r.span[0],
                        "end": r.span[1],
                        "kind": "indirect",
                        "speaker": r.entity.name if r.entity and r.sure != 0.0 else None,
                    }
                    for r in found
                ]
                predicted[d["id"]] = {"id": d["id"], "quotes": [], "indirect": rows}
            r = scorer.score({d["id"]: d for d in documents}, predicted)["indirect"]
            print(
                f"kept {kept:.1f} added {added:.1f}: F1 {r['F1']:.3f} P {r['P']:.3f} "
                f"R {r['R']:.3f} speaker {r['speaker']:.3f} of {r['gold']}"
            )


if __name__ == "__main__":
    main()
