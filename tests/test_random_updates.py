"""Whatever Telegram may send: no exception, nothing that Telegram would refuse, nothing over its
limits.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import pytest
from botapi import person, private, room
from botapi_html import utf16_length
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offline import Offline

from bot.services.desk import Desk

pytestmark = pytest.mark.slow

ADMIN = 2**41  # nobody writes under this id
COUNT = 10_000 if os.environ.get("LONG_TESTS") else 500

ANY = (
    st.text(max_size=80)
    | st.text(st.sampled_from("<>&\"'«» /@:-aé😀\u202e\u0000\n"), max_size=60)
    | st.text(min_size=3900, max_size=4096)
)
WORDS = st.lists(
    st.sampled_from(
        [
            "missile",
            "Biden",
            "Stoltenberg",
            "guerre de Poutine",
            "/search",
            "/source",
            "/speakers",
            "/timeline",
            "/recent",
            "/articles",
            "/language",
            "/language de",
            "/privacy",
            "/forget",
            "/help",
            "/help search",
            "/start",
            "/start q_",
            "/start s_x",
            "@loopback_bot",
            "/search@loopback_bot",
            "de:Biden",
            "avant:2023",
            "avant:zzz",
            "kind:oral",
            "-missile",
            '"guerre de Poutine"',
            "en novembre 2022",
            "<b>gras</b>",
            "&lt;",
            "</blockquote>",
            "speker:x",
            "la semaine du 99",
            "?",
            "qui a dit",
        ]
    ),
    max_size=6,
).map(" ".join)
TEXTS = ANY | WORDS
USERS = st.builds(
    lambda number, code, name: (
        person(number, code, name)
        if code is not None
        else {"id": number, "is_bot": False, "first_name": name}
    ),
    st.integers(1, 2**40),
    st.sampled_from(["fr", "en", "de", "zh-hans", "", "x" * 35, None]),
    st.sampled_from(["A", "<i>", "😀"]),
)
ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["mention", "bot_command", "bold", "url", "text_mention", "custom_emoji"]
            ),
            "offset": st.integers(0, 90),
            "length": st.integers(1, 90),
        }
    ),
    max_size=3,
)
CHATS = st.sampled_from(["private", "group", "supergroup", "forum", "channel"])
DATA = st.one_of(
    st.text(max_size=16),
    st.binary(max_size=32).map(bytes.hex),
    st.builds(
        lambda kind, key, page: f"{kind}:{key}{page}"[:64],
        st.sampled_from(
            ["s", "c", "q", "y", "k", "d", "p", "t", "a", "ls", "la", "lr", "n", "g", "zz"]
        ),
        st.sampled_from(
            ["QUOTE", "SPEAKER", "ARTICLE", "gone", "0", "1", "99999", "fr", "", "-1", "١"]
        ),
        st.sampled_from(["", ":0", ":2", ":x", ":-3", ":9999"]),
    ),
)


@st.composite
def updates(draw: st.DrawFn) -> dict[str, Any]:
    user = draw(USERS)
    chat_kind = draw(CHATS)
    chat = (
        private(user)
        if chat_kind == "private"
        else room(
            "supergroup" if chat_kind == "forum" else chat_kind, is_forum=chat_kind == "forum"
        )
    )
    text = draw(TEXTS)
    message: dict[str, Any] = {
        "message_id": draw(st.integers(10**6, 2 * 10**6)),
        "date": 1_700_000_000,
        "chat": chat,
        "from": user,
    }
    if draw(st.booleans()):
        message["text"] = text or "x"
        message["entities"] = draw(ENTITIES)
        if text.startswith("/"):
            message["entities"] = [
                {"type": "bot_command", "offset": 0, "length": len(text.split()[0])},
                *message["entities"],
            ]
    else:
        photo = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}
        message |= draw(
            st.sampled_from(
                [
                    {"photo": [photo], "caption": text[:1000]},
                    {"photo": [photo]},
                    {"dice": {"emoji": "🎲", "value": 3}},
                    {"new_chat_title": "x"},
                    {"left_chat_member": user},
                ]
            )
        )
    extra = draw(st.sampled_from(["none", "reply", "forward", "anonymous", "topic", "via"]))
    if extra == "reply":
        message["reply_to_message"] = {
            "message_id": 3,
            "date": 1,
            "chat": chat,
            "from": user,
            "text": draw(TEXTS) or "x",
        }
    elif extra == "forward":
        message["forward_origin"] = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
    elif extra == "anonymous":
        message.pop("from")
        message["sender_chat"] = chat
    elif extra == "topic" and chat_kind == "forum":
        message |= {"message_thread_id": 7, "is_topic_message": True}
    kind = draw(
        st.sampled_from(
            ["message"] * 5
            + ["callback_query"] * 4
            + ["inline_query"] * 2
            + [
                "guest_message",
                "edited_message",
                "channel_post",
                "edited_channel_post",
                "business_message",
                "my_chat_member",
            ]
        )
    )
    if kind == "callback_query":
        return {
            "callback_query": {
                "id": "1",
                "from": user,
                "chat_instance": "8",
                "data": draw(DATA),
                "message": draw(st.sampled_from(["bot", "gone", "none", "old"])),
                "chat": chat,
            }
        }
    if kind == "inline_query":
        return {
            "inline_query": {
                "id": "1",
                "from": user,
                "query": text[:256],
                "offset": draw(st.sampled_from(["", "20", "x", "-1", "99999999", "²"])),
            }
        }
    if kind == "guest_message":
        return {kind: message | {"guest_query_id": "1"}}
    if kind == "business_message":
        return {kind: message | {"business_connection_id": "b"}}
    if kind == "my_chat_member":
        member = {"user": user, "status": "kicked", "until_date": 0}
        return {
            kind: {
                "chat": chat,
                "from": user,
                "date": 1,
                "old_chat_member": member,
                "new_chat_member": member,
            }
        }
    return {kind: message}


class Chat:
    """One bot for all examples, with its loop."""

    def __init__(self, desk: Desk) -> None:
        self.loop = asyncio.new_event_loop()
        self.bot = Offline(desk, VERBATIM_RATE_USER=0, VERBATIM_ADMINS=str(ADMIN))
        self.loop.run_until_complete(self.bot.__aenter__())
        quote, made = desk.recent(size=1).items[0]
        self.keys = {
            "QUOTE": quote.id,
            "SPEAKER": quote.speaker.id if quote.speaker else "",
            "ARTICLE": made.id,
        }
        self.ask("missile")
        self.sent = self.bot.api.calls[-1].result

    def ask(self, text: str) -> None:
        self.loop.run_until_complete(self.bot.message(text, user=person(language_code="fr")))

    def give(self, update: dict[str, Any]) -> list[Any]:
        api = self.bot.api
        for kind in ("callback_query", "inline_query"):
            if kind in update:
                update[kind]["id"] = str(next(api._query_ids))
        if "guest_message" in update:
            update["guest_message"]["guest_query_id"] = str(next(api._query_ids))
        if "callback_query" in update:
            query = update["callback_query"]
            for name, key in self.keys.items():
                query["data"] = query["data"].replace(name, key)
            while len(query["data"].encode("utf-8", "surrogatepass")) > 64:
                query["data"] = query["data"][:-1]
            chat, where = query.pop("chat"), query.pop("message")
            if where == "bot":
                query["message"] = api.messages.get(self.sent["message_id"], self.sent)
            elif where == "gone":
                query["message"] = {
                    "message_id": 999_999,
                    "date": 1,
                    "chat": chat,
                    "from": api.user,
                    "text": "x",
                }
            elif where == "old":
                query["message"] = {"message_id": 999_999, "date": 0, "chat": chat}
            else:
                query["inline_message_id"] = "abc"
        api.push(update)
        return self.loop.run_until_complete(self.bot.feed())


@pytest.fixture(scope="module")
def chat(request: pytest.FixtureRequest) -> Iterator[Chat]:
    from conftest import SEED

    from bot.reading.source import read_file
    from storage.memory import MemoryStore

    desk = Desk.over(MemoryStore())
    desk.ingest(read_file(SEED))
    made = Chat(desk)
    yield made
    made.loop.run_until_complete(made.bot.__aexit__())
    made.loop.close()


@settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck))
@given(update=updates())
def test_any_update(chat: Chat, update: dict[str, Any]) -> None:
    silent = set(update) & {
        "channel_post",
        "edited_channel_post",
        "business_message",
        "my_chat_member",
    }
    calls = chat.give(update)
    gone = (
        "message" in update.get("callback_query", {})
        and update["callback_query"]["message"]["message_id"] == 999_999
    )
    refused = [call.error for call in calls if call.error]
    assert [error for error in refused if not (gone and "not found" in error)] == []
    if silent:
        assert calls == []
    if "edited_message" in update:  # of a question that was answered just now its answer is changed
        assert {call.method for call in calls} <= {"editMessageText", "sendMessage"}
    for call in calls:
        if call.method == "sendMessage":
            text = call.result["text"]
            assert utf16_length(text) <= 4096
            assert "Reference" not in text
            assert "Référence" not in text
            assert call.params["chat_id"] != ADMIN, text
            given = str(update)
            if "<" not in given:  # what somebody wrote comes back as they wrote it
                marks = [
                    mark
                    for mark in ("<b>", "</", "&lt;", "&amp;", "blockquote")
                    if mark not in given
                ]
                assert not any(mark in text for mark in marks), text
