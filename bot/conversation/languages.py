"""In which language each reader is spoken to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.errors import StoreError
from bot.domain.ports import Store
from bot.replies.phrases import Phrases, phrases
from bot.services.preferences import prefer, preferences

_KNOWN = 10_000  # readers whose choice is remembered without asking the store


@dataclass(frozen=True, slots=True)
class Reader:
    """Who talks: their number, the language that the door takes them to speak, the number of the
    group they talk in.

    In a group its language goes before theirs. ``may_choose``: may they choose the language (their
    own, or the group's)? ``admin``: are they one of the deployment's admins, who add and mend?
    """

    id: int
    code: str | None = None
    group: int | None = None
    may_choose: bool = True
    admin: bool = False

    def choosing(self, may: bool) -> Reader:
        """The same, who may or may not choose."""
        return replace(self, may_choose=may)

    @property
    def kept_under(self) -> int:
        """The number that a choice is kept under."""
        return self.id if self.group is None else self.group


class Languages:
    """What readers chose, else the deployment's language, else their own."""

    def __init__(self, store: Store, fixed: str | None = None) -> None:
        self._store, self._fixed = store, fixed
        self._known: dict[int, str | None] = {}

    def say(self, reader: Reader) -> Phrases:
        """The phrases for a reader; while the store is away, as if nothing had been chosen."""
        try:
            chosen = self._chosen(reader.kept_under) or self._chosen(reader.id)
        except StoreError:
            chosen = None
        return phrases(chosen or self._fixed or reader.code)

    def _chosen(self, reader: int) -> str | None:
        if reader not in self._known:
            self._remember(reader, self.kept(reader))
        return self._known.get(reader)

    def kept(self, reader: int) -> str | None:
        """What the store keeps of a reader."""
        return preferences(self._store, reader).get("language")

    def choose(self, reader: Reader, code: str) -> None:
        """Keep a reader's choice, or their group's, over restarts."""
        prefer(self._store, reader.kept_under, {"language": code})
        self._remember(reader.kept_under, code)

    def forget(self, reader: int) -> None:
        """Erase it."""
        prefer(self._store, reader, {})
        self._remember(reader, None)

    def _remember(self, reader: int, code: str | None) -> None:
        if len(self._known) >= _KNOWN:
            self._known.pop(next(iter(self._known)), None)
        self._known[reader] = code
