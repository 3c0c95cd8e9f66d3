"""Someone or something that an article names or describes, and what can be told from its phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.domain.model import Speaker, SpeakerKind
from bot.domain.text import fold, short_id
from bot.extraction.phrase import Phrase
from bot.extraction.roles import (
    content_words,
    role_head,
)
from bot.extraction.sentence import Sentence
from bot.languages import tags


@dataclass(slots=True, eq=False)
class Entity:
    """Someone or something that the article names or describes.

    ``heads`` are the nouns it is called by ("maire"), ``role_words`` all words of its roles;
    ``named`` says that its name is a proper one.
    """

    name: str
    kind: SpeakerKind
    gender: str = ""
    plural: bool = False
    role: str | None = None
    heads: set[str] = field(default_factory=set)
    role_words: set[str] = field(default_factory=set)
    named: bool = True
    full: bool = False
    speakable: bool = True

    @property
    def sort(self) -> str:
        """What it is, for weighing: its kind, told apart where it is only described or shown by
        nothing but its name.
        """
        if not self.named:
            return f"{self.kind}:described"
        shown = self.kind != "person" or self.gender or self.heads or self.role
        return self.kind if shown else "bare name"

    def take_role(self, role: str, head: str, shown: bool) -> None:
        """Remember a role's head noun and words; the first one stated that is no kinship is the one
        shown.
        """
        self.heads.add(head)
        self.role_words |= content_words(role)
        self.role = self.role or (role if shown else None)

    def speaker(self) -> Speaker:
        """The entity as a quote's speaker."""
        kind: SpeakerKind = "unknown" if self.sort == "bare name" and not self.full else self.kind
        return Speaker(short_id("s", fold(self.name)), self.name, kind, self.role)


def describe(s: Sentence, phrase: Phrase, name: str) -> Entity:
    assert phrase.head is not None  # noqa: S101 for the type checker
    head, tag, language = s.words[phrase.head], s.tags[phrase.head], s.language
    thing = language.tokens["neuter_things"] and tag in "OKNwn"
    entity = Entity(name, _kind(s, phrase), named=False)
    entity.gender = "n" if thing else language.noun_gender(head) or gender_of(s, phrase)
    ends_plural = re.search(language.data["suffixes"]["plural"] + "$", head) is not None
    articles = any(
        language.has("plural_determiner", word) for word in s.words[phrase.first : phrase.head]
    )
    entity.plural = (
        bool(phrase.members)
        or articles
        or tag == tags.COLLECTIVE
        or (ends_plural and tag in "wDan")
    )
    entity.named = (
        tag == tags.ORGANISATION and tags.NAME in s.tags[phrase.head : phrase.last]
    )  # "l'ONG Rivages"
    entity.heads.add(role_head(s, phrase.head))
    entity.role_words |= content_words(name)
    entity.speakable = _may_be_shown(s, phrase, name)
    return entity


def _may_be_shown(s: Sentence, phrase: Phrase, name: str) -> bool:
    """A description is shown as a speaker only if it can be somebody: no thing, no bare "celui", no
    lone letter.
    """
    assert phrase.head is not None  # noqa: S101 for the type checker
    head, tag = s.words[phrase.head], s.tags[phrase.head]
    if phrase.members:
        return True
    if tag in tags.NOUN + tags.WORD + tags.ADJECTIVE + tags.PARTICIPLE:
        return head in s.language.set("nouns", "figures") and len(name) > 1
    pointing = s.has("anaphoric", phrase.head) and " " not in name
    return not pointing and len(name) > 1


def _kind(s: Sentence, phrase: Phrase) -> SpeakerKind:
    assert phrase.head is not None  # noqa: S101 for the type checker
    head, tag = s.words[phrase.head], s.tags[phrase.head]
    if phrase.members:
        return "collective"
    if tag == tags.ORGANISATION:
        return "org"
    if tag == tags.DOCUMENT:
        return "document"
    anonymous = head in s.language.set("nouns", "anonymous")
    if anonymous and (phrase.indefinite or tag == tags.COLLECTIVE or head.startswith("source")):
        return "anonymous"
    if tag == tags.COLLECTIVE:
        return "collective"
    if tag in (tags.ROLE, tags.TITLE):
        return "anonymous" if phrase.indefinite else "person"
    return "anonymous" if phrase.indefinite else "unknown"


def gender_of(s: Sentence, phrase: Phrase) -> str:
    for at in range(phrase.first, (phrase.head or phrase.first) + 1):
        if s.has("masculine_determiner", at):
            return "m"
        if s.has("feminine_determiner", at):
            return "f"
    return ""
