"""What only PostgreSQL can show: processes that follow one another, lost connections, migrations,
the same answers.
"""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import article
from postgres_server import Server, binaries, serving

from bot.domain.errors import StoreError
from bot.domain.model import Article, Quote
from bot.domain.ports import Store
from bot.services.desk import Desk
from bot.services.preferences import prefer, preferences
from storage.memory import MemoryStore
from storage.opening import open_store
from storage.store import BackedStore

pytestmark = pytest.mark.slow

QUESTIONS = (
    "guerre de Poutine",
    "Qu'a dit Sunak ?",
    "Qu'a dit Biden sur le missile ?",
    "missille polonnais",
    "écluse de Valmont",
    "Que dit Anne Roussel ?",
    "recette de crêpes",
    "« Nous ouvrirons l’écluse en mai »",
)
TEXTS = (
    "« Nous ouvrirons l’écluse en mai », a dit mardi Anne Roussel, maire de Valmont.",
    "« Le pont restera fermé », a répondu Marc Lenoir, préfet de la Marne.",
)


def until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def test_the_same_questions_get_the_same_answers_from_every_store(
    postgres: Server, tmp_path: Path, seed: Article
) -> None:
    stores: list[BackedStore] = [
        MemoryStore(),
        open_store(f"tinydb:{tmp_path / 's.json'}"),
        open_store(postgres.database()),
    ]
    answers = []
    for store in stores:
        desk = Desk.over(store)
        for made in (seed, *(article(text) for text in TEXTS)):
            desk.ingest(made)
        answers.append(
            [[(m.quote, m.score, m.why) for m in desk.ask(asked).matches] for asked in QUESTIONS]
        )
        again = Desk.over(store)
        assert [
            [(m.quote, m.score, m.why) for m in again.ask(q).matches] for q in QUESTIONS
        ] == answers[-1]
        store.close()
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0]


def test_one_process_sees_what_another_writes(postgres: Server) -> None:
    url = postgres.database()
    one, two = Desk.over(open_store(url)), Desk.over(open_store(url))
    one.ingest(article(TEXTS[0]))
    assert until(lambda: bool(two.ask("ouvrirons l'écluse").matches))
    two.remove(next(iter(two.index.articles)))
    assert until(lambda: not one.ask("ouvrirons l'écluse").matches)
    for desk in (one, two):
        desk.store.close()


def test_many_writers_at_once_lose_nothing(postgres: Server) -> None:
    url = postgres.database()
    stores = [open_store(url) for _ in range(4)]

    def write(number: int) -> None:
        for at in range(20):
            stores[number].add(article(f"« Écluse {number} {at} », a dit Anne Roussel."), ())

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        assert until(lambda store=store: len(list(store.changes())) == 80)  # type: ignore[misc]
        assert [change.seq for change in store.changes()] == list(range(1, 81))
        store.close()


def test_a_process_holds_few_documents_and_finds_all(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    import storage.postgres

    monkeypatch.setattr(storage.postgres, "HELD", 3)
    monkeypatch.setattr(storage.postgres, "_AT_A_TIME", 4)
    url = postgres.database()
    one, two = Desk.over(open_store(url)), Desk.over(open_store(url))
    made = [
        article(
            f"« Nous ouvrirons l’écluse {n} », a dit Anne Roussel.", url=f"https://a.example/{n}"
        )
        for n in range(9)
    ]
    for each in made:
        one.ingest(each)
    assert len(one.store.backing._shelf._documents) <= 3  # type: ignore[attr-defined]
    for desk in (one, two):
        assert until(lambda desk=desk: desk.size() == (9, 9))  # type: ignore[misc]
        assert {desk.article(each.id)[0] for each in made} == set(made)
        found = desk.ask("écluse", limit=20).matches
        assert {match.article.id for match in found} == {each.id for each in made}
        assert all(desk.quote(match.quote.id)[1] == match.article for match in found)
    newer = article("« L’écluse 0 restera fermée », a dit Anne Roussel.", url="https://a.example/0")
    one.ingest(newer)
    assert until(lambda: two.article(newer.id)[0] == newer)
    for desk in (one, two):
        desk.store.close()


def test_a_store_of_an_older_layout_is_brought_up(
    postgres: Server, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    import psycopg

    url = postgres.database()
    store = open_store(url)
    store.add(seed, seed_quotes)
    store.close()
    with psycopg.connect(url, autocommit=True) as connection:  # as version 1 left it
        connection.execute("DROP TABLE quotes, records")
        connection.execute("CREATE TABLE users (id bigint PRIMARY KEY, preferences json NOT NULL)")
        connection.execute('INSERT INTO users VALUES (7, \'{"language": "en"}\')')
        connection.execute("UPDATE verbatim SET version = 1")
    store = open_store(url)
    assert store.quote(seed_quotes[3].id) == seed_quotes[3]
    assert preferences(store, 7) == {"language": "en"}
    store.close()


@pytest.fixture
def own_server(postgres: Server) -> Iterator[Server]:
    assert binaries()
    with serving() as server:
        yield server


def _known(store: Store) -> object:
    try:
        return preferences(store, 7)
    except StoreError:
        return None


def _signal(server: Server, number: signal.Signals) -> None:
    """To the server and all its children, as when its machine hangs: the sockets stay open, nobody
    answers.
    """
    first = int((server.folder / "data" / "postmaster.pid").read_text("utf-8").split()[0])
    children = [
        int(pid) for pid in Path(f"/proc/{first}/task/{first}/children").read_text("utf-8").split()
    ]
    for pid in (first, *children):
        os.kill(pid, number)


def test_a_server_that_hangs_holds_no_reader_up(
    own_server: Server, seed: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    import storage.postgres
    from storage.postgres import PostgresStore

    monkeypatch.setattr(storage.postgres, "_READ", 0.3)
    store = PostgresStore(own_server.database(), patience=1.0)
    desk = Desk.over(store)
    desk.ingest(seed)
    assert desk.ask("guerre de Poutine").matches
    prefer(store, 7, {"language": "en"})
    assert preferences(store, 7) == {"language": "en"}
    assert store.backing._writer
    store.backing._writer.limit = 0.5
    _signal(own_server, signal.SIGSTOP)
    try:

        def write() -> None:
            with pytest.raises(StoreError, match="not confirmed"):
                prefer(store, 7, {"language": "fr"})

        writer = threading.Thread(target=write)
        writer.start()
        with pytest.raises(StoreError, match=r"not answered|is away|timeout"):
            preferences(store, 7)
        assert desk.ask("guerre de Poutine").matches
        writer.join(30)
        assert not writer.is_alive()
    finally:
        _signal(own_server, signal.SIGCONT)
    assert until(lambda: _known(store) is not None, 30)
    store.close()


def test_reads_go_on_and_writes_wait_while_the_server_is_away(
    own_server: Server, seed: Article
) -> None:
    from storage.postgres import PostgresStore

    store = PostgresStore(own_server.database(), patience=1.0)
    desk = Desk.over(store)
    desk.ingest(seed)
    assert desk.ask("guerre de Poutine").matches
    prefer(store, 7, {"language": "en"})
    own_server.stop()
    assert desk.ask("guerre de Poutine").matches
    with pytest.raises(StoreError, match="postgresql://"):
        preferences(store, 7)
    with pytest.raises(StoreError, match="not confirmed") as failed:
        desk.ingest(article(TEXTS[0]))
    assert "verbatim@" not in str(failed.value)
    assert desk.ask("guerre de Poutine").matches
    own_server.start()
    assert until(lambda: _known(store) == {"language": "en"}, 20)
    assert desk.ingest(article(TEXTS[0])).changed
    assert desk.ask("ouvrirons l'écluse").matches
    own_server.stop()
    threading.Timer(0.5, own_server.start).start()
    store.backing._patience = 15.0
    assert desk.ingest(article(TEXTS[1])).changed
    store.close()


def test_a_newer_or_unreachable_store_is_refused_without_its_password(postgres: Server) -> None:
    import psycopg

    url = postgres.database()
    open_store(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE verbatim SET version = 99")
    with pytest.raises(StoreError, match="newer Verbatim"):
        open_store(url)
    with pytest.raises(StoreError) as failed:
        open_store("postgresql://someone:hunter2@127.0.0.1:1/nothing")
    assert "hunter2" not in str(failed.value)
    assert re.search(r"127\.0\.0\.1:1/nothing", str(failed.value))


def test_texts_are_kept_to_the_last_character(postgres: Server) -> None:
    store = open_store(postgres.database())
    odd = article(
        "« A\u0001\u200b\u2028é œ \U0001f600 \\u0000 'x' \"y\" », a dit Anne Roussel.\r\n\tfin\n"
    )
    odd = replace(odd, text=odd.text.replace("fin", "f\u0000in"))
    store.add(odd, ())
    assert store.article(odd.id) == odd
    again = open_store(postgres.database())
    assert again.article(odd.id) is None
    for opened in (store, again):
        opened.close()
