"""What there is: /speakers, /recent, /articles, /timeline."""

from __future__ import annotations

from collections.abc import Callable

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
    await _list(update, context, speakers, " ".join(context.args or ()))


async def on_recent(update: Update, context: Context) -> None:
    """/recent."""
    await _list(update, context, recent)


async def on_articles(update: Update, context: Context) -> None:
    """/articles."""
    await _list(update, context, articles_page, 0)


async def on_timeline(update: Update, context: Context) -> None:
    """/timeline name."""
    await _list(update, context, timeline, " ".join(context.args or ()))


async def _list(update: Update, context: Context, work: Callable[..., Reply], *arguments: str | int) -> None:
    """Answer a command with what ``work`` makes of the desk, the phrases and the arguments."""
    message = update.message
    if message:
        say = await context.greet(update)
        await context.send(message, await context.think(work, context.desk, say, *arguments, message=message))
