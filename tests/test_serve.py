"""`verbatim serve` as a process, over HTTP: polling and webhook, a clean end; token and secret in
no log.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from botapi import TOKEN, BotApi, person

pytestmark = pytest.mark.slow


@contextmanager
def serving(api: BotApi, store: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`verbatim serve` as a process beside a Bot API."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        env={
            **os.environ,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": api.url,
            "VERBATIM_STORE": store,
            **environment,
        },
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_polling(tmp_path: Path) -> None:
    with BotApi() as api, serving(api, f"tinydb:{tmp_path / 's.json'}") as process:
        api.message("guerre de Poutine", user=person(language_code="fr"))
        (sent,) = api.wait("sendMessage", timeout=30)
        assert "Rishi Sunak" in sent.result["text"]
        button = sent.result["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        api.mark()
        api.callback(button, sent.result["message_id"], user=person(language_code="fr"))
        (source,) = api.wait("sendMessage", timeout=30)
        assert "sha256" in source.result["text"]
        api.fail_next("sendMessage", 400, "Bad Request: chat not found")
        api.message("Sunak")
        api.wait("getUpdates", 2)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0, err
        assert [call.error for call in api.refused] == []
        assert TOKEN not in out + err
        assert TOKEN.split(":")[1] not in out + err
        assert "Poutine" not in err
        assert "stopped" in err


def test_waits_as_told_and_answers_many_at_once(tmp_path: Path) -> None:
    """A 429 is waited for and tried again; nobody's answer is lost to it."""
    with BotApi() as api, serving(api, f"tinydb:{tmp_path / 's.json'}") as process:
        api.fail_next("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1)
        for user in range(12):
            api.message("guerre de Poutine", user=person(2000 + user))
        sent = [call for call in api.wait("sendMessage", 13, timeout=30) if call.error is None]
        assert sorted(call.params["chat_id"] for call in sent) == [
            2000 + user for user in range(12)
        ]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("secret", ["a-secret_of-mine", None])
def test_webhook(secret: str | None) -> None:
    port = free_port()
    hook = {
        "WEBHOOK_URL": "https://bot.example/telegram/x",
        "WEBHOOK_PORT": str(port),
        "WEBHOOK_SECRET": secret or "",
    }
    with BotApi() as api, serving(api, "memory:", **hook) as process:
        (told,) = api.wait("setWebhook", timeout=30)
        assert told.params["url"] == hook["WEBHOOK_URL"]
        assert set(told.params["allowed_updates"]) >= {
            "message",
            "callback_query",
            "inline_query",
            "guest_message",
        }
        given = told.params["secret_token"]
        assert given == secret if secret else len(given) > 30
        for wrong in (None, "guessed"):
            api.message("guerre de Poutine")
            assert api.deliver(port, wrong) == [403]
        api.message("guerre de Poutine", user=person(language_code="fr"))
        assert api.deliver(port, given) == [200]
        huge = urllib.request.Request(
            f"http://127.0.0.1:{port}/telegram/x",
            b"x" * (2 << 20),
            {"X-Telegram-Bot-Api-Secret-Token": given},
        )
        with pytest.raises((urllib.error.HTTPError, urllib.error.URLError)):
            urllib.request.urlopen(huge, timeout=10)  # noqa: S310 the loopback
        (sent,) = api.wait("sendMessage", timeout=30)
        assert sent.params["reply_parameters"]["message_id"] == max(
            number
            for number, message in api.messages.items()
            if message.get("text") == "guerre de Poutine"
        )
        assert "Rishi Sunak" in sent.result["text"]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0, err
        assert given not in out + err
        assert [call.error for call in api.refused] == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("WEBHOOK_URL", "http://bot.example/", "https"),
        ("WEBHOOK_SECRET", "with a space", "A-Z a-z 0-9 _ -"),
        ("WEBHOOK_PORT", "0", "WEBHOOK_PORT"),
        ("VERBATIM_LANGUAGE", "xx", "fr, en"),
        ("VERBATIM_LANGAUGE", "fr", "did you mean VERBATIM_LANGUAGE?"),
        ("VERBATIM_ADMINS", "me", "VERBATIM_ADMINS"),
    ],
)
def test_a_wrong_setting_is_told(name: str, value: str, told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve", "--store", "memory:"],
        env={**os.environ, "TELEGRAM_TOKEN": TOKEN, name: value},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert name in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_token(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "TELEGRAM_TOKEN"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve", "--store", "memory:"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "TELEGRAM_TOKEN" in done.stderr
