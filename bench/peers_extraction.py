"""The programs that a user would pick instead for quotations, behind one interface: text ->
rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
Peer = Callable[[str], list[Row]]

_MARKED = re.compile(r'«([^«»]*)»|“([^“”]*)”|"([^"]*)"')
_NAME = re.compile(r"\b[^\W\d_a-zà-ÿ][\w’'.-]+(?:\s+(?:de |du |d['’])?[^\W\d_a-zà-ÿ][\w’'-]+)*")
_WINDOW = 200


def regex(text: str) -> list[Row]:
    """What stands between matched marks, and the capitalised name nearest to it."""
    rows = []
    for match in _MARKED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        after = _NAME.search(text, end + 1, min(len(text), end + _WINDOW))
        before = list(_NAME.finditer(text, max(0, match.start() - _WINDOW), match.start()))
        near = [(after.start() - end, after.group())] if after else []
        near += [(match.start() - before[-1].end(), before[-1].group())] if before else []
        rows.append(
            {
                "start": start,
                "end": end,
                "speaker": min(near)[1] if near else None,
                "kind": "direct",
            }
        )
    return rows


def textacy_french() -> Peer:
    """textacy's direct quotations over spaCy's fr_core_news_md; ImportError when they are not
    installed.
    """
    import spacy
    from textacy.extract import triples

    model = spacy.load("fr_core_news_md")

    def rows(text: str) -> list[Row]:
        """By paragraph: the method gives up on a text as soon as one of its marks has no
        partner.
        """
        found = []
        for paragraph in re.finditer(r"[^\n]+", text):
            try:
                quotations = list(triples.direct_quotations(model(paragraph.group())))
            except ValueError:
                continue
            for quotation in quotations:
                start = paragraph.start() + quotation.content.start_char
                end = paragraph.start() + quotation.content.end_char
                speaker = " ".join(token.text for token in quotation.speaker)
                found.append({"start": start, "end": end, "speaker": speaker, "kind": "direct"})
        return found

    return rows
