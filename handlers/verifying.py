"""Verification at the command line: one text, or one a line."""

from __future__ import annotations

import argparse
import json
import os
import sys

from bot.replies.phrases import Phrases
from bot.replies.verify import verdict_reply, warning
from bot.services.desk import Desk
from bot.settings import Settings
from bot.verification.alleged import is_name, parted
from handlers import shapes
from handlers.colour import coloured
from handlers.commands import out
from handlers.options import DONE, FAILED, MISUSED


def verify(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Did they say that? One text, or one a line with --stdin."""
    if options.stdin and (options.text or options.speaker or options.format != "text"):
        print("verbatim verify: --stdin goes without TEXT, --speaker, --format", file=sys.stderr)
        return MISUSED
    if options.speaker is not None and not is_name(options.speaker):
        print(f"verbatim verify: {options.speaker[:80]!r} is nobody's name", file=sys.stderr)
        return MISUSED
    if options.stdin:
        return _verify_lines(desk, settings)
    text, speaker = " ".join(options.text).strip(), options.speaker
    if not speaker:
        text, speaker = parted(text)
    if not any(map(str.isalnum, text)):
        print(
            "verbatim verify: give the alleged words, e.g. verbatim verify "
            '"la guerre de Poutine" --speaker Sunak',
            file=sys.stderr,
        )
        return MISUSED
    verdict, reviews = desk.verified(text, speaker)
    say = _phrases_for(text, settings)
    if options.format == "jsonld":
        out(shapes.quotation(verdict, warning(verdict, say)), "")
        return DONE
    shape = shapes.verdict(verdict, warning(verdict, say), reviews) if options.json else None
    reply = verdict_reply(verdict, say, reviews)
    if shape is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        from rich.console import Console

        Console(highlight=False).print(coloured(reply))
        return DONE
    out(shape, reply.plain)
    return DONE


def _verify_lines(desk: Desk, settings: Settings) -> int:
    """A JSON object a line; a line that is none is told, and the others are verified."""
    failed = False
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.lstrip("\ufeff"))
            text, speaker = row["text"], row.get("speaker")
            if not isinstance(text, str) or not isinstance(speaker, str | None):
                raise TypeError
            if not any(map(str.isalnum, text)):
                raise ValueError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            failed = True
            told = f'line {number} is no {{"text": …, "speaker": …}}'
            print(f"verbatim verify: {told}", file=sys.stderr)
            out({"error": told}, "")
            continue
        verdict, reviews = desk.verified(text, speaker)
        say = _phrases_for(text, settings)
        out(shapes.verdict(verdict, warning(verdict, say), reviews), "")
    return FAILED if failed else DONE


def _phrases_for(text: str, settings: Settings) -> Phrases:
    from bot.languages.language import detect
    from bot.replies.phrases import phrases

    return phrases(settings.language or detect(text))
