"""The handlers through ``Application.process_update`` with real updates; no handler is mocked."""

from __future__ import annotations

import logging

import pytest
from botapi import room
from botapi_http import Call
from offline import ENGLISH, FRENCH, Offline, run

from bot.services.desk import Desk


def texts(calls: list[Call]) -> list[str]:
    return [call.result["text"] for call in calls if call.method == "sendMessage"]


def actions(call: Call) -> list[str]:
    rows = call.result["reply_markup"]["inline_keyboard"]
    return [b["callback_data"] for row in rows for b in row if "callback_data" in b]


def test_free_text_in_both_languages(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (answer,) = texts(await bot.message("guerre de Poutine", user=FRENCH))
        assert answer.startswith("Mots exacts")
        assert "la réalité cruelle et implacable de la guerre de Poutine" in answer
        assert "Rishi Sunak, Premier ministre britannique" in answer
        (answer,) = texts(await bot.message("guerre de Poutine", user=ENGLISH))
        assert answer.startswith("Exact words")
        assert "la réalité cruelle et implacable de la guerre de Poutine" in answer

    run(desk, story)


def test_search_source_and_buttons(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("/search missile ukrainien", user=FRENCH)
        first = actions(sent)[0]
        answered, source = await bot.press(first, sent.result["message_id"], user=FRENCH)
        assert answered.method == "answerCallbackQuery"
        assert "sha256 3e3c4560864d" in source.result["text"]
        assert "16 novembre 2022" in source.result["text"]
        other = actions(source)[0]
        assert other.startswith("q:")
        _, quote = await bot.press(other, source.result["message_id"], user=FRENCH)
        assert "— " in quote.result["text"]
        (by_id,) = await bot.message(f"/source {first[2:]}", user=FRENCH)
        assert by_id.result["text"] == source.result["text"]
        (by_reply,) = await bot.message("/source", user=FRENCH, reply_to_message=sent.result)
        assert by_reply.result["text"] == source.result["text"]
        (again,) = await bot.message("/source", user=FRENCH, reply_to_message=source.result)
        assert again.result["text"] == source.result["text"]

    run(desk, story)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/source", "Quelle citation"),
        ("/source <b>", "Quelle citation"),
        ("/source qNONE", "n’est plus"),
        ("/search", "Que dois-je chercher"),
        ("/xyz", "/xyz"),
        ("😀😀", "texte"),
        ("/start", "mot pour mot"),
        ("/help", "/search"),
    ],
)
def test_what_is_said_without_an_answer(desk: Desk, text: str, says: str) -> None:
    async def story(bot: Offline) -> None:
        (answer,) = texts(await bot.message(text, user=FRENCH))
        assert says in answer

    run(desk, story)


@pytest.mark.parametrize(
    "data", ["s:gone", "q:gone", "p:gone", "zzz", "s:", ":", "s:" + "x" * 60, "p:é"]
)
def test_old_and_strange_buttons(desk: Desk, data: str) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("Sunak", user=FRENCH)
        calls = await bot.press(data, sent.result["message_id"], user=FRENCH)
        assert [call.method for call in calls] == ["answerCallbackQuery", "sendMessage"]
        assert "n’est plus" in calls[1].result["text"]

    run(desk, story)


def test_nothing_found_offers_speakers_by_button(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("Que dit Merkel ?", user=FRENCH)
        assert sent.result["text"].startswith("Aucune citation trouvée")
        assert f"{desk.index.size[0]} citations de 1 article" in sent.result["text"]
        _, quotes = await bot.press(actions(sent)[0], sent.result["message_id"], user=FRENCH)
        assert quotes.result["text"].startswith("Jens Stoltenberg")

    run(desk, story)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4096,
        "Otan " * 819,
        "<b>Otan</b> & <script>",
        "«»“”\"'",
        "\u202e\u0000\ud83d\ude00 Otan",
        "/search " + "é" * 4000,
        "&lt;&amp;",
    ],
)
def test_odd_questions(desk: Desk, text: str) -> None:
    async def story(bot: Offline) -> None:
        assert len(texts(await bot.message(text, user=FRENCH))) == 1

    run(desk, story)


def test_no_text(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (answer,) = texts(
            await bot.message(
                sticker={
                    "file_id": "a",
                    "file_unique_id": "b",
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            )
        )
        assert "only read text" in answer
        (answer,) = texts(
            await bot.message(
                photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}],
                caption="guerre de Poutine",
            )
        )
        assert "Sunak" in answer

    run(desk, story)


def test_edits_channels_and_status_updates_are_ignored(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        user, chat = FRENCH, {"id": FRENCH["id"], "type": "private", "first_name": "A"}
        edited = {
            "message_id": 5,
            "date": 1,
            "edit_date": 2,
            "chat": chat,
            "from": user,
            "text": "Sunak",
        }
        bot.api.push({"edited_message": edited})
        command = {
            **edited,
            "text": "/search Sunak",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        }
        bot.api.push({"edited_message": command})
        channel = room("channel", -100200)
        bot.api.push(
            {"channel_post": {"message_id": 6, "date": 1, "chat": channel, "text": "Sunak"}}
        )
        bot.api.message(chat=room(), new_chat_members=[user])
        bot.api.message(pinned_message=None, new_chat_title="x", user=user)
        assert await bot.feed() == []

    run(desk, story)


def test_groups(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        group = room()
        assert await bot.message("Sunak", chat=group) == []
        assert await bot.message("@someone Sunak", chat=group) == []
        assert await bot.message("/unknown", chat=group) == []
        (mentioned,) = await bot.message("@loopback_bot guerre de Poutine", chat=group)
        assert "Sunak" in mentioned.result["text"]
        assert mentioned.params["reply_parameters"]
        (command,) = await bot.message("/search@loopback_bot Biden", chat=group)
        assert "Biden" in command.result["text"]
        assert await bot.message("/search@other_bot Biden", chat=group) == []
        (replied,) = await bot.message("Otan unie", chat=group, reply_to_message=command.result)
        assert "unie" in replied.result["text"]
        (about,) = await bot.message(
            "/search",
            chat=group,
            reply_to_message={
                "message_id": 9,
                "date": 1,
                "chat": group,
                "from": ENGLISH,
                "text": "guerre de Poutine",
            },
        )
        assert "Sunak" in about.result["text"]

    run(desk, story)


def test_topics(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("/search Biden", chat=room(is_forum=True), message_thread_id=77)
        assert int(sent.params["message_thread_id"]) == 77

    run(desk, story)


def test_the_deployments_language_wins(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (answer,) = texts(await bot.message("/help", user=ENGLISH))
        assert "Comment poser une question" in answer

    run(desk, story, VERBATIM_LANGUAGE="fr")


def test_a_failure_is_one_sentence_and_no_text_is_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken inside")

    monkeypatch.setattr("bot.services.ask.parse_question", broken)

    async def story(bot: Offline) -> None:
        with caplog.at_level(logging.INFO):
            (answer,) = texts(await bot.message("mot très secret", user=FRENCH))
        assert "Référence" in answer
        reference = answer.split("Référence ")[1].rstrip(")")
        assert reference in caplog.text
        assert "secret" not in caplog.text

    run(desk, story)


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
    ],
)
def test_what_telegram_refuses_is_survived(desk: Desk, code: int, description: str) -> None:
    async def story(bot: Offline) -> None:
        bot.api.fail_next("sendMessage", code, description)
        await bot.message("Sunak", user=FRENCH)
        assert len(texts(await bot.message("Sunak", user=FRENCH))) == 1

    run(desk, story)


def test_commands_are_registered_in_both_languages(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        from handlers.application import register_commands

        await register_commands(bot.app)
        made = [call for call in bot.api.calls if call.method == "setMyCommands"]
        assert [call.params.get("language_code") for call in made] == [None, "fr", "en"]
        assert all(
            {c["command"] for c in call.params["commands"]} >= {"search", "source", "help", "start"}
            for call in made
        )

    run(desk, story)
