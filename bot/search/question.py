"""What a question asks: its language, the speakers it names, its filters, the words that are left
to search.

Five pure steps: what is no search at all, filters, the period, whose words, and the words that are
left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.domain.answer import Question
from bot.domain.model import Speaker
from bot.domain.text import canonical_url, fold
from bot.languages.calendar import Period, find_period
from bot.languages.language import detect
from bot.search.filters import filter_hints, take_filters
from bot.search.frames import caught, frame
from bot.search.manners import small_talk, unpolite
from bot.search.terms import question_words, search_words, stop_words
from bot.search.view import View
from bot.search.whose import whose_words

MAX_LENGTH = 4096
"""Longer questions are cut: Telegram's own limit for a message."""
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"https?://\S+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FEW = 4  # words beside which a lone year is a period
_KEYWORDS = 6  # so few words are keywords: they may stand anywhere in an article


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A question without manners and filters: as typed, its folded words, and these with single
    blanks.
    """

    typed: str
    words: tuple[str, ...]
    plain: str

    @classmethod
    def of(cls, typed: str) -> _Sentence:
        words = tuple(_WORD.findall(fold(typed)))
        return cls(typed, words, " ".join(words))

    @property
    def marked(self) -> bool:
        """Does it end like a question, or begin like one?"""
        return self.typed.rstrip().endswith("?") or frame("asks").match(self.plain) is not None

    @property
    def asks(self) -> bool:
        """Is it a question by any sign: mark, frame, inversion, a question word among the first
        two?
        """
        if self.marked or frame("inverted", start=False).search(self.typed.lower()):
            return True
        return any(word in question_words() for word in self.words[:2])


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose words are asked: the speakers, the words that name them, and who is asked for in
    vain.
    """

    speakers: tuple[Speaker, ...] = ()
    used: frozenset[str] = frozenset()
    nobody: str = ""


def parse_question(text: str, index: View, language: str | None = None) -> Question:
    """Take a question apart; words that are not understood stay words to search."""
    text = " ".join(text[:MAX_LENGTH].split())
    spoken = language or detect(text)
    special = _no_search(text, language, spoken)
    if special is not None:
        return special
    left, filters, phrases, excluded = take_filters(unpolite(text))
    sentence = _Sentence.of(left)
    period = _period(sentence, index.newest())
    timeless = _without(sentence.words, period.words if period else ())
    whose = _whose(sentence, timeless, index)
    words = _words_left(sentence, timeless, whose, period)
    return Question(
        text=text,
        language=spoken,
        words=" ".join(words),
        speaker_ids=tuple(speaker.id for speaker in whose.speakers),
        speaker_words=" ".join(sorted(whose.used)),
        hints=filter_hints(left, spoken),
        filters=filters,
        phrases=phrases,
        excluded=excluded,
        unknown_names=_in_vain(sentence, whose),
        asks=sentence.asks or len(sentence.words) <= _KEYWORDS,
        period=(period.first, period.last) if period else None,
        period_words=period.words if period else (),
        counts=_starts(sentence.words, "how_many"),
        plain=left.strip() or text,
    )


# ---- first: what is no search for words
def _no_search(text: str, language: str | None, spoken: str) -> Question | None:
    if _ADDRESS.fullmatch(text):
        return _of_address(text, language)
    return Question(text=text, language=spoken, words="", asks=True) if small_talk(text) else None


def _of_address(text: str, language: str | None) -> Question:
    """A pasted address asks for what the article there holds."""
    parts = urlsplit(canonical_url(text))
    where = f"{parts.netloc}{parts.path}".removeprefix("www.").rstrip("/")
    return Question(
        text=text, language=language or "fr", words="", filters={"source": where}, asks=True
    )


# ---- third: the period (the second, filters, is filters.py's)
def _period(sentence: _Sentence, newest: date | None) -> Period | None:
    if newest is None:
        return None
    return find_period(sentence.plain, newest) or _lone_year(sentence.words, newest)


def _lone_year(words: Sequence[str], newest: date) -> Period | None:
    """ "Macron 2018": a year beside very few other words is a period."""
    years = [word for word in words if _YEAR.fullmatch(word) and int(word) <= newest.year]
    if len(years) != 1 or len(words) > _FEW:
        return None
    return Period(date(int(years[0]), 1, 1), date(int(years[0]), 12, 31), (years[0],))


def _without(words: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The words without the run of them that named a period."""
    for at in range(len(words) - len(taken) + 1 if taken else 0):
        if tuple(words[at : at + len(taken)]) == tuple(taken):
            return [*words[:at], *words[at + len(taken) :]]
    return list(words)


# ---- fourth: whose words
def _whose(sentence: _Sentence, timeless: Sequence[str], index: View) -> _Whose:
    """Whose words are asked; a name that is merely mentioned beside a subject only weighs."""
    speakers, used, nobody = whose_words(
        sentence.typed, list(sentence.words), sentence.plain, index
    )
    left = [word for word in timeless if word not in used]
    subject = any(not _common(word) for word in left) or len(left) > 2
    if subject and not _restricts(sentence, speakers, used):
        return _Whose()
    return _Whose(tuple(speakers), frozenset(used), nobody)


def _restricts(sentence: _Sentence, speakers: Sequence[Speaker], used: set[str]) -> bool:
    """Is a question put so that it asks for the words of those it names, and not who spoke of
    them?
    """
    plain, about = sentence.plain, bool(used) and _name_about(sentence.words, used)
    from_source = frame("source", start=False).search(plain) is not None
    if not (sentence.marked or from_source or about) or frame("who").match(plain):
        return False
    saying = any(word in search_words("saying") for word in sentence.words)
    return not speakers or from_source or saying or _name_about(sentence.words, used)


def _name_about(words: Sequence[str], used: set[str]) -> bool:
    """ "X sur Y": does a word like "about" follow the name?"""
    after = next((at for at, word in enumerate(words) if word in used), len(words))
    while after < len(words) and words[after] in used:
        after += 1
    return after < len(words) and words[after] in search_words("about")


def _in_vain(sentence: _Sentence, whose: _Whose) -> tuple[str, ...]:
    """The name in "que dit X …", "what did X say …", when nobody of that name is quoted."""
    if whose.speakers:
        return ()
    name = whose.nobody or caught("wanted", sentence.typed)
    return (name,) if name else ()


# ---- fifth: the words that are left
def _words_left(
    sentence: _Sentence, timeless: Sequence[str], whose: _Whose, period: Period | None
) -> Sequence[str]:
    left = [word for word in timeless if word not in whose.used]
    if (whose.speakers or period) and all(_common(word) for word in left):
        return ()  # all of somebody's words, or of a time
    return _unframed(left, sentence.plain) if sentence.asks else left


def _unframed(left: list[str], plain: str) -> list[str]:
    """A question's words without its frame ("qui a dit que …") and, if anything else is left, its
    question words.
    """
    match = frame("asks").match(plain)
    left = list(left)
    for word in match.group().split() if match else ():
        if word in left:
            left.remove(word)
    asked = [word for word in left if word not in question_words()]
    return asked if any(not _common(word) for word in asked) else left


def _common(word: str) -> bool:
    return word in stop_words() or word in question_words()


def _starts(words: Sequence[str], name: str) -> bool:
    """Do the first words stand in a list of ``[search]``?"""
    return any(
        list(words[: len(phrase)]) == phrase for phrase in map(str.split, search_words(name))
    )
