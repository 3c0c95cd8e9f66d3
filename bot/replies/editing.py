"""What admins are shown: an article as it was understood, a quote as it was mended, a reader's
report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.model import Article, Paged, Passage, Quote, Speaker
from bot.domain.reply import Button, Reply
from bot.domain.tracking import Feed
from bot.replies.actions import To
from bot.replies.lists import article_reply
from bot.replies.page import Page, bold, code, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import TITLE, quote_block

_FEEDS = 20  # feeds that are listed
_SHOWN = 10  # articles of a feed that are named
_REASON = 600


def added_reply(article: Article, found: Paged[Quote], status: str, say: Phrases) -> Reply:
    """What was understood of an article, and how to take it out again."""
    told = {
        "new": say("Added. This is what I understood:"),
        "updated": say("Updated. This is what I understand now:"),
        "unchanged": say("I had it already:"),
    }
    shown = article_reply(article, found, say)
    head = Page().line(bold(told.get(status, ""))).reply()
    rows = (*shown.buttons, (Button(say("Take it out"), To.REMOVE(article.id)),))
    return replace(
        shown, html=f"{head.html}\n{shown.html}", plain=f"{head.plain}\n{shown.plain}", buttons=rows
    )


def many_added_reply(articles: Sequence[Article], failed: int, say: Phrases) -> Reply:
    """What a feed brought."""
    page = Page().line(bold(say.many("{number} article", "{number} articles", len(articles))))
    for article in articles[:_SHOWN]:
        page.line("• ", shorten(article.title, 100))
    if failed:
        page.line(say.many("{number} could not be read", "{number} could not be read", failed))
    return page.reply([[Button(say("All articles"), To.ARTICLES(anew=True))]])


def failed_reply(reason: str, say: Phrases) -> Reply:
    """Why there is no article."""
    return Page().line(bold(say("Not added"))).line(shorten(reason, _REASON)).reply()


def admins_only_reply(say: Phrases) -> Reply:
    """To somebody who may not."""
    return Page().line(say("Only this bot’s admins can do that.")).reply()


def removed_reply(article: Article, say: Phrases) -> Reply:
    """An article is out."""
    return Page().line(say("Taken out: {title}", title=shorten(article.title, TITLE))).reply()


def dropped_reply(passage: Passage, say: Phrases) -> Reply:
    """A quote is found no more."""
    page = Page().line(say("This is no longer shown as a quote:"))
    page.line(shorten(" ".join(passage.text.split()), 300))
    return page.reply([[Button(say("Take it back"), To.RESTORE(passage.quote.id))]])


def mended_reply(passage: Passage, say: Phrases) -> Reply:
    """A quote with its new speaker."""
    page = Page().line(say("Mended:"))
    quote_block(page, passage, say)
    return page.reply([[Button(say("Take it back"), To.RESTORE(passage.quote.id))]])


def restored_reply(passage: Passage, say: Phrases) -> Reply:
    """A quote as it was before it was mended."""
    page = Page().line(say("As before:"))
    quote_block(page, passage, say)
    return page.reply()


def feeds_reply(feeds: Sequence[Feed], suggested: Sequence[Feed], say: Phrases) -> Reply:
    """The feeds and how they fare; those that come along, where there is none yet."""
    page = Page().line(bold(say.many("{number} feed", "{number} feeds", len(feeds))))
    for feed in feeds[:_FEEDS]:
        page.gap().line(bold(shorten(feed.title or feed.url, 100))).line(shorten(feed.url, 200))
        state = say("paused") if feed.paused else say("every {number} minutes", number=feed.every)
        added = say.many("{number} article", "{number} articles", feed.added)
        page.line(f"{state} · {added}")
        if feed.error:
            page.line(
                say(
                    "Failed {number} times: {why}",
                    number=feed.failures,
                    why=shorten(feed.error, 200),
                )
            )
    if not feeds:
        page.line(say("No feed is read yet. For example:"))
        for feed in suggested:
            page.line(f"{feed.title or ''} ", code(f"/feed add {feed.url}"))
    return page.reply()


def ruled_reply(one: Speaker, other: Speaker, together: bool, say: Phrases) -> Reply:
    """Two names are one person now, or two."""
    names = {"one": shorten(one.name, 80), "other": shorten(other.name, 80)}
    back = "/split" if together else "/merge"
    told = (
        say("{one} and {other} are one person now.", **names)
        if together
        else say("{one} and {other} are two now.", **names)
    )
    return (
        Page()
        .line(told)
        .line(say("Take it back:"), " ", code(f"{back} {one.name} = {other.name}"))
        .reply()
    )


def merge_usage(command: str, unknown: str, say: Phrases) -> Reply:
    """A /merge or a /split that doesn't name two."""
    page = Page()
    if unknown:
        page.line(say("Nobody of that name is quoted: {name}", name=shorten(unknown, 60)))
    return (
        page.line(say("Two names, with = between them. For example:"))
        .line(code(f"{command} D. Trump = Donald Trump"))
        .reply()
    )


def feed_usage(say: Phrases) -> Reply:
    """A /feed that says too little."""
    page = Page().line(
        say("Feeds are added, paused, resumed and removed by their address. For example:")
    )
    return page.line(code("/feed add https://example.org/rss.xml")).reply()


def attribute_usage(say: Phrases) -> Reply:
    """An /attribute that says too little."""
    page = Page().line(say("Which quote, and who said it? “-” when it isn’t known. For example:"))
    return page.line(code("/attribute q… Ana Roy")).reply()


def reported_reply(say: Phrases) -> Reply:
    """To a reader who reported a quote."""
    return Page().line(say("Thank you. The admins will look at it.")).reply()


def silenced_reply(speaker: Speaker, count: int, say: Phrases) -> Reply:
    """A name is nobody's who speaks, now or already."""
    name = shorten(speaker.name, 80)
    page = Page().line(say("{name} is not taken for a speaker any more.", name=name))
    if count:
        page.line(
            say.many(
                "{number} statement is now of an unknown speaker.",
                "{number} statements are now of an unknown speaker.",
                count,
            )
        )
    return page.reply([[Button(say("Undo"), To.SPEAKS(speaker.id))]])


def speaks_reply(speaker: Speaker, say: Phrases) -> Reply:
    """It was taken back."""
    told = say("{name} is a speaker again.", name=shorten(speaker.name, 80))
    return Page().line(told).reply([[Button(say("Quotes"), To.SPEAKER(speaker.id))]])


def silence_usage(unknown: str, say: Phrases) -> Reply:
    """A /notspeaker that names nobody."""
    page = Page()
    if unknown:
        page.line(say("Nobody of that name is quoted: {name}", name=shorten(unknown, 60)))
    page.line(say("Which name is no speaker’s? For example:"))
    return page.line(code("/notspeaker Bruxelles")).reply()


def report_reply(passage: Passage, say: Phrases) -> Reply:
    """A reader's report, with what mends it in one tap."""
    page = Page().line(bold(say("A reader says that something is wrong with this quote:")))
    quote_block(page, passage, say)
    page.gap().line(code(f"/attribute {passage.quote.id} …"))
    key = passage.quote.id
    mending = [
        Button(say("No quote"), To.DROP(key)),
        Button(say("Speaker unknown"), To.NOBODY(key)),
    ]
    return page.reply([[Button(say("Source"), To.SOURCE(key)), *mending]])
