"""Sources, and what every button leads to. Actions are ids and page numbers, so that they outlive a restart."""

from __future__ import annotations

import re

from telegram import Message, Update

from bot.domain.errors import NotFoundError
from bot.domain.model import Reply
from bot.replies.lists import (
    LINES,
    QUOTES,
    article_reply,
    articles_reply,
    recent_reply,
    speaker_reply,
    speakers_reply,
)
from bot.replies.phrases import Phrases
from bot.replies.pictures import card_reply, timeline_reply
from bot.replies.quote import copy_reply, quote_reply
from bot.replies.source import context_reply, source_reply
from bot.replies.talk import gone_reply, source_usage
from bot.services.desk import Desk
from handlers.ask import answer_page, question_of
from handlers.context import Context

_ID = re.compile(r"[A-Za-z0-9_-]{1,48}")
_TURNS = re.compile(r"(?:l[as]:|[pa]:[A-Za-z0-9_-]{1,48}:)\d{1,4}(?::.*)?", re.DOTALL)
"""Buttons that turn a list's pages: these edit their message."""
_TIMELINE = 500  # statements that a timeline looks at


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
    """What a button leads to, the pages of an answer excepted (they need its question)."""
    try:
        return _pressed(desk, say, action)
    except (NotFoundError, ValueError):
        return gone_reply(say)


def _pressed(desk: Desk, say: Phrases, action: str) -> Reply:
    kind, _, rest = action.partition(":")
    key, _, page = rest.partition(":")
    match kind:
        case "s":
            return source(desk, say, key)
        case "c":
            return context_reply(*desk.quote(key), say)
        case "q":
            return quote_reply(*desk.quote(key), say)
        case "y":
            return copy_reply(*desk.quote(key), say)
        case "k" | "d":
            return card_reply(*desk.quote(key), say, dark=kind == "d")
        case "p":
            return speaker_page(desk, say, key, int(page or 0))
        case "t":
            speaker, found, _ = desk.speaker(key, 0, _TIMELINE)
            return timeline_reply(speaker, found, say)
        case "a":
            article, quotes = desk.article(key)
            return article_reply(article, quotes, say, _within(int(page or 0), len(quotes), QUOTES))
        case "ls":
            return speakers_reply(desk.speakers(page), page, int(key), say)
        case "la":
            return articles_page(desk, say, int(key))
        case "w":  # the same in a message of its own
            return _pressed(desk, say, rest)
        case "lr":
            return recent_reply(desk.recent(QUOTES), say)
    raise NotFoundError(action)


def speaker_page(desk: Desk, say: Phrases, speaker_id: str, number: int) -> Reply:
    """A page of a speaker's quotes."""
    _, _, total = desk.speaker(speaker_id, 0, 0)
    number = _within(number, total, QUOTES)
    speaker, found, total = desk.speaker(speaker_id, number * QUOTES, QUOTES)
    return speaker_reply(speaker, found, say, number, total)


def articles_page(desk: Desk, say: Phrases, number: int) -> Reply:
    """A page of the articles."""
    _, total = desk.articles(0, 0)
    number = _within(number, total, LINES)
    found, total = desk.articles(number * LINES, LINES)
    return articles_reply(found, number, total, say)


def _within(number: int, total: int, per_page: int) -> int:
    """A page that there is: the last one when the list has become shorter."""
    return min(max(number, 0), max(0, -(-total // per_page) - 1))


async def on_source(update: Update, context: Context) -> None:
    """/source ID, or /source as a reply to one of the bot's answers."""
    message = update.message
    if message is None:
        return
    await context.greet(update)
    given = context.args[0] if context.args else quote_of(message.reply_to_message, context.bot.id)
    if not given or not _ID.fullmatch(given):
        await context.send(message, source_usage(context.say))
        return
    await context.send(message, await context.think(source, context.desk, context.say, given, message=message))


async def on_button(update: Update, context: Context) -> None:
    """A button under one of the bot's messages: answered first, so that the phone stops waiting."""
    query = update.callback_query
    if query is None:
        return
    await query.answer()
    message, action = query.message, query.data or ""
    asker = message.reply_to_message.from_user if isinstance(message, Message) and message.reply_to_message else None
    await context.greet(update, asker if action.startswith("n:") else None)  # a page that all see stays in its language
    if message is None:
        return
    # python-telegram-bot 22 makes a Message of an inaccessible one, too; its date is the epoch
    at_hand = message if isinstance(message, Message) and message.date.timestamp() else None
    if action.startswith("n:"):
        asked = question_of(at_hand.reply_to_message, context.bot.username) if at_hand else None
        reply = await context.think(answer_page, context.desk, context.say, asked, _page(action), message=at_hand)
        turns = bool(reply.buttons)
    else:
        reply = await context.think(
            press, context.desk, context.say, action, message=at_hand, kind=action.partition(":")[0][:2]
        )
        turns = bool(reply.buttons) and _turns(action, at_hand, reply)
    if turns and at_hand and action not in actions_of(at_hand):
        return  # tapped twice: the page has been turned already
    if at_hand is None:  # too old to be seen
        await context.post(message.chat.id, reply)
    else:
        await (context.turn(at_hand, reply) if turns else context.send(at_hand, reply))


def _turns(action: str, message: Message | None, reply: Reply) -> bool:
    """Does a button change its own message: a page of a list, a card in the other palette?"""
    if message is None or reply.more or len(reply.pictures) > 1:
        return False
    if message.photo:
        return bool(reply.pictures) and action.startswith(("k:", "d:"))
    return not reply.pictures and _TURNS.fullmatch(action) is not None


def _page(action: str) -> int:
    number = action.partition(":")[2]
    return int(number) if number.isdecimal() and len(number) < 5 else 0


def quote_of(message: Message | None, bot_id: int) -> str | None:
    """The first quote whose source one of the bot's own messages offers, or whose id it shows."""
    if message is None or message.from_user is None or message.from_user.id != bot_id:
        return None
    shown = re.search(r"\b(q[A-Za-z0-9_-]{12,47})(?![\w-])", message.text or "")
    if shown and "sha256" in (message.text or ""):
        return shown.group(1)
    found = next((action for action in actions_of(message) if action.startswith(("s:", "q:", "k:", "d:", "c:"))), None)
    return found[2:] if found else None


def actions_of(message: Message) -> list[str]:
    """The actions of a message's buttons."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return [button.callback_data for row in rows for button in row if isinstance(button.callback_data, str)]
