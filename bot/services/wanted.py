"""What of an article a follower wants to be told."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.model import Article, Passage, Quote, Speaker
from bot.domain.text import fold
from bot.domain.tracking import Follow
from bot.search.terms import stem, stop_words, words
from bot.search.view import View

ARTICLE = "article"
"""What a following is of that is told of an article's edits."""


def said_in(article: Article, quotes: Iterable[Quote]) -> dict[str, Passage]:
    """An article's quotes by their words, typography aside."""
    found = (Passage(quote, article) for quote in quotes)
    return {" ".join(words(passage.text)): passage for passage in found}


def fits(follow: Follow, passage: Passage, view: View) -> bool:
    """Is a quote one that is followed: of the speaker, or with all the words in it, beside it, or
    in the title?
    """
    speaker: Speaker | None = passage.quote.speaker
    if follow.what == "speaker":
        return speaker is not None and view.person(speaker.id) == view.person(follow.key)
    if follow.what == "publisher":
        return fold(passage.article.publisher or "") == fold(follow.key)
    if follow.what == ARTICLE:
        return False  # its edits are told, not its quotes
    code = passage.article.language
    around = f"{passage.article.text[slice(*passage.quote.context)]} {passage.article.title}"
    held = {stem(word, code) for word in words(around)}
    wanted = [word for word in words(follow.key) if word not in stop_words()]
    return bool(wanted) and all(stem(word, code) in held for word in wanted)
