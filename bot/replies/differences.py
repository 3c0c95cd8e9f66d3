"""How alleged words differ from true ones, to be seen and to be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz.distance import Levenshtein

from bot.domain.answer import Match
from bot.domain.model import Span
from bot.domain.verdict import Edit, Verdict
from bot.replies.page import Part, bold, shorten, struck
from bot.replies.phrases import Phrases
from bot.search.terms import words as folded_words


def marked_spans(verdict: Verdict, match: Match) -> tuple[Span, ...]:
    """What is to be seen: of an extract the words that were taken, of altered words those that
    differ.
    """
    quote, span = match.quote, verdict.span
    if span is None:
        return ()
    if verdict.kind != "altered":
        start, end = max(span[0], quote.start), min(span[1], quote.end)
        whole = (start, end) == (quote.start, quote.end)
        return () if whole or end <= start else ((start - quote.start, end - quote.start),)
    text = match.article.text
    found = []
    for edit in verdict.edits:
        at = text.find(edit.true, span[0], span[1]) if edit.true else -1
        if at >= 0 and quote.start <= at < quote.end:
            found.append((at - quote.start, at - quote.start + len(edit.true)))
    return tuple(found)


def differences(verdict: Verdict, say: Phrases) -> list[Part | str]:
    """Alleged and true words in one line: what was put in struck, what is true in bold, each said
    in words for who can't see it.
    """
    match, span = verdict.match, verdict.span
    if match is None or span is None:
        return []
    stretches = verdict.segments or (span,)
    old = verdict.text.split()
    new = [word for part in stretches for word in match.article.text[slice(*part)].split()]
    return marked_changes(old, new, say("alleged"), say("in truth"), _plain)


def marked_changes(
    old: Sequence[str],
    new: Sequence[str],
    gone: str,
    come: str,
    alike: Callable[[str], str] = str,
) -> list[Part | str]:
    """The words of two texts in one line: those only in the old struck, those only in the new bold,
    each said in words (``gone``, ``come``) for who can't see it.

    Words are the same whose ``alike`` is.
    """
    parts: list[Part | str] = []
    for step in Levenshtein.opcodes(list(map(alike, old)), list(map(alike, new))):
        before = " ".join(old[step.src_start : step.src_end])
        after = " ".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            parts.append(f"{after} ")
            continue
        if before:
            parts.append(Part(f"{struck(before).html} ", f"[{gone}: {before}] "))
        if after:
            parts.append(Part(f"{bold(after).html} ", f"[{come}: {after}] "))
    return parts


def _plain(word: str) -> str:
    return " ".join(folded_words(word))


def edit_line(edit: Edit, say: Phrases) -> list[Part | str]:
    """One difference in words: its kind, what was alleged, what is true."""
    kind = _kind(edit, say)
    alleged, true = shorten(edit.alleged, 80), shorten(edit.true, 80)
    if not edit.true:
        return [kind, " ", say("put in: {words}", words=alleged)]
    if not edit.alleged:
        return [kind, " ", say("left out: {words}", words=true)]
    return [kind, " ", say("{alleged} instead of {true}", alleged=alleged, true=true)]


def _kind(edit: Edit, say: Phrases) -> str:
    named = {
        "negation": say("Negation:"),
        "number": say("Number:"),
        "date": say("Date:"),
        "name": say("Name:"),
        "quantifier": say("Quantity:"),
        "modality": say("Tense or certainty:"),
        "swap": say("Order:"),
        "typo": say("Typing mistake:"),
    }
    return named.get(edit.kind, say("Word:"))
