"""Questions that name somebody quoted and a subject, made from the gold articles: answered when the
subject stands in the quote or its sentence, kept silent when it stands elsewhere.

For each quote of a named person one word of each kind is drawn: of the quote, of the rest of its
sentence, of the article's paragraphs without a quote of that person, of another article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from search_natural import GOLD, desk_over, stored

from bot.domain.model import Article, Quote
from bot.meaning.meaning import Meaning
from bot.search.terms import stem, stop_words, words
from bot.services.desk import Desk

LONG = 5  # letters of a subject at least
ASK = {"fr": "Qu'a dit {name} sur {word} ?", "en": "What did {name} say about {word}?"}


def asked(desk: Desk) -> Iterator[tuple[str, str, str, str]]:
    """(kind, question, its subject, the article's id), the same at each run."""
    choose = Random(5)
    everything = [
        (quote, article) for article in stored(desk) for quote in desk.store.quotes(article.id)
    ]
    said = [
        (q, a)
        for q, a in everything
        if q.speaker and q.speaker.kind == "person" and " " in q.speaker.name
    ]
    for quote, article in said:
        name = quote.speaker.name if quote.speaker else ""
        foreign = choose.choice(
            [a for _, a in said if a.id != article.id and a.language == article.language]
        )
        for kind, subjects in _subjects(quote, article, foreign, said).items():
            subjects -= set(words(name))
            if subjects:
                word = choose.choice(sorted(subjects))
                yield (
                    kind,
                    ASK[article.language].format(name=name.split()[-1], word=word),
                    word,
                    article.id,
                )


def _subjects(
    quote: Quote, article: Article, foreign: Article, said: list[tuple[Quote, Article]]
) -> dict[str, set[str]]:
    def content(text: str) -> set[str]:
        return {word for word in words(text) if len(word) >= LONG and word not in stop_words()}

    def without(found: set[str], text: str) -> set[str]:
        held = {stem(word, article.language) for word in words(text)}
        return {word for word in found if stem(word, article.language) not in held}

    own = [q for q, a in said if a.id == article.id and q.speaker == quote.speaker]
    beside = " ".join(article.text[slice(*article.paragraph(q.context[0]))] for q in own)
    in_quote, sentence = (
        content(article.text[quote.start : quote.end]),
        article.text[slice(*quote.context)],
    )
    return {
        "quote": in_quote,
        "sentence": without(content(sentence), article.text[quote.start : quote.end]),
        "elsewhere": without(content(article.text), beside),
        "foreign": without(content(foreign.text), article.text),
    }


def run_named(meaning: Meaning | None = None) -> dict[str, float]:
    """The share answered where the subject is the quote's or its sentence's, and kept silent where
    it is not.
    """
    desk = desk_over(
        sorted(p for p in GOLD.glob("*.jsonl") if not p.stem.startswith("questions")), meaning
    )
    count: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for kind, question, _, _ in asked(desk):
        count[kind] += 1
        answered[kind] += desk.ask(question).level == "sure"
    share = {kind: round(answered[kind] / count[kind], 3) for kind in count}
    return {
        "quote_answered": share["quote"],
        "sentence_answered": share["sentence"],
        "elsewhere_silent": round(1 - share["elsewhere"], 3),
        "foreign_silent": round(1 - share["foreign"], 3),
    }
