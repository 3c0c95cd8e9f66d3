"""Questions on the seed: the right quote first, or an honest nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.domain.answer import Answer
from bot.services.desk import Desk


def first(answer: Answer) -> tuple[str, str | None]:
    match = answer.matches[0]
    return match.text, match.quote.speaker.name if match.quote.speaker else None


@pytest.mark.parametrize(
    ("question", "phrase", "speaker"),
    [
        ("guerre de Poutine", "la guerre de Poutine", "Rishi Sunak"),
        ("Qu'a dit Biden de l'enquête ?", "une enquête complète", "Joe Biden"),
        (
            "La Russie prépare-t-elle des actions militaires offensives ?",
            "actions militaires offensives",
            "Jens Stoltenberg",
        ),
        ("groupemants tactique partie oriental", "groupements tactiques", "Jens Stoltenberg"),
        ("FORCES AERIENNES ET NAVALES", "forces aériennes et navales", "Jens Stoltenberg"),
        ("What did Sunak say?", "la réalité cruelle", "Rishi Sunak"),
        ("Que dit Stoltenber de l'Otan unie ?", "L’Otan est unie", "Jens Stoltenberg"),
    ],
)
def test_right_first(desk: Desk, question: str, phrase: str, speaker: str) -> None:
    answer = desk.ask(question)
    assert answer.matches, answer.nearby
    text, name = first(answer)
    assert phrase in text
    assert name == speaker


@pytest.mark.parametrize(
    "question",
    [
        "Que dit Merkel ?",
        "recette de crêpes",
        "Qui a gagné le match hier soir ?",
        "Que dit Sunak du prix du blé ?",
        "?!",
        "le la les",
        "x" * 4000,
    ],
)
def test_nothing(desk: Desk, question: str) -> None:
    answer = desk.ask(question)
    assert answer.matches == ()
    assert answer.confidence == "none"
    assert answer.searched == desk.index.size
    assert answer.searched[1] == 1


def test_one_shared_word_is_not_enough(desk: Desk) -> None:
    assert desk.ask("Quelle est la situation du marché immobilier à Lyon ?").level != "sure"


def test_a_named_speaker_is_the_only_one_who_answers(desk: Desk) -> None:
    for question in ("Biden Russie", "Que dit Sunak de la guerre ?", "Stoltenberg Ukraine"):
        answer = desk.ask(question)
        names = {m.quote.speaker.name for m in answer.matches if m.quote.speaker}
        assert len(names) == 1


def test_others_are_only_nearby(desk: Desk) -> None:
    answer = desk.ask("Que dit Biden de la réalité cruelle et implacable ?")
    assert (answer.level, answer.elsewhere) == ("near", True)
    named = {m.quote.speaker.name for m in answer.matches if m.quote.speaker}
    assert "Rishi Sunak" in named
    assert "Joe Biden" not in named


def test_exact_words_are_told(desk: Desk) -> None:
    assert desk.ask("nous ferons toujours ce qui est nécessaire").confidence == "exact"
    assert desk.ask("l'Otan est-elle unie ?").confidence != "exact"


def test_matches_do_not_overlap(desk: Desk) -> None:
    for question in ("communications Otan Moscou", "Sunak", "Stoltenberg"):
        spans = sorted((m.quote.start, m.quote.end) for m in desk.ask(question, None, 10).matches)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_every_answer_is_a_slice(desk: Desk) -> None:
    for question in ("Otan", "missile", "Sunak", "Biden", "Pologne Russie"):
        for match in desk.ask(question, None, 10).matches:
            assert match.text == match.article.text[match.quote.start : match.quote.end]
            assert match.text in match.article.text
