"""Fetching: http and https only, no private address, at no redirect either; so much, so long, and
no more.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit, urlunsplit

from bot.domain.errors import VerbatimError
from bot.domain.web import fault_of

Resolve = Callable[[str, int], Iterable[str]]
LARGEST = 10 * 1024 * 1024
"""Bytes of an answer, as sent and as unpacked."""
SECONDS = 20.0
"""For all of a fetch, its redirects included."""
REDIRECTS = 5
_TRANSLATED = tuple(
    map(
        ipaddress.IPv6Network,
        ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    )
)
"""IPv6 addresses that stand for an IPv4 one somewhere (RFC 4291, 6052, 8215, 3056, 4380): no
newspaper is at one.
"""
AGENT = f"Verbatim/{version('verbatim-bot')} (a bot that indexes quotes with their source)"


class FetchError(VerbatimError):
    """An address that can't be fetched, or may not be."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address held, and at which one it was found in the end."""

    url: str
    data: bytes
    content_type: str | None = None
    etag: str | None = None
    modified: str | None = None
    status: int = 200


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch an address. ``private`` lets private, loopback and link-local ones in (tests, an
    intranet).

    A name is resolved once, all its addresses are looked at, and the connection goes to one of
    those: a name server that changes its mind leads nowhere else. No cookies are kept, no scripts
    run.
    """

    private: bool = False
    resolve: Resolve = resolve
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = SECONDS
    largest: int = LARGEST

    def __call__(self, url: str, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What is there; status 304 and no data when it has not changed since. FetchError says why
        not.
        """
        until = time.monotonic() + self.seconds
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in known.items() if value and value.isascii()}
        for _ in range(REDIRECTS + 1):
            found = self._get(url, headers, until)
            if isinstance(found, Fetched):
                return found
            try:
                url = urljoin(url, found)
            except ValueError as error:
                raise FetchError(f"{_shown(url)}: redirects to no address") from error
        raise FetchError(f"{_shown(url)}: redirects more than {REDIRECTS} times")

    def _get(self, url: str, headers: dict[str, str], until: float) -> Fetched | str:
        """What is there, or where it leads."""
        import httpx  # noqa: PLC0415 only where something is fetched

        target, host = self._pinned(url)
        sent = {
            "User-Agent": AGENT,
            "Accept-Encoding": "gzip",
            "Accept": "text/html,application/xml;q=0.9,*/*;q=0.5",
        }
        sent |= self.headers | headers | {"Host": host}
        left = max(0.1, until - time.monotonic())
        name = urlsplit(url).hostname or ""
        try:
            with (
                httpx.Client(
                    timeout=min(left, 10.0), follow_redirects=False, trust_env=False
                ) as client,
                client.stream(
                    "GET", target, headers=sent, extensions={"sni_hostname": name}
                ) as answer,
            ):
                if answer.has_redirect_location:
                    return str(answer.headers.get("location", ""))
                if answer.status_code == httpx.codes.NOT_MODIFIED:
                    return Fetched(url, b"", status=answer.status_code)
                if answer.status_code != httpx.codes.OK:
                    raise FetchError(
                        f"{_shown(url)}: the server answers {answer.status_code} "
                        f"{answer.reason_phrase}"
                    )
                data = self._body(
                    answer.iter_raw(), answer.headers.get("content-encoding", ""), url, until
                )
                told = answer.headers.get
                return Fetched(url, data, told("content-type"), told("etag"), told("last-modified"))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise FetchError(f"{_shown(url)}: can't be fetched ({type(error).__name__})") from error

    def _pinned(self, url: str) -> tuple[str, str]:
        """The address with an IP address that may be asked in the place of its host, and the
        host.
        """
        fault = fault_of(url)
        if fault:
            raise FetchError(f"{_shown(url)}: {fault}")
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = list(self.resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise FetchError(f"{_shown(url)}: there is no host of that name") from error
        if not found or (not self.private and not all(map(_is_public, found))):
            raise FetchError(
                f"{_shown(url)}: leads to a private address; only public ones are fetched"
            )
        address = f"[{found[0]}]" if ":" in found[0] else found[0]
        try:
            named = host if host.isascii() else host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise FetchError(f"{_shown(url)}: there is no host of that name") from error
        shown = named if parts.port is None else f"{named}:{parts.port}"
        return urlunsplit(
            (parts.scheme, f"{address}:{port}", parts.path or "/", parts.query, "")
        ), shown

    def _body(self, chunks: Iterable[bytes], coding: str, url: str, until: float) -> bytes:
        """The body, unpacked; never more of it than is allowed."""
        unpack = (
            zlib.decompressobj(zlib.MAX_WBITS | 32)
            if coding.lower() in ("gzip", "x-gzip", "deflate")
            else None
        )
        if coding and unpack is None and coding.lower() != "identity":
            raise FetchError(f"{_shown(url)}: is packed as {coding}, which was not asked for")
        made, read = bytearray(), 0
        for chunk in chunks:
            read += len(chunk)
            try:
                made += unpack.decompress(chunk, self.largest + 1 - len(made)) if unpack else chunk
            except zlib.error as error:
                raise FetchError(f"{_shown(url)}: is damaged ({error})") from error
            if max(len(made), read) > self.largest:
                raise FetchError(f"{_shown(url)}: is larger than {self.largest >> 20} MB")
            if time.monotonic() > until:
                raise FetchError(f"{_shown(url)}: took longer than {self.seconds:.0f} s")
        if unpack and read and not unpack.eof:
            raise FetchError(f"{_shown(url)}: is cut short")
        return bytes(made)


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.is_site_local or any(found in net for net in _TRANSLATED):
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast


def _shown(url: str) -> str:
    return url[:200]
