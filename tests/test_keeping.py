"""Export, import, backup, doctor, earlier versions, snapshots: what a keeper of a store does."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import article
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.model import Article, AttributionKind, Quote
from bot.domain.text import sha256
from bot.services import snapshots, transfer
from bot.services.checkup import check
from bot.services.desk import Desk
from bot.services.preferences import prefer, preferences
from handlers.cli import main
from storage.opening import open_store
from storage.tables import DurableTinyDB
from storage.tiny import TinyStore

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a store of its own: (exit code, output, errors)."""

    def call(*arguments: str, store: str = "store.json") -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*arguments, "--store", f"tinydb:{tmp_path / store}"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_export_goes_back_in_and_answers_alike(run: Run, tmp_path: Path) -> None:
    code, lines, _ = run("export")
    assert code == 0
    (tmp_path / "all.jsonl").write_text(lines, "utf-8")
    assert run("import", str(tmp_path / "all.jsonl"), store="other.json")[:2] == (
        0,
        "1 articles read, 1 changes stored\n",
    )
    assert (
        run("import", str(tmp_path / "all.jsonl"), store="other.json")[1]
        == "1 articles read, 0 changes stored\n"
    )
    assert run("export", store="other.json")[1] == lines
    asked = ("ask", "guerre de Poutine", "--json")
    assert run(*asked, store="other.json")[1] == run(*asked)[1]


def test_import_names_bad_lines_and_takes_the_good_ones(run: Run, tmp_path: Path) -> None:
    good = json.loads(run("export")[1])
    moved = good | {"quotes": [good["quotes"][0] | {"end": 10**6}]}
    garbled = good | {"text": good["text"] + "x"}
    newer = good | {"format": 99}
    rows = [
        "{",
        "[]",
        json.dumps(moved),
        json.dumps(garbled),
        json.dumps(newer),
        json.dumps({"text": "", "quotes": [], "format": 2}),
    ]
    (tmp_path / "mixed.jsonl").write_text("\n".join([*rows, "", json.dumps(good)]), "utf-8")
    code, out, told = run("import", str(tmp_path / "mixed.jsonl"), store="other.json")
    assert (code, out) == (1, "1 articles read, 1 changes stored\n")
    for number, reason in enumerate(
        ("not JSON", "no article", "slice", "SHA-256", "format 99", "id: is missing"), 1
    ):
        assert f"line {number}: " in told
        assert reason in told.splitlines()[number - 1]


def test_csv_holds_every_quote_word_for_word(
    run: Run, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv")[1])))
    assert [row["text"] for row in rows] == [seed.text[q.start : q.end] for q in seed_quotes]
    assert {row["article_id"] for row in rows} == {seed.id}


def test_jsonld_selects_each_quote_in_its_article(
    run: Run, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    document = json.loads(run("export", "--format", "jsonld")[1])
    assert len(document["@graph"]) == len(seed_quotes)
    for node, quote in zip(document["@graph"], seed_quotes, strict=True):
        target = node["oa:hasTarget"]
        assert target["oa:hasSource"]["@id"] == node["isPartOf"]["@id"]
        assert node["isPartOf"]["identifier"] == f"sha256:{seed.sha256}"
        assert node["kind"] == ("reported" if quote.kind == "indirect" else quote.kind)
        found, place = target["oa:hasSelector"]
        assert seed.text[place["oa:start"] : place["oa:end"]] == found["oa:exact"] == node["text"]
        assert found["oa:prefix"] + found["oa:exact"] + found["oa:suffix"] in seed.text
        assert node["@type"] == ("Claim" if quote.kind == "indirect" else "Quotation")


def test_exports_are_safe_to_open(run: Run, tmp_path: Path) -> None:
    desk = Desk.over(TinyStore(tmp_path / "store.json"))
    text = (
        "Titre\n\n« =HYPERLINK(1) </script> et le reste de la phrase », a dit Anne Roussel lundi.\n"
    )
    desk.ingest(article(text, url="https://a.example/x"))
    desk.store.close()
    table = run("export", "--format", "csv")[1]
    assert table.startswith("\ufeffquote_id,")
    row = next(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert row["text"].startswith("'=HYPERLINK")
    assert row["sha256"] == sha256(text.encode())
    linked = run("export", "--format", "jsonld")[1]
    assert "</script>" not in linked
    assert json.loads(linked)["@graph"][0]["text"].startswith("=HYPERLINK(1) </script>")


def test_a_linked_store_is_one_store(run: Run, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    TinyStore(tmp_path / "far" / "real.json").close()
    (tmp_path / "store.json").symlink_to(tmp_path / "far" / "real.json")
    one, two = TinyStore(tmp_path / "store.json"), TinyStore(tmp_path / "far" / "real.json")
    one.add(article("« La digue tiendra », a dit Anne Roussel."), ())
    assert [change.seq for change in two.changes()] == [1]
    one.close()
    two.close()
    assert not list(tmp_path.glob("store.json.*"))
    assert (tmp_path / "far" / "real.json.lock").stat().st_mode & 0o077 == 0


def test_a_new_store_may_begin_empty(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_SEEDS", "off")
    assert json.loads(run("doctor", "--json")[1])["articles"] == 0
    monkeypatch.setenv("VERBATIM_SEEDS", "perhaps")
    assert "VERBATIM_SEEDS" in run("doctor")[2]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://[::1", "can't be read"),
        ("javascript:alert(1)", "is not an http(s) address"),
        ("https://a:b@c.example/", "user's name"),
        ("https:///x", "is not an http(s) address"),
        ("https://a.example/" + "x" * 3000, "longer than"),
        ("https://a.example/a b", "blanks"),
        ("https://a.example:99999/", "can't be read"),
    ],
)
def test_addresses_that_are_none_are_refused_at_every_way_in(
    run: Run, tmp_path: Path, url: str, fault: str
) -> None:
    (tmp_path / "a.txt").write_text("Titre\n\n« La digue tiendra », a dit Anne Roussel.\n", "utf-8")
    code, _, told = run("ingest", str(tmp_path / "a.txt"), "--url", url)
    assert (code, fault in told) == (1, True), told
    good = json.loads(run("export")[1].splitlines()[0])
    (tmp_path / "x.jsonl").write_text(json.dumps(good | {"url": url}), "utf-8")
    code, _, told = run("import", str(tmp_path / "x.jsonl"), store="other.json")
    assert (code, fault in told) == (1, True), told


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["xx", "https://[::1", "javascript:alert(1)", "2024-13-45", "x" * 20_000, "\ud800", "\0"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(data=st.data())
@settings(
    max_examples=200 if os.environ.get("LONG_TESTS") else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_odd_line_is_stored_that_breaks_a_command(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    store = TinyStore(folder / "seeds.json")
    Desk.over(store).ingest(
        article(
            "Titre\n\n« La digue tiendra bien », a dit Anne Roussel lundi.\n",
            url="https://a.example/x",
        )
    )
    document = json.loads(next(iter(transfer.jsonl(store))))
    store.close()
    place = data.draw(
        st.sampled_from(
            sorted({*document, "quotes.0", *(f"quotes.0.{key}" for key in document["quotes"][0])})
        )
    )
    holder, key = (
        (document, place)
        if "." not in place
        else (document["quotes"], 0)
        if place == "quotes.0"
        else (document["quotes"][0], place[9:])
    )
    holder[key] = data.draw(ODD)
    into = f"tinydb:{folder / 'into.json'}"
    (folder / "odd.jsonl").write_text(json.dumps(document) + "\n", "utf-8")
    code = main(["import", str(folder / "odd.jsonl"), "--store", into])
    assert code in (0, 1)
    assert main(["doctor", "--store", into]) == 0
    for command in (
        ["ask", "Que dit Anne Roussel ?"],
        ["ask", "digue"],
        ["export"],
        ["export", "--format", "csv"],
        ["export", "--format", "jsonld"],
    ):
        assert main([*command, "--store", into]) == 0
    if code == 0:
        assert main(["remove", document["id"], "--store", into]) == 0


def test_a_file_that_is_no_export_is_told_in_few_lines(run: Run, tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text(run("export", "--format", "csv")[1] * 100, "utf-8")
    code, _, told = run("import", str(tmp_path / "all.csv"), store="other.json")
    assert code == 1
    assert len(told.splitlines()) == 21
    assert "none of its first 20 lines is an article" in told.splitlines()[-1]
    good = run("export")[1]
    (tmp_path / "mixed.jsonl").write_text(good + "x\n" * 500 + good, "utf-8")
    code, out, told = run("import", str(tmp_path / "mixed.jsonl"), store="other.json")
    assert (code, out) == (1, "2 articles read, 1 changes stored\n")
    assert told.splitlines()[-1].endswith("480 more lines are wrong")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published", "2024-01-01T00:00"),
        ("published", 86_400),
        ("updated", 123),
        ("retrieved", "soon"),
        ("title", None),
        ("publisher", ["Le Val"]),
        ("language", "xx"),
        ("title", "x" * 10_000),
    ],
)
def test_a_field_of_the_wrong_kind_is_named(
    run: Run, tmp_path: Path, field: str, value: object
) -> None:
    good = json.loads(run("export")[1])
    (tmp_path / "x.jsonl").write_text(json.dumps(good | {field: value}), "utf-8")
    code, _, told = run("import", str(tmp_path / "x.jsonl"), store="other.json")
    assert code == 1
    assert f"line 1: {field}" in told


def test_a_place_that_is_no_whole_number_is_refused(run: Run, tmp_path: Path) -> None:
    good = json.loads(run("export")[1])
    good["quotes"][0]["start"] = float(good["quotes"][0]["start"])
    (tmp_path / "x.jsonl").write_text(json.dumps(good), "utf-8")
    assert "quotes.0.start" in run("import", str(tmp_path / "x.jsonl"), store="other.json")[2]


def test_a_line_nested_too_deep_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep.jsonl").write_text(
        '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}\n", "utf-8"
    )
    code, _, told = run("import", str(tmp_path / "deep.jsonl"))
    assert (code, "nested too deep" in told, "Traceback" in told) == (1, True, False)


def test_a_first_line_that_is_the_whole_text_is_no_title(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "mot " * 4000 + "« La digue tiendra », a dit Anne Roussel.\n", "utf-8"
    )
    code, out, _ = run("ingest", str(tmp_path / "a.txt"), "--json")
    assert code == 0
    assert len(json.loads(out)["title"]) <= 302


def test_a_backup_is_a_store_and_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    other = TinyStore(tmp_path / "store.json")  # somebody else has it open, and writes
    other.add(article("« La digue tiendra », a dit Anne Roussel."), ())
    prefer(other, 7, {"language": "en"})
    assert run("backup", str(tmp_path / "copy.json"))[0] == 0
    other.close()
    assert run("doctor", store="copy.json")[0] == 0
    assert preferences(TinyStore(tmp_path / "copy.json"), 7) == {"language": "en"}
    before = (tmp_path / "copy.json").read_bytes()
    code, _, told = run("backup", str(tmp_path / "copy.json"))
    assert (code, "is there already" in told) == (1, True)
    assert (tmp_path / "copy.json").read_bytes() == before


def test_doctor_finds_what_does_not_hold(run: Run, tmp_path: Path) -> None:
    assert run("doctor")[0] == 0
    db = DurableTinyDB(tmp_path / "store.json")
    document = db.table("articles").all()[0]
    document["quotes"][2]["end"] = 10**6
    db.table("articles").update(
        {"quotes": document["quotes"], "text": document["text"].replace("a", "o", 1)}, doc_ids=[1]
    )
    db.close()
    code, out, _ = run("doctor", "--json")
    report = json.loads(out)
    assert (code, report["sound"]) == (1, False)
    assert any("SHA-256" in problem for problem in report["problems"])
    assert any("no slice" in problem for problem in report["problems"])
    assert "problems" in run("doctor")[1]


def test_doctor_compares_the_index_with_the_store(desk: Desk) -> None:
    assert not check(desk.store, desk.index).problems
    desk.index.drop(next(iter(desk.index.articles)))
    assert any(
        "missing from the index" in problem for problem in check(desk.store, desk.index).problems
    )


@pytest.mark.parametrize("url", ["memory:", "tinydb", "postgresql"])
def test_earlier_versions_are_kept_until_the_article_goes(
    url: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    seed: Article,
    seed_quotes: tuple[Quote, ...],
) -> None:
    if url == "postgresql":
        url = request.getfixturevalue("postgres").database()
    store = open_store(f"tinydb:{tmp_path / 'v.json'}" if url == "tinydb" else url)
    store.add(seed, seed_quotes)
    newer = replace(seed, text=seed.text + "\nFin.", sha256=sha256((seed.text + "\nFin.").encode()))
    store.add_many([(newer, seed_quotes), (replace(newer, publisher="Le Val"), seed_quotes)])
    assert store.versions(seed.id) == (seed,)
    assert store.article(seed.id) == replace(newer, publisher="Le Val")
    store.backup(tmp_path / "copy.json")
    copy = TinyStore(tmp_path / "copy.json")
    assert copy.versions(seed.id) == (seed,)
    assert copy.quotes(seed.id) == seed_quotes
    assert store.remove(seed.id)
    assert store.versions(seed.id) == ()
    for opened in (store, copy):
        opened.close()


def test_a_store_of_an_older_format_is_brought_up(
    tmp_path: Path, seed: Article, seed_quotes: tuple[Quote, ...]
) -> None:
    store = TinyStore(tmp_path / "store.json")
    store.add(seed, seed_quotes)
    store.close()
    tables = json.loads((tmp_path / "store.json").read_text("utf-8"))
    del tables["_verbatim"]
    for row in tables["articles"].values():
        row["format"] = 1
        del row["origin"], row["reader"], row["_sum"]  # there were no checksums then
        for quote in row["quotes"]:
            del quote["attribution"], quote["sure"]
    (tmp_path / "store.json").write_text(json.dumps(tables), "utf-8")
    (tmp_path / "store.json.journal").unlink()
    old = TinyStore(tmp_path / "store.json")
    assert old.article(seed.id) == replace(seed, origin=None, reader=None)
    # how a speaker is known was not kept then: whoever was named counts as stated
    known: dict[bool, AttributionKind] = {True: "stated", False: "unknown"}
    assert old.quotes(seed.id) == tuple(
        replace(q, attribution=known[q.speaker is not None], sure=1.0) for q in seed_quotes
    )
    old.close()
    assert json.loads((tmp_path / "store.json").read_text("utf-8"))["articles"]["1"]["format"] == 3


def test_the_index_is_kept_between_runs_and_only_for_its_own_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: Article
) -> None:
    monkeypatch.setattr(snapshots, "WORTH", 1)
    folder = tmp_path / "index"
    store = TinyStore(tmp_path / "store.json")
    desk = Desk.over(store, folder)
    desk.ingest(seed)
    desk.keep()
    assert (folder / "tables.json").exists()
    assert Desk.over(store, folder).known == desk.index.size[0]
    desk.ingest(article("« La digue tiendra », a dit Anne Roussel."))
    assert Desk.over(store, folder).ask("la digue tiendra").matches
    other = TinyStore(tmp_path / "other.json")
    assert Desk.over(other, folder).known == 0
    (folder / "quotes" / "docs.npy").write_bytes(b"broken")
    assert Desk.over(store, folder).ask("guerre de Poutine").matches
    store.close()
    other.close()


def test_ingest_remembers_where_an_article_was_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("La digue\n\n« La digue tiendra », a dit Anne Roussel.\n", "utf-8")
    run("ingest", str(path))
    document = json.loads(run("export")[1].splitlines()[-1])
    assert (document["origin"], document["reader"]) == (str(path), "text/1")
    assert document["retrieved"]
