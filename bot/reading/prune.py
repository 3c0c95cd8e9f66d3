"""What of a page is not its article: furniture, teasers, comments, hidden elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from bot.domain.text import fold
from bot.languages.language import codes, language

BLOCKS = (
    "p",
    "li",
    "div",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "ul",
    "ol",
    "table",
)
LEAST = 250  # characters; a text of less is what a paywall leaves
_SENTENCE = re.compile(r"(?<=[.!?»”])\s")
_DROPPED = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "svg",
    "form",
    "nav",
    "aside",
    "button",
    "dialog",
    "figcaption",
    "select",
    "video",
    "audio",
    "canvas",
)


_JUNK = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentaires?|reviews?|reactions?|reagir|avis|disqus|share|sharing|partag\w*|social|newsletters?|related|similar|recommend\w*|teaser|promo\w*|"
    r"sidebar|breadcrumbs?|cookies?|consent|gdpr|paywall|subscri\w*|abonne\w*|outbrain|taboola|advert\w*|ads?|sponsor\w*|toolbar|tags?|"
    r"most[-_]?(?:read|popular)|trending|read[-_]?(?:more|also|next)|(?:a[-_]?)?lire[-_]?aussi|see[-_]?also|voir[-_]?aussi|caption|credits?|"
    r"author[-_]?(?:bio|box|info)|footer|modal|popup|banner|widget|infobox|encadre|diaporama|slideshow)(?:$|[\s_-])",
    re.IGNORECASE,
)


_PULLED = re.compile(
    r"pull-?quote|exergue|blockquote--pull|highlight-quote|citation-exergue", re.IGNORECASE
)


# share of a page's paragraphs above which what looks like junk is the article's own frame
_MOST = 0.4
_LINKED = 0.6  # share of link text from which on a short block points elsewhere
_TEASED = 0.35  # the same of a block that begins as teasers do
_SHORT = 300  # characters of such a block
_INLINE = ("strong", "em", "b", "i", "u", "span", "small")
_LABEL = 60  # characters of what stands before a glued link
_AROUND = "([ \u00a0\u202f:»>→-–—·•\n\t"


# ---- what is cut away
def prune(tree: Any) -> None:
    """Take out of a page's tree what is not its article: frames, comments, captions, teasers,
    repeated quotes.
    """
    holds_most = _frame_of(tree)
    drop(e for e in tree.iter(*_DROPPED) if not holds_most(e))
    drop(e for e in tree.iter() if _is_junk(e) and not holds_most(e))
    drop(e for e in tree.iter("header", "footer") if not list(e.iter("h1")) and not holds_most(e))
    for link in list(tree.iter("a")):
        _cut_teaser(link)
    drop(e for e in tree.iter(*BLOCKS) if _points_elsewhere(e))
    for quoted in list(tree.iter("q")):
        _mark(quoted)
    whole = fold(" ".join(p.text_content() for p in tree.iter("p")))
    drop(
        e
        for e in tree.iter()
        if _PULLED.search(_named(e)) and whole.count(fold(_bare(e))) > ("p" in _tags(e))
    )


def marks_of(element: Any) -> tuple[str, str]:
    """The quotation marks of a page's language."""
    french = (element.getroottree().getroot().get("lang") or "fr").startswith("fr")
    return ("« ", " »") if french else ("“", "”")


def _mark(quoted: Any) -> None:
    """A <q> with the marks that a browser shows around it."""
    before, after = marks_of(quoted)
    quoted.text = before + (quoted.text or "")
    last = quoted[-1] if len(quoted) else None
    if last is None:
        quoted.text += after
    else:
        last.tail = (last.tail or "") + after
    quoted.drop_tag()


def drop(elements: Iterable[Any]) -> None:
    """Take elements out; what stands behind them stays."""
    for element in list(elements):
        parent = element.getparent()
        if parent is not None and element.tag not in ("html", "body"):
            element.drop_tree()


def _named(element: Any) -> str:
    if not isinstance(element.tag, str):
        return ""
    return (
        f"{element.get('class') or ''} {element.get('id') or ''} "
        f"{element.get('data-component') or ''}"
    )


def _is_junk(element: Any) -> bool:
    named = _named(element)
    hidden = isinstance(element.tag, str) and (
        element.get("hidden") is not None or element.get("aria-hidden") == "true"
    )
    return hidden or bool(
        named.strip() and element.tag not in ("html", "body", "main") and _JUNK.search(named)
    )


def _frame_of(tree: Any) -> Callable[[Any], bool]:
    """Tells of an element whether it holds so much of the page's paragraphs that it must be the
    article's frame.

    A page without paragraphs is judged by all of its text. Every element is measured once, however
    deep they nest.
    """
    from lxml.etree import iterwalk  # noqa: PLC0415 only where a page is read

    texts: dict[Any, int] = {}
    paragraphs: dict[Any, int] = {}
    for _, element in iterwalk(tree):  # children first
        children = list(element)
        text = len(element.text or "") + sum(
            texts.get(child, 0) + len(child.tail or "") for child in children
        )
        texts[element] = text if isinstance(element.tag, str) else 0
        inner = sum(paragraphs.get(child, 0) for child in children)
        paragraphs[element] = text if element.tag == "p" else inner
    sizes = paragraphs if paragraphs[tree] > 2 * LEAST else texts
    least = max(LEAST, _MOST * sizes[tree])
    return lambda element: sizes.get(element, 0) > least


def _points_elsewhere(element: Any) -> bool:
    """Is it a short block that is mostly a link, or that begins as teasers do and has one?"""
    text = " ".join(element.text_content().split())
    if not text or len(text) > _SHORT or any(True for _ in element.iter("h1")):
        return False
    linked = sum(len(" ".join(a.text_content().split())) for a in element.iter("a"))
    if not linked:
        return False
    return linked >= (_TEASED if is_teaser(text) else _LINKED) * len(text)


def _cut_teaser(link: Any) -> None:
    """ "À LIRE AUSSI" and a link, glued to a paragraph: both go, the paragraph stays."""
    before, parent = link.getprevious(), link.getparent()
    if parent is None:
        return
    if is_teaser(link.text_content()):
        _drop_alone(link)
        return
    if before is not None and not (before.tail or "").strip(_AROUND):
        if is_teaser(before.text_content()) and len(before.text_content()) < _LABEL:
            before.drop_tree()
            _drop_alone(link)
        return
    text = (before.tail if before is not None else parent.text) or ""
    label = _SENTENCE.split(text)[-1]
    if not label.strip(_AROUND) or len(label) > _LABEL or not is_teaser(label.strip(_AROUND)):
        return
    if before is not None:
        before.tail = text[: len(text) - len(label)]
    else:
        parent.text = text[: len(text) - len(label)]
    _drop_alone(link)


def _drop_alone(element: Any) -> None:
    """An element goes, what stands behind it stays."""
    behind = element.tail
    element.tail = None
    parent, at = element.getparent(), element.getparent().index(element)
    parent.remove(element)
    if behind and at:
        parent[at - 1].tail = (parent[at - 1].tail or "") + behind
    elif behind:
        parent.text = (parent.text or "") + behind
    if parent.tag in _INLINE and not parent.text_content().strip():
        _drop_alone(parent)  # an empty one makes trafilatura lose what stands behind it


def _bare(element: Any) -> str:
    """An element's words without marks."""
    return " ".join(element.text_content().split()).strip(" «»“”\"'\u00a0\u202f")


def _tags(element: Any) -> set[str]:
    return {child.tag for child in element.iter() if isinstance(child.tag, str)}


@cache
def _teasers() -> re.Pattern[str]:
    starts = {
        fold(start).rstrip(" :")
        for code in codes()
        for start in language(code).data["reading"]["teaser"]
    }
    return re.compile(
        rf"\W*(?:{'|'.join(map(re.escape, sorted(starts, key=len, reverse=True)))})\b"
    )


def is_teaser(line: str) -> bool:
    return len(line) <= _SHORT and _teasers().match(fold(line)) is not None
