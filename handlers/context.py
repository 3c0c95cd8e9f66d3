"""What every handler is given: the conversation, threads to work in, and one way to send a
reply.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from telegram import CopyTextButton as CopyText
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from bot.conversation.commands import Conversation
from bot.domain.reply import Button, Reply
from bot.replies.phrases import Phrases, phrases
from bot.settings import Settings
from handlers.health import Counts
from handlers.limits import Allowance

Result = TypeVar("Result")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_PATIENCE = 0.5  # seconds until the reader is shown that something is being done
_EDITED = 120.0  # seconds in which an edited question is answered anew
_ANSWERS = 1_000  # answers that may be


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that an answer is in, when it was sent, what it says (a hash of it)."""

    message: int
    when: float
    said: int


@dataclass
class Shared:
    """What the handlers of one application share."""

    conversation: Conversation
    settings: Settings
    pool: ThreadPoolExecutor
    allowance: Allowance
    counts: Counts = field(default_factory=Counts)
    answers: OrderedDict[tuple[int, int], Answered] = field(default_factory=OrderedDict)
    """For a question's (chat, message) what answered it."""
    faults: dict[str, float] = field(default_factory=dict)
    """When the admins were told of a fault."""


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """A context that knows what the handlers share, and the reader's phrases once they are
    known.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        chat_id: int | None = None,
        user_id: int | None = None,
    ) -> None:
        super().__init__(application, chat_id=chat_id, user_id=user_id)
        self.say: Phrases = phrases(None)

    @property
    def shared(self) -> Shared:
        """What ``build_application`` made."""
        shared = self.application.bot_data["shared"]
        assert isinstance(shared, Shared)  # noqa: S101 for the type checker
        return shared

    # ---- work
    async def think(
        self, work: Callable[..., Result], *arguments: Any, message: Message | None = None
    ) -> Result:
        """Run something that searches, draws or asks the store in one of the threads that there are
        for it.

        The chat of ``message`` shows "typing" when it takes long.
        """
        loop, shared = asyncio.get_running_loop(), self.shared
        running = loop.run_in_executor(shared.pool, _timed, shared.counts, work, arguments)
        if message is not None:
            done, _ = await asyncio.wait((running,), timeout=_PATIENCE)
            if not done:
                await self._typing(message)
        return await running

    async def _typing(self, message: Message) -> None:
        thread = message.message_thread_id if message.is_topic_message else None
        with contextlib.suppress(
            TelegramError
        ):  # a courtesy: the answer itself will tell what is wrong
            await self.bot.send_chat_action(
                message.chat_id, ChatAction.TYPING, message_thread_id=thread
            )

    # ---- answers
    async def send(self, message: Message, reply: Reply, to: Message | None = None) -> None:
        """Answer a message where it stands: in its topic, as a reply to it (or to another one)."""
        thread = message.message_thread_id if message.is_topic_message else None
        sent = await self.post(message.chat_id, reply, thread, (to or message).message_id)
        if sent is not None and not (reply.more or reply.pictures or reply.document):
            self._remember(message, sent.message_id, reply)

    def _remember(self, message: Message, answer: int, reply: Reply) -> None:
        answers = self.shared.answers
        answers[message.chat_id, message.message_id] = Answered(
            answer, time.monotonic(), hash(reply)
        )
        if len(answers) > _ANSWERS:
            answers.popitem(last=False)

    def answered(self, message: Message) -> Answered | None:
        """What answered a message, if that was just now."""
        found = self.shared.answers.get((message.chat_id, message.message_id))
        return found if found and time.monotonic() - found.when < _EDITED else None

    async def send_anew(self, message: Message, reply: Reply, before: Answered) -> None:
        """Put another answer to a message in the place of the one before."""
        if reply.more or reply.pictures or reply.document:
            await self.send(message, reply)
        elif hash(reply) != before.said:
            await self.turn(message.chat_id, before.message, reply)
            self._remember(message, before.message, reply)

    async def post(
        self, chat: int, reply: Reply, thread: int | None = None, to: int | None = None
    ) -> Message | None:
        """Send a reply, with its pictures and what follows it, to a chat; the last message that it
        became.
        """
        where: dict[str, Any] = {"chat_id": chat, "message_thread_id": thread}
        if to:
            where["reply_parameters"] = ReplyParameters(to, allow_sending_without_reply=True)
        self.shared.counts.replies.inc()
        if len(reply.pictures) > 1:
            album: tuple[Message, ...] = await self.bot.send_media_group(
                media=_album(reply), **where
            )
            return album[-1]
        if reply.to_admins:
            await self._to_admins(chat, reply.to_admins)
        if reply.document:
            name, content = reply.document
            sending = {
                "document": content,
                "filename": name,
                "caption": reply.html,
                "parse_mode": ParseMode.HTML,
                **where,
            }
            document: Message = await self._with_buttons(self.bot.send_document, reply, sending)
            return document
        if reply.pictures:
            sending = {
                "photo": reply.pictures[0],
                "caption": reply.html,
                "parse_mode": ParseMode.HTML,
                **where,
            }
            photo: Message = await self._with_buttons(self.bot.send_photo, reply, sending)
            return photo
        sent: Message | None = None
        for part in (reply, *reply.more):
            sending = {
                "text": part.html,
                "parse_mode": ParseMode.HTML,
                "link_preview_options": NO_PREVIEW,
                **where,
            }
            sent = await self._with_buttons(self.bot.send_message, part, sending)
        return sent

    async def _to_admins(self, chat: int, reply: Reply) -> None:
        for admin in self.shared.settings.admins - {chat}:
            with contextlib.suppress(
                TelegramError
            ):  # one who has never talked to the bot can't be written to
                await self.post(admin, reply)

    @staticmethod
    async def _with_buttons(send: Callable[..., Any], reply: Reply, sending: dict[str, Any]) -> Any:
        """Send it with its buttons, and without them where Telegram doesn't take one."""
        try:
            return await send(**sending, reply_markup=keyboard(reply))
        except BadRequest as error:
            if not reply.buttons or "button" not in str(error).lower():
                raise
            return await send(**sending)

    async def turn(self, chat: int, message: int, reply: Reply) -> None:
        """Put a reply in the place of one of the bot's messages."""
        where: dict[str, Any] = {
            "chat_id": chat,
            "message_id": message,
            "reply_markup": keyboard(reply),
        }
        self.shared.counts.replies.inc()
        if reply.pictures:
            picture = InputMediaPhoto(
                reply.pictures[0], caption=reply.html, parse_mode=ParseMode.HTML
            )
            await self.bot.edit_message_media(picture, **where)
        else:
            await self.bot.edit_message_text(
                reply.html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW, **where
            )


def _timed(counts: Counts, work: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    with counts.seconds.time():
        return work(*arguments)


def _album(reply: Reply) -> list[InputMediaPhoto]:
    """Several pictures, the first with the caption."""
    first, *others = reply.pictures
    captioned = InputMediaPhoto(first, caption=reply.html, parse_mode=ParseMode.HTML)
    return [captioned, *(InputMediaPhoto(picture) for picture in others)]


def keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    """A reply's buttons, as the library takes them."""
    rows = [[_button(button) for button in row] for row in reply.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        button.label,
        callback_data=button.action,
        url=button.url,
        switch_inline_query=button.share,
        copy_text=CopyText(button.copy) if button.copy else None,
    )
