"""The same line says the same at both doors, in both languages, and the terminal's needs no
Telegram.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from botapi import person
from conftest import ROOT
from offline import Offline, run

from bot.conversation.commands import BY_NAME, COMMANDS, Conversation
from bot.conversation.languages import Reader
from bot.replies.actions import LIMIT, LISTS, Action, To
from bot.services.desk import Desk
from handlers.terminal import Terminal

TALK = (
    "bonjour",
    "merci",
    "aide",
    "qui est cité ?",
    "hello",
    "thanks",
    "help",
    "who is quoted?",
    "guerre de Poutine",
    "Qu'a dit Stoltenberg ?",
    "What did Sunak say?",
    "recette de crêpes",
    "Que dit Merkel ?",
    "missile",
    "7",
    "999",
    "???",
    "2022",
    "missile deb:Biden",
    "missile entre:2022",
    "Bonjour ! Qu’a dit Sunak ?",
    "-",
    "«  »",
    "a" * 3000,
)
AFTER = {
    "search": ("", "missile", "missile de:Biden", "\nmissile"),
    "source": ("", "gone", "QUOTE", "q_QUOTE", "a_ARTICLE", "<b>"),
    "speakers": ("", "stol", "zzz"),
    "articles": ("", "hotline", "2022", "zzz"),
    "timeline": ("", "zzz"),
    "language": ("", "FR", "en", "de"),
    "help": ("", "search", "recherche"),
    "start": ("", "q_QUOTE", "a_ARTICLE", "s_SPEAKER", "q_gone", "inline"),
}


def lines(desk: Desk) -> list[str]:
    """Every command by all its names, with what may follow it, and what else people say."""
    (quote, article), *_ = desk.recent(size=1).items
    keys = {
        "QUOTE": quote.id,
        "ARTICLE": article.id,
        "SPEAKER": quote.speaker.id if quote.speaker else "",
    }
    said = [
        f"/{name} {rest}".strip() if "\n" not in rest else f"/{name}{rest}"
        for command in COMMANDS
        for name in (command.name, *command.aliases, command.name.upper())
        for rest in AFTER.get(command.name, ("",))
    ]
    for name, key in keys.items():
        said = [line.replace(name, key) for line in said]
    return [*said, *TALK, "/serch missile", "/xyz", "/", "/help@loopback_bot"]


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_same_line_says_the_same_at_both_doors(desk: Desk, code: str) -> None:
    user, conversation = person(7, code), Conversation(desk)

    async def story(bot: Offline) -> None:
        for line in lines(desk):
            calls = [
                call
                for call in await bot.message(line, user=user)
                if call.method.startswith("send")
            ]
            turn = conversation.turn(Reader(8, code, admin=True), bot.api.user["username"])
            reply = conversation.say(turn, line)
            told = [part.html for part in (reply, *reply.more)]
            assert [call.params.get("text") or call.params["caption"] for call in calls] == told, (
                line
            )
            terminal = Terminal(Conversation(desk), code)
            shown = terminal.reply(line)
            assert shown
            assert without_the_username(shown.plain) == without_the_username(reply.plain), line
            for key in (7, 8, 0):
                conversation.languages.forget(key)
            bot.app.bot_data["shared"].conversation.languages.forget(7)

    def without_the_username(text: str) -> str:  # a terminal can't be called in other chats
        return "\n".join(line for line in text.splitlines() if "@" not in line)

    run(
        desk, story, VERBATIM_RATE_USER=0, VERBATIM_ADMINS="7"
    )  # the terminal's reader has the store


def test_the_terminal_needs_no_telegram() -> None:
    code = (
        "import sys; from handlers.cli import main; main(['chat', '--store', 'memory:']); "
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('telegram', 'httpx', "
        "'tornado')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        input="Otan\n1\n/speakers\n1\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Stoltenberg" in done.stdout
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_number_presses_a_button_and_one_out_of_range_is_no_search(desk: Desk) -> None:
    terminal = Terminal(Conversation(desk), "fr")
    terminal.reply("missile")
    pressed = terminal.reply("1")
    assert pressed
    assert "sha256" in pressed.plain
    beyond = terminal.reply("99")
    assert beyond
    assert beyond.plain.startswith("Je ne lis que du texte")


def test_pages_turn_in_the_terminal(desk: Desk) -> None:
    terminal = Terminal(Conversation(desk), "fr")
    first = terminal.reply("missile")
    assert first
    number = next(
        n for n, button in enumerate(terminal.buttons, 1) if button.label.startswith("Suite")
    )
    second = terminal.reply(str(number))
    assert second
    assert second.plain != first.plain
    assert "4." in second.plain


@pytest.mark.parametrize(
    "action",
    [
        Action(To.SOURCE, "q12345678901"),
        Action(To.SPEAKER, "s1", 3),
        Action(To.SPEAKERS, page=2, words="é" * 60),
        Action(To.ARTICLES, page=0, words="a:b:3"),
        Action(To.RECENT, page=9999),
        Action(To.ANSWER, page=7),
        Action(To.LANGUAGE, "fr"),
        Action(To.TIMELINE, "s-_9", 0),
        Action(To.SPEAKERS, page=0, anew=True),
        Action(To.ARTICLE, "a1", None, "", True),
    ],
)
def test_actions_go_and_come_back(action: Action) -> None:
    data = action.encode()
    assert len(data.encode()) <= LIMIT
    back = Action.decode(data)
    assert back
    assert (back.to, back.key, back.page, back.anew) == (
        action.to,
        action.key,
        action.page,
        action.anew,
    )
    assert action.words.startswith(back.words)


@pytest.mark.parametrize(
    ("data", "to", "key", "page"),
    [
        ("s:q1", To.SOURCE, "q1", None),
        ("p:s1:2", To.SPEAKER, "s1", 2),
        ("ls:3:Ana", To.SPEAKERS, "", 3),
        ("la:0", To.ARTICLES, "", 0),
        ("lr:0", To.RECENT, "", 0),
        ("w:ls:0", To.SPEAKERS, "", 0),
        ("n:1", To.ANSWER, "", 1),
        ("g:en", To.LANGUAGE, "en", None),
    ],
)
def test_buttons_of_the_first_release_still_work(
    data: str, to: To, key: str, page: int | None
) -> None:
    found = Action.decode(data)
    assert found
    assert (found.to, found.key, found.page) == (to, key, page)


@pytest.mark.parametrize(
    "data", ["", ":", "s:", "zz:1", "s:é", "n:x", "ls:12345", "g:", "w:w:s:q1", "s:" + "x" * 60]
)
def test_what_is_no_button_of_ours(data: str) -> None:
    assert Action.decode(data) is None


def test_one_table_lists_every_command() -> None:
    assert len(BY_NAME) == sum(1 + len(command.aliases) for command in COMMANDS)
    assert {action.value for action in LISTS} == {"ls", "la", "lr", "n", "o"}


def test_a_mistyped_command_gets_a_suggestion(desk: Desk) -> None:
    for line, meant in (
        ("/serch x", "/search"),
        ("/timelne", "/timeline"),
        ("/personne", "/personnes"),
    ):
        reply = Conversation(desk).say(Conversation(desk).turn(Reader(1, "fr")), line)
        assert f"Vouliez-vous dire {meant} ?" in reply.plain


def test_articles_and_recent_are_by_date_and_can_be_narrowed(desk: Desk) -> None:
    from conftest import article

    for day in ("2020-01-05", "2024-05-01", "2021-07-09"):
        text = f"Titre du {day}\n\n« Ce jour du {day} restera », a dit Ana Roy, maire de Valmont."
        desk.ingest(
            article(text, published=day, publisher="Le Courrier" if day > "2021" else "La Vigie")
        )
    conversation = Conversation(desk)

    def said(line: str) -> str:
        return conversation.say(conversation.turn(Reader(1, "fr")), line).plain

    listed = said("/articles")
    days = ("2024-05-01", "hotline", "2021-07-09", "2020-01-05")
    assert sorted(days, key=listed.index) == list(days)
    assert said("/recent").index("2024-05-01") < said("/recent").index("Otan")
    assert "1 article" in said("/articles 2021")
    assert "2 articles" in said("/articles courrier")
    assert "Aucun article" in said("/articles zzz")


def test_all_results_are_reached_with_their_total(desk: Desk) -> None:
    from conftest import article

    for at in range(40):
        desk.ingest(
            article(
                f"Titre {at}\n\n« Le canal numéro {at} sera creusé », a dit Ana Roy, maire de "
                "Valmont."
            )
        )
    conversation = Conversation(desk)
    seen: set[str] = set()
    question: dict[str, Any] = {"question": "canal creusé"}
    for number in range(14):
        turn = conversation.turn(Reader(1, "fr"), **question)
        reply = conversation.tap(turn, To.ANSWER(page=number))
        assert "sur 40" in reply.plain
        seen |= {line for line in reply.plain.splitlines() if "Le canal numéro" in line}
    assert len(seen) == 40
    last = conversation.tap(conversation.turn(Reader(1, "fr"), **question), To.ANSWER(page=500))
    assert "40 à 40 sur 40" in last.plain
