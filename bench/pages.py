"""Saved pages of others: how many can be read, how long that takes, which come out empty.

    pages.py --folder DIR [--limit N] [--kept FILE] [--pieces FILE.json]

DIR holds saved pages (``*.html``), in folders or not: the public repositories adbar/trafilatura,
AndyTheFactory/newspaper4k and codelucas/newspaper have some for their tests. Each page is read by
itself in this process; a page in which no article is found is *empty*, one that ends in another
error *unreadable*. Printed are the counts, seconds a page (median, 95th percentile), the slowest,
the shortest and the unreadable ones. ``--kept`` writes for each page how many characters and quotes
were read, to be compared with another run's. ``--pieces`` is such a repository's own gold
(trafilatura's ``tests/evaldata.json``: for each page pieces of text ``with`` and ``without``):
precision, recall and F1 over them, trafilatura in favour of precision beside.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import json
import statistics
import time
from pathlib import Path

from bot.domain.errors import VerbatimError
from bot.extraction.extract import extract_quotes
from bot.reading.source import Metadata, read

SHOWN = 8


def by_pieces(folder: Path, gold: Path) -> None:
    """How many pieces that must, and must not, be in the text are, for us and for trafilatura."""
    from trafilatura import extract

    def ours(data: bytes) -> str:
        try:
            return read(data, "page", Metadata()).article.text
        except VerbatimError:
            return ""

    def peer(data: bytes) -> str:
        found = extract(
            data.decode("utf-8", "replace"),
            favor_precision=True,
            include_comments=False,
            include_tables=False,
        )
        return found or ""

    rows = [
        r for r in json.loads(gold.read_text("utf-8")).values() if (folder / r["file"]).exists()
    ]
    for name, program in (("verbatim", ours), ("trafilatura, precise", peer)):
        right = missing = wrong = 0
        for row in rows:
            text = " ".join(program((folder / row["file"]).read_bytes()).split())
            held = [" ".join(piece.split()) in text for piece in row["with"] or []]
            right, missing = right + sum(held), missing + len(held) - sum(held)
            wrong += sum(" ".join(piece.split()) in text for piece in row["without"] or [])
        precision, recall = right / (right + wrong), right / (right + missing)
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{name}: {len(rows)} pages, P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


def main() -> None:
    """Read them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--pieces", type=Path)
    options = parser.parse_args()
    found = sorted(p for p in options.folder.rglob("*") if p.suffix in (".html", ".htm"))
    spent: dict[str, float] = {}
    sizes: dict[str, tuple[int, int]] = {}
    empty: list[str] = []
    unreadable: list[str] = []
    for path in found[: options.limit]:
        name = str(path.relative_to(options.folder))
        began = time.perf_counter()
        try:
            article = read(path.read_bytes(), name, Metadata()).article
            quotes = extract_quotes(article, reader=None)
            sizes[name] = len(article.text), len(quotes)
        except VerbatimError as error:
            empty.append(f"{name}: {error}")
        except Exception as error:  # noqa: BLE001 whatever it is, it is what is counted
            unreadable.append(f"{name}: {type(error).__name__}: {error}")
        spent[name] = time.perf_counter() - began
    times = sorted(spent.values())
    print(
        f"{len(times)} pages: {len(sizes)} read, {len(empty)} empty, {len(unreadable)} unreadable; "
        f"{statistics.median(times):.3f} s a page, 95th percentile {times[-len(times) // 20]:.3f}; "
        f"{sum(quotes for _, quotes in sizes.values())} quotes"
    )
    for title, rows in (
        ("slowest", sorted(spent, key=lambda n: -spent[n])[:SHOWN]),
        ("shortest", sorted(sizes, key=lambda n: sizes[n])[:SHOWN]),
    ):
        told = (f"{n} ({spent[n]:.2f} s, {sizes.get(n, (0, 0))[0]} characters)" for n in rows)
        print(f"{title}:", *told, sep="\n  ")
    print("empty:", *empty[:SHOWN], sep="\n  ")
    print("unreadable:", *unreadable, sep="\n  ")
    if options.pieces:
        by_pieces(options.folder, options.pieces)
    if options.kept:
        options.kept.write_text(json.dumps(sizes), "utf-8")


if __name__ == "__main__":
    main()
