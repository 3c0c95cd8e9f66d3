"""Sources: /source and the buttons under answers."""

from __future__ import annotations

import re

from telegram import Message, Update

from bot.domain.errors import NotFoundError
from bot.domain.model import Reply
from bot.replies.phrases import Phrases
from bot.replies.reply import quote_reply, speaker_reply
from bot.replies.source import source_reply
from bot.replies.talk import gone_reply, source_usage
from bot.services.desk import Desk
from handlers.context import Context

_ID = re.compile(r"[A-Za-z0-9_-]{1,48}")


def source(desk: Desk, say: Phrases, quote_id: str) -> Reply:
    """The source of a quote (or of an article's first quote), or kind words that it is gone."""
    try:
        quote, article = desk.quote(quote_id)
    except NotFoundError:
        try:
            article, quotes = desk.article(quote_id)
        except NotFoundError:
            return gone_reply(say)
        if not quotes:
            return gone_reply(say)
        quote = quotes[0]
    return source_reply(quote, article, desk.store.quotes(article.id), say)


def press(desk: Desk, say: Phrases, action: str) -> Reply:
    """What a button leads to: s: a source, q: a quote, p: a speaker's quotes."""
    kind, _, key = action.partition(":")
    if kind == "s":
        return source(desk, say, key)
    try:
        if kind == "q":
            return quote_reply(*desk.quote(key), say)
        if kind == "p":
            speaker, found = desk.speaker(key)
            return speaker_reply(speaker, found, say)
    except NotFoundError:
        pass
    return gone_reply(say)


async def on_source(update: Update, context: Context) -> None:
    """/source ID, or /source as a reply to one of the bot's answers."""
    message = update.message
    if message is None:
        return
    context.speak(update.effective_user.language_code if update.effective_user else None)
    given = context.args[0] if context.args else quote_of(message.reply_to_message, context.bot.id)
    if not given or not _ID.fullmatch(given):
        await context.send(message, source_usage(context.say))
        return
    await context.send(message, await context.think(source, context.desk, context.say, given))


async def on_button(update: Update, context: Context) -> None:
    """A button under one of the bot's messages: answered first, so that the phone stops waiting."""
    query = update.callback_query
    if query is None:
        return
    await query.answer()
    context.speak(query.from_user.language_code)
    reply = await context.think(press, context.desk, context.say, query.data or "")
    if isinstance(query.message, Message):
        await context.send(query.message, reply)


def quote_of(message: Message | None, bot_id: int) -> str | None:
    """The first quote whose source one of the bot's own messages offers, or whose id it shows."""
    if message is None or message.from_user is None or message.from_user.id != bot_id:
        return None
    shown = re.search(r"\b(q[A-Za-z0-9_-]{12})\b", message.text or "")
    if shown and "sha256" in (message.text or ""):
        return shown.group(1)
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    actions = [button.callback_data for row in rows for button in row if isinstance(button.callback_data, str)]
    return next((action[2:] for action in actions if action.startswith(("s:", "q:"))), None)
