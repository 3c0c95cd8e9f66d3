"""The possible sources of a marked stretch, with what speaks for each: cues, the quote before, the
sentence's subject, who has been speaking, a colon, the sentence that follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.extraction.chunker import noun_phrase
from bot.extraction.clause import NOUN, SAYS, VERB, Clauses, parse
from bot.extraction.cue import Cue
from bot.extraction.entity import Entity
from bot.extraction.features import (
    ResolvedCue,
    by_nearness,
    cue_features,
    entity_features,
    is_whole,
    position,
)
from bot.extraction.learned import Features, Weights, total
from bot.extraction.phrase import Phrase
from bot.extraction.reference import Reference
from bot.extraction.sentence import Sentence
from bot.extraction.subjects import may_speak
from bot.languages import tags
from bot.languages.language import Language


@dataclass(slots=True)
class Option:
    """One possible source of a stretch."""

    entity: Entity | None
    features: Features = field(default_factory=dict)
    cue: ResolvedCue | None = None
    weight: float = 0.0


class Attributed(Protocol):
    """What the next stretch needs to know of the one before."""

    @property
    def sentence(self) -> Sentence: ...
    @property
    def at(self) -> int: ...
    @property
    def entity(self) -> Entity | None: ...
    @property
    def cue(self) -> Cue | None: ...
    @property
    def sure(self) -> float: ...


@dataclass(slots=True)
class Sources:
    """Gathers the options of a stretch; ``table`` are weights to try instead of the package's."""

    text: str
    language: Language
    reference: Reference
    table: Weights | None = None

    def of(
        self,
        c: Clauses,
        at: int,
        resolved: list[ResolvedCue],
        main: Entity | None,
        following: Sentence | None,
        last: Attributed | None,
        previous: Sentence | None,
    ) -> list[Option]:
        """The options of the stretch at a token: nobody, and whoever something speaks for.

        ``main`` is the sentence's subject, ``last`` the stretch before, ``previous`` the sentence
        before.
        """
        s = c.s
        where = position(s, at, is_whole(self.text, s.marked[at]))
        merged: dict[Entity | None, Option] = {
            None: Option(None, self._nobody(s, at, where, resolved))
        }
        for rank, item in enumerate(by_nearness(resolved, at)):
            self._offer(merged, item.entity, cue_features(s, at, item, rank), item)
        d = self.reference.discourse
        if last is not None:
            self._offer(merged, last.entity, self._run_features(s, last, previous, where))
        if d.subject is not None:
            self._offer(
                merged,
                d.subject,
                {f"subject:{where}": 1.0, "subject": 1.0, "subject:heading": float(s.heading)},
            )
        if d.speaker is not None:
            self._offer(
                merged, d.speaker, {f"speaker:{where}": 1.0, "speaker:heading": float(s.heading)}
            )
        if main is not None:
            self._offer(merged, main, {f"main:{where}": 1.0, "main:quote first": float(at == 0)})
        if d.spoken:
            most = max(d.spoken, key=d.spoken.__getitem__)
            self._offer(
                merged,
                most,
                {f"most:{where}": 1.0, "most:share": d.spoken[most] / d.spoken.total()},
            )
        for entity, features in (*self._colon(c, at), *self._next(s, at, where, following)):
            self._offer(merged, entity, features)
        for option in merged.values():
            if option.entity is not None:
                option.features |= entity_features(option.entity, where, d)
        return list(merged.values())

    def _offer(
        self,
        merged: dict[Entity | None, Option],
        entity: Entity | None,
        features: Features,
        cue: ResolvedCue | None = None,
    ) -> None:
        option = merged.setdefault(entity, Option(entity))
        for name, value in features.items():
            option.features[name] = (
                option.features.get(name, 0.0) + value
                if not name.startswith("cue")
                else max(option.features.get(name, 0.0), value)
            )
        if cue is not None:  # of several cues of one entity, the one that announces the words best
            weight = total("source", features, self.table)
            if option.cue is None or weight > option.weight:
                option.cue, option.weight = cue, weight

    def _nobody(self, s: Sentence, at: int, where: str, resolved: list[ResolvedCue]) -> Features:
        marked = s.marked[at]
        words = len(self.text[marked.start : marked.end].split())
        return {
            "nobody": 1.0,
            f"nobody:{where}": 1.0,
            "nobody:heading": float(s.heading),
            "nobody:short": float(words < 4),
            "nobody:cued": float(bool(resolved)),
            "nobody:dialogue": float(marked.dialogue),
            "nobody:before any": float(not self.reference.discourse.order),
        }

    def _run_features(
        self, s: Sentence, last: Attributed, previous: Sentence | None, where: str
    ) -> Features:
        """The quote before this one: how near it is, and how it ended."""
        d = self.reference.discourse
        gap = (
            0
            if last.sentence is s
            else d.number - d.last[last.entity].sentence
            if last.entity in d.last
            else 9
        )
        beside = last.sentence is previous
        same = last.sentence is s
        paragraph = s.paragraph - last.sentence.paragraph
        ended = last.sentence.tags[last.at + 1 :].strip("x,h.")
        return {
            f"last:{where}": 1.0,
            f"last:gap{min(gap, 3)}": 1.0,
            "last:beside": float(beside),
            "last:same": float(same),
            f"last:beside:{where}": float(beside),
            f"last:same:{where}": float(same),
            f"last:paragraph{min(paragraph, 3)}": 1.0,
            "last:no tail": float(beside and not ended),
            "last:no tail:same paragraph": float(beside and not ended and paragraph == 0),
            "last:unknown": float(last.entity is None),
            "last:cued": float(last.cue is not None),
            "last:heading": float(last.sentence.heading),
            "last:sure": last.sure,
        }

    def _colon(self, c: Clauses, at: int) -> list[tuple[Entity | None, Features]]:
        """The phrase that ends at the colon before a quote ("Et David Gelay : « … »"), and the
        clause's first one.
        """
        s = c.s
        colon = at - 1 - (s.tag(at - 1) in (".", "-"))
        if s.tag(colon) != ":":
            return []
        before = [i for i, chunk in enumerate(c.chunks) if chunk.last <= colon and chunk.phrase]
        firsts = [i for i in before if c.kinds[i] == NOUN]
        found: list[tuple[Entity | None, Features]] = []
        for number in before[-1:] + firsts[:1]:
            phrase = self._whose(s, c.chunks[number].phrase)
            entity = self.reference.resolve(s, phrase).value if phrase else None
            if isinstance(entity, Entity):
                found.append((entity, _colon_features(c, number, colon)))
        return found

    def _whose(self, s: Sentence, phrase: Phrase | None) -> Phrase | None:
        """Who may speak by a phrase: itself, or whose word it is ("la réponse du maire")."""
        head = phrase.head if phrase is not None else None
        if head is not None and s.words[head] in self.language.set("nouns", "saying"):
            genitive = s.tag(head + 1) == tags.GENITIVE
            phrase = noun_phrase(s, head + 2) if genitive else None
        if phrase is None or not (phrase.pronoun or may_speak(s, phrase, loose=False)):
            return None
        return phrase

    def _next(
        self, s: Sentence, at: int, where: str, following: Sentence | None
    ) -> list[tuple[Entity | None, Features]]:
        """Who is named at the head of the sentence that follows, where the quote ends its own."""
        if (
            following is None
            or following.paragraph > s.paragraph + 1
            or s.tags[at + 1 :].strip(".,-")
        ):
            return []
        clauses = parse(following)
        number = next((i for i, kind in enumerate(clauses.kinds[:4]) if kind == NOUN), None)
        phrase = clauses.chunks[number].phrase if number is not None else None
        if phrase is None or not (
            phrase.name or phrase.pronoun or may_speak(following, phrase, loose=False)
        ):
            return []
        entity = self.reference.resolve(following, phrase).value
        if not isinstance(entity, Entity) or number is None:
            return []
        says = clauses.kinds[number + 1 : number + 2] == SAYS
        same = following.paragraph == s.paragraph
        return [
            (
                entity,
                {
                    f"next:{where}": 1.0,
                    f"next:says{says}:same{same}": 1.0,
                    "next:pronoun": float(phrase.pronoun is not None),
                },
            )
        ]


def _colon_features(c: Clauses, number: int, colon: int) -> Features:
    """How a phrase stands to the colon before a quote."""
    ends = c.chunks[number].last >= colon - 1
    kind = "ends" if ends and c.kinds[number] == NOUN else "inside" if ends else "first"
    alone = set(c.kinds[:number]) <= set("xh,")
    return {
        f"colon:{kind}": 1.0,
        f"colon:{kind}:alone": float(alone),
        "colon:verb": float(bool(set(c.kinds) & {SAYS, VERB})),
    }
