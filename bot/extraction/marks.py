"""Where quoted words stand: a parser of quotation marks that knows no language.

A mark's direction comes from its form («, “, „, ‹ open; », ”, › close) or, where one form does both
(", ”, “), from what stands beside it. Nested marks belong to the outer quote. An unclosed mark ends
with its paragraph unless the next one reopens or closes it, so a stray mark never spoils more than
that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.model import Span
from bot.domain.text import BLANKS, trim

_MARK = re.compile("[«»“”„\"‹›‘’]|''|``|'")
_OPENERS = {"«": "«", "“": "“", "„": "“", "‹": "‹", "``": '"', "‘": "‘"}
_CLOSERS = {"»": "«", "”": "“", "›": "‹", "''": '"', "’": "‘"}
_SINGLE = "‘'"
"""Families whose signs are apostrophes, too: they open only what they close."""
_INCHES = re.compile(r"\d['’′]\s?\d{1,2}$")  # 6'3" is a height
_MAX_DEPTH = 4
_MAX_PARAGRAPHS = 4  # a quote without marks in between runs over no more paragraphs than this
_ENDINGS = ".!?…,;:"


@dataclass(frozen=True, slots=True)
class Marked:
    """Words between marks: ``start:end`` without, ``outer`` with the marks; ``closed`` says both
    were there.

    ``dialogue`` is an answer that a dash or a name introduces instead of marks; ``label`` is that
    name's place.
    """

    start: int
    end: int
    outer: Span
    segments: tuple[Span, ...]
    closed: bool = True
    dialogue: bool = False
    label: Span | None = None


@dataclass(slots=True)
class _Mark:
    start: int
    end: int
    family: str
    opens: bool
    closes: bool


@dataclass(slots=True)
class _Open:
    mark: _Mark
    paragraph: int
    segments: list[Span]


def find_marked(text: str, paragraphs: Sequence[Span]) -> list[Marked]:
    """The outermost quoted stretches of some paragraphs, in order, not overlapping."""
    scanner = _Scanner(text, paragraphs)
    for number in range(len(paragraphs)):
        scanner.paragraph(number)
    return [one for one in scanner.found if not _is_lone(text, one)]


def _is_lone(text: str, one: Marked) -> bool:
    """One word between typewriter’s single marks is held at arm’s length, or no quote at all."""
    return text[one.outer[0]] == "'" and len(text[one.start : one.end].split()) < 2


class _Scanner:
    def __init__(self, text: str, paragraphs: Sequence[Span]) -> None:
        self.text = text
        self.paragraphs = paragraphs
        self.marks = [_marks(text, start, end) for start, end in paragraphs]
        self.found: list[Marked] = []
        self.outer: _Open | None = None
        self.inner: list[str] = []

    def paragraph(self, number: int) -> None:
        start, end = self.paragraphs[number]
        marks = self.marks[number]
        if self.outer:
            first = marks[0] if marks else None
            reopened = first is not None and self._reopens(first, start)
            self.outer.segments.append((first.end if first and reopened else start, end))
            marks = marks[1:] if reopened else marks
        for index, mark in enumerate(marks):
            self._mark(mark, marks, index, number, start)
        self.inner.clear()
        if self.outer and not self._goes_on(number):
            self._close(self.outer.segments[-1][1], self.outer.segments[-1][1], closed=False)

    def _reopens(self, first: _Mark, start: int) -> bool:
        """Does a paragraph's first mark only say that the quote goes on: an opening one, or a
        closing guillemet with words behind it?
        """
        outer = self.outer
        if outer is None or first.start != start or first.family != outer.mark.family:
            return False
        return first.opens or (first.family == "«" and self.text[first.end :][:2].strip() != "")

    def _mark(self, mark: _Mark, marks: list[_Mark], index: int, number: int, start: int) -> None:
        outer = self.outer
        if outer is None:
            if mark.opens and not (mark.family in _SINGLE and not _closed_later(marks, index)):
                self.outer = _Open(mark, number, [(mark.end, self.paragraphs[number][1])])
            elif mark.closes and index == 0 and mark.family in '«“"' and not mark.opens:
                self._missing_opener(start, mark)
            return
        if self.inner and mark.closes and mark.family in self.inner:
            while self.inner.pop() != mark.family:
                pass
        elif mark.closes and (
            mark.family == outer.mark.family or (not mark.opens and mark.family not in _SINGLE)
        ):
            self._close(mark.start, mark.end)
        elif mark.opens:
            self._nested(mark, marks, index, number)

    def _nested(self, mark: _Mark, marks: list[_Mark], index: int, number: int) -> None:
        outer = self.outer
        assert outer is not None  # noqa: S101 for the type checker: only called while a mark is open
        if mark.family == outer.mark.family and not _closed_twice(marks, index):
            self._restart(mark, number)
        elif len(self.inner) < _MAX_DEPTH and (
            mark.family == outer.mark.family or _closed_later(marks, index)
        ):
            self.inner.append(mark.family)

    def _restart(self, mark: _Mark, number: int) -> None:
        """A second opener where the first was never closed: keep the first only if it ends like a
        sentence.
        """
        outer = self.outer
        if outer and self.text[outer.mark.end : mark.start].rstrip(BLANKS)[-1:] in tuple(_ENDINGS):
            self._close(mark.start, mark.start, closed=False)
        self.inner.clear()
        self.outer = _Open(mark, number, [(mark.end, self.paragraphs[number][1])])

    def _missing_opener(self, start: int, mark: _Mark) -> None:
        begin, end = trim(self.text, start, mark.start)
        if begin < end and self.text[begin].isupper() and "\n" not in self.text[begin:end]:
            self.found.append(Marked(begin, end, (begin, mark.end), ((begin, end),), closed=False))

    def _close(self, end: int, outer_end: int, closed: bool = True) -> None:
        outer = self.outer
        assert outer is not None  # noqa: S101 for the type checker: only called while a mark is open
        pieces = [*outer.segments[:-1], (outer.segments[-1][0], end)]
        trimmed = [trim(self.text, *piece) for piece in pieces]
        segments = tuple(piece for piece in trimmed if piece[0] < piece[1])
        if len(segments) > _MAX_PARAGRAPHS:  # a transcript: every paragraph is a quote of its own
            self.found += [Marked(*piece, piece, (piece,), closed) for piece in segments]
        elif segments:
            span = segments[0][0], segments[-1][1]
            self.found.append(Marked(*span, (outer.mark.start, outer_end), segments, closed))
        self.outer = None
        self.inner.clear()

    def _goes_on(self, number: int) -> bool:
        """Does the quote that this paragraph leaves open go on in the next?"""
        outer = self.outer
        if (
            outer is None
            or self.text[outer.segments[0][0] : outer.segments[0][1]].lstrip(BLANKS)[:1].islower()
        ):
            # words that begin in the middle of a sentence are no quote over paragraphs
            return False
        if number + 1 < len(self.paragraphs):
            start = self.paragraphs[number + 1][0]
            first = self.marks[number + 1][0] if self.marks[number + 1] else None
            if first and self._reopens(first, start):
                return True
        for later in range(
            number + 1, min(len(self.paragraphs), outer.paragraph + _MAX_PARAGRAPHS)
        ):
            if self.marks[later]:
                first = self.marks[later][0]
                return first.closes and not first.opens and first.family == outer.mark.family
        return False


def _closed_later(marks: list[_Mark], index: int) -> bool:
    """Is there a closer of this mark's family among the next few marks?"""
    family = marks[index].family
    return any(mark.closes and mark.family == family for mark in marks[index + 1 : index + 6])


def _closed_twice(marks: list[_Mark], index: int) -> bool:
    """Do two closers of its family follow before a further opener (a nested pair inside an outer
    pair)?
    """
    family = marks[index].family
    following = [mark for mark in marks[index + 1 : index + 6] if mark.family == family][:2]
    return len(following) == 2 and all(mark.closes and not mark.opens for mark in following)


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    found = []
    for match in _MARK.finditer(text, start, end):
        form, left, right = match.group(), match.start(), match.end()
        before = text[left - 1] if left > start else " "
        after = text[right] if right < end else " "
        mark = _read(text, form, left, right, before, after)
        if mark:
            found.append(mark)
    return [mark for at, mark in enumerate(found) if not _is_possessive(text, found, at)]


def _is_possessive(text: str, marks: list[_Mark], at: int) -> bool:
    """Is it the apostrophe of "the workers’ pay", and the quote closed later?"""
    mark = marks[at]
    if mark.family not in _SINGLE or mark.opens or not text[mark.start - 1 : mark.start].isalpha():
        return False
    if text[mark.end : mark.end + 1] != " " or not text[mark.end + 1 : mark.end + 2].islower():
        return False
    later = next((other for other in marks[at + 1 :] if other.family == mark.family), None)
    return later is not None and later.closes


def _read(text: str, form: str, left: int, right: int, before: str, after: str) -> _Mark | None:
    """What a sign is between its neighbours: an opening mark, a closing one, either, or none."""
    if form == '"':
        inches = before.isdigit() and _INCHES.search(text, max(0, left - 6), left)
        return None if inches else _straight(left, right, before, after)
    blank_before = _ends_before(before)
    if form == "'":
        return _single(left, right, before, after)
    apostrophe = form == "’" and (after.isalnum() or before in BLANKS)
    if apostrophe or (form == "‘" and not blank_before):
        return None
    if form == "“" and not blank_before and _begins_after(after):
        # a German closing form, or a slip of the key
        return _Mark(left, right, "“", opens=False, closes=True)
    if form == "”" and before in BLANKS and after not in BLANKS:
        return _Mark(left, right, "“", opens=True, closes=False)
    if form == "“" and before in BLANKS and after in BLANKS:
        return _Mark(left, right, "“", opens=True, closes=True)
    if form in _OPENERS:
        return _Mark(left, right, _OPENERS[form], opens=True, closes=False)
    return _Mark(left, right, _CLOSERS[form], opens=False, closes=True)


def _single(left: int, right: int, before: str, after: str) -> _Mark | None:
    """A straight single mark: an apostrophe inside a word, else a mark by where the blank is."""
    if before.isalnum() and after.isalnum():
        return None
    if _ends_before(before) and (after.isalpha() or after in '“"«(…['):
        return _Mark(left, right, "'", opens=True, closes=False)
    if before not in BLANKS and _begins_after(after):
        return _Mark(left, right, "'", opens=False, closes=True)
    return None


def _ends_before(before: str) -> bool:
    """May a quote begin after this character?"""
    return before in BLANKS or before in "([{«“„‹‘'’\"—–-:/"


def _begins_after(after: str) -> bool:
    """May a quote end before this character?"""
    return after in BLANKS or after in '.,;:!?…)]}»”›’"—–-/'


def _straight(left: int, right: int, before: str, after: str) -> _Mark:
    """A straight mark, which opens or closes by what stands around it."""
    blank = before in BLANKS
    if blank and after in ".,;:!?)":
        return _Mark(left, right, '"', opens=False, closes=True)
    ends = _begins_after(after)
    opens = _ends_before(before) and not (ends and not blank)
    closes = not opens or after in BLANKS or (blank and ends)
    return _Mark(left, right, '"', (opens and not after.isspace()) or (blank and ends), closes)
