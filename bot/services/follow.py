"""Who follows whom or what, and what is new for them: each claim once, at once or once a day."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.model import Change, Passage, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold
from bot.domain.tracking import Follow, Following
from bot.search.index import Index
from bot.search.terms import stem, stop_words, words
from bot.search.view import View
from bot.services.claims import claim_of

KIND = "follows"
"""The kind of these records, by reader."""
_STATE, _SEEN, _LEASE = "state", "followed", "notifier"
MOST = 50
"""What one reader may follow."""
_TOLD = 500  # claims that are remembered as told
_PENDING = 100  # quotes that a digest holds at most
_HELD = 90.0  # seconds for which one process is the one that tells


@dataclass(frozen=True, slots=True)
class News:
    """What one reader is to be told: quotes, each with what it was followed for."""

    reader: int
    items: tuple[tuple[Follow, Passage], ...]


@dataclass(frozen=True, slots=True)
class Follows:
    """The followings of a store."""

    store: Store
    index: Index
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)

    # ---- what readers do
    def of(self, reader: int) -> Following:
        """What a reader follows."""
        return _following(self.store.records(KIND, str(reader)).get(str(reader), {}))

    def add(self, reader: int, what: str, key: str, label: str) -> bool:
        """Follow a speaker (an id) or words; False when there is no room, or it is followed already."""
        following = self.of(reader)
        if len(following.items) >= MOST or any((one.what, one.key) == (what, key) for one in following.items):
            return False
        self._keep(reader, following, items=(*following.items, Follow(what, key, label)))
        return True

    def remove(self, reader: int, key: str) -> bool:
        """Follow it no more; False when it isn't followed."""
        following = self.of(reader)
        kept = tuple(one for one in following.items if one.key != key)
        self._keep(reader, following, items=kept)
        return len(kept) < len(following.items)

    def mute(self, reader: int, key: str) -> bool:
        """Say nothing of it for now, or again; False when it isn't followed."""
        following = self.of(reader)
        turned = [Follow(f.what, f.key, f.label, not f.muted) if f.key == key else f for f in following.items]
        self._keep(reader, following, items=tuple(turned))
        return tuple(turned) != following.items

    def digest(self, reader: int, hour: int | None, zone: str) -> bool:
        """Tell once a day at an hour of a time zone, or (None) at once; False for an hour or a zone that there is none of."""
        if (hour is not None and not 0 <= hour <= 23) or zone not in available_timezones():
            return False
        self._keep(reader, self.of(reader), hour=hour, zone=zone)
        return True

    def forget(self, reader: int) -> None:
        """Erase what a reader follows."""
        self.store.keep(KIND, str(reader), None)

    def _keep(self, reader: int, following: Following, **changes: Any) -> None:
        row = self.store.records(KIND, str(reader)).get(str(reader), {})
        made = {
            "items": [[f.what, f.key, f.label, f.muted] for f in changes.get("items", following.items)],
            "hour": changes.get("hour", following.hour), "zone": changes.get("zone", following.zone),
            "told": changes.get("told", row.get("told", [])), "pending": changes.get("pending", row.get("pending", [])),
            "day": changes.get("day", row.get("day")),
        }  # fmt: skip
        self.store.keep(KIND, str(reader), made if made["items"] else None)

    # ---- what is new
    def mine(self) -> bool:
        """Is this the process that tells? One is, as long as it lives."""
        now, known = time.time(), self.store.records(_STATE, _LEASE).get(_LEASE, {})
        if known.get("holder") not in (None, self.holder) and float(known.get("until", 0)) > now:
            return False
        self.store.keep(_STATE, _LEASE, {"holder": self.holder, "until": now + _HELD})
        return bool(self.store.records(_STATE, _LEASE).get(_LEASE, {}).get("holder") == self.holder)

    def news(self, now: datetime) -> Iterator[News]:
        """What is new for each reader since the last time; told once it is given out. The first time, nothing is."""
        view = self.index.current(self.store)
        seen = self.store.records(_STATE, _SEEN).get(_SEEN)
        changes = list(self.store.changes(int(seen["seq"]))) if seen else []
        last = max((change.seq for change in changes), default=int(seen["seq"]) if seen else self.index.last_seen)
        for key in self.store.records(KIND):
            if key == "0":
                continue  # the terminal's reader, whom nobody can write to
            found = list(self._fresh(int(key), changes, view))
            yield from self._due(int(key), found, now)
        self.store.keep(_STATE, _SEEN, {"seq": last})

    def _fresh(self, reader: int, changes: list[Change], view: View) -> Iterator[tuple[Follow, Passage]]:
        """What a reader follows in some changes, each claim that they were not told of once."""
        following = self.of(reader)
        told = set(self.store.records(KIND, str(reader)).get(str(reader), {}).get("told", ()))
        for change in changes:
            for quote in change.quotes if change.article else ():
                passage = Passage(quote, change.article)  # type: ignore[arg-type]
                wanted = next((f for f in following.items if not f.muted and _fits(f, passage, view)), None)
                if wanted is None:
                    continue
                ids = {other.quote.id for other in claim_of(passage, view, self.store).occurrences}
                if not ids & told:
                    told |= ids
                    yield wanted, passage

    def _due(self, reader: int, found: list[tuple[Follow, Passage]], now: datetime) -> Iterator[News]:
        following = self.of(reader)
        row = self.store.records(KIND, str(reader)).get(str(reader), {})
        told = [*row.get("told", ()), *(passage.quote.id for _, passage in found)][-_TOLD:]
        if following.hour is None:
            if found:
                self._keep(reader, following, told=told)
                yield News(reader, tuple(found))
            return
        pending = [*row.get("pending", ()), *([f.what, f.key, f.label, p.quote.id] for f, p in found)][-_PENDING:]
        here = now.astimezone(ZoneInfo(following.zone))
        day = here.date().isoformat()
        if here.hour < following.hour or row.get("day") == day:
            if found:
                self._keep(reader, following, told=told, pending=pending)
            return
        self._keep(reader, following, told=told, pending=[], day=day)
        items = tuple(self._looked_up(pending))
        if items:
            yield News(reader, items)

    def _looked_up(self, pending: list[list[str]]) -> Iterator[tuple[Follow, Passage]]:
        for what, key, label, quote_id in pending:
            quote = self.store.quote(quote_id)
            article = self.store.article(quote.article_id) if quote else None
            if quote and article:
                yield Follow(what, key, label), Passage(quote, article)


def _following(row: Mapping[str, Any]) -> Following:
    items = tuple(Follow(*item) for item in row.get("items", ()))
    return Following(items, row.get("hour"), row.get("zone", "Europe/Paris"))


def _fits(follow: Follow, passage: Passage, view: View) -> bool:
    """Is a quote one that is followed: of the speaker, or with all the words in it, beside it, or in the title?"""
    speaker: Speaker | None = passage.quote.speaker
    if follow.what == "speaker":
        return speaker is not None and view.person(speaker.id) == view.person(follow.key)
    if follow.what == "publisher":
        return fold(passage.article.publisher or "") == fold(follow.key)
    code = passage.article.language
    around = f"{passage.article.text[slice(*passage.quote.context)]} {passage.article.title}"
    held = {stem(word, code) for word in words(around)}
    wanted = [word for word in words(follow.key) if word not in stop_words()]
    return bool(wanted) and all(stem(word, code) in held for word in wanted)
