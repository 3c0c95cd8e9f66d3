"""Ranking and deciding: which quotes answer, how surely, and when to say that none does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.domain.model import Confidence, Question
from bot.domain.text import fold
from bot.search.index import Entry, Index
from bot.search.terms import stem, words

LIKELY, MAYBE = 0.65, 0.45
"""Least score of a likely and of a possible answer; below the second nothing is answered."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry with its score (0 to 1) and the question's words that it answers."""

    entry: Entry
    score: float
    words: tuple[str, ...]


class Matcher:
    """rapidfuzz only refines what rare shared words have found: a ratio alone never answers."""

    def rank(self, question: Question, index: Index, limit: int = 3) -> tuple[list[Ranked], Confidence]:
        """The best answers and how sure they are; none means that nothing answers."""
        asked = _asked(question, index)
        if not asked:
            return self._everything(question, index, limit)
        candidates = index.candidates(asked, only=question.speaker_ids)
        ranked = sorted((self._score(entry, asked, index) for entry, _ in candidates), key=lambda r: -r.score)
        kept = _apart([r for r in ranked if r.score >= MAYBE], limit)
        return kept, _confidence(kept)

    def _everything(self, question: Question, index: Index, limit: int) -> tuple[list[Ranked], Confidence]:
        """Only a speaker was named: all that they said, in the text's order, quotes before reports."""
        entries = index.of_speaker(question.speaker_ids)
        entries.sort(key=lambda entry: entry.kind == "indirect")
        kept = _apart([Ranked(entry, 1.0, ()) for entry in entries], limit)
        return kept, "likely" if kept else "none"

    def _score(self, entry: Entry, asked: Mapping[str, Mapping[str, float]], index: Index) -> Ranked:
        """The share of the question's weight that the entry covers, by field, plus a little for word order."""
        covered = total = 0.0
        matched = []
        for word, expansions in asked.items():
            weight = max((index.idf(term) for term in expansions), default=index.idf(word))
            total += weight
            best = max(
                (entry.fields.get(term, 0.0) ** 0.5 * similarity for term, similarity in expansions.items()),
                default=0.0,
            )
            covered += weight * best
            if best > 0:
                matched.append(word)
        return Ranked(entry, covered / total if total else 0.0, tuple(matched))


def _asked(question: Question, index: Index) -> dict[str, dict[str, float]]:
    """Each word to search with the vocabulary words that stand for it, whatever language it was stemmed in."""
    asked: dict[str, dict[str, float]] = {}
    for word in dict.fromkeys(words(question.words)):
        stems = {stem(word, code) for code in ("fr", "en")} | {word}
        expansions: dict[str, float] = {}
        for form in stems:
            for term, similarity in index.expand(form).items():
                expansions[term] = max(similarity, expansions.get(term, 0.0))
        if any(similarity == 1.0 for similarity in expansions.values()):
            expansions = {term: similarity for term, similarity in expansions.items() if similarity == 1.0}
        asked[word] = expansions
    return asked


def _apart(ranked: Sequence[Ranked], limit: int) -> list[Ranked]:
    """The first few that neither hold one another's words nor stand, as parts, in one sentence."""
    kept: list[Ranked] = []
    for item in ranked:
        if not any(_same_place(item.entry, other.entry) for other in kept):
            kept.append(item)
        if len(kept) == limit:
            break
    return kept


def _same_place(one: Entry, other: Entry) -> bool:
    if one.article_id != other.article_id:
        return False
    overlap = one.start < other.end and other.start < one.end
    return overlap or (one.kind == other.kind == "partial" and one.context == other.context)


def _confidence(ranked: Sequence[Ranked]) -> Confidence:
    if not ranked:
        return "none"
    return "likely" if ranked[0].score >= LIKELY else "maybe"


def is_verbatim(text: str, quote: str) -> bool:
    """Are these words (but for case, accents and typography) in the quote?"""
    wanted = fold(text)
    return len(wanted.split()) >= 2 and wanted in fold(quote)


def order(text: str, quote: str) -> float:
    """How well the words' order agrees, 0 to 1 (rapidfuzz partial ratio of the folded texts)."""
    return fuzz.partial_ratio(fold(text), fold(quote)) / 100
