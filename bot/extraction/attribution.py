"""Who said each marked stretch: its possible sources are gathered and weighed, and the likeliest is taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.domain.model import Span
from bot.domain.text import trim
from bot.extraction.chunker import noun_phrase
from bot.extraction.clause import NOUN, SAYS, VERB, Clauses, parse
from bot.extraction.cue import Cue
from bot.extraction.cues import find_cues
from bot.extraction.features import ResolvedCue, by_nearness, cue_features, entity_features, is_whole, position
from bot.extraction.learned import Choice, Features, Weights, choose, total
from bot.extraction.marks import Marked
from bot.extraction.phrase import Phrase
from bot.extraction.reference import Discourse, Reference
from bot.extraction.register import Entity, Register
from bot.extraction.roles import bare, clean
from bot.extraction.sentence import Sentence
from bot.extraction.subjects import may_speak
from bot.extraction.tokens import sentences
from bot.languages import tags
from bot.languages.language import Language

_SUBJECT = re.compile(r"[hp]*(?:\([^)]*\))?(?:,[^Q;:]{1,10}?,)?[hcpx]*[Vy]")
STATED = 0.8
"""The least probability at which a pronoun or description beside the words counts as naming their speaker."""
_ANSWERED = 0.7  # how surely an interview's answers are its subject's
_LEAD = 2  # paragraphs, the title's included, in which a role alone may announce whom the next sentence names
_CALLED = 0.6  # the least probability that makes a description somebody's role
_LABEL = re.compile(r"n(?:\([^)]*\))?(?:,[^Q:;]{1,8})?:")


@dataclass(slots=True)
class Attribution:
    """A marked stretch with the source taken for it: the entity (None: unknown), the cue, the sentence.

    ``sure`` is the probability that the entity is right (0 to 1); ``stated`` says that a cue beside the words names
    it; ``implicit`` that no cue stands in the sentence.
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

    @property
    def cue_here(self) -> bool:
        """Does the cue stand in the sentence that holds the marks, not inside them?"""
        return self.choice is not None and self.choice.model == "source"

    @property
    def implicit(self) -> bool:
        """Does no cue announce the words?"""
        return self.cue is None


@dataclass(slots=True)
class Option:
    """One possible source of a stretch."""

    entity: Entity | None
    features: Features = field(default_factory=dict)
    cue: ResolvedCue | None = None
    weight: float = 0.0


class Attributor:
    """Goes through an article's sentences once, in order."""

    def __init__(self, text: str, language: Language, register: Register, table: Weights | None = None) -> None:
        self.text, self.language, self.register, self.table = text, language, register, table
        self.discourse = Discourse()
        self.reference = Reference(register, self.discourse, table)
        self.found: list[Attribution] = []
        self.called: dict[Entity, str] = {}
        self.announced: Entity | None = None
        self.meant: dict[Entity, Entity] = {}
        self.previous: Sentence | None = None

    def sentence(self, number: int, s: Sentence, following: Sentence | None) -> list[ResolvedCue]:
        """Attribute the quotes of sentence ``number`` and return its resolved cues."""
        self.discourse.begin(number, s.paragraph)
        clauses = parse(s)
        resolved, subjects = self._walk(clauses)
        main = subjects[0] if subjects else None
        for at in sorted(s.marked):
            attribution = self._quote(clauses, at, resolved, main, following)
            self.found.append(attribution)
            if attribution.entity and not s.heading:
                self.discourse.spoken[attribution.entity] += 1
        self._after(s, resolved, subjects)
        self.previous = s
        return resolved

    # ---- who is spoken of, phrase by phrase
    def _walk(self, c: Clauses) -> tuple[list[ResolvedCue], list[Entity]]:
        """Resolve the sentence's cues and subjects in the order of its phrases."""
        s, cues = c.s, find_cues(c)
        waiting = [cue for cue in cues if cue.phrase is not None]
        resolved: dict[int, ResolvedCue] = {}
        subjects: list[Entity] = []
        for number, chunk in enumerate(c.chunks):
            phrase = chunk.phrase
            for cue in [cue for cue in waiting if cue.phrase and cue.phrase.first < chunk.last]:
                waiting.remove(cue)
                own = subjects[-1] if subjects and cue.form == "according" else None
                choice = self.reference.resolve(s, cue.phrase, own) if cue.phrase else None
                entity = choice.value if choice else None
                resolved[id(cue)] = ResolvedCue(cue, entity if isinstance(entity, Entity) else None, s, choice)
                self._mention(entity, s, "speaker")
                if cue.form != "passive":
                    self._call(s, cue.phrase, choice)
                if cue.form == "subject" and isinstance(entity, Entity):
                    subjects.append(entity)
            if phrase is not None and not any(
                r.cue.phrase and r.cue.phrase.first == phrase.first for r in resolved.values()
            ):
                self._spoken_of(c, number, phrase, subjects)
        self._carry(cues, resolved, subjects, s)
        ordered = [resolved[id(cue)] for cue in cues if id(cue) in resolved]
        label = self._label(c, cues)
        return ([label, *ordered] if label else ordered), subjects

    def _spoken_of(self, c: Clauses, number: int, phrase: Phrase, subjects: list[Entity]) -> None:
        """Note a phrase that is no cue's: as a subject, or as somebody mentioned."""
        s = c.s
        subject = c.kinds[number] == NOUN and _SUBJECT.match(c.kinds, number + 1) is not None
        if phrase.name is None and c.kinds[max(0, number - 2) : number] == "n,":
            named = c.chunks[number - 2].phrase
            if named is not None and named.name:
                return  # an apposition: "Ana Roy, maire de Valmont"
        known = phrase.name or (phrase.head is not None and s.tag(phrase.head) in "ROCK")
        some = phrase.head is not None and s.tag(phrase.head) == tags.DETERMINER
        if not (known or (subject and (phrase.pronoun or some))):
            return
        for part in phrase.members or (phrase,):
            entity = self.reference.resolve(s, part).value
            self._mention(entity, s, "subject" if subject else "object" if c.kinds[number] == NOUN else "oblique")
            if subject and isinstance(entity, Entity):
                subjects.append(entity)

    def _call(self, s: Sentence, phrase: Phrase | None, choice: Choice | None) -> None:
        """Keep the role by which a named person is meant ("le maire a dit"), or announced in the lead."""
        entity = choice.value if choice else None
        announced, self.announced = self.announced, None
        if announced and phrase and phrase.name and isinstance(entity, Entity) and entity.full and not entity.role:
            if s.paragraph <= _LEAD and announced.gender in ("", entity.gender):
                self.called.setdefault(entity, announced.name)
                self.meant[announced] = entity
        if isinstance(entity, Entity) and not entity.named and s.paragraph < _LEAD and not s.heading:
            self.announced = entity if entity.kind == "person" and not entity.plural else None
        if (
            phrase is None
            or phrase.name
            or phrase.common is None
            or phrase.head is None
            or s.tag(phrase.head) != tags.ROLE
        ):
            return
        if isinstance(entity, Entity) and entity.named and entity.kind == "person" and choice and choice.sure > _CALLED:
            if s.words[phrase.head] not in s.language.set("nouns", "kin") and not s.has("anaphoric", phrase.head):
                self.called.setdefault(entity, bare(clean(s.raw(phrase.first, phrase.last))))

    def _mention(self, entity: object, s: Sentence, place: str) -> None:
        if isinstance(entity, Entity):
            self.discourse.mention(entity, "heading" if s.heading else place)

    def _carry(self, cues: list[Cue], resolved: dict[int, ResolvedCue], subjects: list[Entity], s: Sentence) -> None:
        """Cues without a subject of their own have the one before them, or the sentence's."""
        carrier: Entity | None = None
        later = next((resolved[id(c)].entity for c in cues if id(c) in resolved and c.form == "subject"), None)
        for cue in cues:
            if id(cue) in resolved:
                carrier = resolved[id(cue)].entity or carrier if cue.form != "according" else carrier
            elif cue.form == "carried":
                entity = carrier or (subjects[0] if subjects else None) or later or self.discourse.speaker
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

    # ---- whose words
    def _quote(
        self, c: Clauses, at: int, resolved: list[ResolvedCue], main: Entity | None, following: Sentence | None
    ) -> Attribution:
        s, marked = c.s, c.s.marked[at]
        if marked.label:
            speaker = self.register.bearer(self.text[slice(*marked.label)])
            return Attribution(marked, s, at, speaker, None, marked.segments, 1.0, True)
        if marked.dialogue:
            return Attribution(marked, s, at, self._interviewee(), None, marked.segments, _ANSWERED)
        incise = self._incise(marked, s)
        if incise:
            segments, found = incise
            sure = found.sure
            return Attribution(marked, s, at, found.entity, found.cue, segments, sure, True, found.choice)
        options = self._options(c, at, resolved, main, following)
        choice = choose("source", [o.features for o in options], list(options), self.table)
        taken = choice.value
        assert isinstance(taken, Option)  # noqa: S101 the options are never empty
        cue = taken.cue
        choice.behind = [o.cue.choice for o in options if o.cue and o.cue.choice]
        reference = cue.sure if cue else 1.0
        stated = cue is not None and cue.cue.phrase is not None and reference >= STATED
        return Attribution(
            marked, s, at, taken.entity, cue.cue if cue else None, marked.segments,
            choice.sure * reference if taken.entity else choice.sure, stated, choice,
            self._carried(s, taken.entity) if cue is None else None,
        )  # fmt: skip

    def _carried(self, s: Sentence, entity: Entity | None) -> str | None:
        last = self.found[-1] if self.found else None
        if last is None or last.entity is not entity or last.sentence not in (s, self.previous):
            return None
        return last.cue.text if last.cue else last.carried

    def _interviewee(self) -> Entity | None:
        """Whoever has spoken most so far, else the person named most."""
        d = self.discourse
        people = [e for e in d.order if e.sort == "person"] or [e for e in d.order if e.kind == "person" and e.named]
        return max(people, key=lambda e: (d.spoken[e], d.counts[e], d.order.index(e)), default=None)

    def _options(
        self, c: Clauses, at: int, resolved: list[ResolvedCue], main: Entity | None, following: Sentence | None
    ) -> list[Option]:
        s = c.s
        where = position(s, at, is_whole(self.text, s.marked[at]))
        merged: dict[Entity | None, Option] = {None: Option(None, self._nobody(s, at, where, resolved))}
        for rank, item in enumerate(by_nearness(resolved, at)):
            self._offer(merged, item.entity, cue_features(s, at, item, rank), item)
        d = self.discourse
        last = self.found[-1] if self.found else None
        if last is not None:
            self._offer(merged, last.entity, self._run_features(s, last, where))
        if d.subject is not None:
            self._offer(
                merged, d.subject, {f"subject:{where}": 1.0, "subject": 1.0, "subject:heading": float(s.heading)}
            )
        if d.speaker is not None:
            self._offer(merged, d.speaker, {f"speaker:{where}": 1.0, "speaker:heading": float(s.heading)})
        if main is not None:
            self._offer(merged, main, {f"main:{where}": 1.0, "main:quote first": float(at == 0)})
        if d.spoken:
            most = max(d.spoken, key=d.spoken.__getitem__)
            self._offer(merged, most, {f"most:{where}": 1.0, "most:share": d.spoken[most] / d.spoken.total()})
        for entity, features in (*self._colon(c, at), *self._next(s, at, where, following)):
            self._offer(merged, entity, features)
        for option in merged.values():
            if option.entity is not None:
                option.features |= entity_features(option.entity, where, d)
        return list(merged.values())

    def _offer(
        self, merged: dict[Entity | None, Option], entity: Entity | None, features: Features,
        cue: ResolvedCue | None = None,
    ) -> None:  # fmt: skip
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
            "nobody": 1.0, f"nobody:{where}": 1.0, "nobody:heading": float(s.heading),
            "nobody:short": float(words < 4), "nobody:cued": float(bool(resolved)), "nobody:dialogue": float(marked.dialogue),
            "nobody:before any": float(not self.discourse.order),
        }  # fmt: skip

    def _run_features(self, s: Sentence, last: Attribution, where: str) -> Features:
        """The quote before this one: how near it is, and how it ended."""
        d = self.discourse
        gap = 0 if last.sentence is s else d.number - d.last[last.entity].sentence if last.entity in d.last else 9
        beside = last.sentence is self.previous
        same = last.sentence is s
        paragraph = s.paragraph - last.sentence.paragraph
        ended = last.sentence.tags[last.at + 1 :].strip("x,h.")
        return {
            f"last:{where}": 1.0, f"last:gap{min(gap, 3)}": 1.0, "last:beside": float(beside), "last:same": float(same),
            f"last:beside:{where}": float(beside), f"last:same:{where}": float(same),
            f"last:paragraph{min(paragraph, 3)}": 1.0, "last:no tail": float(beside and not ended),
            "last:no tail:same paragraph": float(beside and not ended and paragraph == 0),
            "last:unknown": float(last.entity is None), "last:cued": float(last.cue is not None),
            "last:heading": float(last.sentence.heading), "last:sure": last.sure,
        }  # fmt: skip

    def _colon(self, c: Clauses, at: int) -> list[tuple[Entity | None, Features]]:
        """The phrase that ends at the colon before a quote ("Et David Gelay : « … »"), and the clause's first one."""
        s = c.s
        colon = at - 1 - (s.tag(at - 1) in (".", "-"))
        if s.tag(colon) != ":":
            return []
        found = []
        before = [i for i, chunk in enumerate(c.chunks) if chunk.last <= colon and chunk.phrase]
        firsts = [i for i in before if c.kinds[i] == NOUN]
        for number in before[-1:] + firsts[:1]:
            phrase = c.chunks[number].phrase
            if (
                phrase is not None
                and phrase.head is not None
                and s.words[phrase.head] in self.language.set("nouns", "saying")
            ):
                phrase = noun_phrase(s, phrase.head + 2) if s.tag(phrase.head + 1) == tags.GENITIVE else None
            if phrase is None or not (phrase.pronoun or may_speak(s, phrase, loose=False)):
                continue
            entity = self.reference.resolve(s, phrase).value
            ends = c.chunks[number].last >= colon - 1
            kind = "ends" if ends and c.kinds[number] == NOUN else "inside" if ends else "first"
            alone = set(c.kinds[:number]) <= set("xh,")
            features = {
                f"colon:{kind}": 1.0,
                f"colon:{kind}:alone": float(alone),
                "colon:verb": float(bool(set(c.kinds) & {SAYS, VERB})),
            }
            if isinstance(entity, Entity):
                found.append((entity, features))
        return found  # type: ignore[return-value]

    def _next(
        self, s: Sentence, at: int, where: str, following: Sentence | None
    ) -> list[tuple[Entity | None, Features]]:
        """Who is named at the head of the sentence that follows, where the quote ends its own."""
        if following is None or following.paragraph > s.paragraph + 1 or s.tags[at + 1 :].strip(".,-"):
            return []
        clauses = parse(following)
        number = next((i for i, kind in enumerate(clauses.kinds[:4]) if kind == NOUN), None)
        phrase = clauses.chunks[number].phrase if number is not None else None
        if phrase is None or not (phrase.name or phrase.pronoun or may_speak(following, phrase, loose=False)):
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

    # ---- cues inside the marks
    def _incise(self, marked: Marked, s: Sentence) -> tuple[tuple[Span, ...], ResolvedCue] | None:
        """A cue inside the marks: the pieces around it, and the cue."""
        for start, end in marked.segments:
            if "," not in self.text[start:end] or end - start < 12:
                continue
            for inner in sentences(self.text, [(start, end)], [], self.language):
                inner.people = s.people
                found = self._incise_in(inner)
                if found:
                    cue, left, right = found
                    pieces = [p for p in marked.segments if p[1] <= start or (p[0] >= end and marked.closed)]
                    # where no mark closes it, the words end at their cue
                    halves = ((start, left), (right, end))[: 2 if marked.closed else 1]
                    pieces += [p for p in halves if trim(self.text, *p, also=",")[0] < trim(self.text, *p, also=",")[1]]
                    if not pieces:
                        continue
                    return tuple(sorted(pieces)), cue
        return None

    def _incise_in(self, s: Sentence) -> tuple[ResolvedCue, int, int] | None:
        c = parse(s)
        for cue in find_cues(c):
            if cue.form != "inverted" or not cue.first or s.tags[cue.first - 1] not in ",.!?-" or cue.phrase is None:
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
            return ResolvedCue(cue, entity, s, choice), s.spans[cue.first - 1][0], _skip_blank(self.text, right)
        return None


def _skip_blank(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
