"""What a question asks: its language, the speakers it names, its filters, the words that are left to search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from bot.domain.model import Question, Speaker
from bot.domain.text import canonical_url, fold
from bot.languages.calendar import Period, find_period
from bot.languages.language import detect
from bot.search.filters import filter_hints, take_filters
from bot.search.index import Index
from bot.search.terms import question_words, search_words, stop_words
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
_ADDRESS = re.compile(r"https?://\S+")
_QUOTED = re.compile(r"[\"«»“”]")
_FEW = 4  # words beside which a lone year is a period
_KEYWORDS = 6  # so few words are keywords: they may stand anywhere in an article
_WHO = re.compile(r"^(?:qui|who)\b")


def parse_question(text: str, index: Index, language: str | None = None) -> Question:
    """Take a question apart; words that are not understood stay words to search."""
    text = " ".join(text[:MAX_LENGTH].split())
    if _ADDRESS.fullmatch(text):
        return _of_address(text, language)
    if _small_talk(text):
        return Question(text=text, language=language or detect(text), words="", asks=True)
    left, filters, phrases, excluded = take_filters(unpolite(text))
    found = _WORD.findall(fold(left))
    plain = " ".join(found)
    asks = left.rstrip().endswith("?") or _FRAME.match(plain) is not None or _INVERTED.search(left) is not None
    asks = asks or any(word in question_words() for word in found[:2])
    newest = index.newest()
    period = (find_period(plain, newest) or _lone_year(found, newest)) if newest else None
    speakers, used, nobody = whose_words(left, found, plain, index)
    rest = [word for word in _without(found, period.words if period else ()) if word not in used]
    content = [word for word in rest if not _common(word)]
    framed = left.rstrip().endswith("?") or _FRAME.match(plain) is not None or _SOURCE.search(plain) is not None
    framed = framed or (bool(used) and _name_about(found, used))
    restricts = framed and not _WHO.match(plain) and _asks_for_words(found, plain, speakers, used)
    if (content or len(rest) > 2) and not restricts:  # a name that is merely mentioned only weighs
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
        period=(period.first, period.last) if period else None, period_words=period.words if period else (), counts=_starts(found, "how_many"),
        plain=left.strip() or text,
    )  # fmt: skip


def unpolite(text: str) -> str:
    """A question without greetings, thanks and "I am looking for" around it; the text itself if nothing else is in it."""
    spans = [match.span() for match in _WORD.finditer(text)]
    plain = [fold(text[slice(*span)]) for span in spans]
    polite = sorted((phrase.split() for phrase in search_words("polite")), key=len, reverse=True)
    first, last = 0, len(plain)
    while cut := next((len(phrase) for phrase in polite if plain[first : first + len(phrase)] == phrase), 0):
        first += cut
    while cut := next((len(p) for p in polite if last - len(p) >= first and plain[last - len(p) : last] == p), 0):
        last -= cut
    if first >= last or (first == 0 and last == len(plain)):
        return text
    while first < last and first and plain[first] in search_words("of"):
        first += 1  # "une citation de X"
    tail = text[spans[last - 1][1] :] if last == len(plain) else ("?" if "?" in text[spans[last - 1][1] :] else "")
    return text[spans[first][0] : spans[last - 1][1]] + tail if first < last else text


def _small_talk(text: str) -> bool:
    """Is the whole of it addressed to the bot: "Bonjour, ça va ?", "Thanks a lot"?"""
    if _QUOTED.search(text):
        return False  # the very words are looked for
    left = " ".join(_WORD.findall(fold(text)))
    phrases = sorted(search_words("smalltalk", "polite"), key=len, reverse=True)
    while left and (phrase := next((p for p in phrases if f"{left} ".startswith(f"{p} ")), "")):
        left = left[len(phrase) :].strip()
    return not left and bool(_WORD.search(text))


def _starts(found: Sequence[str], name: str) -> bool:
    """Do the first words stand in a list of ``[search]``?"""
    return any(list(found[: len(phrase)]) == phrase for phrase in map(str.split, search_words(name)))


def _of_address(text: str, language: str | None) -> Question:
    """A pasted address asks for what the article there holds."""
    parts = urlsplit(canonical_url(text))
    where = f"{parts.netloc}{parts.path}".removeprefix("www.").rstrip("/")
    return Question(text=text, language=language or "fr", words="", filters={"source": where}, asks=True)


def _lone_year(found: list[str], newest: date) -> Period | None:
    """ "Macron 2018": a year beside very few other words is a period."""
    years = [word for word in found if re.fullmatch(r"(?:19|20)\d\d", word) and int(word) <= newest.year]
    if len(years) != 1 or len(found) > _FEW:
        return None
    return Period(date(int(years[0]), 1, 1), date(int(years[0]), 12, 31), (years[0],))


def _asks_for_words(found: list[str], plain: str, speakers: Sequence[Speaker], used: set[str]) -> bool:
    """Is somebody's word asked for: a verb or noun of saying, "selon", or "X sur Y"?"""
    if not speakers or _SOURCE.search(plain) or any(word in search_words("saying") for word in found):
        return True
    return _name_about(found, used)


def _name_about(found: list[str], used: set[str]) -> bool:
    """ "X sur Y": does a word like "about" follow the name?"""
    after = next((at for at, word in enumerate(found) if word in used), len(found))
    while after < len(found) and found[after] in used:
        after += 1
    return found[after : after + 1] != [] and found[after] in search_words("about")


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
