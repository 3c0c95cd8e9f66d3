"""Fit the weights of ``bot/extraction/weights.json``: who is meant, whose words they are, and what
is speech at all.

    fit_extraction.py FILE.jsonl … [--plain TEXTS.jsonl.gz] [--folds 5] [--write]

FILE is a corpus file (see extraction.py). Articles are left out whole: with ``--folds`` the printed
figures are those of articles that the weights were not fitted on, beside the fitted ones. Each file
counts the same in the fit. ``--plain`` adds what texts without annotation teach about pronouns: a
full name that the last sentences named already is read as if it were the pronoun, so that its
bearer is known. The decisions depend on earlier ones (who spoke last), so the fit is repeated on
what the fitted weights decide.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from extract_rows import article_of, load
from numpy.typing import NDArray
from scoring import overlap, right_speaker

from bot.extraction import walk
from bot.extraction.attribution import Attribution
from bot.extraction.entity import Entity
from bot.extraction.extract import Analysis, analyse, marked_of
from bot.extraction.learned import Choice, Features, Weights
from bot.extraction.phrase import Phrase
from bot.extraction.reference import Reference
from bot.extraction.sentence import Sentence
from bot.extraction.sources import Option
from bot.languages.language import language

Floats = NDArray[np.float64]
WEIGHTS = Path(__file__).parent.parent / "bot" / "extraction" / "weights.json"
ROUNDS, STEPS, RATE = 3, 250, 0.05
DECAY = {"reference": 4.0, "source": 4.0, "speech": 2.0}
"""The weight of the squared weights beside the loss, by model; chosen on left-out articles."""
MASKED, NEAR, EVERY = 0.3, 2, 5
"""What a masked name counts, from how many sentences back it must be known, and which share of the
texts is read.
"""
DIGITS = 3


@dataclass(slots=True)
class Decision:
    """Options as features, which of them are right, and how much it counts."""

    options: list[Features]
    right: list[bool]
    share: float = 1.0


Decisions = dict[str, list[Decision]]
Files = dict[str, list[dict[str, Any]]]


def read(document: dict[str, Any], table: Weights | None) -> Analysis:
    """One article under some weights."""
    article = article_of(document)
    paragraphs, marked = marked_of(article)
    return analyse(article, language(article.language), paragraphs, marked, table)


def collect(documents: Sequence[dict[str, Any]], table: Weights | None, share: float) -> Decisions:
    """The decisions that some articles ask for, with the right answers where the gold tells
    them.
    """
    found: Decisions = defaultdict(list)
    for document in documents:
        analysis = read(document, table)
        for stretch in analysis.attributions:
            _of_stretch(document, analysis, stretch, found, share)
        for row in document.get("indirect") or []:
            if row.get("silver") or not row.get("speaker"):
                continue
            for reported in analysis.reported:
                choice = reported.source.choice if reported.source else None
                if choice and overlap(reported.span, (row["start"], row["end"])) >= 0.5:
                    _of_reference(choice, row, found, share)
    return found


def _of_stretch(
    document: dict[str, Any],
    analysis: Analysis,
    stretch: Attribution,
    found: Decisions,
    share: float,
) -> None:
    span = stretch.segments[0][0], stretch.segments[-1][1]
    row = max(document["quotes"], key=lambda row: _same(row, span), default=None)
    kind = row.get("kind", "speech") if row is not None and _same(row, span) >= 0.5 else None
    if kind == "optional" or (row is not None and row.get("silver") and kind == "speech"):
        if kind == "speech":
            found["speech"].append(Decision([analysis.speech.features(stretch)], [True], share))
        return
    found["speech"].append(Decision([analysis.speech.features(stretch)], [kind == "speech"], share))
    if kind != "speech" or row is None or stretch.choice is None:
        return
    choice = stretch.choice
    if choice.model == "source":
        values = [getattr(value, "entity", None) for value in choice.values]
        found["source"].append(
            Decision(choice.options, [_right(row, value) for value in values], share)
        )
        cued = [value.cue for value in choice.values if isinstance(value, Option) and value.cue]
        for cue in cued:
            if cue.choice and _mentions(row, cue):
                _of_reference(cue.choice, row, found, share)
    else:
        _of_reference(choice, row, found, share)


def _of_reference(choice: Choice, row: dict[str, Any], found: Decisions, share: float) -> None:
    if choice.model == "reference":
        found["reference"].append(
            Decision(choice.options, [_right(row, value) for value in choice.values], share)
        )


def _same(row: dict[str, Any], span: tuple[int, int]) -> float:
    pieces = [tuple(piece) for piece in row.get("segments") or []]
    return max(overlap(span, piece) for piece in [(row["start"], row["end"]), *pieces])


def _right(row: dict[str, Any], value: object) -> bool:
    return right_speaker(row, value.name if isinstance(value, Entity) else None)


def _mentions(row: dict[str, Any], cue: Any) -> bool:
    """Is a cue's phrase the gold's mention?"""
    phrase, mention = cue.cue.phrase, (row.get("mention") or "").lower().split()
    if phrase is None or not mention:
        return False
    word = phrase.pronoun or (cue.sentence.words[phrase.head] if phrase.head is not None else "")
    return word.strip("-") in mention or any(
        part.endswith(("'" + word, "’" + word)) for part in mention
    )


class _Masked(Reference):
    """Resolves names as ever, and notes whom a pronoun in their place would have to mean."""

    noted: ClassVar[list[Decision]] = []

    def _name(self, s: Sentence, phrase: Phrase) -> Choice:
        choice = super()._name(s, phrase)
        entity, d = choice.value, self.discourse
        if (
            isinstance(entity, Entity)
            and entity.full
            and entity.gender in ("m", "f")
            and not s.heading
        ):
            if entity in d.last and d.number - d.last[entity].sentence <= NEAR:
                key = "masculine" if entity.gender == "m" else "feminine"
                pronoun = replace(phrase, pronoun=s.language.words[key][0])
                asked = self._pronoun(s, pronoun, None)
                self.noted.append(
                    Decision(asked.options, [value is entity for value in asked.values], MASKED)
                )
        return choice


def masked(path: Path) -> list[Decision]:
    """The pronoun decisions that the names of some texts without annotation stand for."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines][::EVERY]
    _Masked.noted.clear()
    vars(walk)["Reference"] = _Masked
    try:
        for document in documents:
            read(document, None)
    finally:
        vars(walk)["Reference"] = Reference
    return list(_Masked.noted)


# ---- fitting
def fit(model: str, decisions: Sequence[Decision]) -> dict[str, float]:
    """The weights under which the right options are likeliest."""
    yes_or_no = model.endswith(("speech", "speech again"))
    usable = [d for d in decisions if yes_or_no or (any(d.right) and not all(d.right))]
    names = sorted(
        {name for d in usable for option in d.options for name, value in option.items() if value}
    )
    places = {name: i for i, name in enumerate(names)}
    rows = [option for d in usable for option in d.options]
    table = np.zeros((len(rows), len(names)))
    for number, option in enumerate(rows):
        for name, value in option.items():
            if value:
                table[number, places[name]] = value
    group = np.repeat(np.arange(len(usable)), [len(d.options) for d in usable])
    right = np.array([r for d in usable for r in d.right], float)
    share = np.array([d.share for d in usable])
    slope = _logistic if yes_or_no else _softmax
    found, mean, square = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, STEPS + 1):
        gradient = (
            table.T @ slope(table @ found, right, group, share) + DECAY.get(model, 1.0) * found
        )
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        found -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return {
        name: round(float(value), DIGITS)
        for name, value in zip(names, found, strict=True)
        if abs(value) > 0.005
    }


def _logistic(sums: Floats, right: Floats, group: NDArray[np.int64], share: Floats) -> Floats:
    return share[group] * (1 / (1 + np.exp(-sums)) - right)


def _softmax(sums: Floats, right: Floats, group: NDArray[np.int64], share: Floats) -> Floats:
    top = np.full(group.max() + 1, -np.inf)
    np.maximum.at(top, group, sums)
    chance = np.exp(sums - top[group])
    chance /= np.bincount(group, chance)[group]
    wanted = chance * right
    wanted /= np.bincount(group, wanted)[group] + 1e-12
    return share[group] * (chance - wanted)


def fitted(files: Files, plain: Sequence[Decision] = ()) -> dict[str, dict[str, float]]:
    """Weights fitted on all articles of some files, each file counting the same, in a few
    rounds.
    """
    sizes = {
        name: sum(len(d["quotes"]) for d in documents) or 1 for name, documents in files.items()
    }
    mean = math.exp(np.mean([math.log(size) for size in sizes.values()]))
    table: Any = None
    for _ in range(ROUNDS):
        found: Decisions = defaultdict(list)
        for name, documents in files.items():
            for model, decisions in collect(
                documents, table, math.sqrt(mean / sizes[name])
            ).items():
                found[model] += decisions
        found["reference"] += plain
        table = {model: fit(model, found[model]) for model in ("reference", "source", "speech")}
    result: dict[str, dict[str, float]] = table
    return result


def joint(documents: Sequence[dict[str, Any]], table: Weights) -> tuple[int, int, int, int, int]:
    """Gold quotes, stretches given, spans right, speakers right among them, and scare quotes
    given.
    """
    gold = given = spans = speakers = scare = 0
    for document in documents:
        analysis = read(document, table)
        rows = [row for row in document["quotes"] if row.get("kind", "speech") == "speech"]
        others = [row for row in document["quotes"] if row.get("kind", "speech") != "speech"]
        gold += len(rows)
        taken: set[int] = set()
        for found in (a for a in analysis.attributions if analysis.speech.is_speech(a)):
            span = found.segments[0][0], found.segments[-1][1]
            match = next(
                (i for i, row in enumerate(rows) if i not in taken and _same(row, span) >= 0.8),
                None,
            )
            if match is not None:
                taken.add(match)
                given, spans = given + 1, spans + 1
                speakers += _right(rows[match], found.entity)
            elif other := next((row for row in others if _same(row, span) >= 0.5), None):
                given += other["kind"] == "not_speech"
                scare += other["kind"] == "not_speech"
            else:
                given += 1
    return gold, given, spans, speakers, scare


def report(name: str, counts: Sequence[int]) -> str:
    """A line of figures."""
    gold, given, spans, speakers, scare = counts
    return (
        f"{name:24} spans F1 {2 * spans / (gold + given):.3f}  speaker "
        f"{speakers / max(spans, 1):.3f}  "
        f"joint F1 {2 * speakers / (gold + given):.3f}  scare quotes {scare}"
    )


def left_out(files: Files, folds: int, plain: Sequence[Decision] = ()) -> dict[str, list[int]]:
    """The counts of each file's articles, every article weighed by a fit that did not see it."""
    counts = {name: [0] * 5 for name in files}
    for fold in range(folds):
        rest = {
            name: [d for i, d in enumerate(documents) if i % folds != fold]
            for name, documents in files.items()
        }
        table = fitted(rest, plain)
        for name, documents in files.items():
            held = [d for i, d in enumerate(documents) if i % folds == fold]
            counts[name] = [a + b for a, b in zip(counts[name], joint(held, table), strict=True)]
    return counts


def main() -> None:
    """Print left-out and fitted figures; write the weights when asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--plain", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    files = {path.stem: load(path) for path in options.files}
    plain = masked(options.plain) if options.plain else []
    if options.folds:
        for name, counts in left_out(files, options.folds, plain).items():
            print(report(f"{name}, left out", counts))
    table = fitted(files, plain)
    for name, documents in files.items():
        print(report(f"{name}, fitted", joint(documents, table)))
    if options.write:
        WEIGHTS.write_text(
            json.dumps(table, indent=0, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
