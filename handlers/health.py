"""What an operator sees: counts, each minute in the log and, at a loopback port, for Prometheus; is
all well?
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.domain.errors import VerbatimError
from bot.services.desk import Desk

log = logging.getLogger("verbatim")
_MINUTE = 60.0
_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


class Counts:
    """Numbers only: no text, no names."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.updates = Counter("verbatim_updates", "Updates taken in", registry=self.registry)
        self.refused = Counter(
            "verbatim_refused", "Updates refused: too much of a chat", registry=self.registry
        )
        self.replies = Counter(
            "verbatim_replies", "Messages sent or changed", registry=self.registry
        )
        self.failures = Counter("verbatim_failures", "Updates that failed", registry=self.registry)
        self.seconds = Histogram(
            "verbatim_work_seconds",
            "Searching and drawing",
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.quotes = Gauge("verbatim_quotes", "Quotes held", registry=self.registry)
        self.articles = Gauge(
            "verbatim_articles", "Articles that hold them", registry=self.registry
        )
        self.waiting = Gauge(
            "verbatim_waiting", "Updates that are being answered or wait", registry=self.registry
        )
        self.last = time.monotonic()

    def so_far(self) -> dict[str, int]:
        """Updates, replies, failures and refusals since the start."""
        named = {
            "updates": self.updates,
            "replies": self.replies,
            "failures": self.failures,
            "refused": self.refused,
        }
        return {
            name: int(next(iter(counter.collect())).samples[0].value)
            for name, counter in named.items()
        }


async def each_minute(counts: Counts, waiting: Callable[[], int]) -> None:
    """Log what the last minute brought, if it brought anything."""
    before = counts.so_far()
    while True:
        await asyncio.sleep(_MINUTE)
        now = counts.so_far()
        brought = {name: now[name] - before[name] for name in now}
        if any(brought.values()):
            told = ", ".join(f"{number} {name}" for name, number in brought.items())
            log.info("last minute: %s, %d waiting", told, waiting())
        before = now


class _Page(RequestHandler):
    def initialize(self, desk: Desk, counts: Counts, waiting: Callable[[], int]) -> None:
        self.desk, self.counts, self.waiting = desk, counts, waiting

    def _size(self) -> tuple[int, int]:
        quotes, articles = self.desk.size()
        self.counts.quotes.set(quotes)
        self.counts.articles.set(articles)
        self.counts.waiting.set(self.waiting())
        return quotes, articles


class _Health(_Page):
    async def get(self) -> None:
        """200 when the store answers, 503 when it doesn't."""
        report: dict[str, object] = {"store": "ok"}
        try:
            quotes, articles = await asyncio.to_thread(self._size)
            await asyncio.to_thread(self.desk.store.records, "users", "0")
            report |= {"quotes": quotes, "articles": articles}
        except VerbatimError as error:
            self.set_status(503)
            report["store"] = str(error)
        report |= {
            "waiting": self.waiting(),
            "last_update_s": round(time.monotonic() - self.counts.last),
        }
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(report))


class _Metrics(_Page):
    async def get(self) -> None:
        """Prometheus's text format."""
        await asyncio.to_thread(self._size)
        self.set_header("Content-Type", "text/plain; version=0.0.4")
        self.finish(generate_latest(self.counts.registry))


def listen(port: int, desk: Desk, counts: Counts, waiting: Callable[[], int]) -> HTTPServer:
    """Serve /healthz and /metrics on the loopback; VerbatimError when the port is taken."""
    about = {"desk": desk, "counts": counts, "waiting": waiting}
    server = HTTPServer(
        Application(
            [("/healthz", _Health, about), ("/metrics", _Metrics, about)], log_function=_quiet
        )
    )
    try:
        server.listen(port, "127.0.0.1")
    except OSError as error:
        raise VerbatimError(
            f"VERBATIM_HEALTH_PORT: port {port} can't be used ({error.strerror})"
        ) from error
    return server


def _quiet(_: RequestHandler) -> None:
    """Requests are not logged."""
