"""What questions are searched in: the index as it stood at one moment, which no later change
touches.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.domain.model import Speaker
from bot.domain.text import fold
from bot.search.entries import Entry
from bot.search.people import Names
from bot.search.recall import DIGITS, FREQUENT, Place, best_of
from bot.search.scope import KINDS, Scope
from bot.search.segment import QUANTUM, Segment
from bot.search.vocabulary import Vocabulary

_WHOLES = 6  # articles that whole-text matching may add


class View:
    """Quotes and whole articles as segments, with the names and numbers that lead to them; it holds
    no text.

    Any number of threads may ask at once. What is shared with later views (vocabulary, numbers)
    only grows.
    """

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.segments: list[Segment] = []
        self.wholes: list[Segment] = []
        self.articles: Counter[str] = Counter()
        """How many quotes each article has that has any, in the order of indexing."""
        self.facts: dict[str, str] = {}
        """For each article, its title, publisher and address, folded."""
        self.days: dict[str, int] = {}
        """For each article, the ordinal of its day; 0 where none is known."""
        self.people: Names = Names()
        self._article_ids: list[str] = []
        self._article_numbers: dict[str, int] = {}
        self._speaker_ids: list[str] = []
        self._speaker_numbers: dict[str, int] = {}
        self._languages: list[str] = []
        self._length = 0
        self._quotes = 0
        self._counts: tuple[dict[int, int], dict[int, int]] = ({}, {})

    @property
    def size(self) -> tuple[int, int]:
        """(quotes, articles with quotes) held."""
        return self._quotes, len(self.articles)

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
        return _idf(self.holders(term) if term is not None else 0, self._quotes)

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
        """The numbers of some speakers in the segments, under whatever ids their quotes are
        kept.
        """
        own = (one for key in keys for one in self.people.ids(key))
        return [self._speaker_numbers[key] for key in own if key in self._speaker_numbers]

    def person(self, speaker_id: str) -> str:
        """The id of the entry that stands for whoever has this one."""
        return self.people.person(speaker_id)

    def article_numbers(self, keys: Iterable[str]) -> list[int]:
        """The numbers of some articles in the segments."""
        return [self._article_numbers[key] for key in keys if key in self._article_numbers]

    def entry(self, segment: int, number: int) -> Entry:
        """What is known of one quote."""
        part = self.segments[segment]
        speaker = int(part.speaker[number])
        start, end, context = part.place[number].tolist()
        return Entry(
            bytes(part.ids[number]).decode(),
            self._article_ids[int(part.article[number])],
            self._speaker_ids[speaker] if speaker >= 0 else None,
            start,
            end,
            context,
            KINDS[int(part.kind[number])],
            self._languages[int(part.language[number])],
            int(part.day[number]),
            segment,
            number,
        )

    def candidates(
        self, weighted: Mapping[int, float], scope: Scope | None = None, limit: int = 50
    ) -> list[Place]:
        """(segment, number, BM25) of the best quotes of a scope for weighted terms."""
        count = self._quotes
        masks = [(scope or Scope()).mask(self, number) for number in range(len(self.segments))]
        average = self._length / max(count, 1)
        return best_of(
            self.segments,
            weighted,
            masks,
            self.holders,
            limit,
            max(2000, FREQUENT * count),
            average,
        )

    def shares(self, groups: Sequence[Mapping[int, float]], total: float) -> dict[int, float]:
        """For the articles that hold most of the asked words: which share of the asked words'
        weight they hold.

        ``groups`` maps, for each asked word, its terms to the weight that holding one of them is
        worth; ``total`` is the weight of all words, those that no article holds included.
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
        """(segment, number, 0) of the quotes of a scope that are most like a question;
        ``likeness``: by segment.
        """
        found: list[tuple[float, bytes, int, int]] = []
        for number, (segment, values) in enumerate(zip(self.segments, likeness, strict=True)):
            inside = self._in(scope, number)
            if len(inside) > limit:  # with those that tie with the last
                least = np.partition(np.where(inside, values, -2.0), -limit)[-limit]
                inside = inside & (values >= least - 10.0**-DIGITS)
            docs = np.flatnonzero(inside).tolist()
            found += [
                (-round(float(values[doc]), DIGITS), bytes(segment.ids[doc]), number, doc)
                for doc in docs
            ]
        return [(number, doc, 0.0) for _, _, number, doc in sorted(found)[:limit]]

    def quotes_in(self, articles: Iterable[int], scope: Scope | None = None) -> list[Place]:
        """(segment, number, 0) of the quotes of some articles that are in a scope."""
        wanted = list(articles)
        return [
            (number, at, 0.0)
            for number, segment in enumerate(self.segments)
            for at in np.flatnonzero(
                np.isin(segment.article, wanted) & self._in(scope, number)
            ).tolist()
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
        """How strongly some quotes of a segment hold a term (field weight times frequency; 0 where
        they don't).
        """
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

    def count(self, kind: str) -> int:
        """How many quotes of a kind are held."""
        return sum(int(((s.kind == KINDS.index(kind)) & s.alive).sum()) for s in self.segments)

    def listed(self, words: str = "") -> list[str]:
        """The articles with quotes, latest first and those without a day last; ``words``: all stand
        in title, publisher, address or day.
        """
        asked = fold(words).split()
        ids = [
            key
            for key in reversed(self.articles)
            if all(word in self._described(key) for word in asked)
        ]
        return sorted(ids, key=lambda key: -self.days.get(key, 0))

    def _described(self, article_id: str) -> str:
        day = self.days.get(article_id, 0)
        return (
            f"{self.facts.get(article_id, '')}\n{date.fromordinal(day).isoformat() if day else ''}"
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


def _holders(term: int, segments: Sequence[Segment], known: dict[int, int]) -> int:
    """How many living documents hold a term; ``known`` remembers until something changes."""
    count = known.get(term)
    if count is None:
        count = known[term] = sum(
            int(s.alive[s.postings(term)[0]].sum()) if s.dead else len(s.postings(term)[0])
            for s in segments
        )
    return count


def _idf(holders: int, count: int) -> float:
    return math.log(1 + (max(0, count - holders) + 0.5) / (holders + 0.5))
