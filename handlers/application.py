"""The whole Telegram handler table, on one page."""

from __future__ import annotations

from typing import Any

from telegram import BotCommand, Message, Update
from telegram.ext import (
    AIORateLimiter,
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.replies.phrases import LANGUAGES, phrases
from bot.replies.talk import COMMANDS, command_text
from bot.services.desk import Desk
from bot.settings import Settings
from handlers.articles import on_button, on_source
from handlers.ask import mentions, on_no_text, on_question
from handlers.browse import on_articles, on_recent, on_speakers, on_timeline
from handlers.context import Context
from handlers.failures import on_error
from handlers.inline import on_guest, on_inline
from handlers.limits import Allowance, on_any
from handlers.talk import on_forget, on_help, on_language, on_language_button, on_privacy, on_start, on_unknown
from handlers.thinking import Thinking
from handlers.transport import AiohttpRequest, Client

App = Application[Any, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], Any]
UPDATES = ["message", "callback_query", "inline_query", "guest_message"]
"""The kinds of update that Telegram is asked for."""
_TEXT_OR_STATUS = filters.TEXT | filters.StatusUpdate.ALL
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
        return bool(mentions(message, bot.username))


def build_application(settings: Settings, desk: Desk, request: BaseRequest | None = None) -> App:
    """The application with its handlers; ``request`` replaces the HTTP client (tests)."""
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    many = max(32, 2 * settings.concurrent_updates)
    client = Client(
        token, f"{settings.telegram_api_base}/bot", f"{settings.telegram_api_base}/file/bot",
        request or AiohttpRequest(many), request or AiohttpRequest(2), defaults=Defaults(allow_sending_without_reply=True),
        rate_limiter=None if request else rate_limiter(settings),
    )  # fmt: skip
    application: App = (
        Application.builder().bot(client).context_types(ContextTypes(context=Context))
        .concurrent_updates(settings.concurrent_updates).post_init(register_commands).build()
    )  # fmt: skip
    application.bot_data.update(
        desk=desk, settings=settings, languages={}, allowance=Allowance(settings.rate_user),
        thinking=Thinking(desk),
    )  # fmt: skip
    addressed = _NEW & _Addressed()
    application.add_handler(TypeHandler(Update, on_any), group=-1)
    application.add_handlers([
        CommandHandler("start", on_start, _NEW),
        CommandHandler(("help", "aide"), on_help, _NEW),
        CommandHandler("search", on_question, _NEW),
        CommandHandler("source", on_source, _NEW),
        CommandHandler("speakers", on_speakers, _NEW),
        CommandHandler("recent", on_recent, _NEW),
        CommandHandler("articles", on_articles, _NEW),
        CommandHandler("timeline", on_timeline, _NEW),
        CommandHandler("language", on_language, _NEW),
        CommandHandler("privacy", on_privacy, _NEW),
        CommandHandler("forget", on_forget, _NEW),
        MessageHandler(_NEW & filters.COMMAND & filters.ChatType.PRIVATE, on_unknown),
        MessageHandler(addressed & filters.TEXT & ~filters.COMMAND, on_question),
        MessageHandler(addressed & (filters.ChatType.PRIVATE | filters.CAPTION) & ~_TEXT_OR_STATUS, on_no_text),
        CallbackQueryHandler(on_language_button, pattern=rf"^g:(?:{'|'.join(LANGUAGES)})$"),
        CallbackQueryHandler(on_button),
        InlineQueryHandler(on_inline),
        MessageHandler(filters.UpdateType.GUEST_MESSAGE, on_guest),
    ])  # fmt: skip
    application.add_error_handler(on_error)
    return application


def rate_limiter(settings: Settings) -> AIORateLimiter:
    """Telegram's own limits, waited for; what it refuses all the same is tried again."""
    return AIORateLimiter(
        overall_max_rate=settings.rate_overall, overall_time_period=1 if settings.rate_overall else 0,
        group_max_rate=settings.rate_group, group_time_period=60 if settings.rate_group else 0, max_retries=3,
    )  # fmt: skip


async def register_commands(application: App) -> None:
    """Tell Telegram the commands, in each language and by default in English."""
    for code in (None, *LANGUAGES):
        say = phrases(code or "en")
        await application.bot.set_my_commands(
            [BotCommand(c, command_text(c, say)) for c in COMMANDS], language_code=code
        )
