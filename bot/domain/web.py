"""Addresses that may be kept: http and https, a host, nobody's password."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 2048
"""Characters of an address."""


def fault_of(url: str) -> str | None:
    """What is wrong with an address, to stand after it in a message; None when it may be kept."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"can't be read ({error})"
    if parts.scheme not in ("http", "https") or not host:
        return "is not an http(s) address"
    if parts.username is not None or parts.password is not None:
        return "holds a user's name; leave it out"
    if len(url) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if any(char.isspace() or not char.isprintable() for char in url):
        return "holds blanks or control characters"
    return None
