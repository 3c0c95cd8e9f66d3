"""A Bot API on the loopback with users behind it, light enough to leave the processor to the bot it
measures.

What a bot sends is not judged here (the tests' Bot API does that): a method is answered, and a sent
message ends the wait of the user that it goes to.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import parse_qs

_HEAD_END = b"\r\n\r\n"
_BOT = {
    "id": 1,
    "is_bot": True,
    "first_name": "Bench",
    "username": "bench_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
_POLL = 20.0  # seconds that getUpdates waits for news


class BenchApi:
    """A server for one bot; ``ask`` is a user's message and the wait for its answer."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.answers: dict[int, asyncio.Future[str]] = {}
        self.polled = asyncio.Event()
        self._news = asyncio.Event()
        self._number = 0
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()

    async def ask(self, user: int, text: str) -> tuple[float, str]:
        """Seconds from a message to its answer, and the answer."""
        self._number += 1
        person = {"id": user, "is_bot": False, "first_name": "U", "language_code": "fr"}
        message = {
            "message_id": self._number,
            "date": int(time.time()),
            "from": person,
            "text": text,
            "chat": {"id": user, "type": "private", "first_name": "U"},
        }
        answered = self.answers[user] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self.updates.append({"update_id": self._number, "message": message})
        self._news.set()
        words = await asyncio.wait_for(answered, 60)
        return time.perf_counter() - began, words

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(_HEAD_END)
                method, length, is_json = _request(head)
                body = await reader.readexactly(length)
                params = json.loads(body) if is_json and body else _form(body)
                content = json.dumps(
                    {"ok": True, "result": await self._answer(method, params)}
                ).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    b"%d\r\n\r\n%b" % (len(content), content)
                )
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()

    async def _answer(self, method: str, params: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return _BOT
            case "getUpdates":
                return await self._poll(int(params.get("offset", 0)))
            case "sendMessage":
                chat = int(params["chat_id"])
                waiting = self.answers.pop(chat, None)
                if waiting and not waiting.done():
                    waiting.set_result(params["text"])
                self._number += 1
                return {
                    "message_id": self._number,
                    "date": 1,
                    "chat": {"id": chat, "type": "private"},
                    "from": _BOT,
                    "text": "x",
                }
        return True

    async def _poll(self, offset: int) -> list[dict[str, Any]]:
        self.polled.set()
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if not self.updates:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), _POLL)
            except TimeoutError:
                return []
        return self.updates[:100]


def _request(head: bytes) -> tuple[str, int, bool]:
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    is_json = any(line.startswith(b"content-type: application/json") for line in lines)
    return head.split(b" ", 2)[1].rpartition(b"/")[2].decode(), length, is_json


def _form(body: bytes) -> dict[str, Any]:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


async def crowd(
    api: BenchApi, users: int, updates: int, questions: Sequence[str]
) -> tuple[list[float], float]:
    """Users who each ask again as soon as they are answered: seconds of each answer, and seconds of
    them all.
    """
    left = iter(range(updates))

    async def one(user: int) -> list[float]:
        return [(await api.ask(user, questions[(user + at) % len(questions)]))[0] for at in left]

    began = time.perf_counter()
    waits = await asyncio.gather(*(one(1000 + user) for user in range(users)))
    return [wait for own in waits for wait in own], time.perf_counter() - began
