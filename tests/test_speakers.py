"""Who may be a speaker, who is meant by what, on which day it was said: the classes that once went
wrong.
"""

from __future__ import annotations

import copy

import pytest
from conftest import article, quotes
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.extraction.clause import parse
from bot.extraction.extract import extract_quotes, marked_of
from bot.extraction.learned import choose, probability
from bot.extraction.reference import Discourse, Reference
from bot.extraction.register import Register
from bot.extraction.tokens import sentences
from bot.languages.language import language

pytestmark = pytest.mark.usefixtures("with_reader")


def speakers(text: str) -> list[str | None]:
    """The speakers of a text's quotes and statements."""
    return [who for _, who, _ in quotes(f"Un titre sur la digue\n\n{text}")]


@pytest.mark.parametrize(
    "text",
    [
        "Selon toute vraisemblance, la digue « tiendra encore un hiver ».",
        "La colère est là. « Rien ne va plus ici », lisait-on hier.",
        "Mercredi a été « une très longue journée » pour Valmont.",
        "L’acte a été « mûrement réfléchi », et tous les étés se ressemblent.",
    ],
)
def test_things_days_and_verbs_are_no_speakers(text: str) -> None:
    junk = {
        "toute vraisemblance",
        "vraisemblance",
        "colère",
        "mercredi",
        "rien",
        "acte",
        "tous les étés",
    }
    assert not {(who or "").lower() for who in speakers(text)} & junk


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (
            "Le porte-parole du ministre Luc Aber a dit : « Tout est prêt ».",
            "porte-parole du ministre Luc Aber",
        ),
        ("L’avocat général a dit : « Tout est prêt ».", "avocat général"),
        ("Le maire de Valmont Luc Morel a dit : « Tout est prêt ».", "Luc Morel"),
        (
            "La ministre de la Mer et des Ports, Ana Delorme, a dit : « Tout est prêt ».",
            "Ana Delorme",
        ),
        ("Anne Le Juge a dit : « Tout est prêt ».", "Anne Le Juge"),
        ("Verts et centristes ont dit : « Tout est prêt ».", "Verts et centristes"),
    ],
)
def test_where_a_name_begins_and_ends(text: str, who: str) -> None:
    assert [name for name in speakers(text) if name] == [who]


def test_a_complement_never_gives_its_name_a_role() -> None:
    made = article(
        "Un titre\n\n« Tout est prêt », a dit l’assistante de Luc Aber. « Pas moi », a ajouté Luc "
        "Aber."
    )
    roles = {q.speaker.name: q.speaker.role for q in extract_quotes(made) if q.speaker}
    assert roles["Luc Aber"] is None


def test_a_description_finds_its_holder_but_no_one_else() -> None:
    text = (
        "Ana Delorme, maire de Valmont, reçoit Igor Pell, armateur. « Le port reste ouvert », "
        "promet l’armateur. "
        "« La ville paiera », répond la maire. « Nous verrons », soupire un pêcheur."
    )
    assert speakers(text) == ["Igor Pell", "Ana Delorme", "un pêcheur"]


def test_ex_ministers_are_ministers() -> None:
    text = "Luc Morel, ministre de la Mer, est parti. « Je ne regrette rien », dit l’ex-ministre."
    assert speakers(text) == ["Luc Morel"]


def test_stated_inferred_and_unknown_are_told_apart() -> None:
    made = article(
        "Un titre\n\n« Le port reste ouvert », promet Ana Delorme. « La ville paiera pour tout "
        "cela. »\n\n"
        "Un vent froid s’est levé. Une inscription « interdit de pêcher » a disparu."
    )
    found = [(q.attribution, q.speaker.name if q.speaker else None) for q in extract_quotes(made)]
    assert found[:2] == [("stated", "Ana Delorme"), ("inferred", "Ana Delorme")]
    assert all(0 <= q.sure <= 1 for q in extract_quotes(made))


@pytest.mark.parametrize(
    "sentence",
    [
        "Ana Delorme va s’exprimer lundi sur « un port à sauver ».",
        "Ana Delorme a évoqué l’accident du 7 octobre, « un drame évitable ».",
        "Ana Delorme a confié à USA TODAY que « le port tiendra ».",
        "« Le port tiendra », a dit Ana Delorme la veille de la grève.",
        "« Le port tiendra », a dit cette pilote, aujourd’hui conseillère de la maire.",
        "Ana Delorme, qui arrivait mardi de Valmont, dit que « le port tiendra ».",
        "Ana Delorme a dit avant mercredi que « le port tiendra ».",
        "Ana Delorme dira jeudi que « le port tiendra ».",
    ],
)
def test_a_day_that_dates_something_else(sentence: str) -> None:
    made = article(f"Un titre\n\n{sentence}", published="2024-10-12")
    assert [q.said_on for q in extract_quotes(made) if q.said_on] == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Mardi soir sur les ondes, Ana Delorme a dit que « le port tiendra ».", "Mardi soir"),
        ("« Le port tiendra », a déclaré devant la presse, mardi, Ana Delorme.", "mardi"),
        ("« Le port tiendra », a déclaré Ana Delorme mardi sur les quais.", "mardi"),
        ("« Le port tiendra », a-t-elle dit lors de la réunion de mardi.", "mardi"),
        ("Ana Delorme a, mardi, répété que « le port tiendra ».", "mardi"),
        ("Interrogée mardi, Ana Delorme a répondu que « le port tiendra ».", "mardi"),
    ],
)
def test_a_day_that_dates_the_saying(sentence: str, words: str) -> None:
    made = article(f"Un titre\n\nAna Delorme est là. {sentence}", published="2024-10-12")
    assert {q.said_on.words for q in extract_quotes(made) if q.said_on} == {words}


@pytest.mark.parametrize(
    "sentence",
    [
        "She did not respond to multiple requests for comment.",
        "He hoped to change the subject before the vote.",
        "The crowd was there and tension ran high in the square.",
        "Ruth Gray did not say that the pier was safe.",
    ],
)
def test_what_is_no_statement(sentence: str) -> None:
    body = (
        "A headline about the harbour\n\nThe boats were in the bay and the wind was rising. "
        f"{sentence}"
    )
    assert quotes(body) == []


def test_a_lookup_writes_nothing() -> None:
    text = (
        "Un titre\n\nAna Delorme, maire de Valmont, est là. Luc Morel, son adjoint, aussi. Elle "
        "a parlé. La maire a dit non."
    )
    made = article(text)
    own = language("fr")
    paragraphs, marked = marked_of(made)
    found = list(sentences(made.text, paragraphs, marked, own, heading=True))
    register, discourse = Register(found, own), Discourse()
    reference = Reference(register, discourse)
    for number, s in enumerate(found):
        discourse.begin(number, s.paragraph)
        for chunk in parse(s).chunks:
            if chunk.phrase is None:
                continue
            reference.resolve(s, chunk.phrase)  # descriptions that are met get their entity
            before = [_state(register), copy.copy(discourse.order), dict(discourse.counts)]
            choice = reference.resolve(s, chunk.phrase)
            assert [_state(register), discourse.order, dict(discourse.counts)] == before
            if hasattr(choice.value, "name"):
                discourse.mention(choice.value, "subject")  # type: ignore[arg-type]


def _state(register: Register) -> list[tuple[object, ...]]:
    entities = [*register.people.values(), *register.others.values()]
    return [
        (e.name, e.kind, e.gender, e.role, frozenset(e.heads), frozenset(e.role_words))
        for e in entities
    ]


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.floats(-5, 5)), min_size=1, max_size=5))
def test_a_choice_is_the_best_option_and_knows_how_sure_it_is(
    options: list[dict[str, float]],
) -> None:
    table = {"m": {"a": 1.0, "b": -2.0, "c": 0.5}}
    choice = choose("m", options, list(range(len(options))), table)
    sums = [sum(table["m"][name] * value for name, value in option.items()) for option in options]
    assert sums[choice.taken] == max(sums)
    assert 1 / len(options) - 1e-9 <= choice.sure <= 1
    assert 0 <= probability("m", options[0], table) <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "« Oui », ",
                "dit ",
                "Ana Roy",
                " le maire ",
                "selon ",
                "qui ",
                ", ",
                ". ",
                "« ",
                " »",
                "elle ",
                "\n\n",
                "et ",
                "de ",
                "a-t-il ",
            ]
        ),
        max_size=40,
    )
)
def test_any_order_of_words_is_read(pieces: list[str]) -> None:
    made = article("Un titre\n\nUn texte. " + "".join(pieces))
    for quote in extract_quotes(made):
        assert 0 <= quote.start < quote.end <= len(made.text)
        assert quote.speaker is None or quote.speaker.name.strip()
