"""Whom a claimed speaker means: by name, by role, by what an article calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.model import Article, Quote, Speaker
from bot.domain.text import fold
from bot.search.spelling import same_word
from bot.search.terms import called_words, search_words, stop_words, words
from bot.search.view import View
from bot.verification.found import Source

_NEAR = 9  # words and marks beside a name in which its description stands
_PARTS = re.compile(r"[,(;]|\s[—–-]\s")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[,.;:!?«»“”\"()]")
_ARTICLES = ("le", "la", "les", "l", "the", "un", "une", "a", "an")
_OPENS = (",", "(")  # what a description may begin with
_TITLES = frozenset(("m", "mme", "mr", "mrs", "ms", "dr", "mlle"))  # may stand before a name


@dataclass(frozen=True, slots=True)
class Names:
    """The names and roles that an index knows."""

    view: View

    def mean(self, claimed: str, quote: Quote, source: Source) -> bool:
        """Does a claimed speaker mean a quote's: by (part of) a name of theirs, by their role, or
        by what the article calls them right beside their name?

        A name decides, where one is given: "Ana Roy, maire de Valmont" is Ana Roy or nobody.
        """
        parts = [part for part in _PARTS.split(claimed) if any(map(str.isalnum, part))]
        part = next((part for part in parts if is_name(part)), parts[0] if parts else "")
        asked = [word for word in words(part) if word not in stop_words()]
        if not asked or quote.speaker is None:
            return False
        if is_name(part):
            return self._named(asked, quote.speaker, quote, source)
        return self._described(part, asked, quote.speaker, source.article)

    def _named(self, asked: Sequence[str], speaker: Speaker, quote: Quote, source: Source) -> bool:
        """Does a claimed name mean a speaker?"""
        name = [word for word in asked if not _is_title(word)] or list(asked)
        bearers = [entry for entry in self.view.named(name) if _bears(entry, name, False)]
        if is_name(speaker.name):
            return any(_bears(form, name, not bearers) for form in self._forms(speaker))
        if speaker.kind not in ("person", "unknown", "anonymous"):
            return False
        called = [word for word in words(speaker.name) if word not in stop_words()]
        if any(_fits(entry.role or "", speaker.name) for entry in bearers):
            return True
        return _apposed(source.article, name, called) or _alone(name, quote, source)

    def _described(
        self, claimed: str, asked: Sequence[str], speaker: Speaker, article: Article
    ) -> bool:
        """Does a claimed role mean a speaker?"""
        forms = self._forms(speaker)
        roles = [form.role or "" for form in forms]
        roles += [form.name for form in forms if not is_name(form.name)]
        if any(_fits(role, claimed) for role in roles):
            return True
        if fold(claimed).strip() in {fold(form.name) for form in forms}:
            return True
        name = [word for word in words(speaker.name) if not _is_title(word)]
        return bool(name) and is_name(speaker.name) and _apposed(article, name, asked)

    def _forms(self, speaker: Speaker) -> list[Speaker]:
        """Every entry of a speaker's: one person may stand under several names and roles."""
        people = self.view.people
        own = {*people.ids(speaker.id), speaker.id}
        return [speaker, *(entry for key in sorted(own) if (entry := people.entry(key)))]


def is_name(text: str) -> bool:
    """Is it somebody's name, and not only what they are ("la procureure")?"""
    found = text.replace("-", " ").split()
    first = re.split("[’']", found[0].lower())[0] if found else ""
    named = any(part[:1].isupper() for part in found[-1:])
    if first in _ARTICLES and (len(found) > 1 or first == "l"):
        return named and not _leads(found)
    return named


def _leads(found: Sequence[str]) -> bool:
    """Does a role lead to a name that is a place's or a body's ("le maire de Valmont")?"""
    before = fold(found[-2]) if len(found) > 1 else ""
    return before in search_words("of", "prepositions") or "’" in found[-1] or "'" in found[-1]


def _is_title(word: str) -> bool:
    """Is it no part of a name: a title, its abbreviation ("Cllr", "PC"), a word of grammar?"""
    return word in called_words() or word in stop_words() or not set(word) & set("aeiouy")


def _bears(speaker: Speaker, asked: Sequence[str], fuzzy: bool) -> bool:
    """Are all claimed words words of the name, or (of a longer one) all of the name's among them?
    "B. Cid" is Bo Cid.
    """
    name = [word for word in words(speaker.name) if not _is_title(word)] or words(speaker.name)

    def same(word: str, own: str) -> bool:
        initial = len(word) == 1 and own.startswith(word)
        return word == own or initial or (fuzzy and same_word(word, own))

    if not name or not any(same(word, name[-1]) or word in name for word in asked):
        return False
    if len(asked) > len(name):
        return all(any(same(word, own) for word in asked) for own in name)
    return all(any(same(word, own) for own in name) for word in asked)


def _fits(role: str, claimed: str) -> bool:
    """Is a claimed role the one that somebody holds: the same office, and of the same place as far
    as both say?
    """
    (one, here), (other, there) = _office(role), _office(claimed)
    if not one or not other or not (one <= other or other <= one):
        return False
    return not here or not there or here <= there or there <= here


def _office(role: str) -> tuple[set[str], set[str]]:
    """(words of the office, words of where it is held); hyphens join: a vice-president is none."""
    found = [fold(part).strip(".,") for part in re.split(r"[\s’']+", role)]
    joins = search_words("of", "prepositions")
    cut = next((n for n, word in enumerate(found) if n and word in joins), len(found))
    office, place = (
        {word for word in part if word and word not in stop_words()}
        for part in (found[:cut], found[cut:])
    )
    return office, place


def _apposed(article: Article, name: Sequence[str], called: Sequence[str]) -> bool:
    """Does the article set a name and a description right beside each other: "l’accusé, Luc Roux",
    "Luc Roux, l’accusé"?
    """
    tokens = [fold(match.group()) for match in _WORD.finditer(article.text)]
    size, wanted = len(name), set(called)
    for at in range(len(tokens) - size):
        if not wanted or tokens[at : at + size] != list(name):
            continue
        before = set(_run(tokens[max(0, at - _NEAR) : at][::-1], wanted))
        behind = tokens[at + size] in (",", "(")
        after = set(_run(tokens[at + size :][:_NEAR], wanted)) if behind else set()
        if wanted <= before or wanted <= after:
            return True
    return False


def _run(tokens: Sequence[str], called: set[str]) -> Iterator[str]:
    """The words of a description as they stand together, small words and a comma aside."""
    for number, token in enumerate(tokens):
        last = token.rpartition("'")[2]
        if last in called:
            yield last
        elif not (token in stop_words() or token in _TITLES or (not number and token in _OPENS)):
            return


def _alone(name: Sequence[str], quote: Quote, source: Source) -> bool:
    """Is whoever bears a name the only one of the article's speakers who is named before a quote in
    its paragraph, outside the marks, and quoted by name elsewhere in the article?
    """
    article = source.article
    start, end = article.paragraph(quote.start)
    text = article.text[start : quote.start] + " " + article.text[quote.end : end]
    for other in source.quotes:
        if other.kind != "indirect" and start <= other.start < end:
            text = text.replace(article.text[other.start : other.end], " ")
    around = set(words(text))
    named = {
        words(other.speaker.name)[-1]
        for other in source.quotes
        if other.speaker is not None and is_name(other.speaker.name)
    }
    return name[-1] in named and name[-1] in around and not (named - {name[-1]}) & around
