"""Files become articles: nothing guessed, nothing normalised, clear errors."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

import pytest
from conftest import SEED, article

from bot.domain.errors import BadMetadataError, UnreadableFileError
from bot.domain.model import Article
from bot.reading.source import MAX_BYTES, Metadata, read_file

FRONT = """---
title: La digue tient
publisher: Le Courrier du Val
author: Ana Roy
published: 2024-03-12
url: https://example.org/digue?utm_source=x#haut
---
La digue a tenu, a dit la maire.
"""


def test_seed(seed: Article) -> None:
    assert (
        seed.title == "L’OTAN a utilisé la hotline de Moscou pour désamorcer la crise des missiles"
    )
    assert seed.updated == datetime(2022, 11, 16, 14, 29)
    assert (seed.publisher, seed.author, seed.url, seed.published) == (None, None, None, None)
    assert seed.language == "fr"
    assert seed.text.encode() == SEED.read_bytes()
    assert seed.sha256 == hashlib.sha256(SEED.read_bytes()).hexdigest()


def test_boilerplate_is_not_content(seed: Article) -> None:
    content = [seed.text[start:end] for start, end in seed.body]
    assert not any("Source link" in line or "Mis à jour" in line for line in content)
    assert len(content) == 21
    assert "Source link -38" in seed.text


def test_front_matter() -> None:
    made = article(FRONT)
    assert (made.title, made.publisher, made.author) == (
        "La digue tient",
        "Le Courrier du Val",
        "Ana Roy",
    )
    assert made.published == date(2024, 3, 12)
    assert made.text == FRONT
    assert [made.text[slice(*span)] for span in made.body] == ["La digue a tenu, a dit la maire."]
    assert made.heading is not None and made.text[slice(*made.heading)] == "La digue tient"


def test_options_win_over_front_matter() -> None:
    assert article(FRONT, title="Autre", published="2024-03-13").title == "Autre"


def test_ids_come_from_the_canonical_url_or_the_text() -> None:
    assert article(FRONT).id == article(FRONT.replace("?utm_source=x#haut", "/")).id
    assert article("Un titre\n\nUn texte.").id != article("Un titre\n\nUn autre texte.").id


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\x89PNG\r\n\0\0", "binary"),
        (b"---\ntitle: x\n---\n", "empty"),
    ],
)
def test_bad_files(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match=said) as caught:
        read_file(path)
    assert str(path) in str(caught.value)


def test_missing_folder_and_enormous(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="No such file"):
        read_file(tmp_path / "none.txt")
    with pytest.raises(UnreadableFileError, match="folder"):
        read_file(tmp_path)
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UnreadableFileError, match="too large"):
        read_file(big)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "ftp://x"),
        ("url", "example.org"),
        ("published", "12 mars"),
        ("published", "2024-13-01"),
    ],
)
def test_bad_metadata(tmp_path: Path, field: str, value: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Titre\n\nTexte.", "utf-8")
    with pytest.raises(BadMetadataError, match=value):
        read_file(path, Metadata(**{field: value}))


def test_language_is_the_articles() -> None:
    assert (
        article(
            "The mayor said the bridge will open in May, and nobody in the town believed it."
        ).language
        == "en"
    )
    assert (
        article(
            "La maire a dit que le pont ouvrirait en mai, et personne dans la ville ne l’a crue."
        ).language
        == "fr"
    )
