"""What a reader follows, and what is new of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b

from bot.domain.model import Article, Passage
from bot.domain.reply import Button, Reply
from bot.domain.tracking import Follow, Following
from bot.replies.actions import To
from bot.replies.page import LIMIT, Page, bold, code, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block, where

_SHOWN = 10  # quotes in one message of news
_LABEL = 60
_IN_A_ROW = 5


def key_of(follow: Follow) -> str:
    """What is followed, short enough for a button."""
    return blake2b(f"{follow.what}:{follow.key}".encode(), digest_size=12).hexdigest()


def following_reply(following: Following, say: Phrases) -> Reply:
    """The list, with buttons to mute and to remove."""
    if not following.items:
        page = (
            Page()
            .line(say("You follow nobody and nothing yet. For example:"))
            .line(code("/follow Stoltenberg"))
        )
        return page.line(say("Or tap “Follow” under an answer.")).reply()
    page = Page().line(bold(say("You follow:")))
    rows, muted = [], say("muted")
    for follow in following.items:
        page.line("• ", shorten(follow.label, _LABEL), f" ({muted})" if follow.muted else "")
        turn = (
            say("Unmute: {name}", name=follow.label)
            if follow.muted
            else say("Mute: {name}", name=follow.label)
        )
        rows.append(
            [
                Button(shorten(turn, _LABEL), To.MUTE(key_of(follow))),
                Button(
                    shorten(say("Remove: {name}", name=follow.label), _LABEL),
                    To.UNFOLLOW(key_of(follow)),
                ),
            ]
        )
    when = (
        say("You are told at once. Once a day instead: /following 8 Europe/Paris")
        if following.hour is None
        else say(
            "You are told daily at {hour}:00, {zone}. At once instead: /following now",
            hour=following.hour,
            zone=following.zone,
        )
    )
    return page.gap().line(when).reply(rows)


def followed_reply(label: str, new: bool, say: Phrases) -> Reply:
    """Somebody or something is followed."""
    name = shorten(label, _LABEL)
    told = (
        say("You follow {name} now. /following lists all.", name=name)
        if new
        else say("You follow {name} already.", name=name)
    )
    return Page().line(told).reply()


def digest_usage(say: Phrases) -> Reply:
    """A /following with an hour or a zone that there is none of."""
    page = Page().line(say("An hour from 0 to 23 and a time zone, or “now”. For example:"))
    return page.line(code("/following 8 Europe/Paris")).reply()


def news_replies(
    items: Sequence[tuple[Follow, Passage]],
    say: Phrases,
    edits: Sequence[tuple[Follow, Article]] = (),
) -> Iterator[Reply]:
    """What is new, and what was edited, in as many messages as it takes."""
    for first in range(0, len(edits), _SHOWN):
        yield _edits_reply(edits[first : first + _SHOWN], say)
    at = 0
    while at < len(items):
        reply, shown = _news_reply(items, at, say)
        yield reply
        at += shown


def _edits_reply(edits: Sequence[tuple[Follow, Article]], say: Phrases) -> Reply:
    """Articles that changed what they quote, with the way to what changed."""
    counted = say.many("{number} edited article", "{number} edited articles", len(edits))
    page = Page().line(bold(counted))
    for follow, article in edits:
        page.gap().line("• ", where(article, say))
        page.line(say("You follow:"), " ", shorten(follow.label, _LABEL))
        page.line(say("What changed:"), " ", code(f"/history {article.id}"))
    return page.reply([[Button(say("The article"), To.ARTICLE(edits[0][1].id, anew=True))]])


def _news_reply(
    items: Sequence[tuple[Follow, Passage]], at: int, say: Phrases
) -> tuple[Reply, int]:
    """One message of it, and how many quotes are in it."""
    page = Page()
    if not at:
        page.line(bold(say.many("{number} new quote", "{number} new quotes", len(items))))
    buttons: list[Button] = []
    for number, (follow, passage) in enumerate(items[at : at + _SHOWN], at + 1):
        piece = Page()
        quote_block(piece, passage, say, longest=400)
        if buttons and page.length + piece.length > LIMIT - 300:
            break
        page.gap().line(f"{number}. ", shorten(follow.label, _LABEL))
        quote_block(page, passage, say, longest=400)
        buttons.append(Button(say("Quote {number}", number=number), To.QUOTE(passage.quote.id)))
    rows = [buttons[first : first + _IN_A_ROW] for first in range(0, len(buttons), _IN_A_ROW)]
    return page.reply(rows), len(buttons)
