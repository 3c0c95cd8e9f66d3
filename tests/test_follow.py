"""Followers are told what is new: each claim once, at once or daily, by one process; who blocked
the bot is forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from conftest import article
from offline import FRENCH, Offline, run

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.replies.actions import To
from bot.replies.follow import news_replies
from bot.replies.phrases import phrases
from bot.services.desk import Desk
from bot.services.follow import MOST, Follows
from handlers.notices import tell_once
from storage.memory import MemoryStore

NOON = datetime(2024, 3, 12, 12, 0, tzinfo=UTC)
SAID = "Nous allons relever la digue de deux mètres avant l’hiver"


def tell(
    desk: Desk, number: int, words: str = SAID, name: str = "Luc Morel", publisher: str = "La Vigie"
) -> None:
    desk.ingest(
        article(
            f"Jour {number}\n\n« {words} », a promis {name}, maire de Valmont.", publisher=publisher
        )
    )


@pytest.fixture
def desk_() -> Desk:
    desk = Desk.over(MemoryStore())
    tell(desk, 0, "Le port restera ouvert tout l’hiver, quoi qu’il arrive")
    list(desk.follows.news(NOON))  # what was there before anybody followed is no news
    return desk


def texts(follows: Follows, now: datetime = NOON) -> list[list[str]]:
    return [[passage.text for _, passage in news.items] for news in follows.news(now)]


def speaker_id(desk: Desk, name: str) -> str:
    return desk.speakers(name).items[0][0].id


def test_a_follower_is_told_once_of_each_claim(desk_: Desk) -> None:
    follows = desk_.follows
    assert follows.add(7, "speaker", speaker_id(desk_, "Morel"), "Luc Morel")
    assert not follows.add(7, "speaker", speaker_id(desk_, "Morel"), "Luc Morel")
    assert texts(follows) == []
    tell(desk_, 1)
    tell(desk_, 2, "La criée fermera lundi matin, c’est décidé", "Ana Roy")
    assert texts(follows) == [[SAID]]
    assert texts(follows) == []
    tell(desk_, 3, SAID.replace("digue", "dique"), publisher="L’Écho")  # the same claim elsewhere
    assert texts(follows) == []
    tell(desk_, 4, "Nous ne relèverons pas la digue, faute d’argent cette année")
    assert len(texts(follows)) == 1


def test_words_and_publishers_are_followed_and_muted(desk_: Desk) -> None:
    follows = desk_.follows
    follows.add(7, "words", "relever digues", "relever digues")
    follows.add(8, "publisher", "L’Écho", "L’Écho")
    assert follows.mute(8, "L’Écho")
    tell(desk_, 1, publisher="L’Écho")
    assert [news.reader for news in follows.news(NOON)] == [7]
    assert follows.mute(8, "L’Écho")
    tell(desk_, 2, "La criée fermera lundi matin, c’est décidé", "Ana Roy", "L’Écho")
    assert [news.reader for news in follows.news(NOON)] == [8]
    assert follows.remove(8, "L’Écho")
    assert not follows.remove(8, "L’Écho")


def test_a_digest_comes_once_a_day_at_the_readers_hour(desk_: Desk) -> None:
    follows = desk_.follows
    follows.add(7, "speaker", speaker_id(desk_, "Morel"), "Luc Morel")
    assert follows.digest(7, 15, "Europe/Paris")
    assert not follows.digest(7, 24, "Europe/Paris")
    assert not follows.digest(7, 8, "Europe/Nowhere")
    tell(desk_, 1)
    assert texts(follows, NOON) == []  # 13:00 in Paris
    tell(desk_, 2, "La criée fermera lundi matin, c’est décidé")
    assert texts(follows, NOON.replace(hour=14)) == [
        [SAID, "La criée fermera lundi matin, c’est décidé"]
    ]
    tell(desk_, 3, "Le phare sera repeint en rouge et blanc avant juin")
    assert texts(follows, NOON.replace(hour=20)) == []
    assert len(texts(follows, NOON.replace(day=13, hour=15))) == 1


def test_one_process_tells_and_another_when_it_is_gone(
    desk_: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = desk_.follows, desk_.follows
    assert not one.mine()  # it asks
    assert not two.mine()
    assert one.mine()
    monkeypatch.setattr("bot.services.follow.time.time", lambda: 4e9)  # one was killed long ago
    assert not two.mine()
    assert two.mine()
    assert not one.mine()


def test_of_two_that_ask_at_the_same_moment_one_tells(
    desk_: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = desk_.follows, desk_.follows
    keep = desk_.store.keep

    def beside(kind: str, key: str, document: object) -> None:
        monkeypatch.setattr(desk_.store, "keep", keep)
        assert not two.mine()  # two reads and keeps before one keeps
        keep(kind, key, document)  # type: ignore[arg-type]

    monkeypatch.setattr(desk_.store, "keep", beside)
    assert not one.mine()
    assert [one.mine(), two.mine()].count(True) == 1


def test_what_an_admin_mends_and_what_an_edit_leaves_is_no_news(
    desk_: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    follows = desk_.follows
    text = (
        f"Jour 5\n\n« {SAID} », a promis Luc Morel.\n\n« La criée fermera lundi matin », a dit "
        "Ana Roy."
    )
    old = replace(
        article(text, url="https://a.example/5"), retrieved=datetime(2020, 1, 1, tzinfo=UTC)
    )
    desk_.ingest(old)
    list(follows.news(NOON))
    follows.add(7, "words", "digue", "digue")
    follows.add(7, "words", "budget", "budget")
    other = next(q for q in desk_.store.quotes(old.id) if q.speaker and q.speaker.name == "Ana Roy")
    desk_.corrections.drop(other.id, 1)
    assert texts(follows) == []
    edited = article(
        f"{text}\n\n« Le budget de la ville est voté », a dit Ana Roy.", url="https://a.example/5"
    )
    desk_.ingest(edited)
    assert texts(follows) == [["Le budget de la ville est voté"]]


def test_what_could_not_be_sent_is_told_later_and_a_fault_of_ours_erases_nothing(
    desk_: Desk,
) -> None:
    async def story(bot: Offline) -> None:
        shared, follows = bot.app.bot_data["shared"], desk_.follows
        follows.add(FRENCH["id"], "words", "digue", "digue")
        follows.add(FRENCH["id"], "words", "lettre", "lettre")
        await tell_once(bot.app.bot, shared, follows)
        tell(desk_, 1)
        bot.api.fail_next("sendMessage", 400, "Bad Request: can't parse entities")
        assert await tell_once(bot.app.bot, shared, follows) == 1
        assert len(follows.of(FRENCH["id"]).items) == 2
        tell(desk_, 2, "Nous ne relèverons pas la digue, faute d’argent cette année")
        (news,) = follows.news(NOON)
        follows.later(news)
        before = len(bot.api.calls)
        assert await tell_once(bot.app.bot, shared, follows) == 1
        assert "faute d’argent" in bot.api.calls[before].result["text"]
        for number in range(12):
            words = " ".join(
                f"{word}{chr(97 + number)}" for word in ("lettre", "rivière", "colline", "prairie")
            )
            tell(
                desk_, 10 + number, f"Une lettre de plus : {words}", f"Luc Morel{chr(97 + number)}"
            )
        before = len(bot.api.calls)
        assert await tell_once(bot.app.bot, shared, follows) == 1
        sent = [call.result["text"] for call in bot.api.calls[before:]]
        assert len(sent) == 2
        assert all(f"{number}. lettre" in "\n".join(sent) for number in range(1, 13))

    run(desk_, story)


def test_who_is_forgotten_while_news_are_looked_for_stays_forgotten(desk_: Desk) -> None:
    follows = desk_.follows
    follows.add(7, "words", "digue", "digue")
    follows.add(8, "words", "digue", "digue")
    tell(desk_, 1)
    found = follows.news(NOON)
    assert next(found).reader == 7
    follows.forget(7)
    follows.forget(8)
    assert list(found) == []
    assert desk_.store.records("follows") == {}


def test_no_more_than_there_is_room_for(desk_: Desk) -> None:
    for number in range(MOST):
        assert desk_.follows.add(7, "words", f"mot{number}", f"mot{number}")
    assert not desk_.follows.add(7, "words", "encore", "encore")


def test_following_through_the_conversation(desk_: Desk) -> None:
    conversation = Conversation(desk_)

    def say(line: str) -> str:
        return conversation.say(conversation.turn(Reader(7, "fr")), line).plain

    assert "ne suivez" in say("/following")
    assert "Luc Morel" in say("/follow morel")
    assert "déjà" in say("/suivre morel")
    assert "digue hiver" in say("/follow digue hiver")
    listed = conversation.say(conversation.turn(Reader(7, "fr")), "/suivis")
    assert "Luc Morel" in listed.plain
    assert "15:00" in say("/following 15 Europe/Paris")
    assert "Par exemple" in say("/following 99")
    mute, remove = (button.action or "" for button in listed.buttons[0])
    assert "(muet)" in conversation.tap(conversation.turn(Reader(7, "fr")), mute).plain
    assert "Luc Morel" not in conversation.tap(conversation.turn(Reader(7, "fr")), remove).plain
    assert "n’est plus" in conversation.tap(conversation.turn(Reader(7, "fr")), remove).plain
    assert "ce que vous suivez : 1" in say("/privacy")
    say("/forget")
    assert "ne suivez" in say("/following")


def test_telegram_is_written_to_and_who_blocked_the_bot_is_forgotten(desk_: Desk) -> None:
    async def story(bot: Offline) -> None:
        shared, follows = bot.app.bot_data["shared"], desk_.follows
        (found,) = await bot.message("port ouvert tout l’hiver", user=FRENCH)
        rows = found.result["reply_markup"]["inline_keyboard"]
        button = next(b["callback_data"] for row in rows for b in row if b["text"] == "Suivre")
        assert button == To.FOLLOW(speaker_id(desk_, "Morel"))
        await bot.press(button, found.result["message_id"], user=FRENCH)
        tell(desk_, 1)
        assert (
            await tell_once(bot.app.bot, shared, follows) == 0
        )  # it asks to be the one that tells
        before = len(bot.api.calls)
        assert await tell_once(bot.app.bot, shared, follows) == 1
        (sent,) = bot.api.calls[before:]
        assert sent.params["chat_id"] == FRENCH["id"]
        assert sent.result["text"].startswith("1 nouvelle citation")
        assert "deux mètres" in sent.result["text"]
        assert await tell_once(bot.app.bot, shared, follows) == 0
        tell(desk_, 2, "La criée fermera lundi matin, c’est décidé")
        bot.api.fail_next("sendMessage", 403, "Forbidden: bot was blocked by the user")
        await tell_once(bot.app.bot, shared, follows)
        assert desk_.follows.of(FRENCH["id"]).items == ()

    run(desk_, story)


def test_an_edited_article_is_told_to_who_follows_it_or_its_speaker(desk_: Desk) -> None:
    url = "https://vigie.example/digue"

    def keep(words: str) -> None:
        text = f"La digue\n\n« {words} », a promis Luc Morel, maire de Valmont."
        desk_.ingest(article(text, url=url))

    keep("La digue sera relevée de deux mètres avant l’hiver")
    list(desk_.follows.news(NOON))
    key = next(a.id for a in desk_.articles().items if a.url == url)
    conversation = Conversation(desk_)
    assert (
        "La digue" in conversation.say(conversation.turn(Reader(7, "fr")), f"/suivre {key}").plain
    )
    desk_.follows.add(8, "speaker", speaker_id(desk_, "Morel"), "Luc Morel")
    desk_.follows.add(9, "words", "lycée", "lycée")
    keep("La digue sera relevée de trois mètres avant l’hiver")
    told = {news.reader: news for news in desk_.follows.news(NOON)}
    assert set(told) == {7, 8}
    assert [article.id for _, article in told[7].edits] == [key] and not told[7].items
    assert "/history" in next(iter(news_replies((), phrases("en"), told[7].edits))).plain
    keep("La digue sera relevée de trois mètres avant l'hiver")  # typography is no edit
    assert not [news for news in desk_.follows.news(NOON) if news.edits]


def test_edits_wait_for_the_digest(desk_: Desk) -> None:
    url = "https://vigie.example/digue"
    text = "La digue\n\n« La digue sera relevée de {} mètres », a promis Luc Morel, maire."
    desk_.ingest(article(text.format("deux"), url=url))
    list(desk_.follows.news(NOON))
    desk_.follows.add(7, "speaker", speaker_id(desk_, "Morel"), "Luc Morel")
    desk_.follows.digest(7, 20, "UTC")
    desk_.ingest(article(text.format("trois"), url=url))
    assert not list(desk_.follows.news(NOON))
    (news,) = desk_.follows.news(NOON.replace(hour=21))
    assert len(news.edits) == 1


def test_an_edit_is_told_once_whatever_is_written_anew_afterwards(desk_: Desk) -> None:
    url = "https://vigie.example/digue"
    text = "La digue\n\n« La digue sera relevée de {} mètres », a promis Luc Morel, maire."
    desk_.ingest(article(text.format("deux"), url=url))
    list(desk_.follows.news(NOON))
    desk_.follows.add(7, "speaker", speaker_id(desk_, "Morel"), "Luc Morel")
    desk_.ingest(article(text.format("trois"), url=url))
    assert [len(news.edits) for news in desk_.follows.news(NOON)] == [1]
    quote = next(q for a in desk_.articles().items if a.url == url for q in desk_.article(a.id)[1])
    desk_.corrections.attribute(quote.id, "Ana Roy", 1)
    assert not [news for news in desk_.follows.news(NOON) if news.edits]
