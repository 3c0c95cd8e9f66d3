"""Articles as the reader learns from them: stretches, mentions, and who is right.

English ones are annotated (PolNeAR); French ones are not: there the stretches whose speaker the
present rules find stated beside the words, surely, are taken for right, and their names are masked
by pronouns and descriptions, so that what is learnt is not what the rules see already.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extract_rows import article_of
from scoring import overlap, right_speaker

from bot.domain.model import Span
from bot.domain.shadow import shadow
from bot.extraction.attribution import Attribution
from bot.extraction.entity import Entity
from bot.extraction.extract import Analysis, analyse, marked_of
from bot.extraction.learned import Weights
from bot.extraction.mentions import BARE, DESCRIPTION, NAME, PHRASE, PRONOUN, Mention
from bot.extraction.speakers import place_of, span_of
from bot.languages.language import Language, language
from bot.reader.windows import Place

SURE = 0.85
"""The least probability at which a rule's stated speaker is taken for right."""
_NEAR = 500  # characters between a stretch and the phrase of its speaker
_SPARSE = 4  # labelled stretches that make an unannotated article worth reading
_RANK = {NAME: 0, DESCRIPTION: 1, PRONOUN: 0, BARE: 2, PHRASE: 2}


@dataclass(frozen=True, slots=True)
class Target:
    """What is right for a stretch: mentions of its speaker anywhere, the one beside it, whether it
    is speech (None: not known), how much it counts; ``mask`` is a name's place and what may stand
    there instead, as (words, kind).
    """

    anywhere: tuple[int, ...] = ()
    beside: tuple[int, ...] = ()
    speech: bool | None = None
    share: float = 1.0
    mask: tuple[Span, tuple[tuple[str, str], ...]] | None = None


@dataclass(slots=True)
class Example:
    """One article; ``reported`` are the spans of reported statements, None where nobody marked
    them.
    """

    name: str
    text: str
    mentions: list[Place]
    stretches: list[Place] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    reported: list[Span] | None = None


def read(document: dict[str, Any], table: Weights | None = None) -> tuple[str, Analysis, Language]:
    """A document's text as the parser reads it, and all that the rules say of it."""
    article = article_of(document)
    article = replace(article, text=shadow(article.text))
    own = language(article.language)
    paragraphs, marked = marked_of(article)
    return article.text, analyse(article, own, paragraphs, marked, table), own


def annotated(document: dict[str, Any]) -> Example:
    """An annotated article, its reported statements as further stretches."""
    text, analysis, own = read(document)
    made = Example(document["id"], text, [place_of(m) for m in analysis.mentions])
    numbers = {id(s): i for i, s in enumerate(analysis.sentences)}
    for found in analysis.attributions:
        span = span_of(found)
        row = max(document["quotes"], key=lambda row: _same(row, span), default=None)
        if row is None or _same(row, span) < 0.5 or row.get("kind", "speech") == "optional":
            continue
        made.stretches.append(Place(span, numbers[id(found.sentence)]))
        speech = row.get("kind", "speech") == "speech"
        target = _of_row(text, analysis, row, span) if speech else Target()
        mask = _mask(analysis, target.anywhere, target.beside, own)
        made.targets.append(replace(target, speech=speech, mask=mask))
    made.reported = [(row["start"], row["end"]) for row in document.get("indirect") or []]
    for row in document.get("indirect") or []:
        span = row["start"], row["end"]
        target = _of_row(text, analysis, {"mention": row.get("speaker"), **row}, span)
        if target.beside:
            made.stretches.append(Place(span, _sentence_at(analysis, span[0])))
            made.targets.append(replace(target, share=0.5))
    return made


def _same(row: dict[str, Any], span: Span) -> float:
    pieces = [tuple(piece) for piece in row.get("segments") or []]
    return max(overlap(span, piece) for piece in [(row["start"], row["end"]), *pieces])


def _sentence_at(analysis: Analysis, at: int) -> int:
    begun = [i for i, s in enumerate(analysis.sentences) if s.span[0] <= at]
    return begun[-1] if begun else 0


def _of_row(text: str, analysis: Analysis, row: dict[str, Any], span: Span) -> Target:
    """The mentions that an annotated row's speaker has."""
    anywhere: tuple[int, ...] = ()
    if row.get("speaker") and not row.get("silver"):
        anywhere = tuple(
            i
            for i, m in enumerate(analysis.mentions)
            if m.own is not None and m.kind != PRONOUN and right_speaker(row, m.own.name)
        )
    return Target(anywhere, _beside(text, analysis.mentions, row.get("mention") or "", span))


def _beside(text: str, mentions: Sequence[Mention], words: str, span: Span) -> tuple[int, ...]:
    """The mention that stands where the words of the annotation stand nearest to the stretch."""
    parts = [re.escape(word).replace("'", "['’]").replace("’", "['’]") for word in words.split()]
    if not parts:
        return ()
    start, end = max(0, span[0] - _NEAR), span[1] + _NEAR
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)
    places = [
        match.span()
        for match in pattern.finditer(text, start, end)
        if not (span[0] <= match.start() and match.end() <= span[1])
    ]
    if not places:
        return ()
    at = min(places, key=lambda p: max(p[0] - span[1], span[0] - p[1], 0))
    touching = [
        (abs(m.full[0] - at[0]) // 3, _RANK[m.kind], i)
        for i, m in enumerate(mentions)
        if m.full[0] < at[1] and at[0] < m.full[1]
    ]
    return (min(touching)[2],) if touching else ()


# ---- articles that nobody annotated
def unannotated(document: dict[str, Any]) -> Example | None:
    """What the rules are sure of in an article; None where that is too little to learn from."""
    text, analysis, own = read(document)
    made = Example(document["id"], text, [place_of(m) for m in analysis.mentions])
    numbers = {id(s): i for i, s in enumerate(analysis.sentences)}
    for found in analysis.attributions:
        target = _stated(analysis, found, own)
        if target is not None:
            made.stretches.append(Place(span_of(found), numbers[id(found.sentence)]))
            made.targets.append(target)
    return made if len(made.targets) >= _SPARSE else None


def _stated(analysis: Analysis, found: Attribution, own: Language) -> Target | None:
    entity, cue = found.entity, found.cue
    sure = entity is not None and found.stated and found.sure >= SURE
    if not sure or cue is None or cue.phrase is None or not analysis.speech.is_speech(found):
        return None
    beside = next(
        (
            i
            for i, m in enumerate(analysis.mentions)
            if m.sentence == _number(analysis, found) and _is_phrase(m, found)
        ),
        None,
    )
    if beside is None:
        return None
    anywhere = tuple(i for i, m in enumerate(analysis.mentions) if m.own is entity)
    return Target(anywhere, (beside,), True, mask=_mask(analysis, anywhere, (beside,), own))


def _mask(
    analysis: Analysis, anywhere: Sequence[int], beside: Sequence[int], own: Language
) -> tuple[Span, tuple[tuple[str, str], ...]] | None:
    """What may stand for the name beside a stretch, if its bearer is named elsewhere, too."""
    mention = analysis.mentions[beside[0]] if beside and len(anywhere) > 1 else None
    if mention is None or mention.kind != NAME or mention.own is None or not mention.own.full:
        return None
    words = _instead(mention.own, own)
    return (mention.full, words) if words else None


def _number(analysis: Analysis, found: Attribution) -> int:
    return next(i for i, s in enumerate(analysis.sentences) if s is found.sentence)


def _is_phrase(mention: Mention, found: Attribution) -> bool:
    phrase = found.cue.phrase if found.cue else None
    if phrase is None or phrase.last > len(found.sentence.spans):
        return False
    spans = found.sentence.spans
    return mention.full == (spans[phrase.first][0], spans[phrase.last - 1][1])


def _instead(entity: Entity, own: Language) -> tuple[tuple[str, str], ...]:
    """Pronouns and descriptions that could stand for a person's name."""
    if entity.gender not in ("m", "f"):
        return ()
    key = "masculine" if entity.gender == "m" else "feminine"
    heads = sorted(entity.heads)
    described = [(f"{_article(head, entity.gender, own)}{head}", DESCRIPTION) for head in heads[:2]]
    return ((own.words[key][0], PRONOUN), *described)


def _article(head: str, gender: str, own: Language) -> str:
    if own.code == "en":
        return "the "
    return "l’" if head[:1] in "aeiouyéèêh" else "le " if gender == "m" else "la "


def masked(example: Example, chance: random.Random, share: float) -> Example:
    """The article with some of its stated names replaced."""
    edits: list[tuple[Span, str, str]] = []
    for target in example.targets:
        if target.mask and chance.random() < share:
            span, choices = target.mask
            if all(span[1] <= a or b <= span[0] for (a, b), _, _ in edits):
                edits.append((span, *chance.choice(choices)))
    if not edits:
        return example
    edits.sort()
    pieces, last = [], 0
    for (start, end), words, _ in edits:
        pieces += [example.text[last:start], words]
        last = end
    text = "".join([*pieces, example.text[last:]])
    kinds = {span: kind for span, _, kind in edits}
    hidden = {i for i, m in enumerate(example.mentions) if _hidden(m.span, kinds)}
    mentions = [
        replace(m, span=_shifted(m.span, edits), kind=_hidden(m.span, kinds) or m.kind)
        for m in example.mentions
    ]
    targets = [
        replace(t, anywhere=tuple(i for i in t.anywhere if i not in hidden))
        for t in example.targets
    ]
    stretches = [replace(p, span=_shifted(p.span, edits)) for p in example.stretches]
    reported = example.reported and [_shifted(span, edits) for span in example.reported]
    return Example(example.name, text, mentions, stretches, targets, reported)


def _hidden(span: Span, kinds: dict[Span, str]) -> str:
    """What stands for a name, where its phrase was replaced."""
    return next((kind for (a, b), kind in kinds.items() if a <= span[0] and span[1] <= b), "")


def _shifted(span: Span, edits: Sequence[tuple[Span, str, str]]) -> Span:
    return _moved(span[0], edits, False), _moved(span[1], edits, True)


def _moved(at: int, edits: Sequence[tuple[Span, str, str]], ends: bool) -> int:
    by = 0
    for (start, end), words, _ in edits:
        if at >= end:
            by += len(words) - (end - start)
        elif at > start or (at == start and ends):
            return start + by + (len(words) if ends else 0)
        else:
            break
    return at + by
