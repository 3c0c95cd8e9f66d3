"""A store stopped at every one of its system calls, by a kill or by an error, loses nothing that was acknowledged."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

import storage.durable
from bot.domain.errors import StoreError
from storage.tables import DurableTinyDB

CALLS = ("open", "write", "fsync", "ftruncate", "replace", "pread")


class Killed(BaseException):
    """The process is no more; nothing that it would have done next is done."""


class Shim:
    """Counts system calls and stops at the ``stop``-th, before it happens or after; 0: never."""

    def __init__(self, patch: pytest.MonkeyPatch, stop: int, failure: Callable[[], BaseException], after: bool) -> None:
        self.count, self.stop, self.failure, self.after = 0, stop, failure, after
        for name in CALLS:
            patch.setattr(os, name, self._counted(getattr(os, name)))
        patch.setattr(storage.durable, "_sync", self._counted(os.fsync, counts=False))

    def _counted(self, call: Callable[..., Any], counts: bool = True) -> Callable[..., Any]:
        def made(*arguments: Any, **options: Any) -> Any:
            if not counts:
                return call(*arguments, **options)
            self.count += 1
            if self.count == self.stop and not self.after:
                raise self.failure()
            done = call(*arguments, **options)
            if self.count == self.stop:
                raise self.failure()
            return done

        return made


def gone(db: DurableTinyDB) -> None:
    """Its process is dead: the system closes its files and frees its lock."""
    with contextlib.suppress(OSError):
        os.close(db.storage._handle)
    db.storage._handle = -1
    db.storage._file_lock.release(force=True)


def scenario(path: Path, acknowledged: list[int], tidy: bool) -> Iterator[Any]:
    """Two processes open, write, compact and, if ``tidy``, close in turn; each step is one that may be interrupted."""
    held: dict[str, DurableTinyDB] = {}

    def opened(name: str) -> None:
        held[name] = DurableTinyDB(path)

    def wrote(name: str, number: int) -> None:
        if name in held:
            held[name].table("notes").insert({"n": number, "text": "« dit à l’écluse »" * 3})
            acknowledged.append(number)

    def compacted(name: str) -> None:
        if name in held:
            held[name].storage.compact()

    def closed(name: str) -> None:
        if name in held and tidy:
            held[name].storage.close()
            del held[name]
        elif name in held:
            gone(held.pop(name))

    steps: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
        (opened, ("one",)), (wrote, ("one", 0)), (opened, ("two",)), (wrote, ("two", 1)), (compacted, ("one",)),
        (wrote, ("two", 2)), (wrote, ("one", 3)), (compacted, ("two",)), (wrote, ("one", 4)), (wrote, ("two", 5)),
        (closed, ("one",)), (opened, ("one",)), (wrote, ("one", 6)), (wrote, ("two", 7)), (closed, ("two",)),
        (wrote, ("one", 8)), (closed, ("one",)),
    ]  # fmt: skip
    for step, arguments in steps:
        yield step, arguments, held
    for name in list(held):
        gone(held.pop(name))


def kept(path: Path) -> list[int]:
    db = DurableTinyDB(path)
    found = [row["n"] for row in db.table("notes")]
    db.storage.close()
    with TinyDB(path) as stock:  # and what a plain TinyDB sees is the same
        assert sorted(row["n"] for row in stock.table("notes")) == sorted(found)
    return found


def run(
    path: Path, patch: pytest.MonkeyPatch, stop: int, failure: Callable[[], BaseException], after: bool, tidy: bool
) -> int:
    """One interrupted run; returns how many calls it made."""
    acknowledged: list[int] = []
    with patch.context() as patched:
        shim = Shim(patched, stop, failure, after)
        for step, arguments, held in scenario(path, acknowledged, tidy):
            try:
                step(*arguments)
            except Killed:
                if arguments[0] in held:
                    gone(held.pop(arguments[0]))
            except (StoreError, OSError):
                pass
    found = kept(path)
    assert len(found) == len(set(found)), (stop, found)
    assert set(acknowledged) <= set(found), (stop, acknowledged, found)
    return shim.count


def errors() -> BaseException:
    return OSError(errno.EMFILE, os.strerror(errno.EMFILE))


@pytest.mark.parametrize("tidy", [True, False], ids=["closed", "left"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("failure", [Killed, errors])
def test_stopped_at_every_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Callable[[], BaseException], after: bool, tidy: bool
) -> None:
    calls = run(tmp_path / "whole.json", monkeypatch, 0, failure, after, tidy)
    assert calls > 50
    for stop in range(1, calls + 1):
        folder = tmp_path / str(stop)
        folder.mkdir()
        run(folder / "store.json", monkeypatch, stop, failure, after, tidy)
