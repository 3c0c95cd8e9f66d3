"""Writes docs/conversation.md: a conversation with the bot in both languages, as it stands in the
chat.

.venv/bin/python tests/transcript.py          write it, with its pictures
.venv/bin/python tests/transcript.py --check  fail when it would read differently
"""

from __future__ import annotations

import asyncio
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[0:1] = [str(HERE.parent), str(HERE)]

from botapi import person, room  # noqa: E402
from botapi_http import Call  # noqa: E402
from offline import Offline  # noqa: E402

from bot.reading.source import Metadata, read_bytes, read_file  # noqa: E402
from bot.services.desk import Desk  # noqa: E402
from storage.memory import MemoryStore  # noqa: E402

DOCS = HERE.parent / "docs"
FRENCH, ENGLISH = person(1, "fr", "Léa"), person(2, "en", "Ann")
ARTICLES = (
    (
        "2024-01-15",
        "La digue sera relevée",
        "« La digue sera relevée de deux mètres avant l’hiver prochain », a promis Ana Roy, maire "
        "de Valmont. Elle a ajouté que la facture serait partagée avec l’État.",
    ),
    (
        "2024-06-02",
        "Valmont attend ses pelleteuses",
        "« Les travaux commenceront en septembre, pas un jour plus tard », a déclaré Ana Roy, "
        "maire de Valmont.",
    ),
    (
        "2024-11-20",
        "Une crue passe, la digue tient",
        "« Nous avons perdu un mois, mais la digue a tenu », s’est félicitée Ana Roy, maire de "
        "Valmont.",
    ),
)
"""Invented, so that somebody speaks on several days."""


def desk() -> Desk:
    """The seed article and the invented ones."""
    made = Desk.over(MemoryStore())
    for path in sorted((HERE.parent / "seeds" / "articles").glob("*.txt")):
        made.ingest(read_file(path))
    for day, title, text in ARTICLES:
        facts = Metadata(
            published=day, publisher="Le Courrier du Val", url=f"https://courrier.example/{day}"
        )
        made.ingest(read_bytes(f"{title}\n\n{text}".encode(), title, facts))
    return made


class Markdown(HTMLParser):
    """A message's HTML as Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.made = ""

    def handle_starttag(self, tag: str, _: Any) -> None:
        self.made += {"b": "**", "i": "*", "s": "~~", "code": "`", "blockquote": "\x01"}.get(
            tag, ""
        )

    def handle_endtag(self, tag: str) -> None:
        self.made += {"b": "**", "i": "*", "s": "~~", "code": "`", "blockquote": "\x02"}.get(
            tag, ""
        )

    def handle_data(self, data: str) -> None:
        self.made += data

    @classmethod
    def of(cls, html: str) -> str:
        """Each line of the message, a quotation within it one level deeper."""
        parser = cls()
        parser.feed(html)
        rows, depth = [], 1
        for row in parser.made.split("\n"):
            depth += row.count("\x01")
            rows.append(
                f"{'> ' * depth}{row.strip(chr(1) + chr(2))}  ".rstrip(" ") + ("  " if row else "")
            )
            depth -= row.count("\x02")
        made = "\n".join(rows)
        return made.replace("\n> > ", "\n>\n> > ", 1).replace("\n> > ", "\n> > ")


class Writer:
    """What was said, in order."""

    def __init__(self, bot: Offline) -> None:
        self.bot, self.rows, self.last = bot, ["# A conversation", ""], Call("", {})
        self.pictures = 0

    def head(self, title: str) -> None:
        """A part of the conversation."""
        self.rows += [f"## {title}", ""]

    async def says(self, text: str, user: dict[str, Any], **fields: Any) -> None:
        """A message of a user's and what comes of it."""
        self.rows += [f"**{user['first_name']}:** {text}", ""]
        await self._answers(await self.bot.message(text, user=user, **fields))

    async def taps(self, label: str, user: dict[str, Any]) -> None:
        """A button under the bot's last message."""
        rows = self.last.result["reply_markup"]["inline_keyboard"]
        button = next(button for row in rows for button in row if button["text"].startswith(label))
        self.rows += [f"*{user['first_name']} taps* `{button['text']}`", ""]
        await self._answers(
            await self.bot.press(button["callback_data"], self.last.result["message_id"], user=user)
        )

    async def types(self, query: str, user: dict[str, Any]) -> None:
        """An inline query in another chat."""
        self.rows += [f"*In another chat {user['first_name']} types* `@loopback_bot {query}`", ""]
        self.bot.api.inline(query, user=user)
        (call,) = await self.bot.feed()
        for result in call.params["results"][:2]:
            self.rows += [f"- {result['title']} — {result.get('description', '')}"]
        self.rows += ["", "and, having chosen the first, sends:", ""]
        self.rows += [
            Markdown.of(call.params["results"][0]["input_message_content"]["message_text"]),
            "",
        ]

    async def _answers(self, calls: list[Call]) -> None:
        for call in calls:
            if call.method in ("sendMessage", "editMessageText"):
                self.rows += ["*(in place)*", ""] if call.method.startswith("edit") else []
                self.rows += [Markdown.of(call.params["text"]), ""]
            elif call.method in ("sendPhoto", "editMessageMedia"):
                self._picture(call)
            else:
                continue
            self.last = call
            for row in (call.result.get("reply_markup") or {"inline_keyboard": []})[
                "inline_keyboard"
            ]:
                self.rows += ["> " + " ".join(f"`{button['text']}`" for button in row) + "  "]
            self.rows += [""]

    def _picture(self, call: Call) -> None:
        self.pictures += 1
        name = f"pictures/conversation-{self.pictures}.png"
        about = call.params if call.method == "sendPhoto" else call.params["media"]
        photo = about["photo"] if call.method == "sendPhoto" else about["media"]
        if "--check" not in sys.argv and __name__ == "__main__":
            (DOCS / "pictures").mkdir(exist_ok=True)
            (DOCS / name).write_bytes(photo)
        self.rows += [
            f"![The picture of this message]({name})",
            "",
            Markdown.of(about["caption"]),
            "",
        ]


async def converse() -> str:
    """The whole conversation."""
    async with Offline(desk()) as bot:
        chat = Writer(bot)
        chat.rows += [
            "Written by `tests/transcript.py` from what the bot sends over the seed article and "
            "three invented ones;",
            "a test holds it to that. Buttons stand in `code`.",
            "",
        ]
        chat.head("En français")
        await chat.says("/start", FRENCH)
        await chat.says("guerre de Poutine", FRENCH)
        await chat.taps("Source", FRENCH)
        await chat.says("qu'a dit Stoltenberg ?", FRENCH)
        await chat.taps("Suite", FRENCH)
        await chat.taps("Contexte", FRENCH)
        await chat.says("digue tenu", FRENCH)
        await chat.taps("Image", FRENCH)
        await chat.taps("Sur fond sombre", FRENCH)
        await chat.says("/timeline Ana Roy", FRENCH)
        await chat.says("recette de la tarte aux pommes", FRENCH)
        await chat.says("« la faute de l’Ukraine » — Jens Stoltenberg", FRENCH)
        await chat.says(
            "/verifier « la réalité cruelle et implacable de la guerre de Biden » — Sunak", FRENCH
        )
        await chat.says("/search missile deb:Biden", FRENCH)
        await chat.says("/help search", FRENCH)
        await chat.says("/speakers", FRENCH)
        await chat.types("digue relevée", FRENCH)
        chat.head("In English")
        await chat.says("/start", ENGLISH)
        await chat.says("What did Sunak say?", ENGLISH)
        await chat.taps("Source", ENGLISH)
        await chat.says("who won the chess final?", ENGLISH)
        await chat.says("/verify “La digue sera relevée de trois mètres” — Ana Roy", ENGLISH)
        await chat.says("/language", ENGLISH)
        await chat.says("/privacy", ENGLISH)
        await chat.says("/help", ENGLISH)
        chat.head("In a group")
        group = room(title="Fact-checkers")
        await chat.says("good morning", ENGLISH, chat=group)
        chat.rows += ["*(the bot is silent)*", ""]
        await chat.says("/search@loopback_bot Pologne kind:indirect", ENGLISH, chat=group)
        assert [call.error for call in bot.api.refused] == []
        return "\n".join(chat.rows).rstrip() + "\n"


def main() -> int:
    """Write it, or compare."""
    made, path = asyncio.run(converse()), DOCS / "conversation.md"
    if "--check" in sys.argv:
        return int(path.read_text("utf-8") != made)
    path.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
