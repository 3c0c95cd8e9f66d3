"""The whole Telegram handler table, on one page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from telegram import BotCommand, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ContextTypes,
    Defaults,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.conversation.commands import COMMANDS, Conversation
from bot.replies.phrases import LANGUAGES, phrases
from bot.services.desk import Desk
from bot.settings import Settings
from handlers.context import Context, Shared
from handlers.failures import on_error
from handlers.inline import on_guest, on_inline
from handlers.limits import Allowance
from handlers.pacing import Pacing
from handlers.updates import on_any, on_button, on_message

App = Application[Any, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]
_CONNECT, _READ, _UPLOAD, _POOL = 5.0, 10.0, 60.0, 30.0  # seconds
_CONNECTIONS = 64
_MESSAGE = (
    filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
) & ~filters.StatusUpdate.ALL


def build_application(
    settings: Settings, desk: Desk, request: BaseRequest | None = None, pacing: Pacing | None = None
) -> App:
    """The application with its handlers; ``request`` replaces the HTTP client (tests)."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    client: ExtBot[Any] = ExtBot(
        token,
        f"{settings.telegram_api_base}/bot",
        f"{settings.telegram_api_base}/file/bot",
        request=request or _client(_CONNECTIONS),
        get_updates_request=request or _client(2),
        defaults=Defaults(allow_sending_without_reply=True),
        rate_limiter=pacing,
    )
    application: App = (
        Application.builder().bot(client).context_types(ContextTypes(context=Context)).build()
    )
    application.bot_data["shared"] = Shared(
        Conversation(desk, settings.language),
        settings,
        ThreadPoolExecutor(settings.concurrent_updates, "verbatim"),
        Allowance(settings.rate_user),
    )
    application.add_handler(TypeHandler(Update, on_any), group=-1)
    application.add_handlers(
        [
            MessageHandler(_MESSAGE, on_message),
            CallbackQueryHandler(on_button),
            InlineQueryHandler(on_inline),
            MessageHandler(filters.UpdateType.GUEST_MESSAGE, on_guest),
        ]
    )
    application.add_error_handler(on_error)
    return application


def _client(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connections,
        read_timeout=_READ,
        connect_timeout=_CONNECT,
        pool_timeout=_POOL,
        media_write_timeout=_UPLOAD,
    )


async def register_commands(application: App) -> None:
    """Tell Telegram the commands, in each language and by default in English."""
    for code in (None, *LANGUAGES):
        say = phrases(code or "en")
        told = [
            BotCommand(command.name, command.menu(say))
            for command in COMMANDS
            if not command.for_admins
        ]
        await application.bot.set_my_commands(told, language_code=code)
