"""Runs the Telegram bot until it is told to stop; keeps the token out of every log."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import signal
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from telegram.error import InvalidToken, TelegramError
from tornado.httpserver import HTTPServer

from bot.domain.errors import VerbatimError
from bot.services.desk import Desk
from bot.settings import Settings
from handlers import health, webhook
from handlers.application import App, build_application, register_commands
from handlers.context import Shared
from handlers.intake import Intake
from handlers.notices import tell
from handlers.pacing import Pacing, passing
from handlers.polling import UPDATES, Polling

log = logging.getLogger("verbatim")
GRACE = 3.0
"""Seconds that what is begun may take when the bot is told to stop."""
_BACK_OFF = (
    1.0,
    30.0,
)  # seconds between attempts to reach Telegram at the start: the first, the longest
_REFUSED = "TELEGRAM_TOKEN: Telegram refuses this token; copy it anew from @BotFather"


class _Redact(logging.Filter):
    """Replaces the token wherever a record would print it."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if self._token in message:
            record.msg, record.args = message.replace(self._token, "<token>"), None
        if record.exc_info and record.exc_info[1] is not None:
            formatted = logging.Formatter().formatException(record.exc_info)
            record.exc_info, record.exc_text = None, formatted.replace(self._token, "<token>")
        return True


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "name": record.name,
            "message": record.getMessage(),
            **({"trace": record.exc_text} if record.exc_text else {}),
        }
        return json.dumps(told, ensure_ascii=False)


def set_up_logging(token: str, style: str = "text") -> None:
    """Log to standard error; the HTTP client, whose URLs hold the token, only from warnings on."""
    handler = logging.StreamHandler()
    handler.addFilter(_Redact(token))
    handler.setFormatter(
        _Json() if style == "json" else logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "apscheduler", "tornado.access", "telegram"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("telegram.ext.ExtBot").setLevel(logging.ERROR)


def serve(desk: Desk, settings: Settings) -> int:
    """Long polling, or a webhook where WEBHOOK_URL is set, until SIGINT or SIGTERM."""
    assert settings.telegram_token is not None  # noqa: S101 checked by the command line
    set_up_logging(settings.telegram_token.get_secret_value(), settings.log)
    try:
        asyncio.run(_serve(desk, settings))
    except InvalidToken:
        raise VerbatimError(_REFUSED) from None
    log.info("stopped")
    return 0


async def _serve(desk: Desk, settings: Settings) -> None:
    pacing = Pacing(settings.rate_overall, settings.rate_group)
    application = build_application(settings, desk, pacing=pacing)
    shared: Shared = application.bot_data["shared"]
    intake = Intake(application.process_update, pacing, shared.counts)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    servers: list[HTTPServer] = []
    tasks: list[asyncio.Task[Any]] = []
    try:
        if settings.health_port:
            servers.append(health.listen(settings.health_port, desk, shared.counts, intake.__len__))
        if not await _reached(application.initialize, stop):
            return
        with contextlib.suppress(TelegramError):  # the menu can wait
            await register_commands(application)
        if not settings.webhook_url and not await _reached(application.bot.delete_webhook, stop):
            return
        polling = Polling(application.bot, intake)
        work = (
            _listen(application, intake, settings, servers, stop)
            if settings.webhook_url
            else polling.run()
        )
        _told(desk, settings)
        tasks = [
            asyncio.create_task(work),
            asyncio.create_task(health.each_minute(shared.counts, intake.__len__)),
        ]
        tasks.append(asyncio.create_task(tell(application.bot, shared)))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait((tasks[0], waiting), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if tasks[0].done():
            tasks[0].result()  # an error that it ended with
        tasks[0].cancel()
        for server in servers:
            server.stop()  # what is said to be received from here on would be lost
        await intake.close(GRACE)
        if not settings.webhook_url:
            await polling.confirm()
    finally:
        for server in servers:
            server.stop()
        for task in tasks:
            task.cancel()
        shared.pool.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(TelegramError, RuntimeError):
            await application.shutdown()


async def _reached(call: Callable[[], Awaitable[Any]], stop: asyncio.Event) -> bool:
    """Do it, again while Telegram can't be reached; False when the bot was told to stop first."""
    wait = _BACK_OFF[0]
    while not stop.is_set():
        try:
            await call()
            return True
        except InvalidToken:
            raise
        except TelegramError as error:
            if not passing(error):
                raise VerbatimError(f"Telegram refuses to start: {error.message}") from None
            log.warning(
                "Telegram can't be reached (%s); trying again in %.0f s", type(error).__name__, wait
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)
        wait = min(wait * 2, _BACK_OFF[1])
    return False


def _told(desk: Desk, settings: Settings) -> None:
    mode = f"webhook on port {settings.webhook_port}" if settings.webhook_url else "polling"
    quotes, articles = desk.size()
    log.info("started: %d quotes of %d articles; %s", quotes, articles, mode)


async def _listen(
    application: App,
    intake: Intake,
    settings: Settings,
    servers: list[HTTPServer],
    stop: asyncio.Event,
) -> None:
    """Requests without the secret that Telegram was given are refused (HTTP 403)."""
    secret = (
        settings.webhook_secret.get_secret_value()
        if settings.webhook_secret
        else secrets.token_urlsafe(32)
    )
    url = settings.webhook_url or ""
    path = urlsplit(url).path.strip("/")
    bot = application.bot
    servers.append(
        webhook.listen(settings.webhook_listen, settings.webhook_port, path, secret, bot, intake)
    )

    async def told() -> None:
        await bot.set_webhook(url, secret_token=secret, allowed_updates=list(UPDATES))

    if await _reached(told, stop):
        await stop.wait()
