"""The bot in other chats: inline queries, and guest messages that call it into a chat it is no
member of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode

from bot.conversation.languages import Reader
from bot.domain.errors import NotFoundError
from bot.domain.model import Passage
from bot.replies.inline import Result, nothing_result, quote_results, verdict_result
from bot.replies.phrases import Phrases
from bot.services.desk import Desk
from bot.verification.alleged import parted
from handlers.context import Context
from handlers.lines import question_of
from handlers.updates import reader_of

PAGE = 20
"""Results a page; Telegram takes at most 50."""
_MOST = 200  # results that paging leads to
_CACHE = 30  # seconds that Telegram may repeat an answer
_VERIFY = re.compile(r"(?:verify|v[ée]rifier|v[ée]rif)\s*:\s*", re.IGNORECASE)
_SHARED = re.compile(r"q_([A-Za-z0-9_-]{1,48})")


def results(
    desk: Desk, say: Phrases, query: str, start: int, near: bool = True
) -> tuple[list[Result], str]:
    """A page of results and the next page's offset, "" after the last; an empty query lists the
    latest quotes. ``near``: the nearest quotes, too, where none surely answers.
    """
    words = " ".join(query.split())
    shared = _SHARED.fullmatch(words)
    if shared:
        try:
            return quote_results([desk.quote(shared[1])], say), ""
        except NotFoundError:
            return [nothing_result(*desk.size(), say)], ""
    asked = _VERIFY.match(words)
    if asked and any(map(str.isalnum, words[asked.end() :])):
        verdict, _ = desk.verified(*parted(words[asked.end() :]))
        return [verdict_result(verdict, say)], ""
    found, total = _found(desk, words, start, near)
    if not found and not start:
        return [nothing_result(*desk.size(), say)], ""
    return quote_results(found, say), str(start + PAGE) if start + PAGE < min(total, _MOST) else ""


def _found(desk: Desk, words: str, start: int, near: bool) -> tuple[Sequence[Passage], int]:
    """What a query finds from a place on, and how much there is."""
    if not words:
        page = desk.recent(start // PAGE, PAGE)
        return (page.items if page.first == start + 1 else ()), page.total
    if not any(map(str.isalnum, words)):
        return (), 0
    answer = desk.ask(words, None, PAGE, start)
    if answer.level != "sure" and not near:
        return (), 0
    return [match.passage for match in answer.matches], answer.total


async def on_inline(update: Update, context: Context) -> None:
    """@bot words, in any chat."""
    query = update.inline_query
    if query is None:
        return
    start = int(query.offset) if query.offset.isdecimal() and len(query.offset) < 5 else 0
    say, (found, following) = await context.think(
        _answered, context, reader_of(update, context), query.query, start
    )
    await query.answer(
        [article(result, say, context.bot.username) for result in found],
        cache_time=_CACHE,
        is_personal=True,
        next_offset=following,
        button=InlineQueryResultsButton(say("Ask me in private"), start_parameter="inline"),
    )


def _answered(
    context: Context, reader: Reader, query: str, start: int, near: bool = True
) -> tuple[Phrases, tuple[list[Result], str]]:
    conversation = context.shared.conversation
    context.say = conversation.languages.say(reader)
    return context.say, results(conversation.desk, context.say, query, start, near)


async def on_guest(update: Update, context: Context) -> None:
    """The bot was called into a chat as a guest: one message, the best quote or that there is
    none.
    """
    message = update.guest_message
    if message is None or not message.guest_query_id:
        return
    question = question_of(message, context.bot.username)
    if not question and message.reply_to_message:
        question = question_of(message.reply_to_message, context.bot.username)
    say, (found, _) = await context.think(
        _answered, context, reader_of(update, context), question or "", 0, False
    )
    await context.bot.answer_guest_query(
        message.guest_query_id, article(found[0], say, context.bot.username)
    )


def article(result: Result, say: Phrases, username: str) -> InlineQueryResultArticle:
    """A result as Telegram takes it, with a button that opens the source in the private chat."""
    row = []
    if result.start:
        row.append(
            InlineKeyboardButton(say("Source"), url=f"https://t.me/{username}?start={result.start}")
        )
    if result.url:
        row.append(InlineKeyboardButton(say("Open the article"), url=result.url))
    return InlineQueryResultArticle(
        id=result.id,
        title=result.title,
        description=result.description,
        input_message_content=InputTextMessageContent(
            result.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=InlineKeyboardMarkup([row]) if row else None,
    )
