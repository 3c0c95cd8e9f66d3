"""A track record as a message: its extent, its first and last words, the file with all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.model import Passage, Speaker
from bot.domain.reply import Button, Reply
from bot.replies.actions import To
from bot.replies.page import Page, bold, code, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import NAME, where

_LINE = 160  # characters of a statement in the caption


def record_reply(
    speaker: Speaker,
    subject: str,
    passages: Sequence[Passage],
    document: tuple[str, bytes],
    say: Phrases,
) -> Reply:
    """The first and the last statement, and the file."""
    page = Page().line(
        bold(shorten(speaker.name, NAME)), f" — {shorten(subject, 80)}" if subject else ""
    )
    page.line(say.many("{number} statement", "{number} statements", len(passages)))
    for passage in dict.fromkeys((passages[0], passages[-1])):
        page.line("• ", shorten(" ".join(passage.text.split()), _LINE)).line(
            shorten(where(passage.article, say), 160)
        )
    reply = page.reply(
        [
            [
                Button(say("Timeline"), To.TIMELINE(speaker.id, words=subject)),
                Button(say("Follow"), To.FOLLOW(speaker.id)),
            ]
        ]
    )
    return replace(reply, document=document)


def nothing_to_record_reply(name: str, say: Phrases) -> Reply:
    """Nobody of that name, or nothing on the subject."""
    page = Page()
    if name:
        page.line(say("Nobody of that name is quoted: {name}", name=shorten(name, 60)))
    page.line(say("Whose statements, on what? For example:")).line(code("/dossier Stoltenberg"))
    return page.reply([[Button(say("Who is quoted"), To.SPEAKERS(anew=True))]])


def nothing_on_reply(speaker: Speaker, subject: str, say: Phrases) -> Reply:
    """Somebody is quoted, and on this subject isn't."""
    names = {"name": shorten(speaker.name, NAME), "subject": shorten(subject, 80)}
    page = Page().line(say("{name} is quoted, but not surely on this: {subject}", **names))
    return page.reply(
        [[Button(shorten(say("Quotes of {name}", name=speaker.name), 60), To.SPEAKER(speaker.id))]]
    )
