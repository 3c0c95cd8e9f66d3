"""The command line: shapes, exit codes, pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SEED

pytestmark = pytest.mark.slow


def verbatim(
    *arguments: str, store: Path | None = None, stdin: str = "", language: str = "fr"
) -> subprocess.CompletedProcess[str]:
    """Run the command with a store of its own."""
    environment = {
        **os.environ,
        "VERBATIM_STORE": f"tinydb:{store}" if store else "memory:",
        "VERBATIM_LANGUAGE": language,
        "PYTHONIOENCODING": "",
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_ask_json() -> None:
    done = verbatim("ask", "guerre de Poutine", "--json")
    assert done.returncode == 0
    found: dict[str, Any] = json.loads(done.stdout)
    assert {"question", "answered", "confidence", "matches"} <= set(found)
    first = found["matches"][0]
    assert set(first) == {
        "quote_id",
        "text",
        "kind",
        "speaker",
        "role",
        "context",
        "said_on",
        "score",
        "why",
        "start",
        "end",
        "article",
        "attribution",
        "claim",
    }
    assert set(first["article"]) == {"id", "title", "publisher", "published", "url"}
    assert first["speaker"] == "Rishi Sunak"
    assert SEED.read_text("utf-8")[first["start"] : first["end"]] == first["text"]


def test_nothing_found_is_an_empty_list() -> None:
    found = json.loads(verbatim("search", "recette de crêpes", "--json").stdout)
    assert (found["answered"], found["matches"]) == (False, [])
    assert verbatim("search", "recette de crêpes").stdout.startswith("Aucune citation trouvée")
    assert verbatim("search", "recette de crêpes", language="en").stdout.startswith(
        "No quotes found"
    )


def test_stdin_one_object_a_line() -> None:
    done = verbatim("ask", "--stdin", stdin="guerre de Poutine\n\nQue dit Merkel ?\n")
    assert [json.loads(line)["answered"] for line in done.stdout.splitlines()] == [True, False]


def test_extract_json() -> None:
    done = verbatim("extract", str(SEED), "--json")
    (found,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (found["id"], len(found["quotes"]), found["text_sha256"][:8]) == (
        SEED.stem,
        17,
        "3e3c4560",
    )
    assert set(found["quotes"][0]) == {
        "start",
        "end",
        "segments",
        "text",
        "kind",
        "speaker",
        "speaker_type",
        "role",
        "cue",
        "said_on",
        "attribution",
    }
    assert set(found["indirect"][0]) == set(found["quotes"][0])


def test_ingest_source_remove(tmp_path: Path) -> None:
    store, path = tmp_path / "s.json", tmp_path / "digue.txt"
    path.write_text(
        "La digue tient\n\n« La digue ne cédera pas cette année », a promis la maire Ana Roy.",
        "utf-8",
    )
    done = verbatim(
        "ingest",
        str(path),
        "--url",
        "https://example.org/d",
        "--published",
        "2024-03-12",
        "--publisher",
        "Le Val",
        "--json",
        store=store,
    )
    ingested = json.loads(done.stdout)
    assert ingested["changed"] and ingested["quotes"] == 1
    assert not json.loads(
        verbatim(
            "ingest",
            str(path),
            "--url",
            "https://example.org/d",
            "--published",
            "2024-03-12",
            "--publisher",
            "Le Val",
            "--json",
            store=store,
        ).stdout
    )["changed"]
    (match,) = json.loads(
        verbatim("ask", "la digue cédera-t-elle cette année ?", "--json", store=store).stdout
    )["matches"]
    assert match["article"]["url"] == "https://example.org/d"
    source = verbatim("source", match["quote_id"], store=store).stdout
    assert "12 mars 2024" in source and "https://example.org/d" in source and "Le Val" in source
    assert (
        json.loads(verbatim("source", match["quote_id"], "--json", store=store).stdout)["article"][
            "published"
        ]
        == "2024-03-12"
    )
    assert verbatim("remove", ingested["id"], store=store).returncode == 0
    assert verbatim("remove", ingested["id"], store=store).returncode == 1
    assert not json.loads(
        verbatim("ask", "la digue cédera-t-elle cette année ?", "--json", store=store).stdout
    )["answered"]
    assert verbatim("source", match["quote_id"], store=store).returncode == 1


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n\0\0")
    (tmp_path / "b.txt").write_text("Titre\n\n« Tout va très bien ici », a dit Ana Roy.", "utf-8")
    done = verbatim("ingest", str(tmp_path), store=tmp_path / "s.json")
    assert done.returncode == 1
    assert "binary" in done.stderr
    assert "1 quotes" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["nonsense"],
        [],
        ["ask", "x", "--limit", "0"],
        ["ingest", "a", "b", "--url", "https://x.org"],
    ],
)
def test_wrong_use_is_2(arguments: list[str]) -> None:
    done = verbatim(*arguments)
    assert done.returncode == 2
    assert done.stderr


@pytest.mark.parametrize(
    "command", ["chat", "serve", "ingest", "remove", "ask", "search", "source", "extract"]
)
def test_help(command: str) -> None:
    done = verbatim(command, "--help")
    assert done.returncode == 0
    assert "usage: verbatim" in done.stdout


def test_chat_in_a_pipe() -> None:
    done = verbatim(
        "chat", stdin="guerre de Poutine\n1\n/source\n\n/xyz\n😀\nQue dit Merkel ?\n1\n"
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Rishi Sunak" in done.stdout
    assert "sha256 3e3c4560864d" in done.stdout
    assert "Aucune citation trouvée" in done.stdout
    assert "— Jens Stoltenberg" in done.stdout


def test_bad_environment() -> None:
    environment = {**os.environ, "VERBATIM_STORE": "mysql://x"}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "x"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "VERBATIM_STORE" in done.stderr


def test_heavy_modules_stay_out_of_light_commands() -> None:
    code = (
        "import sys; from handlers.cli import main; "
        "main(['ask','Otan','--store','memory:','--json']); print([m for m in "
        "('telegram','rich','prompt_toolkit','babel','psycopg') if m in sys.modules], "
        "file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("environment", "opening"),
    [
        ({}, "Mots exacts"),
        ({"LANG": "C.UTF-8"}, "Mots exacts"),
        ({"LANG": "fr_FR.UTF-8"}, "Mots exacts"),
        ({"LANG": "en_GB.UTF-8"}, "Exact words"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "fr_FR.UTF-8"}, "Exact words"),
        ({"LANG": "en_US.UTF-8", "VERBATIM_LANGUAGE": "fr"}, "Mots exacts"),
    ],
)
def test_the_terminal_speaks_the_environments_language(
    environment: dict[str, str], opening: str
) -> None:
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "VERBATIM_LANGUAGE")
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--store", "memory:"],
        input="guerre de Poutine\n",
        text=True,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**kept, **environment, "PYTHONUTF8": "1"},
    )
    assert done.stdout.startswith(opening)


@pytest.mark.parametrize("form", [[], ["--format", "csv"]])
def test_a_reader_that_has_gone_is_no_error(tmp_path: Path, form: list[str]) -> None:
    store = tmp_path / "s.json"
    verbatim("ingest", str(SEED), store=store)
    command = ["search", "guerre", "--limit", "1", *form, "--store", f"tinydb:{store}"]
    into, out = os.pipe()
    os.close(into)  # as `head` does once it has enough
    with os.fdopen(out) as gone:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command],
            stdout=gone,
            stderr=subprocess.PIPE,
            env={key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"},
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
