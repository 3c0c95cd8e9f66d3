"""One contract, every store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.domain.model import Article, Quote
from bot.services.checkup import check
from bot.services.desk import Desk
from bot.services.preferences import prefer, preferences
from storage.memory import MemoryStore
from storage.opening import open_store
from storage.store import BackedStore, Batch

Reopen = Callable[[], BackedStore]


@pytest.fixture(params=["memory", "tinydb", "postgresql"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopen]:
    """Opens the store under test, again and again the same one."""
    opened: list[BackedStore] = []
    if request.param == "memory":
        opened.append(MemoryStore())
        yield lambda: opened[0]
        return
    url = f"tinydb:{tmp_path / 'store.json'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database()

    def reopen() -> BackedStore:
        opened.append(open_store(url))
        return opened[-1]

    yield reopen
    for store in opened:
        store.close()


def test_round_trip(reopen: Reopen, seed: Article, seed_quotes: tuple[Quote, ...]) -> None:
    store = reopen()
    assert store.add(seed, seed_quotes)
    for opened in (store, reopen()):
        assert opened.article(seed.id) == seed
        assert opened.quotes(seed.id) == seed_quotes
        assert opened.quote(seed_quotes[3].id) == seed_quotes[3]
        assert [(c.seq, c.article, c.quotes) for c in opened.changes()] == [(1, seed, seed_quotes)]


def test_the_same_article_twice_changes_nothing(
    reopen: Reopen, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    store = reopen()
    store.add(seed, seed_quotes)
    assert not store.add(replace(seed, retrieved=None), seed_quotes)
    assert [change.seq for change in store.changes()] == [1]


def test_a_changed_article_replaces_the_old(
    reopen: Reopen, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    store = reopen()
    store.add(seed, seed_quotes)
    assert store.add(replace(seed, publisher="Le Courrier"), seed_quotes[:2])
    assert store.quotes(seed.id) == seed_quotes[:2]
    assert store.quote(seed_quotes[5].id) is None
    assert [change.seq for change in store.changes()] == [2]
    assert list(store.changes(2)) == []


def test_remove(reopen: Reopen, seed: Article, seed_quotes: tuple[Quote, ...]) -> None:
    store = reopen()
    store.add(seed, seed_quotes)
    assert store.remove(seed.id)
    assert not store.remove(seed.id)
    for opened in (store, reopen()):
        assert opened.article(seed.id) is None
        assert opened.quote(seed_quotes[0].id) is None
        assert opened.quotes(seed.id) == ()
        assert [(c.seq, c.article_id, c.article) for c in opened.changes(1)] == [(2, seed.id, None)]
    assert store.add(seed, seed_quotes)
    assert reopen().article(seed.id) == seed


def test_unknown_ids(reopen: Reopen) -> None:
    store = reopen()
    assert store.article("a") is None
    assert store.quote("q") is None
    assert not store.remove("a")


def test_preferences(reopen: Reopen) -> None:
    store = reopen()
    assert preferences(store, 7) == {}
    prefer(store, 7, {"language": "en"})
    prefer(store, 7, {"language": "fr"})
    assert preferences(reopen(), 7) == {"language": "fr"}
    prefer(store, 7, {})
    assert preferences(reopen(), 7) == {}


def test_records(reopen: Reopen) -> None:
    store = reopen()
    assert store.records("feeds") == {}
    store.keep("feeds", "https://a.example/rss", {"every": 60, "tags": ["é"]})
    store.keep("feeds", "2", {"every": 5})
    store.keep("feeds", "https://a.example/rss", {"every": 30})
    for opened in (store, reopen()):
        assert opened.records("feeds") == {
            "https://a.example/rss": {"every": 30},
            "2": {"every": 5},
        }
        assert opened.records("feeds", "2") == {"2": {"every": 5}}
        assert opened.records("feeds", "3") == {}
    store.keep("feeds", "2", None)
    assert list(reopen().records("feeds")) == ["https://a.example/rss"]


def test_a_write_is_kept_whole_or_not_at_all(
    reopen: Reopen, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    store = reopen()
    with pytest.raises(TypeError):
        store.add_many([(seed, seed_quotes), (replace(seed, id="other", title=object()), ())])  # type: ignore[arg-type]
    assert reopen().article(seed.id) is None
    assert list(store.changes()) == []


def test_versions_of_one_write(reopen: Reopen, seed: Article) -> None:
    store = reopen()
    again = [replace(seed, text=f"{seed.text} {n}", sha256=str(n)) for n in range(3)]
    assert store.add_many([(seed, ()), *((version, ()) for version in again)]) == 4
    for opened in (store, reopen()):
        assert opened.versions(seed.id) == (seed, *again[:2])
        assert opened.article(seed.id) == again[2]
        assert [change.seq for change in opened.changes()] == [4]


def test_an_article_that_cannot_be_read_is_told_and_holds_nothing_up(
    reopen: Reopen, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    store = reopen()

    def spoil(batch: Batch) -> None:
        document = dict(batch.document(seed.id) or {})
        batch.put(document | {"language": "xx", "body": None})

    store.add(seed, seed_quotes)
    store.backing.write(spoil)
    other = replace(seed, id="other", sha256="1")
    store.add(other, ())
    for opened in (store, reopen()):
        assert [(c.article_id, bool(c.article), bool(c.fault)) for c in opened.changes()] == [
            (seed.id, False, True),
            ("other", True, False),
        ]
        with pytest.raises(StoreError, match=rf"article {seed.id} can't be read .*verbatim remove"):
            opened.article(seed.id)
        assert not Desk.over(opened).ask("guerre de Poutine").matches
        assert any(
            seed.id in problem for problem in check(opened, Desk.over(opened).index).problems
        )
    assert store.add(seed, seed_quotes)
    assert reopen().article(seed.id) == seed


def test_the_index_follows(reopen: Reopen, seed: Article, seed_quotes: tuple[Quote, ...]) -> None:
    desk = Desk.over(reopen())
    desk.ingest(seed)
    assert desk.ask("guerre de Poutine").matches
    again = Desk.over(reopen())
    assert [m.quote.id for m in again.ask("guerre de Poutine").matches] == [
        m.quote.id for m in desk.ask("guerre de Poutine").matches
    ]
    desk.remove(seed.id)
    assert not desk.ask("guerre de Poutine").matches
    assert desk.index.size == (0, 0)


def test_ids_are_short_and_stable(seed: Article, seed_quotes: tuple[Quote, ...]) -> None:
    ids = [seed.id, *(quote.id for quote in seed_quotes)]
    assert len(set(ids)) == len(ids)
    assert all(len(i) <= 48 and i.replace("-", "").replace("_", "").isalnum() for i in ids)


def test_foreign_file_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_text("not json at all", "utf-8")
    with pytest.raises(StoreError, match="no TinyDB file"):
        open_store(f"tinydb:{path}")
    assert path.read_text("utf-8") == "not json at all"


def test_newer_format_is_refused(tmp_path: Path, seed: Article) -> None:
    path = tmp_path / "store.json"
    path.write_text('{"articles": {"1": {"format": 99, "id": "a", "seq": 1}}}', "utf-8")
    with pytest.raises(StoreError, match="newer Verbatim"):
        open_store(f"tinydb:{path}")


@pytest.mark.parametrize("url", ["", "tinydb:", "mysql://x", "/tmp/store.json"])  # noqa: S108 an address, never opened
def test_bad_addresses(url: str) -> None:
    with pytest.raises(StoreError, match="VERBATIM_STORE"):
        open_store(url)


def test_records_are_listed_while_others_go(reopen: Reopen) -> None:
    store, faults = reopen(), []
    stop = threading.Event()

    def turn() -> None:
        number = 0
        while not stop.is_set():
            number = (number + 1) % 20
            store.keep("follows", str(number), {"items": [number]})
            store.keep("follows", str((number + 10) % 20), None)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        for _ in range(100):
            found = store.records("follows")
            faults += [key for key, row in found.items() if row != {"items": [int(key)]}]
    finally:
        stop.set()
        thread.join()
    assert not faults


def test_the_same_words_read_anew_were_retrieved_when_they_were(
    reopen: Reopen, seed: Article
) -> None:
    store, first = reopen(), datetime(2024, 3, 1, tzinfo=UTC)
    assert store.add(replace(seed, retrieved=first), [])
    assert store.add(
        replace(seed, title="Autrement lu", retrieved=datetime(2025, 3, 1, tzinfo=UTC)), []
    )
    found = store.article(seed.id)
    assert found
    assert (found.title, found.retrieved) == ("Autrement lu", first)
