"""Who is quoted, how often and in which role: the only place that keeps speakers' names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.model import Speaker
from bot.search.entries import name_words

_NEAR = 0.8  # least similarity of a misspelt name's word
_LONG = 5  # letters from which on a word may be misspelt


class NameBook:
    """The speakers of what is indexed now: nothing in it depends on what once was."""

    def __init__(self) -> None:
        self.by_article: dict[str, list[Speaker]] = {}
        self._variants: dict[str, Counter[Speaker]] = defaultdict(Counter)
        self._speakers: dict[str, Speaker] = {}
        self._names: dict[str, set[str]] | None = None

    def add(self, article_id: str, speaker: Speaker) -> None:
        """A quote of a speaker is in."""
        self.by_article.setdefault(article_id, []).append(speaker)
        self._variants[speaker.id][speaker] += 1
        self._choose(speaker.id)

    def restore(self, forms: Sequence[Speaker], said: Mapping[str, Sequence[int]]) -> None:
        """Fill an empty book from a snapshot: for each article, the numbers of its quotes' speakers among the forms."""
        self.by_article = {article_id: [forms[number] for number in numbers] for article_id, numbers in said.items()}
        counts = Counter(number for numbers in said.values() for number in numbers)
        for number, count in counts.items():
            self._variants[forms[number].id][forms[number]] += count
        for key in list(self._variants):
            self._choose(key)

    def forget(self, article_id: str) -> None:
        """An article's quotes are out."""
        for speaker in self.by_article.pop(article_id, ()):
            held = self._variants[speaker.id]
            held[speaker] -= 1
            if not held[speaker]:
                del held[speaker]
            self._choose(speaker.id)

    def _choose(self, key: str) -> None:
        """Of several forms of one speaker, the one given most often, with a role sooner than without."""
        forms = self._variants[key]
        self._names = None
        if not forms:
            del self._variants[key]
            self._speakers.pop(key, None)
            return
        self._speakers[key] = min(forms, key=lambda s: (s.role is None, -forms[s], s.role or "", s.name, s.kind))

    @property
    def speakers(self) -> Mapping[str, Speaker]:
        """All speakers by their id."""
        return self._speakers

    def spoken(self, key: str) -> int:
        """How many quotes a speaker has."""
        return self._variants[key].total() if key in self._variants else 0

    def named(self, found: Sequence[str], known: Iterable[str]) -> list[Speaker]:
        """Speakers one of whose name's words is, or is nearly, one of these words; ``known``: words that are no slips."""
        names = self._by_word()
        spelt = set(known)
        near = {
            name
            for word in found
            if len(word) >= _LONG and word not in names and word not in spelt
            for name, _, _ in process.extract(
                word, names.keys(), scorer=OSA.normalized_similarity, score_cutoff=_NEAR, limit=3
            )
        }
        keys = {key for word in (*found, *near) for key in names.get(word, ())}
        return [self._speakers[key] for key in sorted(keys)]

    def _by_word(self) -> dict[str, set[str]]:
        if self._names is None:
            self._names = defaultdict(set)
            for key, speaker in self._speakers.items():
                for word in name_words(speaker):
                    self._names[word].add(key)
        return self._names
