"""Questions: free text and /search, and the pages of their answers."""

from __future__ import annotations

from telegram import Message, MessageEntity, Update

from bot.domain.model import Reply
from bot.replies.lists import speakers_reply
from bot.replies.phrases import Phrases
from bot.replies.reply import answer_reply
from bot.replies.talk import (
    help_reply,
    lost_question_reply,
    no_text_reply,
    search_usage,
    small_talk,
    start_examples,
    start_reply,
    thanks_reply,
)
from bot.search.terms import question_words, stop_words, words
from bot.services.desk import Desk
from handlers.context import Context

_THAT = frozenset(("ca", "cela", "ceci", "this", "that", "it", "vrai", "true"))
MATCHES = 12
"""Matches that the pages of one answer hold at most."""


async def on_question(update: Update, context: Context) -> None:
    """A message that is a question; /search words; either as a bare reply to a message, whose text is searched."""
    message = update.message
    if message is None:
        return
    await context.greet(update)
    question, asked = _question(message, context.bot.username)
    talk = small_talk(question or "")
    if question is None:
        await context.send(message, search_usage(context.say))
    elif talk:
        await context.send(message, await context.think(talk_reply, talk, context.desk, context.say, message=message))
    else:
        await _answer(message, question, context, asked)


def talk_reply(talk: str, desk: Desk, say: Phrases) -> Reply:
    """What a greeting, a thank-you, a call for help or for who is quoted leads to."""
    match talk:
        case "who":
            return speakers_reply(desk.speakers(), "", 0, say)
        case "thanks":
            return thanks_reply(say)
        case "help":
            return help_reply(say)
    return start_reply(say, *desk.size(), examples=desk.answered(start_examples(say)))


async def on_no_text(update: Update, context: Context) -> None:
    """A photo, a voice message, a sticker: say kindly that only text is read (its caption is a question)."""
    message = update.message
    if message is None:
        return
    await context.greet(update)
    caption = question_of(message, context.bot.username)
    await (_answer(message, caption, context) if caption else context.send(message, no_text_reply(context.say)))


async def _answer(message: Message, question: str, context: Context, asked: Message | None = None) -> None:
    """``asked``: the message whose text is the question; the answer replies to it, and its pages find it by that."""
    if not any(character.isalnum() for character in question):
        return await context.send(message, no_text_reply(context.say))
    reply = await context.think(answer_page, context.desk, context.say, question, 0, message=message)
    return await context.send(message, reply, asked)


def answer_page(desk: Desk, say: Phrases, question: str | None, number: int) -> Reply:
    """One page of the answer to a question; None: the question can't be seen any more."""
    if question is None or not any(character.isalnum() for character in question):
        return lost_question_reply(say)
    return answer_reply(desk.ask(question, None, MATCHES), say, number)


def question_of(message: Message | None, username: str) -> str | None:
    """What a message asks: its text or caption without command and mention; the message it replies to for a bare one.

    An answer's pages find their question in the same way, through the message that the answer replies to.
    """
    return _question(message, username)[0] if message else None


def _question(message: Message, username: str) -> tuple[str | None, Message]:
    """The question, and the message that it stands in."""
    text = message.text or message.caption or ""
    called = mentions(message, username)
    for mention in called:
        text = text.replace(mention, " ")
    bare = bool(called) and _points(text)
    if text.startswith("/"):
        text = text.partition(" ")[2] if " " in text.split("\n")[0] else text.partition("\n")[2]
        bare = not text.strip()
    replied = message.reply_to_message
    by_bot = replied is not None and replied.from_user is not None and replied.from_user.username == username
    if bare and replied and not by_bot and (replied.text or replied.caption):
        return " ".join((replied.text or replied.caption or "").split()), replied
    return " ".join(text.split()) or None, message


def _points(text: str) -> bool:
    """Is nothing asked, or only who said "that"?"""
    return all(word in stop_words() or word in question_words() or word in _THAT for word in words(text))


def mentions(message: Message, username: str) -> list[str]:
    """Where a text or a caption names the bot, as written; an entity that ends outside the text counts up to its end."""
    units = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    marked = [
        units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "ignore")
        for entity in (*message.entities, *message.caption_entities)
        if entity.type == MessageEntity.MENTION
    ]
    return [mention for mention in marked if mention.lower() == f"@{username.lower()}"]
