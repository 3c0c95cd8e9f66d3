"""/start, /help and commands that there are none of."""

from __future__ import annotations

from telegram import Update

from bot.replies.talk import help_reply, start_reply, unknown_command_reply
from handlers.context import Context


async def on_start(update: Update, context: Context) -> None:
    """The welcome."""
    if update.message and update.effective_user:
        say = context.speak(update.effective_user.language_code)
        await context.send(update.message, start_reply(say, *context.desk.index.size))


async def on_help(update: Update, context: Context) -> None:
    """The help."""
    if update.message and update.effective_user:
        await context.send(update.message, help_reply(context.speak(update.effective_user.language_code)))


async def on_unknown(update: Update, context: Context) -> None:
    """A command that there is none of (in private only: in groups it may be meant for another bot)."""
    if update.message and update.effective_user and update.message.text:
        say = context.speak(update.effective_user.language_code)
        await context.send(update.message, unknown_command_reply(say, update.message.text.split()[0][:40]))
