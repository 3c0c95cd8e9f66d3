"""The index: it follows any store by its changes, and gives the view that questions are searched
in.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from bot.domain.errors import StoreError
from bot.domain.model import Article, Quote, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold
from bot.search import snapshot
from bot.search.entries import Document, document_of, key_of, passage_of, whole_of
from bot.search.people import NameBook, Rulings
from bot.search.scope import KINDS
from bot.search.segment import Row, build, merge
from bot.search.terms import stem, stop_words, words
from bot.search.view import View
from bot.search.vocabulary import Vocabulary

FIELDS: Mapping[str, float] = {
    "text": 1.0,
    "speaker": 1.0,
    "context": 0.5,
    "paragraph": 0.3,
    "title": 0.4,
}
"""How much a word counts by where it stands."""
PATIENCE = 0.2
"""Seconds for which a question takes changes in before it is searched; what is left comes with the
next.
"""
# seconds to wait for another thread that takes changes in; then the view before them answers
_BUSY = 0.05
PEOPLE = "people"
"""The kind, and the key, of the record of what was decided of names."""
_RULED = 5.0  # seconds between two looks at it
_MAX_SEGMENTS = 8
# articles that are taken in together: what is read of a large store is not all in memory
_AT_ONCE = 500


class Index(View):
    """In memory, incremental: ``follow`` applies what a store changed since ``last_seen``.

    After any history it answers exactly like a fresh one over the same store: whatever it counts is
    counted over what is alive, whatever it orders is ordered by content. One thread writes at a
    time, holding ``lock``; questions are searched in a ``view``, without it.
    """

    people: NameBook

    def __init__(self) -> None:
        super().__init__()
        self.last_seen = 0
        self.lock = threading.RLock()
        self.people = NameBook()
        self._view: View | None = None
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

    def put(self, documents: Sequence[Document]) -> None:
        """Add quotes as a new segment; small segments are merged as they pile up."""
        if not documents:
            return
        rows = [self._row(document) for document in documents]
        self._length += sum(len(row.words) for row in rows)
        self._quotes += len(rows)
        self.segments.append(build(rows))
        self._changed()
        if len(self.segments) > _MAX_SEGMENTS:
            self._merge()

    def put_articles(self, wholes: Sequence[Document]) -> None:
        """Add whole articles, which lead to their quotes by words that stand elsewhere in the
        text.
        """
        if not wholes:
            return
        self.wholes.append(build([self._whole(whole) for whole in wholes]))
        self._changed()
        if len(self.wholes) > _MAX_SEGMENTS:
            self.wholes = [merge(self.wholes)]

    def _merge(self) -> None:
        """Merge all but the segments that are much larger than what follows them."""
        sizes = [len(segment) for segment in self.segments]
        first = len(sizes) - 1
        while first and sizes[first - 1] < 3 * sum(sizes[first:]):
            first -= 1
        self.segments[first:] = [merge(self.segments[first:])]

    def _whole(self, whole: Document) -> Row:
        stop, weights = stop_words(), defaultdict[int, float](float)
        for word in words(f"{whole.title} {whole.text}"):
            if word not in stop:
                number = self.vocabulary.add(stem(word, whole.language))
                weights[number] = min(4.0, weights[number] + 1.0)
        article = _number(whole.article_id, self._article_ids, self._article_numbers)
        return Row("", article, -1, 0, 0, 0, 0, self._language(whole.language), 0, weights, ())

    def _row(self, document: Document) -> Row:
        language, speaker = document.language, document.speaker
        said_by = f"{speaker.name} {speaker.role or ''}" if speaker else ""
        weights: dict[int, float] = defaultdict(float)
        stop, add = stop_words(), self.vocabulary.add
        numbers = [add(stem(word, language)) for word in words(document.text)]
        for number in numbers:
            weights[number] += FIELDS["text"]
        for field, text in (
            ("speaker", said_by),
            ("context", document.context),
            ("paragraph", document.paragraph),
            ("title", document.title),
        ):
            for word in words(text):
                if word not in stop:
                    weights[add(stem(word, language))] += FIELDS[field]
        self.articles[document.article_id] += 1
        if speaker:
            self.people.add(document.article_id, speaker)
        return Row(
            document.quote_id,
            _number(document.article_id, self._article_ids, self._article_numbers),
            _number(speaker.id, self._speaker_ids, self._speaker_numbers) if speaker else -1,
            document.start,
            document.end,
            document.context_start,
            KINDS.index(document.kind),
            self._language(language),
            document.day,
            dict(weights),
            numbers,
            key_of(passage_of(document)),
        )

    def _language(self, code: str) -> int:
        if code not in self._languages:
            self._languages.append(code)
        return self._languages.index(code)

    def drop(self, article_id: str) -> None:
        """Take an article and its quotes out."""
        self.facts.pop(article_id, None)
        self.days.pop(article_id, None)
        self.people.forget(article_id)
        held = self.articles.pop(article_id, 0)
        number = self._article_numbers.get(article_id)
        if number is None:
            return
        self._quotes -= held
        for parts in (*((self.segments,) if held else ()), self.wholes):
            for at, segment in enumerate(parts):
                gone = np.flatnonzero((segment.article == number) & segment.alive)
                if len(gone):
                    alive = segment.alive.copy()
                    alive[gone] = False
                    parts[at] = replace(
                        segment, alive=alive, dead=segment.dead + len(gone)
                    )  # views keep theirs
                    self._length -= int(
                        (segment.word_starts[gone + 1] - segment.word_starts[gone]).sum()
                    )
        self._changed()

    def _changed(self) -> None:
        self._view, self._counts = None, ({}, {})

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


def _number(key: str, keys: list[str], numbers: dict[str, int]) -> int:
    number = numbers.get(key)
    if number is None:
        number = numbers[key] = len(keys)
        keys.append(key)
    return number
