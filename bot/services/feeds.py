"""Feeds that are read again and again, politely: what is new is indexed; one that fails holds no
other up.
"""

from __future__ import annotations

import logging
import random
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from bot.domain.errors import BadMetadataError, VerbatimError
from bot.domain.ports import Store
from bot.domain.text import canonical_url, short_id
from bot.domain.tracking import Feed
from bot.domain.web import fault_of
from bot.reading.feed import entries_of
from bot.reading.fetch import Fetch
from bot.reading.kinds import kind_of
from bot.services.gather import gather_entries
from bot.services.ingest import SOURCES, Ingest

_LOG = logging.getLogger("verbatim")
KIND = "feeds"
"""The kind of these records."""
LEAST = 5
"""Minutes between two looks at one feed, at least."""
_MOST = 24 * 60  # minutes that a failing feed waits at most
_SELDOM = 7 * 24 * 60  # minutes between two looks at a feed, at most
_AT_ONCE = 4  # feeds that are looked at beside one another
_LOOK = 20.0  # seconds between two looks whether a feed is due


def feeds_of(text: str) -> tuple[Feed, ...]:
    """The feeds of a TOML file; BadMetadataError says what is wrong with it."""
    try:
        rows = tomllib.loads(text).get("feed", [])
    except tomllib.TOMLDecodeError as error:
        raise BadMetadataError(f"is no TOML file ({error})") from None
    if not isinstance(rows, list):
        raise BadMetadataError("each feed begins with [[feed]], in two pairs of brackets")
    made = []
    for number, row in enumerate(rows, 1):
        unknown = sorted(set(row) - {"url", "title", "every"}) if isinstance(row, dict) else ["?"]
        if unknown:
            raise BadMetadataError(
                f"feed {number}: '{unknown[0]}' is not known; give url, title, every"
            )
        url, every = row.get("url"), row.get("every", 30)
        if not isinstance(url, str):
            raise BadMetadataError(f"feed {number}: lacks its url")
        fault = fault_of(url)
        if fault:
            raise BadMetadataError(f"feed {number}: {urlsplit(url).hostname or ''} {fault}")
        if not isinstance(every, int) or isinstance(every, bool) or not 1 <= every <= _SELDOM:
            raise BadMetadataError(f"feed {number}: every is a number of minutes")
        made.append(Feed(str(url), max(LEAST, every), row.get("title")))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Polled:
    """What a look at a feed brought, or (``reason``) why nothing."""

    url: str
    new: int = 0
    failed: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds of a store."""

    store: Store
    ingest: Ingest
    fetch: Fetch

    def all(self) -> tuple[Feed, ...]:
        """Every feed, by address."""
        known = {field.name for field in fields(Feed)}
        rows = self.store.records(KIND).values()
        found = [
            Feed(**{name: value for name, value in row.items() if name in known}) for row in rows
        ]
        return tuple(sorted(found, key=lambda feed: feed.url))

    def change(self, action: str, url: str, every: int = 30) -> bool:
        """Add, pause, resume or remove a feed; False when there is none of that address.
        BadMetadataError for a bad one.
        """
        known = next((feed for feed in self.all() if feed.url == url), None)
        if action == "add":
            fault = fault_of(url)
            if fault:
                raise BadMetadataError(f"{url[:200]} {fault}")
            self._keep(replace(known or Feed(url), every=max(LEAST, every), paused=False, next=0.0))
            return True
        if known is None:
            return False
        if action == "remove":
            self.store.keep(KIND, url, None)
        else:
            self._keep(replace(known, paused=action == "pause", next=0.0))  # how it fares stays
        return True

    def load(self, text: str) -> int:
        """Take in the feeds of a TOML file (``[[feed]]`` with ``url``, ``title``, ``every`` in
        minutes) that are not there yet; returns how many. BadMetadataError names what is wrong,
        and nothing is taken in.
        """
        known = {feed.url for feed in self.all()}
        new = [feed for feed in feeds_of(text) if feed.url not in known]
        for feed in new:
            self._keep(feed)
        return len(new)

    def suggested(self) -> tuple[Feed, ...]:
        """The feeds that come along (seeds/feeds.toml) and are not there yet."""
        text = (files("seeds") / "feeds.toml").read_text("utf-8")
        known = {feed.url for feed in self.all()}
        return tuple(feed for feed in feeds_of(text) if feed.url not in known)

    def poll(self, urls: Iterable[str] | None = None, now: float | None = None) -> Iterator[Polled]:
        """Look at some feeds, or at all that are due (``now``) or not paused."""
        wanted = None if urls is None else set(urls)
        chosen = [
            feed
            for feed in self.all()
            if (wanted is None or feed.url in wanted)
            and not feed.paused
            and (now is None or feed.next <= now)
        ]
        with ThreadPoolExecutor(_AT_ONCE, "feeds") as pool:
            yield from pool.map(self._look, chosen)

    def _look(self, feed: Feed) -> Polled:
        """One look; whatever goes wrong is kept with the feed, which then waits longer."""
        now = time.time()
        if not self._found(
            feed.url, next=now + 60 * feed.every
        ):  # so that no other process looks at the same time
            return Polled(feed.url, reason="it was taken out or paused meanwhile")
        try:
            done, changed = self._read(feed)
        except Exception as error:  # noqa: BLE001 what a far site sends must not end the looking
            reason = (
                str(error)
                if isinstance(error, VerbatimError)
                else f"can't be read ({type(error).__name__})"
            )
            failures = feed.failures + 1
            wait = min(_MOST, feed.every * 2 ** min(failures, 12)) * 60 * random.uniform(0.8, 1.2)  # noqa: S311
            self._found(feed.url, failures=failures, error=reason[:300], last=now, next=now + wait)
            return Polled(feed.url, reason=reason)
        wait = 60 * feed.every * random.uniform(0.9, 1.1)  # noqa: S311 no secret
        self._found(
            feed.url,
            failures=0,
            error=None,
            added=feed.added + done.new,
            last=now,
            next=now + wait,
            **changed,
        )
        return done

    def _found(self, url: str, **changes: Any) -> bool:
        """Keep what was found of a feed; False when it was taken out or paused meanwhile, which
        stays so.
        """
        row = self.store.records(KIND, url).get(url)
        if row is None or row.get("paused"):
            return False
        self.store.keep(KIND, url, {**row, **changes})
        return True

    def _read(self, feed: Feed) -> tuple[Polled, dict[str, str | None]]:
        fetched = self.fetch(feed.url, feed.etag, feed.modified)
        if fetched.status == 304:
            return Polled(feed.url), {}
        entries = entries_of(fetched.data, kind_of(fetched.data), feed.url)
        new = failed = 0
        fresh = [entry for entry in entries if not self._is_known(entry.url)]
        for found in gather_entries(fresh, self.fetch):
            done = self.ingest.keep(found)
            new += done.status == "new"
            failed += done.status == "failed"
        title = next((entry.publisher for entry in entries if entry.publisher), feed.title)
        return Polled(feed.url, new, failed), {
            "title": title,
            "etag": fetched.etag,
            "modified": fetched.modified,
        }

    def _is_known(self, url: str) -> bool:
        """Was it read before, wherever its address led? An article that an admin took out is not
        fetched again.
        """
        return url in self.store.records(SOURCES, url) or bool(
            self.store.article(short_id("a", canonical_url(url)))
        )

    def _keep(self, feed: Feed) -> None:
        self.store.keep(KIND, feed.url, dict[str, Any](asdict(feed)))

    def beside(self) -> Callable[[], None]:
        """Look at what is due in a thread, now and again; returns what ends it."""
        stop = threading.Event()

        def run() -> None:
            while not stop.wait(_LOOK):
                try:
                    for told in self.poll(now=time.time()):
                        _LOG.info(
                            "feed: %d new, %d failed%s",
                            told.new,
                            told.failed,
                            "; it failed" if told.reason else "",
                        )
                except VerbatimError as error:  # the store is away: looked at again
                    _LOG.warning("feeds: %s", error)
                except Exception:  # noqa: BLE001 the thread lives as long as the bot
                    _LOG.exception("feeds")

        threading.Thread(target=run, name="feeds", daemon=True).start()
        return stop.set
