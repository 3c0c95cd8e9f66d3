"""The same claim told by several outlets is one; what differs in a negation, a number, a name or a
word is another.
"""

from __future__ import annotations

import pytest
from conftest import article

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.replies.actions import To
from bot.search.claims import same_claim
from bot.services.desk import Desk
from storage.memory import MemoryStore

SAID = (
    "Nous allons relever la digue de deux mètres avant l’hiver, et personne ne dormira les pieds "
    "dans l’eau à Valmont"
)


@pytest.mark.parametrize(
    "other",
    [
        SAID.replace("’", "'").upper(),
        SAID.replace("è", "e"),
        SAID.replace("digue", "dique"),
        SAID[: SAID.index("hiver") + 5],
        SAID[SAID.index("deux") :],
        SAID.replace("hiver, et", "hiver et"),
        SAID.replace("avant", "bien avant"),
        "Oui. " + SAID,
        SAID.replace("ne dormira", "dormira"),
    ],
)
def test_the_same(other: str) -> None:
    assert same_claim(SAID, other)
    assert same_claim(other, SAID)


@pytest.mark.parametrize(
    "other",
    [
        SAID.replace("allons", "n’allons pas"),
        SAID.replace("deux", "trois"),
        SAID.replace("Valmont", "Rouen"),
        SAID.replace("relever", "raser"),
        SAID.replace("avant", "après"),
        SAID.replace("personne ne", "chacun"),
        "Il a plu toute la semaine sur la digue de deux mètres, et personne n’est venu à Valmont "
        "avant l’hiver",
    ],
)
def test_another(other: str) -> None:
    assert not same_claim(SAID, other, same_speaker=True)
    assert not same_claim(other, SAID, same_speaker=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "Ce n’est pas la faute de l’Ukraine, c’est la nôtre",
            "la faute de l’Ukraine, c’est la nôtre",
            False,
        ),
        (
            "C’est pas moi qui ai fermé le port ce matin-là",
            "Ce n’est pas moi qui ai fermé le port ce matin-là",
            True,
        ),
        (
            "We don’t want to close the harbour this winter",
            "We do not want to close the harbour this winter",
            True,
        ),
        (
            "We want to close the harbour this winter",
            "We do not want to close the harbour this winter",
            False,
        ),
        (
            "par personne dépositaire de l’autorité publique dans la rue",
            "sur personne dépositaire de l’autorité publique dans la rue",
            False,
        ),
    ],
)
def test_negations_and_small_words(one: str, other: str, same: bool) -> None:
    assert same_claim(one, other, same_speaker=True) is same


def test_short_words_are_compared_only_for_one_person() -> None:
    assert same_claim("La digue va tenir bon", "la digue va tenir bon !", same_speaker=True)
    assert not same_claim("La digue va tenir bon", "la digue va tenir bon !")
    assert not same_claim("Oui, bien sûr", "oui bien sûr", same_speaker=True)


@pytest.fixture
def told() -> Desk:
    """One statement in three articles, and once in another's mouth."""
    desk = Desk.over(MemoryStore())
    for day, publisher, words, name in (
        ("2024-03-05", "La Vigie", SAID, "Luc Morel"),
        ("2024-03-04", "Le Courrier", SAID[: SAID.index("hiver") + 5], "Luc Morel"),
        ("2024-03-06", "L’Écho", SAID.replace("digue", "dique"), "Luc Morel"),
        ("2024-03-09", "Le Val", SAID, "Max Petit"),
    ):
        text = f"La digue, {publisher}\n\n« {words} », a promis {name}, maire de Valmont."
        desk.ingest(article(text, published=day, publisher=publisher))
    return desk


def test_an_answer_says_where_else_it_is_told_and_first(told: Desk) -> None:
    conversation = Conversation(told)
    turn = conversation.turn(Reader(1, "fr"))
    match = told.ask("Qu’a dit Luc Morel de la digue ?").matches[0]
    assert [p.article.publisher for p in match.claim.occurrences] == [
        "Le Courrier",
        "La Vigie",
        "L’Écho",
    ]
    assert [p.article.publisher for p in match.claim.conflicts] == ["Le Val"]
    plain = conversation.say(turn, "Qu’a dit Luc Morel de la digue ?").plain
    assert "Dans 3 articles, d’abord : La digue, Le Courrier · Le Courrier · 4 mars 2024" in plain
    assert "Les mêmes mots sont prêtés à Max Petit" in plain
    source = conversation.tap(turn, To.SOURCE(match.quote.id))
    assert "Les mêmes mots ailleurs" in source.plain
    assert "Les mêmes mots prêtés à quelqu’un d’autre" in source.plain
    assert len([b for row in source.buttons for b in row if (b.action or "").startswith("q:")]) >= 3


def test_a_statement_told_once_says_nothing_of_it(told: Desk) -> None:
    told.ingest(
        article(
            "Le port\n\n« Le port rouvrira lundi matin sans faute », a dit Ana Roy.",
            published="2024-04-01",
        )
    )
    match = told.ask("Qu’a dit Ana Roy ?").matches[0]
    assert (match.claim.articles, match.claim.conflicts) == (1, ())
