"""Runs the Telegram bot until it is told to stop; keeps the token out of every log."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlsplit

from bot.services.desk import Desk
from bot.settings import Settings
from handlers.application import UPDATES, App, build_application

log = logging.getLogger("verbatim")


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


def set_up_logging(token: str) -> None:
    """Log to standard error; the HTTP client, whose URLs hold the token, only from warnings on."""
    handler = logging.StreamHandler()
    handler.addFilter(_Redact(token))
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        handlers=[handler],
        force=True,
    )
    for noisy in ("httpx", "httpcore", "apscheduler", "tornado.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def serve(desk: Desk, settings: Settings) -> int:
    """Long polling, or a webhook where WEBHOOK_URL is set, until SIGINT or SIGTERM."""
    assert settings.telegram_token is not None  # noqa: S101 checked by the command line
    set_up_logging(settings.telegram_token.get_secret_value())
    application = build_application(settings, desk)
    if settings.webhook_url:
        _listen(application, desk, settings)
    else:
        log.info("%d quotes of %d articles; polling", *desk.index.size)
        application.run_polling(allowed_updates=UPDATES, drop_pending_updates=False)
    log.info("stopped")
    return 0


def _listen(application: App, desk: Desk, settings: Settings) -> None:
    """Requests without the secret that Telegram was given are refused (HTTP 403)."""
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else secrets.token_urlsafe(32)
    url = settings.webhook_url or ""
    log.info("%d quotes of %d articles; webhook on port %d", *desk.index.size, settings.webhook_port)
    application.run_webhook(
        listen=settings.webhook_listen, port=settings.webhook_port, url_path=urlsplit(url).path.strip("/"),
        webhook_url=url, secret_token=secret, allowed_updates=UPDATES, drop_pending_updates=False,
    )  # fmt: skip
