"""The command line's words: commands, options, help."""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path

DONE, FAILED, MISUSED = 0, 1, 2
"""Exit codes."""

_EPILOG = """examples:
  verbatim chat                                talk with the bot in this terminal
  verbatim ask "Qu'a dit Sunak ?" --json
  verbatim ingest article.txt --url https://example.org/a --published 2024-03-12
  verbatim search "guerre de Poutine"
The store is named by --store or VERBATIM_STORE (tinydb:PATH, postgresql://…, memory:); exit codes:
0 done, 1 failed, 2 wrong use."""


_MOST = 1000  # matches that one call prints


def build_parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    parser = argparse.ArgumentParser(
        prog="verbatim",
        description="Who said what, word for word, and where.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"verbatim {version('verbatim-bot')}"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    store = argparse.ArgumentParser(add_help=False)
    store.add_argument(
        "--store",
        metavar="URL",
        help="tinydb:PATH, postgresql://… or memory: "
        "(default: VERBATIM_STORE, or the user's data folder)",
    )
    printed = argparse.ArgumentParser(add_help=False)
    printed.add_argument("--json", action="store_true", help="print JSON, one object a line")

    commands.add_parser("chat", parents=[store], help="talk with the bot in this terminal")
    commands.add_parser("serve", parents=[store], help="run the Telegram bot (TELEGRAM_TOKEN)")
    _ingest(
        commands.add_parser(
            "ingest", parents=[store, printed], help="index articles from files, pages and feeds"
        )
    )
    remove = commands.add_parser(
        "remove", parents=[store, printed], help="take an article out of store and index"
    )
    remove.add_argument("id", metavar="ID", nargs="+", help="an article's id")
    for name, text in (("ask", "answer a question"), ("search", "search the quotes")):
        asking = commands.add_parser(name, parents=[store, printed], help=text)
        asking.add_argument(
            "text", metavar="TEXT", nargs="*", help="the question, or words to search"
        )
        asking.add_argument(
            "--stdin",
            action="store_true",
            help="one question a line from standard input, one JSON object a line out",
        )
        asking.add_argument(
            "--limit",
            type=_positive,
            default=3 if name == "ask" else 10,
            metavar="N",
            help="at most N matches",
        )
        asking.add_argument(
            "--format",
            choices=("text", "jsonl", "csv"),
            default="text",
            help="jsonl, csv: a match a line",
        )
        asking.add_argument(
            "--offset", type=_count, default=0, metavar="N", help="leave out the first N matches"
        )
    verify = commands.add_parser(
        "verify", parents=[store, printed], help="did they really say that, word by word?"
    )
    verify.add_argument("text", metavar="TEXT", nargs="*", help="the alleged words")
    verify.add_argument("--speaker", metavar="NAME", help="who is said to have said them")
    verify.add_argument(
        "--stdin",
        action="store_true",
        help='one {"text": …, "speaker": …} a line from standard input, one JSON object a line out',
    )
    verify.add_argument(
        "--format",
        choices=("text", "jsonld"),
        default="text",
        help="jsonld: the true words as a schema.org Quotation",
    )
    history = commands.add_parser(
        "history", parents=[store, printed], help="what changed in an article's quotes, and when"
    )
    history.add_argument("id", metavar="ID", help="an article's id")
    feed = commands.add_parser(
        "feed", parents=[store, printed], help="feeds that are read again and again"
    )
    feed.add_argument("action", choices=("add", "list", "pause", "resume", "remove", "poll"))
    feed.add_argument("urls", metavar="URL", nargs="*", help="the feeds' addresses")
    feed.add_argument(
        "--file", type=Path, metavar="TOML", help="add the feeds of a file like seeds/feeds.toml"
    )
    feed.add_argument(
        "--every",
        type=_count,
        default=30,
        metavar="MINUTES",
        help="between two looks (default: 30)",
    )
    source = commands.add_parser("source", parents=[store, printed], help="where a quote stands")
    source.add_argument("id", metavar="ID", help="a quote's or an article's id")
    extract = commands.add_parser(
        "extract", parents=[printed], help="print the quotes of text files without storing anything"
    )
    extract.add_argument("files", metavar="FILE", nargs="+", type=Path)
    _keeping(commands, store, printed)
    return parser


def _keeping(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    store: argparse.ArgumentParser,
    printed: argparse.ArgumentParser,
) -> None:
    out = commands.add_parser(
        "export", parents=[store], help="all articles and quotes to standard output"
    )
    out.add_argument(
        "--format",
        choices=("jsonl", "csv", "jsonld"),
        default="jsonl",
        help="jsonl: one article with its quotes a line, for `import`; csv: one quote a row; "
        "jsonld: schema.org",
    )
    out.add_argument(
        "--json",
        action="store_const",
        const="jsonl",
        dest="format",
        help="the same as --format jsonl",
    )
    into = commands.add_parser(
        "import", parents=[store, printed], help="take in what `export --format jsonl` wrote"
    )
    into.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="files of JSON lines; none, or -, is standard input",
    )
    into.add_argument(
        "--claimreview",
        action="store_true",
        help="published fact-checks (schema.org ClaimReview: JSON, JSON lines, a data feed)",
    )
    backup = commands.add_parser(
        "backup", parents=[store, printed], help="copy the store to a file, while it is used"
    )
    backup.add_argument(
        "path", metavar="FILE", type=Path, help="a new file; it is itself a store (tinydb:FILE)"
    )
    commands.add_parser(
        "encode",
        parents=[store, printed],
        help="work out the vectors of quotes that can't be found by meaning yet",
    )
    doctor = commands.add_parser(
        "doctor", parents=[store, printed], help="check that everything in the store is sound"
    )
    doctor.add_argument(
        "--repair",
        action="store_true",
        help="write what can be saved of a damaged TinyDB store to a new file; the old one is kept",
    )


def _ingest(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="files (text, Markdown, HTML, .jsonl, .docx, PDF), folders, patterns, "
        "http(s) addresses of articles, feeds and sitemaps; - is standard input",
    )
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=None,
        metavar="N",
        help="processes that read (default: all cores)",
    )
    for name in ("url", "title", "publisher", "author", "published"):
        parser.add_argument(
            f"--{name}",
            metavar="WORDS" if name != "published" else "YYYY-MM-DD",
            help="of the one file given",
        )


def _positive(words: str) -> int:
    number = int(words)
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"give a number from 1 to {_MOST}")
    return number


def _count(words: str) -> int:
    number = int(words)
    if number < 0:
        raise argparse.ArgumentTypeError("give 0 or a larger number")
    return number
