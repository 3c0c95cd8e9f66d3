"""How a question is read: what is only politeness, what is a name, an address, a year, a number
asked for.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest
from conftest import article

from bot.domain.text import fold
from bot.reading.source import Metadata, read_bytes
from bot.replies.phrases import phrases
from bot.replies.reply import nothing_reply
from bot.search.manners import unpolite
from bot.search.question import parse_question
from bot.services.desk import Desk
from storage.memory import MemoryStore

TEXTS = {
    "https://gazette.example/bac": (
        "Le bac de Vauvert\n\nLe maire Paul Ferrand a inauguré le bac. « Le bac fera quarante "
        "traversées par jour », "
        "a dit Paul Ferrand. « Les habitants de Vauvert attendaient ce bac depuis longtemps », a "
        "dit Anne Souvestre."
    ),
    "https://gazette.example/ecole": (
        "L'école rouvre\n\n« L'école rouvrira lundi avec tous ses élèves », a déclaré Anne "
        "Souvestre. « Les travaux de "
        "l'école étaient indispensables », a ajouté Jean Le."
    ),
}


@pytest.fixture(scope="module")
def desk() -> Desk:
    desk = Desk.over(MemoryStore())
    for address, text in TEXTS.items():
        desk.ingest(article(text, url=address, published="2019-05-02"))
    desk.index.follow(desk.store)
    return desk


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("Bonjour ! Qu'a dit Paul Ferrand ?", "Qu'a dit Paul Ferrand ?"),
        ("Je cherche une citation de Paul Ferrand sur le bac", "Paul Ferrand sur le bac"),
        ("Hello, what did Ferrand say? Thanks!", "what did Ferrand say?"),
        ("Que dit Ferrand du bac, s'il vous plaît ?", "Que dit Ferrand du bac?"),
        ("Qu'a dit Paul Ferrand ?", "Qu'a dit Paul Ferrand ?"),
        ("merci", "merci"),
        ("Je veux que ce bac serve à tous", "Je veux que ce bac serve à tous"),
        ("I want this ferry to serve everybody", "I want this ferry to serve everybody"),
        ("Je voudrais savoir ce que dit Ferrand", "ce que dit Ferrand"),
    ],
)
def test_politeness_is_not_searched(asked: str, left: str) -> None:
    assert unpolite(asked) == left


@pytest.mark.parametrize(
    "asked",
    [
        "Bonjour ! Qu'a dit Paul Ferrand ?",
        "Je cherche une citation de Paul Ferrand sur le bac",
        "Donne-moi des citations de Paul Ferrand",
        "Could you tell me what Paul Ferrand said? Thanks",
    ],
)
def test_a_polite_question_is_answered_like_a_plain_one(desk: Desk, asked: str) -> None:
    answer = desk.ask(asked)
    assert [match.quote.speaker.name for match in answer.matches if match.quote.speaker] == [
        "Paul Ferrand"
    ]


@pytest.mark.parametrize(
    "asked", ["Bonjour, ça va ?", "merci beaucoup !", "Who are you?", "OK super merci"]
)
def test_small_talk_finds_nothing(desk: Desk, asked: str) -> None:
    answer = desk.ask(asked)
    assert not answer.matches
    assert answer.confidence == "none"


def test_quoted_thanks_are_looked_for(desk: Desk) -> None:
    assert (
        parse_question("« merci beaucoup »", desk.index).phrases
        or parse_question("« merci beaucoup »", desk.index).words
    )


def test_a_pasted_address_asks_for_its_article(desk: Desk) -> None:
    answer = desk.ask("https://www.gazette.example/ecole?utm_source=x")
    assert {match.article.url for match in answer.matches} == {"https://gazette.example/ecole"}
    assert answer.total == 2


def test_a_year_beside_a_name_is_a_period(desk: Desk) -> None:
    question = parse_question("Ferrand 2018", desk.index)
    assert question.period == (date(2018, 1, 1), date(2018, 12, 31))
    assert (
        parse_question("Que dit Ferrand du budget de 2018 pour le bac ?", desk.index).period is None
    )


def test_a_name_that_ends_like_a_stop_word_captures_no_question(desk: Desk) -> None:
    question = parse_question("Que dit Anne Souvestre sur le bac ?", desk.index)
    assert [desk.index.speakers[key].name for key in question.speaker_ids] == ["Anne Souvestre"]
    assert parse_question("Pourquoi le bac est-il attendu ?", desk.index).speaker_ids == ()


def test_a_name_that_is_only_mentioned_is_no_filter(desk: Desk) -> None:
    mentioned = parse_question(
        "Les habitants avec Paul Ferrand attendaient-ils le bac ?", desk.index
    )
    assert mentioned.speaker_ids == ()
    assert "ferrand" in mentioned.words
    assert parse_question("Que dit Paul Ferrand du bac ?", desk.index).speaker_ids


def test_how_many_is_answered_with_a_number(desk: Desk) -> None:
    answer = desk.ask("Combien de traversées le bac fera-t-il par jour ?")
    assert [match.text for match in answer.matches] == ["Le bac fera quarante traversées par jour"]
    plain, counted = (
        "attendu depuis longtemps par les habitants de Vauvert ?",
        "depuis longtemps par les habitants ?",
    )
    assert any(
        "attendaient" in match.text for match in desk.ask(f"Ce bac était-il {plain}").matches
    )
    assert not any(
        "attendaient" in match.text
        for match in desk.ask(f"Combien de bacs attendus {counted}").matches
    )


REASONS = (
    (
        "La digue sera relevée",
        "La maire de Valmont, Ana Roy, a réuni les habitants. « La digue sera relevée de deux "
        "mètres », a dit Ana Roy "
        "lundi.\n\nLe budget de la bibliothèque a été voté le même soir par le conseil, sans "
        "débat.\n",
    ),
    (
        "Le marché rouvre",
        "Le marché rouvre samedi. « Les forains sont revenus », a dit Ana Roy devant les halles.\n",
    ),
)


def reasons() -> Desk:
    desk = Desk.over(MemoryStore())
    for title, text in REASONS:
        desk.ingest(read_bytes(text.encode(), title, Metadata(title=title)))
    return desk


def test_silence_names_the_words_that_stand_in_no_quote_of_theirs() -> None:
    answer = reasons().ask("Que dit Ana Roy du budget de la bibliothèque ?")
    assert answer.level != "sure"
    assert answer.nearby.absent == ("budget", "bibliotheque")
    assert answer.nearby.article is not None
    assert answer.nearby.article.title == "La digue sera relevée"
    assert answer.nearby.nearest
    text = nothing_reply(answer, phrases("fr")).plain
    assert text.startswith("Aucune citation trouvée")
    assert "sans ces mots, ni dans les citations ni à côté : budget, bibliothèque" in text
    assert "Un article qui cite cette personne contient ces mots : La digue sera relevée" in text
    assert not any(match.text in text for match in answer.nearby.nearest)
    buttons = [b for row in nothing_reply(answer, phrases("fr")).buttons for b in row]
    assert buttons[0].label == "La citation la plus proche"
    assert buttons[0].action == f"q:{answer.nearby.nearest[0].quote.id}"


def test_silence_names_no_article_that_is_not_on_it() -> None:
    answer = reasons().ask("What does Ana Roy say about the stadium?")
    assert answer.matches == ()
    assert answer.nearby.absent == ("stadium",)
    assert answer.nearby.article is None
    assert "without these words" in nothing_reply(answer, phrases("en")).plain


NAMED = (
    "Le mur\n\n« Le mur sera construit », a dit Donald Trump. Le président Donald Trump a insisté "
    "lundi soir.\n",
    "Accord de Paris\n\nTrump a parlé lundi. « L'accord est ridicule », a dit Trump devant la "
    "presse.\n",
    "Moscou\n\n« La Russie ne reculera pas », a dit Vladimir Poutine lundi.\n",
)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Que dit Trump ?", {"Le mur sera construit", "L'accord est ridicule"}),
        ("Qu'a dit Donald Trump ?", {"Le mur sera construit"}),
        ("What did Putin say?", {"La Russie ne reculera pas"}),
        ("speaker:Putin", {"La Russie ne reculera pas"}),
        ("What did Putin say about Russia?", {"La Russie ne reculera pas"}),
    ],
)
def test_a_name_stands_for_whoever_bears_it_in_any_spelling(asked: str, said: set[str]) -> None:
    desk = Desk.over(MemoryStore())
    for number, text in enumerate(NAMED):
        desk.ingest(article(text, url=f"https://gazette.example/{number}"))
    assert {match.text for match in desk.ask(asked).matches} == said


def test_a_spelling_that_stands_nowhere_is_not_said_to() -> None:
    desk = Desk.over(MemoryStore())
    desk.ingest(
        article("Moscou\n\n« La Russie ne reculera pas », a dit un ministre de Poutine lundi.\n")
    )
    answer = desk.ask("What did Putin say about the budget of schools?")
    assert answer.matches == ()
    assert "putin" not in answer.nearby.words


def test_spellings_are_folded_and_told_once() -> None:
    groups = tomllib.loads((files("bot.search") / "names.toml").read_text("utf-8"))["variants"]
    names = [name for group in groups for name in group]
    assert len(names) == len(set(names))
    assert all(name == fold(name) and " " not in name for name in names)
