"""An article's editions: what each added, removed, reworded, the words that differ marked and
said.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.model import Article
from bot.domain.reply import Button, Reply
from bot.domain.tracking import Changed, Edition
from bot.replies.actions import To
from bot.replies.differences import marked_changes
from bot.replies.page import Page, bold, shorten, struck
from bot.replies.phrases import Phrases
from bot.replies.quote import NAME, TITLE

_SHOWN = 12  # changes of one edition
_LONGEST = 600


def history_reply(article: Article, editions: Sequence[Edition], say: Phrases) -> Reply:
    """The editions, the latest first."""
    page = Page().line(bold(shorten(article.title, TITLE) or say("Untitled")))
    if not editions:
        page.line(say("I know one version of this article only."))
    for edition in reversed(editions):
        read = edition.article.retrieved
        page.gap().line(
            bold(say("Read on {date}:", date=say.date(read.date())) if read else say("Later:"))
        )
        if not edition.changes:
            page.line(say("Its quotes stayed as they were."))
        for change in edition.changes[:_SHOWN]:
            _change(page, change, say)
    return page.reply([[Button(say("The article"), To.ARTICLE(article.id, anew=True))]])


def _change(page: Page, change: Changed, say: Phrases) -> None:
    named = f" — {shorten(change.speaker, NAME)}" if change.speaker else ""
    if change.kind == "added":
        page.line(say("Added:"), " ", bold(shorten(change.after or "", _LONGEST)), named)
    elif change.kind == "removed":
        page.line(say("Removed:"), " ", struck(shorten(change.before or "", _LONGEST)), named)
    else:
        old, new = (change.before or "").split(), (change.after or "").split()
        changed = marked_changes(old, new, say("removed"), say("added"))
        page.line(say("Changed:"), " ", *changed, named)
