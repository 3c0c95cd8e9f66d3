"""What there is: /speakers, /recent, /articles, /timeline."""

from __future__ import annotations

from telegram import Update

from bot.domain.model import Reply
from bot.replies.lists import QUOTES, recent_reply, speakers_reply
from bot.replies.phrases import Phrases
from bot.replies.talk import timeline_usage
from bot.services.desk import Desk
from handlers.articles import articles_page, press
from handlers.context import Context


def speakers(desk: Desk, say: Phrases, name: str) -> Reply:
    """Who is quoted, or whose names begin so."""
    return speakers_reply(desk.speakers(name), name, 0, say)


def recent(desk: Desk, say: Phrases) -> Reply:
    """The latest quotes."""
    return recent_reply(desk.recent(QUOTES), say)


def timeline(desk: Desk, say: Phrases, name: str) -> Reply:
    """The statements over time of whoever bears a name; a choice where several do."""
    found = desk.speakers(name) if name else []
    if not found:
        return timeline_usage(say, name)
    if len(found) > 1 and found[0][1] < 3 * found[1][1]:
        return speakers_reply(found, name, 0, say)
    return press(desk, say, f"t:{found[0][0].id}")


async def on_speakers(update: Update, context: Context) -> None:
    """/speakers, /speakers name."""
    if update.message:
        say = await context.greet(update)
        name = " ".join(context.args or ())
        await context.send(
            update.message, await context.think(speakers, context.desk, say, name, message=update.message)
        )


async def on_recent(update: Update, context: Context) -> None:
    """/recent."""
    if update.message:
        say = await context.greet(update)
        await context.send(update.message, await context.think(recent, context.desk, say, message=update.message))


async def on_articles(update: Update, context: Context) -> None:
    """/articles."""
    if update.message:
        say = await context.greet(update)
        await context.send(
            update.message, await context.think(articles_page, context.desk, say, 0, message=update.message)
        )


async def on_timeline(update: Update, context: Context) -> None:
    """/timeline name."""
    if update.message:
        say = await context.greet(update)
        name = " ".join(context.args or ())
        await context.send(
            update.message, await context.think(timeline, context.desk, say, name, message=update.message)
        )
