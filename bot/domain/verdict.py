"""What a verification finds: the verdict, the true words, how the alleged ones differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.answer import Match
from bot.domain.model import Span

VerdictKind = Literal[
    "exact",
    "extract",
    "altered",
    "other_speaker",
    "reported",
    "spliced",
    "translated",
    "not_found",
]
CautionKind = Literal[
    "negation",
    "condition",
    "hedge",
    "attribution",
    "question",
    "thought",
    "omission",
    "denied",
    "inferred",
    "unknown",
    "speaker",
    "journalist",
    "reported",
]
EditKind = Literal[
    "negation",
    "number",
    "date",
    "name",
    "quantifier",
    "modality",
    "swap",
    "word",
    "insertion",
    "deletion",
    "typo",
]


@dataclass(frozen=True, slots=True)
class Edit:
    """Where alleged words differ from the true ones; either may be empty."""

    op: Literal["replace", "insert", "delete"]
    alleged: str
    true: str
    kind: EditKind


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader of the alleged words must know besides; ``words`` are the article's own that
    tell it.
    """

    kind: CautionKind
    words: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the index can prove of alleged words.

    ``match`` is the quote that supports or comes nearest, ``pieces`` are those that a splice is
    made of, or an utterance of several quotes, ``span`` is the stretch of the article that the
    words stand in (or the journalist's own words), ``segments`` what of it stands inside marks,
    ``nearest`` are other quotes near it, ``searched`` how many quotes and articles were.
    """

    kind: VerdictKind
    text: str
    searched: tuple[int, int]
    speaker: str | None = None
    match: Match | None = None
    span: Span | None = None
    edits: tuple[Edit, ...] = ()
    cautions: tuple[Caution, ...] = ()
    pieces: tuple[Match, ...] = ()
    nearest: tuple[Match, ...] = ()
    segments: tuple[Span, ...] = ()
