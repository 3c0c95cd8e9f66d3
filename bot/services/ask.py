"""A question becomes an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain.model import Answer, Article, Confidence, Match, Nearby, Question, Why
from bot.domain.ports import Store
from bot.search.alignment import LONG, align, stands_in
from bot.search.filters import fits
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.search.question import parse_question
from bot.search.readings import Ranked
from bot.services.nearby import nearby as near_to


def _notes(question: Question, article: Article, quote: str) -> tuple[str, ...]:
    """What else a match rests on: how a quotation that was asked for compares, and the language of the words."""
    notes = []
    claimed = question.phrases[0] if question.phrases else question.text
    asked = claimed.split()
    if len(asked) >= 2:
        if stands_in(claimed, quote):
            notes.append("word for word")
        elif len(asked) >= LONG and not question.text.rstrip().endswith("?"):
            found = align(claimed, quote)
            if found and found.likeness >= _ALTERED:
                notes.append("altered")
    if question.period:
        notes.append("date")
    if article.language != question.language:
        notes.append(f"language:{article.language}")
    return tuple(notes)


_ALTERED = 0.6  # least likeness of a text that is the quote with changes


@dataclass(frozen=True, slots=True)
class Ask:
    """Search the index, look the quotes up in the store, or say what was searched in vain."""

    store: Store
    index: Index
    matcher: Matcher

    def __call__(self, text: str, language: str | None = None, limit: int = 3, offset: int = 0) -> Answer:
        """The answer to a question: ``limit`` of its matches from the one numbered ``offset`` on.

        Its matches are empty when nothing answers; ``total`` counts all that fit.
        """
        view = self.index.current(self.store)
        question = parse_question(text, view, language)
        ranked, confidence = self.matcher.rank(question, view, None)
        if question.phrases or question.excluded:
            checked = [match for match in self._matches(question, ranked) if fits(match, question)]
            total, matches = len(checked), tuple(checked[offset : offset + limit])
        else:
            total, matches = len(ranked), self._matches(question, ranked[offset : offset + limit])
        if matches and matches[0].why.exact:
            confidence = "exact"
        nearby = (
            Nearby() if matches else near_to(question, self.store, view, self.matcher, partial(self._matches, question))
        )
        found: Confidence = confidence if matches else "none"
        return Answer(question, matches, found, view.size, nearby, total)

    def _matches(self, question: Question, ranked: Sequence[Ranked]) -> tuple[Match, ...]:
        matches = []
        for item in ranked:
            quote, article = self.store.quote(item.entry.quote_id), self.store.article(item.entry.article_id)
            if quote and article:
                spoke = quote.speaker is not None and quote.speaker.id in question.speaker_ids
                notes = _notes(question, article, article.text[quote.start : quote.end])
                if question.words and not item.words:
                    notes += ("meaning",)
                why = Why(item.words, spoke, "word for word" in notes, notes)
                matches.append(Match(quote, article, round(item.score, 3), why))
        return tuple(matches)
