"""Updates fetched by long polling, no faster than they are handled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import warnings
from typing import Any

from telegram.error import (
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from handlers.intake import ROOM, Intake, parsed

log = logging.getLogger("verbatim")
warnings.filterwarnings(
    "ignore", message="Please use 'Bot.getUpdates'"
)  # it can't pass over one that it can't read

UPDATES = ("message", "edited_message", "callback_query", "inline_query", "guest_message")
"""The kinds of update that Telegram is asked for."""
_POLL = 10  # seconds that Telegram waits for news
_BACK_OFF = (1.0, 30.0)  # seconds after a failure: the first, the longest


class Polling:
    """Fetches, and tells Telegram only then that a batch is received when hardly any of it is
    unanswered.
    """

    def __init__(self, bot: ExtBot[Any], intake: Intake) -> None:
        self._bot, self._intake = bot, intake
        self._next = 0

    async def run(self) -> None:
        """Until cancelled; InvalidToken when Telegram refuses the token."""
        wait = _BACK_OFF[0]
        while True:
            await self._intake.room()
            try:
                for raw in await self._fetch(_POLL):
                    self._take(raw)
                wait = _BACK_OFF[0]
            except (InvalidToken, EndPointNotFound, Forbidden) as error:
                raise InvalidToken from error
            except TelegramError as error:
                log.warning("getUpdates: %s", _told(error))
                after = error.retry_after if isinstance(error, RetryAfter) else wait
                await asyncio.sleep(
                    after if isinstance(after, (int, float)) else after.total_seconds()
                )
                wait = min(wait * 2, _BACK_OFF[1])

    def _take(self, raw: Any) -> None:
        if isinstance(raw, dict) and isinstance(raw.get("update_id"), int):
            self._next = raw["update_id"] + 1
        update = parsed(raw, self._bot)
        if update is not None:
            self._intake.put(update)

    async def _fetch(self, seconds: int, limit: int = 2 * ROOM) -> list[Any]:
        asked = {
            "offset": self._next,
            "timeout": seconds,
            "limit": limit,
            "allowed_updates": list(UPDATES),
        }
        found = await self._bot.do_api_request(
            "getUpdates", api_kwargs=asked, read_timeout=seconds + 10
        )
        return found if isinstance(found, list) else []

    async def confirm(self) -> None:
        """Tell Telegram that all is received, so that a restart gets none of it again."""
        if self._next:
            with contextlib.suppress(TelegramError, TimeoutError):
                await asyncio.wait_for(self._fetch(0, 1), 2)


def _told(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "another process polls with this token, or a webhook is set; trying again"
    return f"{type(error).__name__}; trying again"
