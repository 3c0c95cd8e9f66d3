"""Latency of the running bot at Telegram's pace, and its updates per second beside a bot that
answers a constant.

--pace 30: that many messages a second (Telegram lets a bot send no more) for --seconds, over
--quotes made quotes with their articles: median and 95th percentile of an answer, words alone.
Without it, as fast as it goes:

Both are processes of their own (`verbatim serve`; ``bot_constant.py``), both poll the same loopback
Bot API with the same concurrency and no rate limits, the seed articles in the store. A user asks
again as soon as the answer is there. The two take turns within one run; figures are medians over
the rounds, ratios are taken within a round.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any

from bot_api import BenchApi, crowd
from search_scale import texts
from storage_runs import fill

from bot.reading.source import read_file
from bot.services.desk import Desk
from storage.memory import MemoryStore

HERE = Path(__file__).parent
BOTS = {
    "Verbatim": [sys.executable, "-m", "bot", "serve", "--store", "memory:"],
    "constant": [sys.executable, str(HERE / "bot_constant.py")],
}
NOWHERE = ("le prix du beurre", "recette de la tarte aux pommes", "the winner of the chess final")
WARM_UP = 200  # updates
_TICK = os.sysconf("SC_CLK_TCK")


def questions(count: int = 400) -> list[str]:
    """What users ask, each once: runs of two to five words of the seeds' quotes, people's names;
    every eighth in vain.
    """
    desk, choose = Desk.over(MemoryStore()), Random(20)
    for path in sorted((HERE.parent / "seeds" / "articles").glob("*.txt")):
        desk.ingest(read_file(path))
    said = [
        (quote, article.text[quote.start : quote.end].split())
        for quote, article in desk.recent().items
    ]
    asked = []
    for at in range(count):
        quote, words = choose.choice(said)
        start = choose.randrange(max(1, len(words) - 4))
        run = " ".join(words[start : start + choose.randint(2, 5)])
        name = quote.speaker.name if quote.speaker else ""
        asked.append(
            NOWHERE[at % 3]
            if at % 8 == 7
            else f"qu'a dit {name} ?"
            if at % 8 == 5 and name
            else run
        )
    return asked


@asynccontextmanager
async def running(
    name: str, api: BenchApi, concurrency: int, folder: Path, store: str = ""
) -> AsyncIterator[int]:
    """One of the bots, polling; its process id."""
    environment = {
        **os.environ,
        "TELEGRAM_TOKEN": "1:bench",
        "TELEGRAM_API_BASE": api.url,
        "PYTHONPATH": str(HERE.parent),
        "VERBATIM_CONCURRENT_UPDATES": str(concurrency),
        "XDG_DATA_HOME": str(folder),
        **({"VERBATIM_ENCODER": "off"} if store else {}),
        **dict.fromkeys(
            ("VERBATIM_RATE_USER", "VERBATIM_RATE_GROUP", "VERBATIM_RATE_OVERALL"), "0"
        ),
    }
    log = (folder / f"{name}.log").open("wb")
    command = BOTS[name] if not store else [*BOTS[name][:-1], store]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stderr=log, stdout=log
    )
    try:
        await asyncio.wait_for(api.polled.wait(), 60)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()
        log.close()


def cpu_seconds(pid: int) -> float:
    """Seconds of processor that a process has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


async def measure(
    name: str, users: int, updates: int, concurrency: int, folder: Path
) -> dict[str, float]:
    """One run of one bot: updates/s, p50 and p95 of an answer (ms), CPU per update (ms)."""
    async with BenchApi() as api, running(name, api, concurrency, folder) as pid:
        asked = questions()
        await crowd(api, users, WARM_UP, asked)
        before = cpu_seconds(pid)
        waits, seconds = await crowd(api, users, updates, asked)
        used = cpu_seconds(pid) - before
    cut = quantiles(waits, n=20)
    return {
        "updates_per_s": updates / seconds,
        "p50_ms": cut[9] * 1e3,
        "p95_ms": cut[18] * 1e3,
        "cpu_ms": used / updates * 1e3,
    }


async def paced(pace: int, seconds: int, quotes: int, folder: Path) -> dict[str, float]:
    """A question every ``1 / pace`` seconds, each by another of 400 users, over a store of made
    quotes.
    """
    path = folder / "paced.json"
    fill(f"tinydb:{path}", quotes)
    made, choose = texts(quotes), Random(3)
    async with BenchApi() as api, running("Verbatim", api, 16, folder, f"tinydb:{path}") as pid:
        waits: list[float] = []

        async def ask(number: int) -> None:
            words = choose.choice(made)[0].split()
            start = choose.randrange(max(1, len(words) - 6))
            waits.append(
                (await api.ask(1000 + number % 400, " ".join(words[start : start + 6])))[0]
            )

        await crowd(api, 4, WARM_UP, [" ".join(text.split()[:6]) for text, _, _ in made[:300]])
        began, before, asked = time.perf_counter(), cpu_seconds(pid), []
        for number in range(pace * seconds):
            await asyncio.sleep(max(0.0, began + number / pace - time.perf_counter()))
            asked.append(asyncio.create_task(ask(number)))
        await asyncio.gather(*asked)
        used = cpu_seconds(pid) - before
    cut = quantiles(waits, n=20)
    return {
        "messages": len(waits),
        "a_second": round(len(waits) / (time.perf_counter() - began), 1),
        "p50_ms": round(cut[9] * 1e3, 1),
        "p95_ms": round(cut[18] * 1e3, 1),
        "worst_ms": round(max(waits) * 1e3, 1),
        "cpu_ms": round(used / len(waits) * 1e3, 2),
    }


def middle(rounds: Sequence[dict[str, dict[str, float]]]) -> dict[str, Any]:
    """Medians over the rounds, and of the ratios within each round."""
    named = {
        name: {key: median(one[name][key] for one in rounds) for key in rounds[0][name]}
        for name in BOTS
    }
    ours, peer = BOTS
    return named | {
        "rate_ratio": median(
            one[ours]["updates_per_s"] / one[peer]["updates_per_s"] for one in rounds
        ),
        "p95_ratio": median(one[ours]["p95_ms"] / one[peer]["p95_ms"] for one in rounds),
        "cpu_ratio": median(one[ours]["cpu_ms"] / one[peer]["cpu_ms"] for one in rounds),
    }


def main() -> int:
    """Measure and print a table (`--json`: as JSON)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument(
        "--updates", type=int, default=3000, help="updates of one run (default: %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--concurrency", type=int, nargs="+", default=[16], help="concurrent updates of both bots"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pace", type=int, metavar="N", help="so many messages a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--quotes", type=int, default=100_000)
    options = parser.parse_args()
    if options.pace:
        with tempfile.TemporaryDirectory() as folder:
            pace = asyncio.run(paced(options.pace, options.seconds, options.quotes, Path(folder)))
        print(json.dumps(pace))
        return 0
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for concurrency in options.concurrency:
            for users in options.users:
                rounds = []
                for at in range(options.rounds):
                    order = list(BOTS) if at % 2 else list(reversed(BOTS))
                    rounds.append(
                        {
                            name: asyncio.run(
                                measure(name, users, options.updates, concurrency, Path(folder))
                            )
                            for name in order
                        }
                    )
                key = f"{users} users, concurrency {concurrency}"
                found[key] = middle(rounds)
                if not options.json:
                    print_case(key, found[key])
    if options.json:
        print(json.dumps(found, indent=1))
    return 0


def print_case(key: str, case: dict[str, Any]) -> None:
    """One case as lines."""
    print(key)
    for name in BOTS:
        print(
            "  {:9} {updates_per_s:7.0f} updates/s  p50 {p50_ms:6.1f} ms  "
            "p95 {p95_ms:6.1f} ms  CPU {cpu_ms:5.2f} ms".format(name, **case[name])
        )
    print(
        "  ratios: rate {rate_ratio:.2f}  p95 {p95_ratio:.2f}  CPU {cpu_ratio:.2f}".format(**case),
        flush=True,
    )
