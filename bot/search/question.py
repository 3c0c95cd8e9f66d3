"""What a question asks: its language, the speakers it names, the words that are left to search."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from bot.domain.model import Question, Speaker
from bot.domain.text import fold
from bot.languages.language import detect
from bot.search.index import Index, name_words
from bot.search.terms import question_words, stop_words

MAX_LENGTH = 4096
"""Longer questions are cut: Telegram's own limit for a message."""
_WORD = re.compile(r"[^\W_]+")
_NAME_SIMILARITY = 0.8


def parse_question(text: str, index: Index, language: str | None = None) -> Question:
    """Take a question apart; words that are not understood stay words to search."""
    text = " ".join(text[:MAX_LENGTH].split())
    found = _WORD.findall(fold(text))
    speakers, used = _speakers(found, index)
    rest = [word for word in found if word not in used]
    searched = [word for word in rest if word not in stop_words() and word not in question_words()]
    if not searched and not speakers:  # nothing but common words: search them rather than drop them
        searched = [word for word in rest if word not in stop_words()] or rest
    return Question(
        text=text, language=language or detect(text), words=" ".join(searched),
        speaker_ids=tuple(speaker.id for speaker in speakers), speaker_words=" ".join(sorted(used)),
    )  # fmt: skip


def _speakers(found: list[str], index: Index) -> tuple[list[Speaker], set[str]]:
    """The known people and bodies that a question names, and the words it does so with."""
    chosen: dict[str, Speaker] = {}
    used: set[str] = set()
    for speaker in index.speakers.values():
        if speaker.kind not in ("person", "org"):
            continue
        matched = _matched(name_words(speaker), found, speaker.kind)
        if matched:
            chosen[speaker.id] = speaker
            used |= matched
    return list(chosen.values()), used


def _matched(name: list[str], found: list[str], kind: str) -> set[str]:
    """The question's words that stand for a name: its last word at least, or a single first name."""
    if kind == "org" or len(name) > 4 or not name:
        joined = " ".join(name)
        return set(name) if re.search(rf"\b{re.escape(joined)}\b", " ".join(found)) and kind != "org" else set()
    last = next((word for word in found if _same(word, name[-1])), None)
    if last is None or (len(name) == 1 and name[0] in stop_words()):
        return set()
    return {last} | {word for word in found for part in name[:-1] if _same(word, part) and part not in stop_words()}


def _same(word: str, name: str) -> bool:
    if word == name:
        return True
    if min(len(word), len(name)) < 5 or word[0] != name[0]:
        return False
    return OSA.normalized_similarity(word, name) >= _NAME_SIMILARITY
