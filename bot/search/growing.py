"""A view that takes quotes and articles in and lets them go, in small segments that are merged as
they pile up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.search.entries import Document, key_of, passage_of
from bot.search.people import NameBook
from bot.search.scope import KINDS
from bot.search.segment import Row, build, merge
from bot.search.terms import stem, stop_words, words
from bot.search.view import View

FIELDS: Mapping[str, float] = {
    "text": 1.0,
    "speaker": 1.0,
    "context": 0.5,
    "paragraph": 0.3,
    "title": 0.4,
}
"""How much a word counts by where it stands."""
_MAX_SEGMENTS = 8


class GrowingView(View):
    """A view whose rows change; one thread at a time changes it."""

    people: NameBook

    def __init__(self) -> None:
        super().__init__()
        self.people = NameBook()
        self._view: View | None = None
        """What was last given out of it, as long as nothing has changed."""

    def put(self, documents: Sequence[Document]) -> None:
        """Add quotes as a new segment; small segments are merged as they pile up."""
        if not documents:
            return
        rows = [self._row(document) for document in documents]
        self._length += sum(len(row.words) for row in rows)
        self._quotes += len(rows)
        self.segments.append(build(rows))
        self._changed()
        if len(self.segments) > _MAX_SEGMENTS:
            self._merge()

    def put_articles(self, wholes: Sequence[Document]) -> None:
        """Add whole articles, which lead to their quotes by words that stand elsewhere in the
        text.
        """
        if not wholes:
            return
        self.wholes.append(build([self._whole(whole) for whole in wholes]))
        self._changed()
        if len(self.wholes) > _MAX_SEGMENTS:
            self.wholes = [merge(self.wholes)]

    def _merge(self) -> None:
        """Merge all but the segments that are much larger than what follows them."""
        sizes = [len(segment) for segment in self.segments]
        first = len(sizes) - 1
        while first and sizes[first - 1] < 3 * sum(sizes[first:]):
            first -= 1
        self.segments[first:] = [merge(self.segments[first:])]

    def _whole(self, whole: Document) -> Row:
        stop, weights = stop_words(), defaultdict[int, float](float)
        for word in words(f"{whole.title} {whole.text}"):
            if word not in stop:
                number = self.vocabulary.add(stem(word, whole.language))
                weights[number] = min(4.0, weights[number] + 1.0)
        article = _number(whole.article_id, self._article_ids, self._article_numbers)
        return Row("", article, -1, 0, 0, 0, 0, self._language(whole.language), 0, weights, ())

    def _row(self, document: Document) -> Row:
        language, speaker = document.language, document.speaker
        said_by = f"{speaker.name} {speaker.role or ''}" if speaker else ""
        weights: dict[int, float] = defaultdict(float)
        stop, add = stop_words(), self.vocabulary.add
        numbers = [add(stem(word, language)) for word in words(document.text)]
        for number in numbers:
            weights[number] += FIELDS["text"]
        for field, text in (
            ("speaker", said_by),
            ("context", document.context),
            ("paragraph", document.paragraph),
            ("title", document.title),
        ):
            for word in words(text):
                if word not in stop:
                    weights[add(stem(word, language))] += FIELDS[field]
        self.articles[document.article_id] += 1
        if speaker:
            self.people.add(document.article_id, speaker)
        return Row(
            document.quote_id,
            _number(document.article_id, self._article_ids, self._article_numbers),
            _number(speaker.id, self._speaker_ids, self._speaker_numbers) if speaker else -1,
            document.start,
            document.end,
            document.context_start,
            KINDS.index(document.kind),
            self._language(language),
            document.day,
            dict(weights),
            numbers,
            key_of(passage_of(document)),
        )

    def _language(self, code: str) -> int:
        if code not in self._languages:
            self._languages.append(code)
        return self._languages.index(code)

    def drop(self, article_id: str) -> None:
        """Take an article and its quotes out."""
        self.facts.pop(article_id, None)
        self.days.pop(article_id, None)
        self.people.forget(article_id)
        held = self.articles.pop(article_id, 0)
        number = self._article_numbers.get(article_id)
        if number is None:
            return
        self._quotes -= held
        for parts in (*((self.segments,) if held else ()), self.wholes):
            for at, segment in enumerate(parts):
                gone = np.flatnonzero((segment.article == number) & segment.alive)
                if len(gone):
                    alive = segment.alive.copy()
                    alive[gone] = False
                    parts[at] = replace(
                        segment, alive=alive, dead=segment.dead + len(gone)
                    )  # views keep theirs
                    self._length -= int(
                        (segment.word_starts[gone + 1] - segment.word_starts[gone]).sum()
                    )
        self._changed()

    def _changed(self) -> None:
        self._view, self._counts = None, ({}, {})


def _number(key: str, keys: list[str], numbers: dict[str, int]) -> int:
    number = numbers.get(key)
    if number is None:
        number = numbers[key] = len(keys)
        keys.append(key)
    return number
