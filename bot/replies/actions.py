"""What buttons lead to: typed, and as the at most 64 bytes that Telegram hands back, after a
restart, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LIMIT = 64
"""Telegram's limit for a button's data, in bytes."""


class To(StrEnum):
    """Where a button leads; called with what it is about, it gives the button's data."""

    SOURCE = "s"
    CONTEXT = "c"
    QUOTE = "q"
    COPY = "y"
    CARD = "k"
    DARK_CARD = "d"
    SPEAKER = "p"
    TIMELINE = "t"
    ARTICLE = "a"
    SPEAKERS = "ls"
    ARTICLES = "la"
    RECENT = "lr"
    ANSWER = "n"
    NONE = "o"
    LANGUAGE = "g"
    REPORT = "e"
    DROP = "x"
    NOBODY = "b"
    RESTORE = "u"
    REMOVE = "r"
    FOLLOW = "f"
    UNFOLLOW = "j"
    MUTE = "m"
    SPEAKS = "v"
    VERDICT = "z"

    def __call__(
        self, key: str = "", page: int | None = None, words: str = "", anew: bool = False
    ) -> str:
        """The data of a button that leads there."""
        return Action(self, key, page, words, anew).encode()


LISTS = (To.SPEAKERS, To.ARTICLES, To.RECENT, To.ANSWER, To.NONE)
"""What has pages and no key."""
OF_QUESTION = (To.ANSWER, To.NONE)
"""What needs the question that the message answers."""
_TURNING = (*LISTS, To.LANGUAGE, To.CARD, To.DARK_CARD)
_PAGED = (To.SPEAKER, To.ARTICLE, To.TIMELINE)
_LIST = re.compile(rf"(w:)?({'|'.join(LISTS)}):(\d{{1,4}})(?::(.*))?", re.DOTALL)
_ABOUT = re.compile(r"(w:)?([a-z]):([A-Za-z0-9_-]{1,48})(?::(\d{1,4}))?(?:\|(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does: ``key`` is an id (or a language's code), ``words`` narrow a list.

    ``page`` None: of the first page, in a message of its own where the list is not the button's;
    ``anew``: always so.
    """

    to: To
    key: str = ""
    page: int | None = None
    words: str = ""
    anew: bool = False

    def encode(self) -> str:
        """As a button's data; words are cut to fit."""
        start = "w:" if self.anew else ""
        if self.to not in LISTS:
            made = f"{start}{self.to}:{self.key}"
            made += f":{self.page}" if self.page is not None else ""
            made += f"|{self.words}" if self.words else ""
            return _cut(made)
        made = f"{start}{self.to}:{self.number}" + (f":{self.words}" if self.words else "")
        return _cut(made)

    @property
    def number(self) -> int:
        """The page's number, from 0 on."""
        return self.page or 0

    @property
    def turns(self) -> bool:
        """Does it put its reply in the place of the message that it stands under?"""
        return not self.anew and (
            self.to in _TURNING or (self.page is not None and self.to in _PAGED)
        )

    @classmethod
    def decode(cls, data: str) -> Action | None:
        """The action of a button's data; None for what no button of ours holds."""
        if found := _LIST.fullmatch(data):
            return cls(To(found[2]), page=int(found[3]), words=found[4] or "", anew=bool(found[1]))
        if (found := _ABOUT.fullmatch(data)) and found[2] in set(To) - set(LISTS):
            page = int(found[4]) if found[4] else None
            return cls(To(found[2]), found[3], page, found[5] or "", bool(found[1]))
        return None


def _cut(data: str) -> str:
    return data.encode()[:LIMIT].decode("utf-8", "ignore")
