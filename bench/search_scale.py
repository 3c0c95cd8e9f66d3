"""Latency, memory, build, snapshot and insertion at growing sizes, over recombined texts of the project's own."""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import json
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from extract_rows import load

from bot.domain.model import Speaker
from bot.domain.text import short_id
from bot.search.entries import Document
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.search.question import parse_question

HERE = Path(__file__).parent
GOLD = HERE.parent / "seeds" / "gold"
QUERIES = 200
_PER_SPEAKER = 20  # quotes that one person has in an archive, on average
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SYLLABLES = (
    "ba",
    "cor",
    "den",
    "fri",
    "gal",
    "hé",
    "jan",
    "kel",
    "lo",
    "mar",
    "nou",
    "pri",
    "quen",
    "ro",
    "sil",
    "tan",
    "vau",
    "zel",
)


def texts(count: int, seed: int = 7) -> list[tuple[str, str, str]]:
    """(quote, speaker, title) by seeded recombination: pieces of own sentences, rare invented words, numbers."""
    chance = random.Random(seed)
    pieces = _pieces()
    names = ["".join(chance.choices(_SYLLABLES, k=3)).capitalize() for _ in range(max(50, count // 40))]
    speakers = [f"{chance.choice(names)} {chance.choice(names)}" for _ in range(count // _PER_SPEAKER + 20)]
    rare = ["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 4)))) for _ in range(max(200, count // 4))]
    made = []
    for _ in range(count):
        body = " ".join(chance.choice(pieces) for _ in range(chance.choice((2, 3, 3, 4))))
        extra = " ".join(chance.choices(rare, k=chance.choice((1, 2, 3))))
        made.append((f"{body} {extra} {chance.randrange(1900, 2030)}", chance.choice(speakers), chance.choice(pieces)))
    return made


def _pieces() -> list[str]:
    found = []
    for path in sorted(GOLD.glob("own_*.jsonl")):
        for document in load(path):
            all_words = _WORD.findall(document["text"])
            found += [" ".join(all_words[at : at + 5]) for at in range(0, len(all_words) - 5, 5)]
    return found


def queries(made: Sequence[tuple[str, str, str]], seed: int = 11) -> list[str]:
    """Fragments of some texts, every third with a typing mistake."""
    chance = random.Random(seed)
    asked = []
    for number in range(QUERIES):
        words = chance.choice(made)[0].split()
        start = chance.randrange(max(1, len(words) - 7))
        part = words[start : start + 7]
        if number % 3 == 0:
            at = chance.randrange(len(part))
            word = part[at]
            cut = chance.randrange(len(word))
            part[at] = word[:cut] + chance.choice("aeiourst") + word[cut + 1 :]
        asked.append(" ".join(part))
    return asked


def documents(made: Sequence[tuple[str, str, str]]) -> list[Document]:
    """The texts as the index takes them, thirty quotes an article."""
    return [
        Document(
            f"q{at:012d}", f"a{at // 30:09d}", text, "fr", Speaker(short_id("s", name), name, "person"), title=title
        )
        for at, (text, name, title) in enumerate(made)
    ]


def timed(search: Callable[[str], Any], asked: Sequence[str]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    for query in asked[:10]:
        search(query)
    spent = []
    for query in asked:
        start = time.perf_counter()
        search(query)
        spent.append((time.perf_counter() - start) * 1000)
    spent.sort()
    return round(statistics.median(spent), 2), round(spent[int(0.95 * len(spent))], 2)


def ours(count: int) -> dict[str, Any]:
    """Build, save, then open in a new process and ask there: what a user's process pays."""
    folder = Path(tempfile.mkdtemp()) / "snapshot"
    made = texts(count)
    start = time.perf_counter()
    index = Index()
    for at in range(0, count, 50_000):
        index.put(documents(made[at : at + 50_000]) if at == 0 else _shifted(made, at))
    build = time.perf_counter() - start
    start = time.perf_counter()
    index.save(folder)
    saved = time.perf_counter() - start
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    del index
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), str(folder), str(count)], capture_output=True, text=True, check=True
    )
    shutil.rmtree(folder.parent)
    opened: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {
        "quotes": count,
        "build_s": round(build, 2),
        "save_s": round(saved, 2),
        "snapshot_mb": round(size / 1e6),
        **opened,
    }


def _shifted(made: Sequence[tuple[str, str, str]], at: int) -> list[Document]:
    part = documents(made[at : at + 50_000])
    for number, document in enumerate(part):
        document.quote_id, document.article_id = f"q{at + number:012d}", f"a{(at + number) // 30:09d}"
    return part


def asked_in_a_new_process(folder: Path, count: int) -> dict[str, Any]:
    """Open a snapshot, ask, insert an article; peak resident memory with the mapped pages."""
    asked = queries(texts(min(count, 20_000)))
    start = time.perf_counter()
    index = Index.load(folder)
    opened = time.perf_counter() - start
    matcher = Matcher()
    p50, p95 = timed(lambda query: matcher.rank(parse_question(query, index, "fr"), index), asked)
    inserts = []
    for number in range(20):
        article = [
            Document(f"n{number:03d}{at:03d}", f"new{number}", text, "fr", Speaker("s1", name, "person"), title=title)
            for at, (text, name, title) in enumerate(texts(30, seed=100 + number))
        ]
        begun = time.perf_counter()
        index.put(article)
        inserts.append((time.perf_counter() - begun) * 1000)
    peak = _peak_mb()
    return {
        "open_s": round(opened, 2),
        "p50_ms": p50,
        "p95_ms": p95,
        "insert_article_ms": round(statistics.median(inserts), 2),
        "peak_mb": round(peak),
    }


def _peak_mb() -> float:
    """This program's own peak resident memory; ``ru_maxrss`` would keep what its parent held at the fork."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]


def run_scale(sizes: Sequence[int], peers: bool) -> dict[str, Any]:
    """All sizes, with the peers beside them."""
    results: dict[str, Any] = {"verbatim": []}
    for count in sizes:
        results["verbatim"].append(ours(count))
        print(results["verbatim"][-1], file=sys.stderr)
        if peers:
            _peers(count, results)
    return results


def _peers(count: int, results: dict[str, Any]) -> None:
    from peers_search import bm25, fts5, fuzzy, tantivy_fuzzy
    from rapidfuzz import fuzz

    made = texts(count)
    ids, bodies = [str(at) for at in range(count)], [text for text, _, _ in made]
    asked = queries(made[:20_000])
    builders: dict[str, Callable[[], Callable[[str], Any]]] = {
        "tantivy, fuzzy distance 1": lambda: tantivy_fuzzy(ids, bodies, 1), "bm25s, stemmed": lambda: bm25(ids, bodies, "fr"),
        "SQLite FTS5 trigram": lambda: fts5(ids, bodies), "rapidfuzz token_set_ratio": lambda: fuzzy(ids, bodies, fuzz.token_set_ratio),
        "rapidfuzz WRatio": lambda: fuzzy(ids, bodies, fuzz.WRatio),
    }  # fmt: skip
    for name, build in builders.items():
        slow = "tantivy" not in name and "bm25s" not in name
        if slow and count > 100_000:
            continue
        p50, p95 = timed(build(), asked[: 20 if slow and count >= 100_000 else QUERIES])
        results.setdefault(name, []).append({"quotes": count, "p50_ms": p50, "p95_ms": p95})
        print(name, results[name][-1], file=sys.stderr)


if __name__ == "__main__":
    print(json.dumps(asked_in_a_new_process(Path(sys.argv[1]), int(sys.argv[2]))))
