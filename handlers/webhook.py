"""Updates that Telegram brings: the secret first, then the body, which is no longer than an update can be."""

from __future__ import annotations

import hmac
import json
import logging

from telegram import Bot
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from bot.domain.errors import VerbatimError
from handlers.intake import Intake, parsed

log = logging.getLogger("verbatim")
LONGEST = 1 << 20
"""Bytes of a body; Telegram's updates are far smaller."""


@stream_request_body
class _Hook(RequestHandler):
    def initialize(self, secret: str, bot: Bot, intake: Intake) -> None:
        self.secret, self.bot, self.intake = secret, bot, intake
        self.body = bytearray()

    def prepare(self) -> None:
        """Before the body is read."""
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            raise HTTPError(403)

    def data_received(self, chunk: bytes) -> None:
        """A part of the body."""
        self.body += chunk

    async def post(self) -> None:
        """Received once there is room for it: Telegram waits, and brings it again if it is not."""
        try:
            raw = json.loads(bytes(self.body))
        except ValueError:
            log.warning("a request with the secret held no JSON")
            raise HTTPError(400) from None
        update = parsed(raw, self.bot)
        if update is not None:
            await self.intake.room()
            self.intake.put(update)

    def write_error(self, status_code: int, **_: object) -> None:
        """The status alone."""
        self.set_status(status_code)
        self.finish()


def listen(address: str, port: int, path: str, secret: str, bot: Bot, intake: Intake) -> HTTPServer:
    """Listen for Telegram; VerbatimError when the port can't be used."""
    about = {"secret": secret, "bot": bot, "intake": intake}
    application = Application([(f"/{path}", _Hook, about)], log_function=lambda _: None)
    server = HTTPServer(application, max_body_size=LONGEST)
    try:
        server.listen(port, address)
    except OSError as error:
        raise VerbatimError(f"WEBHOOK_PORT: {address}:{port} can't be used ({error.strerror})") from error
    return server
