"""Who is quoted, how often and in which role: the only place that keeps speakers' names."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.model import Speaker
from bot.search.entries import name_words

_NEAR = 0.8  # least similarity of a misspelt name's word
_LONG = 5  # letters from which on a word may be misspelt


@cache
def _variants() -> dict[str, frozenset[str]]:
    groups = tomllib.loads((files(__package__) / "names.toml").read_text("utf-8"))["variants"]
    return {word: frozenset(group) for group in groups for word in group}


def spellings(word: str) -> frozenset[str]:
    """A folded word of a name in all its spellings: "putin" is "poutine", too."""
    return _variants().get(word, frozenset((word,)))


def same_word(word: str, own: str) -> bool:
    """May a folded word stand for this one of a name: itself, another spelling of it, or a slip in a long one?"""
    if word == own or own in spellings(word):
        return True
    if min(len(word), len(own)) < _LONG or word[0] != own[0]:
        return False
    return OSA.normalized_similarity(word, own) >= _NEAR


class Names:
    """Speakers' names, how often each is quoted, and who may be meant by a word."""

    def __init__(self, speakers: Mapping[str, Speaker] | None = None, spoken: Mapping[str, int] | None = None) -> None:
        self._speakers = dict(speakers or {})
        self._spoken = dict(spoken or {})
        self._by_word: dict[str, set[str]] | None = None

    @property
    def speakers(self) -> Mapping[str, Speaker]:
        """All speakers by their id."""
        return self._speakers

    def spoken(self, key: str) -> int:
        """How many quotes a speaker has."""
        return self._spoken.get(key, 0)

    def named(self, found: Sequence[str], known: Iterable[str]) -> list[Speaker]:
        """Speakers one of whose name's words is, or is nearly, one of these words; ``known``: words that are no slips."""
        names = self._words()
        found = [spelling for word in found for spelling in sorted(spellings(word))]
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

    def _words(self) -> dict[str, set[str]]:
        names = self._by_word
        if names is None:
            names = defaultdict(set)
            for key, speaker in self._speakers.items():
                for word in name_words(speaker):
                    names[word].add(key)
            self._by_word = names = dict(names)
        return names


class NameBook(Names):
    """The names of what is indexed now: nothing in it depends on what once was."""

    def __init__(self) -> None:
        super().__init__()
        self.by_article: dict[str, list[Speaker]] = {}
        self._forms: dict[str, Counter[Speaker]] = defaultdict(Counter)

    def names(self) -> Names:
        """The names as they stand now."""
        return Names(self._speakers, self._spoken)

    def add(self, article_id: str, speaker: Speaker) -> None:
        """A quote of a speaker is in."""
        self.by_article.setdefault(article_id, []).append(speaker)
        self._forms[speaker.id][speaker] += 1
        self._choose(speaker.id)

    def restore(self, forms: Sequence[Speaker], said: Mapping[str, Sequence[int]]) -> None:
        """Fill an empty book from a snapshot: for each article, the numbers of its quotes' speakers among the forms."""
        self.by_article = {article_id: [forms[number] for number in numbers] for article_id, numbers in said.items()}
        counts = Counter(number for numbers in said.values() for number in numbers)
        for number, count in counts.items():
            self._forms[forms[number].id][forms[number]] += count
        for key in list(self._forms):
            self._choose(key)

    def forget(self, article_id: str) -> None:
        """An article's quotes are out."""
        for speaker in self.by_article.pop(article_id, ()):
            held = self._forms[speaker.id]
            held[speaker] -= 1
            if not held[speaker]:
                del held[speaker]
            self._choose(speaker.id)

    def _choose(self, key: str) -> None:
        """Of several forms of one speaker, the one given most often, with a role sooner than without."""
        forms = self._forms[key]
        self._by_word = None
        if not forms:
            del self._forms[key]
            self._speakers.pop(key, None)
            self._spoken.pop(key, None)
            return
        self._spoken[key] = forms.total()
        self._speakers[key] = min(forms, key=lambda s: (s.role is None, -forms[s], s.role or "", s.name, s.kind))
