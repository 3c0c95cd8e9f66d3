"""Storage measured: durable inserts, opening and memory at growing sizes, beside what a user would
pick instead.

    storage.py [--sizes 1000 10000 100000] [--only SYSTEM …] [--postgres] [--opening]

One insert is one quote's document (Verbatim: one article with one quote), acknowledged when it is
on the disk; batches are of 50. The peers run in the same run on the same disk: stock TinyDB
(JSONStorage; CachingMiddleware, which acknowledges before it writes), SQLite (WAL,
synchronous=FULL), PostgreSQL where its server is installed. "Open" is Verbatim's whole start in a
new process: store and index, ready to answer, with the first answer given; on TinyDB and, with
--postgres, on PostgreSQL. The last line on standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

from search_scale import texts

HERE = Path(__file__).parent
BATCH = 50
BUDGET = 4.0  # seconds spent on each figure
Write = Callable[[Sequence[dict[str, Any]]], Any]


def documents(count: int, start: int = 0) -> Iterator[dict[str, Any]]:
    """Documents of one quote each."""
    for number, (text, speaker, title) in enumerate(
        texts(min(count, 20_000), seed=3) * (count // 20_000 + 1)
    ):
        if number == count:
            return
        yield {
            "id": f"q{start + number:09d}",
            "text": text,
            "title": title,
            "start": 0,
            "end": len(text),
            "kind": "direct",
            "segments": [[0, len(text)]],
            "speaker": {"id": "s1", "name": speaker, "kind": "person", "role": None},
            "cue": "dit",
            "said_on": None,
        }


def measure(write: Write, fill: Write, size: int) -> dict[str, float]:
    """Inserts a second one by one and in batches, and latencies in milliseconds, at ``size``
    documents.
    """
    rows = list(documents(size))
    for at in range(0, size, 5000):
        fill(rows[at : at + 5000])
    one = _timed(write, 1)
    many = _timed(write, BATCH)
    return {
        "size": size,
        "per_second": round(1000 / statistics.mean(one), 1),
        "p50_ms": round(statistics.median(one), 3),
        "p95_ms": round(sorted(one)[int(0.95 * len(one))], 3),
        "per_second_batches": round(BATCH * 1000 / statistics.mean(many), 1),
    }


def _timed(write: Write, count: int) -> list[float]:
    fresh = documents(10_000_000, start=500_000_000 + count * 10_000_000)
    spent: list[float] = []
    end = time.perf_counter() + BUDGET
    while time.perf_counter() < end and len(spent) < 3000:
        rows = [next(fresh) for _ in range(count)]
        start = time.perf_counter()
        write(rows)
        spent.append((time.perf_counter() - start) * 1000)
    return spent


# ---- who is measured
def verbatim(folder: Path, _: ExitStack) -> tuple[Write, Write]:
    from bot.domain.model import Article, Quote, Speaker
    from storage.tiny import TinyStore

    store = TinyStore(folder / "ours.json")

    def item(row: dict[str, Any]) -> tuple[Article, tuple[Quote, ...]]:
        span = (0, row["end"])
        article = Article(f"a{row['id']}", row["text"], row["id"], row["title"], "fr", body=(span,))
        quote = Quote(
            row["id"],
            article.id,
            *span,
            "direct",
            (span,),
            span,
            Speaker(**row["speaker"]),
            row["cue"],
        )
        return article, (quote,)

    def write(rows: Sequence[dict[str, Any]]) -> int:
        return store.add_many([item(row) for row in rows])

    return write, write


def stock(folder: Path, _: ExitStack) -> tuple[Write, Write]:
    from tinydb import TinyDB

    table = TinyDB(folder / "stock.json").table("quotes")
    return table.insert_multiple, table.insert_multiple


def cached(folder: Path, _: ExitStack) -> tuple[Write, Write]:
    from tinydb import TinyDB
    from tinydb.middlewares import CachingMiddleware
    from tinydb.storages import JSONStorage

    caching: Any = CachingMiddleware
    table = TinyDB(folder / "cached.json", storage=caching(JSONStorage)).table("quotes")
    return table.insert_multiple, table.insert_multiple


def sqlite(folder: Path, _: ExitStack) -> tuple[Write, Write]:
    connection = sqlite3.connect(folder / "quotes.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE quotes (id TEXT PRIMARY KEY, document TEXT NOT NULL)")

    def write(rows: Sequence[dict[str, Any]]) -> None:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO quotes VALUES (?, ?)",
            [(row["id"], json.dumps(row, ensure_ascii=False)) for row in rows],
        )
        connection.execute("COMMIT")

    return write, write


def postgres(_: Path, stack: ExitStack) -> tuple[Write, Write]:
    import psycopg
    from psycopg.types.json import Json

    connection = psycopg.connect(stack.enter_context(_server()).database(), autocommit=True)
    connection.execute("CREATE TABLE quotes (id text PRIMARY KEY, document json NOT NULL)")

    def write(rows: Sequence[dict[str, Any]]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO quotes VALUES (%s, %s)", [(row["id"], Json(row)) for row in rows]
            )

    return write, write


def _server() -> AbstractContextManager[Any]:
    sys.path.insert(0, str(HERE.parent / "tests"))
    from postgres_server import serving

    return serving()


SYSTEMS: dict[str, Callable[[Path, ExitStack], tuple[Write, Write]]] = {
    "verbatim": verbatim,
    "stock TinyDB": stock,
    "TinyDB CachingMiddleware": cached,
    "SQLite, WAL, FULL": sqlite,
    "PostgreSQL": postgres,
}


# ---- opening
def opening(size: int, url: str = "") -> dict[str, Any]:
    """Build a store of ``size`` quotes (thirty an article; a TinyDB file without a ``url``), then
    start anew, three times.
    """
    url = url or f"tinydb:{Path(tempfile.mkdtemp()) / 'store.json'}"
    figures: dict[str, Any] = {"store": url.partition(":")[0], "size": size}
    figures |= _child("fill", url, size)
    runs = [_child("open", url, size) for _ in range(3)]
    figures |= {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    return figures


def _child(task: str, url: str, size: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(HERE / "storage.py"), task, url, str(size)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def fill(url: str, size: int) -> dict[str, float]:
    """Articles of thirty quotes each into a new store; index updates are timed beside."""
    from bot.domain.model import Article, Quote, Speaker
    from bot.domain.text import sha256, short_id
    from bot.services.desk import Desk
    from storage.opening import kept_beside, open_store

    store = open_store(url)
    desk = Desk.over(store, kept_beside(url, store, "index"))
    made = texts(size)
    spent_store = spent_index = 0.0
    for at in range(0, size, 30):
        part = made[at : at + 30]
        body = "\n\n".join(f"« {text} », a dit {name}." for text, name, _ in part)
        place, quotes, spans = 0, [], []
        for number, (text, name, _) in enumerate(part):
            start = body.index(text, place)
            place, stop = (
                start + len(text),
                body.index("\n\n", start) if number + 1 < len(part) else len(body),
            )
            spans.append((start - 2, stop))
            quotes.append(
                Quote(
                    f"q{at + number:09d}",
                    f"a{at:09d}",
                    start,
                    place,
                    "direct",
                    ((start, place),),
                    (start - 2, stop),
                    Speaker(short_id("s", name), name, "person"),
                    "dit",
                )
            )
        article = Article(
            f"a{at:09d}", body, sha256(body.encode()), part[0][2], "fr", body=tuple(spans)
        )
        start_at = time.perf_counter()
        store.add(article, quotes)
        spent_store += time.perf_counter() - start_at
        start_at = time.perf_counter()
        desk.index.follow(store)
        spent_index += time.perf_counter() - start_at
    desk.keep()
    store.close()
    return {
        "articles_per_second": round(size / 30 / spent_store, 1),
        "index_ms_an_article": round(spent_index * 30e3 / size, 2),
    }


def open_and_ask(url: str, size: int) -> dict[str, float]:
    """Seconds until the first answer is there, and peak memory."""
    start = time.perf_counter()
    from bot.services.desk import Desk
    from storage.opening import kept_beside, open_store

    imported = time.perf_counter()
    store = open_store(url)
    opened = time.perf_counter()
    desk = Desk.over(store, kept_beside(url, store, "index"))
    ready = time.perf_counter()
    found = desk.ask(" ".join(texts(min(size, 1000))[5][0].split()[:7]))
    if not found.matches:
        raise SystemExit("the store did not answer")
    answered = time.perf_counter()
    from search_scale import _peak_mb

    return {
        "open_s": round(ready - imported, 3),
        "store_s": round(opened - imported, 3),
        "first_answer_s": round(answered - imported, 3),
        "imports_s": round(imported - start, 3),
        "peak_mb": round(_peak_mb()),
    }


def main() -> int:
    """Run everything that was asked for."""
    if sys.argv[1:2] in (["fill"], ["open"]):
        task = fill if sys.argv[1] == "fill" else open_and_ask
        print(json.dumps(task(sys.argv[2], int(sys.argv[3]))))
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000], metavar="N"
    )
    parser.add_argument(
        "--only", nargs="+", choices=SYSTEMS, metavar="SYSTEM", help=", ".join(SYSTEMS)
    )
    parser.add_argument("--postgres", action="store_true", help="open Verbatim on PostgreSQL, too")
    parser.add_argument("--opening", action="store_true", help="no inserts, only opening")
    options = parser.parse_args()
    results: dict[str, Any] = {"inserts": {}, "open": []}
    for name in [] if options.opening else options.only or SYSTEMS:
        for size in options.sizes:
            with ExitStack() as stack:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                try:
                    write, filling = SYSTEMS[name](folder, stack)
                except (ImportError, FileNotFoundError) as error:
                    print(f"{name}: left out, {error}", file=sys.stderr)
                    continue
                found = measure(write, filling, size)
            results["inserts"].setdefault(name, []).append(found)
            print(f"{name:26} {found}", file=sys.stderr)
    for size in options.sizes:
        with ExitStack() as stack:
            urls = ["", *([stack.enter_context(_server()).database()] if options.postgres else [])]
            for url in urls:
                results["open"].append(opening(size, url))
                print(f"open {results['open'][-1]}", file=sys.stderr)
    print(json.dumps(results))
    return 0
