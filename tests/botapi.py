"""A small Telegram Bot API server on the loopback, for the tests and benches, as strict as
Telegram.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from http import HTTPStatus
from threading import Condition, Thread
from typing import Any, Self
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from botapi_html import Json, RefusedError, utf16_length
from botapi_http import Call, Server
from botapi_rules import decode, judge
from botapi_state import State

TOKEN = "123456789:loopback-TEST-token"
_CALLED = re.compile(r"(?<![\w/@])(?:/\w{1,32}(?:@\w{3,32})?|@\w{4,32})", re.ASCII)


def person(
    user_id: int = 1001, language_code: str = "en", first_name: str = "Ann", **fields: Any
) -> Json:
    """A Telegram user."""
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": first_name,
        "language_code": language_code,
        **fields,
    }


def room(
    kind: str = "supergroup", chat_id: int = -1001234567890, title: str = "Readers", **fields: Any
) -> Json:
    """A Telegram group, supergroup or channel."""
    return {"id": chat_id, "type": kind, "title": title, **fields}


def private(user: Json) -> Json:
    """The private chat with a user."""
    return {
        "type": "private",
        **{key: user[key] for key in ("id", "first_name", "username") if key in user},
    }


def called(text: str) -> list[Json]:
    """The entities of the bot commands and mentions of a plain text, in UTF-16 units."""
    kinds = {"/": "bot_command", "@": "mention"}
    return [
        {"type": kinds[m[0][0]], "offset": utf16_length(text[: m.start()]), "length": len(m[0])}
        for m in _CALLED.finditer(text)
    ]


def _post(request: Request, patience: float = 10) -> int:
    """The status of an answer; a port that is not open yet is waited for, as Telegram does."""
    until = time.monotonic() + patience
    while True:
        try:
            with urlopen(request, timeout=patience) as answer:  # noqa: S310 the loopback
                return int(answer.status)
        except HTTPError as refusal:
            return refusal.code
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


class BotApi(State):
    """A Bot API server on a free loopback port, for the length of a with block."""

    def __init__(self, token: str = TOKEN, username: str = "loopback_bot") -> None:
        super().__init__(int(token.partition(":")[0]), username)
        self.token = token
        self.calls: list[Call] = []
        self.refused: list[Call] = []
        self._failures: defaultdict[str, deque[tuple[int, str, int | None]]] = defaultdict(deque)
        self._marked = 0
        self._made: Counter[str] = Counter()
        self._done = Condition(self._lock)
        self._server = Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.base = f"{self.url}/bot"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            self._news.notify_all()
        self._server.shutdown()
        self._server.drop()

    # What the test does: updates in, failures on demand, waiting for the bot's calls.

    def push(self, update: Json) -> int:
        """Queues an update for the bot and tells the update_id it was given."""
        with self._lock:
            number = next(self._update_ids)
            self._learn(update)
            if not self._allowed or update.keys() & set(self._allowed):
                self._updates.append({**update, "update_id": number})
            self._news.notify_all()
            return number

    def message(
        self, text: str = "", user: Json | None = None, chat: Json | None = None, **fields: Any
    ) -> int:
        """Queues a message by a user, in private unless a chat is given, and tells its
        update_id.
        """
        return self.push({"message": self._incoming(text, user, chat, fields)})

    def guest(
        self, text: str = "", user: Json | None = None, chat: Json | None = None, **fields: Any
    ) -> int:
        """Queues a message that calls the bot as a guest of a chat and tells its update_id."""
        incoming = self._incoming(text, user, chat, fields)
        return self.push(
            {"guest_message": {"guest_query_id": str(next(self._query_ids)), **incoming}}
        )

    def callback(
        self, data: str, message_id: int | str, user: Json | None = None, **fields: Any
    ) -> int:
        """Queues a press of a button of a message (a str is an inline message's) and tells its
        update_id.
        """
        user = user or person()
        query: Json = {
            "id": str(next(self._query_ids)),
            "from": user,
            "chat_instance": "8",
            "data": data,
        }
        gone: Json = {"chat": private(user), "message_id": message_id, "date": 0}
        where: Json = {"inline_message_id": message_id}
        if not isinstance(message_id, str):
            where = {"message": self.messages.get(message_id, gone)}
        return self.push({"callback_query": {**query, **where, **fields}})

    def inline(
        self, query: str, user: Json | None = None, offset: str = "", chat_type: str = "private"
    ) -> int:
        """Queues an inline query and tells its update_id."""
        asked = {"query": query, "from": user or person(), "offset": offset, "chat_type": chat_type}
        return self.push({"inline_query": {"id": str(next(self._query_ids)), **asked}})

    def deliver(self, port: int, secret: str | None) -> list[int]:
        """Takes the queued updates to the webhook's path at a loopback port, as the proxy before it
        would: statuses.
        """
        with self._lock:
            updates, self._updates = self._updates, []
        url = f"http://127.0.0.1:{port}{urlsplit(self.webhook['url']).path}"
        told = {"Content-Type": "application/json"} | (
            {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        )
        return [_post(Request(url, json.dumps(update).encode(), told)) for update in updates]

    def fail_next(
        self, method: str, code: int, description: str, retry_after: int | None = None
    ) -> None:
        """Has the next call to a method answered with an error; several add up."""
        with self._lock:
            self._failures[method].append((code, description, retry_after))

    def mark(self) -> None:
        """Starts the counting of wait() afresh."""
        with self._lock:
            self._marked, self._made = len(self.calls), Counter()

    def wait(self, method: str, count: int = 1, timeout: float = 10) -> list[Call]:
        """The calls to a method since the last mark, as soon as there are this many."""
        with self._lock:
            if not self._done.wait_for(lambda: self._made[method] >= count, timeout):
                raise TimeoutError(
                    f"{method}: not {count} calls in {timeout:g} s, but {dict(self._made)}"
                )
            return [call for call in self.calls[self._marked :] if call.method == method]

    def handle(self, method: str, raw: Mapping[str, Any]) -> Call:
        """Answers one request and records it among the calls."""
        with self._lock:
            if self._failures[method]:
                code, description, retry = self._failures[method].popleft()
                return self._record(Call(method, dict(raw), None, description, code, retry))
        params = dict(raw)
        try:
            params = decode(raw)
            judge(method, params)
            with self._lock:
                result = self._answer(method, params)
                return self._record(Call(method, params, result))
        except RefusedError as refusal:
            call = Call(method, params, None, str(refusal), refusal.code)
            return self._record(call, broken=refusal.code != HTTPStatus.CONFLICT)

    def _record(self, call: Call, broken: bool = False) -> Call:
        with self._lock:
            self.calls.append(call)
            self.refused += [call] if broken else []
            self._made[call.method] += 1
            self._done.notify_all()
        return call

    def _incoming(self, text: str, user: Json | None, chat: Json | None, fields: Json) -> Json:
        user, words = user or person(), {"text": text, "entities": called(text)}
        message: Json = {"message_id": next(self._ids), "from": user, "chat": chat or private(user)}
        message |= {
            "date": int(time.time()),
            **{name: value for name, value in words.items() if value},
        }
        if "message_thread_id" in fields:
            message |= {"is_topic_message": True, "chat": message["chat"] | {"is_forum": True}}
        return message | fields
