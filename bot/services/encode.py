"""The vectors that an index lacks are worked out: a few at once, many at a command's end or beside
the conversation.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bot.domain.errors import VerbatimError
from bot.domain.ports import Store
from bot.meaning.meaning import Meaning
from bot.search.entries import Entry, document_of, key_of, passage_of
from bot.search.index import Index

_LOG = logging.getLogger(__name__)
AT_ONCE = 300
"""As many quotes are encoded before a question is answered: some seven seconds' work at most."""
_BATCH = 64
_PAUSE = 2.0  # seconds between two looks for new quotes


@dataclass(frozen=True, slots=True)
class Encode:
    """Encode what the store holds and the vectors lack. Without a ``meaning`` there is nothing to
    do.
    """

    store: Store
    index: Index
    meaning: Meaning | None = None

    def missing(self) -> int:
        """How many quotes have no vector yet."""
        if self.meaning is None:
            return 0
        view = self.index.current(self.store)
        return sum(len(docs) for _, docs in self.meaning.missing(view))

    def __call__(
        self, told: Callable[[int, int], None] | None = None, stop: threading.Event | None = None
    ) -> int:
        """Encode all that is missing, telling how many of how many are done; returns how many were
        encoded.
        """
        if self.meaning is None:
            return 0
        count, done = self.missing(), 0
        found = self._passages()
        while batch := list(islice(found, _BATCH)):
            if stop is not None and stop.is_set():
                break
            keys = np.array([key for key, _ in batch], np.uint64)
            new = self.meaning.vectors.rows(keys) < 0  # another process may have been here
            if new.any():
                self.meaning.keep(
                    keys[new], [text for (_, text), fresh in zip(batch, new, strict=True) if fresh]
                )
            done += len(batch)
            if told is not None:
                told(done, count)
        return done

    def few(self) -> int:
        """Encode what is missing if it is little enough to be waited for; returns how many quotes
        are left.

        Vectors that can't be kept (a full disk, a folder that can't be written) are left for later:
        words answer.
        """
        left = self.missing()
        if 0 < left <= AT_ONCE:
            try:
                self()
            except OSError as error:
                _LOG.warning("not encoded: %s", error)
            left = self.missing()
        return left

    def beside(self) -> Callable[[], None]:
        """Encode in a thread, now and whenever quotes come; returns what ends it."""
        stop = threading.Event()
        thread = threading.Thread(target=self._keep_up, args=(stop,), name="encode", daemon=True)
        if self.meaning is not None:
            thread.start()

        def end() -> None:
            stop.set()
            if thread.is_alive():
                thread.join(timeout=5)

        return end

    def _keep_up(self, stop: threading.Event) -> None:
        seen = -1
        while not stop.is_set():
            if self.index.last_seen != seen:
                latest = self.index.last_seen
                try:
                    self(stop=stop)
                    seen = latest
                except (
                    OSError,
                    VerbatimError,
                ) as error:  # a full disk, a server that is away: tried again
                    _LOG.warning("not encoded yet: %s", error)
            stop.wait(_PAUSE)

    def _passages(self) -> Iterator[tuple[int, str]]:
        """(key, passage) of the quotes without a vector; those that have changed meanwhile are left
        for later.
        """
        assert self.meaning is not None  # noqa: S101 the caller has looked
        view = self.index.view()
        entries = [
            (view.entry(number, doc), int(view.segments[number].passage[doc]))
            for number, docs in self.meaning.missing(view)
            for doc in docs.tolist()
        ]
        seen: set[int] = set()
        for entry, key in entries:
            passage = self._passage(entry)
            if passage is not None and key not in seen and key_of(passage) == key:
                seen.add(key)
                yield key, passage

    def _passage(self, entry: Entry) -> str | None:
        quote, article = self.store.quote(entry.quote_id), self.store.article(entry.article_id)
        return passage_of(document_of(article, quote)) if quote and article else None
