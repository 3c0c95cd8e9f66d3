"""Fetching over a loopback server: private addresses, names that change their mind, redirects,
slow, endless, packed bodies.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_pages import LAST, MORE, SAID, page

from bot.reading.fetch import Fetch, FetchError
from bot.services.gather import gather
from bot.services.sources import Source

pytestmark = pytest.mark.slow


class Site(ThreadingHTTPServer):
    """Answers by path; remembers who asked for what."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.text = LAST
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:  # noqa: PLR0912 a site, path by path
        self.server.asked.append((self.path, dict(self.headers)))
        path, here = self.path, self.server.url
        if path == "/to-nowhere":
            self.send_response(302)
            self.send_header("Location", "http://[x")
            return self.end_headers()
        if path == "/robots.txt":
            return self._send(b"User-agent: *\nDisallow: /private/\n", "text/plain")
        if path == "/away":
            return self._redirect("http://10.0.0.1/secret")
        if path == "/round":
            return self._redirect("/round")
        if path == "/moved":
            return self._redirect("/article")
        if path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
            return None
        if path == "/endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 65536)
        if path == "/bomb":
            return self._send(
                gzip.compress(b"\0" * 50_000_000), "text/html", {"Content-Encoding": "gzip"}
            )
        if path == "/packed":
            return self._send(gzip.compress(page()), "text/html", {"Content-Encoding": "gzip"})
        if path == "/latin":
            return self._send(
                page().decode().replace('charset="utf-8"', "").encode("cp1252"),
                "text/html; charset=iso-8859-1",
            )
        if path == "/feed":
            items = "".join(
                f"<item><title>{n}</title><link>{here}{n}</link></item>"
                for n in ("/article", "/private/x", "/gone", "/latin")
            )
            return self._send(
                f"<rss version='2.0'><channel><title>Site</title>{items}</channel></rss>".encode(),
                "application/rss+xml",
            )
        if path == "/article":
            if self.headers.get("If-None-Match") == '"1"':
                self.send_response(304)
                self.end_headers()
                return None
            body = (
                f"<article><h1>La digue sera relevée</h1><p>{SAID}</p><p>{MORE}</p><p>"
                f"{self.server.text}</p></article>"
            )
            return self._send(
                page(body), "text/html; charset=utf-8", {"ETag": '"1"', "Set-Cookie": "a=b"}
            )
        return self._send(b"gone", "text/plain", {}, 404)

    def _redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def _send(
        self, data: bytes, kind: str, more: dict[str, str] | None = None, code: int = 200
    ) -> None:
        self.send_response(code)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


HERE = Fetch(private=True, seconds=2)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:80/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://192.168.1.1/",
        "http://[fe80::1]/",
        "http://100.64.0.1/",
    ],
)
def test_private_addresses_are_refused(url: str) -> None:
    with pytest.raises(FetchError, match=r"private address|no host"):
        Fetch()(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "http://",
        "javascript:alert(1)",
        "http://me:pw@a.example/",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(FetchError):
        Fetch()(url)


def test_a_name_that_changes_its_mind_leads_nowhere_else(site: Site) -> None:
    asked = []

    def fickle(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    with pytest.raises(FetchError, match=r"can't be fetched|longer"):
        Fetch(resolve=fickle, seconds=1)(f"http://site.example:{site.server_port}/article")
    assert len(asked) == 1
    assert site.asked == []
    mixed = Fetch(resolve=lambda *_: ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(FetchError, match="private address"):
        mixed("http://site.example/")


def test_a_redirect_to_a_private_address_is_refused(site: Site) -> None:
    def own(host: str, port: int) -> list[str]:
        return (
            ["127.0.0.1"]
            if host == "site.example"
            else [str(found[4][0]) for found in socket.getaddrinfo(host, port)]
        )

    class Lenient(Fetch):
        """Lets the first site in, as if it were public."""

    lenient = Lenient(resolve=own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.reading.fetch._is_public", lambda address: address == "127.0.0.1")
        with pytest.raises(FetchError, match="private address"):
            lenient(f"http://site.example:{site.server_port}/away")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/round", "redirects more than"),
        ("/slow", "longer than"),
        ("/endless", "larger than"),
        ("/bomb", "larger than"),
        ("/none", "404"),
    ],
)
def test_what_is_too_much_is_refused(site: Site, path: str, told: str) -> None:
    began = time.monotonic()
    with pytest.raises(FetchError, match=told):
        HERE(site.url + path)
    assert time.monotonic() - began < 6


def test_redirects_are_followed_packed_bodies_unpacked_and_nothing_is_told_of_us(
    site: Site,
) -> None:
    found = HERE(f"{site.url}/moved")
    assert found.url == f"{site.url}/article"
    assert b"deux m" in found.data
    assert b"deux m" in HERE(f"{site.url}/packed").data
    HERE(f"{site.url}/article")
    headers = site.asked[-1][1]
    assert "Cookie" not in headers
    assert headers["User-Agent"].startswith("Verbatim/")
    assert HERE(f"{site.url}/article", etag='"1"').status == 304


def test_a_feed_brings_what_its_site_allows(site: Site) -> None:
    found = gather(Source(f"{site.url}/feed"), HERE)
    assert [bool(one.article) for one in found] == [True, False, False, True]
    assert "robots.txt" in (found[1].reason or "")
    assert "404" in (found[2].reason or "")
    assert "« La digue" in (found[3].article.text if found[3].article else "")
    assert found[0].article
    assert found[0].article.url == f"{site.url}/article"


def ingest(
    *arguments: str, store: Path, private: str = "on", given: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VERBATIM_FETCH_PRIVATE": private, "VERBATIM_SEEDS": "off"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "ingest", *arguments, "--store", f"tinydb:{store}"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        input=given,
    )


def test_the_command_takes_addresses_and_tells_what_became_of_each(
    site: Site, tmp_path: Path
) -> None:
    store, url = tmp_path / "s.json", f"{site.url}/article"
    done = ingest(url, "--json", store=store)
    (row,) = map(json.loads, done.stdout.splitlines())
    assert (row["status"], row["source"], row["article"]["url"], row["quotes"] >= 2) == (
        "new",
        url,
        url,
        True,
    )
    assert row["reader"].startswith("page/1; utf-8 declared")
    assert json.loads(ingest(url, "--json", store=store).stdout)["status"] == "unchanged"
    site.text = LAST.replace("2016", "2018")
    assert json.loads(ingest(url, "--json", store=store).stdout)["status"] == "updated"
    failed = ingest(f"{site.url}/none", "--json", store=store)
    assert failed.returncode == 1
    row = json.loads(failed.stdout)
    assert (row["status"], row["article"], "404" in row["reason"]) == ("failed", None, True)
    refused = ingest(url, store=store, private="off")
    assert refused.returncode == 1
    assert "private address" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_standard_input_lines_and_folders(tmp_path: Path) -> None:
    store = tmp_path / "store" / "s.json"
    assert (
        json.loads(ingest("-", "--json", store=store, given=f"La digue\n\n{SAID}").stdout)["status"]
        == "new"
    )
    lines = "\n".join(
        [
            json.dumps({"text": f"Titre {n}\n\n{SAID}", "published": "12 mars 2024"})
            for n in range(3)
        ]
        + ["{broken"]
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "many.jsonl").write_text(lines, "utf-8")
    (folder / "a.html").write_bytes(page())
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"Numéro {number}\n\n{SAID}\n\n{MORE}", "utf-8")
    done = ingest(str(folder), store=store)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == "16 new, 0 updated, 0 unchanged, 1 failed"
    assert "line 4" in done.stderr
    again = ingest(str(folder), "--jobs", "1", store=store)
    assert "13 unchanged" in again.stderr or "16 unchanged" in again.stderr


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "fec0::1",
        "::1",
    ],
)
def test_addresses_that_stand_for_private_ones_are_refused(address: str) -> None:
    with pytest.raises(FetchError, match="private"):
        Fetch(resolve=lambda *_: [address])("http://a.example/")


def test_redirects_to_no_address_and_names_in_other_letters(site: Site) -> None:
    port = site.server_port
    with pytest.raises(FetchError, match="redirects to no address"):
        HERE(f"{site.url}/to-nowhere")
    fetched = Fetch(private=True, resolve=lambda *_: ["127.0.0.1"])(
        f"http://hö.example:{port}/robots.txt", etag="é"
    )
    assert fetched.data
    assert site.asked[-1][1]["Host"].startswith("xn--")
