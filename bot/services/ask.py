"""A question becomes an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.domain.answer import Answer, Claim, Level, Match, Nearby, Question, Why
from bot.domain.model import Confidence, Passage
from bot.domain.ports import Store
from bot.search.alignment import LONG, align, stands_in
from bot.search.asked import is_common
from bot.search.filters import fits
from bot.search.index import Index
from bot.search.matcher import Matcher, Ranking
from bot.search.question import parse_question
from bot.search.readings import Ranked
from bot.search.terms import words
from bot.search.view import View
from bot.services.claims import claim_of
from bot.services.nearby import nearby as near_to

NEAREST = 3
"""Quotes that are shown as near where none surely answers."""
_CLAIMS = 10  # matches of which is told where else they stand
_ALTERED = 0.6  # least likeness of a text that is the quote with changes


def _why(question: Question, passage: Passage, item: Ranked, view: View) -> Why:
    """What a match rests on; how a quotation that was asked for compares with it."""
    exact, altered = _compared(question, passage.text)
    speaker, language = passage.quote.speaker, passage.article.language
    return Why(
        item.words,
        speaker=speaker is not None and view.person(speaker.id) in question.speaker_ids,
        exact=exact,
        altered=altered,
        meaning=bool(question.words) and not item.words,
        period=question.period is not None,
        language=language if language != question.language else None,
    )


def _compared(question: Question, quote: str) -> tuple[bool, bool]:
    """Is the question's text, of two words at least, the quote's or a part of it; is it the quote
    with changes?
    """
    claimed = question.phrases[0] if question.phrases else question.text
    asked = claimed.split()
    if len(asked) < 2:
        return False, False
    if stands_in(claimed, quote):
        return True, False
    if len(asked) < LONG or question.text.rstrip().endswith("?"):
        return False, False
    found = align(claimed, quote)
    return False, found is not None and found.likeness >= _ALTERED


@dataclass(frozen=True, slots=True)
class Ask:
    """Search the index, look the quotes up in the store, or say what was searched in vain."""

    store: Store
    index: Index
    matcher: Matcher

    def __call__(
        self, text: str, language: str | None = None, limit: int = 3, offset: int = 0
    ) -> Answer:
        """The answer to a question: ``limit`` of its matches from the one numbered ``offset`` on.

        Where none surely answers, its matches are the nearest (three at most, unless ``limit`` asks
        for more), or none at all; ``total`` counts all that fit.
        """
        view = self.index.current(self.store)
        question = parse_question(text, view, language)
        ranking = self.matcher.rank(question, view, None)
        elsewhere = False
        if ranking.level != "sure":
            opened = self._opened(question, view)
            if opened.level != "none":
                ranking, elsewhere = Ranking(opened.items, "near", opened.sure), True
        items = ranking.items if ranking.level == "sure" else ranking.items[: max(limit, NEAREST)]
        if question.phrases or question.excluded:
            checked = [
                match for match in self._matches(question, view, items) if fits(match, question)
            ]
            total, matches = len(checked), tuple(checked[offset : offset + limit])
        else:
            total, matches = (
                len(items),
                self._matches(question, view, items[offset : offset + limit]),
            )
        best = matches[:1] if not offset else self._matches(question, view, items[:1])
        confidence: Confidence = ranking.confidence
        level: Level = ranking.level if total else "none"
        if best and best[0].why.exact:
            confidence, level = "exact", "sure"
        nearby = (
            Nearby()
            if level == "sure"
            else near_to(
                question, self.store, view, self.matcher, partial(self._matches, question, view)
            )
        )
        found: Confidence = confidence if matches else "none"
        return Answer(question, matches, found, view.size, nearby, total, level, elsewhere)

    def _opened(self, question: Question, view: View) -> Ranking:
        """The same subject put to everybody else, where a question names whose words it asks for;
        nothing where it names no subject.
        """
        names = {word for name in question.unknown_names for word in words(name)}
        subject = [word for word in words(question.words) if word not in names]
        if not (question.speaker_ids or names) or all(map(is_common, subject)):
            return Ranking([])
        opened = replace(question, words=" ".join(subject), speaker_ids=(), unknown_names=())
        ranking = self.matcher.rank(opened, view, None)
        own = {view.person(key) for key in question.speaker_ids}
        others = [
            item
            for item in ranking.items
            if item.entry.speaker_id is None or view.person(item.entry.speaker_id) not in own
        ]
        return Ranking(others, ranking.level if others else "none", ranking.sure)

    def _matches(
        self, question: Question, view: View, ranked: Sequence[Ranked]
    ) -> tuple[Match, ...]:
        matches: list[Match] = []
        for item in ranked:
            quote, article = (
                self.store.quote(item.entry.quote_id),
                self.store.article(item.entry.article_id),
            )
            if quote and article:
                why = _why(question, Passage(quote, article), item, view)
                passage = Passage(quote, article)
                claim = (
                    claim_of(passage, view, self.store)
                    if len(matches) < _CLAIMS
                    else Claim((passage,))
                )
                matches.append(Match(quote, article, round(item.score, 3), why, claim))
        return tuple(matches)
