"""A cue: words of saying with the phrase of whoever says them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.extraction.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb (or "according to") with its speaker's phrase; tokens ``first:last`` take both in.

    ``form`` is "inverted" (the words came before), "subject" (they follow), "according" (either),
    "carried" (the subject is an earlier cue's), "passive" or "label"; ``says`` tells verbs that can
    govern a content clause; ``link`` how the subject was found (see ``subject_before``); ``chunk``
    the verb's chunk.
    """

    first: int
    last: int
    verb: tuple[int, int]
    form: str
    phrase: Phrase | None
    says: bool
    text: str
    impersonal: bool = False
    link: str = ""
    chunk: int = -1
    negated: bool = False
