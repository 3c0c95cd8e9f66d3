"""Laws of the index: an answer depends on what the store holds, never on how it came there; filters
come first.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import article
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.answer import Answer
from bot.domain.errors import StoreError
from bot.domain.model import Article, Change
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.search.question import parse_question
from bot.search.view import View
from bot.services.ask import Ask
from bot.services.desk import Desk
from bot.services.ingest import Ingest
from storage.memory import MemoryStore

pytestmark = pytest.mark.slow

SUBJECTS = ("la digue", "le port", "la criée", "le phare", "la route", "le marché")
SPEAKERS = (
    "Ana Delorme, maire de Valmont",
    "Luc Morel, armateur",
    "Lise Monnet",
    "Igor Pell, pilote du port",
)


def make(number: int, version: int) -> Article:
    """One of a few invented articles, in one of a few versions; some hold no quote at all."""
    subject, other = SUBJECTS[number % 6], SUBJECTS[(number + version) % 6]
    who, second = SPEAKERS[(number + version) % 4], SPEAKERS[number % 3]
    quoted = (
        f"« Nous défendrons {subject} jusqu’au bout », a déclaré {who}. "
        f"« Rien ne remplace {other} chez nous », a répondu {second}. {second.split(',')[0]} dit "
        f"que {subject} tiendra."
    )
    plain = f"Il a plu toute la semaine sur {subject}, et {other} est resté fermé au public."
    body = plain if (number + version) % 5 == 4 else quoted * (1 + version % 2)
    return article(
        f"Jour {number} pour {subject}\n\n{body}",
        url=f"https://example.org/{number}",
        published=f"2024-0{1 + number % 6}-1{version}",
        publisher=f"Journal {number % 2}",
    )


QUESTIONS = (
    "digue",
    "qui défend le port ?",
    "Qu’a dit Ana Delorme ?",
    "Qu’a dit Luc Morel sur le phare ?",
    "que dit l’armateur ?",
    "de:Monnet",
    "kind:indirect",
    "source:journal",
    "après:2024-03",
    "le marché de:Pell",
    "Delrome",
    "remplacer la crié",
    "en mars 2024",
    "« rien ne remplace »",
    "port -phare",
)


def asked(store: MemoryStore, index: Index) -> list[tuple[object, ...]]:
    """All that the index says to the questions."""
    ask = Ask(store, index, Matcher())
    return [shown(ask(question, "fr", 50)) for question in QUESTIONS]


def shown(answer: Answer) -> tuple[object, ...]:
    """What a reader would notice of an answer."""
    matches = [(m.quote.id, m.score, m.why) for m in answer.matches]
    return (
        answer.confidence,
        answer.total,
        answer.searched,
        answer.nearby.words,
        answer.nearby.speakers,
        matches,
    )


STEP = st.tuples(
    st.sampled_from(("add", "add", "add", "remove", "follow", "restart")),
    st.integers(0, 7),
    st.integers(0, 3),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=30))
def test_an_index_after_any_history_answers_like_a_fresh_one(
    steps: list[tuple[str, int, int]],
) -> None:
    store, index = MemoryStore(), Index()
    ingest = Ingest(store)
    views = []
    with tempfile.TemporaryDirectory() as folder:
        for action, number, version in steps:
            if action == "add":
                ingest(make(number, version))
            elif action == "remove":
                store.remove(make(number, 0).id)
            elif action == "follow":
                index.follow(store)
                views.append((index.view(), seen_in(index.view())))
            else:
                index.save(Path(folder) / "index")
                index = Index.load(Path(folder) / "index")
        index.follow(store)
        fresh = Index()
        fresh.follow(store)
        assert index.size == fresh.size
        assert dict(index.speakers) == dict(fresh.speakers)
        assert asked(store, index) == asked(store, fresh)
    assert all(seen_in(view) == before for view, before in views)  # a view never changes


def seen_in(view: View) -> list[object]:
    """All that a view says to the questions."""
    matcher, found = Matcher(), []
    for question in QUESTIONS:
        ranking = matcher.rank(parse_question(question, view, "fr"), view, None)
        items = [(item.entry.quote_id, item.score, item.words) for item in ranking.items]
        found.append((ranking.level, ranking.confidence, items))
    return [view.size, dict(view.speakers), list(view.articles), found]


@pytest.fixture(scope="module")
def crowded() -> Desk:
    """Sixty older articles before one that the filters ask for."""
    desk = Desk.over(MemoryStore())
    for number in range(60):
        text = (
            f"Le port, jour {number}\n\n« Le port attend toujours son quai numéro {number} », a "
            "déclaré Ana Delorme."
        )
        desk.ingest(
            article(
                text,
                url=f"https://example.org/old/{number}",
                published="2021-05-04",
                publisher="Le Val",
            )
        )
    late = (
        "Le port, enfin\n\n« Le port a reçu son quai », a déclaré Ana Delorme. Luc Morel assure "
        "que le port est sauvé."
    )
    desk.ingest(
        article(late, url="https://example.org/late", published="2024-03-12", publisher="La Vigie")
    )
    return desk


@pytest.mark.parametrize(
    "question",
    [
        "port après:2023",
        "port source:vigie",
        "port en mars 2024",
        "Qu’a dit Ana Delorme en mars 2024 ?",
        "port de:Morel",
        "après:2023 de:Delorme",
        "kind:indirect",
        "de:Morel",
    ],
)
def test_filters_come_before_the_cut(crowded: Desk, question: str) -> None:
    found = crowded.ask(question)
    assert found.matches
    assert {match.article.url for match in found.matches} == {"https://example.org/late"}


def test_every_quote_that_fits_is_reached_page_by_page(crowded: Desk) -> None:
    first = crowded.ask("avant:2022 de:Delorme", None, 7)
    assert first.total == 60
    ids = [
        m.quote.id
        for start in range(0, 60, 7)
        for m in crowded.ask("avant:2022 de:Delorme", None, 7, start).matches
    ]
    assert len(ids) == len(set(ids)) == 60


def test_a_question_waits_for_nobody_who_indexes(crowded: Desk) -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with crowded.index.lock:
            held.set()
            release.wait(60)

    thread = threading.Thread(target=hold)
    before = crowded.ask("port après:2023").matches
    thread.start()
    held.wait()
    try:
        assert crowded.ask("port après:2023").matches == before
        assert crowded.speakers()
        assert crowded.size()
    finally:
        release.set()
        thread.join()


def test_a_question_takes_in_a_part_of_much_news_and_the_next_ones_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = MemoryStore()
    desk, other = Desk.over(store), Ingest(store)
    for number in range(5):
        other(make(number, 0))
    monkeypatch.setattr("bot.search.index.PATIENCE", 0.0)  # one change a question
    sizes = [desk.size()[1] for _ in range(7)]
    assert sizes[0] == 1
    assert sizes == sorted(sizes)
    assert sizes[-1] == len({change.article_id for change in store.changes() if change.quotes})


def test_an_article_without_quotes_leaves_no_ghost() -> None:
    desk = Desk.over(MemoryStore())
    made = article(
        "Un titre\n\nIl a plu toute la semaine sur la digue de Valmont.",
        url="https://example.org/a",
    )
    desk.ingest(made)
    desk.remove(made.id)
    assert all(not segment.alive.any() for segment in desk.index.wholes)
    assert desk.index.number("digu") is None


@pytest.mark.parametrize("value", ["9999999999", "0", "12345", "99/99/9999"])
def test_impossible_days_are_no_errors(crowded: Desk, value: str) -> None:
    crowded.ask(f"port avant:{value}")


def test_a_long_paragraph_is_indexed_quote_by_quote_not_squared() -> None:
    sentence = (
        "« Le port attend toujours son quai », a déclaré Ana Delorme. La pluie tombait sur les "
        "bateaux ce jour-là. "
    )
    sizes = []
    for times in (20, 40):
        desk = Desk.over(MemoryStore())
        desk.ingest(article("Un titre\n\n" + sentence * times))
        assert desk.size()[0] >= times
        sizes.append(sum(int(segment.weights.astype(int).sum()) for segment in desk.index.segments))
    assert sizes[1] < 2.4 * sizes[0]


class Failing(MemoryStore):
    """Fails once, after so many changes are read."""

    left = 5

    def changes(self, after: int = 0) -> Iterator[Change]:
        for change in super().changes(after):
            self.left -= 1
            if self.left == 0:
                raise StoreError("the server is away")
            yield change


def test_a_store_that_fails_on_the_way_loses_no_article() -> None:
    store, index = Failing(), Index()
    for number in range(20):
        Ingest(store)(make(number, 0))
    with pytest.raises(StoreError):
        index.follow(store)
    index.follow(store)
    whole = Index()
    whole.follow(store)
    assert asked(store, index) == asked(store, whole)
    assert index.last_seen == whole.last_seen
