"""What admins do: add by address, document, text and forward; mend quotes; readers' reports. Nobody
else may.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botapi import room
from botapi_http import Call
from offline import ENGLISH, FRENCH, Offline, run
from test_pages import LAST, MORE, SAID, page

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.domain.model import Speaker
from bot.extraction.extract import extract_quotes
from bot.reading.fetch import Fetch, Fetched
from bot.reading.source import Metadata, read
from bot.replies.actions import To
from bot.services.desk import Desk
from storage.memory import MemoryStore

ADMIN = str(ENGLISH["id"])
TEXT = f"La digue sera relevée\n\n{SAID}\n\n{MORE}\n\n{LAST}"


class Site(Fetch):
    """Answers with a page, whatever the address."""

    def __call__(self, url: str, etag: str | None = None, modified: str | None = None) -> Fetched:
        return Fetched(url, page(), "text/html; charset=utf-8")


@pytest.fixture
def empty() -> Desk:
    return Desk.over(MemoryStore(), fetch=Site())


def buttons(call: Call) -> dict[str, str]:
    rows = (call.result.get("reply_markup") or {"inline_keyboard": []})["inline_keyboard"]
    return {button["text"]: button.get("callback_data", "") for row in rows for button in row}


def test_an_admin_adds_an_address_and_takes_it_out_again(empty: Desk) -> None:
    async def story(bot: Offline) -> None:
        (sent,) = await bot.message("/add https://courrier.example/digue", user=ENGLISH)
        assert sent.result["text"].startswith(
            "Added. This is what I understood:\nLa digue sera relevée"
        )
        assert "Luc Morel" in sent.result["text"]
        (found,) = await bot.message("deux mètres avant l’hiver", user=FRENCH)
        assert "Luc Morel" in found.result["text"]
        (again,) = await bot.message("/ajouter https://courrier.example/digue", user=ENGLISH)
        assert again.result["text"].startswith("I had it already")
        _, out = await bot.press(
            buttons(sent)["Take it out"], sent.result["message_id"], user=ENGLISH
        )
        assert out.result["text"] == "Taken out: La digue sera relevée"
        (gone,) = await bot.message("deux mètres avant l’hiver", user=FRENCH)
        assert gone.result["text"].startswith("Aucune citation")

    run(empty, story, VERBATIM_ADMINS=ADMIN)


@pytest.mark.parametrize(
    "line",
    [
        "/add https://courrier.example/digue",
        "/remove a1",
        "/drop q1",
        "/attribute q1 Ana",
        "/restore q1",
    ],
)
def test_nobody_else_may(desk: Desk, line: str) -> None:
    before = desk.size()

    async def story(bot: Offline) -> None:
        (sent,) = await bot.message(line, user=FRENCH)
        assert sent.result["text"] == "Seuls les administrateurs de ce bot peuvent le faire."
        quote = desk.recent(size=1).items[0].quote
        for to in (To.DROP, To.NOBODY, To.RESTORE, To.REMOVE):
            _, refused = await bot.press(to(quote.id), sent.result["message_id"], user=FRENCH)
            assert "administrateurs" in refused.result["text"]
        (help_,) = await bot.message("/help", user=FRENCH)
        assert "/drop" not in help_.result["text"]

    run(desk, story, VERBATIM_ADMINS=ADMIN)
    assert desk.size() == before


def test_a_document_a_text_and_a_forwarded_post(empty: Desk) -> None:
    async def story(bot: Offline) -> None:
        bot.api.files["doc1"] = page()
        document = {
            "file_id": "doc1",
            "file_unique_id": "u",
            "file_name": "digue.html",
            "file_size": 900,
        }
        *_, sent = await bot.message(user=ENGLISH, document=document)
        assert "La digue sera relevée" in sent.result["text"]
        (told,) = [
            c
            for c in await bot.message(user=FRENCH, document=document)
            if c.method == "sendMessage"
        ]
        assert "que du texte" in told.result["text"]
        (added,) = await bot.message(f"/add {TEXT.replace('Morel', 'Marel')}", user=ENGLISH)
        assert "Luc Marel" in added.result["text"]
        origin = {
            "type": "channel",
            "date": 1710230400,
            "message_id": 9,
            "chat": {
                "id": -100500,
                "type": "channel",
                "title": "Le Courrier",
                "username": "courrier",
            },
        }
        (post,) = await bot.message(
            TEXT.replace("Morel", "Mirel"), user=ENGLISH, forward_origin=origin
        )
        assert "Le Courrier" in post.result["text"]
        assert "https://t.me/courrier/9" in post.result["text"]
        assert "Luc Mirel" in post.result["text"]
        (usage,) = await bot.message("/add", user=ENGLISH)
        assert "Which article?" in usage.result["text"]
        group = room()
        about: dict[str, Any] = {
            "message_id": 7,
            "date": 1,
            "chat": group,
            "from": FRENCH,
            "text": TEXT.replace("Morel", "Murel"),
        }
        (reply,) = await bot.message("/add", user=ENGLISH, chat=group, reply_to_message=about)
        assert "Luc Murel" in reply.result["text"]

    run(empty, story, VERBATIM_ADMINS=ADMIN)
    assert empty.size()[1] == 4


def test_a_readers_report_reaches_the_admins_with_one_tap_mending(empty: Desk) -> None:
    empty.ingest(read(TEXT.encode(), "a", Metadata()).article)

    async def story(bot: Offline) -> None:
        (found,) = await bot.message("deux mètres avant l’hiver", user=FRENCH)
        calls = await bot.press(
            buttons(found)["Signaler une erreur"], found.result["message_id"], user=FRENCH
        )
        sent = {call.params["chat_id"]: call for call in calls if call.method == "sendMessage"}
        assert "Merci" in sent[FRENCH["id"]].result["text"]
        report = sent[ENGLISH["id"]]
        assert "deux mètres" in report.result["text"]
        _, mended = await bot.press(
            buttons(report)["Locuteur inconnu"], report.result["message_id"], user=ENGLISH
        )
        assert "speaker unknown" in mended.result["text"]
        (found,) = await bot.message("deux mètres avant l’hiver", user=FRENCH)
        assert "locuteur non identifié" in found.result["text"]
        _, back = await bot.press(
            buttons(mended)["Take it back"], mended.result["message_id"], user=ENGLISH
        )
        assert "Luc Morel" in back.result["text"]

    run(empty, story, VERBATIM_ADMINS=ADMIN)


def test_corrections_outlive_another_extraction_and_are_kept_with_who_and_when(empty: Desk) -> None:
    article = read(TEXT.encode(), "a", Metadata()).article
    empty.ingest(article)
    first, second = (q for q in empty.store.quotes(article.id) if q.kind == "direct")
    conversation = Conversation(empty)
    admin = conversation.turn(Reader(7, "en", admin=True))
    assert "Ana Roy" in conversation.say(admin, f"/attribute {first.id} Ana Roy").plain
    assert "no longer shown" in conversation.say(admin, f"/drop {second.id}").plain
    assert not empty.ingest(article).changed
    kept = {q.id: q for q in empty.store.quotes(article.id)}
    assert second.id not in kept
    speaker = kept[first.id].speaker
    assert speaker
    assert (speaker.name, kept[first.id].attribution) == ("Ana Roy", "stated")
    (mended,) = empty.store.records("corrections").values()
    assert {(row["by"], row["before"]) for row in mended.values()} == {
        (7, "Luc Morel"),
        (7, "Jeanne Aubry"),
    }
    for quote in (first, second):
        conversation.say(admin, f"/restore {quote.id}")
    assert {q.id for q in empty.store.quotes(article.id)} >= {first.id, second.id}
    assert not empty.store.records("corrections")


def test_what_can_not_be_added_says_why(empty: Desk) -> None:
    conversation = Conversation(Desk.over(MemoryStore()))
    turn = conversation.turn(Reader(7, "fr", admin=True))
    assert (
        "adresse privée" in (told := conversation.say(turn, "/add http://127.0.0.1/x").plain)
        or "private" in told
    )
    assert told.startswith("Pas ajouté")
    assert "Quel article" in conversation.say(turn, "/add bonjour").plain
    refused = conversation.document(turn, "a.bin", b"\x89PNG\r\n\0\0")
    assert refused.plain.startswith("Pas ajouté")


def test_a_text_keeps_its_paragraphs_and_ids_that_look_like_links_are_found(empty: Desk) -> None:
    conversation = Conversation(empty)

    def say(line: str) -> str:
        return conversation.say(conversation.turn(Reader(1, "en", admin=True)), line).plain

    assert "La digue sera relevée" in say(f"/add {TEXT}")
    (found,) = (change.article for change in empty.store.changes() if change.article)
    assert found.title == "La digue sera relevée"
    assert len(found.body) == 3
    words = (f"Le chantier {number} finira avant la crue" for number in range(10_000))
    texts = (f"Jour\n\n« {one} », a dit Luc Morel." for one in words)
    made = (read(one.encode(), "a", Metadata()).article for one in texts)
    odd = next(
        one
        for one in (empty.ingest(article) for article in made)
        if one.quotes[0].id.startswith("q_")
    )
    key = odd.quotes[0].id
    assert "Luc Morel" in say(f"/source {key}")
    assert "Luc Morel" in say(f"/source q_{key}")
    assert "Ana Roy" in say(f"/attribute {key} Ana Roy")
    assert "chantier" in say(f"/drop {key}")
    assert empty.store.quote(key) is None
    assert "chantier" in say(f"/restore {key}")


def test_a_correction_leaves_an_imported_articles_other_quotes_alone(empty: Desk) -> None:
    made = read(TEXT.encode(), "a", Metadata()).article
    first, *others = extract_quotes(made)
    own = replace(
        first, id="qfromelsewhere", speaker=Speaker("s1", "Max Faux", "person")
    )  # extraction makes no such one
    empty.store.add_many([(made, [own, *others])])
    empty.corrections.drop(others[0].id, 1)
    assert empty.store.quote(own.id) == own
    empty.corrections.attribute(own.id, "Ana Roy", 1)
    empty.corrections.attribute(own.id, "Ana Lot", 1)
    found = empty.store.quote(own.id)
    assert found
    assert found.speaker
    assert found.speaker.name == "Ana Lot"
    assert empty.corrections.undo(made.id, own.id)
    found = empty.store.quote(own.id)
    assert found
    assert found.speaker
    assert found.speaker.name == "Max Faux"
    assert empty.corrections.undo(made.id, others[0].id)
    assert empty.store.quote(others[0].id) == others[0]
