"""The same claim elsewhere: who else tells it, who told it first, and who puts it into another's
mouth.
"""

from __future__ import annotations

from datetime import date

from bot.domain.answer import Claim
from bot.domain.model import Passage
from bot.domain.ports import Store
from bot.search.claims import same_claim
from bot.search.terms import stem, stop_words, words
from bot.search.view import View

_CANDIDATES = 40  # quotes that are compared with one
_WORDS = 25  # of a quote that candidates are looked for by


def claim_of(passage: Passage, view: View, store: Store) -> Claim:
    """Where a quotation is told: itself and its near-identical ones by the same speaker, or by one
    who isn't known.
    """
    if passage.quote.kind == "indirect":
        return Claim((passage,))
    own, others = [passage], []
    for found in _near(passage, view, store):
        one, other = passage.quote.speaker, found.quote.speaker
        same = (
            one is not None and other is not None and view.person(one.id) == view.person(other.id)
        )
        if not same_claim(passage.text, found.text, same):
            continue
        if same or one is None or other is None:
            own.append(found)
        elif one.kind == other.kind == "person":
            others.append(found)
    return Claim(tuple(sorted(own, key=_day)), tuple(sorted(others, key=_day)))


def _near(passage: Passage, view: View, store: Store) -> list[Passage]:
    """Quotes of other articles that share a quotation's rarest words."""
    code = passage.article.language
    terms = {
        view.number(stem(word, code)) for word in words(passage.text) if word not in stop_words()
    }
    weighted = {term: view.idf(term) for term in terms if term is not None}
    rarest = dict(sorted(weighted.items(), key=lambda pair: -pair[1])[:_WORDS])
    found = []
    for segment, number, _ in view.candidates(rarest, None, _CANDIDATES) if rarest else ():
        entry = view.entry(segment, number)
        if entry.article_id == passage.article.id or entry.kind == "indirect":
            continue
        quote, article = store.quote(entry.quote_id), store.article(entry.article_id)
        if quote and article:
            found.append(Passage(quote, article))
    return found


def _day(passage: Passage) -> tuple[date, str]:
    return passage.article.day or date.max, passage.quote.id
