"""What was said in an article, as runs of speech: a quote with what its speaker goes on to say
beside it; and the article's whole text as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.model import Article, Quote, Span
from bot.domain.text import BLANKS
from bot.verification.wording import Word, days, norms, spoken, words_of

_BESIDE = 120  # characters between two quotes of one utterance: "», a-t-il ajouté. «"
_INCISE = 70  # characters of what interrupts a sentence
_STOPS = re.compile(r"[.!?…](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker says in one go: its quotes in order, its words (without a silent "ne"), and
    where each quote's words begin and end among them.
    """

    article: Article
    quotes: tuple[Quote, ...]
    words: tuple[Word, ...]
    places: tuple[Span, ...]

    def quote_at(self, number: int) -> Quote:
        """The quote that holds a word."""
        return next(
            quote
            for quote, (first, last) in zip(self.quotes, self.places, strict=True)
            if first <= number < last
        )

    def ends_asking(self, last: int) -> bool:
        """Does the sentence that ends before word number ``last`` ask?"""
        if last < 1:
            return False
        end = self.words[last - 1].end
        limit = self.words[last].start if last < len(self.words) else end + 4
        return "?" in self.article.text[end : min(limit, end + 4)]


def groups(article: Article, quotes: Sequence[Quote]) -> Iterator[tuple[Quote, ...]]:
    """The marked quotes of an article, those of one utterance together."""
    current: list[Quote] = []
    for quote in sorted(
        (q for q in quotes if q.kind != "indirect"), key=lambda q: (q.start, -q.end)
    ):
        if current and quote.start < current[-1].end:
            continue  # inside another
        if current and not _goes_on(article, current[-1], quote):
            yield tuple(current)
            current = []
        current.append(quote)
    if current:
        yield tuple(current)


def _goes_on(article: Article, one: Quote, other: Quote) -> bool:
    """Does the second quote go on with the first: the same speaker, close by?"""
    if other.start - one.end > _BESIDE:
        return False
    if (one.kind, other.kind) != ("direct", "direct") and not _interrupted(article, one, other):
        return False
    if article.paragraph(one.start) != article.paragraph(other.start):
        return False
    between = article.text[one.end : other.start]
    dated = one.said_on != other.said_on and one.said_on and other.said_on
    if dated or (":" in between and set(norms(words_of(between))) & days()):
        return False  # on two days
    same = one.speaker is not None and other.speaker is not None
    return same and one.speaker == other.speaker and len(_STOPS.findall(between)) <= 1


def _interrupted(article: Article, one: Quote, other: Quote) -> bool:
    """« A », a-t-il dit, « b »: one sentence, interrupted by who says it?"""
    between = article.text[one.end : other.start].strip(BLANKS + "«»“”\"'")
    if _STOPS.search(between):
        return False
    starts = between.startswith(",") or article.text[one.end - 1] == ","
    lower = article.text[other.start : other.start + 1].islower()
    return starts and between.endswith(",") and lower and len(between) <= _INCISE


def utterance(article: Article, quotes: Sequence[Quote]) -> Utterance:
    """The words of some quotes that go on with one another."""
    spans: list[Span] = []
    glued: list[bool] = []
    for number, quote in enumerate(quotes):
        for at, span in enumerate(quote.segments):
            glued.append(at > 0 or (number > 0 and _glued(article, quotes[number - 1], quote)))
            spans.append(span)
    words = spoken(words_of(article.text, spans, glued))
    places = []
    for quote in quotes:
        inside = [n for n, word in enumerate(words) if quote.start <= word.start < quote.end]
        places.append((inside[0], inside[-1] + 1) if inside else (0, 0))
    return Utterance(article, tuple(quotes), tuple(words), tuple(places))


def _glued(article: Article, one: Quote, other: Quote) -> bool:
    """Does the second quote go on in the middle of the first one's sentence?"""
    text = article.text
    ended = text[one.start : one.end].rstrip()[-1:] in (".", "!", "?", "…")
    return not ended and not _STOPS.search(text[one.end : other.start])


def whole(article: Article) -> list[Word]:
    """All words of an article's title and paragraphs."""
    spans = [article.heading] if article.heading else []
    spans += [span for span in article.body if span not in spans]
    return spoken(words_of(article.text, sorted(spans) or [(0, len(article.text))]))
