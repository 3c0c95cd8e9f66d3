"""A language is a file: this reads it and builds the lexicon that the shallow parser tags with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.domain.text import fold
from bot.languages import tags
from bot.languages.lexicon import conjugate, genders

_GRAMMAR = (
    ("adverb", tags.ADVERB),
    ("subordinate", tags.SUBORDINATE),
    ("conjunction", tags.CONJUNCTION),
    ("preposition", tags.PREPOSITION),
    ("clitic", tags.CLITIC),
    ("determiner", tags.DETERMINER),
    ("definite", tags.DEFINITE),
    ("genitive", tags.GENITIVE),
    ("whether", tags.WHETHER),
    ("relative", tags.RELATIVE),
    ("that", tags.THAT),
    ("auxiliary", tags.AUXILIARY),
    ("impersonal", tags.IMPERSONAL),
    ("masculine", tags.PRONOUN),
    ("feminine", tags.PRONOUN),
    ("masculine_plural", tags.PRONOUN),
    ("feminine_plural", tags.PRONOUN),
    ("neuter", tags.PRONOUN),
)
"""In rising order: where a word stands in two lists, the later one wins."""
_PARTS = {
    "n": tags.NOUN,
    "m": tags.NOUN,
    "f": tags.NOUN,
    "a": tags.ADJECTIVE,
    "v": tags.FINITE,
    "e": tags.PARTICIPLE,
    "i": tags.OTHER_INFINITIVE,
    "g": tags.OTHER_GERUND,
    "h": tags.ADVERB,
}
"""The letters of a .lexicon file (bench/lexicon.py makes them) as tags."""


_OFFICES = ("masculine", "feminine")
_SINGULAR = ("document", "organisation", *_OFFICES)
_SPEAKERS = (
    ("document", tags.DOCUMENT),
    ("organisation", tags.ORGANISATION),
    ("collective", tags.COLLECTIVE),
    ("masculine", tags.ROLE),
    ("feminine", tags.ROLE),
)
_IRREGULAR = (
    ("cue_finite", tags.CUE),
    ("cue_participle", tags.CUE_PAST),
    ("say_finite", tags.SAY),
    ("say_participle", tags.SAY_PAST),
    ("cue_gerund", tags.GERUND),
    ("say_gerund", tags.GERUND),
    ("cue_infinitive", tags.INFINITIVE),
    ("say_infinitive", tags.INFINITIVE),
)


class Language:
    """One language's data and the lexicon built from it (folded-apostrophe lower-case word ->
    tag).
    """

    def __init__(
        self, data: Mapping[str, Any], parts: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        self.data = data
        self.code: str = data["code"]
        self.words: Mapping[str, list[str]] = data["words"]
        self.tokens: Mapping[str, Any] = data["tokens"]
        self.parts = parts
        self.lexicon = {word: _PARTS[letters[0]] for word, letters in parts.items()}
        self.multiword: dict[str, str] = {}
        self.verbs: dict[str, str] = {}
        self.participles: set[str] = set()
        self.content_forms: set[str] = set()
        self._build()
        suffixes = data["suffixes"]
        self.finite = re.compile(rf"[^\W\d_]+{suffixes['finite']}$")
        self.participle = re.compile(rf"[^\W\d_]+{suffixes['participle']}$")
        self.not_name = re.compile(rf"[^\W\d_]+{suffixes['not_name']}$", re.IGNORECASE)
        self.agent = re.compile(rf"[^\W\d_]+(?:-[^\W\d_]+)?{suffixes['agent']}$")
        self.guesses = [
            (re.compile(rf"[^\W\d_]{{2,}}{ending}$"), _PARTS[letter])
            for letter, ending in suffixes["guess"]
        ]
        self.future = re.compile(suffixes["future"])
        self.plural_verb = re.compile(rf"\w*{suffixes['plural_verb']}$")
        self.first_names = names
        self.title_genders = genders(data["titles"])
        self.role_genders = self._role_genders()
        self.stop = frozenset(fold(word) for word in data["search"]["stop"])
        self.question = frozenset(fold(word) for word in data["search"]["question"])
        self.inversions = tuple(sorted(self.words["inversion"], key=len, reverse=True))
        self.listed = {key: frozenset(words) for key, words in self.words.items()}

    def set(self, table: str, key: str) -> frozenset[str]:
        """A list of the file as a set."""
        return _frozen(self.code, table, key)

    def has(self, key: str, word: str) -> bool:
        """Does a word stand in one of the ``[words]`` lists?"""
        return word in self.listed[key]

    def pronoun_gender(self, word: str) -> tuple[str, bool]:
        """(gender "m", "f" or "", plural) of a subject or oblique pronoun."""
        for key, gender, plural in (
            ("masculine", "m", False),
            ("feminine", "f", False),
            ("masculine_plural", "m", True),
            ("feminine_plural", "f", True),
            ("neuter", "n", False),
            ("oblique_plural", "", True),
            ("oblique_masculine", "m", False),
            ("oblique_feminine", "f", False),
        ):
            if word in self.listed[key]:
                return gender, plural
        return "", False

    def noun_gender(self, word: str) -> str:
        """The gender of a noun, "" where neither the file nor the lexicon tells it."""
        known = self.role_genders.get(word)
        letter = self.parts.get(word, "")[:1]
        return known if known is not None else letter if letter in ("m", "f") else ""

    def may_be(self, word: str, tag: str) -> bool:
        """Does the lexicon know a lower-case word as this part of speech, too?"""
        return any(_PARTS[letter] == tag for letter in self.parts.get(word, ""))

    def _build(self) -> None:
        self._enter_nouns(self.data["nouns"])
        self._enter_verbs(self.data["irregular"])
        self._tell_nouns_from_verbs(self.data["nouns"])
        for key, tag in _GRAMMAR:
            self._enter(self.words[key], tag)
        self._enter(self.words["time"], tags.TIME)
        for key in ("masculine", "feminine", "either"):
            self._enter(self.data["titles"][key], tags.TITLE)
        self._enter(self.words["according"], tags.ACCORDING)
        self._enter(self.words["according_own"], tags.ACCORDING_OWN)

    def _enter_nouns(self, nouns: Mapping[str, list[str]]) -> None:
        """Who may speak: documents, bodies, groups, offices; several of one office are a group."""
        for key, tag in _SPEAKERS:
            self._enter(nouns[key], tag)
        own = {word for key in _SINGULAR for word in nouns[key]}
        offices = (word for key in _OFFICES for word in nouns[key] if " " not in word)
        self._enter([p for p in map(self.plural, offices) if p not in own], tags.COLLECTIVE)

    def _enter_verbs(self, irregular: Mapping[str, list[str]]) -> None:
        for table in self.data["verb_class"]:
            for word, tag, content in conjugate(table):
                self._enter([word], tag, keep=tag in (tags.CUE, tags.CUE_PAST))
                self.content_forms |= {word} if content else set()
        for key, tag in _IRREGULAR:
            self._enter(irregular[key], tag, keep=key in ("cue_participle", "say_participle"))
            self.content_forms |= set(irregular[key]) if key.startswith("say") else set()

    def _tell_nouns_from_verbs(self, nouns: Mapping[str, list[str]]) -> None:
        """ "le prévenu", "un conseiller" are participles and infinitives, too; "juge" is a noun
        unless a name or pronoun stands right before it.
        """
        verbs = {word: tag for word, tag in self.lexicon.items() if tag in (tags.SAY, tags.CUE)}
        for word in (word for key in _OFFICES for word in nouns[key]):
            if self.lexicon.get(word) in (tags.SAY_PAST, tags.CUE_PAST, tags.INFINITIVE):
                self.participles.add(word)
            if word in verbs:
                self.verbs[word] = verbs[word]
                self.lexicon[word] = tags.ROLE

    def plural(self, word: str) -> str:
        """The regular plural of a noun."""
        singular, ending = next(
            pair for pair in self.data["suffixes"]["plurals"] if word.endswith(pair[0])
        )
        return word.removesuffix(str(singular)) + str(ending)

    def is_first_name(self, word: str) -> bool:
        """Is a lower-case word a first name, accents or not?"""
        return (
            word in self.first_names
            or fold(word) in self.first_names
            or (
                "-" in word
                and word.split("-", maxsplit=1)[0] in self.first_names
                and word not in self.parts
            )
        )

    def first_name_gender(self, word: str) -> str:
        """The gender that a first name tells, "" for none."""
        return self.first_names.get(word) or self.first_names.get(
            word.split("-", maxsplit=1)[0], ""
        )

    def _enter(self, words: Iterable[str], tag: str, keep: bool = False) -> None:
        for word in words:
            target = self.multiword if " " in word or "'" in word[1:-1] else self.lexicon
            if not (keep and target.get(word) in (tags.SAY, tags.SAY_PAST, tags.CUE)):
                target[word] = tag

    def _role_genders(self) -> dict[str, str]:
        masculine, feminine = (
            frozenset(self.data["nouns"]["masculine"]),
            frozenset(self.data["nouns"]["feminine"]),
        )
        return {
            w: "" if w in masculine and w in feminine else "m" if w in masculine else "f"
            for w in masculine | feminine
        }


@cache
def codes() -> tuple[str, ...]:
    """The languages there is a file for."""
    return tuple(
        sorted(
            p.name.removesuffix(".toml")
            for p in files(__package__).iterdir()
            if p.name.endswith(".toml")
        )
    )


@cache
def language(code: str) -> Language:
    """The language of that code; KeyError when there is no file for it."""
    if code not in codes():
        raise KeyError(code)
    room = files(__package__)
    lines = (room / f"{code}.lexicon").read_text("utf-8").splitlines()
    parts = dict(line.split(" ") for line in lines)
    return Language(
        tomllib.loads((room / f"{code}.toml").read_text("utf-8")), parts, _first_names()
    )


@cache
def _first_names() -> Mapping[str, str]:
    """First name, with accents and without -> its gender, "" where both bear it."""
    rows = [
        line.split()
        for line in (files(__package__) / "first_names.txt").read_text("utf-8").splitlines()
    ]
    by_gender = {
        gender: [word for row in rows if row[0] == gender for word in row[1:]]
        for gender in ("m", "f")
    }
    return genders({"masculine": by_gender["m"], "feminine": by_gender["f"]})


@cache
def _frozen(code: str, table: str, key: str) -> frozenset[str]:
    return frozenset(language(code).data[table][key])


_WORD = re.compile(r"[^\W\d_]+")
_GRAMMAR_SHARE = 0.25  # of a text's words that are of grammar, at least


def detect(text: str, default: str = "fr") -> str:
    """The language whose grammar words fill most of a text (its first 5,000 words)."""
    words = [m.group() for m, _ in zip(_WORD.finditer(text.lower()), range(5000), strict=False)]
    shares = {code: sum(word in _grammar_words(code) for word in words) for code in codes()}
    best = max(shares, key=lambda code: (shares[code], code == default))
    return best if shares[best] else default


def is_told(text: str) -> bool:
    """Is a text in one of the languages there is a file for, as far as its grammar words tell?"""
    words = [m.group() for m, _ in zip(_WORD.finditer(text.lower()), range(400), strict=False)]
    most = max(sum(word in _grammar_words(code) for word in words) for code in codes())
    return most >= _GRAMMAR_SHARE * len(words)


@cache
def _grammar_words(code: str) -> frozenset[str]:
    own = language(code)
    return own.stop - frozenset().union(
        *(language(other).stop for other in codes() if other != code)
    )
