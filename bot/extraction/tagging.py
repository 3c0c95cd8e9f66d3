"""Sentences as strings of one tag a token, so that grammar can be written as regular expressions over tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from bot.domain.model import Span
from bot.extraction.marks import Marked
from bot.languages.language import (
    COLLECTIVE,
    DOCUMENT,
    INVERSION,
    NAME,
    NUMBER,
    ORGANISATION,
    QUOTE,
    ROLE,
    TITLE,
    WORD,
    Language,
)

_KEEP_WHEN_CAPITAL = frozenset((ROLE, ORGANISATION, COLLECTIVE, DOCUMENT))
_STOPS = ".!?…"
_LONGEST = 300  # tokens; a longer stretch without an end is no sentence, and is cut to keep time linear


@dataclass(slots=True)
class Sentence:
    """Parallel lists over tokens; ``marked[i]`` is the quote at a token tagged Q."""

    tags: str = ""
    words: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    marked: dict[int, Marked] = field(default_factory=dict)
    paragraph: int = 0
    heading: bool = False

    @property
    def span(self) -> Span:
        """From the first token's start to the last one's end."""
        return self.spans[0][0], self.spans[-1][1]

    def text_of(self, text: str, first: int, last: int) -> str:
        """The article's own characters from token ``first`` to before token ``last``."""
        return text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""


def _spelt(words: str) -> str:
    """A multiword unit as a pattern: either apostrophe, and a first accent that a capital may have lost."""
    pattern = re.escape(words).replace("'", "['’]")
    return "[àÀaA]" + pattern[1:] if pattern.startswith("à") else pattern


@cache
def tokeniser(language: Language) -> re.Pattern[str]:
    """Groups: m multiword unit, a abbreviation or initial, d dotted acronym, e elided word, w word, i inverted pronoun, p sign."""
    tokens = language.data["tokens"]
    multi = "|".join(_spelt(w) for w in sorted(language.multiword, key=len, reverse=True))
    short = "|".join(re.escape(w) + "|" + re.escape(w.capitalize()) for w in language.words["abbreviation"])
    word = rf"[^\W_]+(?:(?!{tokens['inverted']}\b)(?!{tokens['possessive']})[-’'&]?[^\W_]+)*"
    return re.compile(
        rf"(?P<m>\b(?i:{multi})\b)|(?P<a>\b(?:{short}|MM|[^\W\d_a-zà-ÿ])\.(?=\s))"
        rf"|(?P<d>\b(?:[^\W\d_a-zà-ÿ]\.){{2,}})|(?P<e>\b(?i:{tokens['elided']})(?=\w))|(?P<i>(?<=\w){tokens['inverted']}\b)"
        rf"|(?P<s>{tokens['possessive']})|(?P<w>{word})|(?P<p>[.!?…]+|[,;:()\[\]—–]|(?<=\s)-(?=\s))"
    )


def sentences(
    text: str, paragraphs: Sequence[Span], marked: Sequence[Marked], language: Language
) -> Iterator[Sentence]:
    """The paragraphs' sentences in order, each quoted stretch being one token."""
    queue = list(reversed(marked))
    names = frozenset(match.group(1).lower() for match in _CAPITAL.finditer(text))
    done = 0
    for number, (start, end) in enumerate(paragraphs):
        if start < done:
            continue
        inside: list[Marked] = []
        while queue and queue[-1].outer[0] < end:
            inside.append(queue.pop())
            # a quote that runs over paragraphs makes one of them
            if inside[-1].outer[1] > end:
                end = next((e for _, e in paragraphs[number:] if e >= inside[-1].outer[1]), end)
        yield from _paragraph(text, start, end, inside, number, language, names)
        done = end


def _paragraph(
    text: str, start: int, end: int, marked: list[Marked], number: int, language: Language, names: frozenset[str]
) -> Iterator[Sentence]:
    builder = _Builder(text, language, number, names)
    position = start
    for quote in marked:
        yield from builder.feed(position, quote.outer[0])
        yield from builder.quote(quote)
        position = quote.outer[1]
    yield from builder.feed(position, end)
    yield from builder.finish()


_CAPITAL = re.compile(r"(?<=[^\W\d_A-Z][ \u00a0])([^\W\d_a-zà-ÿ][\w-]+)")
_NAME_AND_WORD = re.compile(r"(?:[^\W\d_a-z][\w.’'-]* ){1,4}(?:\([^)]{1,20}\),? )?([a-z]+)\b(?! (?:that|to)\b)")
_DATELINE = re.compile(r"[NlDpPd,.h]{1,8}(?:\([^)Q]{0,6}\))?-(?=.)")


def _drop_dateline(s: Sentence) -> None:
    """Take "PARIS (AFP) -" or "LE SCAN -" off a sentence's head: it is no part of its grammar."""
    match = _DATELINE.match(s.tags)
    if match and "N" in match.group():
        cut = match.end()
        s.tags, s.words, s.spans = s.tags[cut:], s.words[cut:], s.spans[cut:]
        s.marked = {at - cut: marked for at, marked in s.marked.items()}


class _Builder:
    def __init__(self, text: str, language: Language, number: int, names: frozenset[str]) -> None:
        self.text, self.language, self.number, self.names = text, language, number, names
        self.pattern = tokeniser(language)
        self.unaccented: dict[str, str] = language.data["tokens"]["unaccented"]
        self.pending = False  # a sentence end was seen; it holds if a capital or a quote follows
        self._new()

    def _new(self) -> None:
        self.tags: list[str] = []
        self.current = Sentence(paragraph=self.number)
        self.pending = False

    def feed(self, start: int, end: int) -> Iterator[Sentence]:
        for match in self.pattern.finditer(self.text, start, end):
            group = match.lastgroup
            if group == "p":
                self._sign(match.group(), match.span())
                continue
            if (self.pending and match.group()[0].isupper() and not self._cue_follows(match.start(), end)) or len(
                self.tags
            ) >= _LONGEST:
                yield from self.finish()
            self.pending = False
            self._word(match.group(), match.span(), group or "w")

    def _cue_follows(self, position: int, end: int) -> bool:
        """Does a name with its verb of saying come right after a quote ("“Really?” Smith said")?"""
        if not self.language.data["tokens"]["past_first"] or self.tags[-1:] != [QUOTE]:
            return False
        match = _NAME_AND_WORD.match(self.text, position, end)
        if match is None or match.group().split()[0].lower() in self.language.lexicon:
            return False
        return self.language.lexicon.get(match.group(1)) in ("V", "U")

    def quote(self, quote: Marked) -> Iterator[Sentence]:
        last = self.text[quote.end - 1]
        if (self.pending and self.tags) or len(self.tags) >= _LONGEST:
            yield from self.finish()
        self.current.marked[len(self.tags)] = quote
        self._append(QUOTE, "", quote.outer)
        self.pending = last in _STOPS or not quote.closed or (last != "," and quote.end - quote.start > 60)

    def finish(self) -> Iterator[Sentence]:
        if self.tags:
            self.current.tags = "".join(self.tags)
            _drop_dateline(self.current)
            self._settle(self.current)
            yield self.current
        self._new()

    def _settle(self, s: Sentence) -> None:
        """Tags that only their neighbours decide."""
        tags, words = list(s.tags), s.words
        nouns_last = self.language.data["tokens"]["head_last"]
        for at, word in enumerate(words):
            if (
                word in self.language.verbs
                and tags[at] == ROLE
                and at
                and tags[at - 1] in "NS"
                and tags[at + 1 : at + 2] != [NAME]
            ):
                tags[at] = self.language.verbs[word]
            elif nouns_last and at and tags[at] in "VUvu" and tags[at - 1] in "lD":
                tags[at] = WORD  # "the talks"
            elif word in self.language.participles and at and tags[at - 1] in "lD" and tags[at] in "vu":
                tags[at] = ROLE
        if len(tags) > 1 and tags[0] == NAME and not self.language.is_first_name(words[0]):
            if tags[1] in "pP" or (nouns_last and tags[1] in "wROC" and words[0] not in self.names):
                tags[0] = WORD  # "Propriétaire de la serre, …", "Small groups of protesters …"
        s.tags = "".join(tags)

    def _sign(self, sign: str, span: Span) -> None:
        if sign[0] in _STOPS:
            self._append(".", sign, span)
            self.pending = True
        else:
            self._append({"[": "(", "]": ")", "—": "-", "–": "-"}.get(sign, sign), sign, span)
            self.pending = False

    def _word(self, word: str, span: Span, group: str) -> None:
        lower = self.unaccented.get(word, word.lower()).replace("’", "'")
        if group in "is":
            self._append(INVERSION if group == "i" else "'", lower, span)
            return
        self._append(self._tag(word, lower, group), lower, span)

    def _tag(self, word: str, lower: str, group: str) -> str:
        known = self.language.lexicon.get(lower) or (self._unit(lower) if group == "m" else None)
        if word[0].isdigit():
            return NUMBER
        if not word[0].isupper():
            return known or WORD
        if known == TITLE and len(word) > 1 and not (word.isupper() and word.isalpha()):
            return TITLE
        if known in _KEEP_WHEN_CAPITAL and not (len(word) > 1 and word.isupper()):
            return known or WORD
        initial = not self.tags or self.tags[-1] in ":(-" or (self.tags[-1] == QUOTE and self.pending)
        if initial and known:
            return known
        if initial and group != "a" and self.language.not_name.match(word):
            return WORD
        return NAME

    def _unit(self, lower: str) -> str | None:
        """The tag of a multiword unit, whose first accent a capital may have lost."""
        return self.language.multiword.get(lower) or self.language.multiword.get("à" + lower[1:])

    def _append(self, tag: str, word: str, span: Span) -> None:
        self.tags.append(tag)
        self.current.words.append(word)
        self.current.spans.append(span)
