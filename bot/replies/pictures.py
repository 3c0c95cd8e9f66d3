"""Pictures as replies: their caption says in words what they show."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.model import Article, Button, Quote, Reply, Speaker
from bot.replies.page import CAPTION, Page, bold, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block, where, who

_CAPTION = 500  # characters of the quote in the caption; the picture has all of it


def card_reply(quote: Quote, article: Article, say: Phrases, dark: bool = False) -> Reply:
    """A quote as a picture to share, with the choice of the other palette."""
    from bot.replies.card import cards

    page = Page()
    quote_block(page, quote, article, say, longest=_CAPTION)
    if page.length > CAPTION:  # a long role or title: the picture has it
        page = Page().line("— ", bold(shorten(who(quote, say), 200))).line(shorten(where(article, say), 600))
    other = Button(say("On light"), f"k:{quote.id}") if dark else Button(say("On dark"), f"d:{quote.id}")
    rows = [[other, Button(say("Source"), f"s:{quote.id}"), Button(say("Share"), share=f"q_{quote.id}")]]
    return page.reply(rows, cards(quote, article, say, dark))


def timeline_reply(speaker: Speaker, found: Sequence[tuple[Quote, Article]], say: Phrases) -> Reply:
    """Somebody's statements over time."""
    from bot.replies.timeline import in_time, timeline

    page = Page().line(bold(shorten(speaker.name, 200)), f", {shorten(speaker.role, 300)}" if speaker.role else "")
    count = len(in_time(found))
    page.line(say.many("{number} statement over time", "{number} statements over time", count))
    rows = [[Button(shorten(say("Quotes of {name}", name=speaker.name), 60), f"p:{speaker.id}")]]
    return page.reply(rows, [timeline(speaker, found, say)])
