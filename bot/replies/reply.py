"""An answer as a message: whose words, word for word, and where they stand; or plainly that there are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.model import Answer, Article, Button, Match, Quote, Reply, Span, Speaker
from bot.domain.text import fold
from bot.replies.page import LIMIT, Page, Part, bold, shorten, utf16_length
from bot.replies.phrases import Phrases
from bot.search.terms import stem

_WORD = re.compile(r"[^\W_]+")
_MARKS = set('«»“”„‹›"')
_LONGEST = 1100  # characters of one quote in a list of answers; the whole stands behind "Source"


def answer_reply(answer: Answer, say: Phrases) -> Reply:
    """The matches in order with how sure they are, or the honest "nothing found"."""
    if not answer.matches:
        return nothing_reply(answer, say)
    page = Page()
    page.line(_confidence(answer, say))
    for number, match in enumerate(answer.matches, 1):
        page.gap()
        if len(answer.matches) > 1:
            page.line(f"{number}.")
        quote_block(page, match.quote, match.article, say, match.why.words)
        for note in _notes(match, say):
            page.line(note)
    return page.reply(
        [[_source_button(match, n, len(answer.matches), say) for n, match in enumerate(answer.matches, 1)]]
    )


def _notes(match: Match, say: Phrases) -> list[str]:
    """What the reader should know of a match: an altered quotation, another language."""
    notes = []
    if "altered" in match.why.notes:
        notes.append(say("Not word for word: your text differs from what the article says."))
    languages = {"fr": say("French"), "en": say("English")}
    for note in match.why.notes:
        kind, _, code = note.partition(":")
        if kind == "language":
            notes.append(
                say(
                    "The article is in another language than your question: {language}.",
                    language=languages.get(code, code),
                )
            )
    return notes


def quote_block(page: Page, quote: Quote, article: Article, say: Phrases, words: Sequence[str] = ()) -> None:
    """One quote: the words, whose they are, where they stand."""
    if quote.kind == "partial":
        start, end = quote.context
        context = article.text[start:end]
        spans = [(quote.start - start, quote.end - start)]
        if len(context) > _LONGEST:
            context, spans = shorten(article.text[quote.start : quote.end], _LONGEST), []
        page.block(context, spans)
    else:
        slice_ = article.text[quote.start : quote.end]
        shown = shorten(slice_, _LONGEST)
        before, after = say.quoted("\0", article.language).split("\0") if quote.kind == "direct" else ("", "")
        if quote.kind == "indirect":
            page.line(say("As reported:"))
            if _reported_in_its_sentence(page, quote, article):
                page.line(*_speaker_line(quote, say))
                page.line(where(article, say))
                return
        page.block(shown, matched_spans(shown, words, article.language), before, after)
    page.line(*_speaker_line(quote, say))
    page.line(where(article, say))


def _reported_in_its_sentence(page: Page, quote: Quote, article: Article) -> bool:
    """Show a reported clause within its sentence, unless that is long or holds quotation marks."""
    start, end = quote.context
    sentence = article.text[start:end]
    if len(sentence) > _LONGEST or _MARKS & set(sentence):
        return False
    page.block(sentence, [(quote.start - start, quote.end - start)])
    return True


def _speaker_line(quote: Quote, say: Phrases) -> list[Part | str]:
    speaker = quote.speaker
    if speaker is None:
        return ["— ", say("speaker unknown")]
    line: list[Part | str] = ["— ", bold(speaker.name)]
    if speaker.role:
        line.append(f", {speaker.role}")
    if quote.said_on:
        line.append(f" ({quote.said_on.words}, {say.date(quote.said_on.day)})")
    return line


def matched_spans(text: str, words: Sequence[str], code: str) -> list[Span]:
    """Where a text holds the question's words (by stem), for highlighting."""
    stems = (
        {stem(word, code) for word in words}
        | {stem(word, "en") for word in words}
        | {stem(word, "fr") for word in words}
    )
    return [match.span() for match in _WORD.finditer(text) if stem(fold(match.group()), code) in stems]


def where(article: Article, say: Phrases) -> str:
    """The article in one line: title, publisher if known, date if known."""
    day = article.published or (article.updated.date() if article.updated else None)
    parts = [shorten(article.title, 200), article.publisher, say.date(day) if day else None]
    return " · ".join(part for part in parts if part)


def _confidence(answer: Answer, say: Phrases) -> str:
    if answer.confidence == "exact":
        return say("Exact words:")
    if answer.confidence == "likely":
        return say("Likely answer:") if len(answer.matches) == 1 else say("Likely answers:")
    return say("Maybe: the nearest I have")


def _source_button(match: Match, number: int, total: int, say: Phrases) -> Button:
    label = say("Source") if total == 1 else say("Source {number}", number=number)
    return Button(label, f"s:{match.quote.id}")


def nothing_reply(answer: Answer, say: Phrases) -> Reply:
    """What was searched, and, labelled as such, what is near: words and names only."""
    quotes, articles = answer.searched
    page = Page().line(bold(say("No quotes found")))
    page.line(_searched(quotes, articles, say))
    named = [s.name for s in answer.nearby.speakers] if answer.question.speaker_ids else []
    if named and answer.question.words:
        page.gap().line(say("{name} is quoted, but not on this subject.", name=_names(named)))
    if answer.nearby.words:
        page.gap().line(
            say(
                "Words of your question that the articles do hold: {words}",
                words=", ".join(answer.nearby.words[:8]),
            )
        )
    if answer.nearby.speakers and not named:
        page.gap().line(
            say(
                "People and bodies quoted here: {names}",
                names=_names([s.name for s in answer.nearby.speakers]),
            )
        )
    rows = [[Button(shorten(say("Quotes of {name}", name=s.name), 60), f"p:{s.id}")] for s in answer.nearby.speakers]
    rows += [
        [
            Button(
                shorten(say("What others said about it: {name}", name=_who(m.quote, say)), 60),
                f"q:{m.quote.id}",
            )
        ]
        for m in answer.nearby.others[:2]
    ]
    return page.reply(rows)


def _searched(quotes: int, articles: int, say: Phrases) -> str:
    if not quotes:
        return say("There is nothing to search yet: no article has been indexed.")
    of = say.many("{number} article", "{number} articles", articles)
    return say.many(
        "I searched {number} quote of {articles}.",
        "I searched {number} quotes of {articles}.",
        quotes,
        articles=of,
    )


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)


def _who(quote: Quote, say: Phrases) -> str:
    return quote.speaker.name if quote.speaker else say("speaker unknown")


def quote_reply(quote: Quote, article: Article, say: Phrases) -> Reply:
    """One quote by itself."""
    page = Page()
    quote_block(page, quote, article, say)
    return page.reply([[Button(say("Source"), f"s:{quote.id}")]])


def speaker_reply(speaker: Speaker, found: Sequence[tuple[Quote, Article]], say: Phrases) -> Reply:
    """The first few quotes of one speaker."""
    page = Page().line(bold(speaker.name), f", {speaker.role}" if speaker.role else "")
    shown: list[Quote] = []
    for quote, article in found:
        piece = Page()
        quote_block(piece, quote, article, say)
        if utf16_length(page.reply().plain) + utf16_length(piece.reply().plain) > LIMIT - 200 or len(shown) == 5:
            break
        page.gap()
        quote_block(page, quote, article, say)
        shown.append(quote)
    row = [Button(say("Source {number}", number=n), f"s:{quote.id}") for n, quote in enumerate(shown, 1)]
    return page.reply([row])
