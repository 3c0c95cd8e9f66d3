"""Addresses that open an article at a quote: URL text fragments.

Syntax and matching: https://wicg.github.io/scroll-to-text-fragment/
(``#:~:text=[prefix-,]start[,end][,-suffix]``).
"""

from __future__ import annotations

import re
from urllib.parse import quote as percent
from urllib.parse import urlsplit, urlunsplit

from bot.domain.model import Article, Quote

# characters up to which the quote is written out; a longer one by its first and last words
_WHOLE = 120
_EDGE = 5  # words at either edge of a long quote
_AROUND = 4  # words of prefix and suffix where the text repeats
_HOST = re.compile(r"[^.\s]+(\.[^.\s]+)+")


def quote_url(article: Article, quote: Quote) -> str | None:
    """The article's address with a directive that leads to the quote; None without a usable
    address.
    """
    if not article.url or not web_address(article.url):
        return None
    text = article.text
    start, end = quote.segments[0] if len(quote.segments) > 1 else (quote.start, quote.end)
    said = text[start:end]
    lines = [line for line in said.splitlines() if line.strip()]
    words = said.split()
    if len(said) <= _WHOLE and len(lines) == 1:
        directive, needle = _encoded(" ".join(words)), said
    else:
        first, last = lines[0].split()[:_EDGE], lines[-1].split()[-_EDGE:]
        directive, needle = (
            f"{_encoded(' '.join(first))},{_encoded(' '.join(last))}",
            " ".join(first),
        )
    if text.count(needle) > 1:
        directive = _prefix(text, start) + directive + _suffix(text, end)
    parts = urlsplit(article.url)
    return urlunsplit(parts._replace(fragment=f"{parts.fragment}:~:text={directive}"))


def web_address(url: str) -> bool:
    """May it stand behind a Telegram button: http(s), with a host that has a dot?"""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(_HOST.fullmatch(host))
        and not re.search(r"\s", url)
    )


def _prefix(text: str, start: int) -> str:
    """The words before, within the same line: a prefix may not cross a block."""
    words = text[max(0, start - 100) : start].rpartition("\n")[2].split()[-_AROUND:]
    return f"{_encoded(' '.join(words))}-," if words else ""


def _suffix(text: str, end: int) -> str:
    words = text[end : end + 100].partition("\n")[0].split()[:_AROUND]
    return f",-{_encoded(' '.join(words))}" if words else ""


def _encoded(words: str) -> str:
    """Percent-encoded, with what the directive's own syntax uses: the dash, the comma, the
    ampersand.
    """
    return percent(words, safe="").replace("-", "%2D")
