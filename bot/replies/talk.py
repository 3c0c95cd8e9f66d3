"""What the bot says of itself: welcome, help, privacy, and kind words for what it can't do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.reply import Button, Reply
from bot.replies.actions import To
from bot.replies.page import Page, bold, code
from bot.replies.phrases import LANGUAGES, Phrases

NAMES = {"fr": "Français", "en": "English"}
"""The interface's languages in their own words."""


def thanks_reply(say: Phrases) -> Reply:
    """To a thank-you."""
    return Page().line(say("You’re welcome.")).reply()


def start_examples(say: Phrases) -> tuple[str, ...]:
    """What a new reader may ask of the seed article."""
    return say("What did Sunak say about the war?"), "guerre de Poutine"


def start_reply(
    say: Phrases,
    quotes: int,
    articles: int,
    username: str | None = None,
    examples: Sequence[str] | None = None,
) -> Reply:
    """The welcome: what it is, how to ask, see a source and share, on one phone screen.

    ``examples``: questions that have an answer now; None: those of the seed article.
    """
    page = Page().line(bold("Verbatim"), " — ", say("who said what, word for word, and where."))
    page.gap().line(say("Just ask, in French or in English:"))
    for number, example in enumerate(start_examples(say) if examples is None else examples):
        page.line("• ", code(f"/search {example}" if number else example))
    page.gap().line(
        say("Under each answer: “Source” shows where it stands, “Share” sends it to any chat.")
    )
    if username:
        page.line(say("In other chats: type @{username} and a few words.", username=username))
    page.line(
        say(
            "What I show as a quote stands in the article, letter for letter. When I have nothing, "
            "I say so."
        )
    )
    of = say.many("{number} article", "{number} articles", articles)
    indexed = say.many(
        "{number} quote of {articles} indexed.",
        "{number} quotes of {articles} indexed.",
        quotes,
        articles=of,
    )
    page.gap().line(
        indexed if articles else say("There is nothing to search yet: no article has been indexed.")
    )
    page.line("/speakers · /recent · /help · /language · /privacy")
    if not articles:
        return page.reply()
    return page.reply([[*_onward(say)]])


def help_reply(say: Phrases, commands: Sequence[tuple[str, str]], topic: str = "") -> Reply:
    """How to ask, and the commands (name, what it does); "search" as a topic: its filters. Examples
    work on the seeds.
    """
    if topic.strip().lower().startswith(("search", "recherch", "filt")):
        return search_help(say)
    page = Page().line(bold(say("How to ask")))
    page.line(
        say(
            "Write a question or a few words. Typing mistakes and missing accents are fine. Name a "
            "person to get that person’s words only."
        )
    )
    page.line("• ", code("Qu'a dit Stoltenberg sur l'Ukraine ?"))
    page.line("• ", code("enquête selon Biden"))
    page.line("• ", code("What did Sunak say?"))
    page.gap().line(bold(say("Commands")))
    for name, told in commands:
        page.line(f"/{name} — ", told)
    page.line("/help search — ", say("how to narrow a search"))
    page.gap().line(bold(say("How to read an answer")))
    page.line(
        say(
            "Between quotation marks: the words as they stand in the article. “Reported”: the "
            "article’s account of what somebody said, not their words. Sentences with some words "
            "in bold: only the words in marks are quoted."
        )
    )
    page.gap().line(say("In groups I answer only commands, mentions and replies to my messages."))
    return page.reply()


def search_help(say: Phrases) -> Reply:
    """The filters of a search, with examples that work on the seeds."""
    page = Page().line(bold(say("How to narrow a search")))
    rows = (
        (say("words of one person"), "/search missile de:Biden"),
        (say("an article’s title, publisher or address"), "/search Pologne source:hotline"),
        (say("said or published before a day, month or year"), "/search Pologne avant:2023"),
        (say("said or published after it"), "/search Pologne après:2022-11-01"),
        (
            say("only direct, partial or indirect (reported) speech"),
            say("/search Pologne kind:indirect"),
        ),
        (say("exactly these words"), '/search "guerre de Poutine"'),
        (say("without a word"), "/search missile -Poutine"),
    )
    for meaning, example in rows:
        page.line("• ", meaning, say(":"), " ", code(example))
    page.gap().line(say("English names work, too: speaker: source: before: after: kind:"))
    page.line(say("As a reply to somebody’s message, /search alone searches that message’s text."))
    return page.reply()


def search_usage(say: Phrases) -> Reply:
    """An empty /search."""
    page = (
        Page()
        .line(say("What should I search for? For example:"))
        .line(code("/search guerre de Poutine"))
    )
    return page.line("/help search — ", say("how to narrow a search")).reply()


def timeline_usage(say: Phrases, name: str = "") -> Reply:
    """A /timeline that names nobody who is quoted."""
    page = Page()
    if name:
        page.line(say("Nobody of that name is quoted: {name}", name=name[:60]))
    page.line(say("Whose statements? For example:")).line(code("/timeline Stoltenberg"))
    return page.reply([[Button(say("Who is quoted"), To.SPEAKERS(anew=True))]])


def source_usage(say: Phrases) -> Reply:
    """A /source with nothing to point at."""
    page = Page().line(
        say(
            "Which quote? Tap “Source” under an answer, reply /source to one of my answers, or "
            "give an id:"
        )
    )
    return page.line(code("/source q…")).reply()


def gone_reply(say: Phrases) -> Reply:
    """An id that the store does not hold."""
    told = say("This is no longer (or not yet) in my articles. Ask again to find it anew.")
    return Page().line(told).reply([_onward(say)])


def _onward(say: Phrases) -> list[Button]:
    """Ways on, each into a message of its own."""
    return [
        Button(say("Latest quotes"), To.RECENT(anew=True)),
        Button(say("Who is quoted"), To.SPEAKERS(anew=True)),
    ]


def no_summary_reply(say: Phrases) -> Reply:
    """A summary would be in the bot's own words, and it has none."""
    return (
        Page()
        .line(
            say(
                "I sum nothing up: I show who said what, word for word. /articles lists the "
                "articles, each with its quotes."
            )
        )
        .reply()
    )


def lost_question_reply(say: Phrases) -> Reply:
    """A page of an answer whose question can't be seen any more."""
    return (
        Page()
        .line(say("I can no longer see the question of this answer. Please ask it again."))
        .reply()
    )


def no_text_reply(say: Phrases) -> Reply:
    """A message with nothing to search."""
    return (
        Page()
        .line(say("I can only read text: ask me with words, for example:"))
        .line(code("Qu'a dit Biden ?"))
        .reply([_onward(say)])
    )


def unknown_command_reply(say: Phrases, command: str, near: str | None = None) -> Reply:
    """A command that there is none of; ``near``: one that was probably meant."""
    page = Page().line(say("I don’t know {command}. /help lists what I can do.", command=command))
    return (page.line(say("Did you mean {command}?", command=near)) if near else page).reply()


def admins_choose_reply(say: Phrases) -> Reply:
    """A member of a group who may not choose its language."""
    return (
        Page()
        .line(say("In a group, its admins choose the language; in private you choose your own."))
        .reply()
    )


def history_usage(say: Phrases) -> Reply:
    """A /history without an article."""
    return Page().line(say("Which article? For example:")).line(code("/history a…")).reply()


def add_usage(say: Phrases) -> Reply:
    """An /add without an article."""
    page = Page().line(
        say(
            "Which article? An address, a document, or a text; or reply /add to a message that is "
            "one:"
        )
    )
    return page.line(code("/add https://example.org/article")).reply()


def language_reply(say: Phrases, chosen: bool = False) -> Reply:
    """The choice of a language, or that it is made."""
    page = Page()
    if chosen:
        page.line(say("I’ll speak English to you from now on. Quotes stay in their own language."))
    else:
        page.line(say("Which language should I speak? Quotes stay in their own language."))
    return page.reply(
        [] if chosen else [[Button(NAMES[code], To.LANGUAGE(code)) for code in LANGUAGES]]
    )


def privacy_reply(say: Phrases, kept: str | None, followed: int = 0) -> Reply:
    """What is kept about the reader: the language chosen, if any is, and how much they follow."""
    page = Page().line(bold(say("What I keep about you")))
    none = say("none chosen")
    page.line(
        "• ", say("the language you chose with /language: {name}", name=NAMES.get(kept or "", none))
    )
    page.line("• ", say.many("what you follow: {number}", "what you follow: {number}", followed))
    page.gap().line(
        say("Nothing else: no name, no question, no message, in no log. Erase it with /forget.")
    )
    return page.reply()


def forgotten_reply(say: Phrases) -> Reply:
    """After /forget."""
    return Page().line(say("Erased. I keep nothing about you.")).reply()


def busy_reply(say: Phrases, seconds: int) -> Reply:
    """The reader asked more than the limit allows."""
    text = say.many(
        "That was a lot at once. Please go on in {number} second.",
        "That was a lot at once. Please go on in {number} seconds.",
        seconds,
    )
    return Page().line(text).reply()


def failure_reply(say: Phrases, reference: str) -> Reply:
    """Something went wrong: one sentence and a reference for the log."""
    told = say(
        "Something went wrong on my side; please try again. (Reference {reference})",
        reference=reference,
    )
    return Page().line(told).reply()


def admin_reply(reference: str, kind: str, frames: str) -> Reply:
    """An error for the admins: where it happened, without any message's text."""
    page = Page().line(bold(f"failure {reference}"), f" {kind}")
    for line in frames.splitlines()[-30:]:
        page.line(code(line[:200]) if line.strip() else "")
    return page.reply()
