"""Answers without marks: dialogues set with dashes, interviews set with names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.model import Span
from bot.domain.text import fold, trim
from bot.extraction.marks import Marked

_DASH = re.compile(r"[–—-]\s+(?=\S)")
_NAME = re.compile(r"([^\W\d_a-zà-ÿ][\w.’'-]+(?: [^\W\d_][\w.’'-]*){0,3})\s?:\s+(?=\S)")
_CAPITALS = re.compile(r"([^\W\d_a-zà-ÿ]{2,}(?:[ -][^\W\d_a-zà-ÿ]{2,}){0,2})\s?:\s")
_LETTER = re.compile(r"(Q|R|A)\s?[.:]\s?(?:[—–-]\s?)?(?=\S)")
_NOTHING = re.compile("")
_QUESTION, _QUESTIONS = 240, 3  # the longest question (characters), and how many make an interview
_ANSWER, _ANSWERS = (
    60,
    5,
)  # the shortest answer (characters), and the most paragraphs that one fills
_LEAST = 2  # a single dash or label is no dialogue


def find_answers(text: str, paragraphs: Sequence[Span], marked: Sequence[Marked]) -> list[Marked]:
    """The unmarked answers of dialogues and interviews, in order; none in paragraphs that hold
    marks.
    """
    free = _free(paragraphs, marked)
    labelled = [
        *_dashed(text, paragraphs, free),
        *_named(text, paragraphs, free),
        *_lettered(text, paragraphs, free),
    ]
    labelled = labelled or _dash_answers(text, paragraphs, free)
    return sorted(labelled or _asked(text, paragraphs, free), key=lambda m: m.start)


def with_labels(text: str, marked: Sequence[Marked]) -> list[Marked]:
    """Transcripts set the speaker in capitals inside the marks ("ROY: Let's go"): note where."""
    found = []
    for one in marked:
        label = _CAPITALS.match(text, one.start, one.end)
        found.append(replace(one, label=label.span(1)) if label and not one.dialogue else one)
    return found


_SIGNED = re.compile(
    r"[.\s]*(?:\n\s*[—–-]{1,2}\s?|\()"
    r"([^\W\d_a-zà-ÿ][\w.’'-]+(?: [^\W\d_][\w.’'-]*){0,3})"
    r"(?:, [^.!?:;()«»“”\"\n]{2,80})?\)?\.?[ \t]*(?=\n|$)"
)
_ABOVE = re.compile(
    r"([^\W\d_a-zà-ÿ][\w.’'-]+(?: [^\W\d_][\w.’'-]*){1,3}), [^.!?:;«»“”\"\n]{2,80}\s*\n\s*$"
)
_BLANK = 4  # characters that may stand between a paragraph's ends and its quote
_SEVERAL = 2  # lines above quotes that make signatures of them


def with_signatures(
    text: str, paragraphs: Sequence[Span], marked: Sequence[Marked]
) -> list[Marked]:
    """Note who signs a quote that stands by itself: in brackets or on a line with a dash under it,
    or, where several do, on a line above it ("Jean Roux, 54 ans, éleveur").
    """
    starts = [start for start, _ in paragraphs]
    alone = [_is_alone(text, paragraphs, starts, one) for one in marked]
    above = [
        _line_above(text, one) if by_itself else None
        for one, by_itself in zip(marked, alone, strict=True)
    ]
    use_above = sum(span is not None for span in above) >= _SEVERAL
    found = []
    for one, by_itself, over in zip(marked, alone, above, strict=True):
        signed = _SIGNED.match(text, one.outer[1]) if by_itself and not one.label else None
        if signed:
            found.append(replace(one, label=signed.span(1)))
        elif use_above and over and not one.label:
            found.append(replace(one, label=over))
        else:
            found.append(one)
    return found


def _is_alone(text: str, paragraphs: Sequence[Span], starts: Sequence[int], one: Marked) -> bool:
    """Does a quote begin its paragraph, and nothing but a signature end it?"""
    start, end = paragraphs[max(0, bisect_right(starts, one.start) - 1)]
    if one.outer[0] - start > _BLANK or text[start : one.outer[0]].strip() or one.dialogue:
        return False
    rest = text[one.outer[1] : min(end, one.outer[1] + _BLANK)].strip(" .\u00a0\u202f")
    return not rest or rest.startswith("(")


def _line_above(text: str, one: Marked) -> Span | None:
    begins = max(0, one.outer[0] - 160)
    lines = text[begins : one.outer[0]]
    match = _ABOVE.search(lines, max(0, lines.rstrip().rfind("\n")))
    return (begins + match.start(1), begins + match.end(1)) if match else None


def _free(paragraphs: Sequence[Span], marked: Sequence[Marked]) -> list[bool]:
    """Which paragraphs hold no marked words; both lists are in order."""
    free, at = [], 0
    for start, end in paragraphs:
        while at < len(marked) and marked[at].outer[1] <= start:
            at += 1
        free.append(not (at < len(marked) and marked[at].outer[0] < end))
    return free


def _dashed(text: str, paragraphs: Sequence[Span], free: Sequence[bool]) -> list[Marked]:
    """In a block of dashed paragraphs that begins with a question, every other one is an answer."""
    found: list[Marked] = []
    block: list[int] = []
    for number in range(len(paragraphs) + 1):
        if number < len(paragraphs) and _DASH.match(text, *paragraphs[number]):
            block.append(number)
            continue
        if len(block) >= _LEAST and _asks(text, paragraphs[block[0]]):
            answers = [n for n in block[1::2] if free[n]]
            found += [_answer(text, paragraphs[n], _DASH) for n in answers]
        block = []
    return found


def _dash_answers(text: str, paragraphs: Sequence[Span], free: Sequence[bool]) -> list[Marked]:
    """Dashed paragraphs that answer those before them, which have no dash and mostly ask."""
    dashed = [
        n
        for n in range(1, len(paragraphs))
        if free[n]
        and _DASH.match(text, *paragraphs[n])
        and not _DASH.match(text, *paragraphs[n - 1])
    ]
    asked = sum(_asks(text, paragraphs[n - 1]) for n in dashed)
    short = sum(paragraphs[n - 1][1] - paragraphs[n - 1][0] <= _QUESTION for n in dashed)
    if len(dashed) < _QUESTIONS or asked * 2 < len(dashed) or short < len(dashed) - 1:
        return []
    answers = [_answer(text, paragraphs[n], _DASH) for n in dashed]
    for n in range(1, dashed[-1]):  # the first answer often bears its speaker's name instead
        match = _NAME.match(text, *paragraphs[n]) if free[n] else None
        if match and _asks(text, paragraphs[n - 1]) and " " in match[1]:
            answers.append(_answer(text, paragraphs[n], _NAME))
    return answers


def _named(text: str, paragraphs: Sequence[Span], free: Sequence[bool]) -> list[Marked]:
    """Paragraphs that begin with a name and a colon, where at least two such labels answer
    questions.
    """
    labels = [_NAME.match(text, *span) if free[n] else None for n, span in enumerate(paragraphs)]
    names = Counter(fold(match.group(1)) for match in labels if match)
    repeated = {name for name, count in names.items() if count >= _LEAST}
    if len(repeated) < 1 or not any(_asks(text, span) for span in paragraphs):
        return []
    found = []
    for span, match in zip(paragraphs, labels, strict=True):
        if match and fold(match.group(1)) in repeated and not _asks(text, span):
            found.append(_answer(text, span, _NAME))
    return found


def _lettered(text: str, paragraphs: Sequence[Span], free: Sequence[bool]) -> list[Marked]:
    """Paragraphs that begin with Q. and R. (or A.), where at least two of each stand."""
    letters = [_LETTER.match(text, *span) if free[n] else None for n, span in enumerate(paragraphs)]
    questions = sum(match[1] == "Q" for match in letters if match)
    answers = [
        span for span, match in zip(paragraphs, letters, strict=True) if match and match[1] != "Q"
    ]
    if min(questions, len(answers)) < _LEAST:
        return []
    return [_answer(text, span, _LETTER) for span in answers]


def _asked(text: str, paragraphs: Sequence[Span], free: Sequence[bool]) -> list[Marked]:
    """An interview set without any sign: short questions as paragraphs of their own, each answered
    by what follows.
    """
    asks = [
        n
        for n, span in enumerate(paragraphs)
        if free[n] and span[1] - span[0] <= _QUESTION and _asks(text, span)
    ]
    if len(asks) < _QUESTIONS or len(asks) * 4 < len(paragraphs) - asks[0]:
        return []
    answers: list[Marked] = []
    for here, following in zip(asks, [*asks[1:], len(paragraphs)], strict=True):
        said = [
            n
            for n in range(here + 1, following)
            if free[n] and paragraphs[n][1] - paragraphs[n][0] > _ANSWER
        ]
        if not said or len(said) > _ANSWERS:
            return []
        answers += [_answer(text, paragraphs[n], _NOTHING) for n in said]
    return answers


def _asks(text: str, span: Span) -> bool:
    return text[slice(*span)].rstrip(' \u00a0»”"').endswith("?")


def _answer(text: str, span: Span, lead: re.Pattern[str]) -> Marked:
    match = lead.match(text, *span)
    begin = match.end() if match else span[0]
    start, end = trim(text, begin, span[1])
    opening = start if lead is _NAME else span[0]
    label = match.span(1) if match and lead is _NAME else None
    return Marked(start, end, (opening, span[1]), ((start, end),), dialogue=True, label=label)
