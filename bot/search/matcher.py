"""Ranking and deciding: which quotes answer, how surely, and when to say that none does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.domain.answer import Level, Question
from bot.domain.model import Confidence, Passage
from bot.domain.ports import Store
from bot.languages.language import codes
from bot.meaning.meaning import Meaning
from bot.search.asked import Asked, ask_words, is_common
from bot.search.decision import (
    AROUND,
    FEATURES,
    FEW,
    LONELY,
    MAYBE,
    MEANING,
    NEAR,
    NEAR_IN_FEW,
    NEARNESS,
    QUESTION,
    SHARED,
    SPREAD,
    USUAL,
    WHOLE,
    Model,
    confidence_of,
)
from bot.search.entries import Entry, name_words
from bot.search.evidence import of_first
from bot.search.readings import Ranked, near_ones, readings, same_place
from bot.search.recall import DIGITS
from bot.search.scope import KINDS, scope_of
from bot.search.terms import search_words, stem, words
from bot.search.view import View

CANDIDATES = 50
"""Quotes that recall hands to the ranking."""
_CHECKED = 2000  # where exact phrases and exclusions are looked up in the texts afterwards
_MORE = 300  # quotes of articles that match as wholes
_SOFT = 0.72  # least likeness of two words that are not the same


def _weighted(asked: Sequence[Asked]) -> dict[int, float]:
    """Each term that an asked word may be, with its weight."""
    weighted: dict[int, float] = defaultdict(float)
    for item in asked:
        for term, likeness in item.forms.items():
            weighted[term] = max(weighted[term], item.weight * likeness)
    return weighted


def _shares(
    question: Question, index: View, asked: Sequence[Asked], meant: bool
) -> dict[int, float]:
    """Which share of the question's weight the articles hold that hold most of it."""
    if not (question.asks or meant) or not index.wholes:
        return {}
    groups = [{t: item.weight * k for t, k in item.forms.items()} for item in asked]
    return index.shares(groups, sum(item.weight for item in asked))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answers in order, how far they go, and the probability that the first answers."""

    items: list[Ranked]
    level: Level = "none"
    sure: float = 0.0

    @property
    def confidence(self) -> Confidence:
        """How sure the first is, in words; "none" where none surely answers."""
        return confidence_of(self.sure) if self.level == "sure" else "none"


@dataclass(frozen=True, slots=True)
class Matcher:
    """rapidfuzz refines what rare shared words, and nearness in meaning, have found; a small model
    decides how far that goes. ``meaning`` None: by words alone. ``store`` is where the first
    candidate's article is looked at (None: nowhere, and then less is known of it).
    """

    meaning: Meaning | None = None
    store: Store | None = None

    def rank(self, question: Question, index: View, limit: int | None = 3) -> Ranking:
        """The best answers (None: all of them) and how far they go."""
        if not question.words:
            return self._everything(question, index, limit)
        if question.unknown_names:
            return Ranking([])  # somebody's words are asked for who is not quoted here
        found = self.candidates(question, index)
        if question.counts:
            found = [item for item in found if _numbered(item.text)]
        if not found:
            return Ranking([])
        (sure, ranked), *others = self.readings(question, found)
        if question.filters and _holds_most(ranked[0]):
            sure = max(
                sure, MAYBE
            )  # whoever filters wants what there is: the words decide, not the model
        named = ranked[0].model is not MEANING and _only_named(question, index, ranked[0])
        level = _level(ranked[0], sure, named, len(index.articles) < FEW)
        if level == "none":
            return Ranking([], sure=sure)
        near = near_ones(ranked, sure)
        if not near:
            return Ranking([], sure=sure)
        for _, other in others:  # what the other reading holds for near comes after
            known = {item.place for item in near}
            near += [item for item in near_ones(other, near[-1].score) if item.place not in known]
        return Ranking(_apart(near, limit), level, sure)

    def order(self, question: Question, index: View) -> list[Ranked]:
        """All candidates, best first, whether or not they answer."""
        return self.judge(question, self.candidates(question, index))[1]

    def judge(self, question: Question, found: Sequence[Ranked]) -> tuple[float, list[Ranked]]:
        """(the probability that the first answers, the candidates best first).

        They are read as answers to words of a quotation and, where that can be, to a question: the
        surer reading holds.
        """
        return self.readings(question, found)[0] if found else (0.0, [])

    def readings(
        self, question: Question, found: Sequence[Ranked]
    ) -> list[tuple[float, list[Ranked]]]:
        """Both readings, the surer one first."""

        return readings(found, bool(question.speaker_ids), partial(self.evidence, question))

    def evidence(self, question: Question, first: Ranked) -> list[float]:
        """What the article of a ranking's first candidate tells, ``EVIDENCE`` without the entropy;
        nothing without a store.
        """
        passage = self._passage(first.entry)
        return of_first(question, first.asked, passage) if passage else []

    def _passage(self, entry: Entry) -> Passage | None:
        quote = self.store.quote(entry.quote_id) if self.store else None
        article = self.store.article(entry.article_id) if self.store and quote else None
        return Passage(quote, article) if quote and article else None

    def candidates(self, question: Question, index: View) -> list[Ranked]:
        """The quotes that may answer, with what speaks for each, in no order."""
        asked = ask_words(question, index)
        scope = scope_of(question, index)
        limit = _CHECKED if question.phrases or question.excluded else CANDIDATES
        found = index.candidates(_weighted(asked), scope, limit)
        text = question.plain or question.text
        nearness = self.meaning.likeness(text, index) if self.meaning else None
        shares = _shares(question, index, asked, bool(nearness))
        more: list[tuple[int, int, float]] = []
        if nearness:
            more = index.nearest(nearness, scope, CANDIDATES)
        elif shares:
            more = index.quotes_in(shares, scope)[:_MORE]
        held = {(number, doc) for number, doc, _ in found}
        found += [place for place in more if place[:2] not in held]
        asks = MEANING if nearness else QUESTION if question.asks and shares else None
        ranked: list[Ranked] = []
        for segment in {number for number, _, _ in found}:
            part = [(doc, score) for number, doc, score in found if number == segment]
            near = nearness[segment] if nearness else None
            ranked += self._part(question, index, asked, segment, part, shares, near, asks)
        return ranked

    def _part(
        self,
        question: Question,
        index: View,
        asked: Sequence[Asked],
        segment: int,
        part: list[tuple[int, float]],
        shares: dict[int, float],
        likeness: NDArray[np.float32] | None,
        asks: Model | None,
    ) -> list[Ranked]:
        docs = np.array([doc for doc, _ in part], np.int32)
        terms = [index.segments[segment].words_of(doc) for doc, _ in part]
        matched, anywhere = _held(index, asked, segment, docs)
        in_text = np.maximum(np.minimum(matched, 1.0), _soft(asked, terms, index.vocabulary.terms))
        around = np.maximum(in_text, anywhere)
        total = max(sum(item.weight for item in asked), 1e-6)
        rarest = max(index.idf(None), 1.0)
        weights = np.array([item.weight for item in asked], np.float32) / total
        query = " ".join(stem(word, codes()[-1]) for word in words(question.text))
        texts = [" ".join(map(index.vocabulary.terms.__getitem__, text.tolist())) for text in terms]
        features = np.zeros((len(part), len(FEATURES)), np.float32)
        features[:, 0] = np.minimum(1.0, np.array([score for _, score in part]) / (total * 1.9))
        features[:, 1] = weights @ in_text
        features[:, 2] = weights @ around
        features[:, 3] = (
            [fuzz.partial_ratio(query, text) / 100 for text in texts] if len(query) > 3 else 0.0
        )
        features[:, 4] = [fuzz.token_set_ratio(query, text) / 100 for text in texts]
        features[:, 5] = (in_text > 0.5).mean(axis=0)
        features[:, 6] = min(1.0, total / rarest / 4)
        features[:, 7] = weights @ (in_text > 0.9)
        features[:, 8] = [
            shares.get(number, 0.0) for number in index.segments[segment].article[docs].tolist()
        ]
        if likeness is not None:
            features[:, NEARNESS] = (np.round(likeness[docs], DIGITS) - USUAL) / SPREAD
        held = (around > 0.25).T.tolist()
        return [
            Ranked((index, segment, doc), 0.0, features[at], texts[at], asked, held[at], asks)
            for at, (doc, _) in enumerate(part)
        ]

    def _everything(self, question: Question, index: View, limit: int | None) -> Ranking:
        """Only a speaker was named: all that they said, in the text’s order, whole quotes before
        parts before reports.
        """
        scope = scope_of(question, index)
        entries = [] if scope.open and not question.excluded else index.within(scope)
        entries.sort(key=lambda entry: KINDS.index(entry.kind))
        nothing = np.zeros(len(FEATURES), np.float32)
        everything = [
            Ranked((index, e.segment, e.number), 1.0, nothing, e.quote_id, _entry=e)
            for e in entries
        ]
        kept = _apart(everything, limit)
        return Ranking(kept, "sure", 1.0) if kept else Ranking([])


def _level(first: Ranked, sure: float, named: bool, small: bool) -> Level:
    """How far the first candidate goes: what holds, with its surroundings, less than half of the
    question is near only where it surely is in meaning; what shares just a name (``named``) is no
    answer. In a ``small`` store the article as a whole counts, its title above all.
    """
    if sure >= MAYBE:
        return "near" if named else "sure"
    telling = not named and any(not item.common for item in first.asked)
    shared = telling and first.features[AROUND] >= SHARED
    if small and telling and first.features[WHOLE] >= SHARED:
        return "near" if sure >= NEAR_IN_FEW else "none"
    least = NEAR if shared else LONELY if telling and first.model is MEANING else MAYBE
    return "near" if sure >= least else "none"


def _held(
    index: View, asked: Sequence[Asked], segment: int, docs: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each asked word and quote: how surely the quote's own words hold it, and how surely
    anything around it does.
    """
    text = np.zeros((len(asked), len(docs)), np.float32)
    anywhere = np.zeros((len(asked), len(docs)), np.float32)
    for row, item in enumerate(asked):
        for term, likeness in item.forms.items():
            weights = index.weights_in(term, segment, docs)
            text[row] = np.maximum(text[row], np.where(weights >= 1.0, likeness, 0.0))
            anywhere[row] = np.maximum(anywhere[row], np.minimum(weights, 1.0) * likeness)
    return text, anywhere


def _soft(
    asked: Sequence[Asked], texts: Sequence[NDArray[np.int32]], vocabulary: Sequence[str]
) -> NDArray[np.float32]:
    """Likeness of each asked word to the nearest word of each text, where no form of it matched."""
    result = np.zeros((len(asked), len(texts)), np.float32)
    full = [at for at, text in enumerate(texts) if len(text)]
    if not full or not asked:
        return result
    unique, places = np.unique(np.concatenate([texts[at] for at in full]), return_inverse=True)
    likeness = process.cdist(
        [stem(item.word, "fr") for item in asked],
        [vocabulary[number] for number in unique.tolist()],
        scorer=OSA.normalized_similarity,
        score_cutoff=_SOFT,
        dtype=np.float32,
    )
    short = [len(item.word) < 4 for item in asked]
    likeness[short] = likeness[short] >= 1.0
    starts = np.cumsum([0, *(len(texts[at]) for at in full[:-1])])
    result[:, full] = np.maximum.reduceat(likeness[:, places], starts, axis=1)
    return result


def _only_named(question: Question, index: View, first: Ranked) -> bool:
    """Does the best hold just somebody's name of a question that has a subject besides?"""
    asked = [word for word in dict.fromkeys(words(question.words)) if not is_common(word)]
    names = {part for speaker in index.named(asked) for part in name_words(speaker)}
    subject = [word for word in asked if word not in names]
    return bool(subject) and len(subject) < len(asked) and not set(subject) & set(first.words)


def _numbered(terms: str) -> bool:
    """Is a number among some terms, in digits or in letters?"""
    return any(char.isdigit() for char in terms) or not _numerals().isdisjoint(terms.split())


@cache
def _numerals() -> frozenset[str]:
    return frozenset(stem(word, code) for word in search_words("numerals") for code in codes())


def _holds_most(first: Ranked) -> bool:
    """Does the first hold at least half of the words asked?"""
    return sum(first.held) * 2 >= len(first.held) > 0


def _apart(ranked: Sequence[Ranked], limit: int | None) -> list[Ranked]:
    """The first few that neither hold one another's words nor stand, as parts, in one sentence."""
    kept: list[Ranked] = []
    by_article: dict[str, list[Entry]] = defaultdict(list)
    for item in ranked:
        if len(kept) == limit:
            break
        beside = by_article[item.entry.article_id]
        if not any(same_place(item.entry, other) for other in beside):
            kept.append(item)
            beside.append(item.entry)
    return kept
