"""The frozen types of what is tracked: editions, feeds, followings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.model import Article


@dataclass(frozen=True, slots=True)
class Changed:
    """One quote that an edition added, removed or changed, as it was and as it is."""

    kind: Literal["added", "removed", "changed"]
    before: str | None
    after: str | None
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Edition:
    """A later version of an article, and what it changed in the quotes of the one before."""

    article: Article
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and how it fares; times are seconds since the epoch."""

    url: str
    every: int = 30
    title: str | None = None
    paused: bool = False
    etag: str | None = None
    modified: str | None = None
    added: int = 0
    failures: int = 0
    error: str | None = None
    last: float | None = None
    next: float = 0.0


@dataclass(frozen=True, slots=True)
class Follow:
    """What a reader follows: a ``speaker`` or an ``article`` (by id), a ``publisher`` or ``words``;
    ``muted``: nothing is said of it for now.
    """

    what: str
    key: str
    label: str
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Following:
    """All that a reader follows; told at once, or (``hour``) once a day in a time zone."""

    items: tuple[Follow, ...] = ()
    hour: int | None = None
    zone: str = "Europe/Paris"
