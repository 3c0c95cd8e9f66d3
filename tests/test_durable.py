"""The crash-safe TinyDB: torn and damaged files, killed and rival writers, a full disk; the same
answers as stock TinyDB.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule
from tinydb import TinyDB, where
from tinydb.table import Document

from bot.domain.errors import StoreError
from storage.durable import DurableStorage
from storage.plain import META
from storage.repair import repair
from storage.tables import DurableTinyDB
from storage.tiny import TinyStore

pytestmark = pytest.mark.slow

LONG = bool(os.environ.get("LONG_TESTS"))
"""The full forms: 50 kills, thousands of operations."""


def files(store: TinyStore) -> DurableStorage:
    """The storage of a store in a file."""
    assert isinstance(store.backing.db.storage, DurableStorage)
    return store.backing.db.storage


def filled(path: Path, count: int = 4) -> DurableTinyDB:
    db = DurableTinyDB(path)
    for number in range(count):
        db.table("notes").insert({"n": number, "text": f"« dit à l’écluse {number} »"})
    return db


def numbers(path: Path) -> list[int]:
    db = DurableTinyDB(path)
    found = [row["n"] for row in db.table("notes")]
    os.close(db.storage._handle)
    db.storage._handle = -1
    return found


def journal(path: Path) -> Path:
    return path.with_name(path.name + ".journal")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.json"


def test_a_torn_tail_is_cut_at_whatever_byte(path: Path) -> None:
    db = filled(path, 3)
    before = journal(path).stat().st_size
    db.table("notes").insert({"n": 3})
    whole = journal(path).read_bytes()
    for size in range(before, len(whole)):
        journal(path).write_bytes(whole[:size])
        assert numbers(path) == [0, 1, 2], size
    journal(path).write_bytes(whole[:-3])
    again = DurableTinyDB(path)
    again.table("notes").insert({"n": 9})
    assert numbers(path) == [0, 1, 2, 9]


def test_a_flipped_bit_anywhere_in_the_journal_is_told_and_nothing_is_overwritten(
    path: Path,
) -> None:
    filled(path)
    whole = journal(path).read_bytes()
    chance = random.Random(5)
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << chance.randrange(8)
        journal(path).write_bytes(damaged)
        with pytest.raises(StoreError, match=r"notes\.json"):
            DurableTinyDB(path)
        assert journal(path).read_bytes() == damaged


def test_a_truncated_or_foreign_file_is_named_and_kept(path: Path) -> None:
    filled(path).storage.compact()
    whole = path.read_bytes()
    for data in (
        whole[: len(whole) // 2],
        b"[1, 2]",
        b'{"a": 1}',
        b"\xff\xfe",
        b'{"contacts": {"1": {"name": "x"}}}',
    ):
        path.write_bytes(data)
        with pytest.raises(StoreError, match=r"notes\.json"):
            DurableTinyDB(path)
        assert path.read_bytes() == data


def test_repair_saves_what_is_whole_to_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    subprocess.run(
        [sys.executable, "-m", "bot", "ask", "x", "--store", f"tinydb:{path}"], cwd=ROOT, check=True
    )
    db = DurableTinyDB(path)
    for number in range(3):
        db.table("notes").insert({"n": number})
    lines = journal(path).read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"n":1', b'"n":7')
    journal(path).write_bytes(b"".join(lines))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StoreError, match="doctor --repair"):
        TinyStore(path)
    old = path.read_bytes(), journal(path).read_bytes()
    done = repair(path)
    assert (path.read_bytes(), journal(path).read_bytes()) == old
    assert done.path != path
    assert done.writes == 2
    with TinyDB(done.path) as saved:
        assert [row["n"] for row in saved.table("notes")] == [0, 2]


def test_stock_tinydb_opens_what_was_compacted_and_may_change_it(path: Path) -> None:
    filled(path).storage.close()
    with TinyDB(path) as stock:
        assert [row["n"] for row in stock.table("notes").search(where("n") > 1)] == [2, 3]
        stock.table("notes").insert({"n": 4})
    assert numbers(path) == [0, 1, 2, 3, 4]


def test_a_change_behind_the_journals_back_is_told(path: Path) -> None:
    filled(path)
    with TinyDB(path) as stock:
        stock.table("notes").insert({"n": 99})
    with pytest.raises(StoreError, match="changed by another program"):
        DurableTinyDB(path)


def test_a_compaction_cut_off_between_its_two_files_loses_and_repeats_nothing(path: Path) -> None:
    db = filled(path)
    db.table("notes").remove(doc_ids=[1])
    old = journal(path).read_bytes()
    db.storage.compact()
    journal(path).write_bytes(old)
    assert numbers(path) == [1, 2, 3]


def test_two_open_databases_see_each_other(path: Path) -> None:
    one, two = DurableTinyDB(path), DurableTinyDB(path)
    ids = [db.table("notes").insert({"n": n}) for n in range(6) for db in (one, two)]
    assert len(set(ids)) == 12
    assert len(one.table("notes")) == len(two.table("notes")) == 12
    one.storage.compact()
    two.table("notes").update({"n": 50}, doc_ids=[ids[0]])
    found = one.table("notes").get(doc_id=ids[0])
    assert isinstance(found, Document)
    assert found["n"] == 50


def test_a_batch_is_kept_whole_or_not_at_all(path: Path) -> None:
    db = filled(path, 2)
    with pytest.raises(TypeError):
        db.storage.commit(
            {
                "set": {"notes": {"1": {"n": 8}}, "others": {"1": {"n": object()}}},
                "delete": {"notes": ["2"]},
            }
        )
    assert [row["n"] for row in db.table("notes")] == [0, 1]
    db.storage.commit({"set": {"notes": {"3": {"n": 2}}, "others": {"1": {"n": 3}}}})
    assert journal(path).read_bytes().count(b"\n") == 1 + 2 + 1
    assert numbers(path) == [0, 1, 2]


def test_what_is_read_may_be_changed_without_changing_what_is_stored(path: Path) -> None:
    db = DurableTinyDB(path)
    db.table("notes").insert({"tags": ["a"]})
    for row in (db.table("notes").all()[0], db.table("notes").search(where("tags").exists())[0]):
        row["tags"].append("b")
    with pytest.raises(TypeError):
        db.table("notes").update({"bad": object()}, doc_ids=[1])
    assert db.table("notes").all() == [{"tags": ["a"]}]


def test_a_newer_version_of_the_files_is_refused(path: Path) -> None:
    path.write_text(
        json.dumps({META: {"1": {"format": 99, "generation": 0, "identity": "x"}}}), "utf-8"
    )
    with pytest.raises(StoreError, match="newer Verbatim"):
        DurableTinyDB(path)


# ---- the whole program
def verbatim(*arguments: object, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def articles(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = (
            f"Écluse {number}\n\n« Nous ouvrirons l’écluse {number} en mai », a dit mardi Anne "
            f"Roussel, maire de {folder.name}.\n"
        )
        (folder / f"{number:04d}.txt").write_text(text * 3, "utf-8")
    return folder


def stored(path: Path) -> set[str]:
    store = TinyStore(path)
    found = {change.article_id for change in store.changes() if change.article}
    os.close(files(store)._handle)  # leave the files as they are: closing would fold the journal in
    files(store)._handle = -1
    return found


def test_kills_lose_no_acknowledged_article(tmp_path: Path) -> None:
    chance = random.Random(11)
    path, folder = tmp_path / "store.json", articles(tmp_path / "valmont", 400)
    acknowledged: set[str] = set()
    for _ in range(50 if LONG else 4):
        running = verbatim("ingest", folder, "--json", "--store", f"tinydb:{path}")
        time.sleep(chance.uniform(0.1, 1.8))
        running.send_signal(signal.SIGKILL)
        out, _ = running.communicate()
        acknowledged |= {json.loads(line)["id"] for line in out.splitlines() if line.endswith("}")}
        assert acknowledged <= stored(path)
        if chance.random() < 0.4:
            for file in sorted(folder.iterdir())[:10]:
                file.write_text(
                    file.read_text("utf-8")
                    + f"\n« Encore {chance.random()} », a dit Anne Roussel.\n",
                    "utf-8",
                )
    assert acknowledged
    done = verbatim("doctor", "--store", f"tinydb:{path}")
    assert done.wait() == 0, done.communicate()


WRITER = """
import sys
from pathlib import Path
from storage.tables import DurableTinyDB
db = DurableTinyDB(Path(sys.argv[1]))
for n in range(int(sys.argv[2]), int(sys.argv[2]) + 100000):
    db.table("notes").insert({"n": n, "text": "x" * 500})
    print(n, flush=True)
    if n % 7 == 0:
        db.storage.compact()
"""


def test_kills_during_compaction_lose_nothing(path: Path) -> None:
    chance = random.Random(3)
    acknowledged: list[int] = []
    for turn in range(50 if LONG else 4):
        running = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(turn * 1_000_000)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(chance.uniform(0.1, 0.6))
        running.send_signal(signal.SIGKILL)
        out, _ = running.communicate()
        acknowledged += [int(line) for line in out.split("\n")[:-1]]
        found = numbers(path)
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found)) <= len(acknowledged) + turn + 1
    assert acknowledged


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    runs = [
        verbatim("ingest", articles(tmp_path / name, 100), "--json", "--store", f"tinydb:{path}")
        for name in ("ay", "bé")
    ]
    acknowledged = [
        json.loads(line)["id"] for run in runs for line in run.communicate()[0].splitlines()
    ]
    assert [run.returncode for run in runs] == [0, 0]
    assert len(set(acknowledged)) == 200
    assert set(acknowledged) <= stored(path)


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    verbatim("doctor", "--store", f"tinydb:{path}").wait()
    limit = path.stat().st_size + 4000

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    full = verbatim(
        "ingest",
        articles(tmp_path / "valmont", 60),
        "--json",
        "--store",
        f"tinydb:{path}",
        preexec_fn=small_files,
    )
    out, told = full.communicate()
    assert full.returncode == 1
    assert "store.json" in told
    assert "Traceback" not in told
    acknowledged = {json.loads(line)["id"] for line in out.splitlines()}
    assert acknowledged
    assert len(acknowledged) < 60
    assert acknowledged <= stored(path)
    assert verbatim("ingest", tmp_path / "valmont", "--store", f"tinydb:{path}").wait() == 0


@pytest.mark.parametrize("place", ["/proc/nowhere/store.json", "/dev/null/store.json"])
def test_a_place_that_takes_no_files_is_told(place: str) -> None:
    with pytest.raises(StoreError, match="VERBATIM_STORE=tinydb:PATH"):
        TinyStore(Path(place))


# ---- against stock TinyDB
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)
DOCS = st.fixed_dictionaries(
    {"n": st.integers(0, 5)}, optional={"v": VALUES, "é«": st.text(max_size=3)}
)


class AsStock(RuleBasedStateMachine):
    """Whatever is done, the durable database holds what stock TinyDB holds."""

    ids = Bundle("ids")

    @initialize()
    def start(self) -> None:
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.ours, self.stock = (
            DurableTinyDB(self.folder / "ours.json"),
            TinyDB(self.folder / "stock.json"),
        )

    def both(self) -> Iterator[Any]:
        yield self.ours.table("t")
        yield self.stock.table("t")

    def same(self, action: Any) -> Any:
        results = []
        for table in self.both():
            try:
                results.append(action(table))
            except (ValueError, KeyError, TypeError) as error:
                results.append(type(error))
        assert results[0] == results[1]
        return results[0]

    @rule(target=ids, doc=DOCS)
    def insert(self, doc: dict[str, Any]) -> Any:
        return self.same(lambda table: table.insert(doc))

    @rule(target=ids, doc=DOCS, number=st.integers(1, 30))
    def insert_at(self, doc: dict[str, Any], number: int) -> int:
        self.same(lambda table: table.insert(Document(doc, doc_id=number)))
        return number

    @rule(docs=st.lists(DOCS, max_size=3))
    def insert_many(self, docs: list[dict[str, Any]]) -> None:
        self.same(lambda table: table.insert_multiple(docs))

    @rule(doc=DOCS, number=ids)
    def update_one(self, doc: dict[str, Any], number: int) -> None:
        self.same(lambda table: table.update(doc, doc_ids=[number]))

    @rule(doc=DOCS, n=st.integers(0, 5))
    def update_where(self, doc: dict[str, Any], n: int) -> None:
        self.same(lambda table: table.update(doc, where("n") == n))

    @rule(doc=DOCS, n=st.integers(0, 5))
    def upsert(self, doc: dict[str, Any], n: int) -> None:
        self.same(lambda table: table.upsert(doc, where("n") == n))

    @rule(number=ids)
    def change_in_place(self, number: int) -> None:
        self.same(
            lambda table: table.update(
                lambda row: row.setdefault("list", []).append(1), doc_ids=[number]
            )
        )

    @rule(number=ids)
    def remove_one(self, number: int) -> None:
        self.same(lambda table: table.remove(doc_ids=[number]))

    @rule(n=st.integers(0, 5))
    def remove_where(self, n: int) -> None:
        self.same(lambda table: table.remove(where("n") == n))

    @rule()
    def truncate(self) -> None:
        self.same(lambda table: table.truncate())

    @rule()
    def drop(self) -> None:
        self.ours.drop_table("t")
        self.stock.drop_table("t")

    @rule(compact=st.booleans())
    def reopen(self, compact: bool) -> None:
        if compact:
            self.ours.storage.compact()
        else:
            os.close(self.ours.storage._handle)
            self.ours.storage._handle = -1
        self.ours = DurableTinyDB(self.folder / "ours.json")
        self.stock.close()
        self.stock = TinyDB(self.folder / "stock.json")

    @rule(n=st.integers(0, 5))
    def look(self, n: int) -> None:
        self.same(lambda table: table.search(where("n") == n))
        self.same(lambda table: table.get(where("n") == n))
        self.same(lambda table: table.count(where("n") >= n))
        self.same(lambda table: sorted((row.doc_id, json.dumps(row)) for row in table))

    def teardown(self) -> None:
        if hasattr(self, "ours"):
            self.same(lambda table: sorted((row.doc_id, json.dumps(row)) for row in table))
            self.ours.close()
            with TinyDB(self.folder / "ours.json") as plain:
                assert sorted(row.doc_id for row in plain.table("t")) == sorted(
                    row.doc_id for row in self.stock.table("t")
                )
            self.stock.close()
            shutil.rmtree(self.folder)


TestAsStock = AsStock.TestCase
TestAsStock.settings = settings(
    max_examples=200 if LONG else 15,
    stateful_step_count=50 if LONG else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


LIVING = """
import sys, time
from pathlib import Path
from storage.tables import DurableTinyDB
db = DurableTinyDB(Path(sys.argv[1]))
print("open", flush=True)
for line in sys.stdin:
    db.table("notes").insert({"n": int(line), "text": "x" * 200})
    print(int(line), flush=True)
"""
LOOPING = """
import sys
from pathlib import Path
from storage.tables import DurableTinyDB
for n in range(int(sys.argv[2]), int(sys.argv[2]) + 100000):
    db = DurableTinyDB(Path(sys.argv[1]))
    db.table("notes").insert({"n": n, "text": "x" * 200})
    print(n, flush=True)
    db.storage.close()
"""


def test_kills_of_one_that_opens_and_closes_beside_a_living_writer(path: Path) -> None:
    chance = random.Random(17)
    acknowledged: list[int] = []
    options: dict[str, Any] = {"cwd": ROOT, "stdout": subprocess.PIPE, "text": True}
    living = subprocess.Popen(
        [sys.executable, "-c", LIVING, str(path)], stdin=subprocess.PIPE, **options
    )
    assert living.stdin
    assert living.stdout
    assert living.stdout.readline() == "open\n"
    number = 10**9
    for turn in range(50 if LONG else 4):
        looping = subprocess.Popen(
            [sys.executable, "-c", LOOPING, str(path), str(turn * 100_000)], **options
        )
        until = time.monotonic() + chance.uniform(0.25, 0.8)
        while time.monotonic() < until:
            number += 1
            living.stdin.write(f"{number}\n")
            living.stdin.flush()
            acknowledged.append(int(living.stdout.readline()))
        looping.send_signal(signal.SIGKILL)
        out, _ = looping.communicate()
        acknowledged += [int(line) for line in out.split("\n")[:-1]]
        for _ in range(3):  # after the kill, before anybody opens it anew
            number += 1
            living.stdin.write(f"{number}\n")
            living.stdin.flush()
            acknowledged.append(int(living.stdout.readline()))
    living.kill()
    living.wait()
    found = numbers(path)
    assert set(acknowledged) <= set(found)
    assert len(found) == len(set(found))
    assert any(n < 10**9 for n in acknowledged)
