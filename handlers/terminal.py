"""The same conversation without a token: a line in, a reply out."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.domain.model import Button, Reply
from bot.replies.phrases import Phrases
from bot.replies.reply import answer_reply
from bot.replies.talk import (
    help_reply,
    no_text_reply,
    search_usage,
    source_usage,
    start_reply,
    unknown_command_reply,
)
from bot.services.desk import Desk
from handlers.articles import press, source


class Terminal:
    """Remembers the last reply's buttons, so that a number presses one."""

    def __init__(self, desk: Desk, say: Phrases) -> None:
        self.desk, self.say = desk, say
        self.buttons: list[Button] = []

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
        if line.isdigit() and 0 < int(line) <= len(self.buttons):
            return press(self.desk, self.say, self.buttons[int(line) - 1].action or "")
        return None

    def _ask(self, line: str) -> Reply:
        if not any(character.isalnum() for character in line):
            return no_text_reply(self.say)
        return answer_reply(self.desk.ask(line), self.say)

    def _command(self, line: str) -> Reply:
        command, _, rest = line.partition(" ")
        rest = rest.strip()
        if command == "/search":
            return self._ask(rest) if rest else search_usage(self.say)
        if command == "/source":
            key = rest or next(((b.action or "")[2:] for b in self.buttons if (b.action or "").startswith("s:")), "")
            return source(self.desk, self.say, key) if key else source_usage(self.say)
        if command == "/help":
            return help_reply(self.say)
        if command == "/start":
            return start_reply(self.say, *self.desk.index.size)
        return unknown_command_reply(self.say, command)


def render(reply: Reply) -> str:
    """A reply as text, its buttons numbered."""
    numbered = [b for row in reply.buttons for b in row if b.action]
    rows = [f"  [{number}] {button.label}" for number, button in enumerate(numbered, 1)]
    return reply.plain + ("\n" + "\n".join(rows) if rows else "") + "\n"


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
    console.print(Text(start_reply(terminal.say, *terminal.desk.index.size).plain, style="dim"))
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
