"""`verbatim serve` as a process, over HTTP: long poll, message, button, a clean end; the token in no log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from botapi import TOKEN, BotApi, person


def test_serve(tmp_path: Path) -> None:
    with BotApi() as api:
        environment = {
            **os.environ,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_BASE": api.url,
            "VERBATIM_STORE": f"tinydb:{tmp_path / 's.json'}",
        }
        command = [sys.executable, "-m", "bot", "serve"]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
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
        finally:
            process.kill()
        assert process.returncode == 0, err
        assert api.refused == [] or [call.error for call in api.refused] == []
        assert TOKEN not in out + err
        assert TOKEN.split(":")[1] not in out + err
        assert "Poutine" not in err
        assert "stopped" in err


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
