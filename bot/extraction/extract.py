"""All of extraction: from an article to its quotes and reported statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from bot.domain.model import Article, AttributionKind, Quote, QuoteKind, Span, Speaker
from bot.domain.shadow import shadow
from bot.domain.text import fold, past_accents, short_id, trim
from bot.extraction.attribution import STATED, Attribution, Attributor
from bot.extraction.day import said_on
from bot.extraction.dialogue import find_answers, with_labels, with_signatures
from bot.extraction.entity import Entity
from bot.extraction.features import is_whole
from bot.extraction.learned import Weights
from bot.extraction.marks import Marked, find_marked
from bot.extraction.mentions import Mention, find_mentions
from bot.extraction.register import Register
from bot.extraction.reported import Reported, find_reported
from bot.extraction.sentence import Sentence
from bot.extraction.speakers import CanRead, Decisions, places
from bot.extraction.speech import Speech
from bot.extraction.tagged import with_tags
from bot.extraction.tokens import sentences
from bot.languages.language import Language, language
from bot.reader.reader import installed

LONGEST_READ = 60_000
"""Characters of an article that is read by the reader, in some three seconds; a longer one is left
to the rules.
"""
SURE = 0.3
"""The least probability at which a speaker is named; below it the speaker is said to be unknown."""


def extract_quotes(
    article: Article,
    table: Weights | None = None,
    reader: CanRead | Literal["auto"] | None = "auto",
) -> tuple[Quote, ...]:
    """The article's direct and partial quotes and its reported statements, in the order of the
    text.

    Pure: the same article gives the same quotes and ids. Spans are code points of ``article.text``;
    marked ones do not overlap each other, nor do reported ones (a reported one may hold marked
    words). ``table`` are other weights than the package's, ``reader`` another reader than the one
    installed (None: none).
    """
    own = language(article.language)
    article = replace(article, text=shadow(article.text))
    paragraphs, marked = marked_of(article)
    analysis = analyse(article, own, paragraphs, marked, table)
    settle(analysis, article.text, own, installed() if reader == "auto" else reader, table)
    speech = [a for a in analysis.attributions if analysis.speech.is_speech(a)]
    return _quotes(article, speech, analysis)


def marked_of(article: Article) -> tuple[list[Span], list[Marked]]:
    """An article's paragraphs, its title first, and the stretches between marks or set as answers,
    in order.
    """
    paragraphs = [*([article.heading] if article.heading else []), *article.body]
    # a mark that the title leaves open never runs on into what stands between title and text
    heading = find_marked(article.text, [article.heading]) if article.heading else []
    found = find_marked(article.text, article.body)
    marked = with_labels(
        article.text, [*heading, *with_signatures(article.text, article.body, found)]
    )
    return paragraphs, sorted(
        [*marked, *find_answers(article.text, article.body, marked)], key=lambda m: m.start
    )


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that was weighed in an article: its marked stretches with their sources, and its reported
    statements.
    """

    attributions: list[Attribution]
    reported: list[Reported]
    speech: Speech
    sentences: list[Sentence]
    mentions: list[Mention]


def analyse(
    article: Article,
    own: Language,
    paragraphs: Sequence[Span],
    marked: Sequence[Marked],
    table: Weights | None = None,
) -> Analysis:
    """Read the article once; ``table`` are other weights than the package's
    (bench/fit_extraction.py tries some).
    """
    found = list(
        sentences(article.text, paragraphs, marked, own, heading=article.heading is not None)
    )
    register = Register(found, own)
    attributor = Attributor(article.text, own, register, table)
    reported: list[Reported] = []
    for number, s in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        cues = attributor.sentence(number, s, following)
        reported += find_reported(s, article.text, cues, own)
    speech = Speech(article.text, marked, own, table)
    walk = attributor.walk
    mentions = find_mentions(found, register, walk.reference.resolved)
    return Analysis(attributor.found, reported, speech, found, mentions)


def settle(
    analysis: Analysis,
    text: str,
    own: Language,
    reader: CanRead | None,
    table: Weights | None = None,
) -> None:
    """Choose the speakers over everybody in the article, with the reader's scores if there is one,
    and look through the reported statements again.
    """
    found, mentions = analysis.attributions, analysis.mentions
    long = len(text) > LONGEST_READ
    read = reader.read(text) if reader is not None and analysis.sentences and not long else None
    if read is not None:
        analysis.reported[:] = with_tags(
            analysis.reported, read, text, analysis.sentences, mentions, own
        )
    if found:
        asked = places(found, analysis.sentences, mentions)
        scores = read.scores(*asked) if read is not None else None
        Decisions(
            text, own, analysis.sentences, found, mentions, analysis.speech, scores, table
        ).settle()


def _quotes(
    article: Article, speech: Sequence[Attribution], analysis: Analysis
) -> tuple[Quote, ...]:
    made = [_marked_quote(article, a) for a in speech]
    made += [_reported_quote(article, r) for r in analysis.reported]
    made.sort(key=lambda quote: (quote.start, -quote.end))
    seen: Counter[str] = Counter()
    numbered = []
    for quote in made:
        words = f"{quote.kind == 'indirect'}:{fold(article.text[quote.start : quote.end])}"
        seen[words] += 1
        numbered.append(replace(quote, id=short_id("q", article.id, words, str(seen[words]))))
    return tuple(numbered)


def _marked_quote(article: Article, found: Attribution) -> Quote:
    marked, s = found.marked, found.sentence
    segments = tuple(
        trim(article.text, *piece, also=",") if len(found.segments) > 1 else piece
        for piece in found.segments
    )
    kind: QuoteKind = "direct" if _stands_alone(article.text, found) else "partial"
    return Quote(
        id="",
        article_id=article.id,
        start=found.segments[0][0],
        end=found.segments[-1][1],
        kind=kind,
        segments=segments,
        context=(min(s.span[0], marked.start), max(s.span[1], marked.end)),
        cue=found.cue.text if found.cue else found.carried,
        said_on=said_on(s, found.cue, article.day) if found.cue and found.cue_here else None,
        **source_of(found.entity, found.sure, found.stated),
    )


class Source(TypedDict):
    """Whose words, how that is known, and how surely."""

    speaker: Speaker | None
    attribution: AttributionKind
    sure: float


def source_of(entity: Entity | None, sure: float, stated: bool) -> Source:
    """The speaker, unless he is too unsure or nobody who could speak."""
    if entity is None or sure < SURE or not entity.speakable:
        return {"speaker": None, "attribution": "unknown", "sure": round(sure, 2)}
    known: AttributionKind = "stated" if stated else "inferred"
    return {"speaker": entity.speaker(), "attribution": known, "sure": round(sure, 2)}


def _stands_alone(text: str, found: Attribution) -> bool:
    """A quote is direct when it does not depend on the words around it; else partial."""
    s, at = found.sentence, found.at
    before = s.coarse[:at].rstrip("'")
    leading = before.strip("xhb,.-")
    opened = (
        not leading
        or before.endswith((":", ";"))
        or (before.endswith((".", ",", "s")) and is_whole(text, found.marked))
    )
    words = text[found.marked.start : found.marked.end]
    after = s.coarse[at + 1 : at + 2]
    continues = (
        after not in ("", ",", ".", "s", ":", ";", "Q", "(", "!") and after not in "AVUvucLM-"
    )
    return (
        opened
        and not (continues and words[:1].islower())
        and not (words[:1].islower() and not before.endswith(":") and len(words.split()) < 4)
    )


def _reported_quote(article: Article, found: Reported) -> Quote:
    source = found.source
    sure = found.sure if found.sure is not None else source.sure if source else 1.0
    stated = (source is None and found.sure is None) or (
        source is not None and source.cue.phrase is not None and sure >= STATED
    )
    start, end = (
        found.span[0],
        past_accents(article.text, found.span[1]),
    )  # words end before what stands over them
    return Quote(
        id="",
        article_id=article.id,
        start=start,
        end=end,
        kind="indirect",
        segments=((start, end),),
        context=(found.sentence[0], max(found.sentence[1], end)),
        cue=found.cue,
        said_on=said_on(source.sentence, source.cue, article.day) if source else None,
        **source_of(found.entity, sure, stated),
    )
