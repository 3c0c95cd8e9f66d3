"""What admins decide of names: two entries are one person, one is two, one is nobody who speaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.model import Quote, Speaker
from bot.domain.ports import Store
from bot.domain.text import fold
from bot.search.index import PEOPLE, Index

_PAIR = 2


@dataclass(frozen=True, slots=True)
class People:
    """Join and part entries; either takes the other back."""

    store: Store
    index: Index

    def of_name(self, name: str) -> Speaker | None:
        """The entry of exactly that name, or the only one whose name holds its words."""
        view = self.index.current(self.store)
        everybody = list(view.people.entries())
        exact = [s for s in everybody if fold(s.name) == fold(name) or s.id == name]
        near = [s for s in everybody if set(fold(name).split()) <= set(fold(s.name).split())]
        return exact[0] if exact else near[0] if len(near) == 1 else None

    def join(self, one: str, other: str) -> None:
        """These two ids are of one person."""
        self._rule("same", "apart", one, other)

    def part(self, one: str, other: str) -> None:
        """These two ids are of two persons."""
        self._rule("apart", "same", one, other)

    def silence(self, speaker: Speaker, by: int) -> int:
        """This entry is no speaker ("Bruxelles", a misread word): its statements, and those still
        to come, are nobody's known. Returns how many there are.
        """
        held = self._statements(speaker.id)
        people = self.index.current(self.store).people
        names = {entry.id: entry for entry in people.entries()}
        ids = [key for key in people.ids(speaker.id) if key in names]
        when = datetime.now(UTC).isoformat(timespec="seconds")
        rows = {
            key: {
                **asdict(names[key]),
                "quotes": [q.id for qs in held.values() for q in qs if _is_by(q, {key})],
                "by": by,
                "when": when,
                "with": ids,
            }
            for key in ids
        }
        row = _rulings(self.store)
        known = row.get("nobody", {})
        self.store.keep(PEOPLE, PEOPLE, {**row, "nobody": {**known, **rows}})
        for article_id, own in held.items():
            self._rewrite(article_id, {q.id: without_speaker(q) for q in own if _is_by(q, ids)})
        return sum(len(one["quotes"]) for one in rows.values())

    def unsilence(self, speaker_id: str) -> Speaker | None:
        """Take that back; None where it was not said. The statements get their speaker again."""
        row = _rulings(self.store)
        known = dict(row.get("nobody", {}))
        if speaker_id not in known:
            return None
        keys = known[speaker_id].get("with", [speaker_id])
        gone = [known.pop(key) for key in keys if key in known]
        self.store.keep(PEOPLE, PEOPLE, {**row, "nobody": known})
        found: dict[str, dict[str, Quote]] = defaultdict(dict)
        for made in gone:
            for quote in self._unspoken(made["quotes"]):
                back = replace(quote, speaker=_speaker(made), attribution="inferred", sure=1.0)
                found[quote.article_id][quote.id] = back
        for article_id, changed in found.items():
            self._rewrite(article_id, changed)
        return _speaker(next(made for made in gone if made["id"] == speaker_id))

    def _unspoken(self, quote_ids: Iterable[str]) -> list[Quote]:
        """Those of some quotes that are nobody's known."""
        found = (self.store.quote(quote_id) for quote_id in quote_ids)
        return [quote for quote in found if quote is not None and quote.speaker is None]

    def silenced(self, name: str) -> Speaker | None:
        """Whom of that name, or id, an admin said to be no speaker."""
        rows = _rulings(self.store).get("nobody", {}).values()
        found = next((r for r in rows if fold(r["name"]) == fold(name) or r["id"] == name), None)
        return _speaker(found) if found else None

    def _statements(self, speaker_id: str) -> Mapping[str, Sequence[Quote]]:
        """All quotes of the articles that quote somebody, by article."""
        view = self.index.current(self.store)
        keys = {entry.article_id for entry in view.of_speaker([speaker_id])}
        return {key: self.store.quotes(key) for key in sorted(keys)}

    def _rewrite(self, article_id: str, changed: Mapping[str, Quote]) -> None:
        article = self.store.article(article_id)
        if article is not None and changed:
            quotes = tuple(changed.get(q.id, q) for q in self.store.quotes(article_id))
            self.store.add_many([(article, quotes)])

    def _rule(self, into: str, out_of: str, one: str, other: str) -> None:
        row = _rulings(self.store)
        kept = {name: [list(pair) for pair in row.get(name, ())] for name in ("same", "apart")}
        kept[out_of] = [pair for pair in kept[out_of] if not _is_pair(pair, one, other)]
        if not any(_is_pair(pair, one, other) for pair in kept[into]):
            kept[into].append([one, other])
        self.store.keep(PEOPLE, PEOPLE, {**row, **kept})
        self.index.relearn()


def without_nobodies(store: Store, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Quotes without the speakers that admins said to be none."""
    nobody = _rulings(store).get("nobody", {})
    return tuple(without_speaker(q) if _is_by(q, nobody) else q for q in quotes)


def without_speaker(quote: Quote) -> Quote:
    """A quote of which it isn't known who said it."""
    return replace(quote, speaker=None, attribution="unknown", sure=1.0)


def _speaker(row: Mapping[str, Any]) -> Speaker:
    return Speaker(row["id"], row["name"], row["kind"], row["role"])


def _is_by(quote: Quote, ids: Iterable[str]) -> bool:
    return quote.speaker is not None and quote.speaker.id in ids


def _rulings(store: Store) -> Mapping[str, Any]:
    return store.records(PEOPLE, PEOPLE).get(PEOPLE, {})


def _is_pair(pair: Iterable[str], one: str, other: str) -> bool:
    return set(pair) == {one, other}
