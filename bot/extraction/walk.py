"""Who is spoken of, phrase by phrase: an article's sentences are gone through once, in order, and
their cues find their speakers on the way.
"""

from __future__ import annotations

import re

from bot.extraction.clause import NOUN, Clauses
from bot.extraction.cue import Cue
from bot.extraction.cues import find_cues
from bot.extraction.entity import Entity
from bot.extraction.features import (
    ResolvedCue,
)
from bot.extraction.learned import Weights
from bot.extraction.phrase import Phrase
from bot.extraction.reference import Discourse, Reference
from bot.extraction.register import Register
from bot.extraction.sentence import Sentence
from bot.languages import tags

_SUBJECT = re.compile(r"[hp]*(?:\([^)]*\))?(?:,[^Q;:]{1,10}?,)?[hcpx]*[Vy]")
_LABEL = re.compile(r"n(?:\([^)]*\))?(?:,[^Q:;]{1,8})?:")


class Walk:
    """What the sentences up to here have told: who was named and meant."""

    def __init__(self, register: Register, table: Weights | None) -> None:
        self.discourse = Discourse()
        self.reference = Reference(register, self.discourse, table)

    def sentence(self, c: Clauses) -> tuple[list[ResolvedCue], list[Entity]]:
        """Resolve the sentence's cues and subjects in the order of its phrases."""
        cues = find_cues(c)
        waiting = [cue for cue in cues if cue.phrase is not None]
        resolved: dict[int, ResolvedCue] = {}
        subjects: list[Entity] = []
        for number, chunk in enumerate(c.chunks):
            for cue in [cue for cue in waiting if cue.phrase and cue.phrase.first < chunk.last]:
                waiting.remove(cue)
                resolved[id(cue)] = self._resolve(c.s, cue, subjects)
            phrase = chunk.phrase
            starts = {r.cue.phrase.first for r in resolved.values() if r.cue.phrase}
            if phrase is not None and phrase.first not in starts:
                self._spoken_of(c, number, phrase, subjects)
        self._carry(cues, resolved, subjects, c.s)
        ordered = [resolved[id(cue)] for cue in cues if id(cue) in resolved]
        label = self._label(c, cues)
        return ([label, *ordered] if label else ordered), subjects

    def _resolve(self, s: Sentence, cue: Cue, subjects: list[Entity]) -> ResolvedCue:
        """Whose a cue is; a subject of a verb of saying is added to the subjects."""
        own = subjects[-1] if subjects and cue.form == "according" else None
        choice = self.reference.resolve(s, cue.phrase, own) if cue.phrase else None
        entity = choice.value if choice and isinstance(choice.value, Entity) else None
        self._mention(entity, s, "speaker")
        if cue.form == "subject" and entity is not None:
            subjects.append(entity)
        return ResolvedCue(cue, entity, s, choice)

    def _spoken_of(self, c: Clauses, number: int, phrase: Phrase, subjects: list[Entity]) -> None:
        """Note a phrase that is no cue's: as a subject, or as somebody mentioned."""
        s = c.s
        subject = c.kinds[number] == NOUN and _SUBJECT.match(c.kinds, number + 1) is not None
        tag = s.tag(phrase.head) if phrase.head is not None else ""
        known = phrase.name or (tag != "" and tag in "ROCK")
        some = phrase.pronoun or tag == tags.DETERMINER
        if _is_apposed(c, number, phrase) or not (known or (subject and some)):
            return
        place = "subject" if subject else "object" if c.kinds[number] == NOUN else "oblique"
        for part in phrase.members or (phrase,):
            entity = self.reference.resolve(s, part).value
            self._mention(entity, s, place)
            if subject and isinstance(entity, Entity):
                subjects.append(entity)

    def _mention(self, entity: object, s: Sentence, place: str) -> None:
        if isinstance(entity, Entity):
            self.discourse.mention(entity, "heading" if s.heading else place)

    def _carry(
        self, cues: list[Cue], resolved: dict[int, ResolvedCue], subjects: list[Entity], s: Sentence
    ) -> None:
        """Cues without a subject of their own have the one before them, or the sentence's."""
        carrier: Entity | None = None
        later = next(
            (resolved[id(c)].entity for c in cues if id(c) in resolved and c.form == "subject"),
            None,
        )
        for cue in cues:
            if id(cue) in resolved:
                carrier = (
                    resolved[id(cue)].entity or carrier if cue.form != "according" else carrier
                )
            elif cue.form == "carried":
                entity = (
                    carrier
                    or (subjects[0] if subjects else None)
                    or later
                    or self.discourse.speaker
                )
                resolved[id(cue)] = ResolvedCue(cue, entity, s)
            else:
                resolved[id(cue)] = ResolvedCue(cue, None, s)

    def _label(self, c: Clauses, cues: list[Cue]) -> ResolvedCue | None:
        """A headline that begins with its speaker: "Sanders: the vote could draw support"."""
        match = _LABEL.match(c.kinds) if c.s.heading else None
        phrase = c.chunks[0].phrase if match else None
        if match is None or phrase is None or not phrase.name or match.end() >= len(c.chunks):
            return None
        if any(cue.first < c.chunks[match.end() - 1].first for cue in cues):
            return None
        entity = self.reference.resolve(c.s, phrase).value
        if not isinstance(entity, Entity) or entity.kind != "person":
            return None
        last = c.chunks[match.end() - 1].last
        return ResolvedCue(Cue(0, last, (0, 1), "label", phrase, says=False, text=":"), entity, c.s)


def _is_apposed(c: Clauses, number: int, phrase: Phrase) -> bool:
    """Does a phrase only say what the name before it is ("Ana Roy, maire de Valmont")?"""
    if phrase.name is not None or c.kinds[max(0, number - 2) : number] != "n,":
        return False
    named = c.chunks[number - 2].phrase
    return named is not None and named.name is not None
