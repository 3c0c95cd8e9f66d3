"""A noun phrase, as the chunker reads it."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: tokens ``first:last``, its proper name, its common part, the head noun's
    token.

    ``pronoun`` is its word when it is one, ``title`` the civil title's token, ``members`` the parts
    of "X and Y".
    """

    first: int
    last: int
    name: Range | None = None
    common: Range | None = None
    head: int | None = None
    pronoun: str | None = None
    title: int | None = None
    indefinite: bool = False
    members: tuple[Phrase, ...] = ()
