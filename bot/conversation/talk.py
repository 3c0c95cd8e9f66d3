"""Questions, and what is said of the bot itself."""

from __future__ import annotations

import re

from bot.conversation.browse import press
from bot.conversation.small_talk import small_talk
from bot.conversation.turn import Turn
from bot.domain.model import Paged
from bot.domain.reply import Reply
from bot.domain.review import Review
from bot.domain.verdict import Verdict
from bot.replies.actions import To
from bot.replies.phrases import Phrases
from bot.replies.reply import PER_PAGE, answer_reply, nothing_reply
from bot.replies.talk import (
    forgotten_reply,
    lost_question_reply,
    no_summary_reply,
    no_text_reply,
    privacy_reply,
    search_usage,
    start_examples,
    start_reply,
    thanks_reply,
)
from bot.replies.verify import verdict_reply, verify_usage
from bot.verification.alleged import is_quotation, parted

_LINK = re.compile(r"([qas])_([A-Za-z0-9_-]{1,48})")
_OPENS = {"q": To.QUOTE, "a": To.ARTICLE, "s": To.SPEAKER}
_NAME = 5  # words of a name that stands beside a message to be verified
_NUMBER = re.compile(r"\d{1,3}")


def ask(turn: Turn, question: str) -> Reply:
    """A question, if it is one."""
    match small_talk(question):
        case "who":
            return press(turn, To.SPEAKERS())
        case "thanks":
            return thanks_reply(turn.say)
        case "hello" | "self":
            return start(turn, "")
        case "summary":
            return no_summary_reply(turn.say)
        case "dated" | "article":
            return press(turn, To.ARTICLES())
    if is_quotation(question):
        return verify(turn, question)
    return answer(turn, question)


def verify(turn: Turn, rest: str) -> Reply:
    """/verify « … » — Name, a message that is a quotation, or beside one: was it said?"""
    text, speaker = parted(rest) if rest else parted(turn.said or "")
    if rest and turn.said and not any(map(str.isalnum, text)):
        text, speaker = parted(turn.said)
    elif rest and turn.said and speaker is None and len(rest.split()) <= _NAME:
        text, speaker = parted(turn.said)[0], rest.strip(" —–-:")  # /verify Name, beside a message
    if not any(map(str.isalnum, text)):
        return verify_usage(turn.say)
    return verdict_reply(*_in_order(turn, text, speaker))


def _in_order(
    turn: Turn, text: str, speaker: str | None
) -> tuple[Verdict, Phrases, tuple[Review, ...]]:
    verdict, reviews = turn.desk.verified(text, speaker)
    return verdict, turn.say, reviews


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


def none_of_these(turn: Turn, question: str | None) -> Reply:
    """The nearest quotes were not it: what was searched."""
    if question is None:
        return lost_question_reply(turn.say)
    return nothing_reply(turn.desk.ask(question), turn.say)


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
