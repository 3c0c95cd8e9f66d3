"""The index: what every question is searched in. It follows any store by its changes and holds no text."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.model import Speaker
from bot.domain.ports import Store
from bot.search.entries import Document, Entry, document_of, name_words, whole_of
from bot.search.recall import FREQUENT, best_of
from bot.search.segment import QUANTUM, Row, Segment, build, merge
from bot.search.terms import stem, stop_words, words
from bot.search.vocabulary import Vocabulary

FIELDS: Mapping[str, float] = {"text": 1.0, "speaker": 1.0, "context": 0.5, "paragraph": 0.3, "title": 0.4}
"""How much a word counts by where it stands."""
_FORMAT = 1  # of snapshots
_KINDS = ("direct", "partial", "indirect")
_MAX_SEGMENTS = 8
_WIDEST = 500  # entries of a segment that a question of filters alone looks at
_WHOLES = 6  # articles that whole-text matching may add


class Index:
    """In memory, incremental: ``follow`` applies what a store changed since ``last_seen``."""

    def __init__(self) -> None:
        self.last_seen = 0
        self.lock = threading.RLock()
        self.vocabulary = Vocabulary()
        self.segments: list[Segment] = []
        self.wholes: list[Segment] = []
        self.articles: Counter[str] = Counter()
        self.speakers: dict[str, Speaker] = {}
        self.languages: list[str] = []
        self.frequencies: NDArray[np.int32] = np.zeros(1024, np.int32)
        self._article_ids: list[str] = []
        self._article_numbers: dict[str, int] = {}
        self._speaker_ids: list[str] = []
        self._speaker_numbers: dict[str, int] = {}
        self._spoken: Counter[str] = Counter()
        self._names: dict[str, set[str]] = {}
        self._names_of = -1
        self._length = 0.0
        self._count = 0
        self._scratch: dict[int, NDArray[np.float32]] = {}

    # ---- writing
    def follow(self, store: Store) -> int:
        """Apply the store's changes; returns how many articles changed."""
        documents: list[Document] = []
        wholes: list[Document] = []
        count = 0
        for change in store.changes(self.last_seen):
            self.drop(change.article_id)
            if change.article:
                documents += [document_of(change.article, quote) for quote in change.quotes]
                wholes.append(whole_of(change.article))
            self.last_seen = max(self.last_seen, change.seq)
            count += 1
        self.put(documents)
        self.put_articles(wholes)
        return count

    def put_articles(self, wholes: Sequence[Document]) -> None:
        """Add whole articles, which lead to their quotes by words that stand elsewhere in the text."""
        if not wholes:
            return
        stop = stop_words()
        rows = []
        for whole in wholes:
            weights: dict[int, float] = {}
            for word in words(f"{whole.title} {whole.text}"):
                if word not in stop:
                    number = self.vocabulary.add(stem(word, whole.language))
                    weights[number] = min(4.0, weights.get(number, 0.0) + 1.0)
            article = self._number(whole.article_id, self._article_ids, self._article_numbers)
            rows.append(Row("", article, -1, 0, 0, 0, 0, self._language(whole.language), 0, weights, ()))
        self._count_terms((), 0)
        self.wholes.append(build(rows, 1.0))
        if len(self.wholes) > _MAX_SEGMENTS:
            self.wholes = [merge(self.wholes)]

    def shares(self, groups: Sequence[Mapping[int, float]]) -> dict[int, float]:
        """For the articles that hold some of the asked words: which share of the asked words' weight they hold.

        ``groups`` maps, for each asked word, its terms to the weight that holding one of them is worth.
        """
        total = sum(max(group.values(), default=0.0) for group in groups) or 1.0
        found: dict[int, float] = defaultdict(float)
        for segment in self.wholes:
            scores = np.zeros(len(segment), np.float32)
            for group in groups:
                best = np.zeros(len(segment), np.float32)
                for term, worth in group.items():
                    docs, weights = segment.postings(term)
                    strength = worth * (0.7 + 0.1 * np.minimum(weights / QUANTUM, 3.0))
                    best[docs] = np.maximum(best[docs], strength)
                scores += best
            for at in np.argsort(-scores)[:_WHOLES].tolist():
                if scores[at] > 0 and segment.alive[at]:
                    found[int(segment.article[at])] = max(found[int(segment.article[at])], float(scores[at]) / total)
        return dict(found)

    def quotes_in(self, articles: Iterable[int], only: Iterable[str] = ()) -> list[tuple[int, int, float]]:
        """(segment, number, 0) of the quotes of some articles, of some speakers if any are given."""
        wanted = list(articles)
        allowed = [self._speaker_numbers[key] for key in only if key in self._speaker_numbers]
        found = []
        for number, segment in enumerate(self.segments):
            hits = np.isin(segment.article, wanted) & segment.alive
            if allowed:
                hits &= np.isin(segment.speaker, allowed)
            found += [(number, int(at), 0.0) for at in np.flatnonzero(hits)]
        return found

    def put(self, documents: Sequence[Document]) -> None:
        """Add quotes as a new segment; small segments are merged as they pile up."""
        if not documents:
            return
        rows = [self._row(document) for document in documents]
        self._length += sum(len(row.words) for row in rows)
        self._count += len(rows)
        self._add(build(rows, self._length / max(self._count, 1)))

    def _add(self, segment: Segment) -> None:
        self.segments.append(segment)
        if len(self.segments) > _MAX_SEGMENTS:
            self._merge()

    def _merge(self) -> None:
        """Merge all but the segments that are much larger than what follows them."""
        sizes = [len(segment) for segment in self.segments]
        first = len(sizes) - 1
        while first and sizes[first - 1] < 3 * sum(sizes[first:]):
            first -= 1
        merged = merge(self.segments[first:])
        self.segments[first:] = [merged]
        self._scratch.clear()

    def _row(self, document: Document) -> Row:
        language, speaker = document.language, document.speaker
        said_by = f"{speaker.name} {speaker.role or ''}" if speaker else ""
        text_words = words(document.text)
        weights: dict[int, float] = defaultdict(float)
        stop, add = stop_words(), self.vocabulary.add
        numbers = []
        for word in text_words:
            number = add(stem(word, language))
            numbers.append(number)
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
        self._count_terms(weights, 1)
        self.articles[document.article_id] += 1
        if speaker:
            known = self.speakers.get(speaker.id)
            self.speakers[speaker.id] = speaker if known is None or known.role is None else known
            self._spoken[speaker.id] += 1
        return Row(
            document.quote_id, self._number(document.article_id, self._article_ids, self._article_numbers),
            self._number(speaker.id, self._speaker_ids, self._speaker_numbers) if speaker else -1,
            document.start, document.end, document.context_start, _KINDS.index(document.kind), self._language(language),
            document.day, dict(weights), numbers,
        )  # fmt: skip

    def _count_terms(self, terms: Iterable[int], step: int) -> None:
        if len(self.vocabulary) > len(self.frequencies):
            grown = np.zeros(len(self.vocabulary) * 2, np.int32)
            grown[: len(self.frequencies)] = self.frequencies
            self.frequencies = grown
        for term in terms:
            self.frequencies[term] += step

    @staticmethod
    def _number(key: str, keys: list[str], numbers: dict[str, int]) -> int:
        number = numbers.get(key)
        if number is None:
            number = numbers[key] = len(keys)
            keys.append(key)
        return number

    def _language(self, code: str) -> int:
        if code not in self.languages:
            self.languages.append(code)
        return self.languages.index(code)

    def drop(self, article_id: str) -> None:
        """Take an article's quotes out."""
        if not self.articles.pop(article_id, 0):
            return
        wanted = self._article_numbers[article_id]
        for segment in self.segments:
            for at in np.flatnonzero((segment.article == wanted) & segment.alive).tolist():
                segment.alive[at] = False
                self._forget(segment, at)
        for whole in self.wholes:
            whole.alive[whole.article == wanted] = False

    def _forget(self, segment: Segment, at: int) -> None:
        self._count -= 1
        self._length -= float(segment.word_starts[at + 1] - segment.word_starts[at])
        speaker = int(segment.speaker[at])
        if speaker >= 0:
            key = self._speaker_ids[speaker]
            self._spoken[key] -= 1
            if not self._spoken[key]:
                del self._spoken[key], self.speakers[key]

    # ---- snapshots
    def save(self, folder: Path, identity: str = "") -> None:
        """Write a snapshot: one segment of arrays to be mapped, and the small tables as JSON.

        ``identity`` says what it is a snapshot of; ``load`` wants the same.
        """
        with self.lock:
            if len(self.segments) != 1 or not self.segments[0].alive.all():
                self.segments[:] = [merge(self.segments)] if self.segments else []
            if len(self.wholes) > 1:
                self.wholes[:] = [merge(self.wholes)]
            self._scratch.clear()
            folder.parent.mkdir(parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=folder.name + "."))
            for name, segments in (("quotes", self.segments), ("wholes", self.wholes)):
                for segment in segments:
                    segment.save(made / name)
            np.save(made / "frequencies.npy", self.frequencies)
            (made / "vocabulary.txt").write_text("\n".join(self.vocabulary.terms), "utf-8")
            (made / "tables.json").write_text(
                json.dumps(self._tables() | {"identity": identity}, ensure_ascii=False), "utf-8"
            )
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)

    def _tables(self) -> dict[str, Any]:
        return {
            "format": _FORMAT, "last_seen": self.last_seen, "languages": self.languages, "articles": self.articles,
            "article_ids": self._article_ids, "speaker_ids": self._speaker_ids, "spoken": self._spoken,
            "speakers": [[s.id, s.name, s.kind, s.role] for s in self.speakers.values()],
            "length": self._length, "count": self._count,
        }  # fmt: skip

    @classmethod
    def load(cls, folder: Path, identity: str = "") -> Index:
        """Map a snapshot; ValueError when it is of another format or of something else, OSError when it is not there."""
        tables = json.loads((folder / "tables.json").read_text("utf-8"))
        if tables["format"] != _FORMAT or tables["identity"] != identity:
            raise ValueError(f"{folder}: a snapshot of format {tables['format']} of {tables['identity'] or 'nothing'}")
        index = cls()
        index.vocabulary = Vocabulary((folder / "vocabulary.txt").read_text("utf-8").split("\n"))
        index.frequencies = np.load(folder / "frequencies.npy")
        for name, segments in (("quotes", index.segments), ("wholes", index.wholes)):
            if (folder / name).exists():
                segments.append(Segment.load(folder / name))
        index.last_seen, index.languages = tables["last_seen"], tables["languages"]
        index.articles, index._spoken = Counter(tables["articles"]), Counter(tables["spoken"])
        index._article_ids, index._speaker_ids = tables["article_ids"], tables["speaker_ids"]
        index._article_numbers = {key: number for number, key in enumerate(index._article_ids)}
        index._speaker_numbers = {key: number for number, key in enumerate(index._speaker_ids)}
        index.speakers = {row[0]: Speaker(*row) for row in tables["speakers"]}
        index._length, index._count = tables["length"], tables["count"]
        return index

    # ---- reading
    @property
    def size(self) -> tuple[int, int]:
        """(quotes, articles) held."""
        return self._count, len(self.articles)

    def newest(self) -> date | None:
        """The latest day that a quote was said or published on; None when no day is known."""
        latest = max((int(segment.day.max(initial=0)) for segment in self.segments), default=0)
        return date.fromordinal(latest) if latest else None

    def spoken(self, speaker_id: str) -> int:
        """How many quotes a speaker has."""
        return self._spoken[speaker_id]

    def idf(self, term: int | None) -> float:
        """A term's weight by its rarity among the quotes; the highest for one that none holds."""
        holders = int(self.frequencies[term]) if term is not None and term < len(self.frequencies) else 0
        return math.log(1 + (max(0, self._count - holders) + 0.5) / (holders + 0.5))

    def article_idf(self, term: int | None) -> float:
        """A term's weight by its rarity among whole articles."""
        holders = sum(len(segment.postings(term)[0]) for segment in self.wholes) if term is not None else 0
        return math.log(1 + (max(0, len(self.articles) - holders) + 0.5) / (holders + 0.5))

    def number(self, term: str) -> int | None:
        """A term's number, if any quote holds it."""
        number = self.vocabulary.numbers.get(term)
        return number if number is not None and self.held(number) else None

    def held(self, number: int) -> bool:
        """Does any quote, or any article around one, hold this term?"""
        if number < len(self.frequencies) and self.frequencies[number] > 0:
            return True
        return any(len(segment.postings(number)[0]) for segment in self.wholes)

    def entry(self, segment: int, number: int) -> Entry:
        """What is known of one quote."""
        part = self.segments[segment]
        speaker = int(part.speaker[number])
        start, end, context = part.place[number].tolist()
        return Entry(
            bytes(part.ids[number]).decode(), self._article_ids[int(part.article[number])],
            self._speaker_ids[speaker] if speaker >= 0 else None, start, end, context,
            _KINDS[int(part.kind[number])], self.languages[int(part.language[number])], int(part.day[number]), segment, number,
        )  # fmt: skip

    def candidates(
        self, weighted: Mapping[int, float], only: Iterable[str] = (), limit: int = 50
    ) -> list[tuple[int, int, float]]:
        """(segment, number, BM25) of the best quotes for weighted terms, of some speakers if any are given."""
        allowed = [self._speaker_numbers[key] for key in only if key in self._speaker_numbers]
        found: list[tuple[int, int, float]] = []
        for number, segment in enumerate(self.segments):
            scratch = self._scratch.get(number)
            if scratch is None or len(scratch) != len(segment):
                scratch = self._scratch[number] = np.zeros(len(segment), np.float32)
            frequent = max(2000, FREQUENT * self._count)
            docs, scores = best_of(segment, weighted, allowed, limit, frequent, scratch)
            found += [(number, int(doc), float(score)) for doc, score in zip(docs, scores, strict=True)]
        return sorted(found, key=lambda item: -item[2])[:limit]

    def weights_in(self, term: int, segment: int, docs: NDArray[np.int32]) -> NDArray[np.float32]:
        """How strongly some quotes of a segment hold a term (field weight times frequency; 0 where they don't)."""
        held_docs, weights = self.segments[segment].postings(term)
        if not len(held_docs):
            return np.zeros(len(docs), np.float32)
        at = np.minimum(np.searchsorted(held_docs, docs), len(held_docs) - 1)
        return np.where(held_docs[at] == docs, weights[at] / QUANTUM, 0.0).astype(np.float32)

    def named(self, found: Sequence[str]) -> list[Speaker]:
        """Speakers one of whose name's words is, or is nearly, one of these words."""
        if self._names_of != len(self.speakers):
            self._names = defaultdict(set)
            for key, speaker in self.speakers.items():
                for word in name_words(speaker):
                    self._names[word].add(key)
            self._names_of = len(self.speakers)
        near = {name for word in found if len(word) >= 5 and word not in self._names for name in self._near_names(word)}
        keys = {key for word in (*found, *near) for key in self._names.get(word, ())}
        return [self.speakers[key] for key in sorted(keys) if key in self.speakers]

    def _near_names(self, word: str) -> list[str]:
        if word in self.vocabulary.numbers:
            return []
        return [
            name
            for name, _, _ in process.extract(
                word, self._names.keys(), scorer=OSA.normalized_similarity, score_cutoff=0.8, limit=3
            )
        ]

    def everything(self) -> list[Entry]:
        """All entries, in the order they were indexed."""
        return [
            self.entry(number, int(at))
            for number, segment in enumerate(self.segments)
            for at in np.flatnonzero(segment.alive)[:_WIDEST]
        ]

    def entries(self) -> Iterator[Entry]:
        """Every entry."""
        for number, segment in enumerate(self.segments):
            for at in np.flatnonzero(segment.alive).tolist():
                yield self.entry(number, at)

    def of_speaker(self, speaker_ids: Iterable[str]) -> list[Entry]:
        """All entries of some speakers, in the order they were indexed."""
        wanted = [self._speaker_numbers[key] for key in speaker_ids if key in self._speaker_numbers]
        entries = []
        for number, segment in enumerate(self.segments):
            hits = np.flatnonzero(np.isin(segment.speaker, wanted) & segment.alive)
            entries += [self.entry(number, int(at)) for at in hits]
        return entries
