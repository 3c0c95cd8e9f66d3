"""Who is quoted, how often and in which role: the only place that keeps speakers' names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.model import Speaker
from bot.search.entries import name_words
from bot.search.spelling import LONG, NEAR, spellings
from bot.search.terms import stem, stop_words, words


@dataclass(frozen=True, slots=True)
class Rulings:
    """What admins decided of entries, by their ids: pairs that are one person, pairs that are
    two.
    """

    same: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()

    def applied(self, groups: list[list[Speaker]]) -> list[list[Speaker]]:
        """Groups as they were decided."""
        for one, other in self.apart:
            group = _group_of(groups, one)
            if group is not None and group is _group_of(groups, other):
                groups.append([s for s in group if s.id == other])
                group[:] = [s for s in group if s.id != other]
        for one, other in self.same:
            first, second = _group_of(groups, one), _group_of(groups, other)
            if first is not None and second is not None and first is not second:
                first += second
                groups.remove(second)
        return groups


def _group_of(groups: Iterable[list[Speaker]], key: str) -> list[Speaker] | None:
    return next((group for group in groups if any(s.id == key for s in group)), None)


NONE = Rulings()


def gathered(
    speakers: Iterable[Speaker], spoken: Mapping[str, int], rulings: Rulings = NONE
) -> list[list[Speaker]]:
    """Entries as persons, the one that stands for each first: the fullest name, then the most often
    quoted.

    Rules that never make one of two: the same full name but for initials and spellings ("Donald J.
    Trump", "Poutine" for "Putin"); a surname alone and the only full name that bears it, if a
    telling word of their roles agrees.
    """
    by_name: dict[tuple[str, ...], list[Speaker]] = defaultdict(list)
    alone: list[tuple[str, Speaker]] = []
    groups: list[list[Speaker]] = []
    for speaker in sorted(speakers, key=lambda s: s.id):
        name = _name_key(speaker)
        if len(name) > 1:
            by_name[name].append(speaker)
        elif name and speaker.kind in _SURNAMED:
            alone.append((name[0], speaker))
        else:
            groups.append([speaker])
    bearers: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in by_name:
        bearers[name[-1]].append(name)
    for surname, speaker in alone:
        only = bearers[surname] if len(bearers[surname]) == 1 else []
        roles = set().union(*(_role_words(s) for name in only for s in by_name[name]))
        if only and roles & _role_words(speaker):
            by_name[only[0]].append(speaker)
        else:
            groups.append([speaker])
    groups = rulings.applied([*groups, *by_name.values()])
    return [
        sorted(g, key=lambda s: (-len(s.name.split()), -spoken.get(s.id, 0), s.name, s.id))
        for g in groups
    ]


_SURNAMED = ("person", "unknown")


def _name_key(speaker: Speaker) -> tuple[str, ...]:
    """A person's name as it is compared; of anything else its own id, so that it is compared with
    nothing.
    """
    if speaker.kind not in _SURNAMED:
        return ()
    return _comparable(speaker.name, tuple(name_words(speaker)))


@lru_cache(100_000)
def _comparable(_: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name in one spelling each, without initials between the first and the last."""
    kept = [
        part.strip(".")
        for at, part in enumerate(parts)
        if at in (0, len(parts) - 1) or len(part.strip(".")) > 1
    ]
    return tuple(min(spellings(part)) for part in kept if part)


def _role_words(speaker: Speaker) -> frozenset[str]:
    """The telling words of a role: what sets "président du Sénat" apart."""
    return _telling(speaker.role or "")


@lru_cache(100_000)
def _telling(role: str) -> frozenset[str]:
    return frozenset(
        stem(word, "fr") for word in words(role) if word not in stop_words() and len(word) > 2
    )


class Names:
    """Who is quoted, one entry a person, how often, and who may be meant by a word.

    Entries of one person under several names are gathered (``gathered``); each is found by any of
    its ids.
    """

    def __init__(
        self,
        speakers: Mapping[str, Speaker] | None = None,
        spoken: Mapping[str, int] | None = None,
        rulings: Rulings = NONE,
    ) -> None:
        self.rulings = rulings
        self._speakers = dict(speakers or {})
        self._spoken = dict(spoken or {})
        self._people: (
            tuple[dict[str, Speaker], dict[str, tuple[str, ...]], dict[str, str]] | None
        ) = None
        self._by_word: dict[str, set[str]] | None = None

    @property
    def speakers(self) -> Mapping[str, Speaker]:
        """Everybody, by the id of the entry that stands for them."""
        return self._gathered()[0]

    def entries(self) -> Iterable[Speaker]:
        """Every name as it stands in articles, before they are gathered."""
        return self._speakers.values()

    def entry(self, key: str) -> Speaker | None:
        """The name of an id as it stands in articles."""
        return self._speakers.get(key)

    def ids(self, key: str) -> tuple[str, ...]:
        """All ids under which somebody's quotes are kept."""
        return self._gathered()[1].get(self.person(key), (key,))

    def person(self, key: str) -> str:
        """The id of the entry that stands for whoever has this one."""
        return self._gathered()[2].get(key, key)

    def spoken(self, key: str) -> int:
        """How many quotes somebody has."""
        return sum(self._spoken.get(own, 0) for own in self.ids(key))

    def _gathered(self) -> tuple[dict[str, Speaker], dict[str, tuple[str, ...]], dict[str, str]]:
        """(who stands for each, their ids, which entry stands for an id), worked out when first
        asked for.
        """
        people = self._people
        if people is None:
            groups = gathered(self._speakers.values(), self._spoken, self.rulings)
            heads = {group[0].id: group[0] for group in groups}
            ids = {group[0].id: tuple(speaker.id for speaker in group) for group in groups}
            self._people = people = (
                heads,
                ids,
                {key: head for head, keys in ids.items() for key in keys},
            )
        return people

    def named(self, found: Sequence[str], known: Iterable[str]) -> list[Speaker]:
        """Speakers one of whose name's words is, or is nearly, one of these words; ``known``: words
        that are no slips.
        """
        names = self._words()
        found = [spelling for word in found for spelling in sorted(spellings(word))]
        spelt = set(known)
        near = {
            name
            for word in found
            if len(word) >= LONG and word not in names and word not in spelt
            for name, _, _ in process.extract(
                word, names.keys(), scorer=OSA.normalized_similarity, score_cutoff=NEAR, limit=3
            )
        }
        keys = {key for word in (*found, *near) for key in names.get(word, ())}
        return [self.speakers[key] for key in sorted(keys)]

    def _words(self) -> dict[str, set[str]]:
        names = self._by_word
        if names is None:
            names = defaultdict(set)
            for key, speaker in self.speakers.items():
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
        return Names(self._speakers, self._spoken, self.rulings)

    def rule(self, rulings: Rulings) -> bool:
        """Gather by other rulings; False when they are the same."""
        if rulings == self.rulings:
            return False
        self.rulings, self._people, self._by_word = rulings, None, None
        return True

    def add(self, article_id: str, speaker: Speaker) -> None:
        """A quote of a speaker is in."""
        self.by_article.setdefault(article_id, []).append(speaker)
        self._forms[speaker.id][speaker] += 1
        self._choose(speaker.id)

    def restore(self, forms: Sequence[Speaker], said: Mapping[str, Sequence[int]]) -> None:
        """Fill an empty book from a snapshot: for each article, the numbers of its quotes' speakers
        among the forms.
        """
        self.by_article = {
            article_id: [forms[number] for number in numbers]
            for article_id, numbers in said.items()
        }
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
        """Of several forms of one speaker, the one given most often, with a role sooner than
        without.
        """
        forms = self._forms[key]
        self._by_word = self._people = None
        if not forms:
            del self._forms[key]
            self._speakers.pop(key, None)
            self._spoken.pop(key, None)
            return
        self._spoken[key] = forms.total()
        self._speakers[key] = min(
            forms, key=lambda s: (s.role is None, -forms[s], s.role or "", s.name, s.kind)
        )
