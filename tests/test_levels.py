"""Three levels of an answer, at every door: sure, near, none."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from conftest import article

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.domain.answer import Answer, Question
from bot.domain.model import Passage
from bot.replies.actions import To
from bot.replies.phrases import phrases
from bot.replies.reply import answer_reply
from bot.search.asked import Asked
from bot.search.evidence import entropy, names_of, of_first
from bot.services.desk import Desk
from handlers import shapes
from handlers.terminal import Terminal
from storage.memory import MemoryStore

TEXT = (
    "Une écluse pour Valmont\n\nLe conseil de Valmont a débattu mardi de l’écluse.\n\n"
    "« Nous ouvrirons l’écluse au printemps », a promis Ana Roy, maire de Valmont.\n\n"
    "« Le chantier coûtera trop cher », a répondu Luc Morel, conseiller d’opposition."
)


@pytest.fixture
def town() -> Desk:
    desk = Desk.over(MemoryStore())
    desk.ingest(article(TEXT))
    desk.index.follow(desk.store)
    return desk


def near(desk: Desk, question: str) -> Answer:
    """An answer made a near one, whatever the weights think of it."""
    return replace(desk.ask(question), level="near", confidence="none")


@pytest.mark.parametrize(
    ("code", "opening"),
    [
        ("fr", "Je ne suis pas sûr que cela réponde"),
        ("en", "I am not sure that this answers it"),
    ],
)
def test_a_near_answer_says_that_it_is_not_sure(town: Desk, code: str, opening: str) -> None:
    answer = near(town, "Quand ouvrira l’écluse ?")
    assert answer.matches
    reply = answer_reply(answer, phrases(code))
    assert reply.plain.startswith(opening)
    assert "Ana Roy" in reply.plain
    actions = [button.action for row in reply.buttons for button in row]
    assert To.QUOTE(answer.matches[0].quote.id) in actions
    assert To.NONE() in actions
    assert len(actions) <= 5


def test_only_sure_ones_are_answered_in_json(town: Desk) -> None:
    sure = town.ask("« Nous ouvrirons l’écluse au printemps »")
    assert (sure.level, shapes.answer(sure)["answered"]) == ("sure", True)
    made = shapes.answer(near(town, "Quand ouvrira l’écluse ?"))
    assert (made["level"], made["answered"]) == ("near", False)
    assert made["matches"]
    silent = shapes.answer(town.ask("Quel temps fera-t-il à Rome demain ?"))
    assert (silent["level"], silent["answered"], silent["matches"]) == ("none", False, [])
    assert json.dumps(made)


def test_none_of_these_tells_what_was_searched(town: Desk) -> None:
    conversation = Conversation(town)
    reader = Reader(1, "fr")
    turn = conversation.turn(reader, question="Quand ouvrira l’écluse ?")
    reply = conversation.tap(turn, To.NONE())
    assert reply.plain.startswith("Aucune citation trouvée")
    assert "<blockquote" not in reply.html
    lost = conversation.tap(conversation.turn(reader), To.NONE())
    assert "question" in lost.plain


def test_somebody_who_did_not_speak_of_it(town: Desk) -> None:
    """Whoever is named restricts; what others said of it is near, and said to be others'."""
    answer = town.ask("Qu’a dit Luc Morel de l’ouverture de l’écluse au printemps ?")
    if answer.level == "near":
        assert answer.elsewhere
        assert "Luc Morel n’en parle pas ici" in answer_reply(answer, phrases("fr")).plain
    speakers = {m.quote.speaker.name for m in answer.matches if m.quote.speaker}
    assert answer.level != "sure" or speakers == {"Luc Morel"}


def test_entropy_is_nothing_where_one_stands_out() -> None:
    assert entropy([1.0]) == 0.0
    assert entropy([]) == 0.0
    assert entropy([1.0, 0.0, 0.0]) < 0.01
    assert abs(entropy([0.5, 0.5]) - 0.6931) < 1e-3


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Que pense Ana Roy de Valmont ?", ("ana", "roy", "valmont")),
        ("Valmont ouvrira-t-elle l’écluse ?", ()),
        ("que dit l'OTAN ?", ()),
        ("Did the mayor of Valmont say it?", ("valmont",)),
    ],
)
def test_names_are_capitals_inside_a_question(question: str, names: tuple[str, ...]) -> None:
    assert names_of(Question(question, "fr", "", plain=question)) == names


def test_what_the_sentence_and_its_surroundings_hold(town: Desk) -> None:
    (quote,) = (
        q
        for q in town.store.quotes(next(iter(town.index.articles)))
        if "ouvrirons" in TEXT[q.start : q.end]
    )
    made = town.store.article(quote.article_id)
    assert made is not None
    passage = Passage(quote, made)
    asked = [Asked("ecluse", 2.0, {}, True), Asked("budget", 2.0, {}, True)]
    plain = "Que dit Ana Roy du budget de Rome ?"
    held = of_first(Question(plain, "fr", "", plain=plain), asked, passage)
    assert held == [0.5, 1 / 3, 0.0, 0.0]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Tu es qui ?", "Verbatim"),
        ("résume l’article", "Je ne résume pas"),
        ("de quand date cet article ?", "Une écluse pour Valmont"),
        ("l’article 5", "Une écluse pour Valmont"),
        ("Summarize the article", "Je ne résume pas"),
    ],
)
def test_what_is_asked_of_the_bot_itself(town: Desk, line: str, told: str) -> None:
    reply = Terminal(Conversation(town), "fr").reply(line)
    assert reply is not None
    assert told in reply.plain


def test_a_typed_list_is_searched_with_all_its_words(town: Desk) -> None:
    """A button's 64 bytes cut them: what stands nowhere was found."""
    line = f"/articles {'écluse ' * 9}zorglub"
    reply = Terminal(Conversation(town), "fr").reply(line)
    assert reply is not None
    assert "Une écluse pour Valmont" not in reply.plain
