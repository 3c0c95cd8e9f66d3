"""Where a quote stands: the article, the paragraph with the quote marked, and what proves the text
unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answer import Claim
from bot.domain.model import Article, Passage, Quote, Span
from bot.domain.reply import Button, Reply
from bot.replies.actions import To
from bot.replies.page import Page, bold, code, link, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import NAME, PUBLISHER, TITLE, where

NONE = Claim()
"""A quotation that is told nowhere else."""
_PARAGRAPH = 2200  # characters of the paragraph that are shown; the window keeps the quote in it
_LONG = 700  # characters of a paragraph from which on it is folded behind the quote
_ELSEWHERE = 5  # other articles that are named
_BUTTONS = 8


def source_reply(
    passage: Passage, others: Sequence[Quote], say: Phrases, claim: Claim = NONE
) -> Reply:
    """Title, publisher, dates, address, the paragraph around the quote with the quote in bold, the
    text's SHA-256.
    """
    quote, article = passage
    page = Page().line(bold(shorten(article.title, TITLE) or say("Untitled")))
    _facts(page, article, say)
    page.gap().line(_label(quote, say))
    start, end = _window(article, quote)
    marks = [(max(s, start) - start, min(e, end) - start) for s, e in quote.segments]
    if end - start > _LONG:  # the quote first, the paragraph to be opened
        page.block(passage.text)
    page.block(article.text[start:end], marks, folded=end - start > _LONG)
    page.line(
        "— ", bold(shorten(quote.speaker.name, NAME)) if quote.speaker else say("speaker unknown")
    )
    if end - start < _whole(article, quote)[1] - _whole(article, quote)[0]:
        page.line(say("(The paragraph is longer; this is the part around the quote.)"))
    rows = _told_elsewhere(page, passage, claim, say)
    page.gap().line(
        say("Text"),
        " ",
        code(f"sha256 {article.sha256[:12]}"),
        " · ",
        say("quote"),
        " ",
        code(quote.id),
    )
    beside = _others(quote, article, others, say)
    if beside:
        page.gap().line(say("In the same article:"))
    own = [Button(say("Quote"), To.QUOTE(quote.id)), Button(say("Context"), To.CONTEXT(quote.id))]
    return page.reply(
        [[*own, Button(say("The article"), To.ARTICLE(article.id, anew=True))], *rows, *beside]
    )


def _told_elsewhere(page: Page, passage: Passage, claim: Claim, say: Phrases) -> list[list[Button]]:
    """The other articles that tell it, those that give the words to others marked as such; a button
    for each.
    """
    rows = []
    for title, passages in (
        (say("The same words elsewhere:"), claim.occurrences),
        (say("The same words given to somebody else:"), claim.conflicts),
    ):
        others = [other for other in passages if other.article.id != passage.article.id][
            :_ELSEWHERE
        ]
        if others:
            page.gap().line(title)
        for other in others:
            named = f"{shorten(other.quote.speaker.name, NAME)} · " if other.quote.speaker else ""
            page.line("• ", named, where(other.article, say))
            rows.append(
                [
                    Button(
                        shorten(f"{named}{other.article.publisher or other.article.title}", 56),
                        To.QUOTE(other.quote.id),
                    )
                ]
            )
    return rows


def context_reply(passage: Passage, say: Phrases) -> Reply:
    """The paragraphs around a quote, the quote in bold where it stands."""
    quote, article = passage
    start, end = _whole(article, quote)
    spans = list(article.body)
    inside = [at for at, (low, high) in enumerate(spans) if low < end and start < high]
    page = Page().line(bold(shorten(article.title, TITLE) or say("Untitled")))
    page.line(
        say("Where it is reported:") if quote.kind == "indirect" else say("Where the quote stands:")
    )
    around = spans[max(0, inside[0] - 1) : inside[-1] + 2] if inside else [(start, end)]
    for low, high in around:
        marks = [
            (max(s, low) - low, min(e, high) - low)
            for s, e in quote.segments
            if s < high and low < e
        ]
        page.gap().block(article.text[low:high], marks)
    page.gap().line(
        "— ", bold(shorten(quote.speaker.name, NAME)) if quote.speaker else say("speaker unknown")
    )
    return page.reply(
        [[Button(say("Source"), To.SOURCE(quote.id)), Button(say("Quote"), To.QUOTE(quote.id))]]
    )


def _facts(page: Page, article: Article, say: Phrases) -> None:
    if article.publisher:
        page.line(shorten(article.publisher, PUBLISHER))
    if article.author:
        page.line(say("By {author}", author=shorten(article.author, PUBLISHER)))
    if article.published:
        page.line(say("Published: {date}", date=say.date(article.published)))
    if article.updated:
        page.line(say("Updated: {date}", date=say.date(article.updated.date())))
    if article.url:
        page.line(link(article.url, article.url))
    if not (article.publisher or article.url or article.author):
        page.line(say("Publisher, author and address unknown."))


def _label(quote: Quote, say: Phrases) -> str:
    return (
        say("Where it is reported:") if quote.kind == "indirect" else say("Where the quote stands:")
    )


def _whole(article: Article, quote: Quote) -> Span:
    """The paragraph or paragraphs that hold the quote."""
    return article.paragraph(quote.start)[0], max(
        article.paragraph(max(quote.start, quote.end - 1))[1], quote.end
    )


def _window(article: Article, quote: Quote) -> Span:
    """The paragraph, or where it is very long as much of it around the quote as fits."""
    start, end = _whole(article, quote)
    if end - start <= _PARAGRAPH:
        return start, end
    start = max(start, min(quote.start - 300, end - _PARAGRAPH))
    end = min(end, start + _PARAGRAPH)
    while start < quote.start and start and not article.text[start - 1].isspace():
        start += 1
    while (
        end > min(quote.end, end - 60)
        and end < len(article.text)
        and not article.text[end].isspace()
    ):
        end -= 1
    return start, end


def _others(
    quote: Quote, article: Article, others: Sequence[Quote], say: Phrases
) -> list[list[Button]]:
    """The article's other quotes, nearest first by their place, each by its first words."""
    rest = [other for other in others if other.id != quote.id and other.kind != "indirect"]
    near = sorted(
        sorted(rest, key=lambda other: abs(other.start - quote.start))[:_BUTTONS],
        key=lambda other: other.start,
    )
    return [[Button(_first_words(other, article, say), To.QUOTE(other.id))] for other in near]


def _first_words(other: Quote, article: Article, say: Phrases) -> str:
    words = " ".join(article.text[other.start : other.end].split())
    name = other.speaker.name if other.speaker else say("speaker unknown")
    return shorten(f"{name} : {words}" if say.code == "fr" else f"{name}: {words}", 56)
