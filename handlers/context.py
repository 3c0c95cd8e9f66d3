"""What every handler is given: the desk, the reader's phrases, and one way to send a reply."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

from telegram import (
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
    User,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError
from telegram.ext import Application, CallbackContext

from bot.domain.errors import StoreError
from bot.domain.model import Button, Reply
from bot.replies.phrases import Phrases, phrases
from bot.services.desk import Desk
from bot.services.preferences import preferences
from bot.settings import Settings
from handlers.thinking import Thinking
from handlers.transport import Client

Result = TypeVar("Result")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_PATIENCE = 0.5  # seconds until the reader is shown that something is being done
_KNOWN = 10_000  # readers whose choice of language is remembered without asking the store


class Context(CallbackContext[Client, dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """A context that knows the desk and the update's message."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id=chat_id, user_id=user_id)
        self.say: Phrases = phrases(None)

    @property
    def desk(self) -> Desk:
        """The desk that ``build_application`` was given."""
        desk = self.application.bot_data["desk"]
        assert isinstance(desk, Desk)  # noqa: S101 for the type checker
        return desk

    @property
    def settings(self) -> Settings:
        """The settings that ``build_application`` was given."""
        settings = self.application.bot_data["settings"]
        assert isinstance(settings, Settings)  # noqa: S101 for the type checker
        return settings

    # ---- the reader's language
    async def greet(self, update: Update, reader: User | None = None) -> Phrases:
        """Choose the phrases: what the reader chose, else the deployment's language, else the reader's Telegram's.

        The reader is who sent the update, unless another one is given.
        """
        user = reader or update.effective_user
        chosen = await self._chosen(user) if user else None
        self.say = phrases(chosen or self.settings.language or (user.language_code if user else None))
        return self.say

    async def _chosen(self, user: User) -> str | None:
        known: dict[int, str | None] = self.application.bot_data["languages"]
        if user.id not in known:
            try:
                found = await asyncio.to_thread(preferences, self.desk.store, user.id)
            except StoreError:  # the server is away: asked again next time
                return None
            self.remember(user.id, found.get("language"))
        return known.get(user.id)

    def remember(self, user: int, code: str | None) -> None:
        """Keep a reader's choice at hand."""
        known: dict[int, str | None] = self.application.bot_data["languages"]
        if len(known) >= _KNOWN:
            known.pop(next(iter(known)))
        known[user] = code

    # ---- work
    async def think(
        self, work: Callable[..., Result], *arguments: Any, message: Message | None = None, kind: str = ""
    ) -> Result:
        """Run something that searches or draws, off the event loop unless it is over at once.

        ``kind`` tells works of one function apart that differ much in what they take. The chat of ``message`` shows
        "typing" when it takes long.
        """
        thinking: Thinking = self.application.bot_data["thinking"]
        kind = f"{work.__qualname__} {kind}"
        if thinking.claim(kind, arguments):
            try:
                return thinking.run(kind, work, arguments)
            finally:
                thinking.release()
        running = asyncio.ensure_future(asyncio.to_thread(thinking.run, kind, work, arguments))
        if message is not None:
            done, _ = await asyncio.wait((running,), timeout=_PATIENCE)
            if not done:
                await self._typing(message)
        return await running

    async def _typing(self, message: Message) -> None:
        thread = message.message_thread_id if message.is_topic_message else None
        with contextlib.suppress(TelegramError):  # a courtesy: the answer itself will tell what is wrong
            await self.bot.send_chat_action(message.chat_id, ChatAction.TYPING, message_thread_id=thread)

    # ---- answers
    async def send(self, message: Message, reply: Reply, to: Message | None = None) -> None:
        """Answer a message where it stands: in its topic, as a reply to it (or to another one)."""
        thread = message.message_thread_id if message.is_topic_message else None
        await self.post(message.chat_id, reply, thread, (to or message).message_id)

    async def post(self, chat: int, reply: Reply, thread: int | None = None, to: int | None = None) -> None:
        """Send a reply, with its pictures and what follows it, to a chat."""
        where: dict[str, Any] = {
            "chat_id": chat, "message_thread_id": thread,
            "reply_parameters": ReplyParameters(to, allow_sending_without_reply=True) if to else None,
        }  # fmt: skip
        html = ParseMode.HTML
        if len(reply.pictures) > 1:
            album = [
                InputMediaPhoto(picture, caption=None if at else reply.html, parse_mode=None if at else html)
                for at, picture in enumerate(reply.pictures)
            ]
            await self.bot.send_media_group(media=album, **where)
            return
        if reply.pictures:
            await self.bot.send_photo(
                photo=reply.pictures[0], caption=reply.html, parse_mode=html, reply_markup=keyboard(reply), **where
            )
            return
        for part in (reply, *reply.more):
            await self.bot.send_plain(
                {"chat_id": chat, "text": part.html, "parse_mode": html, "link_preview_options": {"is_disabled": True}}
                | ({"message_thread_id": thread} if thread else {})
                | ({"reply_parameters": {"message_id": to, "allow_sending_without_reply": True}} if to else {})
                | ({"reply_markup": {"inline_keyboard": rows}} if (rows := _rows(part)) else {})
            )

    async def turn(self, message: Message, reply: Reply) -> None:
        """Put a reply in the place of one of the bot's messages."""
        if reply.pictures:
            await message.edit_media(
                InputMediaPhoto(reply.pictures[0], caption=reply.html, parse_mode=ParseMode.HTML),
                reply_markup=keyboard(reply),
            )
            return
        await message.edit_text(
            reply.html, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW, reply_markup=keyboard(reply)
        )


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """A reply's buttons, as the library takes them."""
    rows = _rows(reply)
    return InlineKeyboardMarkup.de_json({"inline_keyboard": rows}) if rows else None


def _rows(reply: Reply) -> list[list[dict[str, Any]]]:
    """A reply's buttons, as Telegram takes them."""
    return [[_button(button) for button in row] for row in reply.buttons]


def _button(button: Button) -> dict[str, Any]:
    does = {
        "callback_data": button.action, "url": button.url, "switch_inline_query": button.share,
        "copy_text": {"text": button.copy} if button.copy else None,
    }  # fmt: skip
    return {"text": button.label} | {name: value for name, value in does.items() if value is not None}
