"""What there is: speakers, articles, the latest quotes; each list in pages that are turned in
place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.domain.model import Article, Paged, Passage, Quote, Speaker
from bot.domain.reply import Button, Reply
from bot.replies.actions import To
from bot.replies.page import LIMIT, Page, bold, link, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import PUBLISHER, TITLE, quote_block, where

LINES = 8
"""Entries of a list in one message."""
QUOTES = 5
"""Quotes in one message."""
_ROLES = 4  # roles that are shown of somebody
_JUMP = 4  # pages from which on there are buttons to the first and the last


def turning(place: tuple[int, int], to: Callable[[int], str], say: Phrases) -> list[Button]:
    """Buttons to the pages around one, and to the first and last of many; ``place``: its number,
    how many there are.
    """
    number, pages = place
    row = []
    if pages >= _JUMP and number > 1:
        row.append(Button("⏮ 1", to(0)))
    if number > 0:
        row.append(Button("◀ " + say("Back"), to(number - 1)))
    if number + 1 < pages:
        label = say("More ({page} of {pages})", page=number + 1, pages=pages)
        row.append(Button(f"{label} ▶", to(number + 1)))
    if pages >= _JUMP and number + 2 < pages:
        row.append(Button(f"{pages} ⏭", to(pages - 1)))
    return row


def speakers_reply(
    found: Paged[tuple[Speaker, int]], name: str, say: Phrases, often: int | None = None
) -> Reply:
    """Who is quoted, how often; ``name`` narrowed the list. Of the whole list ``often`` are quoted
    more than once: the others, who come behind them, are named in one line.
    """
    if not found.total:
        return _nobody(name, say)
    page = Page().line(bold(say.many("{number} speaker", "{number} speakers", found.total)))
    rows = []
    once = []
    for place, (speaker, count) in enumerate(found.items, found.first):
        rows.append([Button(shorten(f"{speaker.name} ({count})", 60), To.SPEAKER(speaker.id))])
        if often is not None and place > often:
            once.append(shorten(speaker.name, 80))
            continue
        role = f", {shorten(speaker.role, 80)}" if speaker.role else ""
        counted = say.many("{number} statement", "{number} statements", count)
        page.line("• ", bold(shorten(speaker.name, 80)), f"{role} — {counted}")
    if once:
        page.line(say("Quoted once:"), " ", " · ".join(once))
    elif often is not None and often < found.total:
        left = found.total - often
        label = say.many("{number} more quoted once", "{number} more quoted once", left)
        rows.append([Button(label, To.SPEAKERS(page=often // found.size))])
    page.gap().line(say("Tap a name to read what was said. /speakers and a name narrows the list."))
    rows.append(turning(found.place, lambda number: To.SPEAKERS(page=number, words=name), say))
    return page.reply(rows)


def _nobody(name: str, say: Phrases) -> Reply:
    if not name:
        return Page().line(say("Nobody is quoted yet.")).reply()
    told = say("Nobody of that name is quoted: {name}", name=shorten(name, 60))
    return Page().line(told).reply([[Button(say("All speakers"), To.SPEAKERS())]])


def speaker_reply(
    speaker: Speaker,
    found: Paged[Passage],
    say: Phrases,
    roles: Sequence[tuple[str, date | None, date | None]] = (),
) -> Reply:
    """A page of one speaker's quotes; ``roles`` are those they had, each with its first and last
    day.
    """
    role = f", {shorten(speaker.role, 200)}" if speaker.role and len(roles) <= 1 else ""
    page = Page().line(bold(shorten(speaker.name, 200)), role)
    for held, first, last in roles[:_ROLES] if len(roles) > 1 else ():
        page.line("· ", shorten(held, 120), _years(first, last))
    page.line(say.many("{number} statement", "{number} statements", found.total))
    shown: list[Quote] = []
    for passage in found.items:
        piece = Page()
        quote_block(piece, passage, say, longest=500)
        if page.length + piece.length > LIMIT - 200:
            break
        page.gap()
        page.line(f"{found.first + len(shown)}.")
        quote_block(page, passage, say, longest=500)
        shown.append(passage.quote)
    rows = [
        [
            Button(say("Source {number}", number=n), To.SOURCE(q.id))
            for n, q in enumerate(shown, found.first)
        ]
    ]
    rows.append(turning(found.place, lambda number: To.SPEAKER(speaker.id, number), say))
    rows.append([Button(say("Timeline"), To.TIMELINE(speaker.id))])
    return page.reply(rows)


def _years(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    same = first.year == last.year
    return f" ({first.year})" if same else f" ({first.year}–{last.year})"


def articles_reply(found: Paged[Article], words: str, say: Phrases) -> Reply:
    """A page of the articles, the latest first; ``words`` narrowed the list."""
    if not found.total:
        if not words:
            return Page().line(say("No article has been indexed yet.")).reply()
        told = say(
            "No article of that title, publisher, address or date: {words}",
            words=shorten(words, 60),
        )
        return Page().line(told).reply([[Button(say("All articles"), To.ARTICLES())]])
    page = Page().line(bold(say.many("{number} article", "{number} articles", found.total)))
    rows = []
    for at, article in enumerate(found.items, found.first):
        page.line(f"{at}. {where(article, say)}")
        rows.append([Button(shorten(f"{at}. {article.title}", 60), To.ARTICLE(article.id))])
    page.gap().line(
        say("Tap one to read its quotes. /articles and a word or a year narrows the list.")
    )
    rows.append(turning(found.place, lambda number: To.ARTICLES(page=number, words=words), say))
    return page.reply(rows)


def article_reply(article: Article, found: Paged[Quote], say: Phrases) -> Reply:
    """An article's facts and a page of its quotes."""
    page = Page().line(bold(shorten(article.title, TITLE) or say("Untitled")))
    publisher = shorten(article.publisher, PUBLISHER) if article.publisher else None
    facts = [publisher, say.date(article.day) if article.day else None]
    if any(facts):
        page.line(" · ".join(fact for fact in facts if fact))
    if article.url:
        page.line(link(article.url, article.url))
    page.line(say.many("{number} statement", "{number} statements", found.total))
    numbers: list[Button] = []
    for at, quote in enumerate(found.items, found.first):
        page.gap().line(f"{at}.")
        quote_block(page, Passage(quote, article), say, longest=400, placed=False)
        numbers.append(Button(say("Quote {number}", number=at), To.QUOTE(quote.id)))
    onward = turning(found.place, lambda number: To.ARTICLE(article.id, number), say)
    follow = [Button(say("Follow its edits"), To.FOLLOW(article.id))]
    return page.reply([numbers, onward, follow])


def recent_reply(found: Paged[Passage], say: Phrases) -> Reply:
    """The quotes of the latest articles."""
    if not found.total:
        return Page().line(say("No article has been indexed yet.")).reply()
    page = Page().line(bold(say("Latest quotes")))
    row = []
    for at, passage in enumerate(found.items, found.first):
        page.gap().line(f"{at}.")
        quote_block(page, passage, say, longest=400)
        row.append(Button(say("Quote {number}", number=at), To.QUOTE(passage.quote.id)))
    onward = [
        Button(say("All articles"), To.ARTICLES(anew=True)),
        Button(say("All speakers"), To.SPEAKERS(anew=True)),
    ]
    return page.reply(
        [row, turning(found.place, lambda number: To.RECENT(page=number), say), onward]
    )
