"""The last word on an article's stretches: whose they are, how surely, whether that is stated, and
whether they are anybody's at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.model import Span
from bot.extraction.attribution import Attribution
from bot.extraction.choice import Article, Chosen, Evidence, again, share_out, weigh
from bot.extraction.cue import Cue
from bot.extraction.entity import Entity
from bot.extraction.learned import Features, Weights, probability
from bot.extraction.mentions import PHRASE, PRONOUN, Mention
from bot.extraction.sentence import Sentence
from bot.extraction.sources import Option
from bot.extraction.speech import Speech
from bot.languages.language import Language
from bot.reader.scores import Score
from bot.reader.windows import Place, Tokens

STATED = 0.8
"""The least share at which a name or description beside the words states their speaker; of such
speakers at least 95 in 100 were right in articles left out (``bench/fit_choice.py``).
"""
_BESIDE = 0.5  # the least share of the one mention that states it
_LONG = 200  # characters beyond which a stretch is no more likely speech


class CanScore(Protocol):
    """An article as the learned reader has read it."""

    @property
    def tokens(self) -> Tokens: ...

    def scores(self, stretches: Sequence[Place], mentions: Sequence[Place]) -> list[Score]: ...

    def reported(self) -> NDArray[np.float32]: ...


class CanRead(Protocol):
    """The learned reader."""

    def read(self, text: str) -> CanScore: ...


class Decisions:
    """An article's evidence, and the choices made of it, step by step (the fit stops between)."""

    def __init__(
        self,
        text: str,
        language: Language,
        sentences: Sequence[Sentence],
        attributions: Sequence[Attribution],
        mentions: Sequence[Mention],
        speech: Speech,
        scores: Sequence[Score | None] | None,
        table: Weights | None = None,
    ) -> None:
        self.text, self.speech, self.table = text, speech, table
        self.mentions = mentions
        self.read = "read " if scores is not None else ""
        self.numbers = {id(s): number for number, s in enumerate(sentences)}
        self.evidence = weigh(attributions, mentions, scores)
        for e in self.evidence:
            e.said = speech.likely(e.found)
        article = Article(mentions, text, language)
        self.firsts = [
            article.first_choice(e, self.numbers[id(e.found.sentence)]) for e in self.evidence
        ]

    def seconds(self, table: Weights | None = None) -> list[Chosen]:
        """The second choice's options, after the first choice."""
        model, table = f"{self.read}speaker", table or self.table
        for chosen in self.firsts:
            share_out(chosen, model, table)
        return again(self.evidence, self.firsts)

    def settle(self) -> None:
        """Choose, and write it to the stretches."""
        for e, chosen in zip(self.evidence, self.seconds(), strict=True):
            share_out(chosen, f"{self.read}speaker again", self.table)
            self.settle_one(e, chosen)

    def settle_one(self, e: Evidence, chosen: Chosen) -> None:
        """Write what was chosen for one stretch."""
        found, entity = e.found, chosen.options[chosen.best]
        sure = chosen.shares[chosen.best]
        if _is_settled(found, entity):
            entity = found.entity
            sure = sum(
                share
                for option, share in zip(chosen.options, chosen.shares, strict=True)
                if option and entity and option.name in entity.name
            )
        if entity is not found.entity:
            found.cue = _cue_of(found, entity)
            found.carried = None
        found.entity, found.sure = entity, sure
        found.stated = found.sure >= STATED and self._is_stated(e)
        found.said = probability(
            f"{self.read}speech again", said_features(self.text, e), self.table
        )

    def _is_stated(self, e: Evidence) -> bool:
        """Does a mention beside the words name the speaker?"""
        found = e.found
        if not e.mentions:
            return found.stated
        at, share = max(e.mentions.items(), key=lambda item: item[1])
        mention = self.mentions[at]
        if mention.kind in (PRONOUN, PHRASE) or share < _BESIDE:
            return found.stated and found.cue is not None
        here = mention.sentence == self.numbers[id(found.sentence)]
        return here and any(entity is found.entity for entity, _ in mention.means[:1])


def _is_settled(found: Attribution, chosen: Entity | None) -> bool:
    """Is there nothing to choose: is the speaker's name set inside the words' own marks, or is the
    one chosen only part of who is named ("Ana Roy et Luc Morel", "l'avocate d'Ana Roy")?
    """
    taken = found.entity
    if taken is None or chosen is taken:
        return False
    if found.marked.label:
        return True
    cue = found.cue
    inside = len(found.segments) > 1 and cue is not None and cue.phrase is not None
    if inside and cue is not None and cue.phrase is not None and cue.phrase.name is not None:
        return True
    whole = taken.kind == "collective" or (found.stated and not taken.named)
    return chosen is not None and whole and chosen.name in taken.name


def _cue_of(found: Attribution, entity: Entity | None) -> Cue | None:
    """The cue that the rules saw for an entity."""
    values = found.choice.values if found.choice is not None else []
    cues = [v.cue for v in values if isinstance(v, Option) and v.entity is entity and v.cue]
    return cues[0].cue if cues else None


def said_features(text: str, e: Evidence) -> Features:
    """What tells at last whether a stretch is speech: the rules' probability, the reader's, and
    whose it would be.
    """
    found, marked = e.found, e.found.marked
    said = min(max(e.said, 1e-4), 1 - 1e-4)
    words = len(text[marked.start : marked.end].split())
    short = float(words <= 3)
    known = found.entity is not None
    features = {
        "bias": 1.0,
        "rules": math.log(said / (1 - said)),
        "length": min(marked.end - marked.start, _LONG) / 100,
        "one": float(words == 1),
        "short": short,
        "heading": float(found.sentence.heading),
        "heading:nobody": float(found.sentence.heading and not known),
        "nobody": float(not known),
        "sure": found.sure * known,
        "sure:short": found.sure * known * short,
    }
    if e.speech is not None:
        features |= {"reader": e.speech, "reader:short": e.speech * short}
    return features


def places(
    attributions: Sequence[Attribution], sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> tuple[list[Place], list[Place]]:
    """Stretches and mentions as the reader takes them."""
    numbers = {id(s): number for number, s in enumerate(sentences)}
    stretches = [Place(span_of(a), numbers[id(a.sentence)]) for a in attributions]
    return stretches, [place_of(m) for m in mentions]


def place_of(mention: Mention) -> Place:
    """A mention as the reader takes it."""
    return Place(mention.span, mention.sentence, mention.kind, mention.heading)


def span_of(found: Attribution) -> Span:
    """From a stretch's first word to its last."""
    return found.segments[0][0], found.segments[-1][1]
