"""What is said back: the same words for Telegram and the terminal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A worded button: ``action`` is at most 64 bytes and survives a restart.

    Or it opens ``url``, copies ``copy`` (at most 256 UTF-16 units), or starts an inline query
    ``share`` elsewhere.
    """

    label: str
    action: str | None = None
    url: str | None = None
    copy: str | None = None
    share: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message, for Telegram (``html``) and for a terminal (``plain``); ``more`` are the
    messages that follow it.

    With ``pictures`` (PNG) the text is their caption. ``to_admins`` goes to the admins besides;
    ``document`` is a file (name, content) whose caption the text is.
    """

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    pictures: tuple[bytes, ...] = ()
    more: tuple[Reply, ...] = ()
    to_admins: Reply | None = None
    document: tuple[str, bytes] | None = None
