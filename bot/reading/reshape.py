"""A page's article in the shape that reading expects: one paragraph a thought, quotations between
marks, nothing twice.
"""

from __future__ import annotations

import re
from typing import Any

from bot.domain.text import fold
from bot.reading.prune import BLOCKS, drop, marks_of

_LEAST = 120  # characters of a block whose copy is worth looking for
_PARAGRAPH, _SEVERAL = 60, 2  # characters of a paragraph, and how many show where the article is
_ENDS = re.compile(r"[.!?…:»”\"](?:\s|$)")
_MARKS = '«“„"‹‘'
_SIGNATURES = ("footer", "cite", "figcaption")
_LEAD_IN = re.compile(r":\s*$")


def set_quotations(tree: Any) -> None:
    """Set block quotations between marks, with who signs them below."""
    for quotation in list(tree.iter("blockquote")):
        _set_in_marks(quotation)


def reshape(tree: Any) -> None:
    """Drop hidden copies, join what a line break cuts, make paragraphs of text that stands loose in
    boxes.
    """
    _drop_copies(tree)
    for line_break in list(tree.iter("br")):
        _join(line_break)
    for box in list(tree.iter("div")):
        if _is_among_paragraphs(box):
            _loosen(box)


def _drop_copies(tree: Any) -> None:
    """Of a box that stands there twice (for wide and for narrow screens) the first is kept."""
    seen: dict[str, Any] = {}
    for element in list(tree.iter("div", "section", "article")):
        text = fold(" ".join(element.text_content().split()))
        first = seen.get(text) if len(text) >= _LEAST else None
        if first is None:
            seen.setdefault(text, element)
        elif first not in element.iterancestors() and element.getparent() is not None:
            drop([element])


def _join(line_break: Any) -> None:
    """A break inside a sentence is a blank; one behind a sentence stays."""
    before, parent = line_break.getprevious(), line_break.getparent()
    if parent is None:
        return
    text = (before.tail or before.text_content()) if before is not None else parent.text or ""
    tail = line_break.tail or ""
    if not text.strip() or not tail.strip() or _ENDS.search(text.rstrip()[-1:] + " "):
        return
    line_break.tail = None
    parent.remove(line_break)
    if before is not None:
        before.tail = f"{before.tail or ''} {tail.lstrip()}"
    else:
        parent.text = f"{parent.text or ''} {tail.lstrip()}"


def _set_in_marks(quotation: Any) -> None:
    """A <blockquote> that is signed, or that a colon leads in, as words between marks and a
    signature on a line of its own.
    """
    signed = [e for e in quotation.iter(*_SIGNATURES) if e.text_content().strip()]
    signature = " ".join(signed[0].text_content().split()).lstrip("—–- ") if signed else ""
    before = quotation.getprevious()
    led = before is not None and _LEAD_IN.search(before.text_content()) is not None
    if not signature and not led:
        return
    for element in list(quotation.iter(*_SIGNATURES)):
        drop([element])
    words = " ".join(quotation.text_content().split())
    if not words:
        return
    if words[0] not in _MARKS:
        opening, closing = marks_of(quotation)
        words = f"{opening}{words}{closing}"
    for child in list(quotation):
        quotation.remove(child)
    quotation.tag, quotation.text = "div", None
    for line in (words, *([f"— {signature}"] if signature else [])):
        paragraph = quotation.makeelement("p", {})
        paragraph.text = line
        quotation.append(paragraph)


def _is_among_paragraphs(box: Any) -> bool:
    """Does a box of sentences stand between the article's own paragraphs? Others are furniture."""
    parent = box.getparent()
    beside = [] if parent is None else [e for e in parent if e.tag == "p"]
    long = sum(len(e.text_content()) >= _PARAGRAPH for e in beside)
    prose = box.text_content().rstrip()[-1:] in tuple('.!?…»”"')
    return long >= _SEVERAL and prose


def _loosen(box: Any) -> None:
    """A box of words alone is a paragraph; words that stand loose in a box of boxes become one."""
    if not any(child.tag in BLOCKS for child in box):
        if (box.text or "").strip() or len(box):
            box.tag = "p"
        return
    if (box.text or "").strip():
        paragraph = box.makeelement("p", {})
        paragraph.text, box.text = box.text, None
        box.insert(0, paragraph)
