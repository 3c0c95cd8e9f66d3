"""What a message says to the bot: the line of it, in private and in groups."""

from __future__ import annotations

import re

from telegram import Message, MessageEntity

from bot.conversation.commands import BY_NAME
from bot.search.terms import question_words, stop_words, words

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?=\s|$)", re.ASCII)
_THAT = frozenset(("ca", "cela", "ceci", "this", "that", "it", "vrai", "true"))


# ---- what
def line_of(message: Message, username: str) -> tuple[str | None, Message]:
    """What a message says to the bot, and the message that says it; None: nothing.

    In groups that is a command, a mention, or a reply to the bot. A bare command to search, or a
    bare mention, says the text of the message that it replies to.
    """
    text = message.text or message.caption or ""
    called = mentions(message, username)
    for mention in called:
        text = text.replace(mention, " ")
    command = _COMMAND.match(text.lstrip())
    if not _is_meant(message, command, bool(called), username):
        return None, message
    rest = text.lstrip()[command.end() :].strip() if command else text.strip()
    points = _searches(command) and not rest if command else bool(called) and _points(rest)
    replied = message.reply_to_message
    if replied and points and not is_by(replied, username):
        about = " ".join((replied.text or replied.caption or "").split())
        if about:
            return f"/search {about}", replied
    return (f"/{command[1]} {rest}" if command else " ".join(rest.split())), message


def _is_meant(message: Message, command: re.Match[str] | None, called: bool, username: str) -> bool:
    """Is a message for this bot? In private all are but other bots' commands."""
    private = message.chat.type == "private"
    if command is None:
        return private or called or is_by(message.reply_to_message, username)
    mine = not command[2] or command[2].lower() == username.lower()
    return mine and (private or command[1].lower() in BY_NAME)


def _searches(command: re.Match[str]) -> bool:
    named = BY_NAME.get(command[1].lower())
    return named is not None and named.name == "search"


def question_of(message: Message | None, username: str) -> str | None:
    """What an answer answers, from the message that it replies to."""
    if message is None:
        return None
    line = line_of(message, username)[0] or " ".join(
        (message.text or message.caption or "").split()
    )
    command = _COMMAND.match(line)
    return (line[command.end() :].strip() if command else line) or None


def is_by(message: Message | None, username: str) -> bool:
    return (
        message is not None
        and message.from_user is not None
        and message.from_user.username == username
    )


def _points(text: str) -> bool:
    """Is nothing asked, or only who said "that"?"""
    return all(
        word in stop_words() or word in question_words() or word in _THAT for word in words(text)
    )


def mentions(message: Message, username: str) -> list[str]:
    """Where a text or a caption names the bot, as written; an entity that ends outside the text
    counts up to its end.
    """
    units = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    marked = [
        units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "ignore")
        for entity in (*message.entities, *message.caption_entities)
        if entity.type == MessageEntity.MENTION
    ]
    return [mention for mention in marked if mention.lower() == f"@{username.lower()}"]
