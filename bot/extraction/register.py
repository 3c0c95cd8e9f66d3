"""Who is there: one register an article of its people and bodies, with their names, roles and
genders.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.domain.text import fold
from bot.extraction.chunker import noun_phrase
from bot.extraction.entity import Entity, describe, gender_of
from bot.extraction.names import is_person, segments
from bot.extraction.phrase import Phrase, Range
from bot.extraction.roles import (
    ROLE_REACH,
    bare,
    clean,
    role_after,
    role_before,
)
from bot.extraction.sentence import Sentence
from bot.languages import tags
from bot.languages.language import Language

RUN = re.compile("N+")
_PARTITIVE = re.compile(r"^(?:(?:des|de)\s+|d['’]\s*)", re.IGNORECASE)
_NO_END = frozenset("lDpPxqrcbLhevug,AVUy")  # tags that no name ends with


class Register:
    """Built from all sentences first; afterwards only asked (new descriptions get an entity when
    first met).
    """

    def __init__(self, found: Sequence[Sentence], language: Language) -> None:
        self.language = language
        self.people: dict[str, Entity] = {}
        self.by_key: dict[str, list[Entity]] = {}
        self.others: dict[str, Entity] = {}
        self.acronyms: dict[str, str] = {}
        self.places = _places(found)
        known = self.known = _full_names(found, language)
        for s in found:
            s.people = known
        for s in found:
            for match in RUN.finditer(s.tags):
                for piece in segments(s, *match.span()):
                    self._observe(s, piece)
        self._merge()

    # ---- the first pass
    def _observe(self, s: Sentence, piece: Range) -> None:
        first, last = piece
        name = clean(s.raw(first, last))
        title = s.words[first - 1] if s.tag(first - 1) == tags.TITLE else ""
        if s.tag(first - 1) == "(" and s.tag(last) == ")" and name.isupper() and len(name) > 1:
            self._acronym(s, first, name)
            return
        if fold(name) in self.language.set("names", "not_person"):
            return
        role = role_before(s, first - bool(title), piece) or role_after(s, last)
        before = s.tag(first - 1)
        bare = last - first == 1 and name.isupper() and len(name) > 1 and not title
        person = is_person(s, first, last) and before not in ("l",) and not (bare and not role)
        if title or person or (role and not bare and before not in tuple("lD")):
            self._person(name, title, role)

    def _person(self, name: str, title: str, role: tuple[str, str] | None) -> Entity:
        key = fold(name)
        entity = self.people.get(key)
        language = self.language
        if entity is None:
            entity = self.people[key] = Entity(name, "person")
            entity.full = " " in key and (
                key in self.known or language.is_first_name(key.split()[0])
            )
            entity.speakable = (
                key not in language.set("names", "not_person") and key not in language.stop
            )
            entity.gender = (
                language.first_name_gender(key.split(maxsplit=1)[0]) if " " in key else ""
            )
        entity.gender = language.title_genders.get(title, "") or entity.gender
        entity.heads |= set(language.data["titles"]["implies"].get(title, ()))
        if title in language.role_genders:
            entity.heads.add(title)  # "President Gray" is "the president"
        if role:
            entity.take_role(*role, shown=role[1] not in language.set("nouns", "kin"))
            entity.gender = entity.gender or language.role_genders.get(role[1], "")
        return entity

    def _acronym(self, s: Sentence, at: int, name: str) -> None:
        """ "l'Union des bateliers (UB)": the letters stand for what is before the bracket."""
        for start in range(max(0, at - ROLE_REACH), at - 1):
            phrase = noun_phrase(s, start)
            if phrase and phrase.last >= at - 1 and s.tags[start] in "lDON":
                if phrase.name is None or not is_person(s, *phrase.name):
                    self.acronyms[fold(name)] = bare(s.raw(phrase.first, at - 1))
                return

    def _merge(self) -> None:
        """One entity a person: a surname alone joins the fullest name that ends with it."""
        for key in sorted(self.people, key=lambda key: -len(key.split())):
            entity = self.people[key]
            full = next(
                (e for e in self.by_key.get(key, ()) if _agree(e.gender, entity.gender)), None
            )
            full = full or self._initials(key)
            if full is None or full is entity:
                self._index(entity, key)
                continue
            full.heads |= entity.heads
            full.role_words |= entity.role_words
            full.role = full.role or entity.role
            full.gender = full.gender or entity.gender
            self.people[key] = full

    def _index(self, entity: Entity, key: str) -> None:
        words = key.split()
        keys = [key, *(" ".join(words[size:]) for size in range(1, len(words)))]
        if len(words) > 1:
            keys.append(words[0])
        for name in keys:
            bearers = self.by_key.setdefault(name, [])
            if entity not in bearers:
                bearers.append(entity)

    def _initials(self, key: str) -> Entity | None:
        """ "J. Roux" is the one Roux whose first name begins so."""
        match = re.fullmatch(r"(\w)\. (.+)", key)
        same = (
            [e for e in self.by_key.get(match[2], ()) if fold(e.name).startswith(match[1])]
            if match
            else []
        )
        return same[0] if same else None

    # ---- asked afterwards
    def bearers(self, name: str) -> list[Entity]:
        """The people who bear a name or a part of it."""
        key = fold(name)
        return self.by_key.get(key, []) or [e for e in [self._initials(key)] if e]

    def named(self, s: Sentence, phrase: Phrase) -> list[Entity]:
        """Whom a phrase with a proper name may mean, the likeliest first; a name not yet known
        becomes an entity.
        """
        assert phrase.name is not None  # noqa: S101 for the type checker
        name = clean(s.raw(*phrase.name))
        key = fold(name)
        title = s.words[phrase.title] if phrase.title is not None else ""
        gender = self.language.title_genders.get(title, "")
        found = [e for e in self.bearers(name) if _agree(e.gender, gender)]
        found.sort(key=lambda e: (bool(gender) and e.gender != gender, fold(e.name) != key))
        body = self._is_body(s, phrase, name) and not title
        if body and not (found and fold(found[0].name) == key):
            return [self._body(s, phrase, self.acronyms.get(key, name))]
        if found:
            return found
        head = phrase.head if phrase.common else None
        if head is not None and s.tag(head) == tags.ORGANISATION:
            return [self._body(s, phrase, name)]
        entity = self._person(name, title, None)
        self._index(entity, key)
        return [entity]

    def bearer(self, name: str) -> Entity:
        """Whom a label before an answer names ("ROY: …")."""
        found = self.bearers(name)
        if found:
            return found[0]
        written = clean(name)
        entity = self._person(written, "", None)
        self._index(entity, fold(written))
        return entity

    def _is_body(self, s: Sentence, phrase: Phrase, name: str) -> bool:
        assert phrase.name is not None  # noqa: S101 for the type checker
        before = s.tag(phrase.name[0] - 1)
        acronym = name.isupper() and len(name) > 1 and " " not in name
        if fold(name) in self.places and not self.by_key.get(fold(name)):
            return True
        return acronym or before == tags.DEFINITE or fold(name) in self.acronyms

    def _body(self, s: Sentence, phrase: Phrase, name: str) -> Entity:
        key = fold(name)
        if key not in self.others:
            neuter = "n" if self.language.tokens["neuter_things"] else gender_of(s, phrase)
            self.others[key] = Entity(
                name, "org", gender=neuter, plural=s.word(phrase.first) in ("les",)
            )
        return self.others[key]

    def body(self, name: str) -> Entity:
        """Whom a bare run of capitals names: a person already known, else a body of that name."""
        known = self.bearers(name)
        if known:
            return known[0]
        return self.others.setdefault(fold(name), Entity(name, "org"))

    def described(self, s: Sentence, phrase: Phrase) -> Entity | None:
        """The entity that a phrase without a proper name describes, as a speaker of its own."""
        if phrase.head is None or phrase.common is None:
            return None
        last = phrase.last
        counted = s.tags[phrase.head] == tags.DETERMINER  # "l'un d'eux"
        while not counted and last - 1 > phrase.head and s.tags[last - 1] in _NO_END:
            last -= 1
        text = s.raw(phrase.first, last)
        name = _PARTITIVE.sub("", text) if phrase.indefinite else bare(text)
        key = fold(name)
        if key not in self.others:
            self.others[key] = describe(s, phrase, clean(name))
        return self.others[key]

    def kind(self, phrase: Phrase) -> str:
        """How a phrase refers: "name", "pron" or "desc"."""
        return "pron" if phrase.pronoun is not None else "name" if phrase.name else "desc"


def _full_names(found: Sequence[Sentence], language: Language) -> set[str]:
    """The runs of capitals that are people's full names: with a first name, after a title, or as
    subjects.
    """
    seen: Counter[str] = Counter()
    for s in found:
        if s.heading:
            continue
        for match in RUN.finditer(s.tags):
            first, last = match.span()
            if not 2 <= last - first <= 4:
                continue
            name, before, after = fold(s.raw(first, last)), s.tag(first - 1), s.tag(last)
            if language.is_first_name(s.words[first]) or before == tags.TITLE:
                if not any(language.is_first_name(word) for word in s.words[first + 2 : last]):
                    seen[name] += 2
            elif (
                before in ("", ",") and after in tuple("AVUyc(,") and last - first == 2
            ) or before == tags.ROLE:
                seen[name] += 1
    return {name for name, count in seen.items() if count >= 2}


def _places(found: Sequence[Sentence]) -> set[str]:
    """Names that stand after a preposition of place: they are nobody's."""
    return {
        fold(s.raw(*match.span()))
        for s in found
        for match in RUN.finditer(s.tags)
        if s.has("locative", match.start() - 1)
        and not s.language.is_first_name(s.words[match.start()])
    }


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other
