"""/start with its deep links, /help, the language, privacy, and commands that there are none of."""

from __future__ import annotations

import asyncio
import re

from telegram import Message, Update

from bot.domain.model import Reply
from bot.replies.phrases import LANGUAGES, Phrases, phrases
from bot.replies.talk import (
    forgotten_reply,
    help_reply,
    language_reply,
    privacy_reply,
    start_examples,
    start_reply,
    unknown_command_reply,
)
from bot.services.desk import Desk
from bot.services.preferences import prefer, preferences
from handlers.articles import actions_of, press
from handlers.context import Context

_LINK = re.compile(r"([qas])_([A-Za-z0-9_-]{1,48})")
_OPENS = {"q": "q", "a": "a", "s": "p"}  # what a deep link opens, by what buttons call it


def start(desk: Desk, say: Phrases, payload: str, username: str) -> Reply:
    """The welcome, or what a deep link leads to: a quote, an article, a speaker."""
    link = _LINK.fullmatch(payload)
    if link:
        return press(desk, say, f"{_OPENS[link[1]]}:{link[2]}")
    return start_reply(say, *desk.size(), username, desk.answered(start_examples(say)))


async def on_start(update: Update, context: Context) -> None:
    """/start, /start q_ID."""
    if update.message:
        say = await context.greet(update)
        payload = context.args[0] if context.args else ""
        reply = await context.think(start, context.desk, say, payload, context.bot.username, message=update.message)
        await context.send(update.message, reply)


async def on_help(update: Update, context: Context) -> None:
    """/help, /help search."""
    if update.message:
        say = await context.greet(update)
        await context.send(update.message, help_reply(say, " ".join(context.args or ())))


async def on_language(update: Update, context: Context) -> None:
    """/language, /language fr."""
    if update.message and update.effective_user:
        say = await context.greet(update)
        code = (context.args[0] if context.args else "").lower()[:2]
        reply = await choose(update.effective_user.id, code, context) if code in LANGUAGES else language_reply(say)
        await context.send(update.message, reply)


async def on_language_button(update: Update, context: Context) -> None:
    """A language was tapped."""
    query = update.callback_query
    if query is None:
        return
    await query.answer()
    code = (query.data or "").removeprefix("g:")
    if code not in LANGUAGES:  # a button without data, as a game's: python-telegram-bot gives it to the first handler
        return
    reply = await choose(query.from_user.id, code, context)
    if isinstance(query.message, Message) and query.data in actions_of(query.message):
        await context.turn(query.message, reply)


async def choose(user: int, code: str, context: Context) -> Reply:
    """Keep a reader's choice, over restarts."""
    await asyncio.to_thread(prefer, context.desk.store, user, {"language": code})
    context.remember(user, code)
    context.say = phrases(code)
    return language_reply(context.say, chosen=True)


async def on_privacy(update: Update, context: Context) -> None:
    """/privacy."""
    if update.message and update.effective_user:
        say = await context.greet(update)
        kept = await context.think(preferences, context.desk.store, update.effective_user.id)
        await context.send(update.message, privacy_reply(say, kept.get("language")))


async def on_forget(update: Update, context: Context) -> None:
    """/forget."""
    if update.message and update.effective_user:
        await asyncio.to_thread(prefer, context.desk.store, update.effective_user.id, {})
        context.remember(update.effective_user.id, None)
        await context.send(update.message, forgotten_reply(await context.greet(update)))


async def on_unknown(update: Update, context: Context) -> None:
    """A command that there is none of (in private only: in groups it may be meant for another bot)."""
    if update.message and update.message.text:
        say = await context.greet(update)
        await context.send(update.message, unknown_command_reply(say, update.message.text.split()[0][:40]))
