"""What the bot says of itself: welcome, help, and kind words for what it can't do."""

from __future__ import annotations

from bot.domain.model import Reply
from bot.replies.page import Page, bold, code
from bot.replies.phrases import Phrases

COMMANDS = ("search", "source", "help", "start")
"""Commands in the order they are registered."""


def command_text(command: str, say: Phrases) -> str:
    """One line on a command, for Telegram's menu."""
    return {
        "search": say("Search the quotes: /search words"),
        "source": say("Where a quote stands: reply to it, or give its id"),
        "help": say("How to ask, with examples"),
        "start": say("What this bot does"),
    }[command]


def start_reply(say: Phrases, quotes: int, articles: int) -> Reply:
    """The welcome: what it is, how to ask, on one phone screen."""
    page = Page().line(bold("Verbatim"), " — ", say("who said what, word for word, and where."))
    page.gap().line(say("Just ask, in French or in English:"))
    page.line("• ", code(say("What did Sunak say about Poland?")))
    page.line("• ", code("/search guerre de Poutine"))
    page.gap().line(say("Under each answer, “Source” shows the paragraph, the article and its dates."))
    page.line(
        say(
            "I never rephrase: what I show as a quote stands in the article, letter for letter. When I have nothing, I say so."
        )
    )
    of = say.many("{number} article", "{number} articles", articles)
    page.gap().line(
        say.many(
            "{number} quote of {articles} indexed.",
            "{number} quotes of {articles} indexed.",
            quotes,
            articles=of,
        )
    )
    page.line("/help — ", say("more examples"))
    return page.reply()


def help_reply(say: Phrases) -> Reply:
    """Every command with an example that works on the seeds."""
    page = Page().line(bold(say("How to ask")))
    page.line(
        say(
            "Write a question or a few words. Typing mistakes and missing accents are fine. Name a person to get that person's words only."
        )
    )
    page.line("• ", code("Qu'a dit Stoltenberg sur l'Ukraine ?"))
    page.line("• ", code("enquête selon Biden"))
    page.line("• ", code("What did Sunak say?"))
    page.gap().line(bold(say("Commands")))
    page.line("/search ", say("words"), " — ", say("search the quotes"))
    page.line(
        "   ",
        say("narrow it with"),
        " ",
        code("de:Biden"),
        " ",
        code("avant:2023-01"),
        " ",
        code("après:2022-11"),
        " ",
        code("kind:indirect"),
        " ",
        code('"mots exacts"'),
        " ",
        code("-mot"),
    )
    page.line("/source — ", say("as a reply to one of my messages, or with a quote's id: where it stands"))
    page.line("/start, /help")
    page.gap().line(bold(say("How to read an answer")))
    page.line(
        say(
            "Between quotation marks: the words as they stand in the article. “Reported”: the article's account of what somebody said, not their words. Sentences with some words in bold: only the words in marks are quoted."
        )
    )
    page.gap().line(say("In groups I answer only commands, mentions and replies to my messages."))
    return page.reply()


def search_usage(say: Phrases) -> Reply:
    """An empty /search."""
    return Page().line(say("What should I search for? For example:")).line(code("/search guerre de Poutine")).reply()


def source_usage(say: Phrases) -> Reply:
    """A /source with nothing to point at."""
    page = Page().line(
        say("Which quote? Tap “Source” under an answer, reply /source to one of my answers, or give an id:")
    )
    return page.line(code("/source q…")).reply()


def gone_reply(say: Phrases) -> Reply:
    """An id that the store does not hold."""
    return Page().line(say("This quote is no longer (or not yet) in my articles. Ask again to find it anew.")).reply()


def no_text_reply(say: Phrases) -> Reply:
    """A message with nothing to search."""
    return (
        Page().line(say("I can only read text: ask me with words, for example:")).line(code("Qu'a dit Biden ?")).reply()
    )


def unknown_command_reply(say: Phrases, command: str) -> Reply:
    """A command that there is none of."""
    return Page().line(say("I don't know {command}. /help lists what I can do.", command=command)).reply()


def failure_reply(say: Phrases, reference: str) -> Reply:
    """Something went wrong: one sentence and a reference for the log."""
    return (
        Page()
        .line(
            say(
                "Something went wrong on my side; please try again. (Reference {reference})",
                reference=reference,
            )
        )
        .reply()
    )
