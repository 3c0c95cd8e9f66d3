"""A track record: all that somebody said, or said about a subject, in order of time, as a file."""

from __future__ import annotations

from datetime import date

from bot.conversation.turn import Turn
from bot.domain.model import Passage
from bot.domain.reply import Reply
from bot.domain.text import fold
from bot.replies.lists import speakers_reply
from bot.replies.record import nothing_on_reply, nothing_to_record_reply, record_reply
from bot.search.terms import search_words
from bot.services.transfer import csv_of

_MOST = 1000  # quotes of one file
_SURE = 3  # so many times as many quotes make one of several of a name the one that is meant


def dossier(turn: Turn, rest: str) -> Reply:
    """/dossier NAME, /dossier NAME sur SUJET (about SUBJECT)."""
    name, subject = _split(rest)
    found = turn.desk.speakers(name, 0, 8) if name else None
    if found is None or not found.total:
        return nothing_to_record_reply(name, turn.say)
    if found.total > 1 and found.items[0][1] < _SURE * found.items[1][1]:
        return speakers_reply(found, name, turn.say)
    speaker, _ = found.items[0]
    passages = list(turn.desk.speaker(speaker.id)[1].items)
    if subject:
        asked = turn.desk.ask(f'{subject} de:"{speaker.name}"', None, _MOST).matches
        passages = [match.passage for match in asked]
    if not passages:
        return nothing_on_reply(speaker, subject, turn.say)
    ordered = sorted(passages, key=day_of)[:_MOST]
    table = "\r\n".join(csv_of(ordered)) + "\r\n"
    title = "-".join(fold(part).replace(" ", "-") for part in (speaker.name, subject) if part)
    return record_reply(speaker, subject, ordered, (f"{title[:60]}.csv", table.encode()), turn.say)


def day_of(passage: Passage) -> tuple[date, int]:
    """When it was said, or published; what has no day comes last."""
    said = passage.quote.said_on
    return (said.day if said else passage.article.day) or date.max, passage.quote.start


def _split(rest: str) -> tuple[str, str]:
    """(name, subject): what stands before and after "sur", "about"."""
    words = rest.split()
    at = next(
        (n for n, word in enumerate(words) if n and fold(word) in search_words("about")), len(words)
    )
    return " ".join(words[:at]), " ".join(words[at + 1 :])
