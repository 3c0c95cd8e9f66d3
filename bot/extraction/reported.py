"""Reported statements: the content clause of a cue that says, without its cue."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.model import Span
from bot.domain.text import trim
from bot.extraction.cue import Cue
from bot.extraction.entity import Entity
from bot.extraction.features import ResolvedCue
from bot.extraction.sentence import Sentence
from bot.languages.language import Language

_TO_THAT = re.compile(
    "(?:[ch,'-]|Ph|P[plD]*[wNROKCd']+(?:p[lD]*[wNROKCd']+)*,?|[lD]?T*[wNROKC']+(?=[hPqf,-])|,[^,q]{1,16},)*[qf]"
)
_MAIN = re.compile(r",(?=[lDSTNROCp][lDaenNROCKdwp']*[ch]*[AVUy])")
_CUT = re.compile(",(?:x[cS]|xA|g|S|x?J?[ch]*A[ch]*[vV]|x[VUv])")


@dataclass(frozen=True, slots=True)
class Reported:
    """A reported clause, who is reported to have said it (None: nobody is named) and the cue (None:
    none was recognised). ``sure`` is the probability that it is the right one, None where only the
    cue's phrase tells it.
    """

    span: Span
    entity: Entity | None
    cue: str | None
    sentence: Span
    mixed: bool
    source: ResolvedCue | None = None
    sure: float | None = None


def find_reported(
    s: Sentence, text: str, resolved: list[ResolvedCue], language: Language
) -> list[Reported]:
    """The reported clauses of a sentence, in order, not overlapping."""
    found: list[Reported] = _labelled(s, resolved)
    for number, item in enumerate(resolved):
        inside = found and item.cue.first < _token_at(s, found[-1].span[1])
        if item.cue.negated or inside or (item.entity is None and not item.cue.impersonal):
            continue
        tokens = _clause_of(s, number, resolved, language)
        pieces = _coordinated(s, *tokens) if tokens else ()
        found += [made for piece in pieces if (made := _reported(s, text, item, piece))]
    return found


def _clause_of(
    s: Sentence, number: int, resolved: list[ResolvedCue], language: Language
) -> tuple[int, int] | None:
    """The tokens of what a cue reports; None where it reports nothing."""
    cue = resolved[number].cue
    nexts = [r.cue for r in resolved[number + 1 :]]
    demands = _demand(s, cue, language)
    if demands:
        return demands, _short_end(s, demands, nexts)
    if not cue.says and not language.tokens["bare_clause"]:
        return None
    first = all(r.entity is None for r in resolved[:number])
    tokens = _content(s, cue, nexts, first, language)
    if tokens is None or cue.says:
        return tokens
    begins = s.coarse[tokens[0]] in "qflDS"
    return (tokens[0], _short_end(s, tokens[0], nexts)) if begins else None


def _labelled(s: Sentence, resolved: list[ResolvedCue]) -> list[Reported]:
    """A headline that begins with its speaker: "Sanders: the vote could draw support"."""
    match = re.match("T*N+:", s.coarse)
    speaker = next((r.entity for r in resolved if r.cue.form == "label"), None)
    if not s.heading or not match or speaker is None or "Q" in s.coarse:
        return []
    return [Reported((s.spans[match.end()][0], s.span[1]), speaker, ":", s.span, mixed=False)]


def _coordinated(s: Sentence, first: int, last: int) -> list[tuple[int, int]]:
    """ "que A et que B" are two statements."""
    cuts = (
        [match.start() for match in re.finditer(",?xq", s.coarse[first:last])]
        if s.coarse[first : first + 1] == "q"
        else []
    )
    starts = [first, *(first + s.coarse[first + cut :].index("q") + cut for cut in cuts)]
    return list(zip(starts, [*(first + cut for cut in cuts), last], strict=True))


def _token_at(s: Sentence, position: int) -> int:
    return next((i for i, (start, _) in enumerate(s.spans) if start >= position), len(s.spans))


def _reported(
    s: Sentence, text: str, item: ResolvedCue, tokens: tuple[int, int]
) -> Reported | None:
    first, last = tokens
    while last > first and s.coarse[last - 1] in ",.:;x-":
        last -= 1
    inside = s.coarse[first:last]
    if ("Q" in inside and len(inside.replace("Q", "")) < 5) or len(inside) < 3:
        return None
    span = trim(text, s.spans[first][0], s.spans[last - 1][1])
    return Reported(span, item.entity, item.cue.text, s.span, "Q" in inside, item)


def _content(
    s: Sentence, cue: Cue, nexts: list[Cue], first: bool, language: Language
) -> tuple[int, int] | None:
    if cue.form == "inverted":
        return _before(s, cue) if first else None
    if cue.link == "of what":
        return cue.last, _end(s, cue.last, nexts)
    if cue.form == "according":
        return None if s.coarse[: cue.first].rstrip(",h").endswith("Q") else _around(s, cue, nexts)
    link = _TO_THAT.match(s.coarse, cue.last, cue.last + 40)
    at = cue.last
    while at < len(s.coarse) and s.coarse[at] in "hc":
        at += 1
    if at < len(s.coarse) and _infinitive(s, at, language):
        return at, _end(s, at + 1, nexts)
    if link and not (cue.form == "carried" and s.coarse[link.end() - 1] == "f"):
        end = _end(s, link.end(), nexts)
        if cue.form == "carried" and s.tags[cue.verb[0]] == "g" and cue.first <= 1:
            main = _MAIN.search(
                s.tags, link.end(), end
            )  # "Estimant que …, les élus doutent": the main clause follows
            end = main.start() if main else end
        return link.end() - 1, end
    if language.tokens["bare_clause"] and s.coarse[cue.last : cue.last + 1] not in (
        "Q",
        ":",
        "",
        ".",
    ):
        return _bare_clause(s, cue, nexts, language.data["irregular"]["needs_that"])
    return None


def _demand(s: Sentence, cue: Cue, language: Language) -> int:
    """Where a reported demand or promise begins ("called for the council to act", "vowed to
    leave"); 0 if there is none.
    """
    marker = language.tokens["infinitive_marker"]
    if (
        not marker
        or cue.form not in ("subject", "carried", "passive")
        or not s.has("demand", cue.verb[0])
    ):
        return 0
    for at in range(cue.last, min(cue.last + 9, len(s.coarse) - 1)):
        if s.words[at] == marker and s.tags[at + 1] in "jiVUyAw":
            start = cue.last
            while start < at and (s.coarse[start] in "hc" or s.words[start] == "for"):
                start += 1
            return start
        if s.coarse[at] in ",.;:QqVUAr":
            return 0
    return 0


def _infinitive(s: Sentence, at: int, language: Language) -> bool:
    """ "dit avoir reçu", "a déclaré n'en rien savoir": an infinitive clause."""
    if s.words[at] in language.words["infinitive_auxiliary"]:
        return True
    ending = re.compile(rf"\w+{language.data['suffixes']['infinitive']}$")
    return (
        s.coarse[at] in "wi" and ending.match(s.words[at]) is not None and s.coarse[at - 1] != "l"
    )


def _bare_clause(
    s: Sentence, cue: Cue, nexts: list[Cue], needs_that: list[str]
) -> tuple[int, int] | None:
    """A content clause without its conjunction ("he said it was late"): a subject must follow."""
    at = cue.last
    while at < len(s.coarse) and s.coarse[at] in "h":
        at += 1
    if not re.match("[lDSJNTROCdpwxf]", s.coarse[at:]):
        return None
    if any(word in needs_that for word in s.words[cue.verb[0] : cue.verb[1]]):
        return None
    return at, _end(s, at, nexts)


def _before(s: Sentence, cue: Cue) -> tuple[int, int] | None:
    """The clause before ", a révélé le chef" is what was said, unless it is a quote."""
    end = cue.first
    if not end or s.coarse[end - 1] not in ",Q" or s.coarse[:end].strip(",xhb") in ("Q", ""):
        return None
    start = 0
    while start < end and s.coarse[start] in "x,h":
        start += 1
    if re.search("[:;]", s.coarse[start:end]):
        return None
    rest = s.coarse[cue.last + 1 :]
    if (
        s.coarse[cue.last : cue.last + 1] == ","
        and rest
        and not (set(s.tags[start:end]) & set("AVUy") and rest[0] not in "x")
    ):
        return start, _end(s, cue.last + 1, [])  # "The money, she said, would have to come …"
    if end - start <= 5 and s.coarse[start] in "PLhpb" and s.coarse[cue.last : cue.last + 1] == ",":
        return cue.last + 1, len(s.coarse)  # "Dans ce cas, ajoutent les grévistes, …"
    return start, end


def _around(s: Sentence, cue: Cue, nexts: list[Cue]) -> tuple[int, int] | None:
    """ "Selon X, …" has its clause behind it; "…, selon X" before it."""
    if cue.first <= 2 and s.coarse[: cue.first].strip("xh,b") == "":
        after = cue.last + (s.coarse[cue.last : cue.last + 1] == ",")
        return after, _end(s, after, [n for n in nexts if n.form == "inverted"])
    start = max(s.coarse.rfind(mark, 0, cue.first) for mark in ";:") + 1
    while start < cue.first and s.coarse[start] in "x,h":
        start += 1
    tail = s.coarse[cue.last :].lstrip(",").rstrip(".")
    if not tail or tail[0] in "rAg:" or s.coarse[cue.last : cue.last + 2] == ",r":
        return start, cue.first
    return start, _end(s, cue.last, [n for n in nexts if n.form == "inverted"])


def _short_end(s: Sentence, start: int, nexts: list[Cue]) -> int:
    """Where a demand or an object ends: before a dependent or coordinate clause."""
    end = _end(s, start, nexts)
    cut = re.search("[,b-]|x[ch]*[VUA]|x[cSl]", s.coarse[start + 1 : end])
    return start + 1 + cut.start() if cut else end


def _end(s: Sentence, start: int, nexts: list[Cue]) -> int:
    """Where a content clause ends: at a trailing cue, a new main clause, or the sentence's end."""
    end = len(s.coarse)
    for cue in nexts:
        if cue.form == "inverted" and cue.first > start:
            end = min(end, cue.first)
        elif cue.form == "subject" and cue.phrase and cue.phrase.first > start:
            if s.coarse[cue.phrase.first - 1] == "x":
                end = min(end, cue.phrase.first - 1)
        elif (
            cue.form == "carried" and s.coarse[cue.verb[0] - 1] in ",x" and cue.verb[0] > start + 2
        ):
            end = min(end, cue.first)
    for mark in ";:":
        found = s.coarse.find(mark, start, end)
        end = found if found > 0 else end
    cut = re.search(",x[ch]*A|,xS?c*[VU]", s.coarse[start:end])
    return start + cut.start() if cut else end
