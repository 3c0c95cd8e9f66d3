"""Where work is done, and how requests travel."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botapi import TOKEN, BotApi, person
from offline import Offline
from telegram.error import NetworkError, RetryAfter, TimedOut

import handlers.ask as asking
from bot.services.desk import Desk
from handlers.ask import answer_page
from handlers.thinking import QUICK, Thinking
from handlers.transport import AiohttpRequest, Client


def test_slow_work_leaves_the_event_loop_free_and_shows_typing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def slow(*arguments: Any) -> Any:
        threads.append(threading.current_thread())
        time.sleep(0.7)
        return answer_page(*arguments)

    async def story() -> None:
        async with Offline(desk) as bot:
            monkeypatch.setattr(asking, "answer_page", slow)
            bot.api.message("guerre de Poutine", user=person())
            running = asyncio.ensure_future(bot.feed())
            ticks = 0
            while not running.done():
                await asyncio.sleep(0.05)
                ticks += 1
            assert ticks > 5
            assert [call.method for call in await running] == ["sendChatAction", "sendMessage"]

    asyncio.run(story())
    assert threads != [threading.main_thread()]


def is_quick(thinking: Thinking, kind: str, arguments: tuple[str, ...]) -> bool:
    claimed = thinking.claim(kind, arguments)
    if claimed:
        thinking.release()
    return claimed


def test_only_quick_recent_work_is_done_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    thinking = Thinking(desk)
    cost = iter([0.0, QUICK / 2, 0.0, QUICK * 2, 0.0, QUICK / 2])
    clock = [100.0]
    monkeypatch.setattr(time, "thread_time", lambda: next(cost))
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    assert not is_quick(thinking, "search", ())  # never done before
    assert thinking.run("search", len, ("abc",)) == 3
    assert is_quick(thinking, "search", ("a question",))
    assert not is_quick(thinking, "picture", ())
    assert not is_quick(thinking, "search", ("long " * 100,))
    clock[0] += 5
    assert not is_quick(thinking, "search", ())  # after a pause there may be news to index
    thinking.run("search", len, ("",))
    assert not is_quick(thinking, "search", ())
    thinking.run("search", len, ("",))
    assert not is_quick(thinking, "search", ())  # once slow, slow for a while


def test_waiting_counts_unless_others_took_turns_with_it(desk: Desk) -> None:
    thinking = Thinking(desk)
    thinking.run("alone", time.sleep, (0.01,))
    assert not is_quick(thinking, "alone", ())
    both = [threading.Thread(target=thinking.run, args=("together", time.sleep, (0.1,))) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert is_quick(thinking, "together", ())


def test_work_waits_elsewhere_for_a_held_index(desk: Desk) -> None:
    thinking = Thinking(desk)
    thinking.run("search", len, ("",))
    assert is_quick(thinking, "search", ())
    seen = []
    with desk.index.lock:
        other = threading.Thread(target=lambda: seen.append(is_quick(thinking, "search", ())))
        other.start()
        other.join()
    assert seen == [False]


def _client(api: BotApi) -> Client:
    return Client(TOKEN, f"{api.url}/bot", request=AiohttpRequest(4), get_updates_request=AiohttpRequest(1))


def test_requests_files_and_refusals() -> None:
    async def story(api: BotApi) -> None:
        async with _client(api) as client:
            await client.send_plain(
                {"chat_id": 5, "text": "<b>é 😀</b> & co".replace("&", "&amp;"), "parse_mode": "HTML"}
            )
            api.fail_next("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
            with pytest.raises(RetryAfter):
                await client.send_plain({"chat_id": 5, "text": "x"})
            with pytest.raises(NetworkError):  # telegram.error.BadRequest is one
                await client.send_plain({"chat_id": 5, "text": "<b>x", "parse_mode": "HTML"})
            sent = await client.send_photo(5, b"\x89PNG\r\n\x1a\n" + b"0" * 64, caption="é")
            assert sent.caption == "é"

    with BotApi() as api:
        asyncio.run(story(api))
        assert api.calls[1].result["text"] == "é 😀 & co"


@contextmanager
def answering(do_post: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on the loopback that does so with each POST; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            do_post(self)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_silence_and_refused_connections_are_the_librarys_errors() -> None:
    async def story(url: str) -> None:
        request = AiohttpRequest(1)
        with pytest.raises(RuntimeError):
            await request.do_request(url, "POST")
        await request.initialize()
        with pytest.raises(TimedOut):
            await request.do_request(url, "POST", read_timeout=0.05)
        with pytest.raises(NetworkError):
            await request.do_request("http://127.0.0.1:9/x", "POST")
        await request.shutdown()

    with answering(lambda _: time.sleep(0.5)) as url:
        asyncio.run(story(url))


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"{}")

    async def story() -> None:
        request = AiohttpRequest(1)
        await request.initialize()
        assert await request.do_request("http://telegram.example/x", "POST") == (200, b"{}")
        with pytest.raises(NetworkError):
            await request.do_request("http://unproxied.example:9/x", "POST")
        await request.shutdown()

    with answering(answer) as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.setenv("no_proxy", "unproxied.example")
        asyncio.run(story())
    assert asked == ["http://telegram.example/x"]
