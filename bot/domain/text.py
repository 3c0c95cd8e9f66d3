"""Pure operations on text that several rooms need."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from functools import lru_cache

BLANKS = (
    " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""Everything that looks like a blank, zero-width ones included."""

_TYPOGRAPHY = {ord(blank): " " for blank in BLANKS} | {
    ord("’"): "'",
    ord("‘"): "'",
    ord("ʼ"): "'",
    ord("´"): "'",
    ord("œ"): "oe",
    ord("Œ"): "oe",
    ord("æ"): "ae",
    ord("Æ"): "ae",
    ord("ß"): "ss",
    ord("‐"): "-",
    ord("‑"): "-",
    ord("–"): "-",
    ord("—"): "-",
    ord("\u00ad"): None,
}
_PLAIN = _TYPOGRAPHY | {
    code: "".join(
        c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c)
    ).lower()
    for code in range(0xC0, 0x250)
    if chr(code).isalpha() and chr(code) not in "œŒæÆß"
}
_RUN = re.compile(r"\s+")


def fold(text: str) -> str:
    """Lower case without accents, with plain apostrophes, dashes and single blanks."""
    return _fold_word(text) if len(text) <= 40 else _fold(text)


def _fold(text: str) -> str:
    text = text.translate(_PLAIN)
    if not text.isascii():
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
        )
    return _RUN.sub(" ", text).strip().lower()


_fold_word = lru_cache(maxsize=20_000)(_fold)


def sha256(data: bytes) -> str:
    """The hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def short_id(prefix: str, *parts: str) -> str:
    """An id derived from content: a prefix and 72 bits of BLAKE2b as 12 characters of
    [A-Za-z0-9_-].
    """
    digest = hashlib.blake2b(
        "\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=9
    ).digest()
    return prefix + base64.urlsafe_b64encode(digest).decode("ascii")


def past_accents(text: str, end: int) -> int:
    """Where a span that ends at ``end`` ends when the combining accents of its last letter are in
    it.
    """
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def trim(text: str, start: int, end: int, also: str = "") -> tuple[int, int]:
    """The span without blanks (and the characters of ``also``) at its ends."""
    drop = BLANKS + also
    while start < end and text[start] in drop:
        start += 1
    while end > start and text[end - 1] in drop:
        end -= 1
    return start, end


def canonical_url(url: str) -> str:
    """A URL without fragment, tracking parameters, default port and trailing slash, scheme and host
    lower.
    """
    from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit  # noqa: PLC0415 only where a URL is known

    parts = urlsplit(url.strip())
    query = [
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)
    ]
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port not in (None, 80, 443) else "")
    return urlunsplit((parts.scheme.lower(), host, parts.path.rstrip("/"), urlencode(query), ""))


_TRACKING = re.compile(r"utm_|fbclid$|gclid$|mc_[ce]id$|at_(medium|campaign)", re.IGNORECASE)
