"""A track record: all that somebody said, or said about a subject, in order of time, as a file."""

from __future__ import annotations

from datetime import date

from bot.conversation.turn import Turn
from bot.domain.model import Passage, Speaker
from bot.domain.reply import Reply
from bot.domain.text import fold
from bot.replies.lists import LINES, speakers_reply
from bot.replies.pictures import timeline_reply
from bot.replies.record import nothing_on_reply, nothing_to_record_reply, record_reply
from bot.replies.talk import timeline_usage
from bot.search.terms import search_words
from bot.services.transfer import csv_of

_MOST = 1000  # quotes of one file
_PLAIN = {ord(sign): " " for sign in '":-«»“”'}  # a subject is words, no filters
_SURE = 3  # so many times as many quotes make one of several of a name the one that is meant


def dossier(turn: Turn, rest: str) -> Reply:
    """/dossier NAME, /dossier NAME sur SUJET (about SUBJECT)."""
    name, subject = split_subject(rest)
    speaker = named(turn, name)
    if speaker is None:
        return nothing_to_record_reply(name, turn.say)
    if isinstance(speaker, Reply):
        return speaker
    passages = statements(turn, speaker, subject)
    if not passages:
        return nothing_on_reply(speaker, subject, turn.say)
    ordered = sorted(passages, key=day_of)[:_MOST]
    table = "\r\n".join(csv_of(ordered)) + "\r\n"
    title = "-".join(fold(part).replace(" ", "-") for part in (speaker.name, subject) if part)
    return record_reply(speaker, subject, ordered, (f"{title[:60]}.csv", table.encode()), turn.say)


def timeline(turn: Turn, rest: str) -> Reply:
    """/timeline NAME, /timeline NAME sur SUJET: their statements over time, as a picture."""
    name, subject = split_subject(rest)
    speaker = named(turn, name)
    if speaker is None:
        return timeline_usage(turn.say, name)
    return speaker if isinstance(speaker, Reply) else show_timeline(turn, speaker, subject)


def show_timeline(turn: Turn, speaker: Speaker, subject: str = "", number: int = 0) -> Reply:
    """A page of somebody's timeline, or of what they said about a subject."""
    passages = statements(turn, speaker, subject)
    if not passages:
        return nothing_on_reply(speaker, subject, turn.say)
    return timeline_reply(speaker, passages, turn.say, number, subject)


def named(turn: Turn, name: str) -> Speaker | Reply | None:
    """Whoever bears a name; a choice where several do; None where nobody does."""
    found = turn.desk.speakers(name, 0, LINES) if name else None
    if found is None or not found.total:
        return None
    if found.total > 1 and found.items[0][1] < _SURE * found.items[1][1]:
        return speakers_reply(found, name, turn.say)
    return found.items[0][0]


def statements(turn: Turn, speaker: Speaker, subject: str) -> list[Passage]:
    """All that somebody said, or said about a subject."""
    if not subject:
        return list(turn.desk.speaker(speaker.id)[1].items)
    asked = turn.desk.ask(f'{subject} de:"{speaker.name}"', None, _MOST).matches
    return [match.passage for match in asked]


def day_of(passage: Passage) -> tuple[date, int]:
    """When it was said, or published; what has no day comes last."""
    said = passage.quote.said_on
    return (said.day if said else passage.article.day) or date.max, passage.quote.start


def split_subject(rest: str) -> tuple[str, str]:
    """(name, subject): what stands before and after "sur", "about"."""
    words = rest.split()
    at = next(
        (n for n, word in enumerate(words) if n and fold(word) in search_words("about")), len(words)
    )
    subject = " ".join(words[at + 1 :]).translate(_PLAIN)
    return " ".join(words[:at]), " ".join(subject.split())
