"""Sources become articles with their quotes: files, folders, patterns, addresses, feeds; on all
cores.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from bot.domain.errors import UnreadableFileError, VerbatimError
from bot.extraction.extract import extract_quotes
from bot.reader.reader import FOLDER
from bot.reading.feed import Entry, entries_of
from bot.reading.fetch import AGENT, Fetch, FetchError
from bot.reading.kinds import kind_of
from bot.reading.source import Metadata, bytes_of, read
from bot.services.sources import Gathered, Source, is_address

_MANY = 8  # sources from which on further processes are worth their start
_AHEAD = 4  # sources a process that are read before the first is stored: memory stays flat
_WATCH = 0.5  # seconds between two looks whether the parent lives
_POLITE = 1.0  # seconds between two requests to one host
_WHOLE = 1500  # characters of a feed's entry from which on it is the article itself


def gather(source: Source, fetch: Fetch) -> list[Gathered]:
    """All that one source holds; never an exception."""
    try:
        return list(_gathered(source, fetch))
    except VerbatimError as error:
        return [Gathered(source.name, reason=str(error))]
    except Exception as error:  # noqa: BLE001 whatever a library makes of bytes that nobody foresaw
        return [_unread(source.name, error)]


def _unread(name: str, error: Exception) -> Gathered:
    deep = isinstance(error, MemoryError | RecursionError)
    why = "is too deep or too large" if deep else "could not be read"
    return Gathered(name, reason=f"{name}: {why} ({type(error).__name__})")


def _gathered(source: Source, fetch: Fetch) -> Iterator[Gathered]:
    address = content_type = None
    if "://" in source.name and not is_address(source.name) and source.data is None:
        raise UnreadableFileError(f"{source.name}: only http and https addresses are fetched")
    if source.data is None and is_address(source.name):
        fetched = fetch(source.name)
        data, address, content_type = fetched.data, fetched.url, fetched.content_type
    else:
        data = source.data if source.data is not None else bytes_of(Path(source.name))
    digest = digest_of(data, source.metadata)
    if digest == source.digest:
        yield Gathered(source.name, digest=digest)
        return
    kind = kind_of(data)
    if kind in ("feed", "jsonfeed", "sitemap"):
        yield from gather_entries(entries_of(data, kind, source.name), fetch)
    elif kind == "jsonl":
        yield from _of_lines(data, source)
    else:
        found = read(data, source.name, source.metadata, None, address, content_type)
        yield Gathered(
            source.name, found.article, extract_quotes(found.article), found.notes, digest=digest
        )


def digest_of(data: bytes, metadata: Metadata) -> str:
    """What tells that a source holds what it held, read in the same way."""
    about = json.dumps(
        [metadata.url, metadata.title, metadata.publisher, metadata.author, metadata.published]
    )
    return blake2b(
        data,
        digest_size=16,
        key=_code()[:32],
        salt=blake2b(about.encode(), digest_size=16).digest(),
    ).hexdigest()


def _code() -> bytes:
    """What reading and extraction depend on: other code may make other quotes."""
    global _CODE  # noqa: PLW0603 worked out once a process
    if not _CODE:
        made = blake2b(os.environ.get("VERBATIM_READER", "").encode(), digest_size=32)
        for folder in ("reading", "extraction", "languages", "reader"):
            for file in sorted((Path(__file__).parents[1] / folder).glob("*.*")):
                made.update(file.read_bytes())
        made.update((FOLDER / "checksums.json").read_bytes())
        _CODE = made.digest()
    return _CODE


_CODE = b""


def _of_lines(data: bytes, source: Source) -> Iterator[Gathered]:
    """One article a line: {"text": …} with what is known of it."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        name = f"{source.name}, line {number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            own = {
                key: str(row[key])
                for key in ("url", "title", "publisher", "author", "published")
                if row.get(key)
            }
            if not isinstance(row["text"], str):
                raise TypeError
            found = read(row["text"].encode(), name, replace(source.metadata, **own))
        except (ValueError, KeyError, TypeError, AttributeError):
            yield Gathered(name, reason=f"{name}: is no JSON object with a text")
        except VerbatimError as error:
            yield Gathered(name, reason=str(error))
        else:
            yield Gathered(name, found.article, extract_quotes(found.article), found.notes)


def gather_entries(entries: Iterable[Entry], fetch: Fetch) -> Iterator[Gathered]:
    """The articles that a feed names, fetched politely; one that fails holds no other up."""
    asked: dict[str, float] = {}
    allowed = Robots(fetch)
    for entry in entries:
        try:
            yield _of_entry(entry, fetch, allowed, asked)
        except VerbatimError as error:
            yield Gathered(entry.url, reason=str(error))
        except Exception as error:  # noqa: BLE001 as above
            yield _unread(entry.url, error)


def _of_entry(entry: Entry, fetch: Fetch, allowed: Robots, asked: dict[str, float]) -> Gathered:
    own = Metadata(entry.url, entry.title, entry.publisher, entry.author, entry.published)
    if entry.html and len(entry.html) > _WHOLE:
        data = f"<html><body><article>{entry.html}</article></body></html>".encode()
        found = read(data, entry.url, own, None, entry.url)
    else:
        if not allowed(entry.url):
            raise FetchError(f"{entry.url}: its site's robots.txt does not allow it")
        host = urlsplit(entry.url).netloc
        time.sleep(max(0.0, asked.get(host, 0.0) + _POLITE - time.monotonic()))
        fetched = fetch(entry.url)
        asked[host] = time.monotonic()
        data, own = fetched.data, Metadata(published=entry.published, publisher=None)
        found = read(data, entry.url, own, None, fetched.url, fetched.content_type)
    digest = digest_of(data, own)  # so that the entry is known, wherever its address leads
    return Gathered(
        entry.url, found.article, extract_quotes(found.article), found.notes, digest=digest
    )


class Robots:
    """What sites' robots.txt allow; a site without one allows all (RFC 9309)."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._known: dict[str, RobotFileParser] = {}

    def __call__(self, url: str) -> bool:
        """May this address be fetched?"""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._known:
            parser = self._known[site] = RobotFileParser()
            lines: list[str] = []
            with contextlib.suppress(FetchError):
                lines = (
                    self._fetch(f"{site}/robots.txt").data.decode("utf-8", "replace").splitlines()
                )
            parser.parse(lines)
        return self._known[site].can_fetch(AGENT.split("/")[0], url)


def gather_all(
    sources: Iterable[Source],
    fetch: Fetch,
    told: Callable[[Source], None] = lambda _: None,
    jobs: int | None = None,
) -> Iterator[Gathered]:
    """What all sources hold, on ``jobs`` cores (None: all), as it comes; ``told`` of each source
    that is done.
    """
    jobs = jobs or _cores()
    waiting = iter(sources)
    first = list(islice(waiting, _MANY))
    if jobs == 1 or len(first) < _MANY:
        for source in chain(first, waiting):
            yield from gather(source, fetch)
            told(source)
        return
    with ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), _leave_with, (os.getpid(),)
    ) as pool:
        running: dict[Future[list[Gathered]], Source] = {}
        work = partial(gather, fetch=fetch)
        for source in chain(first, waiting):
            running[pool.submit(work, source)] = source
            if len(running) >= _AHEAD * jobs:
                yield from _done(running, told)
        while running:
            yield from _done(running, told)


def _leave_with(parent: int) -> None:
    """In a process that reads: end when the one that asked for it was killed, which can't tell."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _done(
    running: dict[Future[list[Gathered]], Source], told: Callable[[Source], None]
) -> Iterator[Gathered]:
    finished, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in finished:
        source = running.pop(future)
        try:
            yield from future.result()
        except Exception as error:  # noqa: BLE001 a process that was killed, an article that nothing can read
            yield _unread(source.name, error)
        told(source)
