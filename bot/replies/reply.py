"""An answer as a message: whose words, word for word, and where they stand; or plainly that there
are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.answer import Answer, Match
from bot.domain.reply import Button, Reply
from bot.domain.text import fold
from bot.replies.actions import To
from bot.replies.lists import turning
from bot.replies.page import Page, bold, code, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import quote_block, quote_buttons, where, who

_WORD = re.compile(r"[^\W_]+")
PER_PAGE = 3
"""Matches in one message."""


def answer_reply(answer: Answer, say: Phrases, number: int = 0, per_page: int = PER_PAGE) -> Reply:
    """A page of the matches with how sure they are, the first open and the others folded; or the
    honest "nothing found".

    ``answer`` holds the matches of page ``number`` (from 0 on), of ``total`` in all.
    """
    if not answer.matches and answer.total:  # asked for from a place on where there is no more
        return (
            Page()
            .line(
                say.many(
                    "There is {number} answer, none from there on.",
                    "There are {number} answers, none from there on.",
                    answer.total,
                )
            )
            .reply()
        )
    if not answer.matches:
        return nothing_reply(answer, say)
    if answer.level == "near":
        return near_reply(answer, say)
    pages = -(-answer.total // per_page)
    first = number * per_page + 1
    page = Page()
    headed = None
    for position, match in enumerate(answer.matches, first):
        head = _head(match, answer, say)
        if head != headed:
            page.gap().line(head) if headed else page.line(head)
            headed = head
        page.gap()
        if answer.total > 1:
            page.line(f"{position}.")
        quote_block(page, match.passage, say, match.why.words, folded=position > first)
        for note in (*_elsewhere(match, say), *_notes(match, say)):
            page.line(note)
    if pages > 1:
        last = first + len(answer.matches) - 1
        page.gap().line(
            say("{first}–{last} of {total}", first=first, last=last, total=say.number(answer.total))
        )
    _hints(page, answer, say)
    rows = quote_buttons(answer.matches[0].passage, say)
    rows.append(
        [_open_button(match, at, say) for at, match in enumerate(answer.matches[1:], first + 1)]
    )
    rows.append(turning((number, pages), lambda page: To.ANSWER(page=page), say))
    return page.reply(rows)


def near_reply(answer: Answer, say: Phrases) -> Reply:
    """The nearest quotes, where none surely answers, and a way to say that one of them does."""
    page = Page().line(say("I am not sure that this answers it. The nearest quotes:"))
    named = [shorten(s.name, 80) for s in answer.nearby.speakers]
    asked = answer.question
    if answer.elsewhere and (asked.unknown_names or (asked.speaker_ids and named)):
        names = _names([shorten(name, 80) for name in asked.unknown_names] or named)
        page.line(say("{name} does not speak of it here; others:", name=names))
    for position, match in enumerate(answer.matches, 1):
        page.gap()
        if len(answer.matches) > 1:
            page.line(f"{position}.")
        quote_block(page, match.passage, say, match.why.words)
        for note in _notes(match, say):
            page.line(note)
    _hints(page, answer, say)
    first, *others = answer.matches
    rows = [
        [
            Button(say("Yes, that’s it"), To.QUOTE(first.quote.id)),
            Button(say("None of these"), To.NONE()),
        ],
        [_open_button(match, at, say) for at, match in enumerate(others, 2)],
    ]
    return page.reply([row for row in rows if row])


def _open_button(match: Match, number: int, say: Phrases) -> Button:
    return Button(shorten(f"{number}. {who(match.quote, say)}", 40), To.QUOTE(match.quote.id))


def _elsewhere(match: Match, say: Phrases) -> list[str]:
    """Which other articles tell it, and whose mouths they put it into."""
    told, claim = [], match.claim
    if claim.articles > 1:
        first = where(claim.occurrences[0].article, say)
        told.append(
            say("In {number} articles, first: {article}", number=claim.articles, article=first)
        )
    told += [
        say(
            "The same words are given to {name}: {article}",
            name=who(other.quote, say),
            article=where(other.article, say),
        )
        for other in claim.conflicts[:2]
    ]
    return told


def _notes(match: Match, say: Phrases) -> list[str]:
    """What the reader should know of a match: an altered quotation, another language."""
    notes = []
    if match.why.altered:
        notes.append(say("Not word for word: your text differs from what the article says."))
    if match.why.meaning:
        notes.append(say("Near in meaning: none of your words stands in it."))
    if match.why.language and match.why.language != say.code:
        languages = {"fr": say("French"), "en": say("English")}
        told = languages.get(match.why.language, match.why.language)
        notes.append(
            say("The article is in another language than your question: {language}.", language=told)
        )
    return notes


def _hints(page: Page, answer: Answer, say: Phrases) -> None:
    """Filters that were not understood, and what was probably meant."""
    for hint in answer.question.hints[:3]:
        page.gap()
        if hint.kind == "name":
            page.line(say("Did you mean this filter?"), " ", code(hint.meant))
            continue
        told = (
            say("Not a date, so I searched it as words:")
            if hint.kind == "date"
            else say("Kinds are direct, partial and indirect; I searched it as words:")
        )
        page.line(told, " ", code(hint.given), ". ", say("For example:"), " ", code(hint.meant))


def _head(match: Match, answer: Answer, say: Phrases) -> str:
    """What is said of how sure a match is; the matches after the exact words are only near."""
    if match.why.exact:
        return say("Exact words:")
    if answer.confidence == "exact":
        return say("Also near:")
    single = len(answer.matches) == 1
    if answer.confidence == "likely":
        return say("Answer:") if single else say("Answers:")
    return say("Likely answer:") if single else say("Likely answers:")


def nothing_reply(answer: Answer, say: Phrases) -> Reply:
    """What was searched, and, labelled as such, what is near: words and names only."""
    quotes, articles = answer.searched
    page = Page().line(bold(say("No quotes found")))
    page.line(_searched(quotes, articles, say))
    if answer.question.period:
        first, last = answer.question.period
        page.line(
            say(
                "Only what was said from {first} to {last} counted.",
                first=say.date(first),
                last=say.date(last),
            )
        )
    for name in answer.question.unknown_names:
        page.line(say("Nobody of that name or office is quoted: {name}", name=shorten(name, 80)))
    kept = _kept_to(answer, say)
    if kept:
        page.line(say("I kept to your filters:"), " ", code(shorten(kept, 200)))
    named = [s.name for s in answer.nearby.speakers] if answer.question.speaker_ids else []
    if named and answer.question.words:
        absent = _as_typed(answer.nearby.absent[:6], answer)
        page.gap().line(_quoted_but(_names(named), absent, say))
        if answer.nearby.article:
            title = shorten(answer.nearby.article.title, 100)
            page.line(say("An article that quotes them holds the words: {title}", title=title))
    if answer.nearby.words:
        known = ", ".join(_as_typed(answer.nearby.words[:8], answer))
        page.gap().line(
            say("Words of your question that the articles do hold: {words}", words=known)
        )
    if answer.nearby.speakers and not named:
        names = _names([shorten(s.name, 80) for s in answer.nearby.speakers])
        page.gap().line(say("People and bodies quoted here: {names}", names=names))
    _hints(page, answer, say)
    rows = [
        [Button(shorten(say("Quotes of {name}", name=s.name), 60), To.SPEAKER(s.id))]
        for s in answer.nearby.speakers
    ]
    if answer.nearby.nearest:
        rows.insert(
            0, [Button(say("The nearest quote"), To.QUOTE(answer.nearby.nearest[0].quote.id))]
        )
    if answer.nearby.article:
        rows.append([Button(shorten(say("The article"), 60), To.ARTICLE(answer.nearby.article.id))])
    rows += [
        [
            Button(
                shorten(say("What others said about it: {name}", name=who(m.quote, say)), 60),
                To.QUOTE(m.quote.id),
            )
        ]
        for m in answer.nearby.others[:2]
    ]
    return page.reply(rows)


def _as_typed(words: Sequence[str], answer: Answer) -> list[str]:
    """Folded words of a question in the reader's own spelling."""
    typed = {fold(match): match for match in _WORD.findall(answer.question.text)}
    return [typed.get(word, word) for word in words]


def _quoted_but(names: str, absent: Sequence[str], say: Phrases) -> str:
    """What is true of a quoted person whose words answer nothing that was asked."""
    if absent:
        return say(
            "{name} is quoted, but without these words, in the quotes or beside them: {words}",
            name=names,
            words=", ".join(absent),
        )
    return say("{name} is quoted, but no quote surely answers this.", name=names)


def _kept_to(answer: Answer, say: Phrases) -> str:
    """The filters and exclusions, as a reader of this language writes them."""
    own = (
        {"speaker": "de", "before": "avant", "after": "après", "on": "le", "kind": "type"}
        if say.code == "fr"
        else {}
    )
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
