"""What else speaks for an answer and against it, once the candidates are ranked: read off the first
one's own article.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.answer import Question
from bot.domain.model import Article, Passage
from bot.domain.text import fold
from bot.languages.language import codes
from bot.search.asked import Asked
from bot.search.families import TRANSLATION, related
from bot.search.terms import question_words, stem, stop_words, words

EVIDENCE = ("entropy", "sentence", "strangers", "reported", "foreign")
"""How evenly the candidates' scores are spread (nats); the share of the question's weight that the
quote's own sentence and its speaker hold; the share of the question's names that stand nowhere
around the quote; 1 where it is reported speech; 1 where the question is in another language than
the article.
"""
_SHARP = 12.0  # by which scores are multiplied before their softmax
_LEAD = 600  # characters of an article that say what it is about
_NAME = re.compile(r"(?<![.!?…«“\"(\s])\s+([^\W\d_a-zà-öø-ÿ][\w’'-]+)")


def entropy(scores: Sequence[float]) -> float:
    """How evenly scores are spread, in nats: 0 where one stands out."""
    if not scores:
        return 0.0
    top = max(scores)
    parts = [math.exp(max(-60.0, _SHARP * (score - top))) for score in scores]
    whole = sum(parts)
    return -sum(part / whole * math.log(part / whole) for part in parts if part > 0)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The stems of the words in and around a quote: of its sentence and speaker, and of all that an
    article tells around it.
    """

    sentence: frozenset[str]
    around: frozenset[str]


def surroundings(passage: Passage) -> Surroundings:
    """What stands in and around a quote."""
    return _surroundings(passage.article, passage.quote.context, _speaker(passage))


def _speaker(passage: Passage) -> str:
    speaker = passage.quote.speaker
    return f"{speaker.name} {speaker.role or ''}" if speaker else ""


@lru_cache(maxsize=512)
def _surroundings(article: Article, context: tuple[int, int], speaker: str) -> Surroundings:
    sentence = f"{article.text[slice(*context)]} {speaker}"
    at = next((i for i, (a, b) in enumerate(article.body) if a <= context[0] < b), None)
    beside = article.body[max(0, at - 1) : at + 2] if at is not None else ()
    lead = " ".join(article.text[a:b] for a, b in article.body[:2])[:_LEAD]
    around = " ".join([sentence, article.title, lead, *(article.text[a:b] for a, b in beside)])
    return Surroundings(_stems(sentence), _stems(around))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word, code) for word in words(text) for code in codes())


def of_first(question: Question, asked: Sequence[Asked], passage: Passage) -> list[float]:
    """The evidence of the first candidate but its entropy, in the order of ``EVIDENCE``."""
    held = surroundings(passage)
    weights = [(item, item.weight) for item in asked if not item.common] or [
        (item, item.weight) for item in asked
    ]
    total = sum(weight for _, weight in weights)
    inside = sum(weight for item, weight in weights if _holds(held.sentence, item.word))
    names = names_of(question)
    strangers = sum(not _holds(held.around, name) for name in names) / len(names) if names else 0.0
    return [
        inside / total if total > 0 else 0.0,
        strangers,
        float(passage.quote.kind == "indirect"),
        float(question.language != passage.article.language),
    ]


def _holds(stems: frozenset[str], word: str) -> bool:
    return any(stem(word, code) in stems for code in codes()) or any(
        stem(other, code) in stems
        for other, likeness in related(word)
        if likeness >= TRANSLATION
        for code in codes()
    )


def names_of(question: Question) -> tuple[str, ...]:
    """The folded words that a question writes with a capital in the middle of a sentence."""
    found = (
        fold(match[1]).strip("-'’") for match in _NAME.finditer(question.plain or question.text)
    )
    single = (part for name in found for part in words(name))
    known = stop_words() | question_words()
    return tuple(dict.fromkeys(name for name in single if name not in known and len(name) > 1))
