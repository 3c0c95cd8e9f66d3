"""Readers' questions over the gold articles: the right quote first, in the first three, or an
honest nothing.
"""

from __future__ import annotations

import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from extract_rows import article_of, load
from rapidfuzz import fuzz, process
from search_scale import texts

from bot.domain.answer import Match, Why
from bot.domain.model import Article
from bot.domain.text import fold
from bot.meaning.encoders import open_encoder
from bot.meaning.meaning import Meaning
from bot.meaning.vectors import Vectors
from bot.reading.source import Metadata, read_bytes
from bot.services.desk import Desk

GOLD = Path(__file__).parent.parent / "seeds" / "gold"
IN_EACH = 5
MANY = 1500
"""Made articles among which the floors' questions are asked."""


class Articles:
    """The gold articles behind the ``Store`` port, without a database."""

    def __new__(cls) -> Any:
        from storage.memory import MemoryStore

        return MemoryStore()


def with_meaning() -> Meaning | None:
    """The encoder that is installed, with vectors kept for the next run; None where there is
    none.
    """
    encoder = open_encoder()
    if encoder is None:
        return None
    return Meaning(
        encoder,
        Vectors(encoder.size, Path(tempfile.gettempdir()) / f"verbatim-bench.{encoder.name}"),
    )


def stored(desk: Desk) -> list[Article]:
    """The articles of a desk's store, the last stored first: the made questions are drawn in this
    order.
    """
    return [change.article for change in desk.store.changes() if change.article][::-1]


def desk_over(files: Sequence[Path], meaning: Meaning | None = None, among: int = 0) -> Desk:
    """A desk over all articles of some gold files, and as many made ones of their words as
    ``among`` says.
    """
    desk = Desk.over(Articles(), meaning=meaning)
    for path in files:
        for document in load(path):
            desk.ingest(article_of(document))
    for article in made_articles(among):
        desk.ingest(article)
    desk.encode()
    return desk


def made_articles(count: int) -> Iterator[Article]:
    """Articles of ``IN_EACH`` quotations that put pieces of the project's own sentences together
    anew.
    """
    parts = iter(texts(count * IN_EACH))
    for number in range(count):
        said = list(islice(parts, IN_EACH))
        body = "\n\n".join(f"« {text.capitalize()} », a déclaré {name}." for text, name, _ in said)
        text = f"{said[0][2].capitalize()}\n\n{body}"
        yield read_bytes(text.encode("utf-8"), f"made{number}", Metadata())


def right(match: Match, row: dict[str, Any]) -> bool:
    """Does a match hold one of the expected phrases, said by the expected speaker?"""
    text = fold(match.text)
    said = fold(match.quote.speaker.name) if match.quote.speaker else ""
    return any(fold(phrase) in text for phrase in row["expect"]) and (
        not row["speaker"] or fold(row["speaker"]) in said
    )


def peers(path: Path) -> dict[str, int]:
    """How many answerable questions rapidfuzz alone gets right first, over each quote with its
    speaker's name.

    It has no "nothing found": it answers every unanswerable question, too.
    """
    desk = desk_over(sorted(p for p in GOLD.glob("*.jsonl") if not p.stem.startswith("questions")))
    quotes = [
        (quote, article) for article in stored(desk) for quote in desk.store.quotes(article.id)
    ]
    matches = [Match(quote, article, 0.0, Why()) for quote, article in quotes]
    texts = [
        fold(f"{match.quote.speaker.name if match.quote.speaker else ''} {match.text}")
        for match in matches
    ]
    asked = [row for row in load(path) if row["expect"]]
    return {
        scorer.__name__: sum(
            right(matches[process.extractOne(fold(row["q"]), texts, scorer=scorer)[2]], row)
            for row in asked
        )
        for scorer in (fuzz.WRatio, fuzz.token_set_ratio)
    }


def run_natural(path: Path, meaning: Meaning | None = None, among: int = 0) -> dict[str, Any]:
    """Measure one file of questions, by words alone or with meaning, ``among`` so many made
    articles more.
    """
    desk = desk_over(
        sorted(p for p in GOLD.glob("*.jsonl") if not p.stem.startswith("questions")),
        meaning,
        among,
    )
    asked = load(path)
    first, three, false = [], [], []
    kinds: dict[str, list[bool]] = defaultdict(list)
    for row in asked:
        answer = desk.ask(row["q"])
        matches = answer.matches if answer.level == "sure" else ()
        if not row["expect"]:
            false.append(bool(matches))
            continue
        hits = [right(match, row) for match in matches[:3]]
        first.append(hits[:1] == [True])
        three.append(any(hits))
        kinds[row.get("kind", "plain")].append(hits[:1] == [True])
    return {
        "questions": path.stem,
        "answerable": len(first),
        "right_first": sum(first),
        "right_in_three": sum(three),
        "unanswerable": len(false),
        "false_answers": sum(false),
        "kinds": {k: round(statistics.mean(v), 3) for k, v in kinds.items()},
    }
