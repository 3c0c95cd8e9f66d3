"""What a reader's thumb expects: pages, buttons, other chats, links, pictures, languages, limits,
privacy.
"""

from __future__ import annotations

import io
import logging
import re
import time
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from botapi import person, private, room
from botapi_http import Call
from conftest import article
from offline import ENGLISH, FRENCH, Offline, run

from bot.domain.errors import StoreError
from bot.domain.model import Article, Passage
from bot.replies.fragment import quote_url
from bot.replies.phrases import phrases
from bot.replies.quote import citation
from bot.search.question import parse_question
from bot.services.desk import Desk
from bot.services.preferences import preferences
from handlers.limits import Allowance
from storage.memory import MemoryStore

URL = "https://www.example.org/monde/otan?id=3"


def buttons(call: Call) -> dict[str, dict[str, Any]]:
    rows = (call.result.get("reply_markup") or {"inline_keyboard": []})["inline_keyboard"]
    return {button["text"]: button for row in rows for button in row}


@pytest.fixture
def published(desk: Desk) -> Desk:
    """The seed article, known to be at an address."""
    found = desk.articles(size=1).items
    desk.ingest(replace(found[0], url=URL, publisher="Le Courrier"))
    return desk


# ---- answers
def test_an_answer_has_its_buttons_and_turns_its_pages_in_place(published: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("missile", user=FRENCH)
        shown = buttons(sent)
        assert {
            "Source",
            "Contexte",
            "Copier",
            "Partager",
            "Image",
            "Ouvrir l’article",
        } <= shown.keys()
        assert shown["Partager"]["switch_inline_query"].startswith("q_")
        assert shown["Ouvrir l’article"]["url"].startswith(URL + "#:~:text=")
        following = next(button for text, button in shown.items() if text.startswith("Suite"))
        answered, turned = await bot.press(
            following["callback_data"], sent.result["message_id"], user=FRENCH
        )
        assert (answered.method, turned.method) == ("answerCallbackQuery", "editMessageText")
        assert turned.result["text"] != sent.result["text"]
        back = buttons(turned)["◀ Précédentes"]
        _, again = await bot.press(back["callback_data"], sent.result["message_id"], user=FRENCH)
        assert again.result["text"] == sent.result["text"]

    run(published, story)


def test_the_pages_of_an_answer_whose_question_is_gone(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("missile", user=FRENCH)
        del bot.api.messages[sent.result["message_id"]]["reply_to_message"]
        _, told = await bot.press("n:1", sent.result["message_id"], user=FRENCH)
        assert "ne vois plus la question" in told.result["text"]

    run(desk, story)


def test_other_matches_are_folded(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("missile", user=FRENCH)
        kinds = [e["type"] for e in sent.result["entities"] if "blockquote" in e["type"]]
        assert kinds[0] == "blockquote"
        assert set(kinds[1:]) == {"expandable_blockquote"}

    run(desk, story)


def test_context_shows_the_paragraphs_around(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        match = desk.ask("se tient fermement").matches[0]
        (sent,) = await bot.message("se tient fermement", user=FRENCH)
        _, around = await bot.press(
            buttons(sent)["Contexte"]["callback_data"], sent.result["message_id"], user=FRENCH
        )
        blocks = [e for e in around.result["entities"] if e["type"] == "blockquote"]
        assert len(blocks) == 3
        bold = [e for e in around.result["entities"] if e["type"] == "bold"]
        text = around.result["text"]
        assert match.text in [text[e["offset"] : e["offset"] + e["length"]] for e in bold]

    run(desk, story)


def test_copying_short_and_long_quotes(published: Desk) -> None:
    desk, say = published, phrases("fr")
    short = long = 0

    async def story(bot: Offline) -> None:
        nonlocal short, long
        for quote, made in desk.recent(size=50).items:
            (sent,) = await bot.message(f"/start q_{quote.id}", user=FRENCH)
            button = buttons(sent)["Copier"]
            if "copy_text" in button:
                short += 1
                assert button["copy_text"]["text"] == citation(Passage(quote, made), say)
            else:
                long += 1
                _, copied = await bot.press(
                    button["callback_data"], sent.result["message_id"], user=FRENCH
                )
                assert copied.result["text"] == citation(Passage(quote, made), say)
            assert made.text[quote.start : quote.end] in citation(Passage(quote, made), say)
            assert URL in citation(Passage(quote, made), say)

    run(desk, story, VERBATIM_RATE_USER=0)
    assert short
    assert long


def test_a_very_long_quote_is_split_at_sentence_ends(seed: object) -> None:
    said = "".join(
        f"La rivière monte encore ce soir-là, dit la ligne numéro {n}. " for n in range(200)
    ).strip()
    desk = Desk.over(MemoryStore())
    desk.ingest(article(f"La crue\n\n« {said} », a déclaré Ana Roy, maire de Valmont."))
    quote, _ = desk.recent(size=1).items[0]

    async def story(bot: Offline) -> None:
        sent = await bot.message(f"/start q_{quote.id}", user=FRENCH)
        assert len(sent) >= 3
        texts = [call.result["text"] for call in sent]
        assert "".join("".join(texts).split()).count("numéro") == 200
        assert all(text.rstrip().endswith(".") for text in texts[:-1])
        assert "reply_markup" in sent[-1].result
        assert "reply_markup" not in sent[0].result

    run(desk, story)


@pytest.mark.parametrize(
    ("text", "url", "wanted"),
    [
        (
            "« Oui - peut-être, non & si »",
            "https://a.org/x",
            "https://a.org/x#:~:text=Oui%20%2D%20peut%2D%C3%AAtre%2C%20non%20%26%20si",
        ),
        (
            "« Jamais plus » et « jamais plus »",
            "https://a.org/x#part",
            "https://a.org/x#part:~:text=Jamais%20plus",
        ),
    ],
)
def test_text_fragments(text: str, url: str, wanted: str) -> None:
    made = article(f"Un titre\n\n{text}, a dit Ana Roy.", url=url)
    desk = Desk.over(MemoryStore())
    desk.ingest(made)
    quote = desk.store.quotes(made.id)[0]
    assert quote_url(made, quote) == wanted


def test_text_fragments_of_long_and_repeated_quotes() -> None:
    body = (
        "« Nous irons » et encore « Nous irons », a dit Ana Roy. Puis : « "
        + "".join(f"{n} fois nous avons dit que l’eau monte, " for n in range(9))
        + "voilà », a dit Ana Roy."
    )
    made = article(f"Un titre\n\n{body}", url="https://a.org/x")
    desk = Desk.over(MemoryStore())
    desk.ingest(made)
    found = [unquote(quote_url(made, quote) or "") for quote in desk.store.quotes(made.id)]
    assert any("-,Nous irons,-" in url or "Nous irons,-" in url for url in found)
    assert any(
        url.endswith("text=0 fois nous avons dit,dit que l’eau monte, voilà") for url in found
    ), found
    for address in (None, "http://localhost/x", "ftp://a.org/x"):
        assert quote_url(replace(made, url=address), desk.store.quotes(made.id)[0]) is None


# ---- lists
def test_speakers_articles_recent(desk: Desk) -> None:
    for at in range(20):
        name = f"Ana Roy{'abcdefghijklmnopqrst'[at]}"
        text = f"Titre {at}\n\n« La digue numéro {at} tiendra », a dit {name}, maire de Valmont."
        desk.ingest(article(text, published=f"2024-01-{at + 1:02}"))

    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("/speakers", user=FRENCH)
        assert "25 personnes" in sent.result["text"]
        assert "Jens Stoltenberg" in sent.result["text"]
        following = next(b for t, b in buttons(sent).items() if t.startswith("Suite"))
        _, turned = await bot.press(
            following["callback_data"], sent.result["message_id"], user=FRENCH
        )
        assert turned.method == "editMessageText"
        (one,) = await bot.message("/speakers stol", user=FRENCH)
        _, quotes = await bot.press(
            buttons(one)["Jens Stoltenberg (17)"]["callback_data"],
            one.result["message_id"],
            user=FRENCH,
        )
        assert quotes.method == "sendMessage"
        assert "17 propos" in quotes.result["text"]
        more = next(b for t, b in buttons(quotes).items() if t.startswith("Suite"))
        _, second = await bot.press(more["callback_data"], quotes.result["message_id"], user=FRENCH)
        assert second.method == "editMessageText"
        assert "6." in second.result["text"]
        (none,) = await bot.message("/speakers zzz", user=FRENCH)
        assert "Personne de ce nom" in none.result["text"]
        (listed,) = await bot.message("/articles", user=FRENCH)
        assert "21 articles" in listed.result["text"]
        assert "Titre 19" in listed.result["text"]
        first = next(iter(buttons(listed).values()))
        _, opened = await bot.press(
            first["callback_data"], listed.result["message_id"], user=FRENCH
        )
        assert "La digue numéro 19 tiendra" in opened.result["text"]
        (latest,) = await bot.message("/recent", user=FRENCH)
        assert "La digue numéro 19 tiendra" in latest.result["text"]

    run(desk, story)


def test_help_search_examples_work_on_the_seeds(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        for user in (FRENCH, ENGLISH):
            (sent,) = await bot.message("/help search", user=user)
            text = sent.result["text"]
            codes = [
                text[e["offset"] : e["offset"] + e["length"]]
                for e in sent.result["entities"]
                if e["type"] == "code"
            ]
            assert len(codes) >= 7
            for example in codes:
                (found,) = await bot.message(example, user=user)
                assert "reply_markup" in found.result, example
                assert not found.result["text"].startswith(("Aucune", "No quotes")), example

    run(desk, story)


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("/search missile speker:Biden", "speaker:Biden"),
        ("/search missile avnt:2023", "avant:2023"),
        ("/search missile avant:hier", "avant:2022-11"),
        ("/search missile kind:oral", "kind:indirect"),
    ],
)
def test_a_mistyped_filter_gets_a_suggestion(desk: Desk, asked: str, suggested: str) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message(asked, user=FRENCH)
        assert suggested in sent.result["text"]

    run(desk, story)


# ---- other chats
def test_inline_results_page_and_say_when_there_are_none(published: Desk) -> None:
    for at in range(60):
        published.ingest(
            article(
                f"Titre {at}\n\n« La digue numéro {at} tiendra bon », a dit Ana Roy, maire de "
                "Valmont."
            )
        )

    async def ask(bot: Offline, query: str, offset: str = "") -> dict[str, Any]:
        bot.api.inline(query, user=FRENCH, offset=offset)
        (call,) = await bot.feed()
        assert call.method == "answerInlineQuery"
        return call.params

    async def story(bot: Offline) -> None:
        first = await ask(bot, "guerre de Poutine")
        result = first["results"][0]
        assert (
            "la réalité cruelle et implacable de la guerre de Poutine"
            in result["input_message_content"]["message_text"]
        )
        assert "Rishi Sunak" in result["input_message_content"]["message_text"]
        urls = [b["url"] for b in result["reply_markup"]["inline_keyboard"][0]]
        assert urls[0] == f"https://t.me/loopback_bot?start=q_{result['id']}"
        assert urls[1].startswith(URL)
        assert first["button"]["start_parameter"]
        latest = await ask(bot, "")
        assert len(latest["results"]) == 20
        seen = {r["id"] for r in latest["results"]}
        following = await ask(bot, "", latest["next_offset"])
        assert not seen & {r["id"] for r in following["results"]}
        assert (await ask(bot, "digue numéro tiendra"))["next_offset"]
        for nothing in ("recette de crêpes", "???", "q_gone"):
            (none,) = (await ask(bot, nothing))["results"]
            assert none["title"].startswith("Aucune citation trouvée")
            assert "«" not in none["input_message_content"]["message_text"]
        (shared,) = (await ask(bot, f"q_{result['id']}"))["results"]
        assert shared["id"] == result["id"]
        await ask(bot, "é" * 256, "999")

    run(published, story, VERBATIM_RATE_USER=0)


def test_guest_messages_are_answered_once(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        bot.api.guest("@loopback_bot guerre de Poutine", user=FRENCH, chat=room())
        (call,) = await bot.feed()
        assert call.method == "answerGuestQuery"
        assert "guerre de Poutine" in call.params["result"]["input_message_content"]["message_text"]
        bot.api.guest("@loopback_bot recette de crêpes", user=ENGLISH, chat=room())
        (call,) = await bot.feed()
        assert "No quotes found" in call.params["result"]["input_message_content"]["message_text"]

    run(desk, story)


def test_deep_links(desk: Desk) -> None:
    quote, made = desk.recent(size=1).items[0]
    assert quote.speaker

    async def story(bot: Offline) -> None:
        (one,) = await bot.message(f"/start q_{quote.id}", user=FRENCH)
        assert made.text[quote.start : quote.end] in one.result["text"]
        (two,) = await bot.message(f"/start a_{made.id}", user=FRENCH)
        assert made.title in two.result["text"]
        assert quote.speaker
        (three,) = await bot.message(f"/start s_{quote.speaker.id}", user=FRENCH)
        assert three.result["text"].startswith(quote.speaker.name)
        for gone in ("q_gone", "a_gone", "s_gone"):
            (told,) = await bot.message(f"/start {gone}", user=FRENCH)
            assert "n’est plus" in told.result["text"]
        for other in ("inline", "x_1", "q_"):
            (welcome,) = await bot.message(f"/start {other}", user=FRENCH)
            assert "mot pour mot" in welcome.result["text"]

    run(desk, story)


# ---- groups
@pytest.mark.parametrize(
    "call", ["/search", "/search@loopback_bot", "@loopback_bot", "@loopback_bot qui a dit ça ?"]
)
def test_a_bare_call_searches_the_message_that_it_replies_to(desk: Desk, call: str) -> None:
    async def story(bot: Offline) -> None:
        group = room(is_forum=True)
        assert (
            await bot.message(caption="missile", chat=group, user=ENGLISH, message_thread_id=4)
            == []
        )
        about = max(bot.api.messages)
        (sent,) = await bot.message(
            call,
            chat=group,
            user=FRENCH,
            reply_to_message=bot.api.messages[about],
            message_thread_id=4,
        )
        assert sent.result["message_thread_id"] == 4
        assert sent.result["reply_to_message"]["message_id"] == about
        following = next(b for t, b in buttons(sent).items() if t.startswith("Suite"))
        stranger = person(3003, "fr")
        _, turned = await bot.press(
            following["callback_data"], sent.result["message_id"], user=stranger
        )
        assert turned.method == "editMessageText"

    run(desk, story)


def test_a_page_stays_in_the_language_of_who_asked(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("/search missile", chat=room(), user=FRENCH)
        following = next(b for t, b in buttons(sent).items() if t.startswith("Suite"))
        _, turned = await bot.press(
            following["callback_data"], sent.result["message_id"], user=ENGLISH
        )
        assert "Réponses" in turned.result["text"]
        _, own = await bot.press(
            buttons(turned)["Source"]["callback_data"], sent.result["message_id"], user=ENGLISH
        )
        assert (
            "Where the quote stands" in own.result["text"]
            or "Where it is reported" in own.result["text"]
        )

    run(desk, story)


# ---- what a new reader tries
@pytest.mark.parametrize("reader", [FRENCH, ENGLISH])
def test_the_examples_of_start_and_help_have_answers(desk: Desk, reader: dict[str, Any]) -> None:
    async def story(bot: Offline) -> None:
        for told in ("/start", "/help", "/help search"):
            (sent,) = await bot.message(told, user=reader)
            examples = [
                unescape(found) for found in re.findall("<code>(.*?)</code>", sent.params["text"])
            ]
            assert examples
            for example in examples:
                (answer,) = await bot.message(example, user=reader)
                assert "<blockquote" in answer.params["text"], example

    run(desk, story)


def test_small_talk_is_no_search(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        for said, told in (
            ("Bonjour !", "mot pour mot"),
            ("aide", "Comment poser une question"),
            ("/aide", "Comment poser une question"),
            ("merci", "plaisir"),
            ("Qui est cité ?", "Jens Stoltenberg"),
        ):
            (sent,) = await bot.message(said, user=FRENCH)
            assert told in sent.result["text"]
            assert "Aucune citation" not in sent.result["text"]

    run(desk, story)


def test_buttons_of_messages_out_of_reach_answer_with_a_new_message(desk: Desk) -> None:
    quote, made = desk.recent(size=1).items[0]
    assert quote.speaker

    async def story(bot: Offline) -> None:
        for data in (
            "ls:0",
            "la:0",
            "lr:0",
            f"p:{quote.speaker.id if quote.speaker else ''}:1",
            f"a:{made.id}:1",
        ):
            calls = await bot.press(data, 987_654, user=FRENCH)
            assert [call.method for call in calls] == ["answerCallbackQuery", "sendMessage"], data

    run(desk, story)


def test_old_buttons_and_links_work_after_a_restart_and_a_new_index(seed: Article) -> None:
    old: dict[str, Any] = {}

    async def before(bot: Offline) -> None:
        (sent,) = await bot.message("guerre de Poutine", user=FRENCH)
        old.update(buttons(sent), message=sent.result)

    async def after(bot: Offline) -> None:
        bot.api.messages[old["message"]["message_id"]] = old["message"]
        for label in ("Source", "Contexte", "Image", "Autres propos : Rishi Sunak"):
            _, told = await bot.press(
                old[label]["callback_data"], old["message"]["message_id"], user=FRENCH
            )
            assert "Rishi Sunak" in (told.result.get("text") or told.result["caption"])
        (linked,) = await bot.message(
            f"/start {old['Partager']['switch_inline_query']}", user=FRENCH
        )
        assert "guerre de Poutine" in linked.result["text"]

    for story in (before, after):
        desk = Desk.over(MemoryStore())
        if story is after:
            desk.ingest(article("Un autre\n\n« La digue tiendra », a dit Ana Roy."))
        desk.ingest(seed)
        run(desk, story)


def test_start_stays_when_its_buttons_are_tapped(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("/start", user=FRENCH)
        assert len(sent.result["text"].splitlines()) <= 14
        for button in buttons(sent).values():
            _, told = await bot.press(
                button["callback_data"], sent.result["message_id"], user=FRENCH
            )
            assert told.method == "sendMessage"

    run(desk, story)


def test_what_was_searched_in_vain_names_filters_and_strangers(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        for asked, told in (
            ("/search missile de:Macron", "de:Macron"),
            ("/search missile avant:16/11/2022", "avant:16/11/2022"),
            ("Qu’a dit Jill Biden ?", "Jill Biden"),
            ("Que dit le président russe ?", "president russe"),
        ):
            (sent,) = await bot.message(asked, user=FRENCH)
            assert sent.result["text"].startswith("Aucune citation trouvée")
            assert told in sent.result["text"]

    run(desk, story)


# ---- pictures
def test_cards_light_and_dark(desk: Desk) -> None:
    from PIL import Image

    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("guerre de Poutine", user=FRENCH)
        _, card = await bot.press(
            buttons(sent)["Image"]["callback_data"], sent.result["message_id"], user=FRENCH
        )
        assert card.method == "sendPhoto"
        assert "Rishi Sunak" in card.result["caption"]
        light = Image.open(io.BytesIO(bot.api.files[card.result["photo"][0]["file_id"]]))
        assert light.size == (1080, 1080)
        dark = buttons(card)["Sur fond sombre"]
        _, turned = await bot.press(dark["callback_data"], card.result["message_id"], user=FRENCH)
        assert turned.method == "editMessageMedia"
        black = Image.open(io.BytesIO(bot.api.files[turned.result["photo"][0]["file_id"]]))
        assert light.getpixel((540, 20)) != black.getpixel((540, 20))
        (by_reply,) = await bot.message("/source", user=FRENCH, reply_to_message=card.result)
        assert "sha256" in by_reply.result["text"]

    run(desk, story)


def test_a_timeline(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (picture,) = await bot.message("/timeline stoltenberg", user=FRENCH)
        assert picture.method == "sendPhoto"
        assert "Jens Stoltenberg" in picture.result["caption"]
        for wrong in ("/timeline", "/timeline zzz"):
            (told,) = await bot.message(wrong, user=FRENCH)
            assert "/timeline Stoltenberg" in told.result["text"]

    run(desk, story)


# ---- language and privacy
def test_a_chosen_language_is_kept_over_restarts_until_forgotten(desk: Desk) -> None:
    async def choose(bot: Offline) -> None:
        (sent,) = await bot.message("/language", user=FRENCH)
        _, turned = await bot.press(
            buttons(sent)["English"]["callback_data"], sent.result["message_id"], user=FRENCH
        )
        assert "English" in turned.result["text"]
        (answer,) = await bot.message("guerre de Poutine", user=FRENCH)
        assert answer.result["text"].startswith("Exact words")

    async def afterwards(bot: Offline) -> None:
        (answer,) = await bot.message("guerre de Poutine", user=FRENCH)
        assert answer.result["text"].startswith("Exact words")
        (told,) = await bot.message("/privacy", user=FRENCH)
        assert "English" in told.result["text"]
        (erased,) = await bot.message("/forget", user=FRENCH)
        assert "effacé" in erased.result["text"]
        assert preferences(desk.store, FRENCH["id"]) == {}
        (none,) = await bot.message("/privacy", user=FRENCH)
        assert "aucune" in none.result["text"]
        (by_word,) = await bot.message("/language en", user=FRENCH)
        assert "English" in by_word.result["text"]

    run(desk, choose)
    run(desk, afterwards)


# ---- manners
def test_a_reader_who_asks_too_much_is_told_once_and_admins_never(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        answers = [await bot.message("Biden", user=FRENCH) for _ in range(5)]
        assert [len(calls) for calls in answers] == [1, 1, 1, 1, 0]
        assert "d’un coup" in answers[3][0].result["text"]
        pressed = await bot.press("lr:0", 1, user=FRENCH)
        assert [call.method for call in pressed] == ["answerCallbackQuery"]
        assert len([await bot.message("Biden", user=ENGLISH) for _ in range(5)][4]) == 1

    run(desk, story, VERBATIM_RATE_USER=3, VERBATIM_ADMINS="2002")


def test_allowance() -> None:
    allowance = Allowance(4)
    assert [allowance.wait(1, 0.0) > 0 for _ in range(6)] == [False] * 4 + [True] * 2
    assert allowance.wait(1, 15.0) == 0
    assert allowance.wait(1, 15.0) > 0
    assert allowance.wait(2, 15.0) == 0
    assert Allowance(0).wait(1, 0.0) == 0


def test_typing_is_shown_only_when_it_takes_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def quick(bot: Offline) -> None:
        assert [call.method for call in await bot.message("Biden")] == ["sendMessage"]

    async def slow(bot: Offline) -> None:
        assert [call.method for call in await bot.message("Biden")] == [
            "sendChatAction",
            "sendMessage",
        ]

    run(desk, quick)

    def slowly(*arguments: Any) -> Any:
        time.sleep(0.7)
        return parse_question(*arguments)

    monkeypatch.setattr("bot.services.ask.parse_question", slowly)
    run(desk, slow)


def test_what_telegram_refuses_on_pressing_is_survived(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("missile", user=FRENCH)
        bot.api.fail_next(
            "answerCallbackQuery",
            400,
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        )
        late = await bot.press(
            "n:1", sent.result["message_id"], user=FRENCH
        )  # too old to be told, not to be answered
        assert [call.method for call in late] == ["answerCallbackQuery", "editMessageText"]
        twice = await bot.press("n:1", sent.result["message_id"], user=FRENCH)
        assert [call.method for call in twice] == ["answerCallbackQuery"]
        bot.api.fail_next("editMessageText", 400, "Bad Request: message is not modified: same")
        await bot.press("n:0", sent.result["message_id"], user=FRENCH)
        old = {"message": {"chat": private(FRENCH), "message_id": 5, "date": 0}}
        _, told = await bot.press("lr:0", 5, user=FRENCH, **old)
        assert "Dernières citations" in told.result["text"]

    run(desk, story)


def test_admins_get_the_place_of_an_error_and_nobodys_words(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, *_: object) -> None:
        raise RuntimeError(f"can't read {text}")

    monkeypatch.setattr("bot.services.ask.parse_question", broken)

    async def story(bot: Offline) -> None:
        with caplog.at_level(logging.INFO):
            told, admin = await bot.message("mot très secret", user=FRENCH)
        assert "Référence" in told.result["text"]
        assert admin.params["chat_id"] == 2002
        assert "RuntimeError" in admin.result["text"]
        assert "parse_question" in admin.result["text"]
        assert "secret" not in admin.result["text"] + caplog.text

    run(desk, story, VERBATIM_ADMINS="2002")


def test_a_store_that_is_away_is_told_as_a_failure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("postgresql://db: away")

    monkeypatch.setattr(MemoryStore, "keep", away)

    async def story(bot: Offline) -> None:
        (told,) = await bot.message("/language en", user=FRENCH)
        assert "Référence" in told.result["text"]

    run(desk, story)


# ---- what readers found
def test_a_groups_language_is_its_own_and_its_admins_choose_it(desk: Desk) -> None:
    one, other = room(chat_id=-100111), room(chat_id=-100222)

    async def story(bot: Offline) -> None:
        bot.api.members[one["id"], ENGLISH["id"]] = "administrator"
        *_, refused = await bot.message("/language en", chat=one, user=FRENCH)
        assert "administrateurs" in refused.result["text"]
        (told,) = await bot.message("/search guerre de Poutine", chat=one, user=FRENCH)
        for line in ("/language@ en", "/LANGUE@ en"):  # said to the bot by replying to it
            *_, refused = await bot.message(
                line, chat=one, user=FRENCH, reply_to_message=told.result
            )
            assert "administrateurs" in refused.result["text"]
        *_, chosen = await bot.message("/language en", chat=one, user=ENGLISH)
        assert "English" in chosen.result["text"]
        (answer,) = await bot.message("/search guerre de Poutine", chat=one, user=FRENCH)
        assert answer.result["text"].startswith("Exact words")
        anonymous = person(1087968824, "en", "Group")
        (sent,) = await bot.message("/language", chat=one, user=anonymous, sender_chat=one)
        _, turned = await bot.press(
            buttons(sent)["Français"]["callback_data"], sent.result["message_id"], user=anonymous
        )
        assert "français" in turned.result["text"]
        (elsewhere,) = await bot.message("/search guerre de Poutine", chat=other, user=ENGLISH)
        assert elsewhere.result["text"].startswith("Exact words")
        (private_,) = await bot.message("guerre de Poutine", user=ENGLISH)
        assert private_.result["text"].startswith("Exact words")

    run(desk, story)


def test_an_edited_question_is_answered_anew_in_place(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("guere de Poutin", user=FRENCH)
        asked = sent.result["reply_to_message"]
        edited = {**asked, "text": "missile", "edit_date": asked["date"] + 5}
        bot.api.push({"edited_message": edited})
        (turned,) = await bot.feed()
        assert turned.method == "editMessageText"
        assert turned.params["message_id"] == sent.result["message_id"]
        assert "missile" in turned.result["text"]
        bot.api.push({"edited_message": edited})
        assert await bot.feed() == []

    run(desk, story)


def test_a_reply_is_sent_without_the_buttons_that_telegram_refuses(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        bot.api.fail_next("sendMessage", 400, "Bad Request: BUTTON_URL_INVALID")
        refused, sent = await bot.message("guerre de Poutine", user=FRENCH)
        assert refused.error
        assert "reply_markup" not in sent.params
        assert "Poutine" in sent.result["text"]

    run(desk, story)


def test_nothing_found_offers_who_speaks_near_the_subject(desk: Desk) -> None:
    text = (
        "La digue\n\n« La digue de Valmont sera relevée cet hiver », a promis Ana Roy, maire de "
        "Valmont."
    )
    desk.ingest(article(text))

    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("combien coûtera la digue de Valmont ?", user=FRENCH)
        assert sent.result["text"].startswith("Aucune citation")
        assert next(iter(buttons(sent))) == "Citations : Ana Roy"

    run(desk, story)


def test_titles_and_publishers_take_no_message_for_themselves() -> None:
    desk = Desk.over(MemoryStore())
    made = article("Un titre\n\n« La digue tiendra », a dit Ana Roy, maire de Valmont.", url=URL)
    desk.ingest(
        replace(made, title="Titre " * 2000, publisher="Courrier " * 500, author="Auteur " * 500)
    )

    async def story(bot: Offline) -> None:
        for line in (
            "/articles",
            "/recent",
            "digue",
            f"/source a_{made.id}",
            "/speakers",
            "Qu’a dit Ana Roy ?",
        ):
            (sent,) = await bot.message(line, user=FRENCH)
            assert len(sent.result["text"]) < 1500, line
        _, source = await bot.press(
            f"s:{desk.store.quotes(made.id)[0].id}", sent.result["message_id"], user=FRENCH
        )
        assert len(source.result["text"]) < 1500

    run(desk, story)


def test_a_long_paragraph_is_folded_behind_its_quote() -> None:
    filler = "La rivière monte encore ce soir. " * 40
    made = article(f"La crue\n\n{filler}« Personne ne dort ici », a déclaré Ana Roy. {filler}")
    desk = Desk.over(MemoryStore())
    desk.ingest(made)

    async def story(bot: Offline) -> None:
        (sent,) = await bot.message(f"/source {desk.store.quotes(made.id)[0].id}", user=FRENCH)
        blocks = [e["type"] for e in sent.result["entities"] if "blockquote" in e["type"]]
        assert blocks == ["blockquote", "expandable_blockquote"]

    run(desk, story)


def test_a_french_question_gets_a_french_filter(desk: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message(
            "/search propos sur le missile en Pologne avent:2023", user=FRENCH
        )
        assert "avant:2023" in sent.result["text"]

    run(desk, story)


def test_the_admins_are_told_of_a_fault_once_an_hour(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.services.ask.parse_question", broken)

    async def story(bot: Offline) -> None:
        first = await bot.message("Sunak", user=FRENCH)
        second = await bot.message("Sunak", user=FRENCH)
        assert [call.params["chat_id"] for call in first] == [FRENCH["id"], 2002]
        assert [call.params["chat_id"] for call in second] == [FRENCH["id"]]

    run(desk, story, VERBATIM_ADMINS="2002")
