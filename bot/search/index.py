"""The index: it follows any store by its changes, and gives the view that questions are searched
in.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from bot.domain.errors import StoreError
from bot.domain.model import Article, Quote, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold
from bot.search import snapshot
from bot.search.entries import document_of, whole_of
from bot.search.growing import GrowingView
from bot.search.people import Rulings
from bot.search.segment import merge
from bot.search.view import View
from bot.search.vocabulary import Vocabulary

PATIENCE = 0.2
"""Seconds for which a question takes changes in before it is searched; what is left comes with the
next.
"""
# seconds to wait for another thread that takes changes in; then the view before them answers
_BUSY = 0.05
PEOPLE = "people"
"""The kind, and the key, of the record of what was decided of names."""
_RULED = 5.0  # seconds between two looks at it
# articles that are taken in together: what is read of a large store is not all in memory
_AT_ONCE = 500


class Index(GrowingView):
    """In memory, incremental: ``follow`` applies what a store changed since ``last_seen``.

    After any history it answers exactly like a fresh one over the same store: whatever it counts is
    counted over what is alive, whatever it orders is ordered by content. One thread writes at a
    time, holding ``lock``; questions are searched in a ``view``, without it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.last_seen = 0
        self.lock = threading.RLock()
        self._ruled = -_RULED

    # ---- views
    def view(self) -> View:
        """Everything as it stands now: what comes later changes nothing in it."""
        with self.lock:
            if self._view is None:
                self._view = self._viewed()
            return self._view

    def current(self, store: Store) -> View:
        """A view with the store's changes; without those that take longer than ``PATIENCE``, or
        another thread has begun on.
        """
        known = self._view
        if not self.lock.acquire(timeout=-1 if known is None else _BUSY):
            return known or self.view()
        try:
            self.follow(store, PATIENCE)
            self._learn_rulings(store)
            return self.view()
        except StoreError:
            if known is None:
                raise
            return known  # the store is away: what it held is known
        finally:
            self.lock.release()

    def _learn_rulings(self, store: Store) -> None:
        """What admins decided of names, looked up now and again."""
        if time.monotonic() < self._ruled + _RULED:
            return
        self._ruled = time.monotonic()
        row = store.records(PEOPLE, PEOPLE).get(PEOPLE, {})
        pairs = {
            name: tuple((str(a), str(b)) for a, b in row.get(name, ()))
            for name in ("same", "apart")
        }
        if self.people.rule(Rulings(pairs["same"], pairs["apart"])):
            self._view = None

    def relearn(self) -> None:
        """Look at the rulings before the next question: one was made here."""
        self._ruled = -_RULED

    def _viewed(self) -> View:
        made = View()
        made.vocabulary = self.vocabulary
        made.segments, made.wholes = list(self.segments), list(self.wholes)
        made.articles, made.facts, made.days = (
            Counter(self.articles),
            dict(self.facts),
            dict(self.days),
        )
        made.people = self.people.names()
        made._article_ids, made._article_numbers = self._article_ids, self._article_numbers
        made._speaker_ids, made._speaker_numbers = self._speaker_ids, self._speaker_numbers
        made._languages, made._length, made._quotes = self._languages, self._length, self._quotes
        return made

    # ---- writing
    def follow(self, store: Store, patience: float = math.inf) -> int:
        """Apply the store's changes, reading them for ``patience`` seconds at most; returns how
        many articles changed.
        """
        until, count = time.monotonic() + patience, 0
        with self.lock:
            while True:
                latest, last = self._latest(store, until)
                if not latest:
                    break
                # only now: a store that failed on the way is asked for all of them again
                self.last_seen = last
                count += self._take(latest)
                if time.monotonic() > until:
                    break
        return count

    def _latest(
        self, store: Store, until: float
    ) -> tuple[dict[str, tuple[Article, Sequence[Quote]] | None], int]:
        """The last state of each of the next articles that have changed, None where it is gone, and
        the last number.
        """
        last = self.last_seen
        latest: dict[str, tuple[Article, Sequence[Quote]] | None] = {}
        for change in islice(store.changes(self.last_seen), _AT_ONCE):
            latest.pop(
                change.article_id, None
            )  # so that articles keep the order of their last change
            latest[change.article_id] = (change.article, change.quotes) if change.article else None
            last = max(last, change.seq)
            if time.monotonic() > until:
                break
        return latest, last

    def _take(self, latest: Mapping[str, tuple[Article, Sequence[Quote]] | None]) -> int:
        if latest:
            self._view = None
        for article_id in latest:
            self.drop(article_id)
        kept = [held for held in latest.values() if held]
        for article, _ in kept:
            self.days[article.id] = article.day.toordinal() if article.day else 0
            self.facts[article.id] = "\n".join(
                fold(part) for part in (article.title, article.publisher, article.url) if part
            )
        self.put([document_of(article, quote) for article, quotes in kept for quote in quotes])
        self.put_articles([whole_of(article) for article, _ in kept])
        return len(latest)

    # ---- snapshots
    def save(self, folder: Path, identity: str = "") -> None:
        """Write a snapshot; ``identity`` says what it is a snapshot of, ``load`` wants the same."""
        with self.lock:
            for parts in (self.segments, self.wholes):
                if len(parts) > 1 or any(part.dead for part in parts):
                    parts[:] = [merge(parts)]
                    self._changed()
            forms = list(dict.fromkeys(s for held in self.people.by_article.values() for s in held))
            numbers = {speaker: number for number, speaker in enumerate(forms)}
            tables = {
                "identity": identity,
                "last_seen": self.last_seen,
                "languages": self._languages,
                "articles": self.articles,
                "facts": self.facts,
                "days": self.days,
                "article_ids": self._article_ids,
                "speaker_ids": self._speaker_ids,
                "length": self._length,
                "forms": [[s.id, s.name, s.kind, s.role] for s in forms],
                "said": {
                    key: [numbers[s] for s in held] for key, held in self.people.by_article.items()
                },
            }
            parts_by_name = {"quotes": self.segments, "wholes": self.wholes}
            snapshot.write(folder, parts_by_name, self.vocabulary.terms, tables)

    @classmethod
    def load(cls, folder: Path, identity: str = "") -> Index:
        """Map a snapshot; ValueError when it is damaged, of another format or of something else,
        OSError without one.
        """
        parts, terms, tables = snapshot.read(folder)
        if tables["identity"] != identity:
            raise ValueError(f"{folder}: a snapshot of {tables['identity'] or 'nothing'}")
        index = cls()
        index.vocabulary = Vocabulary(terms)
        index.segments, index.wholes = parts["quotes"], parts["wholes"]
        index.last_seen, index._languages = tables["last_seen"], tables["languages"]
        index.articles, index.facts = Counter(tables["articles"]), tables["facts"]
        index.days = tables["days"]
        index._quotes = index.articles.total()
        index._article_ids, index._speaker_ids = tables["article_ids"], tables["speaker_ids"]
        index._article_numbers = {key: number for number, key in enumerate(index._article_ids)}
        index._speaker_numbers = {key: number for number, key in enumerate(index._speaker_ids)}
        index._length = tables["length"]
        index.people.restore([Speaker(*row) for row in tables["forms"]], tables["said"])
        return index
