"""Reading pages and ingesting measured: main text, metadata, leaked quotations, articles a minute.

    ingest.py                 54 made pages, beside trafilatura alone and readability-lxml, and
    1,000 files end to end
    ingest.py --files 10000   so many files

Text F1 is over shingles of four words; *leaked* is the share of the quotations around the article
that got in. The last line on standard output is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from typing import Any

from ingest_pages import Page, pages

from bot.domain.text import fold
from bot.reading.source import Metadata, read

_TAG = re.compile(r"<[^>]+>")
Fields = dict[str, str | None]
Reader = Callable[[str], tuple[str, Fields]]


def ours(html: str) -> tuple[str, Fields]:
    """Verbatim's reading."""
    found = read(html.encode(), "page.html", Metadata()).article
    published = found.published.isoformat() if found.published else None
    body = "\n".join(found.text[slice(*span)] for span in found.body)
    return body, {
        "title": found.title,
        "author": found.author,
        "published": published,
        "publisher": found.publisher,
    }


def trafilatura_alone(precise: bool) -> Reader:
    """trafilatura's text and metadata."""

    def run(html: str) -> tuple[str, Fields]:
        from trafilatura import bare_extraction

        found: Any = bare_extraction(
            html, favor_precision=precise, include_comments=False, with_metadata=True
        )
        if found is None:
            return "", {}
        return found.text or "", {
            "title": found.title,
            "author": found.author,
            "published": found.date,
            "publisher": found.sitename,
        }

    return run


def readability(html: str) -> tuple[str, Fields]:
    """readability-lxml's summary and title."""
    from readability import Document

    found = Document(html)
    return _TAG.sub(" ", found.summary()), {"title": found.short_title()}


READERS: dict[str, Reader] = {
    "Verbatim": ours,
    "trafilatura": trafilatura_alone(False),
    "trafilatura, precise": trafilatura_alone(True),
    "readability-lxml": readability,
}


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of four words."""
    words = re.findall(r"\w+", fold(text))
    return {tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))}


def judge(reader: Reader, made: list[Page]) -> dict[str, float]:
    """Text F1, leaked quotations, right fields (an author that is none is right when none is
    given).
    """
    scores: dict[str, list[float]] = {
        name: [] for name in ("f1", "leaked", "title", "author", "published", "publisher")
    }
    began = time.perf_counter()
    for page in made:
        text, fields = reader(page.html)
        right, got = shingles(" ".join(page.paragraphs)), shingles(text)
        scores["f1"].append(2 * len(right & got) / max(1, len(right) + len(got)))
        plain = fold(text)
        scores["leaked"].append(mean(fold(junk) in plain for junk in page.junk))
        wanted = {
            "title": page.title,
            "author": page.author,
            "published": page.published,
            "publisher": page.publisher,
        }
        for name, value in wanted.items():
            scores[name].append(float(fold(fields.get(name) or "") == fold(value or "")))
    found = {name: round(mean(values), 3) for name, values in scores.items()}
    return found | {"pages_a_second": round(len(made) / (time.perf_counter() - began), 1)}


def end_to_end(count: int) -> dict[str, Any]:
    """Files of text and pages into a new durable store by the command line, words alone."""
    made = list(pages())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in")
        source.mkdir()
        for number in range(count):
            page = made[number % len(made)]
            if number % 2:
                (source / f"{number:06}.html").write_text(
                    page.html.replace("</h1>", f" {number}</h1>"), "utf-8"
                )
            else:
                text = "\n\n".join([f"{page.title} {number}", *page.paragraphs])
                (source / f"{number:06}.txt").write_text(text, "utf-8")
        began = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "bot",
            "ingest",
            str(source),
            "--store",
            f"tinydb:{folder}/s.json",
        ]
        done = subprocess.run(
            command,
            env={**os.environ, "VERBATIM_ENCODER": "off"},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent.parent,
        )
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {
        "files": count,
        "articles_a_minute": round(60 * count / seconds),
        "peak_mb": peak,
        "summary": done.stderr.strip().splitlines()[-1],
    }


def main() -> int:
    """Run both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    made = list(pages())
    found: dict[str, Any] = {"pages": len(made), "readers": {}}
    for name, reader in READERS.items():
        try:
            found["readers"][name] = judge(reader, made)
        except ImportError as error:
            print(f"{name}: left out, {error}", file=sys.stderr)
            continue
        print(f"{name:22} {found['readers'][name]}", file=sys.stderr)
    found["ingest"] = end_to_end(options.files)
    print(f"ingest                 {found['ingest']}", file=sys.stderr)
    print(json.dumps(found))
    return 0
