"""What a reader follows, and what is new of it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from bot.domain.model import Button, Passage, Reply
from bot.domain.tracking import Follow, Following
from bot.replies.actions import To
from bot.replies.page import LIMIT, Page, bold, code, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block

_SHOWN = 10  # quotes in one message of news
_LABEL = 60


def key_of(follow: Follow) -> str:
    """What is followed, short enough for a button."""
    return blake2b(f"{follow.what}:{follow.key}".encode(), digest_size=12).hexdigest()


def following_reply(following: Following, say: Phrases) -> Reply:
    """The list, with buttons to mute and to remove."""
    if not following.items:
        page = Page().line(say("You follow nobody and nothing yet. For example:")).line(code("/follow Stoltenberg"))
        return page.line(say("Or tap “Follow” under an answer.")).reply()
    page = Page().line(bold(say("You follow:")))
    rows, muted = [], say("muted")
    for follow in following.items:
        page.line("• ", shorten(follow.label, _LABEL), f" ({muted})" if follow.muted else "")
        turn = say("Unmute: {name}", name=follow.label) if follow.muted else say("Mute: {name}", name=follow.label)
        rows.append(
            [
                Button(shorten(turn, _LABEL), To.MUTE(key_of(follow))),
                Button(shorten(say("Remove: {name}", name=follow.label), _LABEL), To.UNFOLLOW(key_of(follow))),
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


def news_reply(items: Sequence[tuple[Follow, Passage]], say: Phrases) -> Reply:
    """What is new."""
    page = Page().line(bold(say.many("{number} new quote", "{number} new quotes", len(items))))
    row = []
    for number, (follow, passage) in enumerate(items[:_SHOWN], 1):
        piece = Page()
        quote_block(piece, passage, say, longest=400)
        if page.length + piece.length > LIMIT - 300:
            break
        page.gap().line(f"{number}. ", shorten(follow.label, _LABEL))
        quote_block(page, passage, say, longest=400)
        row.append(Button(say("Quote {number}", number=number), To.QUOTE(passage.quote.id)))
    return page.reply([row])
