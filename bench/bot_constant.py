"""The peer: a python-telegram-bot bot that answers every message with the same words, by long
polling.
"""

from __future__ import annotations

import os
from typing import Any

from telegram import Update
from telegram.ext import Application, MessageHandler, filters


async def answer(update: Update, _: Any) -> None:
    """The same words to everybody."""
    if update.message:
        await update.message.reply_text("ok")


def main() -> None:
    """Run until stopped, with the concurrency that the environment names."""
    concurrency = int(os.environ["VERBATIM_CONCURRENT_UPDATES"])
    application = (
        Application.builder()
        .token(os.environ["TELEGRAM_TOKEN"])
        .base_url(f"{os.environ['TELEGRAM_API_BASE']}/bot")
        .concurrent_updates(concurrency)
        .connection_pool_size(max(32, 2 * concurrency))
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling(allowed_updates=["message"])


if __name__ == "__main__":
    main()
