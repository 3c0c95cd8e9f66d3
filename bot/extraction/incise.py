"""A cue inside the marks: "The dam will hold, she said, for a century" is said in two pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.model import Span
from bot.domain.text import trim
from bot.extraction.clause import parse
from bot.extraction.cues import find_cues
from bot.extraction.entity import Entity
from bot.extraction.features import (
    ResolvedCue,
)
from bot.extraction.marks import Marked
from bot.extraction.reference import Reference
from bot.extraction.sentence import Sentence
from bot.extraction.subjects import may_speak
from bot.extraction.tokens import sentences
from bot.languages.language import Language


@dataclass(frozen=True, slots=True)
class Incises:
    """Finds the clause that interrupts a quote inside its marks."""

    text: str
    language: Language
    reference: Reference

    def of(self, marked: Marked, s: Sentence) -> tuple[tuple[Span, ...], ResolvedCue] | None:
        """A cue inside the marks: the pieces around it, and the cue."""
        for start, end in marked.segments:
            if "," not in self.text[start:end] or end - start < 12:
                continue
            for inner in sentences(self.text, [(start, end)], [], self.language):
                inner.people = s.people
                found = self._within(inner)
                if found:
                    cue, left, right = found
                    pieces = [
                        p
                        for p in marked.segments
                        if p[1] <= start or (p[0] >= end and marked.closed)
                    ]
                    # where no mark closes it, the words end at their cue
                    halves = ((start, left), (right, end))[: 2 if marked.closed else 1]
                    pieces += [
                        p
                        for p in halves
                        if trim(self.text, *p, also=",")[0] < trim(self.text, *p, also=",")[1]
                    ]
                    if not pieces:
                        continue
                    return tuple(sorted(pieces)), cue
        return None

    def _within(self, s: Sentence) -> tuple[ResolvedCue, int, int] | None:
        c = parse(s)
        for cue in find_cues(c):
            if (
                cue.form != "inverted"
                or not cue.first
                or s.tags[cue.first - 1] not in ",.!?-"
                or cue.phrase is None
            ):
                continue
            if cue.phrase.pronoun is None and not (
                cue.says and re.match("(?:[pP][lD]*[wNnROKC]+)*(?:[,.:!]|$)", s.tags[cue.last :])
            ):
                continue
            if cue.phrase.pronoun is None and not may_speak(s, cue.phrase, loose=False):
                continue
            if s.language.has("impersonal", cue.phrase.pronoun or "") or cue.link == "heard":
                continue
            end = cue.last
            while end < len(s.tags) and s.tags[end] not in ",.:":
                end += 1
            right = s.spans[end][1] if end < len(s.tags) else s.spans[-1][1]
            choice = self.reference.resolve(s, cue.phrase)
            entity = choice.value if isinstance(choice.value, Entity) else None
            return (
                ResolvedCue(cue, entity, s, choice),
                s.spans[cue.first - 1][0],
                _skip_blank(self.text, right),
            )
        return None


def _skip_blank(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
