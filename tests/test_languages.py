"""Language files: the same keys everywhere, and detection by article."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from conftest import ROOT

from bot.languages.language import codes, detect, language


def keys(table: dict[str, Any], prefix: str = "") -> set[str]:
    found = set()
    for key, value in table.items():
        found.add(prefix + key)
        if key in ("unaccented", "implies"):  # maps from words of the language itself
            continue
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, dict):
                found |= keys(row, f"{prefix}{key}.")
    return found


def test_same_keys() -> None:
    files = {
        code: tomllib.loads((ROOT / "bot" / "languages" / f"{code}.toml").read_text("utf-8"))
        for code in codes()
    }
    assert len(files) >= 2
    first = keys(files["fr"])
    for code, data in files.items():
        assert keys(data) == first, code
        assert data["code"] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Le maire a dit que le pont serait ouvert.", "fr"),
        ("The mayor said that the bridge would be open.", "en"),
        ("“We will,” she said of the plan", "en"),
        ("Il cite « The Guardian » et « The Times » dans son discours sur la presse", "fr"),
        ("12345 ???", "fr"),
    ],
)
def test_detect(text: str, code: str) -> None:
    assert detect(text) == code


def test_conjugation() -> None:
    lexicon = language("fr").lexicon
    assert {
        lexicon[word]
        for word in ("affirme", "affirmait", "annonçait", "révèle", "rappelle", "prétend", "dit")
    } == {"V"}
    assert lexicon["ajoutant"] == lexicon["annonçant"] == "g"
    assert {language("en").lexicon[word] for word in ("said", "claims", "argued", "denies")} == {
        "V"
    }


def test_unknown_language() -> None:
    with pytest.raises(KeyError):
        language("xx")
