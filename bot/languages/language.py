"""A language is a file: this reads it and builds the lexicon that the shallow parser tags with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.domain.text import fold

# One character a token. docs/architecture.md and docs/languages.md list the same alphabet.
DEFINITE, DETERMINER, GENITIVE, PREPOSITION = "l", "D", "p", "P"
PRONOUN, IMPERSONAL, CLITIC, INVERSION = "S", "J", "c", "s"
THAT, WHETHER, RELATIVE, SUBORDINATE, CONJUNCTION = "q", "f", "r", "b", "x"
AUXILIARY, ADVERB, ACCORDING, ACCORDING_OWN = "A", "h", "L", "M"
SAY, SAY_PAST, CUE, CUE_PAST, GERUND, INFINITIVE = "V", "v", "U", "u", "g", "i"
TITLE, ROLE, ORGANISATION, DOCUMENT, COLLECTIVE = "T", "R", "O", "K", "C"
NAME, WORD, NUMBER, QUOTE = "N", "w", "d", "Q"

_GRAMMAR = (
    ("adverb", ADVERB), ("subordinate", SUBORDINATE), ("conjunction", CONJUNCTION), ("preposition", PREPOSITION),
    ("clitic", CLITIC), ("determiner", DETERMINER), ("definite", DEFINITE), ("genitive", GENITIVE),
    ("whether", WHETHER), ("relative", RELATIVE), ("that", THAT), ("auxiliary", AUXILIARY),
    ("impersonal", IMPERSONAL), ("masculine", PRONOUN), ("feminine", PRONOUN),
    ("masculine_plural", PRONOUN), ("feminine_plural", PRONOUN),
)  # fmt: skip
"""In rising order: where a word stands in two lists, the later one wins."""


class Language:
    """One language's data and the lexicon built from it (folded-apostrophe lower-case word -> tag)."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.code: str = data["code"]
        self.words: Mapping[str, list[str]] = data["words"]
        self.lexicon: dict[str, str] = {}
        self.multiword: dict[str, str] = {}
        self.verbs: dict[str, str] = {}
        self.participles: set[str] = set()
        self._build()
        self.finite = re.compile(rf"[^\W\d_]+{data['suffixes']['finite']}$")
        self.participle = re.compile(rf"[^\W\d_]+{data['suffixes']['participle']}$")
        self.not_name = re.compile(rf"[^\W\d_]+{data['suffixes']['not_name']}$", re.IGNORECASE)
        self.abbreviations = frozenset(self.words["abbreviation"])
        self.first_names = self._genders(data["names"])
        self.title_genders = self._genders(data["titles"])
        self.role_genders = self._role_genders()
        self.stop = frozenset(fold(word) for word in data["search"]["stop"])
        self.question = frozenset(fold(word) for word in data["search"]["question"])
        self.inversions = tuple(sorted(self.words["inversion"], key=len, reverse=True))

    def set(self, table: str, key: str) -> frozenset[str]:
        """A list of the file as a set."""
        return frozenset(self.data[table][key])

    def pronoun_gender(self, word: str) -> tuple[str, bool]:
        """(gender "m", "f" or "", plural) of a subject or oblique pronoun."""
        for key, gender, plural in (
            ("masculine", "m", False), ("feminine", "f", False),
            ("masculine_plural", "m", True), ("feminine_plural", "f", True),
            ("oblique_plural", "", True), ("oblique_masculine", "m", False), ("oblique_feminine", "f", False),
        ):  # fmt: skip
            if word in self.words[key]:
                return gender, plural
        return "", False

    def _build(self) -> None:
        nouns = self.data["nouns"]
        for tag, keys in ((DOCUMENT, ["document"]), (ORGANISATION, ["organisation"]),
                          (COLLECTIVE, ["collective"]), (ROLE, ["masculine", "feminine"])):  # fmt: skip
            for key in keys:
                self._enter(nouns[key], tag)
                if tag == ROLE:
                    self._enter(
                        [self.plural(word) for word in nouns[key] if " " not in word], COLLECTIVE, keep_role=True
                    )
        for table in self.data["verb_class"]:
            for word, tag in _conjugate(table):
                self._enter([word], tag, keep=tag in (CUE, CUE_PAST))
        irregular = self.data["irregular"]
        for key, tag in (("cue_finite", CUE), ("cue_participle", CUE_PAST), ("say_finite", SAY), ("say_participle", SAY_PAST),
                         ("cue_gerund", GERUND), ("say_gerund", GERUND), ("cue_infinitive", INFINITIVE), ("say_infinitive", INFINITIVE)):  # fmt: skip
            self._enter(irregular[key], tag, keep=key in ("cue_participle", "say_participle"))
        for word in (*nouns["masculine"], *nouns["feminine"]):
            if self.lexicon.get(word) in (SAY_PAST, CUE_PAST):  # "le prévenu", "l'accusé"
                self.participles.add(word)
        verbs = {word: tag for word, tag in self.lexicon.items() if tag in (SAY, CUE)}
        for word in (*nouns["masculine"], *nouns["feminine"]):
            if word in verbs:  # "juge" is a noun unless a name or pronoun stands right before it
                self.verbs[word] = verbs[word]
                self.lexicon[word] = ROLE
        for key, tag in _GRAMMAR:
            self._enter(self.words[key], tag)
        for key in ("masculine", "feminine", "either"):
            self._enter(self.data["titles"][key], TITLE)
        self._enter(self.words["according"], ACCORDING)
        self._enter(self.words["according_own"], ACCORDING_OWN)

    def plural(self, word: str) -> str:
        """The regular plural of a noun."""
        singular, ending = next(pair for pair in self.data["suffixes"]["plurals"] if word.endswith(pair[0]))
        return word.removesuffix(str(singular)) + str(ending)

    def is_first_name(self, word: str) -> bool:
        """Is a lower-case word a first name, accents or not?"""
        return (
            word in self.first_names
            or fold(word) in self.first_names
            or word.split("-", maxsplit=1)[0] in self.first_names
        )

    def _enter(self, words: list[str], tag: str, keep: bool = False, keep_role: bool = False) -> None:
        for word in words:
            if keep_role and word in self.lexicon:
                continue
            target = self.multiword if " " in word or "'" in word[1:-1] else self.lexicon
            if not (keep and target.get(word) in (SAY, SAY_PAST, CUE)):
                target[word] = tag

    def _genders(self, table: Mapping[str, list[str]]) -> dict[str, str]:
        genders: dict[str, str] = {}
        for key, gender in (("masculine", "m"), ("feminine", "f")):
            for word in table[key]:
                for form in {word, fold(word)}:
                    genders[form] = "" if genders.get(form, gender) != gender else gender
        return genders

    def _role_genders(self) -> dict[str, str]:
        masculine, feminine = self.set("nouns", "masculine"), self.set("nouns", "feminine")
        return {
            w: "" if w in masculine and w in feminine else "m" if w in masculine else "f" for w in masculine | feminine
        }


def _conjugate(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, finite, past in (("cue", CUE, CUE_PAST), ("say", SAY, SAY_PAST)):
        for verb in table[key]:
            stem = verb.removesuffix(table["strip"])
            for ending in table["participle"]:
                yield stem + ending, past
            for ending in table["gerund"]:
                yield stem + ending, GERUND
            for ending in table["infinitive"]:
                yield stem + ending, INFINITIVE
            for ending in table["finite"]:
                yield stem + ending, finite


@cache
def codes() -> tuple[str, ...]:
    """The languages there is a file for."""
    return tuple(sorted(p.name.removesuffix(".toml") for p in files(__package__).iterdir() if p.name.endswith(".toml")))


@cache
def language(code: str) -> Language:
    """The language of that code; KeyError when there is no file for it."""
    if code not in codes():
        raise KeyError(code)
    return Language(tomllib.loads((files(__package__) / f"{code}.toml").read_text("utf-8")))


_WORD = re.compile(r"[^\W\d_]+")


def detect(text: str, default: str = "fr") -> str:
    """The language whose grammar words fill most of a text (its first 5,000 words)."""
    words = [m.group() for m, _ in zip(_WORD.finditer(text.lower()), range(5000), strict=False)]
    shares = {code: sum(word in _grammar_words(code) for word in words) for code in codes()}
    best = max(shares, key=lambda code: (shares[code], code == default))
    return best if shares[best] else default


@cache
def _grammar_words(code: str) -> frozenset[str]:
    own = language(code)
    return own.stop - frozenset().union(*(language(other).stop for other in codes() if other != code))
