"""All of extraction: from an article to its quotes and reported statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.model import Article, Quote, QuoteKind, SaidOn, Span
from bot.domain.text import fold, short_id, trim
from bot.extraction.attribution import Attribution, Attributor, is_whole
from bot.extraction.dates import said_on
from bot.extraction.dialogue import find_answers
from bot.extraction.indirect import Reported, find_reported
from bot.extraction.marks import find_marked
from bot.extraction.people import Register
from bot.extraction.tagging import Sentence, sentences
from bot.extraction.verdict import Verdict
from bot.languages.language import Language, language


def extract_quotes(article: Article) -> tuple[Quote, ...]:
    """The article's direct and partial quotes and its reported statements, in the order of the text.

    Pure: the same article gives the same quotes and ids. Spans are code points of ``article.text``; marked
    ones do not overlap each other, nor do reported ones (a reported one may hold marked words).
    """
    own = language(article.language)
    paragraphs = [*([article.heading] if article.heading else []), *article.body]
    marked = find_marked(article.text, paragraphs)
    marked = sorted([*marked, *find_answers(article.text, article.body, marked)], key=lambda m: m.start)
    found = list(sentences(article.text, paragraphs, marked, own))
    for s in found:
        s.heading = article.heading is not None and s.paragraph == 0
    register = Register(article.text, own)
    register.observe(found)
    attributor = Attributor(article.text, own, register)
    reported: list[Reported] = []
    for s in found:
        cues = attributor.sentence(s)
        reported += find_reported(s, article.text, cues, own)
    verdict = Verdict(article.text, marked, own)
    speech = [a for a in attributor.found if verdict.is_speech(a)]
    return _quotes(article, own, speech, reported)


def _quotes(
    article: Article, own: Language, speech: Sequence[Attribution], reported: Sequence[Reported]
) -> tuple[Quote, ...]:
    made = [_marked_quote(article, own, a) for a in speech]
    made += [_reported_quote(article, own, r) for r in reported]
    made.sort(key=lambda quote: (quote.start, -quote.end))
    seen: Counter[str] = Counter()
    numbered = []
    for quote in made:
        words = f"{quote.kind == 'indirect'}:{fold(article.text[quote.start : quote.end])}"
        seen[words] += 1
        numbered.append(_with_id(quote, short_id("q", article.id, words, str(seen[words]))))
    return tuple(numbered)


def _with_id(quote: Quote, quote_id: str) -> Quote:
    from dataclasses import replace  # noqa: PLC0415

    return replace(quote, id=quote_id)


def _marked_quote(article: Article, own: Language, found: Attribution) -> Quote:
    marked, s = found.marked, found.sentence
    start, end = found.segments[0][0], found.segments[-1][1]
    segments = tuple(
        trim(article.text, *piece, also=",") if len(found.segments) > 1 else piece for piece in found.segments
    )
    day = None if s.heading else _day(article, own, s, found.cue_sentence)
    speaker = found.entity.speaker() if found.entity else None
    kind: QuoteKind = "direct" if _stands_alone(article.text, found) else "partial"
    context = (min(s.span[0], marked.start), max(s.span[1], marked.end))
    return Quote("", article.id, start, end, kind, segments, context, speaker, found.cue, day)


def _stands_alone(text: str, found: Attribution) -> bool:
    """A quote is direct when it does not depend on the words around it; else partial."""
    s, at = found.sentence, found.at
    before = s.tags[:at].rstrip("'")
    leading = before.strip("xhb,.-")
    opened = (
        not leading
        or before.endswith((":", ";"))
        or (before.endswith((".", ",", "s")) and is_whole(text, found.marked))
    )
    words = text[found.marked.start : found.marked.end]
    after = s.tags[at + 1 : at + 2]
    continues = after not in ("", ",", ".", "s", ":", ";", "Q", "(", "!") and after not in "AVUvucLM-"
    return (
        opened
        and not (continues and words[:1].islower())
        and not (words[:1].islower() and not before.endswith(":") and len(words.split()) < 4)
    )


def _reported_quote(article: Article, own: Language, found: Reported) -> Quote:
    speaker = found.entity.speaker() if found.entity else None
    day = said_on(_without(article.text, found.sentence, found.span), article.day, own)
    return Quote("", article.id, *found.span, "indirect", (found.span,), found.sentence, speaker, found.cue, day)


def _without(text: str, sentence: Span, span: Span) -> str:
    return text[sentence[0] : max(sentence[0], span[0])] + " " + text[span[1] : max(sentence[1], span[1])]


def _day(article: Article, own: Language, s: Sentence, cue_sentence: Span | None) -> SaidOn | None:
    if article.day is None or cue_sentence is None:
        return None
    pieces, position = [], s.span[0]
    for at in sorted(s.marked):
        outer = s.marked[at].outer
        pieces.append(article.text[position : outer[0]])
        position = outer[1]
    pieces.append(article.text[position : max(position, s.span[1])])
    return said_on(" ".join(pieces), article.day, own)
