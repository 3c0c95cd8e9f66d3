"""What Telegram refuses: the checks a Bot API request must pass, usable without ``botapi``'s
server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from botapi_html import BLANK, Json, RefusedError, formatted, names, need, utf16_length

_JSON = names(
    "reply_markup entities caption_entities results result commands allowed_updates media "
    "link_preview_options reply_parameters scope button"
)
_NUMBERS = names("chat_id message_id user_id message_thread_id timeout offset limit cache_time")
_SWITCHES = names(
    "show_alert is_personal drop_pending_updates disable_notification protect_content"
)
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
_ACTIONS = names(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
)
_CHAT_ACTIONS = names(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker "
    "find_location record_video_note upload_video_note"
)
_RESULT_TYPES = names(
    "article photo gif mpeg4_gif video audio voice document location venue contact game sticker"
)


def decode(params: Mapping[str, Any]) -> Json:
    """The parameters with JSON, numbers and booleans read and attach:// references replaced by the
    files.
    """
    read = {name: _value(name, value) for name, value in params.items() if value is not None}
    return {name: _attached(value, read) for name, value in read.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _SWITCHES:
        return value.lower() in ("true", "1", "yes")
    if name in _NUMBERS and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    if name not in _JSON or value.startswith("attach://"):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise RefusedError(f"can't parse {name} JSON object") from None


def _attached(value: Any, files: Json) -> Any:
    if isinstance(value, dict):
        return {key: _attached(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [_attached(item, files) for item in value]
    if isinstance(value, str) and value.startswith("attach://"):
        file = files.get(value.removeprefix("attach://"))
        return file if isinstance(file, bytes) else value
    return value


def _text(params: Mapping[str, Any], field: str = "text") -> None:
    text, _ = formatted(params, field)
    need(text.strip(BLANK + "\xa0\u200b\u200c\u200d\u2060\ufeff"), "message text is empty")
    need(utf16_length(text) <= 4096, "message is too long")


def _caption(params: Mapping[str, Any]) -> None:
    need(utf16_length(formatted(params, "caption")[0]) <= 1024, "message caption is too long")


def _chat(params: Json) -> None:
    chat = params.get("chat_id")
    need(chat not in (None, ""), "chat_id is empty")
    number = isinstance(chat, int) and not isinstance(chat, bool) and 0 < abs(chat) < 2**53
    need(
        number or (isinstance(chat, str) and re.fullmatch(r"@[A-Za-z]\w{3,31}", chat)),
        "chat not found",
    )


def _target(params: Json) -> None:
    if "inline_message_id" in params:
        need(
            isinstance(params["inline_message_id"], str) and params["inline_message_id"],
            "MESSAGE_ID_INVALID",
        )
        return
    _chat(params)
    number = params.get("message_id")
    need(isinstance(number, int) and number > 0, "message identifier is not specified")


def _url(url: object) -> bool:
    if not isinstance(url, str) or re.search(r"[\s\x00-\x1f]", url):
        return False
    try:
        parts = urlsplit(url)
        web = parts.scheme in ("http", "https") and re.fullmatch(
            r"[^.]+(\.[^.]+)+\.?", parts.hostname or ""
        )
        return bool(web and parts.port != 0) or (parts.scheme == "tg" and bool(parts.netloc))
    except ValueError:
        return False


def _label(button: Any) -> None:
    text = button if isinstance(button, str) else button.get("text")
    need(
        isinstance(text, str) and text.strip(),
        "can't parse keyboard button: button text must be non-empty",
    )


def _button(button: Json) -> None:
    _label(button)
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    one = (
        "Text buttons are unallowed in the inline keyboard"
        if not actions
        else f"several actions: {actions}"
    )
    need(len(actions) == 1, f"can't parse inline keyboard button: {one}")
    action, value = actions[0], button[actions[0]]
    if action == "callback_data":
        size = len(value.encode("utf-8", "surrogatepass"))
        need(1 <= size <= 64, f"BUTTON_DATA_INVALID: {size} bytes")
    elif action == "url":
        need(_url(value), f"BUTTON_URL_INVALID: inline keyboard button URL '{value}' is invalid")
    elif action == "copy_text":
        need(
            1 <= len(value["text"]) <= 256,
            "BUTTON_COPY_TEXT_INVALID: text must be 1-256 characters",
        )
    elif action.startswith("switch_inline_query"):
        query = value.get("query", "") if action.endswith("chosen_chat") else value
        need(
            isinstance(query, str) and len(query) <= 256,
            "SWITCH_INLINE_QUERY_INVALID: over 256 characters",
        )


def _markup(holder: Mapping[str, Any], inline_only: bool = False) -> None:
    markup = holder.get("reply_markup")
    if markup is None:
        return
    need(isinstance(markup, dict), "object expected as reply markup")
    inline, rows = (
        "inline_keyboard" in markup,
        markup.get("inline_keyboard", markup.get("keyboard", [])),
    )
    need(inline or not inline_only, "inline keyboard expected")
    need(
        inline or markup.keys() & {"keyboard", "remove_keyboard", "force_reply"},
        "unknown reply markup",
    )
    need(sum(len(row) for row in rows) <= 100, "REPLY_MARKUP_TOO_LONG: over 100 buttons")
    need(
        not inline or all(len(row) <= 8 for row in rows),
        "REPLY_MARKUP_TOO_LONG: over 8 buttons in a row",
    )
    for row in rows:
        for button in row:
            _button(button) if inline else _label(button)


def _file(value: object, image: bool = False) -> None:
    if isinstance(value, bytes):
        need(value, "file must be non-empty")
        need(not image or value.startswith(_IMAGES), "IMAGE_PROCESS_FAILED")
        return
    known = isinstance(value, str) and value and not value.startswith("attach://")
    need(known, "wrong file identifier/HTTP URL specified")


def _medium(medium: Json) -> None:
    kinds = ("photo", "document", "video", "audio", "animation")
    need(medium.get("type") in kinds, "can't parse InputMedia: wrong type")
    _file(medium.get("media"), image=medium["type"] == "photo")
    _caption(medium)


def _send_message(params: Json) -> None:
    _chat(params)
    _text(params)
    _markup(params)


def _sending(field: str) -> Callable[[Json], None]:
    def judge_file(params: Json) -> None:
        _chat(params)
        _file(params.get(field), image=field == "photo")
        _caption(params)
        _markup(params)

    return judge_file


def _send_media_group(params: Json) -> None:
    _chat(params)
    media = params["media"]
    need(isinstance(media, list) and 2 <= len(media) <= 10, "media group must include 2-10 items")
    for medium in media:
        _medium(medium)


def _edit_text(params: Json) -> None:
    _edit_markup(params)
    _text(params)


def _edit_markup(params: Json) -> None:
    _target(params)
    _markup(params, inline_only=True)


def _edit_media(params: Json) -> None:
    _edit_markup(params)
    need(isinstance(params.get("media"), dict), "can't parse InputMedia: object expected")
    _medium(params["media"])


def _result(result: Json) -> None:
    need(
        isinstance(result, dict) and result.get("type") in _RESULT_TYPES,
        "can't parse inline query result",
    )
    name, content = result.get("id"), result.get("input_message_content")
    need(
        isinstance(name, str) and 1 <= len(name.encode("utf-8", "surrogatepass")) <= 64,
        "RESULT_ID_INVALID",
    )
    if result["type"] == "article":
        need(result.get("title"), "can't parse inline query result: article title is empty")
        need(content, "can't parse inline query result: message content is not specified")
    if content is not None and not content.keys() & {
        "latitude",
        "phone_number",
        "payload",
        "html",
        "markdown",
    }:
        _text(content, "message_text")
    _caption(result)
    _markup(result, inline_only=True)


def _inline_answer(params: Json) -> None:
    need(params.get("inline_query_id"), "inline_query_id is empty")
    results: list[Json] = params["results"]
    need(len(results) <= 50, "RESULTS_TOO_MUCH")
    for result in results:
        _result(result)
    ids = [result["id"] for result in results]
    need(len(set(ids)) == len(ids), "RESULT_ID_DUPLICATE")
    need(len(str(params.get("next_offset", "")).encode()) <= 64, "NEXT_OFFSET_INVALID")
    button = params.get("button")
    if button is not None:
        _label(button)
        need(
            ("web_app" in button) != ("start_parameter" in button),
            "wrong inline query results button",
        )
        start = button.get("start_parameter", "web")
        need(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start), "START_PARAM_INVALID")


def _guest_answer(params: Json) -> None:
    need(params.get("guest_query_id"), "guest_query_id is empty")
    _result(params.get("result", {}))


def _callback_answer(params: Json) -> None:
    need(params.get("callback_query_id"), "callback_query_id is empty")
    need(len(params.get("text", "")) <= 200, "MESSAGE_TOO_LONG")


def _commands(params: Json) -> None:
    _language(params)
    need(isinstance(params.get("commands"), list), "can't parse commands: array expected")
    need(len(params["commands"]) <= 100, "BOT_COMMANDS_TOO_MUCH")
    for command in params["commands"]:
        name, about = command.get("command", ""), command.get("description", "")
        need(re.fullmatch(r"[a-z0-9_]{1,32}", name), f"BOT_COMMAND_INVALID: {name!r}")
        need(1 <= len(about) <= 256, f"BOT_COMMAND_DESCRIPTION_INVALID: {name!r}")


def _language(params: Json) -> None:
    need(re.fullmatch(r"([a-z]{2})?", params.get("language_code", "")), "LANG_CODE_INVALID")


def _profile(field: str, limit: int) -> Callable[[Json], None]:
    def judge_profile(params: Json) -> None:
        _language(params)
        need(len(params.get(field, "")) <= limit, f"{field} is too long: over {limit} characters")

    return judge_profile


def _action(params: Json) -> None:
    _chat(params)
    need(params.get("action") in _CHAT_ACTIONS, "wrong parameter action in request")


def _member(params: Json) -> None:
    _chat(params)
    need(isinstance(params.get("user_id"), int), "invalid user_id specified")


def _poll(params: Json) -> None:
    wrong = [n for n in ("offset", "limit", "timeout") if not isinstance(params.get(n, 0), int)]
    need(not wrong, f"can't parse {wrong}: number expected")


def _webhook(params: Json) -> None:
    url = params.get("url", "")
    need(
        not url or (_url(url) and url.startswith("https:")),
        "bad webhook: An HTTPS URL must be provided",
    )


_CHECKS: dict[str, Callable[[Json], None]] = {
    **dict.fromkeys(
        ("getMe", "deleteWebhook", "getWebhookInfo", "logOut", "close"), lambda _: None
    ),
    "getUpdates": _poll,
    "setWebhook": _webhook,
    "sendMessage": _send_message,
    "sendPhoto": _sending("photo"),
    "sendDocument": _sending("document"),
    "sendMediaGroup": _send_media_group,
    "sendChatAction": _action,
    "editMessageText": _edit_text,
    "editMessageReplyMarkup": _edit_markup,
    "editMessageMedia": _edit_media,
    "deleteMessage": _target,
    "answerCallbackQuery": _callback_answer,
    "answerInlineQuery": _inline_answer,
    "answerGuestQuery": _guest_answer,
    "setMyCommands": _commands,
    "setMyName": _profile("name", 64),
    "setMyDescription": _profile("description", 512),
    "setMyShortDescription": _profile("short_description", 120),
    "getChatMember": _member,
    "getFile": lambda params: need(params.get("file_id"), "file_id is empty"),
}


def judge(method: str, params: Json) -> None:
    """Raises RefusedError when Telegram would refuse these decoded parameters."""
    if method not in _CHECKS:
        raise RefusedError("Not Found: method not found", 404)
    try:
        _CHECKS[method](params)
    except (AttributeError, KeyError, TypeError, ValueError) as odd:
        raise RefusedError(f"can't parse the parameters of {method}: {odd!r}") from odd


def check(method: str, params: Mapping[str, Any]) -> str | None:
    """The reason why Telegram would refuse a request, or None when it would take it."""
    try:
        judge(method, decode(params))
    except RefusedError as refusal:
        return str(refusal)
    return None
