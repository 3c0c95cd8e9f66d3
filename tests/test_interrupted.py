"""A store stopped at every one of its system calls, by a kill or by an error, loses nothing that
was acknowledged.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import article
from tinydb import TinyDB

import storage.durable
from bot.domain.errors import StoreError
from bot.domain.model import Change
from bot.search import snapshot
from bot.services import snapshots
from bot.services.desk import Desk
from bot.services.preferences import prefer, preferences
from storage.durable import DurableStorage
from storage.repair import repair
from storage.tables import DurableTinyDB
from storage.tiny import TinyStore

pytestmark = pytest.mark.slow

LONG = bool(os.environ.get("LONG_TESTS"))
CALLS = ("open", "write", "fsync", "ftruncate", "replace", "pread")


def files(store: TinyStore) -> DurableStorage:
    """The storage of a store in a file."""
    assert isinstance(store.backing.db.storage, DurableStorage)
    return store.backing.db.storage


class Killed(BaseException):
    """The process is no more; nothing that it would have done next is done."""


class Shim:
    """Counts system calls and stops at the ``stop``-th, before it happens or after; 0: never."""

    def __init__(
        self,
        patch: pytest.MonkeyPatch,
        stop: int,
        failure: Callable[[], BaseException],
        after: bool,
    ) -> None:
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


def gone(storage: DurableStorage) -> None:
    """Its process is dead: the system closes its files and frees its lock."""
    with contextlib.suppress(OSError):
        os.close(storage._handle)
    storage._handle = -1
    storage._file_lock.release(force=True)


def scenario(path: Path, acknowledged: list[int], tidy: bool) -> Iterator[Any]:
    """Two processes open, write, compact and, if ``tidy``, close in turn; each step is one that may
    be interrupted.
    """
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
            gone(held.pop(name).storage)

    steps: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
        (opened, ("one",)),
        (wrote, ("one", 0)),
        (opened, ("two",)),
        (wrote, ("two", 1)),
        (compacted, ("one",)),
        (wrote, ("two", 2)),
        (wrote, ("one", 3)),
        (compacted, ("two",)),
        (wrote, ("one", 4)),
        (wrote, ("two", 5)),
        (closed, ("one",)),
        (opened, ("one",)),
        (wrote, ("one", 6)),
        (wrote, ("two", 7)),
        (closed, ("two",)),
        (wrote, ("one", 8)),
        (closed, ("one",)),
    ]
    for step, arguments in steps:
        yield step, arguments, held
    for name in list(held):
        gone(held.pop(name).storage)


def kept(path: Path) -> list[int]:
    db = DurableTinyDB(path)
    found = [row["n"] for row in db.table("notes")]
    db.storage.close()
    with TinyDB(path) as stock:  # and what a plain TinyDB sees is the same
        assert sorted(row["n"] for row in stock.table("notes")) == sorted(found)
    return found


def run(
    path: Path,
    patch: pytest.MonkeyPatch,
    stop: int,
    failure: Callable[[], BaseException],
    after: bool,
    tidy: bool,
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
                    gone(held.pop(arguments[0]).storage)
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
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Callable[[], BaseException],
    after: bool,
    tidy: bool,
) -> None:
    calls = run(tmp_path / "whole.json", monkeypatch, 0, failure, after, tidy)
    assert calls > 50
    for stop in range(1, calls + 1):
        folder = tmp_path / str(stop)
        folder.mkdir()
        run(folder / "store.json", monkeypatch, stop, failure, after, tidy)


def filled(path: Path) -> None:
    store = TinyStore(path)
    for number in range(3):
        text = (
            f"Écluse {number}\n\n« Nous ouvrirons l’écluse {number} en mai », a dit Anne Roussel.\n"
        )
        Desk.over(store).ingest(
            article(text, url=f"https://a.example/{number}", published="2024-03-12")
        )
    prefer(store, 7, {"language": "en"})
    store.close()


def content(path: Path) -> tuple[list[Change], Mapping[str, str]]:
    store = TinyStore(path)
    try:
        return list(store.changes()), preferences(store, 7)
    finally:
        os.close(files(store)._handle)
        files(store)._handle = -1


def answers(path: Path) -> list[list[tuple[str, float]]]:
    """What a desk over the store and its snapshot answers."""
    store = TinyStore(path)
    try:
        desk = Desk.over(store, path.with_name("store.json.index"))
        asked = ("écluse 1", "Qu’a dit Anne Roussel ?", "mai", "en mars 2024")
        return [
            [(match.quote.id, match.score) for match in desk.ask(question).matches]
            for question in asked
        ]
    finally:
        os.close(files(store)._handle)
        files(store)._handle = -1


def test_a_flipped_bit_is_refused_by_name_or_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the JSON file, its journal, the index's snapshot and a backup; 5,000 flips in the long
    form.
    """
    monkeypatch.setattr(snapshots, "WORTH", 1)
    path, chance = tmp_path / "store.json", random.Random(4)
    filled(path)
    store = TinyStore(path)
    Desk.over(store, tmp_path / "store.json.index").keep()
    store.backup(tmp_path / "copy.json")
    gone(files(store))
    whole = {
        file: file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file() and file.stat().st_size
    }
    whole = {file: data for file, data in whole.items() if file.suffix not in (".lock", ".written")}
    before = content(path), answers(path), content(tmp_path / "copy.json")
    refused = 0
    for turn in range(5000 if LONG else 200):
        name = sorted(whole)[turn % len(whole)]
        damaged = bytearray(whole[name])
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        name.write_bytes(damaged)
        try:
            assert (content(path), answers(path), content(tmp_path / "copy.json")) == before, name
        except StoreError as error:
            assert name.name in str(error) or path.name in str(error)
            assert name.read_bytes() == damaged
            refused += name.parent == tmp_path
        for file, data in whole.items():
            if file.read_bytes() != data:
                file.write_bytes(data)
    assert refused > 10


@pytest.mark.parametrize("name", ["store.json", "store.json.journal"])
def test_most_flipped_bits_of_a_store_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "store.json"
    filled(path)
    whole = {file: (tmp_path / file).read_bytes() for file in ("store.json", "store.json.journal")}
    before, chance = content(path), random.Random(4)
    refused = 0
    places = (
        range(len(whole[name])) if LONG else sorted(chance.sample(range(len(whole[name])), 120))
    )
    for at in places:
        for file, data in whole.items():
            (tmp_path / file).write_bytes(data)
        damaged = bytearray(whole[name])
        damaged[at] ^= 1 << chance.randrange(8)
        (tmp_path / name).write_bytes(damaged)
        try:
            assert content(path) == before, at
        except StoreError as error:
            assert "store.json" in str(error)
            assert (tmp_path / name).read_bytes() == damaged
            refused += 1
    assert refused > len(places) / 2


def test_a_journal_that_lost_its_last_lines_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.durable, "SMALL", 0)
    path = tmp_path / "store.json"
    filled(path)
    store = TinyStore(path)
    prefer(store, 8, {"language": "fr"})
    prefer(store, 9, {"language": "fr"})
    monkeypatch.setattr(storage.durable.DurableStorage, "compact", lambda _: None)
    store.close()
    journal = path.with_name("store.json.journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(StoreError, match=r"store\.json\.journal: was cut short"):
        TinyStore(path)
    journal.write_bytes(b"".join(lines))
    assert preferences(TinyStore(path), 9) == {"language": "fr"}


def test_a_document_that_went_missing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    filled(path)
    lines = path.read_bytes().split(b"\n")
    gone = next(at for at, line in enumerate(lines) if line.startswith(b'"2": '))
    path.write_bytes(b"\n".join(lines[:gone] + lines[gone + 1 :]))
    with pytest.raises(
        StoreError, match=r"table 'articles' holds 2 documents with their checksums of 3"
    ):
        TinyStore(path)
    assert repair(path).articles == 2


def test_repair_leaves_damaged_documents_out(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    filled(path)
    path.write_bytes(
        path.read_bytes().replace("écluse 1 en mai".encode(), "écluse 1 en juin".encode(), 1)
    )
    with pytest.raises(
        StoreError, match=r"document 2 of table 'articles' does not agree with its checksum"
    ):
        TinyStore(path)
    done = repair(path)
    assert (done.articles, done.lost) == (2, 1)


def test_another_stores_journal_is_not_replayed(tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        db = DurableTinyDB(tmp_path / name)
        db.table("notes").insert({"n": 1})
        db.storage.compact()
        db.table("notes").insert({"n": 2})
        gone(db.storage)
    (tmp_path / "one.json.journal").write_bytes((tmp_path / "two.json.journal").read_bytes())
    with pytest.raises(StoreError, match="belongs to another store"):
        DurableTinyDB(tmp_path / "one.json")


def test_what_killed_writers_left_is_swept(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    filled(path)
    for name in ("store.json.123.new", "store.json.journal.99.new"):
        (tmp_path / name).write_bytes(b"half")
    others = [
        "other.json.1.new",
        "store.json.copy.7.new",
    ]  # another store's, a backup that is being written
    for name in others:
        (tmp_path / name).write_bytes(b"not ours")
    content(path)
    assert sorted(file.name for file in tmp_path.glob("*.new")) == others
    index = tmp_path / "store.json.index"
    for name, age in (("store.json.index.abc", 7200), ("store.json.index.def", 10)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    snapshot.write(index, {}, ["a"], {})
    assert {file.name for file in tmp_path.glob("store.json.index*")} == {
        "store.json.index",
        "store.json.index.def",
    }


@pytest.mark.parametrize("left", [None, b"", "header"])
def test_a_journal_that_went_missing_with_writes_is_told(
    tmp_path: Path, left: bytes | str | None
) -> None:
    path = tmp_path / "store.json"
    filled(path)
    assert not path.with_name("store.json.written").exists()
    store = TinyStore(path)
    prefer(store, 8, {"language": "fr"})
    gone(files(store))
    journal = path.with_name("store.json.journal")
    whole = journal.read_bytes()
    if left is None:
        journal.unlink()
    else:
        journal.write_bytes(whole.splitlines(keepends=True)[0] if isinstance(left, str) else left)
    with pytest.raises(
        StoreError, match=r"store\.json\.journal: is (missing|empty), and held writes"
    ):
        TinyStore(path)
    journal.write_bytes(whole)
    again = TinyStore(path)
    assert preferences(again, 8) == {"language": "fr"}
    again.close()
    journal.unlink()  # closed, it held nothing
    TinyStore(path).close()


def test_repair_keeps_what_was_written_after_half_a_compaction(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    filled(path)
    one = TinyStore(path)
    prefer(one, 8, {"language": "fr"})
    old = path.with_name("store.json.journal").read_bytes()
    files(one).compact()
    gone(files(one))
    path.with_name("store.json.journal").write_bytes(old)  # the new one never came into its place
    done = repair(path)
    assert (done.articles, done.writes) == (3, 1)
    assert preferences(TinyStore(done.path), 8) == {"language": "fr"}
