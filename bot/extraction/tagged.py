"""Reported statements once more, with what the reader makes of every token: the rules' clauses are
kept where the reader sees a statement, too, and what it alone sees surely is added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.domain.model import Span
from bot.domain.text import trim
from bot.extraction.choice import Shares, entity_shares
from bot.extraction.marks import Marked
from bot.extraction.mentions import Mention
from bot.extraction.reported import Reported
from bot.extraction.sentence import Sentence
from bot.extraction.speakers import CanScore, place_of
from bot.languages.language import Language
from bot.reader.windows import Place

_INSIDE = 0.5  # the least probability of a token that belongs to a statement
_WORDS = 4  # a shorter stretch states nothing by itself
_NEAR = 4  # tokens before a statement in which a negation denies it
_APART = 0.3  # two spans that share less are two statements
_NAMED = 0.3  # the least share of a speaker whom the reader alone proposes
_OWN = 0.05  # the least share that leaves a rule's speaker standing


def with_tags(
    found: Sequence[Reported],
    read: CanScore,
    text: str,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    own: Language,
) -> list[Reported]:
    """The reported statements in the order of the text, not overlapping."""
    tags = read.reported()
    least = own.data["reported"]
    kept = [r for r in found if _mean(read, tags, r.span) >= least["kept"]]
    ruled: dict[Span, list[Reported]] = defaultdict(list)
    for r in kept:
        ruled[r.sentence].append(r)
    for s in sentences if least["added"] <= 1 else ():
        for span in _tagged(s, read, tags, text, list(s.marked.values())):
            near = any(_shared(span, r.span) >= _APART for r in ruled[s.span])
            if not near and _mean(read, tags, span) >= least["added"]:
                kept.append(Reported(span, None, None, s.span, _holds_marks(span, s)))
    kept.sort(key=lambda r: r.span)
    return _attributed(kept, read, sentences, mentions)


def _mean(read: CanScore, tags: NDArray[np.float32], span: Span) -> float:
    """How likely a span's tokens belong to a statement, on average."""
    if not len(tags):
        return 0.0
    first, last = read.tokens.of(span)
    return float(1.0 - tags[first : last + 1, 0].mean())


def _tagged(
    s: Sentence,
    read: CanScore,
    tags: NDArray[np.float32],
    text: str,
    marked: Sequence[Marked],
) -> Iterator[Span]:
    """The runs of a sentence's tokens that the reader takes for statements."""
    if not len(tags):
        return
    first, last = read.tokens.of(s.span)
    at = first
    while at <= last:
        if 1.0 - tags[at, 0] < _INSIDE:
            at += 1
            continue
        end = at + 1
        while end <= last and 1.0 - tags[end, 0] >= _INSIDE and tags[end, 1] < _INSIDE:
            end += 1
        start, stop = read.tokens.starts[at], read.tokens.ends[end - 1]
        span = trim(text, *_whole_words(text, start, stop))
        long = len(text[slice(*span)].split()) >= _WORDS
        if long and not _within(span, marked) and not _is_none(s, span):
            yield span
        at = end


def _is_none(s: Sentence, span: Span) -> bool:
    """Is it only hoped or meant ("hoped to leave"), or denied ("did not say that …")?"""
    at = next((i for i, (start, _) in enumerate(s.spans) if start >= span[0]), len(s))
    if s.word(at) == s.language.tokens["infinitive_marker"]:
        return True
    return any(s.has("negation", i) for i in range(max(0, at - _NEAR), at))


def _whole_words(text: str, start: int, end: int) -> Span:
    """A span with the words that it cuts."""
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _shared(one: Span, other: Span) -> float:
    """How much of the shorter span lies in the other."""
    inside = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, inside) / max(1, min(one[1] - one[0], other[1] - other[0]))


def _within(span: Span, marked: Sequence[Marked]) -> bool:
    """Do marked words make up most of a span?"""
    inside = sum(max(0, min(span[1], m.end) - max(span[0], m.start)) for m in marked)
    return 2 * inside > span[1] - span[0]


def _holds_marks(span: Span, s: Sentence) -> bool:
    return any(span[0] <= m.start and m.end <= span[1] for m in s.marked.values())


def _attributed(
    kept: Sequence[Reported],
    read: CanScore,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
) -> list[Reported]:
    """Each statement with its speaker: the rule's, unless the reader holds him for unlikely."""
    numbers = {s.span: number for number, s in enumerate(sentences)}
    stretches = [Place(r.span, numbers.get(r.sentence, 0)) for r in kept]
    made = []
    for r, score in zip(kept, read.scores(stretches, [place_of(m) for m in mentions]), strict=True):
        anywhere, beside = entity_shares(score, mentions)
        shares: Shares = {
            entity: (anywhere.get(entity, 0.0) + beside.get(entity, 0.0)) / 2
            for entity in {*anywhere, *beside}
        }
        best = max(shares, key=shares.__getitem__, default=None)
        nobodys = r.entity is None and r.cue is not None  # "il a été rapporté que"
        if nobodys or best is None or _is_named(r) or shares.get(r.entity, 0.0) >= _OWN:
            made.append(r)
        elif shares[best] >= _NAMED:
            made.append(replace(r, entity=best, sure=shares[best], source=None))
        else:
            made.append(replace(r, sure=0.0))
    return made


def _is_named(r: Reported) -> bool:
    """Does a cue beside the statement name its speaker?"""
    phrase = r.source.cue.phrase if r.source is not None else None
    return r.entity is not None and phrase is not None and phrase.name is not None
