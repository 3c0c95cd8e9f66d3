"""An answer as a message: whose words, word for word, and where they stand; or plainly that there are none."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.model import Answer, Button, Match, Nearby, Reply
from bot.replies.page import Page, bold, code, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block, quote_buttons, who

PER_PAGE = 3
"""Matches in one message."""


def answer_reply(answer: Answer, say: Phrases, page_number: int = 0, per_page: int = PER_PAGE) -> Reply:
    """The matches in order with how sure they are, the first open and the others folded; or the honest "nothing found"."""
    if not answer.matches:
        return nothing_reply(answer, say)
    pages = -(-len(answer.matches) // per_page)
    number = min(max(page_number, 0), pages - 1)
    first = number * per_page
    shown = answer.matches[first : first + per_page]
    page = Page()
    headed = None
    for position, match in enumerate(shown):
        head = _head(match, answer, say)
        if head != headed:
            page.gap().line(head) if headed else page.line(head)
            headed = head
        page.gap()
        if len(answer.matches) > 1:
            page.line(f"{first + position + 1}.")
        quote_block(page, match.quote, match.article, say, match.why.words, folded=position > 0)
        for note in _notes(match, say):
            page.line(note)
    _hints(page, answer, say)
    rows = quote_buttons(shown[0].quote, shown[0].article, say)
    rows.append([_open_button(match, first + at, say) for at, match in enumerate(shown[1:], 2)])
    rows.append(_turning(number, pages, say))
    return page.reply(rows)


def _open_button(match: Match, number: int, say: Phrases) -> Button:
    return Button(shorten(f"{number}. {who(match.quote, say)}", 40), f"q:{match.quote.id}")


def _turning(number: int, pages: int, say: Phrases) -> list[Button]:
    return turning(number, pages, "n:{page}", say)


def turning(number: int, pages: int, action: str, say: Phrases) -> list[Button]:
    """Buttons to the page before and after; ``action`` holds ``{page}``."""
    row = []
    if number > 0:
        row.append(Button("◀ " + say("Back"), action.format(page=number - 1)))
    if number + 1 < pages:
        label = say("More ({page} of {pages})", page=number + 1, pages=pages)
        row.append(Button(f"{label} ▶", action.format(page=number + 1)))
    return row


def _notes(match: Match, say: Phrases) -> list[str]:
    """What the reader should know of a match: an altered quotation, another language."""
    notes = []
    if "altered" in match.why.notes:
        notes.append(say("Not word for word: your text differs from what the article says."))
    if "meaning" in match.why.notes:
        notes.append(say("Near in meaning: none of your words stands in it."))
    languages = {"fr": say("French"), "en": say("English")}
    for note in match.why.notes:
        kind, _, found = note.partition(":")
        if kind == "language":
            told = languages.get(found, found)
            notes.append(say("The article is in another language than your question: {language}.", language=told))
    return notes


def _hints(page: Page, answer: Answer, say: Phrases) -> None:
    """Filters that were not understood, and what was probably meant."""
    for kind, given, meant in answer.question.hints[:3]:
        page.gap()
        if kind == "date":
            page.line(
                say("Not a date, so I searched it as words:"),
                " ",
                code(given),
                ". ",
                say("For example:"),
                " ",
                code(meant),
            )
        elif kind == "kind":
            page.line(
                say("Kinds are direct, partial and indirect; I searched it as words:"), " ", code(given), ". ",
                say("For example:"), " ", code(meant),
            )  # fmt: skip
        else:
            page.line(say("Did you mean this filter?"), " ", code(meant))


def _head(match: Match, answer: Answer, say: Phrases) -> str:
    """What is said of how sure a match is; the matches after the exact words are only near."""
    if match.why.exact:
        return say("Exact words:")
    if answer.confidence == "exact":
        return say("Also near:")
    if answer.confidence == "likely":
        return say("Likely answer:") if len(answer.matches) == 1 else say("Likely answers:")
    return say("Maybe. This is the nearest I have:")


def nothing_reply(answer: Answer, say: Phrases) -> Reply:
    """What was searched, and, labelled as such, what is near: words and names only."""
    quotes, articles = answer.searched
    page = Page().line(bold(say("No quotes found")))
    page.line(_searched(quotes, articles, say))
    if answer.question.period:
        first, last = answer.question.period
        page.line(say("Only what was said from {first} to {last} counted.", first=say.date(first), last=say.date(last)))
    for name in answer.question.unknown_names:
        page.line(say("Nobody of that name or office is quoted: {name}", name=shorten(name, 80)))
    kept = _kept_to(answer, say)
    if kept:
        page.line(say("I kept to your filters:"), " ", code(shorten(kept, 200)))
    named = [s.name for s in answer.nearby.speakers] if answer.question.speaker_ids else []
    if named and answer.question.words:
        page.gap().line(_quoted_but(_names(named), answer.nearby, say))
        if answer.nearby.article:
            title = shorten(answer.nearby.article.title, 100)
            page.line(say("An article that quotes them holds the words: {title}", title=title))
    if answer.nearby.words:
        known = ", ".join(answer.nearby.words[:8])
        page.gap().line(say("Words of your question that the articles do hold: {words}", words=known))
    if answer.nearby.speakers and not named:
        names = _names([s.name for s in answer.nearby.speakers])
        page.gap().line(say("People and bodies quoted here: {names}", names=names))
    _hints(page, answer, say)
    rows = [[Button(shorten(say("Quotes of {name}", name=s.name), 60), f"p:{s.id}")] for s in answer.nearby.speakers]
    if answer.nearby.nearest:
        rows.insert(0, [Button(say("The nearest quote"), f"q:{answer.nearby.nearest[0].quote.id}")])
    if answer.nearby.article:
        rows.append([Button(shorten(say("The article"), 60), f"a:{answer.nearby.article.id}")])
    rows += [
        [Button(shorten(say("What others said about it: {name}", name=who(m.quote, say)), 60), f"q:{m.quote.id}")]
        for m in answer.nearby.others[:2]
    ]
    return page.reply(rows)


def _quoted_but(names: str, nearby: Nearby, say: Phrases) -> str:
    """What is true of a quoted person whose words answer nothing that was asked."""
    if nearby.absent:
        words = ", ".join(nearby.absent[:6])
        return say(
            "{name} is quoted, but without these words, in the quotes or beside them: {words}", name=names, words=words
        )
    return say("{name} is quoted, but no quote surely answers this.", name=names)


def _kept_to(answer: Answer, say: Phrases) -> str:
    """The filters and exclusions, as a reader of this language writes them."""
    own = {"speaker": "de", "before": "avant", "after": "après", "on": "le", "kind": "type"} if say.code == "fr" else {}
    question = answer.question
    written = [f"{own.get(name, name)}:{value}" for name, value in question.filters.items()]
    return " ".join([*written, *(f"-{word}" for word in question.excluded)])


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
