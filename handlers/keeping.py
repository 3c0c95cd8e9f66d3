"""The commands that keep a store: export, import, backup, doctor."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TextIO

from bot.domain.errors import BadMetadataError, VerbatimError
from bot.services import transfer
from bot.services.checkup import check
from bot.services.desk import Desk
from bot.settings import Settings
from handlers.commands import encode_up_to
from handlers.options import DONE, FAILED

_BATCH = 50  # articles in one durable write of an import
_IMPORTED_AT_ONCE = 2_000  # quotes that are encoded at the end of an import: under a minute's work
_SHOWN = 20  # problems that a report spells out


def export(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Everything to standard output."""
    writers = {"jsonl": transfer.jsonl, "csv": transfer.csv_lines, "jsonld": transfer.jsonld}
    for line in writers[options.format](desk.store):
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return DONE


def import_(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Articles from the JSON lines of an export; a bad line is named and does not stop the
    others.
    """
    if options.claimreview:
        return _claimreviews(options, desk)
    failed = False
    count = new = 0
    for name, file in _inputs(options.files):
        good = _good_lines(name, file)
        while batch := list(islice(good, _BATCH)):
            articles = [item for items in batch if items for item in items]
            failed |= any(not items for items in batch)
            new += desk.store.add_many(articles)
            count += sum(1 for items in batch if items)
            _progress(count)
    encode_up_to(desk, _IMPORTED_AT_ONCE)
    if options.json:
        print(json.dumps({"articles": count, "changes": new}))
    else:
        print(f"{count} articles read, {new} changes stored")
    return FAILED if failed else DONE


def _claimreviews(options: argparse.Namespace, desk: Desk) -> int:
    """Published fact-checks; a file without any is told and does not stop the others."""
    failed, new, known = False, 0, 0
    for name, file in _inputs(options.files):
        try:
            added, there = desk.reviews.load(file.read())
        except BadMetadataError as error:
            print(f"verbatim: {name}: {error}", file=sys.stderr)
            failed = True
            continue
        new, known = new + added, known + there
    if options.json:
        print(json.dumps({"reviews": new + known, "new": new}))
    else:
        print(f"{new + known} fact-checks read, {new} new")
    return FAILED if failed else DONE


def _inputs(files: Iterable[str]) -> Iterator[tuple[str, TextIO]]:
    for name in files or ["-"]:
        if name == "-":
            yield "standard input", sys.stdin
            continue
        try:
            with open(name, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 "-" is a name, too
                yield name, file
        except OSError as error:
            raise VerbatimError(f"{name}: {error.strerror}") from error


def _good_lines(name: str, file: TextIO) -> Iterator[list[transfer.Item]]:
    """What each line holds; an empty list for one that is wrong: the first few are told one by one,
    the rest counted.

    VerbatimError when a file begins with nothing but wrong lines: it is no export.
    """
    good = bad = 0
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            found = transfer.read_line(line)
        except VerbatimError as error:
            bad += 1
            if bad <= _SHOWN:
                print(f"verbatim: {name}, line {number}: {error}", file=sys.stderr)
            elif not good:
                raise VerbatimError(
                    f"{name}: none of its first {_SHOWN} lines is an article of `verbatim export "
                    "--format jsonl`; "
                    "nothing of it was stored"
                ) from error
            yield []
            continue
        good += 1
        yield found
    if bad > _SHOWN:
        print(f"verbatim: {name}: {bad - _SHOWN} more lines are wrong", file=sys.stderr)


def _progress(count: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{count} articles ", end="", file=sys.stderr, flush=True)


def backup(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """A copy in a file that is itself a store, made while others go on."""
    desk.store.backup(options.path)
    if options.json:
        quotes, articles = desk.size()
        print(json.dumps({"backup": str(options.path), "quotes": quotes, "articles": articles}))
    else:
        print(
            f"{options.path}: {desk.size()[1]} articles; use it with --store tinydb:{options.path}"
        )
    return DONE


def doctor(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Check every invariant; 0 only when all holds."""
    report = check(desk.store, desk.index)
    meaning = desk.encode.meaning
    encoder, encoded = (
        (meaning.encoder.name, report.quotes - desk.encode.missing()) if meaning else (None, 0)
    )
    if options.json:
        shape = {
            "sound": not report.problems,
            "articles": report.articles,
            "quotes": report.quotes,
            "versions": report.versions,
            "problems": report.problems,
            "encoder": encoder,
            "encoded": encoded,
        }
        print(json.dumps(shape, ensure_ascii=False))
    else:
        print(f"store     {settings.store_shown}")
        print(f"articles  {report.articles} (and {report.versions} earlier versions)")
        print(
            f"quotes    {report.quotes}, each compared with its article's text and with the index"
        )
        print(
            "encoder   "
            f"{f'{encoder}, {encoded} quotes encoded' if encoder else 'none: words alone answer'}"
        )
        for problem in report.problems[:_SHOWN]:
            print(f"problem   {problem}")
        if len(report.problems) > _SHOWN:
            print(f"          … and {len(report.problems) - _SHOWN} more (all with --json)")
        print("all sound" if not report.problems else f"{len(report.problems)} problems")
    return FAILED if report.problems else DONE
