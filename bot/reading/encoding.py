"""Bytes become text: by their mark, by what is declared, as UTF-8, or by what they look like; what
was decided is told.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_WEB = {
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
}
"""What these names mean on the web (WHATWG Encoding Standard)."""
_WESTERN = ("cp1252", "mac_roman", "utf_16", "utf_16_le", "utf_16_be", "cp850")
"""What a text in French or English that declares nothing may be in; others guess like these, with
other accents.
"""
_HEAD = 4096  # bytes in which a page declares its encoding
_LOOKED_AT = 200_000  # bytes that a guess is made from


def decode(data: bytes, content_type: str | None = None) -> tuple[str, str] | None:
    """(text, "utf-8 declared" and the like); None when no encoding fits."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _try(data, name, "by its mark")
    declared = _declared(data, content_type)
    if declared and (found := _try(data, declared, "declared")):
        return found
    return _try(data, "utf-8", "assumed") or _guessed(data)


def _declared(data: bytes, content_type: str | None) -> str | None:
    header = _HEADER.search(content_type or "")
    inside = _XML.search(data[:_HEAD]) or _META.search(data[:_HEAD])
    name = header[1] if header else inside[1].decode("ascii", "replace") if inside else None
    return _WEB.get(name.lower(), name.lower()) if name else None


def _try(data: bytes, name: str, how: str) -> tuple[str, str] | None:
    try:
        return data.decode(name), f"{name} {how}"
    except (UnicodeDecodeError, LookupError):
        return None


def _guessed(data: bytes) -> tuple[str, str] | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 only where nothing is declared

    best = from_bytes(data[:_LOOKED_AT], cp_isolation=list(_WESTERN)).best()
    return _try(data, best.encoding, "guessed") if best else _try(data, "windows-1252", "guessed")
