"""Matching measured: sets of questions with known answers, and scale, beside the peers a user would
pick.

    search.py --set FILE [--out ROWS.jsonl] [--peers]     FILE: a matching set (docs, queries,
    qrels)
    search.py --natural FILE                              FILE: questions over the gold articles
    search.py --named                                     made questions that name a speaker and a
    subject
    search.py --scale N [N …] [--peers]                   latency, memory, build, snapshot, insert
    at N quotes

The last line on standard output is one JSON object. ``--peers`` needs `make bench-peers`;
``--meaning`` asks with the encoder that is installed, beside words (``--scale`` measures both).
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", type=Path, dest="file", metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="ROWS")
    parser.add_argument("--natural", type=Path, metavar="FILE")
    parser.add_argument("--named", action="store_true")
    parser.add_argument("--scale", type=int, nargs="+", metavar="N")
    parser.add_argument(
        "--meaning", action="store_true", help="with the encoder that is installed, beside words"
    )
    parser.add_argument(
        "--among",
        type=int,
        default=0,
        metavar="N",
        help="with so many made articles more (--natural)",
    )
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    if options.file:
        from search_natural import with_meaning
        from search_sets import run_set

        model = with_meaning() if options.meaning else None
        print(
            json.dumps(run_set(options.file, options.out, options.peers, model), ensure_ascii=False)
        )
    elif options.natural:
        from search_natural import peers, run_natural, with_meaning

        found = run_natural(
            options.natural, with_meaning() if options.meaning else None, options.among
        ) | ({"peers": peers(options.natural)} if options.peers else {})
        print(json.dumps(found, ensure_ascii=False))
    elif options.named:
        from search_named import run_named
        from search_natural import with_meaning

        print(json.dumps(run_named(with_meaning() if options.meaning else None)))
    elif options.scale:
        from search_scale import run_scale

        print(json.dumps(run_scale(options.scale, options.peers), ensure_ascii=False))
    else:
        parser.error("give --set, --natural, --named or --scale")
    return 0


if __name__ == "__main__":
    sys.exit(main())
