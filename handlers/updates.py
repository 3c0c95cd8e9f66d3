"""From an update to a line or a tap of the conversation, and its reply back to where the update
came from.
"""

from __future__ import annotations

import contextlib
import re
import time

from telegram import CallbackQuery, Message, MessageOriginChannel, Update, User
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.conversation.commands import command_of
from bot.conversation.languages import Reader
from bot.domain.reply import Reply
from bot.reading.source import MAX_BYTES
from bot.replies.actions import OF_QUESTION, Action, To
from bot.replies.talk import busy_reply, no_text_reply
from handlers.context import Context
from handlers.limits import cost
from handlers.lines import is_by, line_of, question_of

_SHOWN = re.compile(r"\b(q[A-Za-z0-9_-]{12,47})(?![\w-])")
_ANYBODY = (1087968824, 136817688)  # whom Telegram names for anonymous admins, and for channels


# ---- who
def reader_of(update: Update, context: Context, asker: User | None = None) -> Reader:
    """Who talks; ``asker``: whose language is spoken, if not theirs. A group's anonymous admins are
    the group.
    """
    user, chat = asker or update.effective_user, update.effective_chat
    group = chat.id if chat and chat.type not in ("private", "sender") else None
    own = user.id if user and user.id not in _ANYBODY else group or 0
    talks = update.effective_user
    admin = talks is not None and talks.id in context.shared.settings.admins
    return Reader(
        own, user.language_code if user else None, group, may_choose=group is None, admin=admin
    )


async def _may_choose(update: Update, context: Context) -> bool:
    """In a group, is it one of its admins?"""
    message, user, chat = update.effective_message, update.effective_user, update.effective_chat
    if chat is None or user is None or chat.type == "private":
        return True
    if user.id in _ANYBODY:
        anonymous = update.callback_query is not None or (
            message is not None and message.sender_chat == chat
        )
        return user.id == _ANYBODY[0] and anonymous
    try:
        member = await context.bot.get_chat_member(chat.id, user.id)
    except TelegramError:
        return False
    return member.status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


# ---- messages
async def on_message(update: Update, context: Context) -> None:
    """A message, or one edited a moment ago, whose answer is changed."""
    message = update.effective_message
    if not isinstance(message, Message):
        return
    line, asked = line_of(message, context.bot.username)
    if line is None:
        return
    before = context.answered(message) if update.edited_message else None
    if update.edited_message and before is None:
        return
    reply = await _reply(update, context, message, line)
    if before is not None:
        await context.send_anew(message, reply, before)
    else:
        await context.send(message, reply, asked)


async def _reply(update: Update, context: Context, message: Message, line: str) -> Reply:
    reader, conversation = reader_of(update, context), context.shared.conversation
    called = command_of(line)
    if called is not None and called.name == "language":
        reader = reader.choosing(await _may_choose(update, context))
    replied = message.reply_to_message
    by_bot = is_by(replied, context.bot.username)
    channel = isinstance(message.forward_origin, MessageOriginChannel)
    forwarded = (
        reader.admin and channel and message.chat.type == "private" and not line.startswith("/")
    )
    data = await _document(message) if reader.admin and message.document else None

    def answered() -> Reply:
        beside = actions_of(replied) if by_bot and replied else ()
        about = _quote_shown(replied) if by_bot and replied else None
        told = message if forwarded else None if by_bot else replied
        said = (told.text or told.caption) if told else None
        facts = facts_of(told) if told else {}
        turn = conversation.turn(reader, context.bot.username, beside, about, None, said, facts)
        context.say = turn.say
        if data is not None and message.document:
            return conversation.document(turn, message.document.file_name or "document", data)
        if not line:  # a photo, a voice message, a sticker
            return no_text_reply(turn.say)
        return conversation.say(turn, "/add" if forwarded else line)

    return await context.think(answered, message=message)


async def _document(message: Message) -> bytes | None:
    """A document's bytes; None when it is too large for an article, or for a bot to fetch."""
    document = message.document
    if document is None or (document.file_size or 0) > MAX_BYTES:
        return None
    return bytes(await (await document.get_file()).download_as_bytearray())


def facts_of(message: Message) -> dict[str, str]:
    """What is known of a message as an article: a channel's post has a publisher, a day, perhaps an
    address.
    """
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return {}
    facts = {"published": origin.date.date().isoformat()}
    if origin.chat.title:
        facts["publisher"] = origin.chat.title
    if origin.chat.username:
        facts["url"] = f"https://t.me/{origin.chat.username}/{origin.message_id}"
    return facts


def _quote_shown(message: Message) -> str | None:
    """The id of the quote whose source a message shows."""
    found = _SHOWN.search(message.text or "")
    return found[1] if found and "sha256" in (message.text or "") else None


def actions_of(message: Message) -> tuple[str, ...]:
    """The actions of a message's buttons."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return tuple(b.callback_data for row in rows for b in row if isinstance(b.callback_data, str))


# ---- buttons
async def on_button(update: Update, context: Context) -> None:
    """A button under one of the bot's messages: told at once, so that the phone stops waiting, then
    answered.
    """
    query = update.callback_query
    if query is None:
        return
    await _told(query)
    message, data = query.message, query.data or ""
    if message is None:
        return
    # python-telegram-bot 22 makes a Message of an inaccessible one, too; its date is the epoch
    at_hand = message if isinstance(message, Message) and message.date.timestamp() else None
    action = Action.decode(data)
    reply = await _pressed(update, context, at_hand, action, data)
    turns = action is not None and action.turns and _fits(at_hand, reply)
    if turns and at_hand and data not in actions_of(at_hand):
        return  # tapped twice: the page has been turned already
    if at_hand is None:  # too old to be seen
        await context.post(message.chat.id, reply)
    elif turns:
        await context.turn(at_hand.chat_id, at_hand.message_id, reply)
    else:
        await context.send(at_hand, reply)


async def _told(query: CallbackQuery) -> None:
    try:
        await query.answer()
    except (BadRequest, RetryAfter):  # too old, or too many: the answer itself still is of use
        return


async def _pressed(
    update: Update, context: Context, message: Message | None, action: Action | None, data: str
) -> Reply:
    replied = message.reply_to_message if message else None
    pages = action is not None and action.to in OF_QUESTION
    asker = (
        replied.from_user if pages and replied else None
    )  # a page that all see stays in its language
    reader = reader_of(update, context, asker)
    if action is not None and action.to is To.LANGUAGE:
        reader = reader.choosing(await _may_choose(update, context))
    question = question_of(replied, context.bot.username) if pages else None
    conversation = context.shared.conversation

    def answered() -> Reply:
        turn = conversation.turn(reader, context.bot.username, question=question)
        context.say = turn.say
        return conversation.tap(turn, data)

    return await context.think(answered, message=message)


def _fits(message: Message | None, reply: Reply) -> bool:
    """Can the reply take the message's place: a text a text's, one picture a picture's?"""
    if message is None or reply.more or reply.document or len(reply.pictures) > 1:
        return False
    return bool(message.photo) == bool(reply.pictures) and bool(
        reply.buttons or not actions_of(message) or reply.plain
    )


# ---- manners
async def on_any(update: Update, context: Context) -> None:
    """Before every other handler: stop who asks too much, with a kind word once."""
    shared, user = context.shared, update.effective_user
    shared.counts.last = now = time.monotonic()
    if user is None or user.id in shared.settings.admins:
        return
    message = update.message
    told = update.message or update.edited_message
    seconds = shared.allowance.wait(
        user.id, now, cost((told.text or told.caption or "") if told else "")
    )
    if not seconds:
        return
    tell = update.inline_query is None and shared.allowance.tell(user.id, now, seconds)
    say = shared.conversation.languages.say
    reply = (
        busy_reply(await context.think(say, reader_of(update, context)), int(seconds) + 1)
        if tell
        else None
    )
    if update.callback_query:
        with contextlib.suppress(BadRequest, RetryAfter):
            await update.callback_query.answer(
                reply.plain if reply else None, show_alert=bool(reply)
            )
    elif reply and message and line_of(message, context.bot.username)[0] is not None:
        await context.send(message, reply)
    raise ApplicationHandlerStop
