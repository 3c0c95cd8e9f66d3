"""What Telegram keeps behind its Bot API: updates, messages, queries and files, and its answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from itertools import count as counter
from threading import Condition, RLock
from typing import Any

from botapi_html import Json, RefusedError, formatted, names, need

_STALE = "query is too old and response timeout expired or query ID is invalid"
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
_HOOKED = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
    "the webhook first"
)
_CONTENT = names("text entities caption caption_entities photo document video audio animation")
_ADMIN = names(
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
    "can_change_info "
    "can_restrict_members can_promote_members can_invite_users can_post_stories can_edit_stories "
    "can_delete_stories"
)


class State:
    """The state of one bot's Telegram."""

    def __init__(self, bot_id: int, username: str) -> None:
        self.user: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Bot",
            "username": username,
        }
        self.messages: dict[int | str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.members: dict[tuple[int, int], str] = {}
        self.webhook: Json = {"url": "", "has_custom_certificate": False}
        self._chats: dict[int, Json] = {}
        self._people: dict[int, Json] = {self.user["id"]: self.user}
        self._queries: dict[str, str] = {}
        self._updates: list[Json] = []
        self._allowed: list[str] = []
        self._ids, self._update_ids, self._query_ids = (
            counter(1),
            counter(500_000_001),
            counter(7 * 10**17),
        )
        self._turn, self._closed = 0, False
        self._lock = RLock()
        self._news = Condition(self._lock)
        self._answers = self._table()

    def add_file(self, content: bytes) -> str:
        """Keeps a file for getFile and /file/ and tells its file_id."""
        with self._lock:
            file_id = f"file-{len(self.files) + 1}"
            self.files[file_id] = content
            return file_id

    def _learn(self, update: Json) -> None:
        for kind, content in update.items():
            if not isinstance(content, dict):
                continue
            if "from" in content:
                self._people[content["from"]["id"]] = content["from"]
            if "message_id" in content and "chat" in content:
                self.messages[content["message_id"]] = content
                self._chats[content["chat"]["id"]] = content["chat"]
            query = content.get("guest_query_id") if kind == "guest_message" else content.get("id")
            if query and kind in ("callback_query", "inline_query", "guest_message"):
                self._queries[query] = kind

    def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook["url"]:
            raise RefusedError(_HOOKED, HTTPStatus.CONFLICT)
        self._turn += 1
        turn, offset = self._turn, params.get("offset", 0)
        self._allowed = params.get("allowed_updates", self._allowed)
        kept = (
            self._updates[offset:]
            if offset < 0
            else [u for u in self._updates if u["update_id"] >= offset]
        )
        self._updates = [u for u in kept if not self._allowed or u.keys() & set(self._allowed)]
        self._news.notify_all()
        wait = min(params.get("timeout", 0), 50)
        self._news.wait_for(lambda: self._updates or self._closed or turn != self._turn, wait)
        if turn != self._turn:
            raise RefusedError(_OTHER_POLL, HTTPStatus.CONFLICT)
        return self._updates[: params.get("limit", 100)]

    def _answer(self, method: str, params: Json) -> Any:
        return self._answers[method](params) if method in self._answers else True

    def _hook(self, params: Json) -> bool:
        if params.get("drop_pending_updates"):
            self._updates = []
        self.webhook = {
            "url": params.get("url", ""),
            "has_custom_certificate": "certificate" in params,
        }
        return True

    def _chat(self, chat_id: int | str) -> Json:
        if isinstance(chat_id, str):
            return {
                "id": -1009000000000,
                "type": "channel",
                "title": chat_id[1:],
                "username": chat_id[1:],
            }
        group = "supergroup" if chat_id < -(10**12) else "group"
        guess: Json = {"id": chat_id, "type": group, "title": "Readers"}
        if chat_id > 0:
            guess = {"id": chat_id, "type": "private", "first_name": "Ann"}
        return self._chats.get(chat_id, guess)

    def _send(self, params: Json, content: Json) -> Json:
        number, chat = next(self._ids), self._chat(params["chat_id"])
        message = {"message_id": number, "from": self.user, "chat": chat, "date": int(time.time())}
        if "message_thread_id" in params:
            message |= {"message_thread_id": params["message_thread_id"], "is_topic_message": True}
        reply = params.get("reply_parameters", {})
        if "message_id" in reply:
            target = self.messages.get(reply["message_id"])
            found = target is not None and (
                "chat_id" in reply or target["chat"]["id"] == chat["id"]
            )
            need(
                found or reply.get("allow_sending_without_reply"), "message to be replied not found"
            )
            if found and target:
                message["reply_to_message"] = {
                    k: v for k, v in target.items() if k != "reply_to_message"
                }
        self.messages[number] = message | content | _keyboard(params)
        return self.messages[number]

    def _send_group(self, params: Json) -> list[Json]:
        group = {"media_group_id": str(next(self._query_ids))}
        media = [self._media(medium["type"], medium["media"], medium) for medium in params["media"]]
        return [self._send(params, group | content) for content in media]

    def _media(self, kind: str, source: str | bytes, params: Json) -> Json:
        web = isinstance(source, str) and source.startswith(("http://", "https://"))
        need(
            web or not isinstance(source, str) or source in self.files,
            "wrong file identifier/HTTP URL specified",
        )
        file_id = source if isinstance(source, str) and not web else None
        file_id = file_id or self.add_file(source if isinstance(source, bytes) else b"")
        about: Json = {
            "file_id": file_id,
            "file_unique_id": f"u-{file_id}",
            "file_size": len(self.files[file_id]),
        }
        shape = {"width": 1280, "height": 720}
        if kind == "document":
            about["file_name"] = getattr(source, "name", "file")
        elif kind != "photo":
            about |= ({} if kind == "audio" else shape) | {"duration": 1}
        return {kind: [about | shape] if kind == "photo" else about, **_words(params, "caption")}

    def _edit(self, params: Json, content: Json | None) -> Json | bool:
        inline = "inline_message_id" in params
        key = params["inline_message_id"] if inline else params["message_id"]
        old = self.messages.get(key)
        if not inline:
            mine = old and old["chat"]["id"] == self._chat(params["chat_id"])["id"]
            need(mine, "message to edit not found")
            need(old and old.get("from") == self.user, "message can't be edited")
            need(
                "text" not in (content or {}) or "text" in (old or {}),
                "there is no text in the message to edit",
            )
        dropped = {"reply_markup", "edit_date"} | (_CONTENT if content is not None else set())
        new = (
            {k: v for k, v in (old or {}).items() if k not in dropped}
            | (content or {})
            | _keyboard(params)
        )
        need(old is None or new != {k: v for k, v in old.items() if k != "edit_date"}, _SAME)
        self.messages[key] = new if inline else new | {"edit_date": int(time.time())}
        return True if inline else self.messages[key]

    def _delete(self, params: Json) -> bool:
        old = self.messages.get(params["message_id"])
        found = old and old["chat"]["id"] == self._chat(params["chat_id"])["id"]
        need(found, "message to delete not found")
        del self.messages[params["message_id"]]
        return True

    def _answer_query(self, kind: str, query: object, once: bool = True) -> bool:
        need(self._queries.get(str(query)) == kind, _STALE)
        if once:
            del self._queries[str(query)]
        return True

    def _answer_guest(self, params: Json) -> Json:
        self._answer_query("guest_message", params["guest_query_id"])
        return {"inline_message_id": f"guest-{params['guest_query_id']}"}

    def _member(self, params: Json) -> Json:
        chat, user = self._chat(params["chat_id"])["id"], params["user_id"]
        status = self.members.get((chat, user), "member")
        more: dict[str, Json] = {"creator": {"is_anonymous": False}, "kicked": {"until_date": 0}}
        more["administrator"] = dict.fromkeys(_ADMIN, False)
        who = self._people.get(user, {"id": user, "is_bot": False, "first_name": "Somebody"})
        return {"status": status, "user": who, **more.get(status, {})}

    def _file(self, params: Json) -> Json:
        file_id = params["file_id"]
        need(file_id in self.files, "invalid file_id")
        about = {
            "file_id": file_id,
            "file_unique_id": f"u-{file_id}",
            "file_size": len(self.files[file_id]),
        }
        return {**about, "file_path": f"files/{file_id}"}

    def _table(self) -> dict[str, Callable[[Json], Any]]:
        abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }
        return {
            "getMe": lambda _: self.user | abilities,
            "getUpdates": self._get_updates,
            "setWebhook": self._hook,
            "deleteWebhook": lambda p: self._hook({**p, "url": ""}),
            "getWebhookInfo": lambda _: {
                **self.webhook,
                "pending_update_count": len(self._updates),
            },
            "sendMessage": lambda p: self._send(p, _words(p, "text")),
            "sendPhoto": lambda p: self._send(p, self._media("photo", p["photo"], p)),
            "sendDocument": lambda p: self._send(p, self._media("document", p["document"], p)),
            "sendMediaGroup": self._send_group,
            "editMessageText": lambda p: self._edit(p, _words(p, "text")),
            "editMessageReplyMarkup": lambda p: self._edit(p, None),
            "editMessageMedia": lambda p: self._edit(
                p, self._media(p["media"]["type"], p["media"]["media"], p["media"])
            ),
            "deleteMessage": self._delete,
            "answerCallbackQuery": lambda p: self._answer_query(
                "callback_query", p["callback_query_id"]
            ),
            "answerInlineQuery": lambda p: self._answer_query(
                "inline_query", p["inline_query_id"], once=False
            ),
            "answerGuestQuery": self._answer_guest,
            "getChatMember": self._member,
            "getFile": self._file,
        }


def _words(params: Json, field: str) -> Json:
    text, entities = formatted(params, field)
    marked = {"caption_entities" if field == "caption" else "entities": entities}
    return ({field: text} if text else {}) | (marked if entities else {})


def _keyboard(params: Json) -> Json:
    markup = params.get("reply_markup") or {}
    return {"reply_markup": markup} if markup.get("inline_keyboard") else {}
