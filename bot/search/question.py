"""What a question asks: its language, the speakers it names, its filters, the words that are left to search."""

from __future__ import annotations

import re

from bot.domain.model import Question
from bot.domain.text import fold
from bot.languages.calendar import find_period
from bot.languages.language import detect
from bot.search.filters import filter_hints, take_filters
from bot.search.index import Index
from bot.search.terms import question_words, stop_words
from bot.search.whose import whose_words

MAX_LENGTH = 4096
"""Longer questions are cut: Telegram's own limit for a message."""
_WORD = re.compile(r"[^\W_]+")
_FRAME = re.compile(
    r"^(?:qui (?:a |avait )?(?:dit|declare|affirme|pense)(?: que| qu)?|qu (?:a|ont|avait) dit|que (?:dit|disait|pense)|"
    r"est ce que|who (?:said|says|thinks)(?: that)?|what (?:did|does|do)|did|does)\b"
)
_INVERTED = re.compile(r"-(?:t-)?(?:il|elle|ils|elles|on)\b", re.IGNORECASE)
_SOURCE = re.compile(
    r"\b(?:selon|d apres|according to|said by|dit par|(?:propos|declarations?|citations?|paroles?|mots?) (?:de|d)|"
    r"(?:quotes?|statements?|words) (?:of|by|from))\b"
)
_NAME = r"((?:[^\W\d_a-zà-ÿ][\w’'-]+)(?: [^\W\d_a-zà-ÿ][\w’'-]+)*)"
_WANTED = re.compile(
    rf"^[Qq]u(?:e |['’])(?:a |ont |avait )?(?:dit|raconte|pense|déclare|répond|affirme|explique|promet|écrit)(?:é|u)?"
    rf"(?: (?:l['’][a-zà-ÿ]+|(?:l[ae]|les) [a-zà-ÿ]+|M\.|Mme|Me))? {_NAME}|^[Ww]hat (?:did|does|has) (?:the )?{_NAME} (?:say|said|reply|think|tell|answer|write|promise)"
)
_KEYWORDS = 6  # so few words are keywords: they may stand anywhere in an article
_WHO = re.compile(r"^(?:qui|who)\b")


def parse_question(text: str, index: Index, language: str | None = None) -> Question:
    """Take a question apart; words that are not understood stay words to search."""
    text = " ".join(text[:MAX_LENGTH].split())
    left, filters, phrases, excluded = take_filters(text)
    found = _WORD.findall(fold(left))
    plain = " ".join(found)
    asks = left.rstrip().endswith("?") or _FRAME.match(plain) is not None or _INVERTED.search(left) is not None
    asks = asks or any(word in question_words() for word in found[:2])
    newest = index.newest()
    period = find_period(plain, newest) if newest else None
    speakers, used, nobody = whose_words(left, found, plain, index)
    rest = [word for word in _without(found, period.words if period else ()) if word not in used]
    content = [word for word in rest if not _common(word)]
    named = left.rstrip().endswith("?") or _FRAME.match(plain) is not None or _SOURCE.search(plain) is not None
    if (content or len(rest) > 2) and (_WHO.match(plain) or not named):
        speakers, used, nobody, rest = [], set(), "", _without(found, period.words if period else ())
    if asks:
        rest = _unframed(rest, plain)
    if (speakers or period) and not content:
        rest = []
    unknown = () if speakers else (nobody,) if nobody else _unknown_names(left)
    return Question(
        text=text, language=language or detect(text), words=" ".join(rest),
        speaker_ids=tuple(speaker.id for speaker in speakers), speaker_words=" ".join(sorted(used)),
        hints=filter_hints(left), filters=filters, phrases=phrases, excluded=excluded, unknown_names=unknown, asks=asks or len(found) <= _KEYWORDS,
        period=(period.first, period.last) if period else None, period_words=period.words if period else (),
    )  # fmt: skip


def _without(found: list[str], taken: tuple[str, ...]) -> list[str]:
    """The words without the run of them that named a period."""
    for at in range(len(found) - len(taken) + 1 if taken else 0):
        if tuple(found[at : at + len(taken)]) == taken:
            return found[:at] + found[at + len(taken) :]
    return found


def _unknown_names(text: str) -> tuple[str, ...]:
    """The name in "que dit X …", "what did X say …", when nobody of that name is quoted."""
    match = _WANTED.search(text)
    name = next((group for group in match.groups() if group), "") if match else ""
    return (name,) if name else ()


def _common(word: str) -> bool:
    return word in stop_words() or word in question_words()


def _unframed(rest: list[str], plain: str) -> list[str]:
    """A question's words without its frame ("qui a dit que …") and, if anything else is left, its question words."""
    frame = _FRAME.match(plain)
    framed = frame.group().split() if frame else []
    left = list(rest)
    for word in framed:
        if word in left:
            left.remove(word)
    asked = [word for word in left if word not in question_words()]
    return asked if any(not _common(word) for word in asked) else left
