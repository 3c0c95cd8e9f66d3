"""What several tests need: the seed article, a desk over it, settings without the machine's
environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import REASON, Server, binaries, serving

from bot.domain.model import Article, Quote
from bot.extraction.extract import extract_quotes
from bot.reading.source import Metadata, read_bytes, read_file
from bot.services.desk import Desk
from storage.memory import MemoryStore

# by words alone, except where test_meaning.py asks for the model
os.environ["VERBATIM_ENCODER"] = "off"
# by the rules alone in the many processes that tests start, except where `with_reader` asks for it
os.environ["VERBATIM_READER"] = "off"
ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds" / "articles"
SEED = next(SEEDS.glob("*.txt"))


@pytest.fixture(scope="module")
def with_reader() -> Iterator[None]:
    """Extraction as it ships, with the learned reader."""
    os.environ["VERBATIM_READER"] = "auto"
    yield
    os.environ["VERBATIM_READER"] = "off"


@pytest.fixture(scope="session")
def seed() -> Article:
    """The seed article."""
    return read_file(SEED)


@pytest.fixture(scope="module")
def seed_quotes(seed: Article) -> tuple[Quote, ...]:
    """Its quotes."""
    return extract_quotes(seed)


@pytest.fixture
def desk(seed: Article) -> Desk:
    """A desk over a memory store that holds the seed article."""
    made = Desk.over(MemoryStore())
    made.ingest(seed)
    made.index.follow(made.store)
    return made


def article(text: str, **metadata: str) -> Article:
    """An article made of a text."""
    return read_bytes(text.encode("utf-8"), "test", Metadata(**metadata))


def quotes(text: str, **metadata: str) -> list[tuple[str, str | None, str]]:
    """(words, speaker's name, kind) of a text's quotes."""
    made = article(text, **metadata)
    return [
        (made.text[q.start : q.end], q.speaker.name if q.speaker else None, q.kind)
        for q in extract_quotes(made)
    ]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; skipped with the reason where none is installed, a failure in CI."""
    if binaries() is None:
        if os.environ.get("CI") == "true":
            pytest.fail(REASON)
        pytest.skip(REASON)
    with serving() as server:
        yield server
