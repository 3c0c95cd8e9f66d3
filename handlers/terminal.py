"""The same conversation without a token: a line in, a reply out."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.commands import Conversation
from bot.conversation.languages import Reader
from bot.domain.reply import Button, Reply
from bot.replies.actions import OF_QUESTION, Action
from handlers.colour import coloured

if TYPE_CHECKING:
    from rich.text import Text

USER = 0
"""The number under which the terminal's reader keeps a choice."""


class Terminal:
    """Remembers the last reply's buttons, so that a number presses one, and the question, to turn
    its pages.
    """

    def __init__(self, conversation: Conversation, code: str | None = None) -> None:
        self.conversation, self.reader = (
            conversation,
            Reader(USER, code, admin=True),
        )  # whoever has the store has everything
        self.buttons: list[Button] = []
        self.question = ""

    def reply(self, line: str) -> Reply | None:
        """The reply to one line; None for an empty one."""
        line = line.strip()
        if not line:
            return None
        beside = tuple(button.action or "" for button in self.buttons)
        turn = self.conversation.turn(self.reader, beside=beside, question=self.question or None)
        if line.isdecimal() and 0 < int(line) <= len(beside):
            data = beside[int(line) - 1]
            reply = self.conversation.tap(turn, data)
            asks = (action := Action.decode(data)) is not None and action.to in OF_QUESTION
        else:
            reply, asks = self.conversation.say(turn, line), False
            self.question = line.partition(" ")[2] if line.startswith("/") else line
        if reply.buttons or asks:
            self.buttons = [button for row in reply.buttons for button in row if button.action]
        return reply


def render(reply: Reply) -> str:
    """A reply as text, its buttons numbered, its addresses spelt out, its pictures as files."""
    return "\n\n".join(part.plain for part in (reply, *reply.more)) + _below(reply)


def _below(reply: Reply) -> str:
    """What stands under a reply's words."""
    parts = (reply, *reply.more)
    buttons = [button for part in parts for row in part.buttons for button in row]
    files = [(f"{number}.png", picture) for number, picture in enumerate(reply.pictures, 1)]
    rows = [f"  {path}" for path in _kept([*files, *([reply.document] if reply.document else [])])]
    rows += [f"  {button.label}: {button.url}" for button in buttons if button.url]
    rows += [
        f"  [{number}] {button.label}"
        for number, button in enumerate((b for b in buttons if b.action), 1)
    ]
    return ("\n" + "\n".join(rows) if rows else "") + "\n"


def _kept(contents: Sequence[tuple[str, bytes]]) -> list[Path]:
    """Pictures and documents as files that a viewer can open."""
    if not contents:
        return []
    folder = Path(tempfile.mkdtemp(prefix="verbatim-"))
    paths = [folder / name for name, _ in contents]
    for path, (_, content) in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def chat(conversation: Conversation, code: str | None, history: Path) -> int:
    """Talk until the input ends: with line editing and history at a terminal, line by line in a
    pipe.
    """
    terminal = Terminal(conversation, code)
    if sys.stdin.isatty() and sys.stdout.isatty():
        return _interactive(terminal, history)
    for line in sys.stdin:
        reply = terminal.reply(line)
        if reply:
            sys.stdout.write(render(reply) + "\n")
            sys.stdout.flush()
    return 0


def _shown(reply: Reply, plain: bool) -> Text:
    """A reply at a terminal: in colour, or in words alone where colours are not wanted."""
    from rich.text import Text

    if plain:
        return Text(render(reply))
    return coloured(reply) + Text(_below(reply), style="dim")


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
            console.print(_shown(reply, console.no_color))
