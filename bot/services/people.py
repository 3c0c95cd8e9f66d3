"""What admins decide of names: two entries are one person, or one is two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.model import Speaker
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

    def _rule(self, into: str, out_of: str, one: str, other: str) -> None:
        row = self.store.records(PEOPLE, PEOPLE).get(PEOPLE, {})
        kept = {name: [list(pair) for pair in row.get(name, ())] for name in ("same", "apart")}
        kept[out_of] = [pair for pair in kept[out_of] if not _is_pair(pair, one, other)]
        if not any(_is_pair(pair, one, other) for pair in kept[into]):
            kept[into].append([one, other])
        self.store.keep(PEOPLE, PEOPLE, kept)
        self.index.relearn()


def _is_pair(pair: Iterable[str], one: str, other: str) -> bool:
    return set(pair) == {one, other}
