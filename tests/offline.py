"""The bot without a network: real updates in, its requests checked as Telegram would and
recorded.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Self

from botapi import TOKEN, BotApi, person
from botapi_http import Call
from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.services.desk import Desk
from bot.settings import Settings
from handlers.application import App, build_application

FRENCH = person(language_code="fr")
ENGLISH = person(2002, "en")


class OfflineRequest(BaseRequest):
    """Answers every call from a ``BotApi`` object, without HTTP."""

    def __init__(self, api: BotApi) -> None:
        self.api = api

    @property
    def read_timeout(self) -> float:
        """What the base class asks for; nothing is waited for."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """One Bot API call, or a file; the HTTP method makes no difference."""
        if "/file/bot" in url:
            return 200, bytes(self.api.files[url.rsplit("/", 1)[1]])
        params: dict[str, Any] = dict(request_data.json_parameters) if request_data else {}
        if request_data and request_data.contains_files:
            params |= {
                name: content[1] for name, content in (request_data.multipart_data or {}).items()
            }
        call = self.api.handle(url.rsplit("/", 1)[1], params)
        return call.code, json.dumps(call.body()).encode()


class Offline:
    """The bot over a desk; ``feed`` processes what was pushed to ``api`` and returns the calls it
    led to.
    """

    def __init__(self, desk: Desk, **settings: Any) -> None:
        self.api = BotApi()
        self.settings = Settings.model_validate(
            {"telegram_token": TOKEN, "VERBATIM_STORE": "memory:", **settings}
        )
        self.app: App = build_application(self.settings, desk, OfflineRequest(self.api))

    async def __aenter__(self) -> Self:
        await self.app.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.app.shutdown()
        self.app.bot_data["shared"].pool.shutdown(wait=False)
        self.api._server.server_close()

    async def feed(self) -> list[Call]:
        """Process all queued updates."""
        before = len(self.api.calls)
        while self.api._updates:
            update = Update.de_json(self.api._updates.pop(0), self.app.bot)
            await self.app.process_update(update)
        return self.api.calls[before:]

    async def message(self, text: str = "", **fields: Any) -> list[Call]:
        """A message, processed."""
        self.api.message(text, **fields)
        return await self.feed()

    async def press(self, data: str, message_id: int, **fields: Any) -> list[Call]:
        """A button pressed, processed."""
        self.api.callback(data, message_id, **fields)
        return await self.feed()


def run(desk: Desk, story: Callable[[Offline], Awaitable[None]], **settings: Any) -> None:
    """Tell a story to the bot; no request may be one that Telegram refuses."""

    async def main() -> None:
        async with Offline(desk, **settings) as bot:
            await story(bot)
            assert [f"{call.method}: {call.error}" for call in bot.api.refused] == []

    asyncio.run(main())
