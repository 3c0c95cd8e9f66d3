"""The words of a question as the index knows them: which terms stand for each, and how much each
weighs.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.answer import Question
from bot.languages.language import codes
from bot.search.families import related
from bot.search.terms import question_words, stem, stop_words, words
from bot.search.view import View

_MOST = 40  # different words of a question that are searched
_MANY = 5  # articles from which on the rarity of a word among articles tells something
_COMMON = 0.15  # weight of a question's stop and question words in the order of the answers


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of the question: its forms (term -> likeness), how much it weighs, whether all texts
    are full of it.
    """

    word: str
    weight: float
    forms: dict[int, float]
    known: bool
    common: bool = False


def ask_words(question: Question, index: View) -> list[Asked]:
    """The question's words with the index's terms that stand for each: itself, its family, its
    nearest if unknown.
    """
    asked = []
    idf = (
        index.article_idf
        if question.asks and index.wholes and len(index.articles) >= _MANY
        else index.idf
    )
    searched = list(dict.fromkeys(words(question.words)))[:_MOST]
    if question.asks and index.wholes:  # in whole articles common words stand everywhere
        searched = [word for word in searched if not is_common(word)] or searched
    for word in searched:
        forms = _forms(word, index)
        exact = [term for term, likeness in forms.items() if likeness >= 1.0]
        rarity = max((idf(term) for term in exact), default=0.0) or max(
            (idf(term) for term in forms), default=idf(None)
        )
        common = is_common(word)
        asked.append(Asked(word, rarity * (_COMMON if common else 1.0), forms, bool(exact), common))
    return asked


def is_common(word: str) -> bool:
    """Is it a word that all texts, or all questions, are full of?"""
    return word in stop_words() or word in question_words()


def _forms(word: str, index: View) -> dict[int, float]:
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
    if (
        not any(likeness >= 1.0 for likeness in forms.values())
        and len(word) >= 4
        and not word.isdecimal()
    ):
        stems = sorted({stem(word, code) for code in codes()})
        for form in stems:
            for number, similarity in index.vocabulary.nearest(form, index.held):
                forms[number] = max(forms.get(number, 0.0), similarity**3)
    return forms
