"""Tells followers what is new: one process does, each claim once, and who blocked the bot is forgotten."""

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
from bot.replies.follow import news_reply
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


async def tell_once(bot: ExtBot[Any], shared: Shared, follows: Follows) -> int:
    """Tell what is new now; returns how many readers were told."""
    found: list[News] = await asyncio.to_thread(_news, follows)
    for news in found:
        await _send(bot, shared, follows, news)
    return len(found)


def _news(follows: Follows) -> list[News]:
    return list(follows.news(datetime.now(UTC))) if follows.mine() else []


async def _send(bot: ExtBot[Any], shared: Shared, follows: Follows, news: News) -> None:
    say = await asyncio.to_thread(shared.conversation.languages.say, Reader(news.reader))
    reply = news_reply(news.items, say)
    try:
        await bot.send_message(
            news.reader,
            reply.html,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(reply),
            link_preview_options=NO_PREVIEW,
        )
        shared.counts.replies.inc()
    except (Forbidden, BadRequest):  # the bot was blocked, or the chat is gone
        await asyncio.to_thread(follows.forget, news.reader)
    except TelegramError as error:
        log.info("news not delivered: %s", type(error).__name__)
