"""Who follows whom or what, and what is new for them: each claim once, at once or once a day."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.model import Article, Change, Passage
from bot.domain.ports import Store
from bot.domain.tracking import Follow, Following
from bot.extraction.extract import extract_quotes
from bot.search.index import Index
from bot.search.view import View
from bot.services.claims import claim_of
from bot.services.wanted import ARTICLE, fits, said_in

KIND = "follows"
"""The kind of these records, by reader."""
_EDIT = "edit:"  # before the id of an edited article among what is to be told
_STATE, _SEEN, _LEASE = "state", "followed", "notifier"
MOST = 50
"""What one reader may follow."""
_TOLD = 500  # claims that are remembered as told
_PENDING = 100  # quotes that a digest holds at most
_LATE = 3600.0  # seconds that may lie between an article's reading and its storing
_LOCK = threading.RLock()  # a record is read, changed and kept by one thread at a time
_HELD = 90.0  # seconds for which one process is the one that tells


@dataclass(frozen=True, slots=True)
class News:
    """What one reader is to be told: quotes, and articles that were edited, each with what it was
    followed for.
    """

    reader: int
    items: tuple[tuple[Follow, Passage], ...] = ()
    edits: tuple[tuple[Follow, Article], ...] = ()


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
        """Follow a speaker (an id) or words; False when there is no room, or it is followed
        already.
        """
        with _LOCK:
            items = self.of(reader).items
            if len(items) >= MOST or any((one.what, one.key) == (what, key) for one in items):
                return False
            self._keep(reader, items=(*items, Follow(what, key, label)))
            return True

    def remove(self, reader: int, key: str) -> bool:
        """Follow it no more; False when it isn't followed."""
        with _LOCK:
            items = self.of(reader).items
            kept = tuple(one for one in items if one.key != key)
            self._keep(reader, items=kept)
            return len(kept) < len(items)

    def mute(self, reader: int, key: str) -> bool:
        """Say nothing of it for now, or again; False when it isn't followed."""
        with _LOCK:
            items = self.of(reader).items
            turned = tuple(
                replace(one, muted=not one.muted) if one.key == key else one for one in items
            )
            self._keep(reader, items=turned)
            return turned != items

    def digest(self, reader: int, hour: int | None, zone: str) -> bool:
        """Tell once a day at an hour of a time zone, or (None) at once; False for an hour or a zone
        that there is none of.
        """
        if (hour is not None and not 0 <= hour <= 23) or zone not in available_timezones():
            return False
        self._keep(reader, hour=hour, zone=zone)
        return True

    def forget(self, reader: int) -> None:
        """Erase what a reader follows."""
        with _LOCK:
            self.store.keep(KIND, str(reader), None)

    def _row(self, reader: int) -> Mapping[str, Any]:
        return self.store.records(KIND, str(reader)).get(str(reader), {})

    def _keep(self, reader: int, **changes: Any) -> None:
        """Keep what has changed; who follows nothing (any more) has no record."""
        with _LOCK:
            if "items" in changes:
                changes["items"] = [[f.what, f.key, f.label, f.muted] for f in changes["items"]]
            made = {**self._row(reader), **changes}
            self.store.keep(KIND, str(reader), made if made.get("items") else None)

    # ---- what is new
    def mine(self) -> bool:
        """Is this the process that tells? One is, as long as it lives; it asks for that once, and
        has it from the next look on.

        Of two that ask at the same moment, the one whose asking was kept last finds itself there at
        the next look.
        """
        now, known = time.time(), self.store.records(_STATE, _LEASE).get(_LEASE, {})
        own, left = known.get("holder") == self.holder, float(known.get("until", 0)) - now
        if not own and known and left > 0:
            return False
        if left < _HELD / 2:
            self.store.keep(_STATE, _LEASE, {"holder": self.holder, "until": now + _HELD})
        return own

    def news(self, now: datetime) -> Iterator[News]:
        """What is new for each reader since the last time; told once it is given out. The first
        time, nothing is.
        """
        view = self.index.current(self.store)
        seen = self.store.records(_STATE, _SEEN).get(_SEEN)
        since = float(seen.get("when", 0)) - _LATE if seen else 0.0
        when = time.time()
        changes = list(self.store.changes(int(seen["seq"]))) if seen else []
        last = max(
            (change.seq for change in changes),
            default=int(seen["seq"]) if seen else self.index.last_seen,
        )
        added = list(self._added(changes, since))
        edited = list(self._editions(changes, since))
        for key in self.store.records(KIND):
            if key == "0":
                continue  # the terminal's reader, whom nobody can write to
            found = list(self._fresh(int(key), added, view))
            yield from self._due(int(key), found, list(self._edited(int(key), edited, view)), now)
        if changes or not seen:
            self.store.keep(_STATE, _SEEN, {"seq": last, "when": when})

    def later(self, news: News) -> None:
        """What could not be sent is told with the next news."""
        with _LOCK:
            pending = [[f.what, f.key, f.label, passage.quote.id] for f, passage in news.items]
            pending += [[f.what, f.key, f.label, _EDIT + article.id] for f, article in news.edits]
            self._keep(
                news.reader,
                pending=[*pending, *self._row(news.reader).get("pending", ())][:_PENDING],
            )

    def _added(self, changes: list[Change], since: float) -> Iterator[Passage]:
        """The quotes that some changes brought: not those of articles that were there already and
        were read or mended anew.
        """
        for change in changes:
            article = change.article
            if article is None or (article.retrieved and article.retrieved.timestamp() < since):
                continue
            yield from (Passage(quote, article) for quote in change.quotes)

    def _editions(
        self, changes: list[Change], since: float
    ) -> Iterator[tuple[Article, tuple[Passage, ...]]]:
        """The articles that were read anew and whose quotes are others now, with the quotes that
        changed, went or came.
        """
        for change in changes:
            article = change.article
            if article is None or (article.retrieved and article.retrieved.timestamp() < since):
                continue
            versions = list(self.store.versions(article.id))
            if not versions or versions[-1].text == article.text:
                continue
            before = said_in(versions[-1], extract_quotes(versions[-1]))
            after = said_in(article, change.quotes)
            other = [before[key] for key in before.keys() - after.keys()]
            other += [after[key] for key in after.keys() - before.keys()]
            if other:
                yield article, tuple(other)

    def _edited(
        self, reader: int, edited: list[tuple[Article, tuple[Passage, ...]]], view: View
    ) -> Iterator[tuple[Follow, Article]]:
        """Of what was edited, what a reader follows: the article, or somebody or something in a
        quote that changed.
        """
        following = [f for f in self.of(reader).items if not f.muted]
        told = set(self._row(reader).get("told", ()))
        for article, passages in edited:
            if _edition(article) in told:
                continue
            wanted = next(
                (f for f in following if f.what == ARTICLE and f.key == article.id),
                None,
            ) or next((f for p in passages for f in following if fits(f, p, view)), None)
            if wanted is not None:
                yield wanted, article

    def _fresh(
        self, reader: int, added: list[Passage], view: View
    ) -> Iterator[tuple[Follow, Passage]]:
        """What a reader follows of what was added, each claim that they were not told of once."""
        following = self.of(reader)
        told = set(self._row(reader).get("told", ()))
        for passage in added:
            wanted = next(
                (f for f in following.items if not f.muted and fits(f, passage, view)), None
            )
            if wanted is None or any(
                passage.text in old.text for old in self.store.versions(passage.article.id)
            ):
                continue  # an edited article's words that were there before are no news
            ids = {other.quote.id for other in claim_of(passage, view, self.store).occurrences}
            if not ids & told:
                told |= ids
                yield wanted, passage

    def _due(
        self,
        reader: int,
        found: list[tuple[Follow, Passage]],
        edits: list[tuple[Follow, Article]],
        now: datetime,
    ) -> Iterator[News]:
        with _LOCK:
            following, row = self.of(reader), self._row(reader)
            if not following.items:
                return  # forgotten meanwhile
            told = [*row.get("told", ()), *(passage.quote.id for _, passage in found)]
            told = [*told, *(_edition(article) for _, article in edits)][-_TOLD:]
            new = [[f.what, f.key, f.label, passage.quote.id] for f, passage in found]
            new += [[f.what, f.key, f.label, _EDIT + article.id] for f, article in edits]
            pending = [*row.get("pending", ()), *new][-_PENDING:]
            daily, day = following.hour is not None, _day_due(following, row, now)
            if day is None and daily:
                if new:
                    self._keep(reader, told=told, pending=pending)
                return
            if not pending and not daily:
                return
            self._keep(reader, told=told, pending=[], day=day or row.get("day"))
        yield from self._news(reader, pending)

    def _news(self, reader: int, pending: list[list[str]]) -> Iterator[News]:
        quotes = [item for item in pending if not item[3].startswith(_EDIT)]
        items = tuple(self._looked_up(quotes))
        again = tuple(self._articles(item for item in pending if item not in quotes))
        if items or again:
            yield News(reader, items, again)

    def _articles(self, pending: Iterable[list[str]]) -> Iterator[tuple[Follow, Article]]:
        for what, key, label, edit in {item[3]: item for item in pending}.values():
            article = self.store.article(edit.removeprefix(_EDIT))
            if article:
                yield Follow(what, key, label), article

    def _looked_up(self, pending: list[list[str]]) -> Iterator[tuple[Follow, Passage]]:
        for what, key, label, quote_id in pending:
            quote = self.store.quote(quote_id)
            article = self.store.article(quote.article_id) if quote else None
            if quote and article:
                yield Follow(what, key, label), Passage(quote, article)


def _edition(article: Article) -> str:
    """One reading of an article, among what was told."""
    return f"{_EDIT}{article.id}:{article.sha256[:12]}"


def _day_due(following: Following, row: Mapping[str, Any], now: datetime) -> str | None:
    """The day of which a daily digest is due; None: not yet, or it was given out."""
    here = now.astimezone(ZoneInfo(following.zone))
    day = here.date().isoformat()
    due = following.hour is not None and here.hour >= following.hour and row.get("day") != day
    return day if due else None


def _following(row: Mapping[str, Any]) -> Following:
    items = tuple(Follow(*item) for item in row.get("items", ()))
    return Following(items, row.get("hour"), row.get("zone", "Europe/Paris"))
