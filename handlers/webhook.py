"""Updates that Telegram brings: the secret first, then the body, which is no longer than an update
can be.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections import OrderedDict

from telegram import Bot
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

from bot.domain.errors import VerbatimError
from handlers.intake import Intake, parsed

log = logging.getLogger("verbatim")
LONGEST = 1 << 20
"""Bytes of a body; Telegram's updates are far smaller."""

_RECENT = 4096  # updates whose numbers are remembered


@stream_request_body
class _Hook(RequestHandler):
    def initialize(
        self, secret: str, bot: Bot, intake: Intake, recent: OrderedDict[int, None]
    ) -> None:
        self.secret, self.bot, self.intake, self.recent = secret, bot, intake, recent
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
            if update.update_id in self.recent:
                return  # it waited so long for room that Telegram brought it again
            self.recent[update.update_id] = None
            if len(self.recent) > _RECENT:
                self.recent.popitem(last=False)
            self.intake.put(update)

    def write_error(self, status_code: int, **_: object) -> None:
        """The status alone."""
        self.set_status(status_code)
        self.finish()


def listen(address: str, port: int, path: str, secret: str, bot: Bot, intake: Intake) -> HTTPServer:
    """Listen for Telegram; VerbatimError when the port can't be used."""
    about = {"secret": secret, "bot": bot, "intake": intake, "recent": OrderedDict[int, None]()}
    application = Application([(f"/{path}", _Hook, about)], log_function=lambda _: None)
    server = HTTPServer(application, max_body_size=LONGEST)
    try:
        server.listen(port, address)
    except OSError as error:
        raise VerbatimError(
            f"WEBHOOK_PORT: {address}:{port} can't be used ({error.strerror})"
        ) from error
    return server
