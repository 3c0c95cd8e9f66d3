"""The whole Telegram handler table, on one page."""

from __future__ import annotations

from typing import Any

from telegram import BotCommand, Message
from telegram.ext import (
    AIORateLimiter,
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.replies.phrases import LANGUAGES, phrases
from bot.replies.talk import COMMANDS, command_text
from bot.services.desk import Desk
from bot.settings import Settings
from handlers.articles import on_button, on_source
from handlers.ask import on_no_text, on_search, on_text
from handlers.context import Context
from handlers.failures import on_error
from handlers.talk import on_help, on_start, on_unknown

App = Application[Any, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]
_NEW = filters.UpdateType.MESSAGE  # no edits, no channel posts, no business messages


class _Addressed(filters.MessageFilter):
    """In groups: a reply to the bot, or a mention of it. In private: everything."""

    def filter(self, message: Message) -> bool:
        if message.chat.type == "private":
            return True
        bot = message.get_bot()
        replied = message.reply_to_message
        if replied and replied.from_user and replied.from_user.id == bot.id:
            return True
        mentions = message.parse_entities(["mention"]).values()
        return any(mention.lower() == f"@{bot.username}".lower() for mention in mentions)


def build_application(settings: Settings, desk: Desk, request: BaseRequest | None = None) -> App:
    """The application with its handlers; ``request`` replaces the HTTP client (tests)."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    builder = (
        Application.builder().token(token)
        .base_url(f"{settings.telegram_api_base}/bot").base_file_url(f"{settings.telegram_api_base}/file/bot")
        .context_types(ContextTypes(context=Context)).concurrent_updates(settings.concurrent_updates)
        .defaults(Defaults(allow_sending_without_reply=True)).post_init(register_commands)
    )  # fmt: skip
    builder = (
        builder.request(request).get_updates_request(request)
        if request
        else builder.rate_limiter(AIORateLimiter(max_retries=3))  # type: ignore[arg-type]
    )
    application: App = builder.build()
    application.bot_data.update(desk=desk, language=settings.language)
    addressed = _NEW & _Addressed()
    application.add_handlers([
        CommandHandler("start", on_start, _NEW),
        CommandHandler("help", on_help, _NEW),
        CommandHandler("search", on_search, _NEW),
        CommandHandler("source", on_source, _NEW),
        MessageHandler(_NEW & filters.COMMAND & filters.ChatType.PRIVATE, on_unknown),
        MessageHandler(addressed & filters.TEXT & ~filters.COMMAND, on_text),
        MessageHandler(addressed & filters.ChatType.PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, on_no_text),
        CallbackQueryHandler(on_button),
    ])  # fmt: skip
    application.add_error_handler(on_error)
    return application


async def register_commands(application: App) -> None:
    """Tell Telegram the commands, in each language and by default in English."""
    for code in (None, *LANGUAGES):
        say = phrases(code or "en")
        await application.bot.set_my_commands(
            [BotCommand(c, command_text(c, say)) for c in COMMANDS], language_code=code
        )
