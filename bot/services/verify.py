"""Did they really say that? Alleged words are looked up and judged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.answer import Match, Why
from bot.domain.model import Article, Passage, Quote, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold
from bot.domain.verdict import Verdict
from bot.languages.language import codes, detect
from bot.search.index import Index
from bot.search.people import same_word
from bot.search.terms import called_words, stem, stop_words, words
from bot.search.view import View
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
_PARTS = re.compile(r"[,(;]|\s[—–-]\s")
_CALLED = 60  # characters around a name in which an article says what its bearer is


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
        names = _Names(view)
        code = detect(text)

        def known(word: str) -> bool:
            return is_word(word, code)

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


@dataclass(frozen=True, slots=True)
class _Names:
    """Whom a claimed name or role may mean."""

    view: View

    def mean(self, claimed: str, quote: Quote, source: Source) -> bool:
        """Does it mean a quote's speaker: by (part of) a name of theirs, by their role, or by what
        the article calls them? "Ana Roy, maire de Valmont" is both a name and a role.
        """
        parts = [part for part in _PARTS.split(claimed) if any(map(str.isalnum, part))]
        return any(self._means(part, quote, source) for part in parts[:2])

    def _means(self, claimed: str, quote: Quote, source: Source) -> bool:
        speaker, article = quote.speaker, source.article
        asked = [word for word in words(claimed) if word not in stop_words()]
        bare = [word for word in asked if word not in called_words()] or asked
        if not asked or speaker is None:
            return False
        if any(_bears(form, bare) or _holds(form, asked) for form in self._forms(speaker)):
            return True
        named, described = _is_name(speaker.name), not _is_name(claimed)
        if described:
            return named and _beside(article, words(speaker.name), asked)
        if named:
            return False
        return self._is_called(bare, speaker, article) or _alone(bare, quote, source)

    def _forms(self, speaker: Speaker) -> list[Speaker]:
        """Every entry of a speaker's: one person may stand under several names and roles."""
        people = self.view.people
        own = {*people.ids(speaker.id), speaker.id}
        return [speaker, *(entry for entry in people.entries() if entry.id in own)]

    def _is_called(self, name: Sequence[str], speaker: Speaker, article: Article) -> bool:
        """Is somebody of that name what a speaker without one is only described as?"""
        called = [word for word in words(speaker.name) if word not in stop_words()]
        bearers = (entry for entry in self.view.people.entries() if _bears(entry, name))
        return any(_holds(entry, called) for entry in bearers) or _beside(article, name, called)


def _alone(name: Sequence[str], quote: Quote, source: Source) -> bool:
    """Is whoever bears a name the only speaker who is named in the paragraph of a quote that is
    given to "the minister"?
    """
    text = source.article.text
    around = set(words(text[slice(*source.article.paragraph(quote.start))]))
    if not set(name) <= around and name[-1] not in around:
        return False
    others = {
        words(other.speaker.name)[-1]
        for other in source.quotes
        if other.speaker is not None and _is_name(other.speaker.name)
    }
    return not (others - {name[-1]}) & around


def _is_name(text: str) -> bool:
    """Is it somebody's name, and not only what they are?"""
    return any(part[:1].isupper() for part in text.replace("-", " ").split()[-1:])


def _beside(article: Article, name: Sequence[str], called: Sequence[str]) -> bool:
    """Does the article call whoever bears a name so, right beside it?"""
    text, last = fold(article.text), name[-1]
    at = text.find(last)
    while called and at >= 0:
        around = set(words(text[max(0, at - _CALLED) : at + len(last) + _CALLED]))
        if {*called, *name} <= around:
            return True
        at = text.find(last, at + len(last))
    return False


def _bears(speaker: Speaker, asked: Sequence[str]) -> bool:
    """Are all the words of the name's, its last one (or for one word any) among them?"""
    name = [word for word in words(speaker.name) if not _is_title(word)] or words(speaker.name)
    if len(asked) > len(name):  # "Jean-Marc Roux" for one who is stored as "Roux"
        return all(any(same_word(own, word) for word in asked) for own in name)
    return all(any(same_word(word, own) for own in name) for word in asked)


def _holds(speaker: Speaker, asked: Sequence[str]) -> bool:
    """Are they the words of the role ("la procureure", "le maire de Valmont")?"""
    role = set(words(speaker.role or "")) | (
        set(words(speaker.name)) if fold(speaker.name) == speaker.name else set()
    )
    telling = {word for word in role if word not in stop_words()}
    return bool(telling) and (telling >= set(asked) or telling <= set(asked))


def _is_title(word: str) -> bool:
    """Is it no part of a name: a title, its abbreviation ("Cllr", "PC"), a word of grammar?"""
    return word in called_words() or word in stop_words() or not set(word) & set("aeiouy")


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
    )
