"""What there is: speakers, articles, the latest quotes; each list in pages that are turned in place."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.model import Article, Button, Quote, Reply, Speaker
from bot.replies.page import LIMIT, Page, bold, link, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block, where
from bot.replies.reply import turning

LINES = 8
"""Entries of a list in one message."""
QUOTES = 5
"""Quotes in one message."""


def speakers_reply(found: Sequence[tuple[Speaker, int]], name: str, number: int, say: Phrases) -> Reply:
    """Who is quoted, how often, most often first; ``name`` narrowed the list."""
    if not found:
        page = Page().line(
            say("Nobody of that name is quoted: {name}", name=shorten(name, 60))
            if name
            else say("Nobody is quoted yet.")
        )
        return page.reply([[Button(say("All speakers"), "ls:0")]] if name else [])
    pages = -(-len(found) // LINES)
    number = min(max(number, 0), pages - 1)
    page = Page().line(bold(say.many("{number} speaker", "{number} speakers", len(found))))
    rows = []
    for speaker, count in found[number * LINES : (number + 1) * LINES]:
        role = f", {shorten(speaker.role, 80)}" if speaker.role else ""
        counted = say.many("{number} statement", "{number} statements", count)
        page.line("• ", bold(shorten(speaker.name, 80)), f"{role} — {counted}")
        rows.append([Button(shorten(f"{speaker.name} ({count})", 60), f"p:{speaker.id}")])
    page.gap().line(say("Tap a name to read what was said. /speakers and a name narrows the list."))
    kept = _tail(name)
    rows.append(turning(number, pages, f"ls:{{page}}{kept}", say))
    return page.reply(rows)


def _tail(name: str) -> str:
    """A name as the end of an action, within its 64 bytes."""
    kept = name.replace(":", " ").replace("{", "").replace("}", "")
    while len(kept.encode()) > 50:
        kept = kept[:-1]
    return f":{kept}" if kept else ""


def speaker_reply(
    speaker: Speaker, found: Sequence[tuple[Quote, Article]], say: Phrases, number: int = 0, total: int | None = None
) -> Reply:
    """A page of one speaker's quotes; ``found`` are this page's, ``total`` all there are."""
    total = len(found) if total is None else total
    page = Page().line(bold(speaker.name), f", {speaker.role}" if speaker.role else "")
    page.line(say.many("{number} statement", "{number} statements", total))
    shown: list[Quote] = []
    for quote, article in found:
        piece = Page()
        quote_block(piece, quote, article, say, longest=500)
        if page.length + piece.length > LIMIT - 200:
            break
        page.gap()
        page.line(f"{number * QUOTES + len(shown) + 1}.")
        quote_block(page, quote, article, say, longest=500)
        shown.append(quote)
    first = number * QUOTES + 1
    rows = [[Button(say("Source {number}", number=n), f"s:{quote.id}") for n, quote in enumerate(shown, first)]]
    rows.append(turning(number, -(-total // QUOTES), f"p:{speaker.id}:{{page}}", say))
    rows.append([Button(say("Timeline"), f"t:{speaker.id}")])
    return page.reply(rows)


def articles_reply(found: Sequence[Article], number: int, total: int, say: Phrases) -> Reply:
    """A page of the articles, newest in the index first."""
    if not total:
        return Page().line(say("No article has been indexed yet.")).reply()
    page = Page().line(bold(say.many("{number} article", "{number} articles", total)))
    rows = []
    for at, article in enumerate(found, number * LINES + 1):
        page.line(f"{at}. {where(article, say)}")
        rows.append([Button(shorten(f"{at}. {article.title}", 60), f"a:{article.id}")])
    rows.append(turning(number, -(-total // LINES), "la:{page}", say))
    return page.reply(rows)


def article_reply(article: Article, quotes: Sequence[Quote], say: Phrases, number: int = 0) -> Reply:
    """An article's facts and a page of its quotes."""
    page = Page().line(bold(article.title or say("Untitled")))
    facts = [article.publisher, say.date(article.day) if article.day else None]
    if any(facts):
        page.line(" · ".join(fact for fact in facts if fact))
    if article.url:
        page.line(link(article.url, article.url))
    page.line(say.many("{number} statement", "{number} statements", len(quotes)))
    rows: list[list[Button]] = []
    numbers: list[Button] = []
    for at, quote in list(enumerate(quotes, 1))[number * QUOTES : (number + 1) * QUOTES]:
        page.gap().line(f"{at}.")
        quote_block(page, quote, article, say, longest=400, placed=False)
        numbers.append(Button(say("Quote {number}", number=at), f"q:{quote.id}"))
    rows.append(numbers)
    rows.append(turning(number, -(-len(quotes) // QUOTES), f"a:{article.id}:{{page}}", say))
    return page.reply(rows)


def recent_reply(found: Sequence[tuple[Quote, Article]], say: Phrases) -> Reply:
    """The quotes indexed last."""
    if not found:
        return Page().line(say("No article has been indexed yet.")).reply()
    page = Page().line(bold(say("Latest quotes")))
    row = []
    for at, (quote, article) in enumerate(found, 1):
        page.gap().line(f"{at}.")
        quote_block(page, quote, article, say, longest=400)
        row.append(Button(say("Quote {number}", number=at), f"q:{quote.id}"))
    return page.reply([row, [Button(say("All articles"), "la:0"), Button(say("All speakers"), "ls:0")]])
