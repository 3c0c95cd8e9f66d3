"""Sentences as strings of one tag a token, so that grammar can be written as regular expressions
over tags.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.model import Span
from bot.extraction.marks import Marked
from bot.languages import tags
from bot.languages.language import Language


@dataclass(slots=True)
class Sentence:
    """Parallel lists over tokens, and the text and language that they stand for.

    ``marked[i]`` is the quote at a token tagged Q; ``people`` are the full names (folded) known in
    the article, ``parsed`` its chunks once they have been asked for.
    """

    text: str
    language: Language
    tags: str = ""
    words: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    marked: dict[int, Marked] = field(default_factory=dict)
    paragraph: int = 0
    heading: bool = False
    people: set[str] = field(default_factory=set)
    parsed: object = None

    @property
    def coarse(self) -> str:
        """The tags without the parts of speech of ordinary words."""
        return tags.coarse(self.tags)

    @property
    def span(self) -> Span:
        """From the first token's start to the last one's end."""
        return self.spans[0][0], self.spans[-1][1]

    def __len__(self) -> int:
        return len(self.words)

    def tag(self, at: int) -> str:
        """The tag of a token, "" beyond the sentence's ends."""
        return self.tags[at : at + 1] if at >= 0 else ""

    def word(self, at: int) -> str:
        """The folded word of a token, "" beyond the sentence's ends."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def has(self, key: str, at: int) -> bool:
        """Is a token in one of the language's ``[words]`` lists?"""
        return self.language.has(key, self.word(at))

    def raw(self, first: int, last: int) -> str:
        """The article's own characters from token ``first`` to before token ``last``."""
        return self.text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""

    def capital(self, at: int) -> bool:
        """Does a token begin with a capital?"""
        return self.text[self.spans[at][0]].isupper()
