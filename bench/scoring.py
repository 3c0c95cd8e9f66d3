"""Spans and speakers against gold rows: the figures behind the floors, from the project's own texts
alone.

The published tables come from the corpus format's own scorer; this one is stricter about names (the
full name, folded) and needs nothing from outside the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.domain.text import fold

Row = dict[str, Any]
_TRIM = "«»“”„\"'‘’‹› \u00a0\u202f\u2009\t\r\n.,;:!?…-–—"


def figures(documents: Sequence[Row], predictions: Iterable[Row]) -> dict[str, float]:
    """Span F1, joint F1 (span and full name), share of scare quotes taken, indirect F1 (overlap
    0.5).
    """
    spans, joint, indirect = _Tally(), _Tally(), _Tally()
    scare = taken = 0
    for document, prediction in zip(documents, predictions, strict=True):
        text = document["text"]
        by_kind = {
            kind: [r for r in document["quotes"] if r["kind"] == kind]
            for kind in ("speech", "not_speech", "optional")
        }
        found = prediction["quotes"]
        pairs = _pair(text, by_kind["speech"], found, 0.8)
        right = [(g, p) for g, p in pairs if _named(by_kind["speech"][g], found[p])]
        optional = {p for _, p in _pair(text, by_kind["optional"], found, 0.5)} - {
            p for _, p in pairs
        }
        counted = len(found) - len(optional)
        spans.add(len(pairs), len(by_kind["speech"]), counted)
        joint.add(len(right), len(by_kind["speech"]), counted)
        scare += len(by_kind["not_speech"])
        taken += len(_pair(text, by_kind["not_speech"], found, 0.8))
        _reported(text, document, prediction, indirect)
    return {
        "span_f1": spans.f1(),
        "joint_f1": joint.f1(),
        "indirect_f1": indirect.f1(),
        "not_speech_kept_out": round(1 - taken / scare, 3) if scare else 1.0,
    }


def _reported(text: str, document: Row, prediction: Row, tally: _Tally) -> None:
    plain = [
        r for r in document.get("indirect") or [] if not r.get("mixed") and not r.get("optional")
    ]
    rest = [r for r in document.get("indirect") or [] if r.get("mixed") or r.get("optional")]
    rest += document["quotes"]
    pairs = _pair(text, plain, prediction["indirect"], 0.5)
    used = {p for _, p in pairs}
    free = {p for _, p in _pair(text, rest, prediction["indirect"], 0.3)} - used
    tally.add(len(pairs), len(plain), len(prediction["indirect"]) - len(free))


class _Tally:
    def __init__(self) -> None:
        self.right = self.gold = self.found = 0

    def add(self, right: int, gold: int, found: int) -> None:
        self.right, self.gold, self.found = self.right + right, self.gold + gold, self.found + found

    def f1(self) -> float:
        return (
            round(2 * self.right / (self.gold + self.found), 3) if self.gold + self.found else 1.0
        )


def _pair(
    text: str, gold: Sequence[Row], found: Sequence[Row], least: float
) -> list[tuple[int, int]]:
    """One-to-one pairs of gold and found rows, best overlap first."""
    scored = []
    for g, row in enumerate(gold):
        for p, other in enumerate(found):
            value = overlap(_trim(text, row), _trim(text, other))
            if value >= least:
                scored.append((value, g, p))
    pairs: list[tuple[int, int]] = []
    for _, g, p in sorted(scored, key=lambda item: -item[0]):
        if all(g != a and p != b for a, b in pairs):
            pairs.append((g, p))
    return pairs


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Intersection over union of two spans."""
    inside = min(one[1], other[1]) - max(one[0], other[0])
    return inside / (max(one[1], other[1]) - min(one[0], other[0])) if inside > 0 else 0.0


def _trim(text: str, row: Row) -> tuple[int, int]:
    start, end = row["start"], row["end"]
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return start, end


def _named(gold: Row, found: Row) -> bool:
    said = fold(found["speaker"] or "")
    keys = gold.get("speaker_keys") or [gold["speaker"]]
    return any(said == fold(key) for key in keys) or any(
        fold(key) in said for key in gold.get("speaker_keys") or ()
    )


def right_speaker(row: Row, name: str | None) -> bool:
    """Does a speaker's name hold the gold one's last word, or another of its keys?"""
    if not row.get("speaker") or not name:
        return not row.get("speaker") and not name
    keys = row.get("speaker_keys") or [row["speaker"].split()[-1]]
    said = fold(name)
    return len(said.split()) <= 25 and any(
        re.search(rf"(?<!\w){re.escape(fold(key))}(?!\w)", said) for key in keys
    )
