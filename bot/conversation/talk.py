"""Questions, and what is said of the bot itself."""

from __future__ import annotations

import re

from bot.conversation.browse import press
from bot.conversation.small_talk import small_talk
from bot.conversation.turn import Turn
from bot.domain.model import Paged
from bot.domain.reply import Reply
from bot.replies.actions import To
from bot.replies.reply import PER_PAGE, answer_reply
from bot.replies.talk import (
    forgotten_reply,
    lost_question_reply,
    no_text_reply,
    privacy_reply,
    search_usage,
    start_examples,
    start_reply,
    thanks_reply,
)

_LINK = re.compile(r"([qas])_([A-Za-z0-9_-]{1,48})")
_OPENS = {"q": To.QUOTE, "a": To.ARTICLE, "s": To.SPEAKER}
_NUMBER = re.compile(r"\d{1,3}")


def ask(turn: Turn, question: str) -> Reply:
    """A question, if it is one."""
    match small_talk(question):
        case "who":
            return press(turn, To.SPEAKERS())
        case "thanks":
            return thanks_reply(turn.say)
        case "hello":
            return start(turn, "")
    return answer(turn, question)


def answer(turn: Turn, question: str | None, number: int = 0) -> Reply:
    """A page of the answer to a question; None: the question can't be seen any more."""
    if question is None:
        return lost_question_reply(turn.say)
    if not any(map(str.isalnum, question)) or _NUMBER.fullmatch(question.strip()):
        return no_text_reply(turn.say)
    found = turn.desk.ask(question, None, PER_PAGE, number * PER_PAGE)
    if found.total and not found.matches:  # there are fewer pages now
        number = Paged.within(number, PER_PAGE, found.total)
        found = turn.desk.ask(question, None, PER_PAGE, number * PER_PAGE)
    return answer_reply(found, turn.say, number)


def search(turn: Turn, rest: str) -> Reply:
    """/search words."""
    return answer(turn, rest) if rest else search_usage(turn.say)


def start(turn: Turn, rest: str) -> Reply:
    """The welcome, or what a deep link leads to: a quote, an article, a speaker."""
    link = _LINK.fullmatch(rest)
    if link:
        return press(turn, _OPENS[link[1]](link[2]))
    examples = turn.desk.answered(start_examples(turn.say))
    return start_reply(turn.say, *turn.desk.size(), turn.username, examples)


def privacy(turn: Turn, rest: str) -> Reply:  # noqa: ARG001 as every command
    """What is kept of the reader."""
    followed = len(turn.desk.follows.of(turn.reader.id).items)
    return privacy_reply(turn.say, turn.languages.kept(turn.reader.id), followed)


def forget(turn: Turn, rest: str) -> Reply:  # noqa: ARG001 as every command
    """Erase it."""
    turn.languages.forget(turn.reader.id)
    turn.desk.follows.forget(turn.reader.id)
    return forgotten_reply(turn.languages.say(turn.reader))
