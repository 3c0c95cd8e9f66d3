"""How fast requests go out: Telegram's limits, waited for by whom they concern; what failed for a
moment is tried again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

PATIENCE = 30.0
"""Seconds for which a request that fails for a moment is tried again."""
FIRST, LONGEST = 0.5, 5.0
"""Seconds before the first and between later attempts."""
LONGEST_REFUSAL = 60.0
"""Seconds that a 429 may ask to wait; after longer ones nobody waits for an answer any more."""
_GROUPS = 5_000  # groups whose pace is remembered
_COURTESY = ("sendChatAction",)  # not worth waiting for, nor counting
_AT_ONCE = (*_COURTESY, "answerCallbackQuery")  # of no use later

Json = bool | dict[str, Any] | list[dict[str, Any]]


class Pacing(BaseRateLimiter[int]):
    """At most ``overall`` messages a second, and ``group`` a minute to one group; 0: no limit.

    Nothing is held while a request waits but the request: others' go by. A chat that Telegram wants
    to wait (429) waits alone. What may have arrived all the same (an answer that was lost) is sent
    again, so a reader may see it twice.
    """

    def __init__(self, overall: int, group: int) -> None:
        self._overall = AsyncLimiter(overall, 1) if overall else None
        self._group = group
        self._groups: OrderedDict[object, AsyncLimiter] = OrderedDict()
        self._until: dict[object, float] = {}
        self.waiting: Counter[object] = Counter()
        """For each chat, how many of its requests wait."""

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Json]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002 as the library calls it
    ) -> Json:
        """Make the request when it is its turn, again while it fails for a moment."""
        chat, wait = (
            data.get(
                "chat_id", data.get("callback_query_id", data.get("inline_query_id", endpoint))
            ),
            FIRST,
        )
        until = time.monotonic() + PATIENCE
        while True:
            if endpoint not in _COURTESY:
                await self._turn(chat, endpoint)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                if endpoint in _AT_ONCE or _seconds(error) > LONGEST_REFUSAL:
                    raise
                self._until[chat] = time.monotonic() + _seconds(error)
            except TelegramError as error:
                if (
                    not passing(error)
                    or not _is_answer(endpoint)
                    or time.monotonic() + wait > until
                ):
                    raise
                await self._held(chat, asyncio.sleep(wait))
                wait = min(wait * 2, LONGEST)

    async def _turn(self, chat: object, endpoint: str) -> None:
        while (left := self._until.get(chat, 0.0) - time.monotonic()) > 0:
            await self._held(chat, asyncio.sleep(left))
        self._until.pop(chat, None)
        limits = [self._overall] if self._overall else []
        if self._group and _is_group(chat) and endpoint.startswith(("send", "edit")):
            limits.append(self._limit_of(chat))
        for limit in limits:
            if limit.has_capacity():
                await limit.acquire()
            else:
                await self._held(chat, limit.acquire())

    def _limit_of(self, chat: object) -> AsyncLimiter:
        found = self._groups.pop(chat, None) or AsyncLimiter(self._group, 60)
        self._groups[chat] = found  # asked for last
        if len(self._groups) > _GROUPS:
            self._groups.popitem(last=False)
        return found

    async def _held(self, chat: object, until: Awaitable[None]) -> None:
        self.waiting[chat] += 1
        try:
            await until
        finally:
            self.waiting[chat] -= 1
            if not self.waiting[chat]:
                del self.waiting[chat]


def _is_answer(endpoint: str) -> bool:
    """Does somebody wait for it? What is asked at the start has its own patience."""
    return endpoint.startswith(("send", "edit", "answer")) and endpoint not in _COURTESY


def passing(error: TelegramError) -> bool:
    """Is it a fault of the network or of Telegram's servers, which may be over in a moment?"""
    return (isinstance(error, NetworkError) and not isinstance(error, BadRequest)) or type(
        error
    ) is TelegramError


def _is_group(chat: object) -> bool:
    return str(chat).startswith(("-", "@"))


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after if isinstance(after, (int, float)) else after.total_seconds())
