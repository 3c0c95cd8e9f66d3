"""A question becomes an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.model import Answer, Confidence, Match, Nearby, Question, Why
from bot.domain.ports import Store
from bot.search.index import Index
from bot.search.matcher import Matcher, Ranked, is_verbatim
from bot.search.question import parse_question


@dataclass(frozen=True, slots=True)
class Ask:
    """Search the index, look the quotes up in the store, or say what was searched in vain."""

    store: Store
    index: Index
    matcher: Matcher

    def __call__(self, text: str, language: str | None = None, limit: int = 3) -> Answer:
        """The answer to a question; its matches are empty when nothing answers."""
        with self.index.lock:
            return self._answer(text, language, limit)

    def _answer(self, text: str, language: str | None, limit: int) -> Answer:
        self.index.follow(self.store)
        question = parse_question(text, self.index, language)
        ranked, confidence = self.matcher.rank(question, self.index, limit)
        matches = self._matches(question, ranked)
        if matches and any(match.why.exact for match in matches[:1]):
            confidence = "exact"
        nearby = Nearby() if matches else self._nearby(question)
        found: Confidence = confidence if matches else "none"
        return Answer(question, matches, found, self.index.size, nearby)

    def _matches(self, question: Question, ranked: Sequence[Ranked]) -> tuple[Match, ...]:
        matches = []
        for item in ranked:
            quote, article = self.store.quote(item.entry.quote_id), self.store.article(item.entry.article_id)
            if quote and article:
                exact = is_verbatim(question.text, article.text[quote.start : quote.end])
                why = Why(item.words, quote.speaker is not None and quote.speaker.id in question.speaker_ids, exact)
                matches.append(Match(quote, article, round(item.score, 3), why))
        return tuple(matches)

    def _nearby(self, question: Question) -> Nearby:
        """What the index does hold: the question's words that it knows, its speakers, others' words on the subject."""
        known = tuple(word for word in question.words.split() if self.index.expand(word))
        speakers = [self.index.speakers[speaker_id] for speaker_id in question.speaker_ids]
        if not speakers:
            often = sorted(self.index.speakers.values(), key=lambda s: -self.index.spoken(s.id))
            speakers = [speaker for speaker in often if speaker.kind in ("person", "org")][:3]
        others: tuple[Match, ...] = ()
        if question.speaker_ids and question.words:
            from dataclasses import replace

            ranked, _ = self.matcher.rank(replace(question, speaker_ids=()), self.index)
            others = self._matches(question, ranked)
        return Nearby(known, tuple(speakers), others)
