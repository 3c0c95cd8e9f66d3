"""When it was said: only a day that dates the saying, not one that stands in the sentence for
something else.
"""

from __future__ import annotations

import re
from datetime import date

from bot.domain.model import SaidOn
from bot.extraction.clause import Clauses, parse
from bot.extraction.cue import Cue
from bot.extraction.sentence import Sentence
from bot.languages import tags
from bot.languages.calendar import spoken_days

_MORE = re.compile(r"[hp]|,[hp]+(?=[,.]|$)")  # an adverbial, or one between commas
_HEAD = re.compile("[xbhpev,]*")


def said_on(s: Sentence, cue: Cue, today: date | None) -> SaidOn | None:
    """The day that a cue's own adverbials name; None without one, or without ``today``, the day of
    publication.
    """
    if today is None or cue.form in ("according", "label") or s.heading:
        return None
    if s.tags[cue.verb[0]] == tags.INFINITIVE or s.language.future.search(s.words[cue.verb[0]]):
        return None  # "a prévu de s'exprimer mardi", "dira mardi"
    found = list(spoken_days(s.text, s.span, today, s.language))
    places = _own_places(parse(s), cue) if found else set()
    for span, day in found:
        at = next((i for i, token in enumerate(s.spans) if token[0] <= span[0] < token[1]), None)
        end = next((i for i, token in enumerate(s.spans) if token[0] >= span[1]), len(s))
        if s.has("relative_day", end - 1) and s.tag(end) == tags.GENITIVE:
            continue  # "la veille de la manifestation"
        if at is not None and at in places and s.tags[at] != tags.NAME:
            return SaidOn(day, s.text[slice(*span)])
    return None


def _own_places(c: Clauses, cue: Cue) -> set[int]:
    """The tokens where an adverbial of the cue's own verb may stand."""
    s, number = c.s, c.at_token(cue.verb[0])
    chunks: set[int] = {number}
    after = number + 1
    if (
        s.language.tokens["head_last"]
        and c.kinds[after : after + 1] == "n"
        and cue.form != "inverted"
    ):
        after += 1  # "told reporters Tuesday"
    after = _adverbials(c, after, chunks)
    if cue.form == "inverted" and cue.phrase is not None and cue.phrase.pronoun is None:
        subject = c.at_token(cue.phrase.first)
        chunks |= set(range(number, subject))
        after = subject + 1
        if s.language.tokens["head_last"] and c.kinds[after : after + 2] in ("Vn", "yn"):
            after += 1
        if c.kinds[after : after + 1] == "n" and s.language.tokens["head_last"]:
            after += 1
        after = _adverbials(c, after, chunks)
    if (
        cue.form in ("subject", "passive")
        and cue.phrase is not None
        and cue.phrase.first <= cue.verb[0]
    ):
        subject = c.at_token(cue.phrase.first)
        _adverbials(c, subject + 1, chunks)
        chunks |= set(
            range(number - len(c.kinds[:number]) + len(c.kinds[:number].rstrip("hpc")), number)
        )
        head = max(c.kinds.rfind(mark, 0, subject) for mark in ";:Q.") + 1
        if _HEAD.fullmatch(c.kinds, head, subject):
            chunks |= set(range(head, subject))
    return {at for i in chunks if i < len(c.chunks) for at in _tokens(c, i)}


def _adverbials(c: Clauses, at: int, chunks: set[int]) -> int:
    """Add the adverbials that follow without a break; returns the number of the chunk behind
    them.
    """
    while True:
        match = _MORE.match(c.kinds, at)
        if match is None:
            return at
        chunks |= set(range(at, match.end()))
        at = match.end()


def _at_an_event(c: Clauses, at: int) -> bool:
    """ "lors de la conférence de presse de mercredi": the day of the occasion is the day of the
    words.
    """
    events = c.s.language.set("nouns", "speech_event")
    return any(c.s.words[i] in events for i in range(max(0, at - 6), at))


def _tokens(c: Clauses, number: int) -> range:
    """The tokens of a chunk in which a day would date the clause: not in "du 7 octobre" or "avant
    lundi".
    """
    chunk, s = c.chunks[number], c.s
    if chunk.kind not in "hVypg":
        return range(0)
    before = s.word(chunk.first - 1) if chunk.kind == "h" else s.words[chunk.first]
    tag = s.tag(chunk.first - 1) if chunk.kind == "h" else s.tags[chunk.first]
    if (
        tag in ("p", "P")
        and not s.language.has("day_preposition", before)
        and not _at_an_event(c, chunk.first)
    ):
        return range(0)
    if chunk.kind == "p":
        return range(chunk.first, chunk.first + 3)
    return range(chunk.first, chunk.last)
