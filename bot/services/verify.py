"""Did they really say that? Alleged words are looked up and judged."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.answer import Match, Why
from bot.domain.model import Article, Passage, Quote
from bot.domain.ports import Store
from bot.domain.verdict import Verdict
from bot.languages.language import codes, detect, is_told
from bot.search.index import Index
from bot.search.terms import stem, stop_words, words
from bot.search.view import View
from bot.services.claimed import Names
from bot.verification.dictionary import is_word
from bot.verification.found import Found, Source
from bot.verification.judge import judge

LONGEST = 4096
"""Characters of alleged words; a longer text is none that one person said."""
_TERMS = 25  # of the alleged words, the rarest, by which quotes are looked for
_QUOTES = 14
_ARTICLES = 8
_WHOLES = 3  # articles that are looked through whole
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Verify:
    """Look alleged words up in the index and the store, and judge them."""

    store: Store
    index: Index

    def __call__(self, text: str, speaker: str | None = None) -> Verdict:
        """The verdict on a text that somebody is alleged to have said."""
        view = self.index.current(self.store)
        text = " ".join(text.split())[:LONGEST]
        speaker = " ".join(speaker.split()) if speaker and speaker.strip() else None
        sources = self._sources(text, view)
        names = Names(view)
        code = detect(text) if is_told(text) else ""

        def known(word: str) -> bool:
            return not code or any(is_word(word, own) for own in codes())

        found = judge(text, speaker, sources, names.mean, known)
        return _told(found, text, speaker, view)

    def _sources(self, text: str, view: View) -> list[Source]:
        """The articles that may hold a text, those of the nearest quotes first."""
        weighted, groups = _terms(text, view)
        near: dict[str, set[str]] = {}
        for segment, number, _ in view.candidates(weighted, None, _QUOTES) if weighted else ():
            entry = view.entry(segment, number)
            if entry.article_id in near or len(near) < _ARTICLES:
                near.setdefault(entry.article_id, set()).add(entry.quote_id)
        total = sum(max(group.values()) for group in groups) if groups else 0.0
        for key, _ in view.by_share(view.shares(groups, total))[:_WHOLES] if groups else ():
            near.setdefault(key, set())
        found = []
        for key, ids in near.items():
            article = self.store.article(key)
            if article is not None:
                found.append(Source(article, self.store.quotes(key), frozenset(ids)))
        return found


def _terms(text: str, view: View) -> tuple[dict[int, float], list[dict[int, float]]]:
    """The rarest terms of a text with their weights, and for each word its terms in whole
    articles.
    """
    weighted: dict[int, float] = {}
    groups: list[dict[int, float]] = []
    found = list(dict.fromkeys(words(text)))
    telling = [word for word in found if word not in stop_words()] or found
    for word in telling:
        numbers = {view.number(stem(word, code)) for code in codes()} - {None}
        known = {number: view.idf(number) for number in numbers if number is not None}
        weighted |= known
        if known:
            groups.append({number: view.article_idf(number) for number in known})
    rarest = sorted(weighted.items(), key=lambda pair: (-pair[1], pair[0]))[:_TERMS]
    groups.sort(key=lambda group: -max(group.values()))
    return dict(rarest), groups[:_TERMS]


def _told(found: Found, text: str, speaker: str | None, view: View) -> Verdict:
    def match(article: Article, quote: Quote) -> Match:
        passage = Passage(quote, article)
        exact = found.kind in ("exact", "extract", "translated", "other_speaker")
        return Match(
            quote, passage.article, 1.0 if exact else 0.5, Why(exact=exact, altered=not exact)
        )

    bearer = match(found.article, found.quote) if found.article and found.quote else None
    return Verdict(
        found.kind,
        text,
        view.size,
        speaker,
        bearer,
        found.span,
        found.edits,
        found.cautions,
        tuple(match(*piece) for piece in found.pieces),
        tuple(match(*near) for near in found.nearest[:_NEAREST]),
        found.segments,
    )
