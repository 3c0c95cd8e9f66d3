"""Who said each marked stretch: its possible sources are gathered and weighed, and the likeliest is
taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.model import Span
from bot.extraction.clause import Clauses, parse
from bot.extraction.cue import Cue
from bot.extraction.entity import Entity
from bot.extraction.features import ResolvedCue
from bot.extraction.incise import Incises
from bot.extraction.learned import Choice, Weights, choose
from bot.extraction.marks import Marked
from bot.extraction.register import Register
from bot.extraction.sentence import Sentence
from bot.extraction.sources import Option, Sources
from bot.extraction.walk import Walk
from bot.languages.language import Language

STATED = 0.8
"""The least probability at which a pronoun or description beside the words counts as naming their
speaker.
"""
_ANSWERED = 0.7  # how surely an interview's answers are its subject's


@dataclass(slots=True)
class Attribution:
    """A marked stretch with the source taken for it: the entity (None: unknown), the cue, the
    sentence.

    ``sure`` is the probability that the entity is right (0 to 1); ``stated`` says that a cue beside
    the words names it; ``implicit`` that no cue stands in the sentence.
    """

    marked: Marked
    sentence: Sentence
    at: int
    entity: Entity | None
    cue: Cue | None
    segments: tuple[Span, ...]
    sure: float = 1.0
    stated: bool = False
    choice: Choice | None = None
    carried: str | None = None
    """The cue of the quote before, where the words only go on."""
    said: float | None = None
    """The probability that the words are anybody's, once it was weighed (0 to 1)."""

    @property
    def cue_here(self) -> bool:
        """Does the cue stand in the sentence that holds the marks, not inside them?"""
        return self.choice is not None and self.choice.model == "source"

    @property
    def implicit(self) -> bool:
        """Does no cue announce the words?"""
        return self.cue is None


class Attributor:
    """Goes through an article's sentences once, in order."""

    def __init__(
        self, text: str, language: Language, register: Register, table: Weights | None = None
    ) -> None:
        self.text, self.register, self.table = text, register, table
        self.walk = Walk(register, table)
        self.discourse = self.walk.discourse
        self.sources = Sources(text, language, self.walk.reference, table)
        self.incises = Incises(text, language, self.walk.reference)
        self.found: list[Attribution] = []
        self.previous: Sentence | None = None

    def sentence(self, number: int, s: Sentence, following: Sentence | None) -> list[ResolvedCue]:
        """Attribute the quotes of sentence ``number`` and return its resolved cues."""
        self.discourse.begin(number, s.paragraph)
        clauses = parse(s)
        resolved, subjects = self.walk.sentence(clauses)
        main = subjects[0] if subjects else None
        for at in sorted(s.marked):
            attribution = self._quote(clauses, at, resolved, main, following)
            self.found.append(attribution)
            if attribution.entity and not s.heading:
                self.discourse.spoken[attribution.entity] += 1
        self._after(s, resolved, subjects)
        self.previous = s
        return resolved

    def _after(self, s: Sentence, resolved: list[ResolvedCue], subjects: list[Entity]) -> None:
        """Remember this sentence's subject and speaker for what follows."""
        d = self.discourse
        mine = [a.entity for a in self.found[-8:] if a.sentence is s and a.entity]
        speakers = [r.entity for r in resolved if r.entity and r.cue.form != "carried"]
        if s.heading:
            d.headline = (mine or speakers or subjects or [None])[0]  # type: ignore[list-item]
            return
        if subjects:
            d.subject = subjects[-1]
        for entity in (*speakers, *mine)[-1:]:
            d.speaker = entity
            d.subject = entity if not subjects else d.subject
            d.mention(entity, "speaker")

    def _quote(
        self,
        c: Clauses,
        at: int,
        resolved: list[ResolvedCue],
        main: Entity | None,
        following: Sentence | None,
    ) -> Attribution:
        s, marked = c.s, c.s.marked[at]
        if marked.label:
            speaker = self.register.bearer(self.text[slice(*marked.label)])
            return Attribution(marked, s, at, speaker, None, marked.segments, 1.0, True)
        if marked.dialogue:
            labelled = next((a.entity for a in reversed(self.found) if a.marked.label), None)
            answering = labelled or self._interviewee()
            return Attribution(marked, s, at, answering, None, marked.segments, _ANSWERED)
        incise = self.incises.of(marked, s)
        if incise:
            segments, cue = incise
            return Attribution(
                marked, s, at, cue.entity, cue.cue, segments, cue.sure, True, cue.choice
            )
        last = self.found[-1] if self.found else None
        options = self.sources.of(c, at, resolved, main, following, last, self.previous)
        return self._likeliest(s, at, options)

    def _likeliest(self, s: Sentence, at: int, options: Sequence[Option]) -> Attribution:
        """The likeliest of a stretch's sources, and how sure that is."""
        marked = s.marked[at]
        choice = choose("source", [o.features for o in options], list(options), self.table)
        taken = choice.value
        assert isinstance(taken, Option)  # noqa: S101 the options are never empty
        choice.behind = [o.cue.choice for o in options if o.cue and o.cue.choice]
        cue, entity, sure = taken.cue, taken.entity, choice.sure
        if cue is None:
            carried = self._carried(s, entity)
            return Attribution(
                marked, s, at, entity, None, marked.segments, sure, False, choice, carried
            )
        stated = cue.cue.phrase is not None and cue.sure >= STATED
        if entity is not None:
            sure *= cue.sure
        return Attribution(marked, s, at, entity, cue.cue, marked.segments, sure, stated, choice)

    def _carried(self, s: Sentence, entity: Entity | None) -> str | None:
        last = self.found[-1] if self.found else None
        if last is None or last.entity is not entity or last.sentence not in (s, self.previous):
            return None
        return last.cue.text if last.cue else last.carried

    def _interviewee(self) -> Entity | None:
        """Whoever has answered so far; else the person named first of those named in full: who is
        interviewed is introduced before others, who may be quoted in between.
        """
        answered = [a.entity for a in self.found if a.marked.dialogue and a.entity]
        if answered:
            return answered[-1]
        people = [e for e in self.discourse.order if e.kind == "person" and e.named]
        full = [e for e in people if e.full]
        return next(iter(full or people), None)
