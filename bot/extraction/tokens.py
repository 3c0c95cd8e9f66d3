"""From text to sentences: tokens, their first tags, and where sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from bot.domain.model import Span
from bot.extraction.marks import Marked
from bot.extraction.sentence import Sentence
from bot.extraction.settle import KEEP_WHEN_CAPITAL, Spelling, settle
from bot.languages import tags
from bot.languages.language import Language

_STOPS = ".!?…"


# tokens; a longer stretch without an end is no sentence, and is cut to keep time linear
_LONGEST = 300


def _spelt(words: str) -> str:
    """A multiword unit as a pattern: either apostrophe, and a first accent that a capital may have
    lost.
    """
    pattern = re.escape(words).replace("'", "['’]")
    return "[àÀaA]" + pattern[1:] if pattern.startswith("à") else pattern


@cache
def tokeniser(language: Language) -> re.Pattern[str]:
    """Groups: m multiword unit, a abbreviation or initial, d dotted acronym, e elided word, i
    inverted pronoun, s possessive, w word, p sign.
    """
    tokens = language.tokens
    multi = "|".join(_spelt(w) for w in sorted(language.multiword, key=len, reverse=True))
    short = "|".join(
        re.escape(w) + "|" + re.escape(w.capitalize()) for w in language.words["abbreviation"]
    )
    own = rf"(?!{tokens['inverted']}\b)(?!{tokens['possessive']})"  # "dit-il", "Roy's": two words
    word = rf"\d+(?:[.,\u00a0\u202f]\d+)+|[^\W_]+(?:\u00ad*{own}[-’'&]?\u00ad*[^\W_]+)*"
    return re.compile(
        rf"(?P<m>\b(?i:{multi})\b)|(?P<a>\b(?:{short}|MM|[^\W\d_a-zà-ÿ])\.(?=\s)|\b[A-Z]-[A-Z][a-z]{{1,5}}\.)"
        rf"|(?P<d>\b(?:[^\W\d_a-zà-ÿ]\.){{2,}})|(?P<e>\b(?i:{tokens['elided']})(?=\u00ad*\w))"
        rf"|(?P<i>(?<=\w){tokens['inverted']}\b)"
        rf"|(?P<s>{tokens['possessive']})|(?P<w>{word})|(?P<p>[.!?…]+|[,;:()\[\]—–|]|(?<=\s)[-•·](?=\s))"
    )


_NEXT_WORD = re.compile(r"\s+([^\W\d_][\w'’-]*)")
_BEGINS_CLAUSE = tags.THAT + tags.DEFINITE + tags.DETERMINER + tags.IMPERSONAL + tags.PRONOUN
_DATELINE = re.compile(r"[NlDpPd,.ht]{0,8}(?:\([^)Q]{0,6}\))?-(?=.)")


_NAME_AND_WORD = re.compile(
    r"(?:[^\W\d_a-z][\w.’'-]* ){1,4}(?:\([^)]{1,20}\),? )?([a-z]+)\b(?! (?:that|to)\b)"
)


def sentences(
    text: str,
    paragraphs: Sequence[Span],
    marked: Sequence[Marked],
    language: Language,
    heading: bool = False,
) -> Iterator[Sentence]:
    """The paragraphs' sentences in order, each quoted stretch being one token; ``heading``: the
    first is a title.
    """
    queue = list(reversed(marked))
    spelling = Spelling.of(text)
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
        builder = _Builder(text, language, number, spelling, heading and number == 0)
        yield from builder.paragraph(start, end, inside)
        done = end


class _Builder:
    def __init__(
        self, text: str, language: Language, number: int, spelling: Spelling, heading: bool
    ) -> None:
        self.text, self.language, self.number, self.spelling = text, language, number, spelling
        self.heading = heading
        self.pattern = tokeniser(language)
        self.unaccented: dict[str, str] = language.tokens["unaccented"]
        self.pending = False  # a sentence end was seen; it holds if a capital or a quote follows
        self._new()

    def paragraph(self, start: int, end: int, marked: Sequence[Marked]) -> Iterator[Sentence]:
        """The sentences of one paragraph."""
        position = start
        for quote in marked:
            yield from self._feed(position, quote.outer[0])
            yield from self._quote(quote)
            position = quote.outer[1]
        yield from self._feed(position, end)
        yield from self._finish()

    def _new(self) -> None:
        self.tags: list[str] = []
        self.current = Sentence(
            self.text, self.language, paragraph=self.number, heading=self.heading
        )
        self.pending = False

    def _feed(self, start: int, end: int) -> Iterator[Sentence]:
        for match in self.pattern.finditer(self.text, start, end):
            group = match.lastgroup
            if group == "p":
                self._sign(match.group(), match.span())
                continue
            begins = (
                self.pending
                and self._may_begin(match.group())
                and not self._cue_follows(match.start(), end)
            )
            if begins or len(self.tags) >= _LONGEST:
                yield from self._finish()
            self.pending = False
            self._word(match.group(), match.span(), group or "w")

    def _may_begin(self, word: str) -> bool:
        return word[0].isupper() or word[0].isdigit() or self.spelling.lower

    def _cue_follows(self, position: int, end: int) -> bool:
        """Does a name with its verb of saying come right after a quote ("“Really?” Smith said")?"""
        if not self.language.tokens["past_first"] or self.tags[-1:] != [tags.QUOTE]:
            return False
        match = _NAME_AND_WORD.match(self.text, position, end)
        if match is None or match.group().split()[0].lower() in self.language.lexicon:
            return False
        says = self.language.lexicon.get(match.group(1)) in (tags.SAY, tags.CUE)
        return says and not self._clause_follows(match.end(), end)

    def _clause_follows(self, position: int, end: int) -> bool:
        """Does a content clause begin here ("“We did.” Smith said the plan had failed")?"""
        match = _NEXT_WORD.match(self.text, position, end)
        if match is None:
            return False
        tag = self.language.lexicon.get(match[1].lower(), "")
        return match[1][0].isupper() or (tag != "" and tag in _BEGINS_CLAUSE)

    def _quote(self, quote: Marked) -> Iterator[Sentence]:
        last = self.text[quote.end - 1]
        if (self.pending and self.tags) or len(self.tags) >= _LONGEST:
            yield from self._finish()
        self.current.marked[len(self.tags)] = quote
        self._append(tags.QUOTE, "", quote.outer)
        self.pending = (
            last in _STOPS or not quote.closed or (last != "," and quote.end - quote.start > 60)
        )

    def _finish(self) -> Iterator[Sentence]:
        if self.tags:
            self.current.tags = "".join(self.tags)
            _drop_dateline(self.current)
            settle(self.current, self.spelling)
            yield self.current
        self._new()

    def _sign(self, sign: str, span: Span) -> None:
        if sign[0] in _STOPS:
            self._append(".", sign, span)
            self.pending = True
        else:
            plain = {"[": "(", "]": ")", "—": "-", "–": "-", "|": "-", "•": "-", "·": "-"}.get(
                sign, sign
            )
            self._append(plain, sign, span)
            self.pending = False

    def _word(self, word: str, span: Span, group: str) -> None:
        lower = self.unaccented.get(word, word.lower()).replace("’", "'").replace("\u00ad", "")
        if group in "is":
            self._append(tags.INVERSION if group == "i" else tags.POSSESSIVE, lower, span)
            return
        self._append(self._tag(word, lower, group), lower, span)

    def _tag(self, word: str, lower: str, group: str) -> str:
        """The tag of a token that is no sign; ``group`` says which kind of token the scanner took
        it for ("m": a multiword unit, "a": an abbreviation, "w": a word).
        """
        known = self.language.lexicon.get(lower) or (self._unit(lower) if group == "m" else None)
        if word[0].isdigit():
            return tags.NUMBER
        if not word[0].isupper():
            return known or self._guess(lower)
        return (
            self._capital_known(word, lower, known)
            or (self._initial(word, lower, group, known) if self._begins() else None)
            or tags.NAME
        )

    def _capital_known(self, word: str, lower: str, known: str | None) -> str | None:
        """The tag of a capitalised word that keeps its own; None: it may be a name."""
        shouted = len(word) > 1 and word.isupper()
        if known == tags.TIME and not word.isupper():
            return known  # "Tuesday"
        if known == tags.IMPERSONAL and self.language.tokens["head_last"]:
            return known  # "I"
        if known == tags.TITLE and len(word) > 1 and not (word.isupper() and word.isalpha()):
            return known
        if known == tags.ROLE and len(word) > 1:
            if lower in self.language.set("nouns", "organisation"):
                known = (
                    tags.ORGANISATION
                )  # "le conseil" speaks for somebody, "le Conseil" is a body
        return known if known in KEEP_WHEN_CAPITAL and not shouted else None

    def _begins(self) -> bool:
        """Does a sentence, or a clause after a sign, begin here?"""
        last = self.tags[-1] if self.tags else ""
        return last in ":(-" or (last == tags.QUOTE and self.pending)

    def _initial(self, word: str, lower: str, group: str, known: str | None) -> str | None:
        """The tag of a word whose capital a beginning explains; None: it may be a name."""
        if known and group != "a":
            return known
        seen = lower in self.spelling.inside
        if group == "w" and not seen and not self.language.is_first_name(lower):
            guess = self._guess(lower)
            if guess in (tags.FINITE, tags.ADVERB) and not self.language.tokens["head_last"]:
                return guess
        plain = group != "a" and not seen and self.language.not_name.match(word)
        return self._guess(lower) if plain else None

    def _guess(self, lower: str) -> str:
        """The tag of a word that no list holds."""
        if self.spelling.lower and self.language.is_first_name(lower):
            return tags.NAME
        base = lower.rsplit("-", 1)[-1] if "-" in lower else ""
        known = self.language.lexicon.get(base, "") if base else ""
        if known in (tags.ROLE, tags.COLLECTIVE):
            return known  # "ex-ministre", "maire-adjointe"
        if self.language.agent.match(lower):
            return tags.ROLE
        return next(
            (tag for pattern, tag in self.language.guesses if pattern.match(lower)), tags.WORD
        )

    def _unit(self, lower: str) -> str | None:
        """The tag of a multiword unit, whose first accent a capital may have lost."""
        return self.language.multiword.get(lower) or self.language.multiword.get("à" + lower[1:])

    def _append(self, tag: str, word: str, span: Span) -> None:
        self.tags.append(tag)
        self.current.words.append(word)
        self.current.spans.append(span)


def _drop_dateline(s: Sentence) -> None:
    """Take "PARIS (AFP) -" or "LE SCAN -" off a sentence's head: it is no part of its grammar."""
    match = _DATELINE.match(s.tags)
    if match and (tags.NAME in match.group() or match.end() == 1):
        cut = match.end()
        s.tags, s.words, s.spans = s.tags[cut:], s.words[cut:], s.spans[cut:]
        s.marked = {at - cut: marked for at, marked in s.marked.items()}
