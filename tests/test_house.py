"""The arrows of docs/architecture.md: who may import whom, and no cycles."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "storage")
FORBIDDEN = {"telegram", "tinydb", "psycopg"}
MAY_IMPORT = {
    "bot.domain": {"bot.domain"},
    "bot.languages": {"bot.languages", "bot.domain"},
    "bot.reader": {"bot.reader", "bot.domain"},
    "bot.extraction": {"bot.extraction", "bot.reader", "bot.languages", "bot.domain"},
    "bot.reading": {"bot.reading", "bot.languages", "bot.domain"},
    "bot.meaning": {"bot.meaning", "bot.domain"},
    "bot.search": {"bot.search", "bot.meaning", "bot.languages", "bot.domain"},
    "bot.verification": {"bot.verification", "bot.search", "bot.languages", "bot.domain"},
    "bot.replies": {"bot.replies", "bot.search", "bot.languages", "bot.domain"},
    "bot.services": {
        "bot.services",
        "bot.verification",
        "bot.search",
        "bot.meaning",
        "bot.extraction",
        "bot.reader",
        "bot.reading",
        "bot.languages",
        "bot.domain",
    },
    "bot.conversation": {
        "bot.conversation",
        "bot.services",
        "bot.replies",
        "bot.verification",
        "bot.search",
        "bot.reading",
        "bot.domain",
    },
    "bot.settings": {"bot.domain"},
    "bot.__main__": {"handlers"},
    "storage": {"storage", "bot.domain"},
}


def _modules() -> dict[str, Path]:
    found = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = path
    return found


MODULES = _modules()


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {
                f"{node.module}.{alias.name}"
                for alias in node.names
                if f"{node.module}.{alias.name}" in MODULES
            }
    return found


def _room(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "bot" and len(parts) > 1 else parts[0]


@pytest.mark.parametrize("name", sorted(MODULES))
def test_arrows(name: str) -> None:
    imported = _imports(MODULES[name])
    own = {module for module in imported if module.split(".")[0] in ROOMS}
    allowed = MAY_IMPORT.get(_room(name))
    if allowed is not None:
        wrong = {module for module in own if _room(module) not in allowed and module != "bot"}
        assert not wrong, f"{name} must not import {sorted(wrong)}"
    if name.startswith("bot"):
        assert not {module.split(".")[0] for module in imported} & FORBIDDEN
    if name.startswith("handlers") and name != "handlers.cli":
        assert not {module for module in own if module.split(".")[0] == "storage"}, (
            "only handlers/cli.py opens a store"
        )


def test_no_cycles() -> None:
    graph = {
        name: {module for module in _imports(path) if module in MODULES and module != name}
        for name, path in MODULES.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in graph[name]:
                if not name.startswith(other + "."):
                    visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_no_room_for_leftovers() -> None:
    assert not [
        path for path in MODULES.values() if path.stem in ("utils", "helpers", "common", "misc")
    ]


@pytest.mark.parametrize("script", ["bot", "extraction", "floors", "search", "storage"])
def test_benches_find_the_project_beside_their_namesakes(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / f"{script}.py"), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage:")
