"""Errors: one sentence to the reader, the place to the log and the admins, no text of anybody's
message in either.
"""

from __future__ import annotations

import logging
import secrets
import time
import traceback

from telegram import Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.domain.errors import StoreError
from bot.replies.talk import admin_reply, failure_reply
from handlers.context import Context

log = logging.getLogger("verbatim")
AGAIN = 3600.0
"""Seconds after which the admins are told of the same fault again."""
_HARMLESS = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to edit not found",
    "message can't be edited",
    "chat not found",
    "message to be replied not found",
    "message thread not found",
    "topic_closed",
    "not enough rights",
    "chat_write_forbidden",
)


async def on_error(update: object, context: Context) -> None:
    """Survive what is harmless; log the rest under a short reference that the reader is told."""
    error = context.error
    if error is None:
        return
    if isinstance(error, (Forbidden, RetryAfter)) or (
        isinstance(error, BadRequest) and any(h in str(error).lower() for h in _HARMLESS)
    ):
        log.info("not delivered: %s", type(error).__name__)
        return
    context.shared.counts.failures.inc()
    reference, kind = secrets.token_hex(3), type(error).__name__
    frames = "".join(
        traceback.format_tb(error.__traceback__)
    )  # the message of an exception may hold a reader's words
    told = f": {error}" if isinstance(error, (StoreError, TelegramError)) else ""
    log.error("failure %s: %s%s\n%s", reference, kind, told, frames.rstrip())
    if isinstance(error, TelegramError):
        return
    message = update.effective_message if isinstance(update, Update) else None
    if isinstance(message, Message) and isinstance(update, Update) and not update.inline_query:
        try:
            await context.send(message, failure_reply(context.say, reference))
        except TelegramError as second:
            log.info("the failure could not be told: %s", type(second).__name__)
    await _tell_admins(context, reference, kind, frames)


async def _tell_admins(context: Context, reference: str, kind: str, frames: str) -> None:
    fault = f"{kind} {frames[-300:]}"
    if time.monotonic() - context.shared.faults.get(fault, -AGAIN) < AGAIN:
        return
    context.shared.faults[fault] = time.monotonic()
    for admin in context.shared.settings.admins:
        try:
            await context.bot.send_message(
                admin, admin_reply(reference, kind, frames).html, parse_mode=ParseMode.HTML
            )
        except TelegramError as error:
            log.info("an admin could not be told: %s", type(error).__name__)
