"""Errors: one sentence to the reader, the traceback to the log, no text of anybody's message in it."""

from __future__ import annotations

import logging
import secrets

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.replies.talk import failure_reply
from handlers.context import Context

log = logging.getLogger("verbatim")

_HARMLESS = (
    "message is not modified",
    "query is too old",
    "message to edit not found",
    "chat not found",
    "message to be replied not found",
)


async def on_error(update: object, context: Context) -> None:
    """Survive what is harmless; log the rest under a short reference that the reader is told."""
    error = context.error
    if isinstance(error, Forbidden) or (
        isinstance(error, BadRequest) and any(h in str(error).lower() for h in _HARMLESS)
    ):
        log.info("not delivered: %s", type(error).__name__)
        return
    reference = secrets.token_hex(3)
    log.error(
        "failure %s: %s",
        reference,
        type(error).__name__,
        exc_info=None if isinstance(error, TelegramError) else error,
    )
    message = update.effective_message if isinstance(update, Update) else None
    if isinstance(message, Message) and not isinstance(error, TelegramError):
        try:
            await context.send(message, failure_reply(context.say, reference))
        except TelegramError as second:
            log.info("the failure could not be told: %s", type(second).__name__)
