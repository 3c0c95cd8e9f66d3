"""Dates as people write them: in a file's facts, on a page's lines, in an address, in a filter."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.errors import BadMetadataError
from bot.languages.language import codes, language
from bot.languages.written import dated, day_in_address, written_day
from bot.reading.source import Metadata, read
from bot.search.filters import take_filters


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("mar. 19 déc. 2023", "2023-12-19", "2023-12-19"),
        ("18 sept. 2018", "2018-09-18", "2018-09-18"),
        ("12 févr. 2024", "2024-02-12", "2024-02-12"),
        ("mer. 10 juil. 2024", "2024-07-10", "2024-07-10"),
        ("samedi 1er avril 2017", "2017-04-01", "2017-04-01"),
        ("4 DECEMBRE 2013", "2013-12-04", "2013-12-04"),
        ("September 5, 2023", "2023-09-05", "2023-09-05"),
        ("Tues 5 Sept 2023", "2023-09-05", "2023-09-05"),
        ("Sept. 5th, 2023, 9:00 p.m. ET", "2023-09-05", "2023-09-05"),
        ("20240312", "2024-03-12", "2024-03-12"),
        ("2024/3/12", "2024-03-12", "2024-03-12"),
        ("le 19/12/2020 à 10h00", "2020-12-19", "2020-12-19"),
        ("09/12/2020", "2020-12-09", None),  # English readers disagree on which is the day
        ("9/12/20", "2020-12-09", None),
        ("9/9/98", "1998-09-09", "1998-09-09"),
        ("mars 2024", None, None),
        ("2024-13-45", None, None),
        ("31 février 2024", None, None),
        ("le conseil du 12 mars 2024", None, None),
        ("12 mars 2024 et 13 mars 2024", None, None),
        ("", None, None),
    ],
)
def test_a_written_day(value: str, french: str | None, english: str | None) -> None:
    for code, wanted in (("fr", french), ("en", english)):
        found = written_day(value, code)
        assert (found.isoformat() if found else None) == wanted, code


def test_an_ambiguous_day_is_refused_with_a_sentence() -> None:
    text = "---\ntitle: A\npublished: 09/12/2020\nlanguage: en\n---\nThe council met on Monday.\n"
    with pytest.raises(BadMetadataError, match=r"09/12/2020.*which is the day"):
        read(text.encode(), "a.txt", Metadata())


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("Publié le 2 mai 2024. Mis à jour le 3 mai 2024", "2024-05-02", "2024-05-03"),
        ("Mis à jour le 3 mai 2024 – publié le 2 mai 2024", "2024-05-02", "2024-05-03"),
        ("Publié le mar. 19 déc. 2023 à 08:26", "2023-12-19", None),
        ("First published on Tue 5 Sep 2023", "2023-09-05", None),
        ("Mis à jour le 3 mai 2024", None, "2024-05-03"),
        ("September 5, 2023", "2023-09-05", None),
    ],
)
def test_a_line_that_tells_when(line: str, published: str | None, updated: str | None) -> None:
    found = dated(line, "fr")
    assert found is not None
    assert (found.published and found.published.isoformat()) == published
    assert (found.updated and found.updated.isoformat()) == updated


@pytest.mark.parametrize(
    "line",
    ["Publié aujourd’hui à 10h30", "La réunion aura lieu le 2 mai 2024 à la mairie", "© 2019-2026"],
)
def test_other_lines_tell_nothing(line: str) -> None:
    assert dated(line, "fr") is None


def test_a_day_in_an_address() -> None:
    assert day_in_address("https://example.org/2024/03/12/digue") == date(2024, 3, 12)
    assert day_in_address("https://example.org/a-2024-02-31.html") is None
    assert day_in_address("https://example.org/12/03/digue") is None


@pytest.mark.parametrize("code", codes())
def test_every_language_has_whole_years_of_months(code: str) -> None:
    calendar = language(code).data["calendar"]
    assert len(calendar["months"]) == 12
    assert len(calendar["short_months"]) % 12 == 0


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("digue avant:avril 2024", {"before": "2024-04"}),
        ('digue après:"1 mars 2024"', {"after": "2024-03-01"}),
        ("digue avant:1er-avril-2024", {"before": "2024-04-01"}),
        ("digue avant:sept. 2024", {"before": "2024-09"}),
        ("digue avant:zorglub 2024", {}),
    ],
)
def test_a_month_in_words_in_a_filter(typed: str, wanted: dict[str, str]) -> None:
    assert take_filters(typed)[1] == wanted
