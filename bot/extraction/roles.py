"""The roles that stand beside names, and names and roles as they are shown."""

from __future__ import annotations

import re

from bot.domain.text import fold
from bot.extraction.chunker import noun_phrase
from bot.extraction.phrase import Range
from bot.extraction.sentence import Sentence
from bot.languages import tags

ROLE_REACH = 14  # tokens before a name in which its role may begin


_ARTICLE = re.compile(r"^(?:l['’]\s*|(?:le|la|les|the)\s+)", re.IGNORECASE)


_ENDS_ROLE = (
    "",
    ",",
    ".",
    ";",
    ":",
    ")",
    "(",
    "Q",
    "r",
    "x",
    "-",
    "A",
    "V",
    "y",
    "U",
    "c",
    "L",
    "G",
    "g",
)


def content_words(text: str) -> set[str]:
    """A phrase's words, folded."""
    return set(re.findall(r"[^\W_]+", fold(text)))


def role_before(s: Sentence, at: int, name: Range) -> tuple[str, str] | None:
    """The role that stands before a name: the widest phrase whose own name it is."""
    if at and s.tags[at - 1] in "plPDOd":
        return None
    for start in range(max(0, at - ROLE_REACH), at):
        if s.tags[start] not in "lDRCaenTh" or (start and s.tags[start - 1] in "lDa"):
            continue
        phrase = noun_phrase(s, start)
        if phrase and phrase.name == name and phrase.common and phrase.head is not None:
            return _role(s, phrase.common, phrase.head)
    return None


def role_after(s: Sentence, at: int) -> tuple[str, str] | None:
    """The role in apposition behind a name ("Ana Roy (PS), maire de Valmont, …")."""
    if s.tag(at) == "(":
        close = s.tags.find(")", at, at + 10)
        at = close + 1 if close > 0 else at
    if s.tag(at) != ",":
        return None
    phrase = noun_phrase(s, at + 1)
    if (
        phrase is None
        or phrase.head is None
        or phrase.common is None
        or s.tag(phrase.head) != tags.ROLE
    ):
        return None
    if (
        phrase.name
        or s.tag(phrase.common[1]) not in _ENDS_ROLE[:12]
        or s.tag(phrase.common[1]) == "x"
    ):
        return None
    if s.tag(phrase.common[1]) in ("A", "V", "y"):
        return None
    return _role(s, phrase.common, phrase.head)


def _role(s: Sentence, common: Range, head: int) -> tuple[str, str] | None:
    first, last = common
    while first < head and s.tags[first] in "lDh":
        first += 1
    last -= s.tag(last - 1) == ","
    return (
        (clean(s.raw(first, last)), role_head(s, head))
        if s.tags[head] == tags.ROLE and first < last
        else None
    )


def role_head(s: Sentence, at: int) -> str:
    """The noun by which somebody is called; an "ex-minister" is called a minister."""
    word = s.words[at]
    prefix = s.language.tokens["former_prefix"]
    return word.removeprefix(prefix) if word.removeprefix(prefix) in s.language.lexicon else word


def bare(name: str) -> str:
    """A name without its article."""
    return _ARTICLE.sub("", name)


def clean(name: str) -> str:
    """A name on one line, without soft hyphens and quotation marks."""
    return " ".join(re.sub('[\u00ad«»“”"]', "", name).split())
