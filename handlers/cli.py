"""The command line: the only file that opens a store. Heavy modules are imported by the command
that needs them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.errors import VerbatimError
from handlers.options import DONE, FAILED, build_parser

if TYPE_CHECKING:
    from bot.domain.ports import Store
    from bot.meaning.meaning import Meaning
    from bot.services.desk import Desk
    from bot.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 done, 1 something failed, 2 wrong use."""
    for stream in (sys.stdout, sys.stdin, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding="utf-8", errors="surrogateescape" if stream is sys.stdin else "replace"
            )
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        code = run(options)
        sys.stdout.flush()  # here, not at the interpreter's end, where nobody catches anything
        return code
    except VerbatimError as error:
        print(f"verbatim: {error}", file=sys.stderr)  # noqa: T201 this is the command line
        return FAILED
    except BrokenPipeError:
        # the reader of our output has gone: nothing more to say, and what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        print(f"verbatim: {error.filename or 'output'}: {error.strerror or error}", file=sys.stderr)  # noqa: T201
        return FAILED
    except KeyboardInterrupt:
        return 130


def run(options: argparse.Namespace) -> int:
    """Run a parsed command with the settings of the environment."""
    command = _command(options.command)
    if options.command == "extract":
        return command(options)
    settings = read_settings(options)
    if options.command == "serve" and settings.telegram_token is None:
        raise VerbatimError(
            "TELEGRAM_TOKEN is not set; get one from @BotFather, or try `verbatim chat`, which "
            "needs none"
        )
    if options.command == "doctor" and options.repair:
        return _repair(settings.store)
    store = open_seeded(
        settings.store, seeded=options.command != "import" and settings.seeds == "on"
    )
    try:
        desk = _desk(store, settings, options.command)
        try:
            return command(options, desk, settings)
        finally:
            desk.keep()
    finally:
        store.close()


def _command(name: str) -> Callable[..., int]:
    from handlers import commands

    if name in ("export", "import", "backup", "doctor"):
        from handlers import keeping

        return getattr(keeping, "import_" if name == "import" else name)  # type: ignore[no-any-return]
    if name == "verify":
        from handlers.verifying import verify

        return verify
    if name == "ingest":
        from handlers.ingesting import ingest

        return ingest
    return getattr(commands, name)  # type: ignore[no-any-return]


def _repair(url: str) -> int:
    """Save what can be saved of a TinyDB store; nothing of the old one is touched."""
    from storage.repair import repair

    if not url.startswith("tinydb:"):
        raise VerbatimError(
            "doctor --repair is for TinyDB stores; PostgreSQL has its own tools (pg_dump, "
            "pg_amcheck)"
        )
    path = Path(url.partition(":")[2]).expanduser().resolve()
    if not path.exists() and not path.with_name(path.name + ".journal").exists():
        raise VerbatimError(f"{path}: there is no store there")
    done = repair(path)
    print(  # noqa: T201
        f"{done.path}: {done.articles} articles saved, {done.writes} journal writes replayed, "
        f"{done.lost} documents lost.\n"
        f"{path} is as it was. Use the new one with VERBATIM_STORE=tinydb:{done.path}"
    )
    return FAILED if done.lost else DONE


def read_settings(options: argparse.Namespace) -> Settings:
    """The environment's settings, with ``--store`` over them; VerbatimError names what is not
    valid.
    """
    from pydantic import ValidationError

    from bot.settings import Settings, named_in, unknown_names

    unknown = unknown_names([*os.environ, *named_in(Path(".env"))])
    if unknown:
        told = (
            f"{name} is no setting" + (f"; did you mean {meant}?" if meant else "")
            for name, meant in unknown
        )
        raise VerbatimError(f"the environment or .env is not valid: {'; '.join(told)}")
    try:
        settings = Settings()
    except ValidationError as error:
        raise VerbatimError(
            f"the environment or .env is not valid: {'; '.join(map(_wrong, error.errors()))}"
        ) from None
    os.environ["VERBATIM_READER"] = settings.reader  # for the processes that read articles, too
    return (
        settings.model_copy(update={"store": options.store})
        if getattr(options, "store", None)
        else settings
    )


def _wrong(error: Mapping[str, Any]) -> str:
    """What is wrong with a setting; not its value, which may be a secret."""
    named = "".join(f"{str(place).upper()}: " for place in error["loc"][:1])
    return named + str(error["msg"]).removeprefix("Value error, ")


def open_seeded(url: str, seeded: bool = True) -> Store:
    """The store at an address; a new one is filled from the seed articles if ``seeded``."""
    from storage.opening import open_store

    store = open_store(url)
    if seeded and next(iter(store.changes(0)), None) is None:
        from importlib.resources import as_file, files

        from bot.extraction.extract import extract_quotes
        from bot.reading.source import read_file

        with as_file(files("seeds") / "articles") as folder:
            for path in sorted(folder.glob("*.txt")):
                article = read_file(path)
                store.add_many([(article, extract_quotes(article))])
    return store


_ENCODES = ("ask", "search", "chat", "serve", "ingest", "import", "encode", "doctor", "feed")


def _desk(store: Store, settings: Settings, command: str) -> Desk:
    from bot.services.desk import Desk
    from storage.opening import kept_beside

    meaning = _meaning(store, settings) if command in _ENCODES else None
    from bot.reading.fetch import Fetch

    fetch = Fetch(private=settings.fetch_private == "on")
    return Desk.over(store, kept_beside(settings.store, store, "index"), meaning, fetch)


def _meaning(store: Store, settings: Settings) -> Meaning | None:
    from bot.meaning.encoders import open_encoder
    from storage.opening import kept_beside

    encoder = open_encoder(settings.encoder)
    if encoder is None:
        return None
    from bot.meaning.meaning import Meaning
    from bot.meaning.vectors import Vectors

    return Meaning(
        encoder,
        Vectors(encoder.size, kept_beside(settings.store, store, f"vectors-{encoder.name}")),
    )
