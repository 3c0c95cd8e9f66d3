"""Who is meant: a pronoun or a description ("elle", "la ministre") finds its bearer among those
spoken of so far.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from bot.extraction.entity import Entity
from bot.extraction.learned import Choice, Features, Weights, choose
from bot.extraction.phrase import Phrase
from bot.extraction.register import Register
from bot.extraction.roles import content_words, role_head
from bot.extraction.sentence import Sentence

_BACK = 9  # sentences in which a pronoun's bearer is looked for
_MOST = 14  # candidates that are weighed


@dataclass(slots=True)
class Mention:
    """Where an entity was last spoken of: the sentence's number, its paragraph and as what."""

    sentence: int
    paragraph: int
    place: str


class Discourse:
    """What the article has said so far: who was mentioned where, who was the subject, who spoke."""

    def __init__(self) -> None:
        self.last: dict[Entity, Mention] = {}
        self.order: list[Entity] = []
        self.counts: Counter[Entity] = Counter()
        self.spoken: Counter[Entity] = Counter()
        self.subject: Entity | None = None
        self.speaker: Entity | None = None
        self.headline: Entity | None = None
        self.number = 0
        self.paragraph = 0

    def begin(self, number: int, paragraph: int) -> None:
        """A new sentence."""
        self.number, self.paragraph = number, paragraph

    def mention(self, entity: Entity, place: str) -> None:
        """Somebody is spoken of; places are "subject", "speaker", "object", "oblique",
        "heading".
        """
        if entity in self.last:
            self.order.remove(entity)
            if place in ("object", "oblique") and self.last[entity].sentence == self.number:
                place = self.last[entity].place
        self.order.append(entity)
        self.last[entity] = Mention(self.number, self.paragraph, place)
        self.counts[entity] += 1


@dataclass(frozen=True, slots=True)
class Resolution:
    """A phrase of a sentence with the choice of whom it means (None: nobody asked)."""

    sentence: Sentence
    phrase: Phrase
    choice: Choice | None


class Reference:
    """Resolves phrases, and keeps what it resolved (``resolved``, in the order of the asking)."""

    def __init__(
        self, register: Register, discourse: Discourse, table: Weights | None = None
    ) -> None:
        self.register, self.discourse, self.table = register, discourse, table
        self.resolved: list[Resolution] = []

    def resolve(self, s: Sentence, phrase: Phrase, own: Entity | None = None) -> Choice:
        """Whom a phrase means; the choice's value is an Entity or None. ``own`` can't be meant (the
        subject's "lui").
        """
        choice = self._choice(s, phrase, own)
        self.resolved.append(Resolution(s, phrase, choice))
        return choice

    def _choice(self, s: Sentence, phrase: Phrase, own: Entity | None) -> Choice:
        if phrase.pronoun is not None:
            return self._pronoun(s, phrase, own)
        if phrase.name:
            return self._name(s, phrase)
        return self._description(s, phrase)

    def _name(self, s: Sentence, phrase: Phrase) -> Choice:
        found = self.register.named(s, phrase)
        if len(found) > 1:  # of several who bear a name, the one whom the text last spoke of
            recent = [e for e in found if e in self.discourse.last]
            exact = [e for e in found if e.full and e.name == s.raw(*phrase.name or (0, 0))]
            found = exact or sorted(recent, key=lambda e: -self.discourse.last[e].sentence) or found
        return Choice("name", [{}], [found[0]], 0, 1.0)

    def _pronoun(self, s: Sentence, phrase: Phrase, own: Entity | None) -> Choice:
        word = phrase.pronoun or ""
        gender, plural = s.language.pronoun_gender(word)
        latter = s.language.has("latter", word)
        options: list[Features] = []
        values: list[Entity | None] = []
        for rank, entity in enumerate(self._recent(gender, plural)):
            if entity is own:
                continue
            features = self._features("pron", entity, gender, min(rank, 3))
            features["pron:latter:rank0"] = float(latter and entity is self.discourse.order[-1])
            options.append(features)
            values.append(entity)
        options.append({"pron:nobody": 1.0, "pron:nobody:plural": float(plural)})
        values.append(None)
        return choose("reference", options, values, self.table)

    def _recent(self, gender: str, plural: bool) -> list[Entity]:
        found: list[Entity] = []
        for entity in reversed(self.discourse.order):
            if (
                self.discourse.number - self.discourse.last[entity].sentence > _BACK
                and len(found) >= 3
            ):
                break
            if entity.plural == plural and (not gender or entity.gender in (gender, "")):
                found.append(entity)
            if len(found) == _MOST:
                break
        return found

    def _features(self, kind: str, entity: Entity, gender: str, rank: int) -> Features:
        d = self.discourse
        mention = d.last.get(entity)
        distance = d.number - mention.sentence if mention else 9
        features: Features = {
            f"{kind}:distance{min(distance, 4)}": 1.0,
            f"{kind}:rank{rank}": 1.0,
            f"{kind}:sort:{entity.sort}": 1.0,
            f"{kind}:gender:{'known' if gender and entity.gender == gender else 'open'}": 1.0,
            f"{kind}:counts": math.log1p(d.counts[entity]),
            f"{kind}:spoken": math.log1p(d.spoken[entity]),
            f"{kind}:has spoken": float(d.spoken[entity] > 0),
            f"{kind}:full": float(entity.full),
            f"{kind}:headline": float(entity is d.headline),
            f"{kind}:most spoken": float(
                bool(d.spoken) and d.spoken[entity] == max(d.spoken.values())
            ),
            f"{kind}:most named": float(d.counts[entity] == max(d.counts.values(), default=0)),
        }
        if mention:
            features[f"{kind}:place:{mention.place}"] = 1.0
            features[f"{kind}:paragraph"] = float(mention.paragraph == d.paragraph)
            features[f"{kind}:place:{mention.place}:near"] = float(distance <= 1)
        features[f"{kind}:was subject"] = float(entity is d.subject)
        features[f"{kind}:was speaker"] = float(entity is d.speaker)
        features[f"{kind}:was both"] = float(entity is d.subject and entity is d.speaker)
        return features

    def _description(self, s: Sentence, phrase: Phrase) -> Choice:
        itself = self.register.described(s, phrase)
        if itself is None or phrase.head is None:
            return Choice("name", [{}], [None], 0, 1.0)
        if phrase.indefinite or phrase.members:
            return Choice("name", [{}], [itself], 0, 1.0)
        head, tag = role_head(s, phrase.head), s.tags[phrase.head]
        words = content_words(s.raw(phrase.first, phrase.last))
        pointing = any(s.has("demonstrative", at) for at in range(phrase.first, phrase.head))
        options, values = [], []
        candidates = self._candidates(head, itself, tag)
        bearers = sum(head in entity.heads and entity.named for entity in candidates)
        for entity in candidates:
            options.append(self._described(entity, itself, head, tag, words, pointing, bearers, s))
            values.append(entity)
        long = phrase.last - phrase.head > 1
        options.append(
            {
                "new": 1.0,
                f"new:{tag}": 1.0,
                "new:long": float(long),
                "new:pointing": float(pointing),
                "new:again": float(itself in self.discourse.last),
                "new:first": float(not self.discourse.order),
                "new:generic": float(s.language.has("generic_body", head)),
                "new:plural": float(itself.plural),
                "new:article": float(s.tag(phrase.first) in ("l", "D")),
                "new:introduces": float(s.tags[phrase.last : phrase.last + 2] == ",r"),
            }
        )
        values.append(itself)
        return choose("reference", options, values, self.table)

    def _candidates(self, head: str, itself: Entity, tag: str) -> list[Entity]:
        """Those called by the same noun anywhere, and the latest ones it could stand for."""
        everybody = dict.fromkeys([*self.register.people.values(), *self.register.others.values()])
        same = [
            e for e in everybody if e is not itself and (head in e.heads or _names_head(e, head))
        ]
        recent = [
            e
            for e in reversed(self.discourse.order)
            if e is not itself
            and e.named
            and e.plural == itself.plural
            and _agree(e.gender, itself.gender)
            and (tag in "ROCKnwa")
        ]
        return list(dict.fromkeys([*(e for e in same if e.plural == itself.plural), *recent[:6]]))[
            :_MOST
        ]

    def _described(
        self,
        entity: Entity,
        itself: Entity,
        head: str,
        tag: str,
        words: set[str],
        pointing: bool,
        bearers: int,
        s: Sentence,
    ) -> Features:
        rank = next((i for i, e in enumerate(reversed(self.discourse.order)) if e is entity), 9)
        features = self._features("desc", entity, itself.gender, min(rank, 3))
        called = head in entity.heads
        rest = words - {head} - s.language.stop
        kind = "called" if called else "bridge"
        features[f"desc:{kind}"] = 1.0
        features[f"desc:{kind}:{tag}"] = 1.0
        features["desc:called:alone"] = float(called and bearers == 1)
        features[f"desc:{kind}:{tag}:{entity.kind}"] = 1.0
        features[f"desc:{kind}:rank{min(rank, 3)}"] = 1.0
        features[f"desc:{kind}:pointing"] = float(pointing)
        features[f"desc:{kind}:rest"] = (
            len(rest & (entity.role_words | content_words(entity.name))) / len(rest)
            if rest
            else 0.0
        )
        features[f"desc:{kind}:no rest"] = float(not rest)
        features[f"desc:{kind}:unmet"] = float(entity not in self.discourse.last)
        features["desc:named by head"] = float(_names_head(entity, head))
        features["desc:bridge:has role"] = float(not called and bool(entity.role))
        features["desc:bridge:generic"] = float(not called and s.language.has("generic_body", head))
        features["desc:anaphoric"] = float(s.language.has("anaphoric", head))
        return features


def _names_head(entity: Entity, head: str) -> bool:
    """ "la région" is "la région Nord"."""
    return entity.kind in (
        "org",
        "document",
        "collective",
        "unknown",
    ) and entity.name.lower().startswith(head + " ")


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other
