"""What a cut leaves out that the words hang on: a negation, a condition, a hedge, whose view it is,
a question, the end of the thought; and what an article says of them outside the marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.domain.model import Article, Quote, Span
from bot.domain.verdict import Caution, CautionKind
from bot.search.terms import search_words
from bot.verification.speech import Utterance
from bot.verification.wording import Word, begins_with, holds, listed, norms, spoken, words_of

_FIRM_REACH = 9  # words before a cut in which a negation stands that turns nothing behind it
_NEAR = 9  # words before a quote in which its denial stands
_AFTER = 4  # words behind it
_INNER = re.compile(r"[“«„‹]|(?<![^\s(])[\"‘](?=\w)")
_CLOSED = re.compile(r"[”»›]|(?<=[\w.!?,])\"|(?<=[\w.!?,])’(?=[\s.,;:!?]|$)")
_PARTNERS = frozenset(("personne", "rien", "aucun", "aucune", "jamais", "ni", "nul", "nulle"))
_DOING = re.compile(r"(?:er|ir|re|ing)$")  # an infinitive, a gerund
_OF = frozenset(("de", "d", "avoir", "having", "saying", "to", "say", "of"))
_BESIDE = frozenset(("sans", "without", "ni", "nor"))
_FIRST = frozenset(("je", "j", "i", "we", "nous"))
_TOLD = frozenset(("me", "us", "you", "them", "him", "her"))
_ASKED = ("il", "elle", "nous", "vous", "on", "je")
_FIRM = frozenset(("plus", "point", "non"))
"""Negations that often turn nothing but the word beside them."""


def cautions(utterance: Utterance, first: int, last: int, asks: bool) -> tuple[Caution, ...]:
    """What is lost when words ``first`` to ``last`` of an utterance stand alone; ``asks``: the
    alleged words end with a question mark.
    """
    words = utterance.words
    begin = first
    lost = words[first].ne and set(norms(words[max(0, first - _NEAR) : first])) & _PARTNERS
    while begin > 0 and not words[begin].begins:
        begin -= 1
    end = last
    while end < len(words) and not words[end].begins:
        end += 1
    left, right, text = words[begin:first], words[last:end], utterance.article.text
    found = [
        Caution("negation", _slice(left, text)) if lost and left else None,
        _before(left, words[first] if first < len(words) else None, text),
        _after(right, text),
        _question(utterance, begin, first, end, asks),
    ]
    return tuple(dict.fromkeys(caution for caution in found if caution is not None))


def _before(left: Sequence[Word], next_word: Word | None, text: str) -> Caution | None:
    """What of a sentence's beginning governs the words that follow it."""
    held = norms(left)
    if not left or holds(held[-_FIRM_REACH:], "firm") is not None:
        return None
    clause = left[_clause(left, next_word) :]
    content = _of_content(clause)
    if content == "factive":
        return None
    kind = content or _in_clause(clause) or _at_head(left, held)
    return Caution(kind, _slice(left, text)) if kind else None


def _in_clause(clause: Sequence[Word]) -> CautionKind | None:
    """What in the clause that the words go on with turns them."""
    if _negated(clause):
        return "negation"
    held = norms(clause)
    if holds(held, "conditions") is not None:
        return "condition"
    if holds(held, "sources") is not None:
        return "attribution"
    return "hedge" if holds(held, "hedges") is not None else None


def _at_head(left: Sequence[Word], held: Sequence[str]) -> CautionKind | None:
    """What an earlier clause of the sentence says that the words hang on: "Si …,", "Perhaps,"."""
    starts = [n for n, word in enumerate(left) if n == 0 or word.breaks]
    if any(begins_with(held[n:], "conditions") for n in starts[:1] + starts[-1:]):
        return "condition"
    if any(begins_with(held[n:], "sources") for n in starts):
        return "attribution"
    if held[0] in listed("inverted") and left[0].begins:
        return "condition"
    return "hedge" if begins_with(held, "hedges") == len(held) else None


def _slice(words: Sequence[Word], text: str) -> str:
    """The article's own stretch that some words stand in."""
    return " ".join(text[words[0].start : words[-1].end].split())


def _clause(left: Sequence[Word], next_word: Word | None) -> int:
    """Where the clause begins that the following words go on with; its end where they begin one."""
    if next_word is not None and next_word.breaks:
        return len(left)
    if left[-1].norm in listed("coordinators") and (len(left) == 1 or left[-1].breaks):
        return len(left)
    return max((n for n, word in enumerate(left) if word.breaks), default=0)


def _of_content(words: Sequence[Word]) -> CautionKind | Literal["factive", ""]:
    """Are the following words only the content of what stands before ("Je ne crois pas que")?

    "" no; else of what: a negation, somebody's saying, a hedge, or (factive) what is so.
    """
    clause = norms(words)
    joined = bool(clause) and clause[-1] in listed("complementizers")
    matrix = list(clause[:-1] if joined else clause)
    while not joined and len(matrix) > 1 and matrix[-1] in _TOLD:
        matrix.pop()  # "people keep telling me"
    says = bool(matrix) and matrix[-1] in search_words("saying")
    if not joined and not says:
        return ""
    if _negated(words):
        return "negation"
    if joined and set(matrix[-3:]) & listed("factives"):
        return "factive"
    own = set(matrix if joined else matrix[:1]) & _FIRST
    others = bool(set(matrix) & search_words("saying")) and len(matrix) > 1 and not own
    return "attribution" if others else "hedge"


def _negated(words: Sequence[Word]) -> bool:
    return any(word.ne or word.norm in listed("negations") - _FIRM for word in words)


def _after(right: Sequence[Word], text: str) -> Caution | None:
    """What of a sentence's end the words before it hang on."""
    held = norms(right)
    kind = _behind(right, held) if right else None
    return Caution(kind, _slice(right, text)) if kind else None


def _behind(right: Sequence[Word], held: Sequence[str]) -> CautionKind | None:
    if not right[0].breaks and held[0] in listed("negations") - _BESIDE:
        return "negation"
    if begins_with(held, "contrasts"):
        return "thought"
    skipped = begins_with(held, "coordinators")
    if skipped:
        return "condition" if begins_with(held[skipped:], "conditions") else None
    clauses = (n for n, word in enumerate(right) if n and word.breaks)
    ends = next((n for n in clauses if begins_with(held[n:], "coordinators")), len(held))
    return "condition" if holds(held[:ends], "conditions") is not None else None


def _question(utterance: Utterance, begin: int, first: int, end: int, asks: bool) -> Caution | None:
    """A question of which the words alone look like a statement."""
    if asks or not utterance.ends_asking(end) or begin >= end:
        return None
    words = utterance.words[begin:end]
    text = utterance.article.text[words[0].start : words[-1].end]
    inverted = any(f"-{who}" in text.lower() for who in _ASKED)
    if first == begin and (inverted or begins_with(norms(words), "askers")):
        return None
    return Caution("question", f"{text} ?")


def omitted(words: Sequence[Word], following: Word, text: str) -> Caution | None:
    """What a marked omission leaves out that the rest may hang on: a negation or a condition, or
    what it joins to words in the middle of another clause.
    """
    if not words:
        return None
    plain = [word for word in words if word.norm not in _BESIDE]
    turned = _negated(plain) or holds(norms(words), "conditions") is not None
    joins = words[0].breaks and following.norm in listed("coordinators")
    if (following.breaks or joins) and not turned:
        return None
    return Caution("omission", _slice(words, text))


def denied(article: Article, quote: Quote) -> Caution | None:
    """Does the sentence that carries a quote say that it was not said?"""
    text = article.text
    start, end = quote.context
    before = text[start : quote.start].rstrip(" \u00a0\u202f«“\"'‘„")
    words = words_of(before) if before and before[-1] not in ":," else []
    begin = max((n for n, word in enumerate(words) if word.breaks), default=0)
    around = norms(spoken(words_of(f"{text[start : quote.start]} . {text[quote.end : end]}")))
    at = holds(around, "doubted")
    if at is not None:
        return Caution("denied", " ".join(f"{before} {text[quote.end : end]}".split()))
    said = norms(words_of(text[quote.start : quote.end]))[:1]
    if words and said and _denies(words[begin:][-_NEAR:], said[0]):
        return Caution("denied", _slice(words[begin:], before))
    after = norms(words_of(text[quote.end : end]))[:_AFTER]
    goes_on = begins_with(after, "coordinators")
    if set(after) & listed("denials") and quote.kind != "direct" and not goes_on:
        return Caution("denied", text[quote.end : end].strip(' »”",'))
    return None


def _denies(words: Sequence[Word], first: str) -> bool:
    """Do the words before a quote deny it? "Il conteste « un procès »" does not: so he calls it;
    "Il conteste « avoir menti »" does. ``first`` is the quote's first word.
    """
    held = norms(words)
    if set(held) & listed("denials"):
        of = bool(set(held[-3:]) & (listed("complementizers") | _OF)) or _DOING.search(first)
        return bool(of) and not (_negated(words) and not set(held) & {"jamais", "never"})
    return _negated(words) and not set(held) & listed("denied_not")


def is_translated(article: Article, quote: Quote) -> bool:
    """Does the sentence that carries a quote say that its words are a translation?"""
    start, end = quote.context
    around = f"{article.text[start : quote.start]} . {article.text[quote.end : end]}"
    held = norms(words_of(around))
    return holds(held, "translated") is not None


def nested(article: Article, quote: Quote, span: Span) -> tuple[Caution, ...]:
    """Are the words somebody else's, whom the speaker quotes?"""
    before = article.text[quote.start : span[0]]
    opened = [match.start() for match in _INNER.finditer(before)]
    closed = [match.start() for match in _CLOSED.finditer(before)]
    if len(opened) > len(closed):
        return (Caution("attribution", " ".join(before[: opened[-1]][-120:].split())),)
    return ()
