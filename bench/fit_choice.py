"""Fit the choice of speakers and the last decision about speech, on articles left out whole.

    fit_choice.py FILE.jsonl … [--plain TEXTS.jsonl.gz] [--reader FOLDER] [--folds 5] [--write]
                  [--without NAME,NAME] [--bases FILE] [--score-locked]

The rules' own models (``fit_extraction.py``) are fitted once for each fold, on the other folds, so
that the choice learns how far they can be trusted on articles that they have not seen; the choice
is fitted on the other folds, too. What is printed is about left-out articles, scored by the
``score.py`` beside the first FILE. A FILE written as ``FILE.jsonl:locked`` keeps every third
article (lines 3, 6, 9 …) out of everything; those are scored at the end, with the weights that all
others gave.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import argparse
import importlib
import json
import pickle
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract_rows import load
from fit_extraction import WEIGHTS, Decision, Files, fit, fitted, masked
from reader_examples import read
from scoring import overlap, right_speaker

from bot.extraction.choice import Chosen, Evidence, share_out
from bot.extraction.entity import Entity
from bot.extraction.extract import SURE, Analysis, source_of
from bot.extraction.learned import Weights
from bot.extraction.speakers import CanRead, Decisions, places, said_features, span_of
from bot.reader.reader import FOLDER, Reader, Reading
from bot.reader.scores import Score

Document = dict[str, Any]
FOLDS = 5
THIRD = 3
OFTEN = (0.95, 0.75)  # how often a stated and an inferred speaker should be right


class Remembered:
    """A reader that reads a text only once."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.known: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        if text not in self.known:
            self.known[text] = self.reader.read(text)
        return self.known[text]


@dataclass(slots=True)
class Case:
    """An article with its gold, read under weights that were fitted without it."""

    file: str
    fold: int
    document: Document
    text: str
    analysis: Analysis
    decisions: Decisions
    seconds: list[Chosen] = field(default_factory=list)

    def row(self, e: Evidence) -> Document | None:
        """The gold row of a stretch."""
        span = span_of(e.found)
        rows = self.document["quotes"]
        row = max(rows, key=lambda row: _same(row, span), default=None)
        return row if row is not None and _same(row, span) >= 0.5 else None

    def name(self, entity: Entity | None) -> str | None:
        """The name that an entity is shown under."""
        return entity.name if entity is not None else None


def _same(row: Document, span: tuple[int, int]) -> float:
    pieces = [tuple(piece) for piece in row.get("segments") or []]
    return max(overlap(span, piece) for piece in [(row["start"], row["end"]), *pieces])


def case_of(
    file: str, fold: int, document: Document, table: Weights, reader: CanRead | None
) -> Case:
    """Read one article."""
    text, analysis, own = read(document, table)
    scores: list[Score] | None = None
    if reader is not None:
        asked = places(analysis.attributions, analysis.sentences, analysis.mentions)
        scores = reader.read(text).scores(*asked)
    decisions = Decisions(
        text,
        own,
        analysis.sentences,
        analysis.attributions,
        analysis.mentions,
        analysis.speech,
        scores,
        table,
    )
    return Case(file, fold, document, text, analysis, decisions)


def speakers(cases: Iterable[Case], second: bool, without: Sequence[str] = ()) -> list[Decision]:
    """The choices whose right answer the gold tells."""
    found = []
    for case in cases:
        options = case.seconds if second else case.decisions.firsts
        for e, chosen in zip(case.decisions.evidence, options, strict=True):
            row = case.row(e)
            if row is None or row.get("kind", "speech") != "speech" or row.get("silver"):
                continue
            right = [right_speaker(row, case.name(entity)) for entity in chosen.options]
            features = [_pruned(f, without) for f in chosen.features]
            found.append(Decision(features, right))
    return found


def _pruned(features: dict[str, float], without: Sequence[str]) -> dict[str, float]:
    return (
        {k: v for k, v in features.items() if not k.startswith(tuple(without))}
        if without
        else features
    )


def speech(cases: Iterable[Case]) -> list[Decision]:
    """The last decisions about speech, once the speakers are settled."""
    found = []
    for case in cases:
        for e in case.decisions.evidence:
            row = case.row(e)
            kind = row.get("kind", "speech") if row is not None else None
            if kind == "optional" or (row is None and case.document.get("lang") == "en"):
                continue
            features = said_features(case.text, e)
            found.append(Decision([features], [kind == "speech"]))
    return found


def learn(
    cases: list[Case], read_: str, without: Sequence[str] = ()
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The weights fitted on all cases, and those of each fold fitted on the others; the cases are
    left settled, each with its fold's.
    """
    folds = sorted({case.fold for case in cases})
    rest = {q: [case for case in cases if case.fold != q] for q in folds}
    tables: list[dict[str, Any]] = [{} for _ in folds]
    whole: dict[str, Any] = {}
    name = f"{read_}speaker"
    whole[name] = fit(name, speakers(cases, False, without))
    for q in folds:
        tables[q][name] = fit(name, speakers(rest[q], False, without))
        for case in cases:
            if case.fold == q:
                case.seconds = case.decisions.seconds(tables[q])
    name = f"{read_}speaker again"
    whole[name] = fit(name, speakers(cases, True, without))
    for q in folds:
        tables[q][name] = fit(name, speakers(rest[q], True, without))
        for case in cases:
            if case.fold == q:
                for e, chosen in zip(case.decisions.evidence, case.seconds, strict=True):
                    share_out(chosen, name, tables[q])
                    case.decisions.settle_one(e, chosen)
    name = f"{read_}speech again"
    whole[name] = fit(name, speech(cases))
    for q in folds:
        tables[q][name] = fit(name, speech(rest[q]))
    for case in cases:
        case.decisions.table = dict(case.decisions.table or {}) | tables[case.fold]
        for e, chosen in zip(case.decisions.evidence, case.seconds, strict=True):
            case.decisions.settle_one(e, chosen)
    return whole, tables


def prediction(case: Case, least: float = SURE) -> Document:
    """An article's rows as they would be shown."""
    rows = []
    for found in case.analysis.attributions:
        if not case.analysis.speech.is_speech(found):
            continue
        entity = found.entity if found.sure >= least else None
        source = source_of(entity, found.sure, found.stated)
        start, end = span_of(found)
        speaker = source["speaker"]
        rows.append(
            {
                "start": start,
                "end": end,
                "kind": "direct",
                "speaker": speaker.name if speaker else None,
                "attribution": source["attribution"],
                "sure": found.sure,
            }
        )
    return {"id": case.document["id"], "quotes": rows}


def report(scorer: Any, name: str, cases: Sequence[Case], least: float = SURE) -> None:
    """A line of figures, and how often stated and inferred speakers are right; speakers less sure
    than ``least`` are unknown.
    """
    predicted = {case.document["id"]: prediction(case, least) for case in cases}
    r = scorer.score({case.document["id"]: case.document for case in cases}, predicted)
    print(
        f"{name:26} spans {r['overlap']['F1']:.3f}  speaker {r['speaker_resolved']:.3f}  joint "
        f"{r['joint']['F1']:.3f}  local {r['joint_local']['F1']:.3f}  scare "
        f"{r['not_speech_taken']}/{r['not_speech']}  {_trust(cases, predicted)}",
        flush=True,
    )


def _trust(cases: Sequence[Case], predicted: dict[str, Document]) -> str:
    """How often each kind of attribution is right, of the quotes that the gold holds."""
    counts: dict[str, list[int]] = {}
    for case in cases:
        for shown in predicted[case.document["id"]]["quotes"]:
            span = shown["start"], shown["end"]
            row = max(case.document["quotes"], key=lambda row: _same(row, span), default=None)
            if row is None or _same(row, span) < 0.8 or row.get("kind", "speech") != "speech":
                continue
            if row.get("silver"):
                continue
            cell = counts.setdefault(shown["attribution"], [0, 0])
            cell[0] += right_speaker(row, shown["speaker"])
            cell[1] += 1
    return "  ".join(f"{k} {a}/{b}={a / b:.3f}" for k, (a, b) in sorted(counts.items()))


def kept_or_fitted(
    files: Files, plain: Sequence[Decision], folds: int, kept: Path | None
) -> tuple[list[Any], dict[str, Any]]:
    """The rules' models of each fold, and those of all articles; from a file that has them."""
    if kept is not None and kept.exists():
        bases, whole = json.loads(kept.read_text("utf-8"))
        return bases, whole
    bases = []
    for q in range(folds):
        rest = {name: [d for i, d in enumerate(ds) if i % folds != q] for name, ds in files.items()}
        bases.append(fitted(rest, plain))
        print(f"rules' models of fold {q} fitted", file=sys.stderr, flush=True)
    whole = fitted(files, plain)
    if kept is not None:
        kept.write_text(json.dumps([bases, whole]), "utf-8")
    return bases, whole


def main() -> None:
    """Print the left-out table, and write the weights when asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+")
    parser.add_argument("--plain", type=Path)
    parser.add_argument("--reader", type=Path, default=FOLDER)
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--without", default="")
    parser.add_argument("--bases", type=Path, help="where the rules' models of the folds are kept")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--score-locked", action="store_true")
    options = parser.parse_args()
    names = [Path(name.removesuffix(":locked")) for name in options.files]
    sys.path.insert(0, str(names[0].parent))
    scorer = importlib.import_module("score")
    files, locked = {}, {}
    for name, path in zip(options.files, names, strict=True):
        rows = load(path)
        keep = name.endswith(":locked")
        files[path.stem] = [d for i, d in enumerate(rows) if not keep or (i + 1) % THIRD]
        if keep:
            locked[path.stem] = [d for i, d in enumerate(rows) if not (i + 1) % THIRD]
    plain = masked(options.plain) if options.plain else []
    reader = Remembered(Reader(options.reader))
    kept = options.bases.with_suffix(".pickle") if options.bases else None
    if kept is not None and kept.exists():
        reader.known = pickle.loads(kept.read_bytes())  # noqa: S301 our own file
    bases, written = kept_or_fitted(files, plain, options.folds, options.bases)
    for read_, asked in (("", None), ("read ", reader)):
        cases = [
            case_of(name, i % options.folds, d, bases[i % options.folds], asked)
            for name, documents in files.items()
            for i, d in enumerate(documents)
        ]
        print(f"== {'with' if asked else 'without'} the reader, left out")
        whole, _ = learn(cases, read_, [w for w in options.without.split(",") if w])
        for name in files:
            report(scorer, name, [case for case in cases if case.file == name])
        french = [c for c in cases if c.document.get("lang", "fr") == "fr"]
        report(scorer, "all French", french)
        for least in (0.4, 0.45, 0.5, 0.55, 0.6):
            report(scorer, f"all French, sure >= {least}", french, least)
        written |= whole
    if options.score_locked:
        for read_, asked in (("", None), ("read ", reader)):
            for name, documents in locked.items():
                cases = [case_of(name, 0, d, written, asked) for d in documents]
                for case in cases:
                    case.decisions.settle()
                report(scorer, f"{name} locked {read_}", cases)
    if kept is not None:
        kept.write_bytes(pickle.dumps(reader.known))
    if options.write:
        WEIGHTS.write_text(
            json.dumps(written, indent=0, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
        )


if __name__ == "__main__":
    main()
