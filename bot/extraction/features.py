"""What tells a quote's source: how cues and people stand to it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from bot.domain.text import fold
from bot.extraction.cue import Cue
from bot.extraction.entity import Entity
from bot.extraction.learned import Choice, Features
from bot.extraction.marks import Marked
from bot.extraction.reference import Discourse
from bot.extraction.sentence import Sentence
from bot.languages import tags

_ADJACENT = re.compile("[,.hxt-]*(?:w,)?")


@dataclass(slots=True)
class ResolvedCue:
    """A cue with its entity, in the order of the text; ``choice`` is how its phrase was
    resolved.
    """

    cue: Cue
    entity: Entity | None
    sentence: Sentence
    choice: Choice | None = None

    @property
    def sure(self) -> float:
        """The probability that the phrase means this entity."""
        return self.choice.sure if self.choice else 1.0


def position(s: Sentence, at: int, whole: bool) -> str:
    """Where a quote stands in its sentence: "alone", after a "colon", "first", or "inside" it."""
    if s.marked[at].dialogue:
        return "dialogue"
    if s.tags[:at].strip("x,h-") == "":
        if s.tags[at + 1 :].strip(".,-") == "":
            return "alone" if whole else "fragment"
        return "first" if whole else "first fragment"
    if s.tag(at - 1) == ":" or s.tags[max(0, at - 2) : at] in (":.", ":-"):
        return "colon"
    return "inside whole" if whole else "inside"


def by_nearness(resolved: list[ResolvedCue], at: int) -> list[ResolvedCue]:
    return sorted(
        resolved, key=lambda r: abs((r.cue.first if r.cue.first > at else r.cue.last) - at)
    )


def cue_features(s: Sentence, at: int, item: ResolvedCue, rank: int) -> Features:
    """How a cue stands to a quote: side, form, distance, and what is between them."""
    cue = item.cue
    after = cue.first > at
    between = s.tags[at + 1 : cue.first] if after else s.tags[cue.last : at]
    side = "after" if after else "before"
    gap = _gap(s, at, between, after)
    kind = (
        "none"
        if cue.phrase is None
        else "pron"
        if cue.phrase.pronoun
        else "name"
        if cue.phrase.name
        else "desc"
    )
    verb = "says" if cue.says else "cue"
    return {
        f"cue:{side}:{cue.form}": 1.0,
        f"cue:{side}:{cue.form}:{gap}": 1.0,
        f"cue:{side}:rank{min(rank, 2)}": 1.0,
        f"cue:{side}:{verb}": 1.0,
        f"cue:phrase:{kind}": 1.0,
        f"cue:link:{cue.link}": 1.0,
        "cue:quote between": float("Q" in between),
        "cue:stop between": float(";" in between or "." in between),
        "cue:that between": float("q" in between),
        "cue:impersonal": float(cue.impersonal),
        "cue:nobody": float(item.entity is None),
        f"cue:{side}:far": math.log1p(len(between)),
        f"cue:{side}:verb between": float(not after and bool(set(between) & set("VUy"))),
        f"cue:{side}:relative": float(cue.link == "relative"),
    }


def _gap(s: Sentence, at: int, between: str, after: bool) -> str:
    if after:
        return "adjacent" if _ADJACENT.fullmatch(between) else "far"
    if s.tag(at - 1) == ":":
        return "colon"
    if tags.THAT in between:
        return "that"
    return "adjacent" if len(between) <= 3 else "near" if len(between) <= 10 else "far"


def entity_features(entity: Entity, where: str, d: Discourse) -> Features:
    return {
        f"entity:{entity.sort}": 1.0,
        f"entity:{entity.sort}:{where}": 1.0,
        "entity:spoken": math.log1p(d.spoken[entity]),
        "entity:full": float(entity.full),
        "entity:headline": float(entity is d.headline),
    }


def is_whole(text: str, marked: Marked) -> bool:
    """Does it read as a sentence of its own: a capital first, or an end mark last, and not one
    word?
    """
    words = text[marked.start : marked.end]
    return (words[:1].isupper() and " " in fold(words)) or words[-1:] in tuple(".!?…")
