"""A verdict as a message: calm, the true words with what differs marked, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from bot.domain.answer import Match
from bot.domain.reply import Button, Reply
from bot.domain.review import Review
from bot.domain.verdict import Caution, Verdict, VerdictKind
from bot.replies.actions import To
from bot.replies.differences import differences, edit_line, marked_spans
from bot.replies.page import Page, Part, bold, code, link, shorten
from bot.replies.phrases import Phrases
from bot.replies.quote import NAME, quote_block, speaker_line, where

KINDS = get_args(VerdictKind)
"""The verdicts in the order that buttons number them by: new ones come last."""
_LONGEST = 1500
_COMPARED = 2500  # characters of a comparison word by word; of longer ones, changes are listed
_PIECES = 4
_SHOWN = 8  # differences that are told in words
_MARKS = frozenset('«»“”„‹›"')
_NAMED = ("person", "org", "collective")


def verdict_reply(verdict: Verdict, say: Phrases, reviews: Sequence[Review] = ()) -> Reply:
    """The verdict in a line, the true words, who said them and where, what to know besides."""
    if verdict.kind == "not_found" or verdict.match is None:
        return _nothing_reply(verdict, say, reviews)
    page = Page().line(bold(head(verdict, say)))
    for told in _besides(verdict, say):
        page.line(told)
    matches = verdict.pieces[:_PIECES] or (verdict.match,)
    for match in matches:
        page.gap()
        _true_words(page, match, verdict, say)
    if verdict.kind == "altered":
        parts = differences(verdict, say)
        if sum(len(p.plain if isinstance(p, Part) else p) for p in parts) < _COMPARED:
            page.gap().line(say("The differences:"), " ", *parts)
        for edit in verdict.edits[:_SHOWN]:
            page.line("• ", *edit_line(edit, say))
    _reviewed(page, reviews, say)
    page.gap().line(_searched(verdict, say))
    return page.reply(_buttons(verdict, matches, say))


def head(verdict: Verdict, say: Phrases) -> str:
    """The verdict in a line."""
    warned = any(caution.kind not in ("inferred", "unknown") for caution in verdict.cautions)
    typed = any(edit.kind == "typo" for edit in verdict.edits)
    match verdict.kind:
        case "exact":
            return say("Word for word, a typing mistake aside.") if typed else say("Word for word.")
        case "extract":
            return say("True words, but cut.") if warned else say("True words, an extract.")
        case "altered":
            return say("Not word for word: the words were changed.")
        case "other_speaker":
            return _other(verdict, say)
        case "reported":
            return say("Reported, not quoted: the article tells it in its own words.")
        case "spliced":
            return say("Pieces of several quotes, joined as if they were one.")
        case "translated":
            return say("As the article has it, which says that it is translated.")
    return say("No quotes found")


def _other(verdict: Verdict, say: Phrases) -> str:
    speaker = verdict.match.quote.speaker if verdict.match else None
    name = shorten(speaker.name, NAME) if speaker else say("speaker unknown")
    claimed = shorten(verdict.speaker or "", NAME)
    who = {"name": name, "claimed": claimed}
    if any(caution.kind == "inferred" for caution in verdict.cautions):
        return say("The article seems to give these words to {name}, not {claimed}.", **who)
    return say("These are the words of {name}, not of {claimed}.", **who)


def warning(verdict: Verdict, say: Phrases) -> str | None:
    """What a reader must know besides, in a sentence; None for nothing."""
    told = _besides(verdict, say)
    return " ".join(told) if told else None


def _besides(verdict: Verdict, say: Phrases) -> list[str]:
    found = (_caution(caution, verdict, say) for caution in verdict.cautions)
    return list(dict.fromkeys(told for told in found if told))


def _caution(caution: Caution, verdict: Verdict, say: Phrases) -> str:
    words = shorten(caution.words, 160)
    told: dict[str, str] = {
        "negation": say("What was left out negates it: {words}", words=words),
        "condition": say("What was left out is a condition: {words}", words=words),
        "hedge": say("What was left out weakens it: {words}", words=words),
        "attribution": say("What was left out says whose view it is: {words}", words=words),
        "question": say("It was a question: {words}", words=words),
        "thought": say("The thought goes on: {words}", words=words),
        "omission": say("The omission hides this: {words}", words=words),
        "denied": say("The article says that this was not said: {words}", words=words),
        "inferred": say("Who said it is not stated beside the words: it was inferred."),
        "unknown": _unknown(verdict, say),
        "reported": say("They are told in the article’s own words, not quoted."),
    }
    return _not_theirs(verdict, say) if caution.kind == "speaker" else told.get(caution.kind, "")


def _unknown(verdict: Verdict, say: Phrases) -> str:
    speaker = verdict.match.quote.speaker if verdict.match else None
    if speaker is None:
        return say("The article does not say who said it.")
    return say(
        "The article says that it was said by {name}; whether that is {claimed} can’t be told.",
        name=shorten(speaker.name, NAME),
        claimed=shorten(verdict.speaker or "", NAME),
    )


def _not_theirs(verdict: Verdict, say: Phrases) -> str:
    match = verdict.match
    speaker = match.quote.speaker if match else None
    claimed = shorten(verdict.speaker or "", NAME)
    if speaker is None:
        return say("They are not words of {claimed}.", claimed=claimed)
    name = shorten(speaker.name, NAME)
    return say("Nor are they words of {claimed}, but of {name}.", claimed=claimed, name=name)


def _true_words(page: Page, match: Match, verdict: Verdict, say: Phrases) -> None:
    """The quote, what was alleged of it in bold, who said it and where."""
    quote, article = match.quote, match.article
    if quote.kind != "direct" or verdict.span is None or quote.end - quote.start > _LONGEST:
        quote_block(page, match.passage, say, longest=_LONGEST)
        return
    text = article.text[quote.start : quote.end]
    before, after = say.quoted("\0", article.language).split("\0")
    spans = () if verdict.kind == "spliced" else marked_spans(verdict, match)
    page.block(text, spans, before, after)
    page.line(*speaker_line(quote, say, article.language))
    page.line(where(article, say))


def _searched(verdict: Verdict, say: Phrases) -> str:
    quotes, articles = verdict.searched
    return say.many(
        "Compared with {number} quote of {articles}.",
        "Compared with {number} quotes of {articles}.",
        quotes,
        articles=say.many("{number} article", "{number} articles", articles),
    )


def _nothing_reply(verdict: Verdict, say: Phrases, reviews: Sequence[Review]) -> Reply:
    """Nobody said it, as far as is known here; other people's words only behind a button."""
    page = Page().line(bold(say("No quotes found that say this.")))
    page.line(_searched(verdict, say))
    journalist = any(caution.kind == "journalist" for caution in verdict.cautions)
    if journalist:
        page.line(say("These words stand in an article, but nobody is quoted with them."))
    page.line(say("That it is not here does not prove that it was never said."))
    _reviewed(page, reviews, say)
    rows = []
    if verdict.nearest:
        quote = verdict.nearest[0].quote
        page.line(say("The nearest quote says something else; it is behind the button."))
        rows.append([Button(say("The nearest quote, a different one"), To.QUOTE(quote.id))])
    return page.reply(rows)


def _reviewed(page: Page, reviews: Sequence[Review], say: Phrases) -> None:
    """What fact-checkers published on it: their judgement, with its source."""
    for review in reviews:
        page.gap().line(say("A published fact-check, not this bot’s judgement:"))
        rating = review.rating or say("no rating given")
        page.line(bold(shorten(review.publisher or "?", NAME)), f": {_unmarked(rating, 120)}")
        page.line(say("Reviewed: {claim}", claim=_unmarked(review.claim, 300)))
        if review.claimant:
            page.line(say("Claim of {name}", name=shorten(review.claimant, NAME)))
        if review.url:
            page.line(link(shorten(review.url, 300), review.url))


def _unmarked(words: str, longest: int) -> str:
    """Others' words without marks: what is shown between marks stands in an article."""
    return shorten("".join(" " if char in _MARKS else char for char in words), longest)


def _buttons(verdict: Verdict, matches: Sequence[Match], say: Phrases) -> list[list[Button]]:
    quote = matches[0].quote
    rows = [
        [Button(say("Source"), To.SOURCE(quote.id)), Button(say("Context"), To.CONTEXT(quote.id))],
        [
            Button(say("Share"), share=f"q_{quote.id}"),
            Button(say("Picture"), To.VERDICT(quote.id, KINDS.index(verdict.kind))),
        ],
    ]
    for number, match in enumerate(matches[1:4], 2):
        label = say("Source {number}", number=number)
        rows[0].append(Button(label, To.SOURCE(match.quote.id)))
    if quote.speaker and quote.speaker.kind in _NAMED:
        rows.append([Button(say("Follow"), To.FOLLOW(quote.speaker.id))])
    return rows


def verify_usage(say: Phrases) -> Reply:
    """A /verify without words."""
    page = Page().line(say("Which words, and whose are they said to be? For example:"))
    page.line(code("/verify « la réalité cruelle et implacable de la guerre de Poutine » — Sunak"))
    return page.line(say("Or reply /verify to a message.")).reply()


def card_label(kind: str, say: Phrases) -> str:
    """A verdict as a card's heading: what was claimed, and is shown, of the true words."""
    told = {
        "exact": say("Verified: word for word"),
        "extract": say("Verified: an extract of these words"),
        "altered": say("Verified: the words were changed. In truth:"),
        "other_speaker": say("Verified: somebody else said it"),
        "reported": say("Verified: reported, not quoted"),
        "spliced": say("Verified: pieces joined. One of them:"),
        "translated": say("Verified: a translation"),
    }
    return told.get(kind, "")
