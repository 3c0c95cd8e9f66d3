"""What changes: edited articles, feeds read again and again, results as files."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_cli import verbatim
from test_editing import ADMIN
from test_fetch import HERE, Site, site
from test_pages import LAST, MORE, SAID, page

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.domain.errors import BadMetadataError
from bot.reading.fetch import Fetch, Fetched, FetchError
from bot.reading.source import Metadata, read
from bot.services.desk import Desk
from bot.services.feeds import LEAST
from bot.services.feeds import feeds_of as feeds_in
from storage.memory import MemoryStore

__all__ = ["site"]
assert ADMIN


def text(*paragraphs: str) -> bytes:
    return "\n\n".join(
        ("---\nurl: https://a.example/digue\n---\nLa digue sera relevée", *paragraphs)
    ).encode()


def test_an_edited_articles_history(tmp_path: Path) -> None:
    desk = Desk.over(MemoryStore())
    for body in (
        (SAID, MORE, LAST),
        (SAID.replace("’", "'"), MORE, LAST),
        (
            SAID.replace("deux mètres", "trois mètres"),
            MORE,
            "« Je me tais », a dit Max Petit, adjoint à la voirie.",
        ),
    ):
        made = desk.ingest(read(text(*body), "a", Metadata()).article)
    assert made.article
    article, (first, second) = desk.history(made.article.id)
    assert article.text.endswith("voirie.")
    assert first.changes == ()  # typography is no change
    kinds = {
        change.kind: change
        for change in second.changes
        if change.before is None or "digue" in change.before or "pieds" in change.before
    }
    assert "trois mètres" in (kinds["changed"].after or "")
    assert kinds["added"].after == "Je me tais"
    assert "pieds dans l’eau" in (kinds["removed"].before or "")
    conversation = Conversation(desk)
    reply = conversation.say(conversation.turn(Reader(1, "fr")), f"/history {article.id}")
    assert "[retiré : deux]" in reply.plain
    assert "[ajouté : trois]" in reply.plain
    assert "<s>deux</s> <b>trois</b>" in reply.html
    assert (
        "Je ne connais qu’une version"
        in conversation.say(
            conversation.turn(Reader(1, "fr")),
            f"/historique {desk.ingest(read(SAID.encode(), 'b', Metadata()).article).article.id}",  # type: ignore[union-attr]
        ).plain
    )
    assert "Quel article" in conversation.say(conversation.turn(Reader(1, "fr")), "/history").plain


def feeds_of(site: Site) -> Desk:
    return Desk.over(MemoryStore(), fetch=HERE)


@pytest.mark.slow
def test_feeds_are_read_again_only_for_what_is_new(site: Site) -> None:
    desk, url = feeds_of(site), f"{site.url}/feed"
    assert desk.feeds.change("add", url, every=1)
    (feed,) = desk.feeds.all()
    assert feed.every == LEAST
    (told,) = desk.feeds.poll(now=time.time())
    assert (told.new, told.failed, told.reason) == (2, 2, None)
    (feed,) = desk.feeds.all()
    assert (feed.title, feed.added, feed.failures) == ("Site", 2, 0)
    assert feed.next > time.time() + 200
    assert list(desk.feeds.poll(now=time.time())) == []
    asked = len(site.asked)
    (again,) = desk.feeds.poll()
    assert again.new == 0
    assert [path for path, _ in site.asked[asked:] if path in ("/article", "/latin")] == []
    assert desk.feeds.change("pause", url)
    assert list(desk.feeds.poll()) == []
    assert desk.feeds.change("remove", url)
    assert desk.feeds.all() == ()
    assert not desk.feeds.change("remove", url)


@pytest.mark.slow
def test_a_feed_that_fails_waits_longer_and_holds_no_other_up(site: Site) -> None:
    desk = feeds_of(site)
    for path in ("/none", "/slow", "/feed"):
        desk.feeds.change("add", site.url + path)
    told = {one.url.rpartition("/")[2]: one for one in desk.feeds.poll(now=time.time())}
    assert told["feed"].new == 2
    assert "404" in (told["none"].reason or "")
    waits = []
    for _ in range(3):
        desk.store.keep(
            "feeds",
            f"{site.url}/none",
            {**desk.store.records("feeds")[f"{site.url}/none"], "next": 0.0},
        )
        list(desk.feeds.poll([f"{site.url}/none"], time.time()))
        feed = next(one for one in desk.feeds.all() if one.url.endswith("/none"))
        waits.append(feed.next - time.time())
    assert waits == sorted(waits)
    assert feed.failures == 4
    assert "404" in (feed.error or "")
    conversation = Conversation(desk)
    admin = conversation.turn(Reader(1, "fr", admin=True))
    assert "A échoué 4 fois" in conversation.say(admin, "/feed").plain
    assert "3 flux" in conversation.say(admin, "/flux list").plain
    assert "2 flux" in conversation.say(admin, f"/feed remove {site.url}/none").plain
    assert "Par exemple" in conversation.say(admin, "/feed add").plain
    assert conversation.say(admin, "/feed add ftp://x").plain.startswith("Pas ajouté")
    assert "administrateurs" in conversation.say(conversation.turn(Reader(1, "fr")), "/feed").plain


@pytest.mark.slow
def test_results_as_lines_and_tables(tmp_path: Path) -> None:
    store = tmp_path / "s.json"
    lines = verbatim(
        "search", "Otan", "--format", "jsonl", "--limit", "5", store=store
    ).stdout.splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert rows
    assert all(row["quote_id"] for row in rows)
    table = verbatim("search", "Otan", "--format", "csv", store=store).stdout
    assert table.startswith("\ufeffquote_id") or table.startswith("\ufeff")
    assert rows[0]["quote_id"] in table
    bad = verbatim("history", "a_none", store=store)
    assert (bad.returncode, "no article" in bad.stderr) == (1, True)
    feeds = verbatim("feed", "add", "https://a.example/rss", "--json", store=store)
    assert json.loads(feeds.stdout)["url"] == "https://a.example/rss"
    assert verbatim("feed", "pause", "https://b.example/rss", store=store).returncode == 1
    assert verbatim("feed", "remove", "https://a.example/rss", store=store).returncode == 0


def test_a_dossier_is_in_order_of_time_and_of_one_subject() -> None:
    desk = Desk.over(MemoryStore())
    for day, words in (
        ("2024-03-01", "Le port rouvrira lundi matin"),
        ("2023-01-01", "La digue tiendra bon cet hiver"),
        ("2024-05-01", "La digue est finie, enfin"),
    ):
        body = (
            f"---\npublished: {day}\n---\nTitre du {day}\n\n« {words} », a dit Luc Morel, maire "
            "de Valmont."
        )
        desk.ingest(read(body.encode(), day, Metadata()).article)
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(1, "fr"))
    reply = conversation.say(turn, "/dossier morel")
    assert reply.document
    name, content = reply.document
    assert name == "luc-morel.csv"
    rows = content.decode("utf-8-sig").splitlines()
    assert [("tiendra" in r, "port" in r, "finie" in r).index(True) for r in rows[1:]] == [0, 1, 2]
    about = conversation.say(turn, "/dossier morel sur la digue").document
    assert about
    assert b"port" not in about[1]
    assert about[1].count(b"digue") >= 2
    assert "Personne de ce nom" in conversation.say(turn, "/dossier zzz").plain
    assert "Par exemple" in conversation.say(turn, "/dossier").plain


class Odd(Fetch):
    """A site that answers with what a test gives it, and remembers what it was asked for."""

    def __call__(self, url: str, etag: str | None = None, modified: str | None = None) -> Fetched:
        ODD.setdefault("asked", []).append(url)
        made = ODD.get(url, b"")
        if isinstance(made, Exception):
            raise made
        return made if isinstance(made, Fetched) else Fetched(url, made, "text/html", etag="\xe9")


ODD: dict[str, Any] = {}
FEED = "https://a.example/feed"


@pytest.fixture
def odd() -> Iterator[Desk]:
    ODD.clear()
    yield Desk.over(MemoryStore(), fetch=Odd())
    ODD.clear()


@pytest.mark.parametrize(
    "sent",
    [
        ValueError("Invalid IPv6 URL"),
        {"items": None},
        {"items": [1, {"url": 3}, {"authors": None}]},
        [],
        {
            "items": [
                {
                    "url": "https://a.example/x",
                    "title": 3,
                    "content_html": 4,
                    "authors": [{"name": 5}],
                }
            ]
        },
    ],
)
def test_whatever_a_site_sends_the_looking_goes_on(odd: Desk, sent: Any) -> None:
    told = (
        {"version": "https://jsonfeed.org/version/1.1", **sent} if isinstance(sent, dict) else sent
    )
    ODD[FEED] = told if isinstance(told, Exception) else json.dumps(told).encode()
    odd.feeds.change("add", FEED)
    (looked,) = odd.feeds.poll()
    assert looked.reason or looked.failed == 1
    (feed,) = odd.feeds.all()
    assert feed.last


def test_a_feed_that_is_taken_out_while_it_is_read_stays_out(odd: Desk) -> None:
    feeds = odd.feeds
    feeds.change("add", FEED)

    class Meanwhile(Odd):
        def __call__(
            self, url: str, etag: str | None = None, modified: str | None = None
        ) -> Fetched:
            feeds.change("remove", FEED)
            raise FetchError("away")

    (looked,) = replace(feeds, fetch=Meanwhile()).poll()
    assert looked.reason == "away"
    assert feeds.all() == ()


def test_an_entry_is_fetched_once_wherever_its_address_leads(odd: Desk) -> None:
    item = {"url": "https://a.example/short", "title": "La digue"}
    ODD[FEED] = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    ).encode()
    ODD["https://a.example/short"] = Fetched(
        "https://b.example/long/address", page(), "text/html; charset=utf-8"
    )
    odd.feeds.change("add", FEED)
    (first,) = odd.feeds.poll()
    assert first.new == 1
    (article,) = (change.article for change in odd.store.changes() if change.article)
    odd.remove(article.id)  # by an admin: it does not come back
    ODD["asked"].clear()
    (again,) = odd.feeds.poll()
    assert (again.new, ODD["asked"]) == (0, [FEED])


FEEDS = """
[[feed]]
url = "https://vigie.example/rss"
title = "La Vigie"
every = 60
"""


def test_feeds_of_a_file_are_taken_in_and_what_is_known_of_one_stays(site: Site) -> None:
    desk = feeds_of(site)
    assert desk.feeds.load(FEEDS) == 1
    (feed,) = desk.feeds.all()
    assert (feed.url, feed.every, feed.title) == ("https://vigie.example/rss", 60, "La Vigie")
    desk.feeds.change("pause", feed.url)
    assert desk.feeds.load(FEEDS) == 0
    assert [feed.paused for feed in desk.feeds.all()] == [True]


def test_feeds_are_suggested_where_there_is_none(site: Site) -> None:
    desk = feeds_of(site)
    conversation = Conversation(desk)
    turn = conversation.turn(Reader(int(ADMIN), "fr", admin=True))
    suggested = desk.feeds.suggested()
    assert f"/feed add {suggested[0].url}" in conversation.say(turn, "/flux").plain
    desk.feeds.change("add", suggested[0].url)
    assert suggested[0] not in desk.feeds.suggested()
    assert "/feed add" not in conversation.say(turn, "/flux").plain


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[feed]\n", "no TOML"),
        ('[[feed]]\ntitle = "a"\n', "feed 2"),
        ('[[feed]]\nurl = "ftp://a.example"\n', "feed 2"),
        ('[[feed]]\nurl = "https://a.example"\nevry = 3\n', "evry"),
        ('[[feed]]\nurl = "https://a.example"\nevery = "soon"\n', "minutes"),
        ('[[feed]]\nurl = "https://a.example"\nevery = 99999999999\n', "minutes"),
        ("[[feed]]\nurl = 5\n", "lacks its url"),
        ('[[feed]]\nurl = "ftp://ana:secret@a.example/x"\n', "^feed 2: a.example"),
    ],
)
def test_a_faulty_file_of_feeds_is_refused_whole(site: Site, text: str, told: str) -> None:
    desk = feeds_of(site)
    with pytest.raises(BadMetadataError, match=told):
        desk.feeds.load(FEEDS + text)
    assert not desk.feeds.all()


def test_the_feeds_that_come_along_are_read_only_when_asked_for() -> None:
    found = feeds_in((ROOT / "seeds" / "feeds.toml").read_text("utf-8"))
    assert found and all(feed.url.startswith("https://") for feed in found)
