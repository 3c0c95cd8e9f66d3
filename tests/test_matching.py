"""The index and the ranking: incremental, the same after a restart, filtered, explained."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import article

from bot.domain.model import Article, Quote
from bot.languages.calendar import find_period
from bot.search import snapshot
from bot.search.alignment import align
from bot.search.entries import Document
from bot.search.filters import as_day, take_filters
from bot.search.index import Index
from bot.search.matcher import Matcher
from bot.search.question import parse_question
from bot.search.vocabulary import Vocabulary
from bot.services.desk import Desk
from storage.memory import MemoryStore

TEXTS = (
    "La digue de Valmont ne cédera pas",
    "Le marché couvert ouvrira en mai",
    "Nos abeilles meurent chaque hiver",
    "Le train de nuit revient",
    "La piscine fermera deux ans",
    "Les loyers ont doublé",
    "Le loup est revenu dans la vallée",
)


def documents(prefix: str = "q") -> list[Document]:
    return [Document(f"{prefix}{at}", f"a{at}", text, "fr") for at, text in enumerate(TEXTS)]


def first(index: Index, words: str) -> str | None:
    ranked = Matcher().rank(parse_question(words, index), index).items
    return ranked[0].entry.quote_id if ranked else None


@pytest.fixture
def index() -> Index:
    made = Index()
    made.put(documents())
    return made


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("la digue de valmont", "q0"),
        ("marche couvret ouvrira", "q1"),
        ("abeiles hiver meurent", "q2"),
        ("piscine fermera", "q4"),
    ],
)
def test_typing_mistakes(index: Index, words: str, wanted: str) -> None:
    assert first(index, words) == wanted


def test_an_added_article_is_found_at_once_and_a_removed_one_never_again(index: Index) -> None:
    index.put([Document("new", "anew", "Le phare de Kermor sera repeint", "fr")])
    assert first(index, "phare de kermor repeint") == "new"
    index.drop("anew")
    assert first(index, "phare de kermor repeint") is None
    assert index.size == (7, 7)


def test_many_small_additions_rank_like_one_large(index: Index) -> None:
    piecemeal = Index()
    for document in documents():
        piecemeal.put([document])
    for words in ("la digue de valmont", "le train de nuit", "les loyers"):
        assert first(piecemeal, words) == first(index, words)
    assert piecemeal.size == index.size


def test_a_snapshot_answers_like_the_index(index: Index, tmp_path: Path) -> None:
    index.drop("a3")
    index.save(tmp_path / "snapshot")
    loaded = Index.load(tmp_path / "snapshot")
    assert loaded.size == index.size == (6, 6)
    for words in ("la digue de valmont", "le train de nuit revient", "abeiles hiver"):
        assert first(loaded, words) == first(index, words)
    loaded.put([Document("new", "anew", "Le phare de Kermor sera repeint", "fr")])
    assert first(loaded, "phare kermor") == "new"
    loaded.drop("a0")
    assert first(loaded, "digue valmont") is None


def test_a_snapshot_of_a_store_follows_on(
    tmp_path: Path, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    store = MemoryStore()
    store.add(seed, seed_quotes)
    index = Index()
    index.follow(store)
    index.save(tmp_path / "s")
    made = article("La digue\n\n« La digue ne cédera pas », a dit Anne Roy.")
    desk = Desk.over(store)
    desk.ingest(made)
    again = Index.load(tmp_path / "s")
    assert again.follow(store) == 1
    assert again.size[1] == 2
    assert {s.name for s in again.speakers.values()} >= {"Joe Biden", "Anne Roy"}


def test_a_snapshot_of_another_format_is_refused(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "FORMAT", 99)
        index.save(tmp_path / "s")
    with pytest.raises(ValueError, match="format 99"):
        Index.load(tmp_path / "s")


def test_a_snapshot_with_any_changed_file_is_refused(index: Index, tmp_path: Path) -> None:
    index.save(tmp_path / "s")
    Index.load(tmp_path / "s")
    for path in sorted(p for p in (tmp_path / "s").rglob("*") if p.is_file()):
        data = path.read_bytes()
        for damaged in (
            data[:-1],
            data[: len(data) // 2],
            bytes(len(data)),
            bytes([data[0] ^ 1]) + data[1:],
        ):
            path.write_bytes(damaged)
            with pytest.raises((ValueError, OSError)):
                Index.load(tmp_path / "s")
        path.write_bytes(data)
    Index.load(tmp_path / "s")


def test_nearest_terms() -> None:
    vocabulary = Vocabulary(["ukrainien", "aerien", "polonais", "missil"])
    assert [vocabulary.terms[n] for n, _ in vocabulary.nearest("ukrainein", lambda _: True)][
        :1
    ] == ["ukrainien"]
    assert vocabulary.nearest("zzzzzz", lambda _: True) == []
    assert Vocabulary().nearest("mot", lambda _: True) == []


def test_filters() -> None:
    left, filters, phrases, excluded = take_filters(
        'missile de:Biden avant:2023 type:direct "en cours" -Pologne site:x heure:12'
    )
    assert filters == {"speaker": "Biden", "before": "2023", "kind": "direct"}
    assert phrases == ("en cours",)
    assert excluded == ("Pologne",)
    assert "site:x" in left and "missile" in left


@pytest.mark.parametrize(
    ("value", "side", "day"),
    [
        ("2022", "after", "2022-12-31"),
        ("2022", "before", "2022-01-01"),
        ("2022-02", "after", "2022-02-28"),
        ("2022-12", "after", "2022-12-31"),
        ("2022-11-16", "before", "2022-11-16"),
        ("demain", "before", None),
        ("2022-13", "after", None),
    ],
)
def test_days_of_filters(value: str, side: str, day: str | None) -> None:
    found = as_day(value, side)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("missile speaker:Biden", {"Joe Biden"}),
        ("Pologne de:Sunak", {"Rishi Sunak"}),
        ("kind:indirect speaker:Biden", {"Joe Biden"}),
    ],
)
def test_filters_narrow(desk: Desk, question: str, speakers: set[str]) -> None:
    matches = desk.ask(question).matches
    assert matches
    assert {m.quote.speaker.name for m in matches if m.quote.speaker} == speakers


def test_dates_and_phrases_narrow(desk: Desk) -> None:
    assert desk.ask("missile après:2022-11").matches == ()
    assert desk.ask("missile avant:2023").matches
    assert desk.ask('"guerre de Poutine"').matches
    assert not desk.ask('"guerre de Zorro" Poutine').matches
    assert not desk.ask("source:Figaro missile").matches


def test_somebody_who_is_not_quoted_has_said_nothing(desk: Desk) -> None:
    assert parse_question("Que dit William Burns ?", desk.index).unknown_names == ("William Burns",)
    assert not desk.ask("Que dit William Burns ?").matches
    assert not desk.ask("What did William Burns say about Turkey?").matches


def test_alignment() -> None:
    source = "Nous avons dit que la digue tiendrait, et elle a tenu."
    same = align("la digue tiendrait", source)
    assert same and same.exact and source[slice(*same.span)] == "la digue tiendrait"
    changed = align("la digue ne tiendrait pas et elle a tenu", source)
    assert (
        changed
        and not changed.exact
        and set(changed.missing) == {"ne", "pas"}
        and changed.added == ()
    )
    cut = align("la digue, elle a tenu", source)
    assert cut and not cut.exact and cut.added == ("tiendrait", "et")
    assert align("rien de commun", "tout autre chose") is None
    assert align("", source) is None


def test_an_altered_quotation_is_told(desk: Desk) -> None:
    (match, *_) = desk.ask(
        "Nous n'avons aucune preuve que cet accident soit le résultat d'une attaque délibérée"
    ).matches
    assert match.why.altered
    (match, *_) = desk.ask("nous n’avons aucune indication que cet incident").matches
    assert match.why.exact


def test_an_english_question_finds_french_words_and_says_so(desk: Desk) -> None:
    matches = desk.ask("What did Biden say about a full investigation?").matches
    assert matches and "enquête complète" in matches[0].text
    assert matches[0].why.language == "fr"


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("qu a dit la maire en novembre 2022", "2022-11-01", "2022-11-30"),
        ("la semaine du 14", "2023-02-14", "2023-02-20"),
        ("la semaine du 28 ", "2023-01-28", "2023-02-03"),
        ("le 3 mars", "2022-03-03", "2022-03-03"),
        ("what was said in the week of november 14 2022", "2022-11-14", "2022-11-20"),
        ("who spoke in 2021", "2021-01-01", "2021-12-31"),
        ("paroles du 2022 11 16", "2022-11-16", "2022-11-16"),
    ],
)
def test_periods_in_words(words: str, first: str, last: str) -> None:
    found = find_period(words, date(2023, 2, 17))
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "words", ["le 31 février 2022", "il a dit en 14", "mars attaque", "the may fair"]
)
def test_what_names_no_period(words: str) -> None:
    assert find_period(words, date(2023, 2, 17)) is None


def test_a_period_narrows_the_answer_and_an_empty_one_is_said() -> None:
    desk = Desk.over(MemoryStore())
    text = "« La digue tiendra », a dit mardi Anne Roussel, maire de Valmont."
    desk.ingest(article(text, published="2022-11-16"))
    inside = desk.ask("Qu'a dit Roussel en novembre 2022 ?")
    assert [match.text for match in inside.matches] == ["La digue tiendra"]
    assert inside.matches[0].why.period
    assert desk.ask("Qu'a dit Roussel sur la digue en novembre 2022 ?").matches
    assert not desk.ask("Qu'a dit Roussel en octobre 2022 ?").matches
    assert not desk.ask("Qu'a dit Roussel sur la digue en octobre 2022 ?").matches


# ---- whose words are asked
TOWN = """La digue de Valmont

« La digue tiendra », a déclaré Ana Roy, maire de Valmont, devant la caserne des pompiers.

« Le pont sera fermé », a répondu Paul Lenoir, préfet de la Nièvre. « Ana Roy a tort sur la digue »,
a-t-il ajouté.

« Le pont vaut une route, Roy le sait », a répliqué Jean de Brissac, ingénieur.

« Ma cliente se taira », a dit Me Luc Tardieu, avocat de Ana Roy.
"""


@pytest.fixture
def town() -> Desk:
    made = Desk.over(MemoryStore())
    made.ingest(article(TOWN))
    return made


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("Qu'a dit Ana Roy ?", {"Ana Roy"}),
        ("Qu'a dit Lenoir sur Ana Roy ?", {"Paul Lenoir"}),
        ("Que pense Lenoir de la maire Ana Roy ?", {"Paul Lenoir"}),
        ("What did Lenoir say about Roy?", {"Paul Lenoir"}),
        ("les propos de Lenoir", {"Paul Lenoir"}),
        ("Qu'a dit de Brissac sur Ana Roy ?", {"Jean de Brissac"}),
        ("qu'a dit roy", {"Ana Roy"}),
        ("Que dit le préfet ?", {"Paul Lenoir"}),
        ("Que dit le préfet Lenoir du pont ?", {"Paul Lenoir"}),
        ("Que dit l'avocat de Ana Roy ?", {"Luc Tardieu"}),
        ("Qu'a dit Ana Roy sur la caserne ?", {"Ana Roy"}),
        ("Qu'a dit Ana Roy sur le pont ?", set()),
        ("Que dit le frère de Lenoir ?", set()),
        ("What did Lenoir's brother say?", set()),
        ("Qu'a dit Jeanne Lenoir ?", set()),
        ("Que dit le préfet de police ?", set()),
        ("Que dit le ministre ?", set()),
    ],
)
def test_whose_words_are_asked(town: Desk, asked: str, names: set[str]) -> None:
    answer = town.ask(asked)
    matches = () if answer.elsewhere else answer.matches  # others' words are said to be others'
    found = {match.quote.speaker.name for match in matches if match.quote.speaker}
    assert {name.removeprefix("Me ") for name in found} == names


@pytest.mark.parametrize(
    ("asked", "held", "absent"),
    [
        ("digue -Roy", [], ["La digue tiendra", "Ana Roy a tort"]),
        ("digue -Lenoir", ["La digue tiendra"], ["Ana Roy a tort"]),
        ("-digues", ["Le pont sera fermé"], ["La digue tiendra"]),
        ("pont de:Lenoirr", ["Le pont sera fermé"], []),
        ("pont de:Tardieu", [], ["Le pont sera fermé"]),
    ],
)
def test_what_is_kept_out(town: Desk, asked: str, held: list[str], absent: list[str]) -> None:
    answer = town.ask(asked, None, 9)
    texts = " | ".join(match.text for match in answer.matches if answer.level == "sure")
    assert all(words in texts for words in held)
    assert not any(words in texts for words in absent)


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ("digue le:2024-03-12", True),
        ("digue on:12/03/2024", True),
        ("digue le:2024-03", True),
        ("digue le:2024-03-13", False),
        ("digue avant:13/03/2024", True),
        ("digue après:12.03.2024", False),
    ],
)
def test_days_as_they_are_written(asked: str, answers: bool) -> None:
    made = Desk.over(MemoryStore())
    made.ingest(article(TOWN, published="2024-03-12"))
    assert bool(made.ask(asked).matches) is answers
