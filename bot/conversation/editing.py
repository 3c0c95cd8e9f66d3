"""What admins do: add articles, take them out, mend quotes; and readers' reports, which reach
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from bot.conversation.turn import ID, Turn
from bot.domain.errors import BadMetadataError, NotFoundError
from bot.domain.model import Paged
from bot.domain.reply import Reply
from bot.reading.source import Metadata
from bot.replies.editing import (
    added_reply,
    admins_only_reply,
    attribute_usage,
    dropped_reply,
    failed_reply,
    feed_usage,
    feeds_reply,
    many_added_reply,
    mended_reply,
    merge_usage,
    removed_reply,
    report_reply,
    reported_reply,
    restored_reply,
    ruled_reply,
    silence_usage,
    silenced_reply,
    speaks_reply,
)
from bot.replies.lists import QUOTES
from bot.replies.talk import add_usage, gone_reply
from bot.services.gather import gather
from bot.services.sources import Source, is_address

_ADDRESS = re.compile(r"https?://\S+")
_LONG = 80  # characters from which on a text is an article rather than a slip


def admins_only(work: Callable[[Turn, str], Reply]) -> Callable[[Turn, str], Reply]:
    """A command, or a button, that is for admins."""

    def checked(turn: Turn, rest: str) -> Reply:
        return work(turn, rest) if turn.reader.admin else admins_only_reply(turn.say)

    return checked


@admins_only
def add(turn: Turn, rest: str) -> Reply:
    """/add ADDRESS, /add and a text, or beside a message whose text is the article."""
    address = _ADDRESS.match(rest)
    if address:
        return add_source(turn, Source(address[0]))
    text = rest if len(rest) >= _LONG else turn.said or ""
    if len(text) < _LONG:
        found = _ADDRESS.search(text)
        return add_source(turn, Source(found[0])) if found else add_usage(turn.say)
    return add_source(turn, Source("message", replace(Metadata(), **turn.facts), text.encode()))


def add_source(turn: Turn, source: Source) -> Reply:
    """Store what a source holds, and show what was understood."""
    if not turn.reader.admin:
        return admins_only_reply(turn.say)
    if not is_address(source.name) and source.data is None:
        return add_usage(turn.say)
    done = [turn.desk.ingest.keep(found) for found in gather(source, turn.desk.fetch)]
    good = [one for one in done if one.article is not None]
    if len(done) == 1 and good and good[0].article:
        article, quotes = good[0].article, turn.desk.store.quotes(good[0].article.id)
        return added_reply(article, Paged.of(quotes, 0, QUOTES), good[0].status, turn.say)
    if good:
        return many_added_reply(
            [one.article for one in good if one.article], len(done) - len(good), turn.say
        )
    return failed_reply(done[0].reason or source.name, turn.say)


@admins_only
def remove(turn: Turn, rest: str) -> Reply:
    """/remove ID, or its button: an article with its quotes goes."""
    key = ID.match(rest)
    try:
        article, _ = turn.desk.article(key["id"] if key else "")
    except NotFoundError:
        return gone_reply(turn.say)
    turn.desk.remove(article.id)
    return removed_reply(article, turn.say)


@admins_only
def drop(turn: Turn, rest: str) -> Reply:
    """/drop ID, or its button: this is no quote."""
    key = ID.match(rest)
    try:
        return dropped_reply(
            turn.desk.corrections.drop(key["id"] if key else "", turn.reader.id), turn.say
        )
    except NotFoundError:
        return gone_reply(turn.say)


@admins_only
def attribute(turn: Turn, rest: str) -> Reply:
    """/attribute ID NAME: somebody else said it; /attribute ID -: it isn't known who."""
    key, _, name = rest.partition(" ")
    found = ID.fullmatch(key)
    name = name.strip()
    if not found or not name:
        return attribute_usage(turn.say)
    try:
        turn.desk.corrections.attribute(found["id"], None if name == "-" else name, turn.reader.id)
        return mended_reply(turn.desk.quote(found["id"]), turn.say)
    except NotFoundError:
        return gone_reply(turn.say)


def nobody(turn: Turn, rest: str) -> Reply:
    """The button that says that it isn't known who said it."""
    return attribute(turn, f"{rest} -")


@admins_only
def restore(turn: Turn, rest: str) -> Reply:
    """/restore ID, or its button: a correction is taken back."""
    key = ID.match(rest)
    quote_id = key["id"] if key else ""
    for article_id, mended in turn.desk.store.records("corrections").items():
        if quote_id in mended and turn.desk.corrections.undo(article_id, quote_id):
            with suppress(NotFoundError):  # extraction finds it no more
                return restored_reply(turn.desk.quote(quote_id), turn.say)
    return gone_reply(turn.say)


@admins_only
def merge(turn: Turn, rest: str) -> Reply:
    """/merge NAME = NAME: they are one person."""
    return _ruled(turn, rest, "/merge", together=True)


@admins_only
def split(turn: Turn, rest: str) -> Reply:
    """/split NAME = NAME: they are two."""
    return _ruled(turn, rest, "/split", together=False)


def _ruled(turn: Turn, rest: str, command: str, together: bool) -> Reply:
    one, _, other = (part.strip() for part in rest.partition("="))
    people = turn.desk.people
    first, second = (people.of_name(name) if name else None for name in (one, other))
    if first is None or second is None or first.id == second.id:
        return merge_usage(
            command,
            one if one and first is None else other if other and second is None else "",
            turn.say,
        )
    (people.join if together else people.part)(first.id, second.id)
    return ruled_reply(first, second, together, turn.say)


@admins_only
def silence(turn: Turn, rest: str) -> Reply:
    """/notspeaker NAME: this is nobody who speaks."""
    speaker = turn.desk.people.of_name(rest) if rest else None
    if speaker is None:
        gone = turn.desk.people.silenced(rest) if rest else None
        return silenced_reply(gone, 0, turn.say) if gone else silence_usage(rest, turn.say)
    return silenced_reply(speaker, turn.desk.people.silence(speaker, turn.reader.id), turn.say)


@admins_only
def speaks(turn: Turn, speaker_id: str) -> Reply:
    """The button that takes it back."""
    speaker = turn.desk.people.unsilence(speaker_id)
    return speaks_reply(speaker, turn.say) if speaker else gone_reply(turn.say)


@admins_only
def feed(turn: Turn, rest: str) -> Reply:
    """/feed: the feeds and how they fare; /feed add|pause|resume|remove ADDRESS."""
    action, _, url = rest.partition(" ")
    if not rest or action == "list":
        return _feeds(turn)
    if action not in ("add", "pause", "resume", "remove") or not url.strip():
        return feed_usage(turn.say)
    try:
        done = turn.desk.feeds.change(action, url.strip())
    except BadMetadataError as error:
        return failed_reply(str(error), turn.say)
    return _feeds(turn) if done else gone_reply(turn.say)


def _feeds(turn: Turn) -> Reply:
    feeds = turn.desk.feeds
    return feeds_reply(feeds.all(), feeds.suggested(), turn.say)


def report(turn: Turn, quote_id: str) -> Reply:
    """A reader says that something is wrong with a quote: the admins are told, with what mends
    it.
    """
    passage = turn.desk.quote(quote_id)
    return replace(reported_reply(turn.say), to_admins=report_reply(passage, turn.say))
