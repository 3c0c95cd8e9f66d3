"""One quote as a message or part of one: the words, whose they are, where they stand, and what can
be done with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.model import Article, Passage, Quote, Span
from bot.domain.reply import Button, Reply
from bot.domain.text import fold
from bot.replies.actions import To
from bot.replies.fragment import quote_url
from bot.replies.page import Page, Part, bold, shorten, utf16_length
from bot.replies.phrases import Phrases
from bot.search.terms import stem

COPY = 256
"""Telegram's limit for a text that a button copies, in UTF-16 units."""
_WORD = re.compile(r"[^\W_]+")
_MARKS = set('«»“”„‹›"')
_LONGEST = 1100  # characters of one quote in a list of answers; the whole is one button away
_NAMED = ("person", "org", "collective")
TITLE, PUBLISHER, NAME, ROLE = 200, 80, 120, 200
"""Characters to which what stands in articles is shortened, so that none takes a message for
itself.
"""


def quote_block(
    page: Page,
    passage: Passage,
    say: Phrases,
    words: Sequence[str] = (),
    longest: int = _LONGEST,
    folded: bool = False,
    placed: bool = True,
) -> None:
    """One quote: the words (those that answer in bold), whose they are, where they stand (if
    ``placed``).
    """
    quote, article = passage
    if quote.kind == "partial":
        shown, spans = _within(passage, longest)
        page.block(shown, spans, folded=folded)
    elif quote.kind == "indirect":
        page.line(say("As reported:"))
        shown, spans = _reported(passage, longest, words)
        page.block(shown, spans, folded=folded)
    else:
        shown = shorten(article.text[quote.start : quote.end], longest)
        before, after = say.quoted("\0", article.language).split("\0")
        page.block(shown, matched_spans(shown, words, article.language), before, after, folded)
    page.line(*speaker_line(quote, say, article.language))
    if placed:
        page.line(where(article, say))


def _within(passage: Passage, longest: int) -> tuple[str, list[Span]]:
    """The sentence that holds a few quoted words, these in bold; the words alone where it is too
    long.
    """
    quote, article = passage
    start, end = quote.context
    if end - start > longest:
        return shorten(article.text[quote.start : quote.end], longest), []
    return article.text[start:end], [(quote.start - start, quote.end - start)]


def _reported(passage: Passage, longest: int, words: Sequence[str]) -> tuple[str, list[Span]]:
    """A reported clause within its sentence; alone where that is long or holds quotation marks."""
    quote, article = passage
    start, end = quote.context
    sentence = article.text[start:end]
    if len(sentence) > longest or _MARKS & set(sentence):
        clause = shorten(article.text[quote.start : quote.end], longest)
        return clause, matched_spans(clause, words, article.language)
    return sentence, [(quote.start - start, quote.end - start)]


def speaker_line(quote: Quote, say: Phrases, code: str) -> list[Part | str]:
    """Who said it, in which role, and when; ``code``: the language in which the article puts the
    day.
    """
    speaker = quote.speaker
    if speaker is None:
        return ["— ", say("speaker unknown")]
    inferred = (
        quote.attribution == "inferred"
    )  # the article doesn't name the speaker beside the words
    line: list[Part | str] = [
        "— ",
        *([say("attributed to"), " "] if inferred else []),
        bold(shorten(speaker.name, NAME)),
    ]
    if speaker.role:
        line.append(f", {shorten(speaker.role, ROLE)}")
    if quote.said_on:
        line.append(f" ({say.date(quote.said_on.day)}, {say.quoted(quote.said_on.words, code)})")
    return line


def matched_spans(text: str, words: Sequence[str], code: str) -> list[Span]:
    """Where a text holds the question's words (by stem), for highlighting."""
    stems = {stem(word, each) for word in words for each in (code, "en", "fr")}
    return [
        match.span() for match in _WORD.finditer(text) if stem(fold(match.group()), code) in stems
    ]


def where(article: Article, say: Phrases) -> str:
    """The article in one line: title, publisher if known, date if known."""
    day = article.day
    publisher = shorten(article.publisher, PUBLISHER) if article.publisher else None
    parts = [shorten(article.title, TITLE), publisher, say.date(day) if day else None]
    return " · ".join(part for part in parts if part)


def who(quote: Quote, say: Phrases) -> str:
    """The speaker's name, or that it is not known."""
    return quote.speaker.name if quote.speaker else say("speaker unknown")


def citation(passage: Passage, say: Phrases) -> str:
    """The quote as plain text with its attribution, to be put into another text."""
    page = Page()
    quote_block(page, passage, say, longest=10**6)
    rows = [row.removeprefix("  ") for row in page.reply().plain.splitlines()]
    return "\n".join([*rows, *([passage.article.url] if passage.article.url else [])])


def quote_buttons(passage: Passage, say: Phrases) -> list[list[Button]]:
    """What can be done with a quote."""
    quote, article = passage
    cited = citation(passage, say)
    fits = utf16_length(cited) <= COPY
    copying = Button(say("Copy"), copy=cited) if fits else Button(say("Copy"), To.COPY(quote.id))
    url = quote_url(article, quote)
    rows = [
        [
            Button(say("Source"), To.SOURCE(quote.id)),
            Button(say("Context"), To.CONTEXT(quote.id)),
            copying,
        ],
        [Button(say("Share"), share=f"q_{quote.id}"), Button(say("Picture"), To.CARD(quote.id))],
    ]
    if url:
        rows[1].append(Button(say("Open the article"), url=url))
    if quote.speaker and quote.speaker.kind in _NAMED:
        label = shorten(say("More from {name}", name=quote.speaker.name), 60)
        rows.append(
            [
                Button(label, To.SPEAKER(quote.speaker.id)),
                Button(say("Follow"), To.FOLLOW(quote.speaker.id)),
            ]
        )
    rows.append([Button(say("Report an error"), To.REPORT(quote.id))])
    return rows


def quote_reply(passage: Passage, say: Phrases) -> Reply:
    """One quote by itself, whole."""
    page = Page()
    quote_block(page, passage, say, longest=10**6)
    return page.reply(quote_buttons(passage, say))


def copy_reply(passage: Passage, say: Phrases) -> Reply:
    """The quote with its attribution as plain lines, to be copied from: nothing else is in the
    message.
    """
    page = Page()
    for line in citation(passage, say).splitlines():
        for start in range(0, max(1, len(line)), 1500):
            page.line(line[start : start + 1500])
    return page.reply()
