"""Ranking and deciding: which quotes answer, how surely, and when to say that none does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.domain.model import Confidence, Question
from bot.languages.language import codes
from bot.meaning.meaning import Meaning
from bot.search.decision import (
    AROUND,
    FEATURES,
    MAYBE,
    MEANING,
    NEARNESS,
    QUESTION,
    QUOTATION,
    SPREAD,
    USUAL,
    Model,
    certainty,
    confidence_of,
)
from bot.search.entries import Entry, name_words
from bot.search.families import related
from bot.search.index import Index
from bot.search.recall import DIGITS
from bot.search.scope import KINDS, scope_of
from bot.search.terms import question_words, search_words, stem, stop_words, words

CANDIDATES = 50
"""Quotes that recall hands to the ranking."""
_CHECKED = 2000  # where exact phrases and exclusions are looked up in the texts afterwards
_MOST = 40  # different words of a question that are searched
_MORE = 300  # quotes of articles that match as wholes
SAME = 92.0
"""Two texts at least this alike (rapidfuzz token_set_ratio) are one quote told twice."""
_NEAR = 0.55  # answers must reach this share of the best one's score
_MANY = 5  # articles from which on the rarity of a word among articles tells something
_SOFT = 0.72  # least likeness of two words that are not the same
BESIDE = 0.6  # share of the question's weight in a quote and its surroundings: its sentence holds most of it
_COMMON = 0.15  # weight of a question's stop and question words in the order of the answers


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of the question: its forms (term -> likeness), how much it weighs, whether all texts are full of it."""

    word: str
    weight: float
    forms: dict[int, float]
    known: bool
    common: bool = False


Place = tuple[Index, int, int]
"""An index, the number of a segment of it, and a quote's number there."""


@dataclass(slots=True)
class Ranked:
    """A quote with its score by a ``model``, its words' terms as text, and what the score rests on.

    ``question`` is the model by which it may be judged as an answer to a question; None: only as a quotation.
    """

    place: Place
    score: float
    features: NDArray[np.float32]
    text: str
    asked: Sequence[Asked] = ()
    held: Sequence[bool] = ()
    question: Model | None = None
    model: Model = QUOTATION
    _entry: Entry | None = None

    @property
    def entry(self) -> Entry:
        """What the index knows of the quote; looked up when first needed, since most candidates are never shown."""
        if self._entry is None:
            index, segment, doc = self.place
            self._entry = index.entry(segment, doc)
        return self._entry

    def same_article(self, other: Ranked) -> bool:
        """Do both stand in one article?"""
        (index, segment, doc), (_, other_segment, other_doc) = self.place, other.place
        return bool(index.segments[segment].article[doc] == index.segments[other_segment].article[other_doc])

    @property
    def words(self) -> tuple[str, ...]:
        """The question's words that the quote or its surroundings hold."""
        return tuple(item.word for item, held in zip(self.asked, self.held, strict=True) if held)


@dataclass(frozen=True, slots=True)
class Matcher:
    """rapidfuzz refines what rare shared words, and nearness in meaning, have found; a small model decides whether
    that is enough. ``meaning`` None: by words alone."""

    meaning: Meaning | None = None

    def rank(self, question: Question, index: Index, limit: int | None = 3) -> tuple[list[Ranked], Confidence]:
        """The best answers (None: all of them) and how sure they are; none means that nothing answers."""
        if not question.words:
            return self._everything(question, index, limit)
        if question.unknown_names:
            return [], "none"  # somebody's words are asked for who is not quoted here
        found = self.candidates(question, index)
        if question.counts:
            found = [item for item in found if _numbered(item.text)]
        if not found:
            return [], "none"
        (sure, ranked), *others = _readings(found, named=bool(question.speaker_ids))
        if question.filters and _holds_most(ranked[0]):
            sure = max(sure, MAYBE)  # whoever filters wants what there is: the words decide, not the model
        if sure < MAYBE or (ranked[0].model is not MEANING and _only_named(question, index, ranked[0])):
            return [], "none"
        near = _near(ranked, sure)
        for _, other in others:  # what the other reading holds for near comes after
            known = {item.place for item in near}
            near += [item for item in _near(other, near[-1].score) if item.place not in known]
        return _apart(near, limit), confidence_of(sure)

    def order(self, question: Question, index: Index) -> list[Ranked]:
        """All candidates, best first, whether or not they answer."""
        return self.judge(self.candidates(question, index), named=bool(question.speaker_ids))[1]

    def judge(self, found: Sequence[Ranked], named: bool = False) -> tuple[float, list[Ranked]]:
        """(the probability that the first answers, the candidates best first).

        They are read as answers to words of a quotation and, where that can be, to a question: the surer reading holds.
        ``named``: all are of speakers whom the question names.
        """
        return _readings(found, named)[0] if found else (0.0, [])

    def candidates(self, question: Question, index: Index) -> list[Ranked]:
        """The quotes that may answer, with what speaks for each, in no order."""
        asked = ask_words(question, index)
        weighted: dict[int, float] = defaultdict(float)
        for item in asked:
            for term, likeness in item.forms.items():
                weighted[term] = max(weighted[term], item.weight * likeness)
        scope = scope_of(question, index)
        found = index.candidates(weighted, scope, _CHECKED if question.phrases or question.excluded else CANDIDATES)
        nearness = self.meaning.likeness(question.plain or question.text, index) if self.meaning else None
        shares: dict[int, float] = {}
        if (question.asks or nearness) and index.wholes:
            groups = [{t: item.weight * k for t, k in item.forms.items()} for item in asked]
            shares = index.shares(groups, sum(item.weight for item in asked))
        more: list[tuple[int, int, float]] = []
        if nearness:
            more = index.nearest(nearness, scope, CANDIDATES)
        elif shares:
            more = index.quotes_in(shares, scope)[:_MORE]
        held = {(number, doc) for number, doc, _ in found}
        found += [place for place in more if place[:2] not in held]
        ranked: list[Ranked] = []
        for segment in {number for number, _, _ in found}:
            part = [(doc, score) for number, doc, score in found if number == segment]
            near = nearness[segment] if nearness else None
            asks = MEANING if nearness else QUESTION if question.asks and shares else None
            ranked += self._part(question, index, asked, segment, part, shares, near, asks)
        return ranked

    def _part(
        self,
        question: Question,
        index: Index,
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
        features[:, 3] = [fuzz.partial_ratio(query, text) / 100 for text in texts] if len(query) > 3 else 0.0
        features[:, 4] = [fuzz.token_set_ratio(query, text) / 100 for text in texts]
        features[:, 5] = (in_text > 0.5).mean(axis=0)
        features[:, 6] = min(1.0, total / rarest / 4)
        features[:, 7] = weights @ (in_text > 0.9)
        features[:, 8] = [shares.get(number, 0.0) for number in index.segments[segment].article[docs].tolist()]
        if likeness is not None:
            features[:, NEARNESS] = (np.round(likeness[docs], DIGITS) - USUAL) / SPREAD
        held = (around > 0.25).T.tolist()
        return [
            Ranked((index, segment, doc), 0.0, features[at], texts[at], asked, held[at], asks)
            for at, (doc, _) in enumerate(part)
        ]

    def _everything(self, question: Question, index: Index, limit: int | None) -> tuple[list[Ranked], Confidence]:
        """Only a speaker was named: all that they said, in the text’s order, whole quotes before parts before reports."""
        scope = scope_of(question, index)
        entries = [] if scope.open and not question.excluded else index.within(scope)
        entries.sort(key=lambda entry: KINDS.index(entry.kind))
        nothing = np.zeros(len(FEATURES), np.float32)
        everything = [Ranked((index, e.segment, e.number), 1.0, nothing, e.quote_id, _entry=e) for e in entries]
        kept = _apart(everything, limit)
        return kept, "likely" if kept else "none"


def ask_words(question: Question, index: Index) -> list[Asked]:
    """The question's words with the index's terms that stand for each: itself, its family, its nearest if unknown."""
    asked = []
    idf = index.article_idf if question.asks and index.wholes and len(index.articles) >= _MANY else index.idf
    searched = list(dict.fromkeys(words(question.words)))[:_MOST]
    if question.asks and index.wholes:  # in whole articles common words stand everywhere
        searched = [word for word in searched if not _is_common(word)] or searched
    for word in searched:
        forms = _forms(word, index)
        exact = [term for term, likeness in forms.items() if likeness >= 1.0]
        rarity = max((idf(term) for term in exact), default=0.0) or max(
            (idf(term) for term in forms), default=idf(None)
        )
        common = _is_common(word)
        asked.append(Asked(word, rarity * (_COMMON if common else 1.0), forms, bool(exact), common))
    return asked


def _is_common(word: str) -> bool:
    return word in stop_words() or word in question_words()


def _forms(word: str, index: Index) -> dict[int, float]:
    forms: dict[int, float] = {}
    for form in sorted({stem(word, code) for code in codes()} | {word}):
        number = index.number(form)
        if number is not None:
            forms[number] = 1.0
    for other, likeness in related(word):
        for code in codes():
            number = index.number(stem(other, code))
            if number is not None:
                forms[number] = max(forms.get(number, 0.0), likeness)
    if not any(likeness >= 1.0 for likeness in forms.values()) and len(word) >= 4 and not word.isdecimal():
        stems = sorted({stem(word, code) for code in codes()})
        for form in stems:
            for number, similarity in index.vocabulary.nearest(form, index.held):
                forms[number] = max(forms.get(number, 0.0), similarity**3)
    return forms


def _held(
    index: Index, asked: Sequence[Asked], segment: int, docs: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each asked word and quote: how surely the quote's own words hold it, and how surely anything around it does."""
    text = np.zeros((len(asked), len(docs)), np.float32)
    anywhere = np.zeros((len(asked), len(docs)), np.float32)
    for row, item in enumerate(asked):
        for term, likeness in item.forms.items():
            weights = index.weights_in(term, segment, docs)
            text[row] = np.maximum(text[row], np.where(weights >= 1.0, likeness, 0.0))
            anywhere[row] = np.maximum(anywhere[row], np.minimum(weights, 1.0) * likeness)
    return text, anywhere


def _soft(asked: Sequence[Asked], texts: Sequence[NDArray[np.int32]], vocabulary: Sequence[str]) -> NDArray[np.float32]:
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


def _readings(found: Sequence[Ranked], named: bool) -> list[tuple[float, list[Ranked]]]:
    """(certainty, ranking) of each way to read what was asked, the surest first."""
    models = [QUOTATION, *([found[0].question] if found[0].question else [])]
    ranked = [_by(model, found) for model in models]
    return sorted(((_certainty(reading, named), reading) for reading in ranked), key=lambda reading: -reading[0])


def _near(ranked: Sequence[Ranked], sure: float) -> list[Ranked]:
    """The best and those near it, their scores as shares of its certainty."""
    best = max((item.score for item in ranked), default=0.0)
    near = [item for item in ranked if item.score >= _NEAR * best and _touched(item)] if best > 0 else list(ranked[:1])
    for item in near:
        item.score = round(sure * item.score / max(best, 1e-6), 4)
    return near


def _by(model: Model, found: Sequence[Ranked]) -> list[Ranked]:
    """The candidates in a model's order, with its scores."""
    scores = (np.stack([item.features for item in found])[:, : len(model.rank)] @ model.rank).tolist()
    ranked = [replace(item, score=score, model=model) for item, score in zip(found, scores, strict=True)]
    return sorted(ranked, key=lambda item: (-round(item.score, 5), item.entry.quote_id))


def _certainty(ranked: Sequence[Ranked], named: bool) -> float:
    """The probability that the first answers, from its features and its leads."""
    first = ranked[0]
    other = next((item for item in ranked[1:] if not _alike(first, item)), None)
    lead = 1.0 - (other.score / first.score if other and first.score > 0 else 0.0)
    if first.model is QUOTATION:
        return certainty(QUOTATION, first.features, [lead])
    beside = named and bool(first.features[AROUND] >= BESIDE)
    leads = [0.0 if other is None else lead, *_leads(ranked), float(beside)]  # a lead over nobody tells nothing
    return certainty(first.model, first.features, leads)


def _leads(ranked: Sequence[Ranked]) -> tuple[float, float]:
    """How far the first leads the best of another article in score (as a share), and in nearness of meaning."""
    first = ranked[0]
    others = [item for item in ranked[1:] if not item.same_article(first)]
    if not others:
        return 0.0, 1.0
    nearest = max(float(item.features[NEARNESS]) for item in others)
    share = 1.0 - others[0].score / first.score if first.score > 0 else 0.0
    return share, float(first.features[NEARNESS]) - nearest


def _touched(item: Ranked) -> bool:
    """Is there any word of the question in or around it, or may it be near in other words?"""
    return any(item.held) or item.model is MEANING


def _only_named(question: Question, index: Index, first: Ranked) -> bool:
    """Does the best hold just somebody's name of a question that has a subject besides?"""
    asked = [word for word in dict.fromkeys(words(question.words)) if not _is_common(word)]
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


def _alike(one: Ranked, other: Ranked) -> bool:
    return _same_place(one.entry, other.entry) or fuzz.token_set_ratio(one.text, other.text) >= SAME


def _apart(ranked: Sequence[Ranked], limit: int | None) -> list[Ranked]:
    """The first few that neither hold one another's words nor stand, as parts, in one sentence."""
    kept: list[Ranked] = []
    by_article: dict[str, list[Entry]] = defaultdict(list)
    for item in ranked:
        if len(kept) == limit:
            break
        beside = by_article[item.entry.article_id]
        if not any(_same_place(item.entry, other) for other in beside):
            kept.append(item)
            beside.append(item.entry)
    return kept


def _same_place(one: Entry, other: Entry) -> bool:
    if one.article_id != other.article_id:
        return False
    overlap = one.start < other.end and other.start < one.end
    return overlap or (one.kind == other.kind == "partial" and one.context == other.context)
