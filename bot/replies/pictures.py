"""Pictures as replies: their caption says in words what they show."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.model import Paged, Passage, Speaker
from bot.domain.reply import Button, Reply
from bot.replies.actions import To
from bot.replies.lists import turning
from bot.replies.page import CAPTION, Page, bold, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block, where, who

_CAPTION = 500  # characters of the quote in the caption; the picture has all of it


def card_reply(passage: Passage, say: Phrases, dark: bool = False) -> Reply:
    """A quote as a picture to share, with the choice of the other palette."""
    from bot.replies.card import cards

    quote, article = passage
    page = Page()
    quote_block(page, passage, say, longest=_CAPTION)
    if page.length > CAPTION:  # a long role or title: the picture has it
        page = (
            Page()
            .line("— ", bold(shorten(who(quote, say), 200)))
            .line(shorten(where(article, say), 600))
        )
    other = (
        Button(say("On light"), To.CARD(quote.id))
        if dark
        else Button(say("On dark"), To.DARK_CARD(quote.id))
    )
    rows = [
        [
            other,
            Button(say("Source"), To.SOURCE(quote.id)),
            Button(say("Share"), share=f"q_{quote.id}"),
        ]
    ]
    return page.reply(rows, cards(passage, say, dark))


def verdict_card_reply(passage: Passage, verdict: str, say: Phrases) -> Reply:
    """A verdict as a picture to share: what was found, and the true words with their source."""
    from bot.replies.card import cards

    page = Page().line(verdict)
    rows = [[Button(say("Share"), share=f"q_{passage.quote.id}")]]
    return page.reply(rows, cards(passage, say, verdict=verdict))


def timeline_reply(
    speaker: Speaker,
    found: Sequence[Passage],
    say: Phrases,
    number: int = 0,
    subject: str = "",
) -> Reply:
    """A page of somebody's statements over time, or of those about a subject."""
    from bot.replies.timeline import SHOWN, in_time, timeline

    page = Page().line(
        bold(shorten(speaker.name, 200)), f", {shorten(speaker.role, 300)}" if speaker.role else ""
    )
    if subject:
        page.line(say("About: {subject}", subject=shorten(subject, 80)))
    rows = in_time(found)
    number = Paged.within(number, SHOWN, len(rows))
    page.line(say.many("{number} statement over time", "{number} statements over time", len(rows)))
    pages = (number, -(-len(rows) // SHOWN))
    picture = timeline(speaker, rows, say, number)
    turn = turning(pages, lambda other: To.TIMELINE(speaker.id, other, subject), say)
    if any(not (button.action or "").endswith(subject) for button in turn):
        turn = []  # a subject that was cut to fit would be another one
    own = [
        [Button(shorten(say("Quotes of {name}", name=speaker.name), 60), To.SPEAKER(speaker.id))]
    ]
    return page.reply([turn, *own], [picture])
