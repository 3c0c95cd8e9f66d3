"""The index: what every question is searched in. It follows any store by its changes and holds no text."""

from __future__ import annotations

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.model import Article, Quote, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold
from bot.search.terms import terms, words

K1, B = 0.9, 0.4
"""BM25's saturation and length normalisation (Robertson and Zaragoza 2009), at the values usual for short texts."""
FIELDS: Mapping[str, float] = {"text": 1.0, "speaker": 1.0, "context": 0.5, "paragraph": 0.3, "title": 0.4}
"""How much a word counts by where it stands."""
MIN_SIMILARITY = 0.6
"""Unknown words are read as vocabulary words at least this similar (optimal string alignment)."""


@dataclass(slots=True)
class Entry:
    """One quote as the index knows it; ``fields`` holds each word's best field weight."""

    quote_id: str
    article_id: str
    speaker_id: str | None
    start: int
    end: int
    context: int
    kind: str
    language: str
    weights: Mapping[str, float]
    fields: Mapping[str, float]
    length: float


class Index:
    """In memory, incremental: ``follow`` applies what a store changed since ``last_seen``."""

    def __init__(self) -> None:
        self.last_seen = 0
        self.lock = threading.RLock()
        self.entries: dict[str, Entry] = {}
        self.articles: dict[str, list[str]] = {}
        self.speakers: dict[str, Speaker] = {}
        self._spoken: Counter[str] = Counter()
        self._postings: dict[str, dict[str, float]] = defaultdict(dict)
        self._total_length = 0.0

    def follow(self, store: Store) -> int:
        """Apply the store's changes; returns how many articles changed."""
        count = 0
        for change in store.changes(self.last_seen):
            self._drop(change.article_id)
            if change.article:
                self._take(change.article, change.quotes)
            self.last_seen = max(self.last_seen, change.seq)
            count += 1
        return count

    @property
    def size(self) -> tuple[int, int]:
        """(quotes, articles) held."""
        return len(self.entries), len(self.articles)

    def spoken(self, speaker_id: str) -> int:
        """How many quotes a speaker has."""
        return self._spoken[speaker_id]

    def idf(self, term: str) -> float:
        """A word's weight by its rarity among the quotes; the highest for a word that none holds."""
        holders, total = len(self._postings.get(term, ())), len(self.entries)
        return math.log(1 + (total - holders + 0.5) / (holders + 0.5))

    def expand(self, term: str) -> dict[str, float]:
        """Vocabulary words for a question's word, with similarities 0 to 1: itself, or its nearest when unknown."""
        if term in self._postings:
            return {term: 1.0}
        if len(term) < 4 or term.isdigit():
            return {}
        near = process.extract(
            term,
            self._postings.keys(),
            scorer=OSA.normalized_similarity,
            score_cutoff=MIN_SIMILARITY,
            limit=6,
        )
        return {word: similarity**3 for word, similarity, _ in near if word[0] == term[0] or similarity > 0.75}

    def candidates(
        self, weighted: Mapping[str, Mapping[str, float]], only: Iterable[str] = (), limit: int = 100
    ) -> list[tuple[Entry, float]]:
        """The best entries by BM25 over ``weighted`` (term -> expansions), of some speakers if any are given."""
        allowed = set(only)
        average = self._total_length / len(self.entries) if self.entries else 1.0
        scores: dict[str, float] = defaultdict(float)
        for expansions in weighted.values():
            for word, similarity in expansions.items():
                idf = self.idf(word)
                for quote_id, weight in self._postings.get(word, {}).items():
                    entry = self.entries[quote_id]
                    norm = K1 * (1 - B + B * entry.length / average)
                    scores[quote_id] += idf * similarity * weight * (K1 + 1) / (weight + norm)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        found = ((self.entries[quote_id], score) for quote_id, score in ranked)
        return [(entry, score) for entry, score in found if not allowed or entry.speaker_id in allowed][:limit]

    def of_speaker(self, speaker_ids: Iterable[str]) -> list[Entry]:
        """All entries of some speakers, in the order they were indexed."""
        wanted = set(speaker_ids)
        return [entry for entry in self.entries.values() if entry.speaker_id in wanted]

    def _take(self, article: Article, quotes: Iterable[Quote]) -> None:
        title = terms(article.title, article.language)
        self.articles[article.id] = []
        for quote in quotes:
            entry = _entry(article, quote, title)
            self.entries[quote.id] = entry
            self.articles[article.id].append(quote.id)
            self._total_length += entry.length
            for word, weight in entry.weights.items():
                self._postings[word][quote.id] = weight
            if quote.speaker:
                known = self.speakers.get(quote.speaker.id)
                self.speakers[quote.speaker.id] = quote.speaker if known is None or known.role is None else known
                self._spoken[quote.speaker.id] += 1

    def _drop(self, article_id: str) -> None:
        for quote_id in self.articles.pop(article_id, ()):
            entry = self.entries.pop(quote_id)
            self._total_length -= entry.length
            for word in entry.weights:
                self._postings[word].pop(quote_id, None)
                if not self._postings[word]:
                    del self._postings[word]
            if entry.speaker_id:
                self._spoken[entry.speaker_id] -= 1
                if not self._spoken[entry.speaker_id]:
                    del self._spoken[entry.speaker_id], self.speakers[entry.speaker_id]


def _entry(article: Article, quote: Quote, title: list[str]) -> Entry:
    text, language = article.text, article.language
    paragraph = article.paragraph(quote.context[0])
    said_by = f"{quote.speaker.name} {quote.speaker.role or ''}" if quote.speaker else ""
    parts = {
        "text": terms(text[quote.start : quote.end], language),
        "speaker": terms(said_by, language) + [word for word in words(said_by) if len(word) > 2],
        "context": terms(text[slice(*quote.context)], language),
        "paragraph": terms(text[slice(*paragraph)], language),
        "title": title,
    }
    weights: dict[str, float] = defaultdict(float)
    fields: dict[str, float] = {}
    for field, found in parts.items():
        for term in found:
            weights[term] += FIELDS[field]
            fields[term] = max(fields.get(term, 0.0), FIELDS[field])
    return Entry(
        quote.id, article.id, quote.speaker.id if quote.speaker else None, quote.start, quote.end,
        quote.context[0], quote.kind,
        language, dict(weights), fields, float(len(parts["text"]) + 0.3 * len(parts["context"])),
    )  # fmt: skip


def name_words(speaker: Speaker) -> list[str]:
    """The folded words of a speaker's name."""
    return fold(speaker.name).replace("-", " ").split()
