"""`verbatim ingest`: sources in, a line for what became of each, progress at a terminal."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator

from bot.services.desk import Desk
from bot.settings import Settings
from handlers import shapes
from handlers.commands import INGESTED_AT_ONCE, encode_up_to, out
from handlers.options import DONE, FAILED, MISUSED

_FEW = 8  # sources whose progress is not shown


def ingest(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Index files, pages, feeds; each is printed once it is durable; one that can't be read does
    not stop the others.
    """
    from bot.reading.source import Metadata
    from bot.services.gather import gather_all
    from bot.services.sources import Source, expand

    if not all(map(str.strip, options.paths)):
        print(
            "verbatim ingest: an empty name was given; name a file, a folder or an address",
            file=sys.stderr,
        )
        return MISUSED
    names = list(expand(options.paths))
    metadata = Metadata(
        options.url, options.title, options.publisher, options.author, options.published
    )
    if metadata != Metadata() and len(names) != 1:
        print(
            "verbatim ingest: --url, --title, --publisher, --author and --published describe one "
            "file; give one",
            file=sys.stderr,
        )
        return MISUSED
    if not names:
        print(
            "verbatim ingest: nothing to read there (.txt, .md, .html, .jsonl, .docx, .pdf, feeds)",
            file=sys.stderr,
        )
        return FAILED
    sources = (
        Source(
            name,
            metadata,
            sys.stdin.buffer.read() if name == "-" else None,
            desk.ingest.digest(name),
        )
        for name in names
    )
    counts: Counter[str] = Counter()
    with _bar(len(names)) as step:
        for found in gather_all(sources, desk.fetch, lambda _: step(), options.jobs):
            done = desk.ingest.keep(found)
            counts[done.status] += 1
            for note in done.notes:
                print(f"verbatim: {done.source}: {note}", file=sys.stderr)
            if done.reason:
                print(f"verbatim: {done.reason}", file=sys.stderr)
            if done.reason is None or options.json:
                out(shapes.ingested(done) if options.json else None, shapes.ingested_line(done))
    encode_up_to(desk, INGESTED_AT_ONCE)
    if sum(counts.values()) > 1:
        told = ", ".join(
            f"{counts[status]} {status}" for status in ("new", "updated", "unchanged", "failed")
        )
        print(told, file=sys.stderr)
    return FAILED if counts["failed"] else DONE


@contextlib.contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """Progress with rate and time left, at a terminal, where there is much."""
    if total <= _FEW or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total, rate="")

        def step() -> None:
            progress.advance(task)
            speed = progress.tasks[0].speed
            progress.update(task, rate=f"{60 * speed:.0f} a minute" if speed else "")

        yield step
