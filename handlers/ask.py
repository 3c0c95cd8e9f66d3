"""Questions: free text and /search, and the pages of their answers."""

from __future__ import annotations

from telegram import Message, MessageEntity, Update

from bot.domain.model import Reply
from bot.replies.phrases import Phrases
from bot.replies.reply import answer_reply
from bot.replies.talk import lost_question_reply, no_text_reply, search_usage
from bot.services.desk import Desk
from handlers.context import Context

MATCHES = 12
"""Matches that the pages of one answer hold at most."""


async def on_question(update: Update, context: Context) -> None:
    """A message that is a question; /search words; /search as a reply to a message, whose text is searched."""
    message = update.message
    if message is None:
        return
    await context.greet(update)
    words = question_of(message, context.bot.username)
    await (_answer(message, words, context) if words else context.send(message, search_usage(context.say)))


async def on_no_text(update: Update, context: Context) -> None:
    """A photo, a voice message, a sticker: say kindly that only text is read (its caption is a question)."""
    message = update.message
    if message is None:
        return
    await context.greet(update)
    caption = question_of(message, context.bot.username)
    await (_answer(message, caption, context) if caption else context.send(message, no_text_reply(context.say)))


async def _answer(message: Message, question: str, context: Context) -> None:
    if not any(character.isalnum() for character in question):
        return await context.send(message, no_text_reply(context.say))
    reply = await context.think(answer_page, context.desk, context.say, question, 0, message=message)
    return await context.send(message, reply)


def answer_page(desk: Desk, say: Phrases, question: str | None, number: int) -> Reply:
    """One page of the answer to a question; None: the question can't be seen any more."""
    if question is None or not any(character.isalnum() for character in question):
        return lost_question_reply(say)
    return answer_reply(desk.ask(question, None, MATCHES), say, number)


def question_of(message: Message | None, username: str) -> str | None:
    """What a message asks: its text or caption without command and mention; the message it replies to for a bare one.

    An answer's pages find their question in the same way, through the message that the answer replies to.
    """
    if message is None:
        return None
    text = message.text or message.caption or ""
    for mention in mentions(message, username):
        text = text.replace(mention, " ")
    if text.startswith("/"):
        rest = text.partition(" ")[2] if " " in text.split("\n")[0] else text.partition("\n")[2]
        if rest.strip():
            return " ".join(rest.split())
        replied = message.reply_to_message
        return ((replied.text or replied.caption) if replied else None) or None
    return " ".join(text.split()) or None


def mentions(message: Message, username: str) -> list[str]:
    """Where a text or a caption names the bot, as written; an entity that ends outside the text counts up to its end."""
    units = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    marked = [
        units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "ignore")
        for entity in (*message.entities, *message.caption_entities)
        if entity.type == MessageEntity.MENTION
    ]
    return [mention for mention in marked if mention.lower() == f"@{username.lower()}"]
