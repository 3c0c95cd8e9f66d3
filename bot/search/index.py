"""The index: what every question is searched in. It follows any store by its changes and holds no text."""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain.model import Article, Quote, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold
from bot.search import snapshot
from bot.search.entries import Document, Entry, document_of, key_of, passage_of, whole_of
from bot.search.people import NameBook
from bot.search.recall import DIGITS, FREQUENT, Place, best_of
from bot.search.scope import KINDS, Scope
from bot.search.segment import QUANTUM, Row, Segment, build, merge
from bot.search.terms import stem, stop_words, words
from bot.search.vocabulary import Vocabulary

FIELDS: Mapping[str, float] = {"text": 1.0, "speaker": 1.0, "context": 0.5, "paragraph": 0.3, "title": 0.4}
"""How much a word counts by where it stands."""
_MAX_SEGMENTS = 8
_WHOLES = 6  # articles that whole-text matching may add


class Index:
    """In memory, incremental: ``follow`` applies what a store changed since ``last_seen``.

    After any history it answers exactly like a fresh one over the same store: whatever it counts is counted over
    what is alive, whatever it orders is ordered by content.
    """

    def __init__(self) -> None:
        self.last_seen = 0
        self.lock = threading.RLock()
        self.vocabulary = Vocabulary()
        self.segments: list[Segment] = []
        self.wholes: list[Segment] = []
        self.articles: Counter[str] = Counter()
        self.facts: dict[str, str] = {}
        """For each article, its title, publisher and address, folded."""
        self.people = NameBook()
        self._article_ids: list[str] = []
        self._article_numbers: dict[str, int] = {}
        self._speaker_ids: list[str] = []
        self._speaker_numbers: dict[str, int] = {}
        self._languages: list[str] = []
        self._length = 0
        self._counts: tuple[dict[int, int], dict[int, int]] = ({}, {})

    # ---- writing
    def follow(self, store: Store) -> int:
        """Apply the store's changes; returns how many articles changed."""
        latest: dict[str, tuple[Article, Sequence[Quote]] | None] = {}
        for change in store.changes(self.last_seen):
            latest.pop(change.article_id, None)  # so that articles keep the order of their last change
            latest[change.article_id] = (change.article, change.quotes) if change.article else None
            self.last_seen = max(self.last_seen, change.seq)
        for article_id in latest:
            self.drop(article_id)
        kept = [held for held in latest.values() if held]
        for article, _ in kept:
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
        self.segments.append(build(rows))
        self._forget_counts()
        if len(self.segments) > _MAX_SEGMENTS:
            self._merge()

    def put_articles(self, wholes: Sequence[Document]) -> None:
        """Add whole articles, which lead to their quotes by words that stand elsewhere in the text."""
        if not wholes:
            return
        self.wholes.append(build([self._whole(whole) for whole in wholes]))
        self._forget_counts()
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
            ("speaker", said_by), ("context", document.context), ("paragraph", document.paragraph),
            ("title", document.title),
        ):  # fmt: skip
            for word in words(text):
                if word not in stop:
                    weights[add(stem(word, language))] += FIELDS[field]
        self.articles[document.article_id] += 1
        if speaker:
            self.people.add(document.article_id, speaker)
        return Row(
            document.quote_id, _number(document.article_id, self._article_ids, self._article_numbers),
            _number(speaker.id, self._speaker_ids, self._speaker_numbers) if speaker else -1,
            document.start, document.end, document.context_start, KINDS.index(document.kind), self._language(language),
            document.day, dict(weights), numbers, key_of(passage_of(document)),
        )  # fmt: skip

    def _language(self, code: str) -> int:
        if code not in self._languages:
            self._languages.append(code)
        return self._languages.index(code)

    def drop(self, article_id: str) -> None:
        """Take an article and its quotes out."""
        self.facts.pop(article_id, None)
        self.people.forget(article_id)
        held = self.articles.pop(article_id, 0)
        number = self._article_numbers.get(article_id)
        if number is None:
            return
        for segment in (*(self.segments if held else ()), *self.wholes):
            gone = np.flatnonzero((segment.article == number) & segment.alive)
            if not len(gone):
                continue
            segment.alive[gone] = False
            segment.dead += len(gone)
            self._length -= int((segment.word_starts[gone + 1] - segment.word_starts[gone]).sum())
        self._forget_counts()

    def _forget_counts(self) -> None:
        self._counts = ({}, {})

    # ---- snapshots
    def save(self, folder: Path, identity: str = "") -> None:
        """Write a snapshot; ``identity`` says what it is a snapshot of, ``load`` wants the same."""
        with self.lock:
            for parts in (self.segments, self.wholes):
                if len(parts) > 1 or any(part.dead for part in parts):
                    parts[:] = [merge(parts)]
            forms = list(dict.fromkeys(s for held in self.people.by_article.values() for s in held))
            numbers = {speaker: number for number, speaker in enumerate(forms)}
            tables = {
                "identity": identity, "last_seen": self.last_seen, "languages": self._languages,
                "articles": self.articles, "facts": self.facts, "article_ids": self._article_ids,
                "speaker_ids": self._speaker_ids, "length": self._length,
                "forms": [[s.id, s.name, s.kind, s.role] for s in forms],
                "said": {key: [numbers[s] for s in held] for key, held in self.people.by_article.items()},
            }  # fmt: skip
            parts_by_name = {"quotes": self.segments, "wholes": self.wholes}
            snapshot.write(folder, parts_by_name, self.vocabulary.terms, tables)

    @classmethod
    def load(cls, folder: Path, identity: str = "") -> Index:
        """Map a snapshot; ValueError when it is damaged, of another format or of something else, OSError without one."""
        parts, terms, tables = snapshot.read(folder)
        if tables["identity"] != identity:
            raise ValueError(f"{folder}: a snapshot of {tables['identity'] or 'nothing'}")
        index = cls()
        index.vocabulary = Vocabulary(terms)
        index.segments, index.wholes = parts["quotes"], parts["wholes"]
        index.last_seen, index._languages = tables["last_seen"], tables["languages"]
        index.articles, index.facts = Counter(tables["articles"]), tables["facts"]
        index._article_ids, index._speaker_ids = tables["article_ids"], tables["speaker_ids"]
        index._article_numbers = {key: number for number, key in enumerate(index._article_ids)}
        index._speaker_numbers = {key: number for number, key in enumerate(index._speaker_ids)}
        index._length = tables["length"]
        index.people.restore([Speaker(*row) for row in tables["forms"]], tables["said"])
        return index

    # ---- reading
    @property
    def size(self) -> tuple[int, int]:
        """(quotes, articles with quotes) held."""
        return self.articles.total(), len(self.articles)

    @property
    def speakers(self) -> Mapping[str, Speaker]:
        """Who is quoted, by id."""
        return self.people.speakers

    def spoken(self, speaker_id: str) -> int:
        """How many quotes a speaker has."""
        return self.people.spoken(speaker_id)

    def newest(self) -> date | None:
        """The latest day that a quote was said or published on; None when no day is known."""
        latest = max((int(s.day.max(initial=0, where=s.alive)) for s in self.segments), default=0)
        return date.fromordinal(latest) if latest else None

    def holders(self, term: int) -> int:
        """How many quotes hold a term, or have it beside them."""
        return _holders(term, self.segments, self._counts[0])

    def idf(self, term: int | None) -> float:
        """A term's weight by its rarity among the quotes; the highest for one that none holds."""
        return _idf(self.holders(term) if term is not None else 0, self.articles.total())

    def article_idf(self, term: int | None) -> float:
        """A term's weight by its rarity among whole articles."""
        count = _holders(term, self.wholes, self._counts[1]) if term is not None else 0
        return _idf(count, sum(len(segment) - segment.dead for segment in self.wholes))

    def number(self, term: str) -> int | None:
        """A term's number, if any quote or article holds it."""
        number = self.vocabulary.numbers.get(term)
        return number if number is not None and self.held(number) else None

    def held(self, number: int) -> bool:
        """Does any quote, or any article around one, hold this term?"""
        return self.holders(number) > 0 or _holders(number, self.wholes, self._counts[1]) > 0

    def speaker_numbers(self, keys: Iterable[str]) -> list[int]:
        """The numbers of some speakers in the segments."""
        return [self._speaker_numbers[key] for key in keys if key in self._speaker_numbers]

    def article_numbers(self, keys: Iterable[str]) -> list[int]:
        """The numbers of some articles in the segments."""
        return [self._article_numbers[key] for key in keys if key in self._article_numbers]

    def entry(self, segment: int, number: int) -> Entry:
        """What is known of one quote."""
        part = self.segments[segment]
        speaker = int(part.speaker[number])
        start, end, context = part.place[number].tolist()
        return Entry(
            bytes(part.ids[number]).decode(), self._article_ids[int(part.article[number])],
            self._speaker_ids[speaker] if speaker >= 0 else None, start, end, context,
            KINDS[int(part.kind[number])], self._languages[int(part.language[number])], int(part.day[number]),
            segment, number,
        )  # fmt: skip

    def candidates(self, weighted: Mapping[int, float], scope: Scope | None = None, limit: int = 50) -> list[Place]:
        """(segment, number, BM25) of the best quotes of a scope for weighted terms."""
        count = self.articles.total()
        masks = [(scope or Scope()).mask(self, number) for number in range(len(self.segments))]
        average = self._length / max(count, 1)
        return best_of(self.segments, weighted, masks, self.holders, limit, max(2000, FREQUENT * count), average)

    def shares(self, groups: Sequence[Mapping[int, float]], total: float) -> dict[int, float]:
        """For the articles that hold most of the asked words: which share of the asked words' weight they hold.

        ``groups`` maps, for each asked word, its terms to the weight that holding one of them is worth; ``total`` is
        the weight of all words, those that no article holds included.
        """
        found: list[tuple[float, str, int]] = []
        for segment in self.wholes:
            scores: NDArray[np.float64] = np.zeros(len(segment), np.float64)
            for group in groups:
                best: NDArray[np.float64] = np.zeros(len(segment), np.float64)
                for term, worth in group.items():
                    docs, weights = segment.postings(term)
                    often = np.minimum(weights.astype(np.float64) / QUANTUM, 3.0)
                    best[docs] = np.maximum(best[docs], np.float64(worth) * (0.7 + 0.1 * often))
                scores = scores + best
            scores = np.asarray(np.round(np.where(segment.alive, scores, 0.0), DIGITS), np.float64)
            least = np.partition(scores, -_WHOLES)[-_WHOLES] if len(scores) > _WHOLES else 0.0
            for at in np.flatnonzero((scores >= least) & (scores > 0)).tolist():
                number = int(segment.article[at])
                found.append((-float(scores[at]), self._article_ids[number], number))
        return {number: -score / max(total, 1e-6) for score, _, number in sorted(found)[:_WHOLES]}

    def nearest(
        self, likeness: Sequence[NDArray[np.float32]], scope: Scope | None = None, limit: int = 50
    ) -> list[Place]:
        """(segment, number, 0) of the quotes of a scope that are most like a question; ``likeness``: by segment."""
        found: list[tuple[float, bytes, int, int]] = []
        for number, (segment, values) in enumerate(zip(self.segments, likeness, strict=True)):
            inside = self._in(scope, number)
            if len(inside) > limit:  # with those that tie with the last
                least = np.partition(np.where(inside, values, -2.0), -limit)[-limit]
                inside = inside & (values >= least - 10.0**-DIGITS)
            docs = np.flatnonzero(inside).tolist()
            found += [(-round(float(values[doc]), DIGITS), bytes(segment.ids[doc]), number, doc) for doc in docs]
        return [(number, doc, 0.0) for _, _, number, doc in sorted(found)[:limit]]

    def quotes_in(self, articles: Iterable[int], scope: Scope | None = None) -> list[Place]:
        """(segment, number, 0) of the quotes of some articles that are in a scope."""
        wanted = list(articles)
        return [
            (number, at, 0.0)
            for number, segment in enumerate(self.segments)
            for at in np.flatnonzero(np.isin(segment.article, wanted) & self._in(scope, number)).tolist()
        ]

    def within(self, scope: Scope) -> list[Entry]:
        """All quotes of a scope, in the order they were indexed."""
        return [
            self.entry(number, at)
            for number in range(len(self.segments))
            for at in np.flatnonzero(self._in(scope, number)).tolist()
        ]

    def _in(self, scope: Scope | None, number: int) -> NDArray[np.bool_]:
        mask = scope.mask(self, number) if scope else None
        alive = self.segments[number].alive
        return alive if mask is None else alive & mask

    def weights_in(self, term: int, segment: int, docs: NDArray[np.int32]) -> NDArray[np.float32]:
        """How strongly some quotes of a segment hold a term (field weight times frequency; 0 where they don't)."""
        held_docs, weights = self.segments[segment].postings(term)
        if not len(held_docs):
            return np.zeros(len(docs), np.float32)
        at = np.minimum(np.searchsorted(held_docs, docs), len(held_docs) - 1)
        return np.where(held_docs[at] == docs, weights[at] / QUANTUM, 0.0).astype(np.float32)

    def any_holds(self, terms: Iterable[int], scope: Scope) -> bool:
        """Does any quote of a scope hold one of these terms, or have it beside it?"""
        inside = [self._in(scope, number) for number in range(len(self.segments))]
        return any(
            mask[segment.postings(term)[0]].any()
            for term in terms
            for mask, segment in zip(inside, self.segments, strict=True)
        )

    def by_share(self, shares: Mapping[int, float]) -> list[tuple[str, float]]:
        """(article, share) of what ``shares`` found, the largest share first."""
        found = [(self._article_ids[number], share) for number, share in shares.items()]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def named(self, found: Sequence[str]) -> list[Speaker]:
        """Speakers one of whose name's words is, or is nearly, one of these words."""
        return self.people.named(found, [word for word in found if self.number(word) is not None])

    def entries(self) -> Iterator[Entry]:
        """Every entry."""
        yield from self.within(Scope())

    def of_speaker(self, speaker_ids: Iterable[str]) -> list[Entry]:
        """All entries of some speakers, in the order they were indexed."""
        return self.within(Scope(frozenset(speaker_ids)))


def _number(key: str, keys: list[str], numbers: dict[str, int]) -> int:
    number = numbers.get(key)
    if number is None:
        number = numbers[key] = len(keys)
        keys.append(key)
    return number


def _holders(term: int, segments: Sequence[Segment], known: dict[int, int]) -> int:
    """How many living documents hold a term; ``known`` remembers until something changes."""
    count = known.get(term)
    if count is None:
        count = known[term] = sum(
            int(s.alive[s.postings(term)[0]].sum()) if s.dead else len(s.postings(term)[0]) for s in segments
        )
    return count


def _idf(holders: int, count: int) -> float:
    return math.log(1 + (max(0, count - holders) + 0.5) / (holders + 0.5))
