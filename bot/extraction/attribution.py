"""Who said each marked stretch: the cue beside it, or the run it stands in, or nobody."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from bot.domain.model import Span
from bot.domain.text import fold
from bot.extraction.cues import Cue, find_cues
from bot.extraction.grammar import Phrase, clause_start, leading_phrase, noun_phrase
from bot.extraction.marks import Marked
from bot.extraction.people import Entity, Register
from bot.extraction.tagging import Sentence, sentences
from bot.languages.language import Language

_BETWEEN = re.compile("[,.hx]*(?:w,)?")
_LABEL = re.compile("T*N+:")
_ALONE = re.compile("^[x,h-]*Q[.,]?$")


@dataclass(slots=True)
class Attribution:
    """A marked stretch as speech: the entity that said it (None: unknown), the cue, the sentence."""

    marked: Marked
    sentence: Sentence
    at: int
    entity: Entity | None
    cue: str | None
    segments: tuple[Span, ...]
    implicit: bool = False
    cue_sentence: Span | None = None


@dataclass(slots=True)
class ResolvedCue:
    """A cue with its entity, in the order of the text."""

    cue: Cue
    entity: Entity | None
    sentence: Sentence


class Attributor:
    """Goes through an article's sentences once, in order, keeping who was last the subject."""

    def __init__(self, text: str, language: Language, register: Register) -> None:
        self.text, self.language, self.register = text, language, register
        self.found: list[Attribution] = []
        self.cues: list[ResolvedCue] = []
        self.spoken: Counter[Entity] = Counter()
        self.last: Attribution | None = None
        self.subject: Entity | None = None
        self.lead: Entity | None = None
        self.lead_paragraph = 0
        self.paragraph = -1
        self.previous: Sentence | None = None

    def sentence(self, s: Sentence) -> list[ResolvedCue]:
        """Attribute the quotes of one sentence and return its resolved cues."""
        if s.paragraph != self.paragraph:
            self.paragraph = s.paragraph
        resolved = self._resolve(s)
        for at in sorted(s.marked):
            attribution = self._quote(s, at, resolved)
            if attribution:
                self.found.append(attribution)
                if attribution.entity and attribution.entity.kind == "person" and attribution.entity.named:
                    self.spoken[attribution.entity] += 1
                self.last = attribution
        self._after(s, resolved)
        self.previous = s
        return resolved

    def _resolve(self, s: Sentence) -> list[ResolvedCue]:
        resolved: list[ResolvedCue] = []
        carrier: Entity | None = None
        cues = find_cues(s, self.text, self.language)
        # whoever "according to him" means, it is not this sentence's own subject
        sources = {
            cue: self.register.resolve(s, cue.phrase)
            for cue in cues
            if cue.form == "according" and cue.phrase and cue.phrase.pronoun
        }
        if not s.heading and s.tags[0] not in "QS":
            self.register.push(self._main_subject(s))
        for cue in cues:
            if cue in sources:
                entity = sources[cue]
            elif cue.form == "carried":
                entity = carrier or self._main_subject(s)
            elif cue.impersonal or cue.phrase is None:
                entity = None
            else:
                entity = self.register.resolve(s, cue.phrase)
            if cue.form == "subject" and cue.phrase is not None and cue.phrase.pronoun is None:
                self.register.push(entity)
            self._name_the_lead(s, entity)
            if cue.form != "according":
                carrier = entity or carrier
            resolved.append(ResolvedCue(cue, entity, s))
        label = _LABEL.match(s.tags) if s.heading else None
        if label and label.end() < len(s.tags):
            phrase = noun_phrase(s, 0, self.language)
            entity = self.register.resolve(s, phrase, speaking=False) if phrase else None
            if phrase and entity and entity.kind == "person":
                resolved.append(
                    ResolvedCue(Cue(0, label.end(), (0, 1), "label", phrase, says=False, text=":"), entity, s)
                )
        for item in resolved:  # "Saluant « … », le patron estime": the subject comes later
            if item.entity is None and item.cue.form == "carried":
                item.entity = next((r.entity for r in resolved if r.entity and r.cue.form == "subject"), None)
        return resolved

    def _name_the_lead(self, s: Sentence, entity: Entity | None) -> None:
        """A lead names by role alone ("…, a révélé le chef de l'alliance"); the next speaker, given no role, holds it and is meant."""
        if s.heading and entity is not None and not entity.named:
            self.register.unnamed_headline = entity
        if entity is None or s.heading:
            return
        if s.paragraph <= 1 and not entity.named and entity.kind == "person" and self.lead is None:
            self.lead = entity
        elif self.lead and entity.named and entity.kind == "person":
            agree = not (self.lead.gender and entity.gender) or self.lead.gender == entity.gender
            if entity.role is None and s.paragraph <= self.lead_paragraph + 1 and agree:
                entity.role = self.lead.name
                entity.heads |= self.lead.heads
                if self.lead.gender:  # a role that shows a gender, and agrees, is meant for one person
                    self.lead.same_as = entity
            self.lead = None
        self.lead_paragraph = s.paragraph if self.lead is entity else self.lead_paragraph

    def _main_subject(self, s: Sentence) -> Entity | None:
        end = next((i for i, tag in enumerate(s.tags) if tag in ":;Q"), len(s.tags))
        start = clause_start(s, end)
        if s.tags[start : start + 2] == "JA":  # "C'est X qui …"
            start += 2
        verb = s.tags.find("A", start, end)
        phrase = leading_phrase(s, start, verb if verb > start else end, self.language)
        return self.register.resolve(s, phrase, speaking=False) if phrase else None

    def _quote(self, s: Sentence, at: int, resolved: list[ResolvedCue]) -> Attribution | None:
        marked = s.marked[at]
        incise = self._incise(marked)
        if incise:
            segments, found = incise
            return Attribution(marked, s, at, found.entity, found.cue.text, segments, cue_sentence=s.span)
        cue = self._cue_of(s, at, resolved)
        if cue:
            if cue.entity is None and cue.cue.impersonal and not is_whole(self.text, marked):
                return None
            return Attribution(marked, s, at, cue.entity, cue.cue.text, marked.segments, cue_sentence=s.span)
        return self._uncued(s, at)

    def _cue_of(self, s: Sentence, at: int, resolved: list[ResolvedCue]) -> ResolvedCue | None:
        after = [r for r in resolved if r.cue.form in ("inverted", "according") and r.cue.first > at]
        if after and _BETWEEN.fullmatch(s.tags[at + 1 : after[0].cue.first]):
            return after[0]
        before = [r for r in resolved if r.cue.verb[0] < at and r.cue.form != "inverted"]
        before += [
            r
            for r in resolved
            if r.cue.form == "inverted"
            and r.cue.last <= at
            and s.tags[at - 1] in ",:x"
            and "Q" in s.tags[: r.cue.first]
        ]
        before.sort(key=lambda r: r.cue.verb)
        if before and ";" not in s.tags[before[-1].cue.last : at]:
            return before[-1]
        return after[0] if after else None

    def _incise(self, marked: Marked) -> tuple[tuple[Span, ...], ResolvedCue] | None:
        """A cue inside the marks: the pieces around it, and the cue."""
        for start, end in marked.segments:
            if "," not in self.text[start:end] or end - start < 12:
                continue
            inner = list(sentences(self.text, [(start, end)], [], self.language))
            for s in inner:
                found = self._incise_in(s)
                if found:
                    cue, left, right = found
                    pieces = [p for p in marked.segments if p[1] <= start or (p[0] >= end and marked.closed)]
                    # where no mark closes it, the words end at their cue
                    halves = ((start, left), (right, end))[: 2 if marked.closed else 1]
                    pieces += [p for p in halves if p[1] - p[0] > 1]
                    return tuple(sorted(pieces)), cue
        return None

    def _incise_in(self, s: Sentence) -> tuple[ResolvedCue, int, int] | None:
        for cue in find_cues(s, self.text, self.language):
            if cue.form != "inverted" or not cue.first or s.tags[cue.first - 1] not in ",.!?-" or cue.phrase is None:
                continue
            if cue.phrase.pronoun is None and not (
                cue.says and re.match("(?:[pP][lD]*[wNROKC]+)*(?:[,.:!]|$)", s.tags[cue.last :])
            ):
                continue
            end = cue.last
            while end < len(s.tags) and s.tags[end] not in ",.:":
                end += 1
            if cue.phrase.pronoun is None and not (
                cue.phrase.name or (cue.phrase.head is not None and s.tags[cue.phrase.head] in "ROC")
            ):
                continue
            if cue.phrase.pronoun in self.language.words["impersonal"]:
                continue
            right = s.spans[end][1] if end < len(s.tags) else s.spans[-1][1]
            entity = self.register.resolve(s, cue.phrase)
            return ResolvedCue(cue, entity, s), s.spans[cue.first - 1][0], _skip_blank(self.text, right)
        return None

    def _uncued(self, s: Sentence, at: int) -> Attribution | None:
        marked = s.marked[at]
        before = s.tags[max(0, at - 1) : at]
        if before == ":" or (at >= 2 and s.tags[at - 2 : at] in (":.", ":-")):
            return self._after_colon(s, at)
        if _ALONE.match(s.tags[: at + 1]) and is_whole(self.text, marked):
            return self._run(s, at)
        earlier = [a for a in self.found[-3:] if a.sentence is s]
        if earlier and earlier[-1].entity and s.tags[earlier[-1].at + 1 : at].strip("x,h") in ("", ";"):
            return Attribution(marked, s, at, earlier[-1].entity, earlier[-1].cue, marked.segments, True)
        return self._embedded(s, at)

    def _after_colon(self, s: Sentence, at: int) -> Attribution | None:
        start = clause_start(s, at - 1)
        phrase = self._ending_name(s, at - 1) or leading_phrase(s, start, at - 1, self.language)
        entity = (
            self.register.resolve(s, phrase, speaking=s.tags[start] in "TN" or bool(phrase and phrase.last >= at - 1))
            if phrase
            else None
        )
        if entity is None and not is_whole(self.text, s.marked[at]):
            return None
        if entity is None:
            entity = self.subject if not s.heading else None
        if entity:
            self.register.push(entity)
        return Attribution(s.marked[at], s, at, entity, None, s.marked[at].segments, True)

    def _ending_name(self, s: Sentence, colon: int) -> Phrase | None:
        """A name right before the colon ("Et David Gelay :", "son copain Christopher :")."""
        match = re.search("T*N(?:p?N)*$", s.tags[:colon])
        if not match or s.tags[match.start() - 1 : match.start()] in ("l", "p", "P"):
            return None
        return noun_phrase(s, match.start(), self.language)

    def _run(self, s: Sentence, at: int) -> Attribution | None:
        """A quote that stands alone: it goes on with the speaker or the subject of what came just before."""
        marked = s.marked[at]
        if s.heading:
            return None
        if marked.dialogue:
            return Attribution(marked, s, at, self._interviewee(), None, marked.segments, True)
        previous = self.previous
        entity, cue = None, None
        if previous is not None and (previous.paragraph >= s.paragraph - 1) and not previous.heading:
            if self.last and self.last.sentence is previous:
                entity, cue = self.last.entity, self.last.cue
                if previous.tags[-1:] == "Q" and previous.paragraph == s.paragraph:
                    entity, cue = self._interlocutor(entity), None
            else:
                entity = self.subject
        return Attribution(marked, s, at, entity, cue, marked.segments, True)

    def _interviewee(self) -> Entity | None:
        """Whoever has spoken most so far, if it is a person; else the latest person in focus."""
        if self.spoken:
            return max(self.spoken, key=self.spoken.__getitem__)
        people = [e for e in self.register.focus if e.kind == "person" and e.named]
        return people[-1] if len(people) == 1 else None

    def _interlocutor(self, speaker: Entity | None) -> Entity | None:
        """In a dispute, a quote right after a quote is the other's, if two have just been speaking."""
        recent = [a.entity for a in self.found[-4:] if a.sentence.paragraph == self.paragraph]
        others = [entity for entity in recent if entity is not None and entity is not speaker]
        return others[-1] if others and speaker is not None and len(set(map(id, others))) == 1 else speaker

    def _embedded(self, s: Sentence, at: int) -> Attribution | None:
        """Quoted words in a narrative sentence without a cue: speech only if long and the subject is a person."""
        marked = s.marked[at]
        if s.heading or len(self.text[marked.start : marked.end].split()) < 4:
            return None
        start = clause_start(s, at)
        phrase = noun_phrase(s, start, self.language)
        entity = self.register.resolve(s, phrase, speaking=False) if phrase and start < at else None
        if entity is None and is_whole(self.text, marked):
            entity = self.subject
        if entity is None or entity.kind not in ("person", "anonymous", "collective"):
            return None
        return Attribution(marked, s, at, entity, None, marked.segments, True)

    def _after(self, s: Sentence, resolved: list[ResolvedCue]) -> None:
        """Remember this sentence's subject for the pronouns and quotes that follow."""
        self.register.mention(s)
        if s.heading:
            return
        subject = self._main_subject(s) if s.tags[0] != "Q" else None
        if subject:
            self.register.push(subject)
            self.subject = subject
        speakers = [r.entity for r in resolved if r.entity and r.cue.form != "carried"]
        mine = [a.entity for a in self.found[-6:] if a.sentence is s and a.entity]
        for entity in (*speakers, *mine)[-1:]:
            self.register.push(entity)
            self.subject = entity


def is_whole(text: str, marked: Marked) -> bool:
    """Does it read as a sentence of its own: a capital first, or an end mark last, and not one word?"""
    words = text[marked.start : marked.end]
    return (words[:1].isupper() and " " in fold(words)) or words[-1:] in tuple(".!?…")


def _skip_blank(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
