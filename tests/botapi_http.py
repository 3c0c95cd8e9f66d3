"""The HTTP side of the loopback Bot API server: requests read, answers written, nothing logged."""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from botapi_html import Json


class Upload(bytes):
    """The bytes of an uploaded file, with its name."""

    name = "file"


@dataclass(frozen=True)
class Call:
    """One request the bot made and what it was answered."""

    method: str
    params: Json
    result: Any = None
    error: str | None = None
    code: int = 200
    retry_after: int | None = None

    def body(self) -> Json:
        """The body Telegram answers with."""
        if self.error is None:
            return {"ok": True, "result": self.result}
        hint = {} if self.retry_after is None else {"parameters": {"retry_after": self.retry_after}}
        return {"ok": False, "error_code": self.code, "description": self.error, **hint}


class Answers(Protocol):
    """What the HTTP side asks of the Bot API behind it."""

    token: str
    files: dict[str, bytes]

    def handle(self, method: str, raw: Mapping[str, Any]) -> Call:
        """Answers one request."""


def _multipart(body: bytes, boundary: bytes) -> Json:
    params: Json = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name, file = (
            re.search(rb"[; ]" + key + rb'="?([^";\r]*)', head)
            for key in (b"name", rb"filename\*?")
        )
        if name and file:
            params[name[1].decode()] = upload = Upload(content)
            upload.name = file[1].decode()
        elif name:
            params[name[1].decode()] = content.decode()
    return params


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def _params(self) -> Json:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type", "")
        params: Json = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if kind.startswith("application/json"):
            return params | dict(json.loads(body or b"{}"))
        if kind.startswith("multipart/"):
            return params | _multipart(body, kind.partition("boundary=")[2].strip('"').encode())
        return params | dict(parse_qsl(body.decode(), keep_blank_values=True))

    def do_POST(self) -> None:
        api = self.server.api
        try:
            params = self._params()
        except (TypeError, ValueError) as odd:
            return self._answer(
                Call("", {}, None, f"Bad Request: can't parse the request: {odd}", 400)
            )
        path = re.fullmatch(r"/(file/)?bot([^/]+)/(.+)", unquote(urlsplit(self.path).path))
        if not path:
            return self._answer(Call("", {}, None, "Not Found", 404))
        if path[2] != api.token:
            return self._answer(Call("", {}, None, "Unauthorized", 401))
        if not path[1]:
            return self._answer(api.handle(path[3], params))
        content = api.files.get(path[3].removeprefix("files/"))
        if content is None:
            return self._answer(Call("", {}, None, "Not Found", 404))
        return self._write(200, "application/octet-stream", content)

    def do_GET(self) -> None:
        self.do_POST()

    def _answer(self, call: Call) -> None:
        match call.error:  # what no server answers, but a network does
            case "!reset":
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                self.connection.close()
                self.close_connection = True
                return
            case "!garbage":
                self._write(200, "text/html", b"<html>gateway</html>")
                return
            case "!slow":
                time.sleep(12)
        self._write(call.code, "application/json", json.dumps(call.body()).encode())

    def _write(self, code: int, kind: str, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {code} Answer\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)

    def log_message(self, *_: Any, **__: Any) -> None:
        """Says nothing."""


class Server(ThreadingHTTPServer):
    """A server of one Bot API on a free loopback port."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, api: Answers) -> None:
        self.api = api
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Binds without asking the name service for the host's name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Lets a client go without a word, but shows a failure of the server's own."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def drop(self) -> None:
        """Closes the port and every connection still open."""
        self.server_close()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
