"""Nobody blocks anybody: floods, limits, faults of the network, kills; each update answered once,
and no more held than can be.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from botapi import BotApi, person, room
from botapi_http import Call
from telegram import Bot, Update
from telegram.error import NetworkError, RetryAfter
from test_serve import free_port, serving

from handlers import webhook
from handlers.health import Counts
from handlers.intake import ROOM, Intake, parsed
from handlers.pacing import Pacing

pytestmark = pytest.mark.slow

LONG = bool(os.environ.get("LONG_TESTS"))
"""The full forms: 20 kills, 50,000 updates."""
BOT = Bot("1:x")


def update(number: int, chat: int) -> Update:
    made = {
        "message_id": number,
        "date": 1,
        "text": "Otan",
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "title": "x"},
        "from": {"id": abs(chat), "is_bot": False, "first_name": "A"},
    }
    found = parsed({"update_id": number, "message": made}, BOT)
    assert found
    return found


def told(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 60))


# ---- lanes
def test_a_chat_is_answered_in_order_and_holds_no_other_up() -> None:
    async def story() -> None:
        done: list[tuple[int, int]] = []
        gate = asyncio.Event()

        async def handle(one: Update) -> None:
            assert one.effective_chat
            if one.effective_chat.id == 1:
                await gate.wait()
            done.append((one.effective_chat.id, one.update_id))

        intake = Intake(handle, Pacing(0, 0), Counts())
        for number in range(10):
            assert intake.put(update(number, 1))
            assert intake.put(update(100 + number, 2))
        await asyncio.sleep(0.05)
        assert done == [(2, 100 + number) for number in range(10)]
        assert len(intake) == 10
        gate.set()
        await intake.close(1)
        assert done[10:] == [(1, number) for number in range(10)]

    told(story)


def test_there_is_room_only_when_few_are_unanswered() -> None:
    async def story() -> None:
        gate = asyncio.Semaphore(0)

        async def handle(_: Update) -> None:
            await gate.acquire()

        intake = Intake(handle, Pacing(0, 0), Counts())
        for number in range(100):
            intake.put(update(number, number + 1))
        waiting = asyncio.create_task(intake.room())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        for _ in range(100 - ROOM):
            gate.release()
        await asyncio.wait_for(waiting, 2)
        assert len(intake) == ROOM

    told(story)


def test_a_flooded_group_leaves_room_for_the_others() -> None:
    async def story() -> None:
        pacing, counts = Pacing(0, 20), Counts()
        sent: Counter[int] = Counter()

        async def send(*_: Any, **__: Any) -> bool:
            return True

        async def handle(one: Update) -> None:
            assert one.effective_chat
            chat = one.effective_chat.id
            await pacing.process_request(send, (), {}, "sendMessage", {"chat_id": chat}, None)
            sent[chat] += 1

        intake = Intake(handle, pacing, counts)
        for number in range(58):
            intake.put(update(number, -100))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await intake.room()
        assert time.monotonic() - began < 1
        assert len(intake) == 3
        for number in range(40):
            intake.put(update(1000 + number, 1 + number))
        await asyncio.sleep(0.1)
        assert sum(sent.values()) - sent[-100] == 40
        assert sent[-100] == 20
        assert counts.so_far()["refused"] == 58 - 20 - 3
        await intake.close(0)

    told(story)


def test_a_lane_that_was_broken_off_begins_anew() -> None:
    async def story() -> None:
        done: list[int] = []

        async def handle(one: Update) -> None:
            if one.update_id == 1:
                raise asyncio.CancelledError
            done.append(one.update_id)

        intake = Intake(handle, Pacing(0, 0), Counts())
        intake.put(update(1, 5))
        await asyncio.sleep(0.05)
        intake.put(update(2, 5))
        await intake.room()
        await asyncio.sleep(0.05)
        assert done == [2]
        assert len(intake) == 0

    told(story)


def test_what_telegram_brings_a_second_time_is_answered_once() -> None:
    async def story() -> None:
        done: list[int] = []

        async def handle(one: Update) -> None:
            done.append(one.update_id)

        intake, port = Intake(handle, Pacing(0, 0), Counts()), free_port()
        server = webhook.listen("127.0.0.1", port, "hook", "s", BOT, intake)
        raw = json.dumps(update(7, 5).to_dict()).encode()
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s"}
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/hook", raw, headers)
        for _ in range(2):
            await asyncio.to_thread(urllib.request.urlopen, asked)
        await intake.close(1)
        server.stop()
        assert done == [7]

    told(story)


def test_an_update_that_breaks_its_handler_does_not_end_the_lane() -> None:
    async def story() -> None:
        done = []

        async def handle(one: Update) -> None:
            if one.update_id == 0:
                raise RuntimeError
            done.append(one.update_id)

        intake = Intake(handle, Pacing(0, 0), Counts())
        for number in range(3):
            intake.put(update(number, 1))
        await intake.close(1)
        assert done == [1, 2]

    told(story)


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"update_id": 5, "message": "x"}, {"update_id": 6, "message": {"chat": 3}}],
)
def test_an_update_that_cannot_be_read_is_passed_over(
    raw: Any, caplog: pytest.LogCaptureFixture
) -> None:
    found = parsed(raw, BOT)
    assert found is None or not found.message
    assert "Traceback" not in caplog.text


# ---- pacing
def test_a_429_holds_its_own_chat_alone() -> None:
    async def story() -> None:
        pacing = Pacing(0, 0)
        refused = [RetryAfter(1)]

        async def send(chat: int) -> bool:
            if chat == 1 and refused:
                raise refused.pop()
            return True

        async def to(chat: int) -> float:
            began = time.monotonic()
            await pacing.process_request(send, (chat,), {}, "sendMessage", {"chat_id": chat}, None)
            return time.monotonic() - began

        first = asyncio.create_task(to(1))
        await asyncio.sleep(0.05)
        assert pacing.waiting[1]
        assert await to(2) < 0.5
        assert await first >= 0.9
        assert not pacing.waiting

    told(story)


def test_what_fails_for_a_moment_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.pacing.FIRST", 0.01)

    async def story() -> None:
        failures: list[Exception] = [NetworkError("reset"), NetworkError("Bad Gateway")]

        async def send() -> bool:
            if failures:
                raise failures.pop()
            return True

        assert await Pacing(0, 0).process_request(send, (), {}, "sendMessage", {"chat_id": 1}, None)

    told(story)


# ---- the whole program
def ask(api: BotApi, user: int, text: str = "guerre de Poutine", **fields: Any) -> None:
    api.message(text, user=person(user, "fr"), **fields)


def sent(api: BotApi) -> list[Call]:
    return [call for call in api.calls if call.method == "sendMessage" and call.error is None]


def answered(api: BotApi, user: int, within: float) -> float:
    """Seconds until something was sent to a user."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        if any(call.params["chat_id"] == user for call in sent(api)):
            return time.monotonic() - began
        time.sleep(0.01)
    raise AssertionError(f"no answer to {user} within {within} s")


FAULTS = {
    "500": (500, "Internal Server Error"),
    "502": (502, "Bad Gateway"),
    "reset": (0, "!reset"),
    "garbage": (0, "!garbage"),
    "timeout": (0, "!slow"),
    "429": (429, "Too Many Requests"),
}
METHODS = ("sendMessage", "answerCallbackQuery", "editMessageText")
WAITED = METHODS if LONG else METHODS[:1]
"""A time that runs out takes ten seconds: for each method in the long runs."""


@pytest.mark.parametrize(
    ("method", "fault"), [(m, f) for m in METHODS for f in FAULTS if f != "timeout" or m in WAITED]
)
def test_a_passing_fault_loses_no_answer(method: str, fault: str, loopback: BotApi) -> None:
    code, what = FAULTS[fault]
    user = person(4000 + len(loopback.calls), "fr")
    if method != "sendMessage":
        loopback.message("missile", user=user)
        answered(loopback, user["id"], 20)
        shown = sent(loopback)[-1]
        rows = shown.result["reply_markup"]["inline_keyboard"]
        more = next(
            b["callback_data"] for row in rows for b in row if b["text"].startswith("Suite")
        )
    loopback.mark()
    loopback.fail_next(method, code, what, 1 if code == 429 else None)
    if method == "sendMessage":
        loopback.message("guerre de Poutine", user=user)
        loopback.wait("sendMessage", 2, timeout=30)
    else:
        loopback.callback(more, shown.result["message_id"], user=user)
        loopback.wait("editMessageText", 2 if method == "editMessageText" else 1, timeout=30)
    calls = [
        call
        for call in loopback.calls[loopback._marked :]
        if call.method in ("sendMessage", "editMessageText")
    ]
    assert calls[-1].error is None


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A bot that runs, and the Bot API that it talks to."""
    with BotApi() as api, serving(api, "memory:", VERBATIM_RATE_USER="0"):
        ask(api, 3999)
        answered(api, 3999, 30)
        yield api


def test_another_users_short_question_is_answered_within_a_second(loopback: BotApi) -> None:
    group, heavy = (
        room(chat_id=-100777),
        "Qu’a-t-on dit de " + "missille polonnais desamorçé " * 130,
    )
    for number in range(58):
        ask(loopback, 5000 + number, "/help", chat=group)
    loopback.fail_next("sendMessage", 429, "Too Many Requests: retry after 12", 12)
    ask(loopback, 5100)
    for _ in range(10):
        ask(loopback, 5200, heavy[:4000])
    time.sleep(0.5)
    ask(loopback, 5300, "/help")
    ask(loopback, 5301, "guerre de Poutine")
    assert answered(loopback, 5300, 10) < 1
    assert answered(loopback, 5301, 10) < 1


def test_each_of_many_updates_is_answered_once_and_memory_stays(tmp_path: Path) -> None:
    count, users = (50_000, 1000) if LONG else (1500, 100)
    limits = {"VERBATIM_RATE_USER": "0", "VERBATIM_RATE_OVERALL": "0"}
    with BotApi() as api, serving(api, "memory:", **limits) as process:
        ask(api, 999_999)
        api.wait("sendMessage", timeout=30)
        before = memory(process.pid)
        for number in range(count):
            ask(api, 10_000 + number % users, "merci")
        api.wait("sendMessage", count + 1, timeout=60 + count / 50)
        assert Counter(call.params["chat_id"] for call in sent(api)) == {
            999_999: 1,
            **{10_000 + user: count // users for user in range(users)},
        }
        assert memory(process.pid) < 1.3 * before
        began = time.monotonic()
        for number in range(400):
            ask(api, 10_000 + number, "Qu’a dit Stoltenberg ?")
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        assert time.monotonic() - began < 5.5
        assert process.returncode == 0


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf(
        "SC_PAGE_SIZE"
    )


def test_a_kill_in_a_rush_loses_at_most_what_the_docs_say() -> None:
    for turn in range(20 if LONG else 2):
        with BotApi() as api:
            for number in range(750):
                ask(api, 10_000 + number, "Otan")
            with serving(
                api, "memory:", VERBATIM_RATE_USER="0", VERBATIM_RATE_OVERALL="0"
            ) as process:
                api.wait("sendMessage", 50 + 17 * turn, timeout=30)
                process.kill()
                process.wait()
            answered_before = {call.params["chat_id"] for call in sent(api)}
            with serving(api, "memory:", VERBATIM_RATE_USER="0", VERBATIM_RATE_OVERALL="0"):
                ask(api, 99_999, "Otan")
                answered(api, 99_999, 60)
                time.sleep(0.5)
            lost = {10_000 + number for number in range(750)} - {
                call.params["chat_id"] for call in sent(api)
            }
            assert len(lost) <= 32, (turn, len(answered_before), len(lost))


def test_one_update_that_cannot_be_read_ends_nothing() -> None:
    with BotApi() as api, serving(api, "memory:") as process:
        api.push(
            {
                "message": {
                    "message_id": 1,
                    "date": "never",
                    "chat": {"id": 9, "type": "private"},
                    "text": "très secret",
                }
            }
        )
        ask(api, 6000)
        answered(api, 6000, 20)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        assert "can't be read" in err
        assert "secret" not in err
        assert len(err) < 5000


def test_telegram_that_is_away_at_the_start_is_waited_for() -> None:
    api = BotApi()
    for _ in range(2):
        api.fail_next("getMe", 502, "Bad Gateway")
    with api, serving(api, "memory:") as process:
        ask(api, 6001)
        answered(api, 6001, 30)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        assert err.count("can't be reached") == 2
        assert "Traceback" not in err


def test_a_refused_token_is_told_in_one_line() -> None:
    with BotApi("1:another") as api, serving(api, "memory:") as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "TELEGRAM_TOKEN: Telegram refuses this token" in err
    assert "Traceback" not in err
    assert "loopback-TEST" not in out + err


def test_health_and_metrics_on_the_loopback() -> None:
    port = free_port()
    with BotApi() as api, serving(api, "memory:", VERBATIM_HEALTH_PORT=str(port)):
        ask(api, 6002)
        answered(api, 6002, 30)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as page:
            report = json.load(page)
        assert report["store"] == "ok"
        assert report["articles"] == 1
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as page:
            metrics = page.read().decode()
        assert "verbatim_updates_total 1.0" in metrics
        assert "verbatim_replies_total 1.0" in metrics
        assert "Poutine" not in metrics


def test_logs_as_json() -> None:
    with BotApi() as api, serving(api, "memory:", VERBATIM_LOG="json") as process:
        ask(api, 6003)
        answered(api, 6003, 30)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    rows = [json.loads(line) for line in err.splitlines()]
    assert any("started:" in row["message"] for row in rows)
    assert rows[-1]["message"] == "stopped"
