"""Updates in: each chat's one after another, the chats beside one another, and never more than can
be handled.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, Update

from handlers.health import Counts
from handlers.pacing import Pacing

log = logging.getLogger("verbatim")
ROOM = 16
"""Updates that may be unanswered when Telegram is told that they are received: as many a kill can
lose, and as many again that wait for a chat's limit.
"""
# updates that may wait in the lane of a chat that is over its limit; further ones are refused
_SHORT = 3


class Intake:
    """A lane a chat: what comes from it is handled in order, one at a time, and holds no other chat
    up.

    A chat whose answers wait for its limit (a flooded group, a 429) counts apart; what comes from
    it meanwhile is refused but for the first few.
    """

    def __init__(
        self, handle: Callable[[Update], Awaitable[None]], pacing: Pacing, counts: Counts
    ) -> None:
        self._handle, self._pacing, self._counts = handle, pacing, counts
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    # ---- in
    def put(self, update: Update) -> bool:
        """Take an update in; False when it is refused."""
        key = _chat_of(update)
        held = self._pacing.waiting.get(key, 0) > 0
        if held and (len(self._lanes.get(key, ())) >= _SHORT or self._held() >= ROOM):
            self._counts.refused.inc()
            return False
        self._counts.updates.inc()
        if key in self._lanes:
            self._lanes[key].append(update)
        else:
            self._lanes[key] = deque([update])
            task = asyncio.get_running_loop().create_task(self._run(key))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return True

    async def room(self) -> None:
        """Wait until few enough are unanswered; those of a chat over its limit that are too many
        are let go.
        """
        async with self._changed:
            while len(self) - self._shed() > ROOM:
                try:
                    await asyncio.wait_for(
                        self._changed.wait(), 0.5
                    )  # a chat may come to its limit meanwhile
                except TimeoutError:
                    continue

    def __len__(self) -> int:
        """Updates that are being handled or wait."""
        return sum(len(lane) for lane in self._lanes.values())

    def _held(self) -> int:
        return sum(len(lane) for key, lane in self._lanes.items() if self._pacing.waiting.get(key))

    def _shed(self) -> int:
        """How many wait for their chats' limits, once what is too much is let go."""
        for most in (_SHORT, 1):
            for key, lane in self._lanes.items():
                while self._pacing.waiting.get(key) and len(lane) > most:
                    lane.pop()
                    self._counts.refused.inc()
            if self._held() <= ROOM:
                break
        return self._held()

    # ---- handling
    async def _run(self, key: int) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                update = lane[0]
                try:
                    await self._handle(update)
                except Exception as error:  # noqa: BLE001 the handlers have their own; this is for what they can't see
                    log.error("update %d: %s", update.update_id, type(error).__name__)
                if lane and lane[0] is update:
                    lane.popleft()
                async with self._changed:
                    self._changed.notify_all()
        finally:  # whatever ended it, the chat's next update begins a lane anew
            del self._lanes[key]

    async def close(self, seconds: float) -> None:
        """Let what is begun end, for so many seconds; the rest is broken off."""
        until = time.monotonic() + seconds
        while (
            self._tasks and (left := until - time.monotonic()) > 0
        ):  # those begun meanwhile as well
            await asyncio.wait(set(self._tasks), timeout=left)
        for task in list(self._tasks):
            task.cancel()
        if len(self):
            log.warning("%d updates were not answered", len(self))


def parsed(raw: Any, bot: Bot) -> Update | None:
    """An update of Telegram's JSON; one that can't be read is passed over and told by its
    number.
    """
    try:
        return Update.de_json(raw, bot)
    except Exception as error:  # noqa: BLE001 whatever the library makes of it
        number = raw.get("update_id") if isinstance(raw, dict) else None
        log.warning("update %s can't be read: %s", number, type(error).__name__)
        return None


def _chat_of(update: Update) -> int:
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else user.id if user else 0
