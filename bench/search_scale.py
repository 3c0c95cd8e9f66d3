"""Latency, memory, build, snapshot and insertion at growing sizes, over recombined texts of the
project's own.
"""

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

import numpy as np
from extract_rows import load
from numpy.typing import NDArray

from bot.domain.model import Speaker
from bot.domain.text import short_id
from bot.meaning.encoders import open_encoder
from bot.meaning.meaning import Meaning
from bot.meaning.vectors import Vectors
from bot.search.entries import Document
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.search.question import parse_question

HERE = Path(__file__).parent
GOLD = HERE.parent / "seeds" / "gold"
QUERIES = 200
PER_ARTICLE = 30
BATCH = 60_000  # quotes indexed at a time
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
    """(quote, speaker, title) by seeded recombination: pieces of own sentences, rare invented
    words, numbers.
    """
    chance = random.Random(seed)
    pieces = _pieces()
    names = [
        "".join(chance.choices(_SYLLABLES, k=3)).capitalize() for _ in range(max(50, count // 40))
    ]
    speakers = [
        f"{chance.choice(names)} {chance.choice(names)}" for _ in range(count // _PER_SPEAKER + 20)
    ]
    rare = [
        "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 4))))
        for _ in range(max(200, count // 4))
    ]
    made = []
    for _ in range(count):
        body = " ".join(chance.choice(pieces) for _ in range(chance.choice((2, 3, 3, 4))))
        extra = " ".join(chance.choices(rare, k=chance.choice((1, 2, 3))))
        made.append(
            (
                f"{body} {extra} {chance.randrange(1900, 2030)}",
                chance.choice(speakers),
                chance.choice(pieces),
            )
        )
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


def documents(made: Sequence[tuple[str, str, str]], first: int = 0) -> list[Document]:
    """The texts as the index takes them, thirty quotes an article, each in a paragraph with the
    next two.
    """
    return [
        Document(
            f"q{first + at:012d}",
            f"a{(first + at) // PER_ARTICLE:09d}",
            text,
            "fr",
            Speaker(short_id("s", name), name, "person"),
            context=text,
            paragraph=" ".join(one for one, _, _ in made[at : at + 3]),
            title=title,
        )
        for at, (text, name, title) in enumerate(made)
    ]


def wholes(made: Sequence[tuple[str, str, str]], first: int = 0) -> list[Document]:
    """The articles of these texts."""
    return [
        Document(
            "",
            f"a{(first + at) // PER_ARTICLE:09d}",
            " ".join(text for text, _, _ in made[at : at + PER_ARTICLE]),
            "fr",
            title=made[at][2],
        )
        for at in range(0, len(made), PER_ARTICLE)
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
    for at in range(0, count, BATCH):
        index.put(documents(made[at : at + BATCH], at))
        index.put_articles(wholes(made[at : at + BATCH], at))
    build = time.perf_counter() - start
    start = time.perf_counter()
    index.save(folder)
    saved = time.perf_counter() - start
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    del index
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), str(folder), str(count)],
        capture_output=True,
        text=True,
        check=True,
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


class Chance:
    """An encoder that takes no time and knows nothing: what is left is the search beside the
    encoder's own time.
    """

    name, size = "chance", 384

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As many vectors, by chance."""
        made = (
            np.random.default_rng(len(texts))
            .normal(size=(len(texts), self.size))
            .astype(np.float32)
        )
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)

    def question(self, text: str) -> NDArray[np.float32]:
        """One vector, by chance."""
        return np.asarray(self.passages([text] * len(text))[0], np.float32)


def _with_meaning(index: Index, folder: Path) -> Meaning:
    """Vectors by chance of all quotes of an index, in a file."""
    encoder = Chance()
    meaning = Meaning(encoder, Vectors(encoder.size, folder / "vectors"))
    for segment in index.segments:
        for at in range(0, len(segment), BATCH):
            keys = np.unique(np.asarray(segment.passage[at : at + BATCH]))
            meaning.vectors.add(keys, encoder.passages([""] * len(keys)))
    return meaning


def _encoding(asked: Sequence[str], quotes: Sequence[str]) -> dict[str, float]:
    """What the encoder that is installed takes for a question and for a quote, in milliseconds;
    nothing without one.
    """
    encoder = open_encoder()
    if encoder is None:
        return {}
    question, _ = timed(encoder.question, asked)
    start = time.perf_counter()
    encoder.passages(quotes)
    return {
        "encode_question_ms": question,
        "encode_quote_ms": round((time.perf_counter() - start) * 1000 / len(quotes), 2),
    }


def asked_in_a_new_process(folder: Path, count: int) -> dict[str, Any]:
    """Open a snapshot, ask, insert an article; peak resident memory with the mapped pages."""
    made = texts(min(count, 20_000))
    asked = queries(made)
    start = time.perf_counter()
    index = Index.load(folder)
    opened = time.perf_counter() - start
    matcher = Matcher()
    p50, p95 = timed(lambda query: matcher.rank(parse_question(query, index, "fr"), index), asked)
    words_peak = _peak_mb()
    matcher = Matcher(_with_meaning(index, folder))
    near50, near95 = timed(
        lambda query: matcher.rank(parse_question(query, index, "fr"), index), asked
    )
    inserts = []
    for number in range(20):
        article = [
            Document(
                f"n{number:03d}{at:03d}",
                f"new{number}",
                text,
                "fr",
                Speaker("s1", name, "person"),
                title=title,
            )
            for at, (text, name, title) in enumerate(texts(30, seed=100 + number))
        ]
        begun = time.perf_counter()
        index.put(article)
        inserts.append((time.perf_counter() - begun) * 1000)
    return {
        "open_s": round(opened, 2),
        "p50_ms": p50,
        "p95_ms": p95,
        "meaning_p50_ms": near50,
        "meaning_p95_ms": near95,
        "insert_article_ms": round(statistics.median(inserts), 2),
        "peak_mb": round(words_peak),
        "meaning_peak_mb": round(_peak_mb()),
        **_encoding(asked, [text for text, _, _ in made[:QUERIES]]),
    }


def _peak_mb() -> float:
    """This program's own peak resident memory; ``ru_maxrss`` would keep what its parent held at the
    fork.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) / 1024  # type: ignore[index]


def run_scale(sizes: Sequence[int], peers: bool) -> dict[str, Any]:
    """All sizes, with the peers beside them."""
    results: dict[str, Any] = {"verbatim": []}
    for count in sizes:
        found = ours(count)
        results["verbatim"].append(found)
        near = {
            "quotes": count,
            "p50_ms": found["meaning_p50_ms"],
            "p95_ms": found["meaning_p95_ms"],
        }
        results.setdefault("verbatim, with meaning", []).append(near)
        print(found, file=sys.stderr)
        if peers:
            _peers(count, results)
    return results


def _peers(count: int, results: dict[str, Any]) -> None:
    """Search engines index what Verbatim does of a quote (words, speaker, title, paragraph), string
    matchers its words.
    """
    from peers_search import bm25, fts5, fuzzy, tantivy_fuzzy
    from rapidfuzz import fuzz

    made = texts(count)
    ids, quotes = [str(at) for at in range(count)], [text for text, _, _ in made]
    bodies = [
        f"{made[at][1]} {made[at][2]} {' '.join(one for one, _, _ in made[at : at + 3])}"
        for at in range(count)
    ]
    asked = queries(made[:20_000])
    builders: dict[str, Callable[[], Callable[[str], Any]]] = {
        "tantivy, fuzzy distance 1": lambda: tantivy_fuzzy(ids, bodies, 1),
        "bm25s, stemmed": lambda: bm25(ids, bodies, "fr"),
        "SQLite FTS5 trigram": lambda: fts5(ids, bodies),
        "rapidfuzz token_set_ratio": lambda: fuzzy(ids, quotes, fuzz.token_set_ratio),
        "rapidfuzz WRatio": lambda: fuzzy(ids, quotes, fuzz.WRatio),
    }
    for name, build in builders.items():
        slow = "tantivy" not in name and "bm25s" not in name
        if slow and count > 100_000:
            continue
        p50, p95 = timed(build(), asked[: 20 if slow and count >= 100_000 else QUERIES])
        results.setdefault(name, []).append({"quotes": count, "p50_ms": p50, "p95_ms": p95})
        print(name, results[name][-1], file=sys.stderr)


if __name__ == "__main__":
    print(json.dumps(asked_in_a_new_process(Path(sys.argv[1]), int(sys.argv[2]))))
