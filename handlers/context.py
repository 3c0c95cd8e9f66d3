"""What every handler is given: the desk, the reader's phrases, and one way to send a reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatType, ParseMode
from telegram.ext import Application, CallbackContext, ExtBot

from bot.domain.model import Reply
from bot.replies.phrases import Phrases, phrases
from bot.services.desk import Desk

Result = TypeVar("Result")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
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

    def speak(self, code: str | None) -> Phrases:
        """Choose the phrases: the deployment's language if one is set, else the reader's."""
        self.say = phrases(self.application.bot_data.get("language") or code)
        return self.say

    async def think(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run something that searches, off the event loop."""
        return await asyncio.to_thread(work, *arguments)

    async def send(self, message: Message, reply: Reply) -> None:
        """Answer a message where it stands: in its topic, and in groups as a reply to it."""
        private = message.chat.type == ChatType.PRIVATE
        await self.bot.send_message(
            chat_id=message.chat_id, text=reply.html, parse_mode=ParseMode.HTML, link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard(reply),
            message_thread_id=message.message_thread_id if message.is_topic_message else None,
            reply_parameters=None if private else ReplyParameters(message.message_id, allow_sending_without_reply=True),
        )  # fmt: skip


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """A reply's buttons, as Telegram takes them."""
    rows = [[InlineKeyboardButton(b.label, callback_data=b.action, url=b.url) for b in row] for row in reply.buttons]
    return InlineKeyboardMarkup(rows) if rows else None
