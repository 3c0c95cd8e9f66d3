"""The same conversation without a token: a line in, a reply out."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bot.domain.model import Button, Reply
from bot.replies.phrases import LANGUAGES, Phrases, phrases
from bot.replies.talk import (
    help_reply,
    language_reply,
    no_text_reply,
    privacy_reply,
    search_usage,
    source_usage,
    start_examples,
    start_reply,
    unknown_command_reply,
)
from bot.services.desk import Desk
from handlers.articles import articles_page, press, source
from handlers.ask import answer_page
from handlers.browse import recent, speakers, timeline


class Terminal:
    """Remembers the last reply's buttons, so that a number presses one, and the question, to turn its pages."""

    def __init__(self, desk: Desk, say: Phrases) -> None:
        self.desk, self.say = desk, say
        self.buttons: list[Button] = []
        self.question = ""

    def reply(self, line: str) -> Reply | None:
        """The reply to one line; None for an empty one."""
        line = line.strip()
        if not line:
            return None
        reply = self._pressed(line) or (self._command(line) if line.startswith("/") else self._ask(line))
        if reply.buttons:
            self.buttons = [button for row in reply.buttons for button in row if button.action]
        return reply

    def _pressed(self, line: str) -> Reply | None:
        if not (line.isdecimal() and 0 < int(line) <= len(self.buttons)):
            return None
        action = self.buttons[int(line) - 1].action or ""
        if action.startswith("n:"):
            return answer_page(self.desk, self.say, self.question, int(action[2:]))
        if action.startswith("g:"):
            return self._speak(action[2:])
        return press(self.desk, self.say, action)

    def _ask(self, line: str) -> Reply:
        if not any(character.isalnum() for character in line):
            return no_text_reply(self.say)
        self.question = line
        return answer_page(self.desk, self.say, line, 0)

    def _speak(self, code: str) -> Reply:
        self.say = phrases(code)
        return language_reply(self.say, chosen=True)

    def _command(self, line: str) -> Reply:
        command, _, rest = line.partition(" ")
        rest, desk, say = rest.strip(), self.desk, self.say
        match command:
            case "/search":
                return self._ask(rest) if rest else search_usage(say)
            case "/source":
                key = rest or next(
                    ((b.action or "")[2:] for b in self.buttons if (b.action or "").startswith("s:")), ""
                )
                return source(desk, say, key) if key else source_usage(say)
            case "/speakers":
                return speakers(desk, say, rest)
            case "/recent":
                return recent(desk, say)
            case "/articles":
                return articles_page(desk, say, 0)
            case "/timeline":
                return timeline(desk, say, rest)
            case "/language":
                return self._speak(rest) if rest in LANGUAGES else language_reply(say)
            case "/privacy" | "/forget":
                return privacy_reply(say, None)
            case "/help":
                return help_reply(say, rest)
            case "/start":
                return start_reply(say, *desk.size(), examples=desk.answered(start_examples(say)))
        return unknown_command_reply(say, command)


def render(reply: Reply) -> str:
    """A reply as text, its buttons numbered, its addresses spelt out, its pictures as files."""
    parts = (reply, *reply.more)
    text = "\n\n".join(part.plain for part in parts)
    buttons = [button for part in parts for row in part.buttons for button in row]
    rows = [f"  {path}" for path in _kept(reply.pictures)]
    rows += [f"  {button.label}: {button.url}" for button in buttons if button.url]
    rows += [f"  [{number}] {button.label}" for number, button in enumerate((b for b in buttons if b.action), 1)]
    return text + ("\n" + "\n".join(rows) if rows else "") + "\n"


def _kept(pictures: tuple[bytes, ...]) -> list[Path]:
    """The pictures as files that a viewer can open."""
    if not pictures:
        return []
    folder = Path(tempfile.mkdtemp(prefix="verbatim-"))
    paths = [folder / f"{number}.png" for number in range(1, len(pictures) + 1)]
    for path, picture in zip(paths, pictures, strict=True):
        path.write_bytes(picture)
    return paths


def chat(desk: Desk, say: Phrases, history: Path) -> int:
    """Talk until the input ends: with line editing and history at a terminal, line by line in a pipe."""
    terminal = Terminal(desk, say)
    if sys.stdin.isatty() and sys.stdout.isatty():
        return _interactive(terminal, history)
    for line in sys.stdin:
        reply = terminal.reply(line)
        if reply:
            sys.stdout.write(render(reply) + "\n")
            sys.stdout.flush()
    return 0


def _interactive(terminal: Terminal, history: Path) -> int:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(history=FileHistory(str(history)))
    welcome = terminal.reply("/start")
    if welcome:
        console.print(Text(render(welcome), style="dim"))
    while True:
        try:
            line = session.prompt("› ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0
        if line.strip() in ("/quit", "/exit"):
            return 0
        reply = terminal.reply(line)
        if reply:
            console.print(Text(render(reply)))
