"""How requests reach Telegram: over aiohttp, which takes less processor time a request than the library's own client."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

CONNECT, READ, UPLOAD = 10.0, 10.0, 60.0
"""Seconds to connect, to wait for an answer, to wait for it where files are sent."""


class Client(ExtBot[int]):
    """The library's bot, and a shorter way for its most frequent request."""

    async def send_plain(self, message: dict[str, Any]) -> None:
        """sendMessage with its parameters as plain JSON; what Telegram made of it is not read. Raises TelegramError."""
        await self._post("sendMessage", message)


class AiohttpRequest(BaseRequest):
    """HTTP for the library, with at most so many connections at once; honours the environment's proxies."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._proxies = getproxies()

    @property
    def read_timeout(self) -> float:
        """Seconds, to which the library adds a long poll's own."""
        return READ

    async def initialize(self) -> None:
        """Open the pool of connections."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections), cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )  # fmt: skip

    async def shutdown(self) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE, write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE, pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:  # fmt: skip
        """One request: status and body. aiohttp has no time limit for writing.

        Raises:
            TimedOut: nothing came in time.
            NetworkError: the connection failed or ended.
        """
        if self._session is None or self._session.closed:
            raise RuntimeError("this request is not initialized")
        with_files = request_data is not None and request_data.contains_files
        timeout = aiohttp.ClientTimeout(
            total=None, connect=_given(pool_timeout, READ), sock_connect=_given(connect_timeout, CONNECT),
            sock_read=_given(read_timeout, UPLOAD if with_files else READ),
        )  # fmt: skip
        try:
            async with self._session.request(
                method, url, timeout=timeout, proxy=self._proxy(url), **_content(request_data)
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}: {error}") from error

    def _proxy(self, url: str) -> str | None:
        if not self._proxies:
            return None
        parts = urlsplit(url)
        return None if proxy_bypass(parts.hostname or "") else self._proxies.get(parts.scheme)


def _given(timeout: Any, otherwise: float) -> float | None:
    return otherwise if isinstance(timeout, DefaultValue) else timeout


def _content(data: RequestData | None) -> dict[str, Any]:
    """The parameters as JSON, or as a form where files go along."""
    if data is None:
        return {}
    if not data.contains_files:
        body = json.dumps(data.parameters, ensure_ascii=False).encode("utf-8", "replace")
        return {"data": body, "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
