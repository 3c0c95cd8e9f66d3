"""One thing that a person says or taps, with what it stands beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.conversation.languages import Languages, Reader
from bot.replies.actions import Action, To
from bot.replies.phrases import Phrases
from bot.services.desk import Desk

_OF_QUOTES = (To.SOURCE, To.QUOTE, To.CARD, To.DARK_CARD, To.CONTEXT, To.COPY)

ID = re.compile(r"(?:([qas])_(?=\1[A-Za-z0-9_-]{12}))?(?P<id>[A-Za-z0-9_-]{1,48})")
"""An id as it is shown, or with the letter and the dash that a link puts before it; ids themselves
may begin so.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the conversation is given.

    ``username`` is the bot's, where it can be called in other chats. ``beside`` are the buttons'
    data of the message that this one replies to (in a terminal, of the last reply), ``about`` the
    id of the quote that it shows, if it shows one; ``question`` is what the answer was given to
    whose page is turned, None where it can't be seen any more. ``said`` is the text of a message
    that this one replies to and that isn't the bot's, ``facts`` what is known of it (publisher,
    published, url).
    """

    desk: Desk
    languages: Languages
    reader: Reader
    say: Phrases
    username: str | None = None
    beside: tuple[str, ...] = ()
    about: str | None = None
    question: str | None = None
    said: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def quote_id(self) -> str | None:
        """The quote that this is beside."""
        return self.about or next(
            (action.key for action in self._actions() if action.to in _OF_QUOTES), None
        )

    def _actions(self) -> Iterator[Action]:
        yield from filter(None, map(Action.decode, self.beside))
