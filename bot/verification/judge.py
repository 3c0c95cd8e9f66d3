"""The verdict on alleged words, over the articles that may hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.domain.model import Quote, Span
from bot.domain.text import fold
from bot.domain.verdict import Caution, Edit, VerdictKind
from bot.search.terms import stop_words
from bot.verification import harm
from bot.verification.comparison import Comparison, compare, find
from bot.verification.edits import Known, edits
from bot.verification.found import Found, Source, Stretch, quotes_of, segments_of
from bot.verification.speech import Utterance, groups, utterance, whole
from bot.verification.splice import Piece, pieces_of
from bot.verification.wording import Word, spoken, words_of

_LIKE = 0.62
"""Least likeness of words that are a quote's with changes."""
_HELD = 0.85  # or so much of the alleged words stands there, in few long runs
_RUNS = 3
_RUN = 3  # words of such a run
_FEWEST = 3  # words below which only a whole quote is recognised
_PARTS = 4  # pieces that words with marked omissions may have
_TYPED = 8  # words for each mistyped one
_OMISSION = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})\s*")
SameSpeaker = Callable[[str, Quote, "Source"], bool]
"""Does a claimed name, or role, mean the speaker of a quote that has one?"""


def judge(
    text: str,
    speaker: str | None,
    sources: Sequence[Source],
    same_speaker: SameSpeaker,
    known: Known,
) -> Found:
    """The verdict on a text that ``speaker`` is alleged to have said; sources in order of
    nearness.
    """
    alleged = spoken(words_of(text))
    heard = list(_heard(sources))
    means = _means(speaker, sources, same_speaker)
    compared = _compared(alleged, heard)
    stretches = list(_stretches(text, alleged, heard, compared, known))
    if len(alleged) < _FEWEST:
        whole_ones = [one for one in stretches if one.is_whole]
        best = max(whole_ones, key=lambda one: _rank(one, means), default=None)
        return _said(best, speaker, means, text) if best else Found("not_found")
    if stretches:
        return _said(max(stretches, key=lambda one: _rank(one, means)), speaker, means, text)
    told = _reported(alleged, sources, speaker, means)
    if told is not None and told.kind != "not_found":
        return told
    return _unlike(alleged, heard, compared, means, known, told)


def _heard(sources: Sequence[Source]) -> Iterator[Utterance]:
    """The utterances that hold a quote that comes near."""
    for source in sources:
        for group in groups(source.article, source.quotes):
            if any(quote.id in source.near for quote in group):
                yield utterance(source.article, group)


def _means(
    speaker: str | None, sources: Sequence[Source], same_speaker: SameSpeaker
) -> Callable[[Quote], bool | None]:
    """Does the claimed name mean a quote's speaker? None: none is claimed, or none is known."""
    held = {source.article.id: source for source in sources}

    def check(quote: Quote) -> bool | None:
        if speaker is None or quote.speaker is None:
            return None
        return same_speaker(speaker, quote, held[quote.article_id])

    return check


def _compared(
    alleged: Sequence[Word], heard: Sequence[Utterance]
) -> list[tuple[Comparison, Utterance]]:
    """The utterances that share telling words, the likest first."""
    found = [(c, u) for u in heard if (c := compare(alleged, u.words)) is not None]
    return sorted(found, key=lambda pair: -pair[0].rank)


# ---- the very words
def _stretches(
    text: str,
    alleged: Sequence[Word],
    heard: Sequence[Utterance],
    compared: Sequence[tuple[Comparison, Utterance]],
    known: Known,
) -> Iterator[Stretch]:
    """Where the alleged words were said: as they are, with a typing mistake, or with omissions
    that are marked.
    """
    exact = [Stretch(u, at, at + len(alleged)) for u in heard for at in find(alleged, u.words)]
    yield from exact
    if exact:
        return
    parts = [part for part in _OMISSION.split(text.strip()) if any(map(str.isalnum, part))]
    if 1 < len(parts) <= _PARTS:
        yield from _with_omissions([spoken(words_of(part)) for part in parts], heard)
    for one, u in compared[:3]:
        found = edits(alleged, u.words, (one.first, one.last), known)
        slips = [edit for edit in found if edit.kind == "typo"]
        if len(slips) == len(found) and len(slips) * _TYPED <= len(alleged):
            yield Stretch(u, one.first, one.last, found)


def _with_omissions(
    parts: Sequence[Sequence[Word]], heard: Sequence[Utterance]
) -> Iterator[Stretch]:
    for u in heard:
        position, first, lost = 0, None, []
        for part in parts:
            at = next((n for n in find(part, u.words) if n >= position), None)
            if at is None:
                break
            if first is None:
                first = at
            elif caution := harm.omitted(u.words[position:at], u.words[at], u.article.text):
                lost.append(caution)
            position = at + len(part)
        else:
            if first is not None:
                yield Stretch(u, first, position, cautions=tuple(lost), omits=True)


def _rank(stretch: Stretch, means: Callable[[Quote], bool | None]) -> tuple[bool, bool, bool, bool]:
    quote = stretch.quote
    return (
        means(quote) is not False,
        quote.speaker is not None,
        not stretch.edits,
        stretch.is_whole,
    )


def _said(
    stretch: Stretch,
    speaker: str | None,
    means: Callable[[Quote], bool | None],
    text: str,
) -> Found:
    """The very words: whole or cut, and by whom."""
    quote, article = stretch.quote, stretch.utterance.article
    if _asks_now(stretch, text):
        changed = (Edit("insert", "?", "", "modality"),)
        return Found("altered", article, quote, stretch.span, changed)
    asks = text.rstrip(" \u00a0\u202f»”\"'").endswith("?")
    whole_ = stretch.is_whole and not stretch.omits
    cut = harm.cautions(stretch.utterance, stretch.first, stretch.last, asks)
    found = (*stretch.cautions, *cut, *harm.nested(article, quote, stretch.span))
    if caution := harm.denied(article, quote):
        found = (*found, caution)
    kind: VerdictKind = "exact" if whole_ else "extract"
    if means(quote) is False:
        kind = "other_speaker"
        if quote.attribution == "inferred":
            found = (*found, Caution("inferred"))
    elif any(harm.is_translated(article, one) for one in stretch.utterance.quotes):
        kind = "translated"
    elif speaker is not None and means(quote) is None:
        found = (*found, Caution("unknown"))
    held = tuple((article, one) for one in stretch.quotes)
    pieces = held if len(held) > 1 else ()
    return Found(kind, article, quote, stretch.span, stretch.edits, found, pieces)


def _asks_now(stretch: Stretch, text: str) -> bool:
    """Is a statement alleged as a question?"""
    end = next(
        (n for n in range(stretch.last, len(stretch.utterance.words) + 1) if _ends(stretch, n)),
        len(stretch.utterance.words),
    )
    asks = text.rstrip(" \u00a0\u202f»”\"'").endswith("?")
    return asks and not stretch.utterance.ends_asking(end)


def _ends(stretch: Stretch, at: int) -> bool:
    words = stretch.utterance.words
    return at == len(words) or words[at].begins


# ---- in the article, between no marks
def _reported(
    alleged: Sequence[Word],
    sources: Sequence[Source],
    speaker: str | None,
    means: Callable[[Quote], bool | None],
) -> Found | None:
    """Words that an article holds as what somebody is reported to have said, or as its own."""
    own: Found | None = None
    for source, span in _standing(alleged, sources):
        quote = _bearer(source, span)
        if quote is None:
            told = (Caution("journalist"),)
            own = own or Found("not_found", source.article, None, span, (), told)
            continue
        if means(quote) is False:
            told = (Caution("reported"),)
            return Found("other_speaker", source.article, quote, span, (), told)
        cautions = (Caution("unknown"),) if speaker and means(quote) is None else ()
        return Found("reported", source.article, quote, span, (), cautions)
    return own


def _standing(alleged: Sequence[Word], sources: Sequence[Source]) -> Iterator[tuple[Source, Span]]:
    """Where the words stand in the whole text of an article."""
    telling = [fold(w.raw).strip("'") for w in alleged if w.norm not in stop_words()]
    for source in sources:
        plain = fold(source.article.text)
        if all(word in plain for word in telling):
            words = whole(source.article)
            for at in find(alleged, words):
                yield source, (words[at].start, words[at + len(alleged) - 1].end)


def _bearer(source: Source, span: Span) -> Quote | None:
    """The reported statement that most of a stretch is, or the quote in whose sentence it is told
    partly in quoted words. A headline that tells it reports nobody.
    """

    def shared(quote: Quote) -> int:
        return min(span[1], quote.end) - max(span[0], quote.start)

    def holds_it(quote: Quote) -> bool:
        if quote.kind != "indirect":
            return quote.context[0] <= span[0] and span[1] <= quote.context[1]
        return 2 * shared(quote) >= span[1] - span[0] and not title[0] <= quote.start < title[1]

    title = source.article.heading or (0, 0)
    near = [quote for quote in source.quotes if shared(quote) > 0 and holds_it(quote)]
    return max(near, key=lambda quote: (quote.kind == "indirect", shared(quote)), default=None)


# ---- other words
def _unlike(
    alleged: Sequence[Word],
    heard: Sequence[Utterance],
    compared: Sequence[tuple[Comparison, Utterance]],
    means: Callable[[Quote], bool | None],
    known: Known,
    own: Found | None,
) -> Found:
    """Spliced or altered words, or none that were said."""
    if not compared or compared[0][0].covered < _HELD:
        joined = pieces_of(alleged, heard)
        if joined:
            return _spliced(joined, means)
    if compared and _is_altered(compared[0][0]):
        return _altered(alleged, *compared[0], means, known)
    nearest = tuple((u.article, u.quote_at(c.first)) for c, u in compared[:3])
    return replace(own or Found("not_found"), nearest=nearest)


def _spliced(joined: Sequence[Piece], means: Callable[[Quote], bool | None]) -> Found:
    quotes = tuple((p.utterance.article, p.utterance.quote_at(p.first)) for p in joined)
    others = any(means(quote) is False for _, quote in quotes)
    cautions = (Caution("speaker"),) if others else ()
    article, quote = quotes[0]
    return Found("spliced", article, quote, _place(joined[0]), (), cautions, quotes)


def _altered(
    alleged: Sequence[Word],
    found: Comparison,
    u: Utterance,
    means: Callable[[Quote], bool | None],
    known: Known,
) -> Found:
    quote, words = u.quote_at(found.first), u.words[found.first : found.last]
    cautions = (Caution("speaker"),) if means(quote) is False else ()
    span = words[0].start, words[-1].end
    changed = edits(alleged, u.words, (found.first, found.last), known)
    held = tuple((u.article, one) for one in quotes_of(u, found.first, found.last))
    pieces = held if len(held) > 1 else ()
    inside = segments_of(u, found.first, found.last)
    return Found("altered", u.article, quote, span, changed, cautions, pieces, segments=inside)


def _place(piece: Piece) -> Span:
    words = piece.utterance.words
    return words[piece.first].start, words[piece.last - 1].end


def _is_altered(one: Comparison) -> bool:
    if one.likeness >= _LIKE:
        return True
    return one.covered >= _HELD and len(one.runs) <= _RUNS and min(one.runs) >= _RUN
