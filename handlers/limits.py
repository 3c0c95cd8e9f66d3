"""How much one reader may ask a minute; admins may ask more."""

from __future__ import annotations

import time

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.replies.talk import busy_reply
from handlers.context import Context

MINUTE = 60.0
_KEPT = 20_000  # readers remembered


class Allowance:
    """For each reader, when their next question is due at an even pace, and whether they were told to wait.

    The generic cell rate algorithm: a burst of a minute's worth is let through at once, then one at a time.
    """

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._due: dict[int, float] = {}
        self._told: dict[int, float] = {}

    def wait(self, user: int, now: float) -> float:
        """Seconds to wait before the next one; 0 lets this one through and counts it."""
        if not self.a_minute:
            return 0.0
        if len(self._due) > _KEPT:
            self._due = {key: due for key, due in self._due.items() if due > now}
        due = max(self._due.get(user, 0.0), now)
        early = due - now - MINUTE * (1 - 1 / self.a_minute)
        if early > 1e-9:
            return early
        self._due[user] = due + MINUTE / self.a_minute
        return 0.0

    def tell(self, user: int, now: float, seconds: float) -> bool:
        """Should the reader be told? Once until the time is over."""
        if now < self._told.get(user, 0.0):
            return False
        self._told = {key: until for key, until in self._told.items() if until > now}
        self._told[user] = now + max(seconds, 5.0)
        return True


async def on_any(update: Update, context: Context) -> None:
    """Before every other handler: stop who asks too much, with a kind word once."""
    user = update.effective_user
    if user is None or user.id in context.settings.admins:
        return
    allowance: Allowance = context.application.bot_data["allowance"]
    now = time.monotonic()
    seconds = allowance.wait(user.id, now)
    if not seconds:
        return
    if update.inline_query is None and allowance.tell(user.id, now, seconds):
        reply = busy_reply(await context.greet(update), int(seconds) + 1)
        if update.callback_query:
            await update.callback_query.answer(reply.plain, show_alert=True)
        elif isinstance(update.message, Message):
            await context.send(update.message, reply)
    elif update.callback_query:
        await update.callback_query.answer()
    raise ApplicationHandlerStop
