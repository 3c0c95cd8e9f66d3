"""Questions: free text and /search."""

from __future__ import annotations

from telegram import Message, MessageEntity, Update

from bot.replies.reply import answer_reply
from bot.replies.talk import no_text_reply, search_usage
from handlers.context import Context


async def on_text(update: Update, context: Context) -> None:
    """A message is a question."""
    message = update.message
    if message is None:
        return
    context.speak(_code(update))
    question = without_mention(message, context.bot.username)
    await (_answer(message, question, context) if question else context.send(message, search_usage(context.say)))


async def on_search(update: Update, context: Context) -> None:
    """/search words, or /search as a reply to a message whose text is searched."""
    message = update.message
    if message is None:
        return
    context.speak(_code(update))
    words = " ".join(context.args or ()) or (message.reply_to_message.text if message.reply_to_message else None)
    await (_answer(message, words, context) if words else context.send(message, search_usage(context.say)))


async def on_no_text(update: Update, context: Context) -> None:
    """A photo, a voice message, a sticker: say kindly that only text is read (its caption is a question)."""
    message = update.message
    if message is None:
        return
    context.speak(_code(update))
    caption = message.caption
    await (_answer(message, caption, context) if caption else context.send(message, no_text_reply(context.say)))


async def _answer(message: Message, question: str, context: Context) -> None:
    if not any(character.isalnum() for character in question):
        return await context.send(message, no_text_reply(context.say))
    answer = await context.think(context.desk.ask, question, None)
    return await context.send(message, answer_reply(answer, context.say))


def without_mention(message: Message, username: str) -> str:
    """A message's text without the bot's own @name."""
    text = message.text or ""
    mentions = message.parse_entities([MessageEntity.MENTION]).values()
    for mention in mentions:
        if mention.lower() == f"@{username.lower()}":
            text = text.replace(mention, " ")
    return " ".join(text.split())


def _code(update: Update) -> str | None:
    return update.effective_user.language_code if update.effective_user else None
