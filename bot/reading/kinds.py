"""What some bytes are, by what they hold, not by what their file is called."""

from __future__ import annotations

import json
import re
from typing import Literal

Kind = Literal[
    "text", "page", "feed", "sitemap", "jsonfeed", "jsonl", "json", "pdf", "docx", "binary"
]
_HEAD = 8192
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_PAGE = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<article[\s>]", re.IGNORECASE
)
_FEED_VERSION = re.compile(rb"\"version\"\s*:\s*\"https://jsonfeed\.org/")


def kind_of(data: bytes) -> Kind:
    """The kind of some bytes."""
    head = data[:_HEAD]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx" if b"word/" in data or b"[Content_Types].xml" in head else "binary"
    if start.startswith(b"{"):
        return _json_kind(data)
    if start.startswith(b"<"):
        if _SITEMAP.search(head):
            return "sitemap"
        if _FEED.search(head) and not _PAGE.search(head[:500]):
            return "feed"
        if _PAGE.search(head) or start.lower().startswith(
            (b"<div", b"<p>", b"<p ", b"<section", b"<main")
        ):
            return "page"
    if b"\0" in head and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "binary"
    return "text"


def _json_kind(data: bytes) -> Kind:
    if _FEED_VERSION.search(data[:_HEAD]):
        return "jsonfeed"
    try:
        first = json.loads(data.lstrip(b"\xef\xbb\xbf").splitlines()[0])
    except (ValueError, IndexError):
        return "json" if data.rstrip().endswith(b"}") else "text"
    if not isinstance(first, dict):
        return "text"
    return "jsonl" if isinstance(first.get("text"), str) else "json"
