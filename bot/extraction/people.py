"""The register of an article's people and organisations: names, roles, gender, and who "il" is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.model import Speaker, SpeakerKind
from bot.domain.text import fold, short_id
from bot.extraction.grammar import Phrase, noun_phrase
from bot.extraction.tagging import Sentence
from bot.languages.language import Language

_RUN = re.compile("(T*)(N(?:p?N)*)")
_ROLE_BEFORE = re.compile("(?:^|(?<=[^plD]))([lD]{0,3}[wdhN]{0,3}R(?:[wdvuOROKCN]|[pP][lD]*(?=[wNROKCd])|,(?=$))*)$")
_ROLE_AFTER = re.compile(",([lD]{0,2}[wdh]{0,2}[RC](?:[wdvROKCNx]|[pP][lD]*(?=[wNROKCd]))*)")
_GROUP = re.compile("(?<=[x,])[lD]{1,2}C")
_ARTICLE = re.compile(r"^(?:l['’]\s*|(?:le|la|les|the|The|Le|La|Les|L['’])\s+|L['’]\s*)")


@dataclass(slots=True, eq=False)
class Entity:
    """Someone or something that speaks in the article."""

    name: str
    kind: SpeakerKind
    gender: str = ""
    plural: bool = False
    role: str | None = None
    heads: set[str] = field(default_factory=set)
    role_words: set[str] = field(default_factory=set)
    first_seen: int = 0
    named: bool = True
    same_as: Entity | None = None

    def may_be_body(self) -> bool:
        """A one-word name of which nothing tells a person: it may be a company's."""
        return self.kind == "person" and self.named and not (self.role or self.gender or self.heads or " " in self.name)

    def is_surely_human(self) -> bool:
        """Does a title, a role or a gender show that the name is a person's?"""
        return not self.plural and bool(self.gender or self.heads or self.role)

    def take_role(self, role: str, head: str, shown: bool) -> None:
        """Remember a role's head noun and words; the first one stated that is no kinship is the one shown."""
        self.heads.add(head)
        self.role_words |= set(role.lower().replace("’", "'").replace("'", "' ").split())
        self.role = self.role or (role if shown else None)

    def speaker(self) -> Speaker:
        """The entity as a quote's speaker: the one that it has turned out to be, if it has."""
        if self.same_as:
            return self.same_as.speaker()
        return Speaker(short_id("s", fold(self.name)), self.name, self.kind, self.role)


class Register:
    """Built from all sentences first; then resolves phrases and pronouns in the text's order."""

    def __init__(self, text: str, language: Language) -> None:
        self.text, self.language = text, language
        self.people: dict[str, Entity] = {}
        self.by_key: dict[str, list[Entity]] = {}
        self.organisations: dict[str, Entity] = {}
        self.others: dict[str, Entity] = {}
        self.acronyms: dict[str, str] = {}
        self.focus: list[Entity] = []
        self.unnamed_headline: Entity | None = None
        self.seen: list[Entity] = []

    # ---- first pass: who is there
    def observe(self, found: Iterable[Sentence]) -> None:
        """Collect names with their titles and roles from all sentences."""
        # a headline in title case makes every word look like a name
        plain = [s for s in found if not (s.heading and s.tags.count("N") * 2 > len(s.tags))]
        runs = [(s, match) for s in plain for match in _RUN.finditer(s.tags)]
        for s, match in runs:
            self._observe(s, match)
        self._merge()

    def _observe(self, s: Sentence, match: re.Match[str]) -> None:
        from bot.extraction.grammar import _person_part  # noqa: PLC0415

        first, last = _person_part(s, match.start(2), match.end(2), self.language)
        before = s.tags[max(0, first - 25) : first].removesuffix("T" * len(match.group(1)))
        name = s.text_of(self.text, first, last)
        known = self.language.is_first_name(s.words[first])
        title = match.group(1) and s.words[match.start()]
        role = self._role_before(s, first - len(match.group(1)) if title else first) or self._role_after(s, last)
        if name.isupper() and len(name) > 1 and not title and not known:
            if before.endswith("(") and s.tags[last : last + 1] == ")":
                self._acronym(s, first, name)
            return
        if not title and not role and not self._looks_human(s, first, last, before[-1:], known):
            return
        if fold(name) in self.language.set("names", "not_person"):
            return
        self._person(name, title or "", role, s.spans[first][0])

    def _looks_human(self, s: Sentence, first: int, last: int, before: str, known: bool) -> bool:
        """A known first name that is no place's; or an unknown full name that heads a sentence as its subject."""
        if known:
            return before not in ("l", "p", "P") and (last - first > 1 or before != "O")
        subject = first == 0 or (before == "," and s.tags[:first].strip("h,PplDwd") == "")
        return subject and last - first == 2 and s.tags[last : last + 1] in ("w", "A", "c", "V", "U", ",")

    def _person(self, name: str, title: str, role: tuple[str, str] | None, position: int) -> Entity:
        entity = self.people.get(fold(name))
        if entity is None:
            entity = self.people[fold(name)] = Entity(name, "person", first_seen=position)
            first = fold(name.split(maxsplit=1)[0])
            entity.gender = self.language.first_names.get(first) or self.language.first_names.get(
                first.split("-")[0], ""
            )
        entity.gender = self.language.title_genders.get(fold(title), "") or entity.gender
        entity.heads |= set(self.language.data["titles"]["implies"].get(title, ()))
        if role:
            entity.take_role(*role, shown=role[1] not in self.language.data["nouns"]["kin"])
            entity.gender = entity.gender or self.language.role_genders.get(role[1], "")
        return entity

    def _role_before(self, s: Sentence, at: int) -> tuple[str, str] | None:
        if not at or s.tags[at - 1] in "plPDOd(":
            return None
        start = max(0, at - 25)
        match = _ROLE_BEFORE.search(s.tags[start:at])
        if not match or "," in match.group(1)[:-1]:
            return None
        return self._role(s, start + match.start(1), at - (s.tags[at - 1] == ","))

    def _role_after(self, s: Sentence, at: int) -> tuple[str, str] | None:
        match = _ROLE_AFTER.match(s.tags, at)
        if not match or s.tags[match.end() : match.end() + 1] not in ("", ",", ".", ")", "r", "(", "Q", "x"):
            return None
        return self._role(s, match.start(1), match.end(1))

    def _role(self, s: Sentence, first: int, last: int) -> tuple[str, str] | None:
        head = next((i for i in range(first, last) if s.tags[i] in "RC"), None)
        if head is None:
            return None
        while first < head and s.tags[first] in "lDh":
            first += 1
        return s.text_of(self.text, first, last), s.words[head]

    def _acronym(self, s: Sentence, at: int, name: str) -> None:
        """ "l'Union des bateliers (UB)": the letters stand for what is before the bracket."""
        for start in range(max(0, at - 14), at - 1):
            phrase = noun_phrase(s, start, self.language)
            if phrase and phrase.last >= at - 1 and s.tags[start] in "lDON":
                self.acronyms[fold(name)] = _bare(s.text_of(self.text, phrase.first, at - 1))
                return

    def _merge(self) -> None:
        """One entity a person: a surname alone joins the fullest name that ends (or begins) with it."""
        for key in sorted(self.people, key=lambda key: -len(key.split())):
            entity = self.people[key]
            full = self._by_gender(key, entity.gender) or self._holder(key)
            if full and full is not entity and not (full.gender and entity.gender and full.gender != entity.gender):
                full.heads |= entity.heads
                full.role_words |= entity.role_words
                full.role = full.role or entity.role
                full.gender = entity.gender or full.gender
                self.people[key] = full
            else:
                self._index(entity, key)

    def _index(self, entity: Entity, key: str) -> None:
        words = key.split()
        for size in range(1, len(words)):
            self.by_key.setdefault(" ".join(words[size:]), []).append(entity)
        self.by_key.setdefault(key, []).append(entity)
        if len(words) > 1:
            self.by_key.setdefault(words[0], []).append(entity)

    def _holder(self, key: str) -> Entity | None:
        found = self.by_key.get(key)
        if found:
            return found[0]
        words = key.split()
        if all(re.fullmatch(r"\w\.", word) for word in words):
            same = [e for e in self.by_key_all() if [w[0] for w in fold(e.name).split()] == [w[0] for w in words]]
            return same[0] if same else None
        initial = re.fullmatch(r"(\w)\.", words[0])
        if initial and len(words) > 1:
            same = [e for e in self.by_key.get(" ".join(words[1:]), []) if fold(e.name).startswith(initial.group(1))]
            return same[0] if same else None
        return None

    def by_key_all(self) -> list[Entity]:
        """All people of the register, each once."""
        return list(dict.fromkeys(self.people.values()))

    # ---- second pass: who is meant
    def resolve(self, s: Sentence, phrase: Phrase, speaking: bool = True) -> Entity | None:
        """The entity that a phrase names; ``speaking`` lets an unknown name or noun become a new one."""
        if phrase.pronoun is not None:
            return self.pronoun(phrase.pronoun)
        if phrase.name:
            return self._named(s, phrase, speaking)
        return self._noun(s, phrase, speaking)

    def pronoun(self, word: str) -> Entity | None:
        """The latest subject that agrees, or else the latest person mentioned that does."""
        gender, plural = self.language.pronoun_gender(word)
        latter = word in self.language.words["latter"]
        for stack in (self.seen, self.focus) if latter else (self.focus, self.seen):
            for entity in reversed(stack[-12:]):
                if entity.plural == plural and (not gender or entity.gender in (gender, "") or plural):
                    if entity.kind in ("person", "anonymous", "collective") or plural or entity is self.focus[-1]:
                        if gender and not entity.gender:
                            entity.gender = gender
                        return entity
        return None

    def _named(self, s: Sentence, phrase: Phrase, speaking: bool) -> Entity | None:
        assert phrase.name  # noqa: S101 for the type checker
        first, last = phrase.name
        name = s.text_of(self.text, first, last)
        key = fold(name)
        entity = self._latest_holder(key) or self._holder(key)
        title = s.words[phrase.title] if phrase.title is not None else ""
        if phrase.common and phrase.head is not None and s.tags[phrase.name[0] - 1] == ",":
            owner = self._owner(set(s.words[phrase.common[0] : phrase.common[1]]), s.words[phrase.head])
            if owner and owner is not entity:
                return owner  # "Aux yeux du président du club, Jean Roux est…": the role is another's
        if entity is None and len(key.split()) > 1 and key not in self.acronyms:
            candidates = self.by_key.get(key.split()[-1], [])
            entity = candidates[0] if len(candidates) == 1 and fold(candidates[0].name) == key else None
        if entity and title:
            entity = self._by_gender(key, self.language.title_genders.get(fold(title), "")) or entity
        if entity is None:
            entity = self._new_name(s, phrase, name, key, title, speaking)
        if (
            entity
            and phrase.common
            and phrase.head is not None
            and s.tags[phrase.head] in "RC"
            and entity.kind == "person"
        ):
            role = self._role(s, *phrase.common)
            if role:
                entity.take_role(*role, shown=role[1] not in self.language.data["nouns"]["kin"])
        return entity

    def _latest(self, gender: str, kinds: tuple[str, ...] = ("person",)) -> Entity | None:
        return next((e for e in reversed(self.focus[-6:]) if e.kind in kinds and _agree(e, gender)), None)

    def _latest_holder(self, key: str) -> Entity | None:
        """Of several who bear a name, the one whom the text last spoke of."""
        bearers = list(dict.fromkeys(self.by_key.get(key, ())))
        if len(bearers) < 2 or (key in self.people and " " in key):
            return None
        return next((e for e in reversed([*self.seen[-20:], *self.focus[-8:]]) if e in bearers), None)

    def _owner(self, words: set[str], head: str) -> Entity | None:
        """Who was last called by all these words, complement and all."""
        if len(words) < 3:
            return None
        stack = dict.fromkeys(reversed([*self.seen, *self.focus]))
        return next((e for e in stack if head in e.heads and words - {"l'", "le", "la"} <= e.role_words), None)

    def _by_gender(self, key: str, gender: str) -> Entity | None:
        agreeing = [e for e in self.by_key.get(key, []) if gender and e.gender == gender]
        return agreeing[-1] if agreeing else None

    def _new_name(self, s: Sentence, phrase: Phrase, name: str, key: str, title: str, speaking: bool) -> Entity | None:
        before = s.tags[phrase.name[0] - 1] if phrase.name and phrase.name[0] else ""
        acronym = name.isupper() and len(name) > 1
        if (not title and (acronym or before in ("l", "O") or key in self.acronyms)) or (
            phrase.head is not None and s.tags[phrase.head] == "O"
        ):
            found = self._organisation(self.acronyms.get(key, name) if key in self.acronyms else name)
            found.gender = found.gender or self._determiner_gender(s, phrase)
            return found
        if not speaking:
            return None
        entity = self._person(name, title, None, s.spans[phrase.first][0])
        self._index(entity, key)
        return entity

    def _organisation(self, name: str) -> Entity:
        key = fold(name)
        if key not in self.organisations:
            neuter = "n" if self.language.data["tokens"]["neuter_things"] else ""
            self.organisations[key] = Entity(name, "org", gender=neuter)
        return self.organisations[key]

    def _noun(self, s: Sentence, phrase: Phrase, speaking: bool) -> Entity | None:
        if phrase.head is None or phrase.common is None:
            return None
        head, tag = s.words[phrase.head], s.tags[phrase.head]
        if head in self.language.words["anaphoric"]:
            return self._latest(self.language.role_genders.get(head, ""))
        words = s.words[phrase.first : phrase.head]
        indefinite = any(word in self.language.words["indefinite"] for word in words[:2])
        if not indefinite and any(word in self.language.words["demonstrative"] for word in words[:2]):
            found = self._latest(
                self.language.role_genders.get(head, ""),
                ("person", "anonymous") if tag in "Rw" else ("org", "document"),
            )
            if found:
                return found
        if head in self.language.words["generic_body"] and not indefinite and phrase.last - phrase.first <= 2:
            found = next((e for e in reversed(self.focus[-6:]) if e.kind == "org" or e.may_be_body()), None)
            if found:
                found.kind = "org"
                return found
        if tag == "R" and not indefinite:
            # "said the designer, who works for …" introduces somebody in languages that put it so
            introduces = self.language.data["tokens"]["head_last"] and s.tags[phrase.last : phrase.last + 2] == ",r"
            holder = self._role_holder(head, set(s.words[phrase.first : phrase.last]), bridge=not introduces)
            if holder:
                return holder
        if not speaking and tag not in "RCKO":
            return None
        return self._common(s, phrase, head, tag, indefinite, speaking)

    def _role_holder(self, head: str, words: set[str], bridge: bool) -> Entity | None:
        gender = self.language.role_genders.get(head, "")
        holders = [
            e for e in dict.fromkeys(reversed([*self.seen, *self.focus])) if head in e.heads and _agree(e, gender)
        ]
        if holders:
            return max(holders, key=lambda e: len(words & e.role_words))
        for entity in reversed(self.focus[-3:]) if bridge else ():
            if entity.kind == "person" and entity.named and entity.is_surely_human() and _agree(entity, gender):
                entity.gender = entity.gender or gender
                entity.heads.add(head)
                entity.role_words |= words
                return entity
        return None

    def _common(
        self, s: Sentence, phrase: Phrase, head: str, tag: str, indefinite: bool, speaking: bool
    ) -> Entity | None:
        last = phrase.last if speaking else _tight(s, phrase)
        text = s.text_of(self.text, phrase.first, last).rstrip(",")
        name = _bare(text) if not indefinite else re.sub(r"^(?:des|de|d['’])\s*(?=\w)", "", text)
        key = fold(name)
        if key not in self.others:
            self.others[key] = Entity(name, self._kind(head, tag, indefinite), named=False)
            self.others[key].gender = self.language.role_genders.get(head, "") or self._determiner_gender(s, phrase)
            self.others[key].plural = (
                (tag in "CD" and head.endswith("s"))
                or tag == "C"
                or bool(re.search(self.language.data["suffixes"]["plural"] + "$", head) and tag == "w")
            )
            self.others[key].heads.add(head)
        return self.others[key]

    def _determiner_gender(self, s: Sentence, phrase: Phrase) -> str:
        for word in s.words[max(0, phrase.first - 1) : phrase.first + 2]:
            if (
                self.language.data["tokens"]["neuter_things"]
                and phrase.head is not None
                and s.tags[phrase.head] in "OKNw"
            ):
                return "n"
            if word in self.language.words["masculine_determiner"]:
                return "m"
            if word in self.language.words["feminine_determiner"]:
                return "f"
        return ""

    def _kind(self, head: str, tag: str, indefinite: bool) -> SpeakerKind:
        if tag == "O":
            return "org"
        if tag == "K":
            return "document"
        if head in self.language.set("nouns", "anonymous") and (indefinite or tag == "C" or head.startswith("source")):
            return "anonymous"
        if tag == "C":
            return "collective"
        if tag == "R":
            return "anonymous" if indefinite else "person"
        return "anonymous" if indefinite else "unknown"

    def push(self, entity: Entity | None) -> None:
        """Make an entity the latest subject."""
        if entity and entity is not self.unnamed_headline:
            if entity in self.focus[-12:]:
                self.focus.remove(entity)
            self.focus.append(entity)

    def mention(self, s: Sentence) -> None:
        """Note the people that a sentence mentions at all."""
        for match in _RUN.finditer(s.tags):
            key = fold(s.text_of(self.text, *match.span(2)))
            entity = self._latest_holder(key) or self._holder(key)
            if entity:
                self.seen.append(entity)
        for match in _GROUP.finditer(s.tags):
            phrase = noun_phrase(s, match.start(), self.language)
            if phrase:
                entity = self.resolve(s, phrase, speaking=False)
                if entity:
                    self.seen.append(entity)


def _tight(s: Sentence, phrase: Phrase) -> int:
    """Where a phrase surely ends when no known verb bounds it: after its head and "de" complements."""
    assert phrase.head is not None  # noqa: S101 only called with a head
    match = re.compile("w?(?:p[lD]*[wNROKCd]N*)+|").match(s.tags, phrase.head + 1, phrase.last)
    return match.end() if match else phrase.head + 1


def _agree(entity: Entity, gender: str) -> bool:
    return not gender or not entity.gender or entity.gender == gender


def _bare(name: str) -> str:
    return _ARTICLE.sub("", name)
