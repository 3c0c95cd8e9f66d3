"""Results for other chats: each a quote that is sent with its attribution and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.model import Passage
from bot.domain.verdict import Verdict
from bot.replies.fragment import quote_url
from bot.replies.page import LIMIT, Page, bold, link, shorten, utf16_length
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block, who
from bot.replies.verify import head, verdict_reply

_WHOLE = 2500  # characters of a quote in a message sent elsewhere


@dataclass(frozen=True, slots=True)
class Result:
    """One row of an inline answer: what is listed, what is sent, what its button opens."""

    id: str
    title: str
    description: str
    html: str
    start: str | None = None
    url: str | None = None


def quote_result(passage: Passage, say: Phrases) -> Result:
    """A quote to be sent elsewhere."""
    quote, article = passage
    page = Page()
    quote_block(page, passage, say, longest=_WHOLE)
    if article.url and utf16_length(page.reply().plain) + len(article.url) < LIMIT - 100:
        page.line(link(say("Open the article"), quote_url(article, quote) or article.url))
    words = " ".join(article.text[quote.start : quote.end].split())
    told = (
        say("reported: {words}", words=words)
        if quote.kind == "indirect"
        else say.quoted(words, article.language)
    )
    return Result(
        quote.id,
        shorten(who(quote, say), 120),
        shorten(told, 180),
        page.reply().html,
        f"q_{quote.id}",
        quote_url(article, quote),
    )


def quote_results(found: Iterable[Passage], say: Phrases) -> list[Result]:
    """Each quote once."""
    seen: dict[str, Result] = {}
    for passage in found:
        seen.setdefault(passage.quote.id, quote_result(passage, say))
    return list(seen.values())


def verdict_result(verdict: Verdict, say: Phrases) -> Result:
    """What became of alleged words, to be sent elsewhere."""
    reply = verdict_reply(verdict, say)
    match = verdict.match if verdict.kind != "not_found" else None
    return Result(
        f"verdict-{verdict.kind}",
        shorten(head(verdict, say), 120),
        shorten(verdict.text, 180),
        reply.html,
        f"q_{match.quote.id}" if match else None,
        quote_url(match.article, match.quote) if match else None,
    )


def nothing_result(quotes: int, articles: int, say: Phrases) -> Result:
    """A row that says that nothing was found; sent, it says so, too."""
    of = say.many("{number} article", "{number} articles", articles)
    searched = say.many(
        "I searched {number} quote of {articles}.",
        "I searched {number} quotes of {articles}.",
        quotes,
        articles=of,
    )
    page = Page().line(bold(say("No quotes found"))).line(searched)
    return Result("nothing", say("No quotes found"), searched, page.reply().html)
