"""Long documents held as their JSON, and the TinyDB file read a line at a time."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB, where

from bot.domain.errors import StoreError
from storage.durable import DurableStorage
from storage.lines import _by_lines, read_tables
from storage.packed import LONG, Packed, dump, hold
from storage.plain import META, dump_tables, parse_tables, replace_file, take_sums
from storage.tables import DurableTinyDB

TEXT = "« La digue tiendra », a dit la maire. " * 40
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.text(), VALUES).filter(lambda doc: "_sum" not in doc)
KEYS = st.integers(1, 9).map(str)
TABLES = st.dictionaries(
    st.sampled_from(["articles", "versions", "élus"]), st.dictionaries(KEYS, DOCUMENTS)
)


def written(path: Path, tables: dict[str, Any]) -> bytes:
    replace_file(path, dump_tables(tables))
    return path.read_bytes()


def test_a_long_document_is_held_as_its_json_and_a_short_one_as_a_dict() -> None:
    short, long = {"id": "a"}, {"id": "a", "text": "x" * LONG}
    assert type(hold(short)) is dict
    assert hold(short) is not short
    assert hold(short) == short
    held = hold(long)
    assert isinstance(held, Packed)
    assert held == long
    assert long == held
    assert {**held} == long
    assert dump(held) == dump(long)
    assert ("text" in held, "url" in held, held.get("url"), len(held)) == (True, False, None, 2)


def test_a_copy_of_a_packed_document_is_one_to_change() -> None:
    held = hold({"id": "a", "quotes": [{"start": 1}], "text": "x" * LONG})
    copy = deepcopy(held)
    copy["quotes"][0]["start"] = 2
    assert type(copy) is dict
    assert held["quotes"][0]["start"] == 1


def test_what_tinydb_gives_of_a_packed_document_is_a_dict_of_ones_own(tmp_path: Path) -> None:
    db = DurableTinyDB(tmp_path / "s.json")
    notes = db.table("notes")
    number = notes.insert({"n": 1, "text": TEXT})
    assert isinstance(db.storage.tables["notes"][str(number)], Packed)
    (found,) = notes.search(where("text") == TEXT)
    found["n"] = 5
    assert notes.get(doc_id=number) == {"n": 1, "text": TEXT}
    notes.update({"n": 2}, doc_ids=[number])
    db.close()
    again = DurableTinyDB(tmp_path / "s.json")
    assert again.table("notes").all() == [{"n": 2, "text": TEXT}]
    assert isinstance(again.storage.tables["notes"][str(number)], Packed)
    again.close()
    with TinyDB(tmp_path / "s.json") as stock:
        assert stock.table("notes").get(doc_id=number)["text"] == TEXT


@given(TABLES)
def test_our_file_read_by_lines_is_the_file_read_whole(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "s.json"
    data = written(path, {META: {"1": {"format": 1}}, **tables})
    whole = parse_tables(path, data)
    sums = take_sums(whole)
    found = _by_lines(path)
    assert found is not None
    assert found[:2] == (whole, sums)
    assert read_tables(path) == found


@pytest.mark.parametrize(
    "content",
    [
        '{"_default": {"1": {"n": 1}}}',
        '{\n"_default": {\n"1": {\n"n": 1\n}\n}\n}',
        '{"_default": {\n"1": {"n": 1, "_sum": "01234567", "m": 2}\n}}\n',
        '{"_default": {\n"1": {"n": 1},\n"1": {"n": 2}\n}}\n',
        '{"_default": {\r\n"1": {"n": 1}\r\n}}\r\n',
        "{}",
        '{"é\\u00e9": {\n"1": {"n": 1}\n}}\n',
    ],
)
def test_a_file_of_another_hand_is_read_whole(tmp_path: Path, content: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(content, "utf-8", newline="")
    assert _by_lines(path) is None
    tables = json.loads(content)
    take_sums(tables)
    assert read_tables(path)[0] == tables


def test_a_file_cut_off_at_any_line_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    data = written(path, {"articles": {"1": {"a": 1}, "2": {"a": TEXT}}, "versions": {}})
    lines = data.splitlines(keepends=True)
    for count in range(1, len(lines)):
        path.write_bytes(b"".join(lines[:count]))
        with pytest.raises(StoreError, match="cut off or damaged"):
            read_tables(path)


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.json"
    before = written(path, {"articles": {"1": {"a": 1}}})
    with pytest.raises(TypeError):
        replace_file(path, dump_tables({"articles": {"1": {"a": object()}}}))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_changed_document_is_found_by_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    db = DurableTinyDB(path)
    db.table("articles").insert({"format": 3, "id": "a", "text": TEXT})
    db.close()
    path.write_bytes(path.read_bytes().replace(b"digue", b"dague", 1))
    with pytest.raises(StoreError, match="document 1 of table 'articles' does not agree"):
        DurableStorage(path)
