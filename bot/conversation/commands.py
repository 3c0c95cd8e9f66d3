"""Every command, in one table; both doors speak through ``Conversation``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.conversation import browse, editing, following, record, talk
from bot.conversation.languages import Languages, Reader
from bot.conversation.small_talk import small_talk
from bot.conversation.turn import Turn
from bot.domain.reply import Reply
from bot.reading.source import Metadata
from bot.replies.actions import Action, To
from bot.replies.phrases import Phrases
from bot.replies.talk import help_reply, unknown_command_reply
from bot.services.desk import Desk
from bot.services.sources import Source

_NEAR = 0.6  # least likeness of a mistyped command
_LONGEST = 40  # characters of an unknown command that are said back


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what else it may be called, its line in menus, what it does with the
    words after it.
    """

    name: str
    aliases: tuple[str, ...]
    menu: Callable[[Phrases], str]
    run: Callable[[Turn, str], Reply]
    for_admins: bool = False


def help_(turn: Turn, rest: str) -> Reply:
    """Every command with an example; "search": its filters."""
    told = [
        (command.name, command.menu(turn.say))
        for command in COMMANDS
        if command.name not in ("start", "help") and (turn.reader.admin or not command.for_admins)
    ]
    return help_reply(turn.say, told, rest)


COMMANDS = (
    Command(
        "search",
        ("chercher", "recherche"),
        lambda say: say("Search the quotes: /search words"),
        talk.search,
    ),
    Command(
        "verify",
        ("verifier", "verif"),
        lambda say: say("Did they say that? /verify « words » — name"),
        talk.verify,
    ),
    Command(
        "source",
        (),
        lambda say: say("Where a quote stands: reply to it, or give its id"),
        browse.source,
    ),
    Command(
        "speakers",
        ("personnes",),
        lambda say: say("Who is quoted: /speakers, or /speakers name"),
        browse.speakers,
    ),
    Command("recent", ("recents",), lambda say: say("The latest quotes"), browse.recent),
    Command(
        "articles",
        (),
        lambda say: say("The articles: /articles, or /articles with a word or a year"),
        browse.articles,
    ),
    Command(
        "timeline",
        ("chronologie",),
        lambda say: say("A picture of somebody’s statements over time: /timeline name"),
        record.timeline,
    ),
    Command(
        "dossier",
        (),
        lambda say: say("All that somebody said, as a file: /dossier name"),
        record.dossier,
    ),
    Command(
        "follow",
        ("suivre",),
        lambda say: say("Be told when somebody says something new: /follow name"),
        following.follow,
    ),
    Command(
        "following", ("suivis",), lambda say: say("Whom and what you follow"), following.following
    ),
    Command(
        "history",
        ("historique",),
        lambda say: say("What an edited article changed: /history and its id"),
        browse.history,
    ),
    Command("language", ("langue",), lambda say: say("Choose the language"), browse.language),
    Command(
        "privacy", ("confidentialite",), lambda say: say("What I keep about you"), talk.privacy
    ),
    Command("forget", ("oublier",), lambda say: say("Erase what I keep about you"), talk.forget),
    Command("help", ("aide",), lambda say: say("How to ask, with examples"), help_),
    Command("start", ("debut",), lambda say: say("What this bot does"), talk.start),
    Command(
        "add",
        ("ajouter",),
        lambda say: say("Add an article: an address, a text, a document"),
        editing.add,
        True,
    ),
    Command(
        "merge",
        ("fusionner",),
        lambda say: say("Two names are one person: /merge A = B"),
        editing.merge,
        True,
    ),
    Command(
        "split",
        ("separer",),
        lambda say: say("Two names are two persons: /split A = B"),
        editing.split,
        True,
    ),
    Command(
        "notspeaker",
        ("paslocuteur",),
        lambda say: say("A name is no speaker’s: /notspeaker name"),
        editing.silence,
        True,
    ),
    Command(
        "feed",
        ("flux",),
        lambda say: say("Feeds: /feed, /feed add and an address"),
        editing.feed,
        True,
    ),
    Command(
        "remove",
        ("retirer",),
        lambda say: say("Take an article out: /remove and its id"),
        editing.remove,
        True,
    ),
    Command(
        "attribute",
        ("attribuer",),
        lambda say: say("Say who said a quote: /attribute, its id, a name"),
        editing.attribute,
        True,
    ),
    Command(
        "drop",
        ("ecarter",),
        lambda say: say("This is no quote: /drop and its id"),
        editing.drop,
        True,
    ),
    Command(
        "restore",
        ("retablir",),
        lambda say: say("Take a correction back: /restore and the quote’s id"),
        editing.restore,
        True,
    ),
)
"""In the order in which they are registered."""
BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def command_of(line: str) -> Command | None:
    """The command that a line calls, by any of its names, whichever bot it is said to; None when it
    calls none.
    """
    named = line[1:].split(maxsplit=1)[:1] if line.startswith("/") else []
    return BY_NAME.get(named[0].partition("@")[0].lower()) if named else None


class Conversation:
    """A line or a tap in, a reply out; all of it may wait for the store, so it belongs off an event
    loop.
    """

    def __init__(self, desk: Desk, language: str | None = None) -> None:
        self.desk, self.languages = desk, Languages(desk.store, language)

    def turn(
        self,
        reader: Reader,
        username: str | None = None,
        beside: tuple[str, ...] = (),
        about: str | None = None,
        question: str | None = None,
        said: str | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> Turn:
        """A reader's turn, in their language."""
        say = self.languages.say(reader)
        return Turn(
            self.desk,
            self.languages,
            reader,
            say,
            username,
            beside,
            about,
            question,
            said,
            facts or {},
        )

    def document(self, turn: Turn, name: str, data: bytes) -> Reply:
        """The reply to a file."""
        return editing.add_source(turn, Source(name, Metadata(), data))

    def say(self, turn: Turn, line: str) -> Reply:
        """The reply to a line: a command, a question, small talk."""
        line = line.strip()
        if line.startswith("/"):
            return self._command(turn, line)
        return help_(turn, "") if small_talk(line) == "help" else talk.ask(turn, line)

    def _command(self, turn: Turn, line: str) -> Reply:
        named, *after = line[1:].split(maxsplit=1) or [""]
        rest = after[0] if after else ""
        name, command = named.partition("@")[0].lower(), command_of(line)
        if command:
            return command.run(
                turn, rest if command.name == "add" else " ".join(rest.split())
            )  # a text keeps its paragraphs
        near = process.extractOne(
            name, list(BY_NAME), scorer=OSA.normalized_similarity, score_cutoff=_NEAR
        )
        return unknown_command_reply(
            turn.say, f"/{named}"[:_LONGEST], f"/{near[0]}" if near else None
        )

    def tap(self, turn: Turn, data: str) -> Reply:
        """The reply to a button."""
        action = Action.decode(data)
        if action and action.to is To.ANSWER:
            return talk.answer(turn, turn.question, action.number)
        if action and action.to is To.NONE:
            return talk.none_of_these(turn, turn.question)
        return browse.press(turn, data)
