"""Tells followers what is new: one process does, each claim once, and who blocked the bot is
forgotten.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.conversation.languages import Reader
from bot.domain.errors import VerbatimError
from bot.replies.follow import news_replies
from bot.services.follow import Follows, News
from handlers.context import NO_PREVIEW, Shared, keyboard

log = logging.getLogger("verbatim")
_LOOK = 10.0  # seconds between two looks


async def tell(bot: ExtBot[Any], shared: Shared) -> None:
    """Until cancelled."""
    follows = shared.conversation.desk.follows
    while True:
        await asyncio.sleep(_LOOK)
        try:
            await tell_once(bot, shared, follows)
        except VerbatimError as error:  # the store is away: looked at again
            log.warning("followers are not told: %s", error)
        except Exception:  # others are told all the same, the next time
            log.exception("followers are not told")


async def tell_once(bot: ExtBot[Any], shared: Shared, follows: Follows) -> int:
    """Tell what is new now; returns how many readers were told."""
    if not await asyncio.to_thread(follows.mine):
        return 0
    count, found = 0, follows.news(datetime.now(UTC))
    while news := await asyncio.to_thread(
        next, found, None
    ):  # the next is looked for once this one is sent
        await _send(bot, shared, follows, news)
        count += 1
    return count


async def _send(bot: ExtBot[Any], shared: Shared, follows: Follows, news: News) -> None:
    say = await asyncio.to_thread(shared.conversation.languages.say, Reader(news.reader))
    try:
        for reply in news_replies(news.items, say, news.edits):
            await bot.send_message(
                news.reader,
                reply.html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(reply),
                link_preview_options=NO_PREVIEW,
            )
            shared.counts.replies.inc()
    except TelegramError as error:
        if (
            isinstance(error, Forbidden) or "chat not found" in str(error).lower()
        ):  # the bot was blocked, or it is gone
            await asyncio.to_thread(follows.forget, news.reader)
        elif isinstance(error, BadRequest):  # a fault of ours: sent again, it fails again
            log.warning("news not delivered: %s", error.message)
        else:
            log.info("news not delivered: %s; told later", type(error).__name__)
            await asyncio.to_thread(follows.later, news)
