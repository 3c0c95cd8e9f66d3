"""A connection to PostgreSQL that waits no longer than it is told, and what its errors say."""

from __future__ import annotations

import time
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg.abc import PQGen

Connection = psycopg.Connection[tuple[Any, ...]]
Result = TypeVar("Result")
PATIENCE = 10.0
"""Seconds that a write waits for the server to come back."""
_LOOK = 0.1  # seconds between two looks whether an answer has come


class PatientConnection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that does not wait for ever: a server that is stopped keeps its sockets open,
    and says nothing.
    """

    limit = PATIENCE

    def wait(
        self, gen: PQGen[Result], interval: float = _LOOK, timeout: float | None = None
    ) -> Result:
        """As psycopg's, with OperationalError after ``limit`` seconds without an answer; it is of
        no use then.
        """
        more = {} if timeout is None else {"timeout": timeout}  # psycopg knows it from 3.3 on
        return super().wait(self._limited(gen), interval=interval, **more)

    def _limited(self, gen: PQGen[Result]) -> PQGen[Result]:
        until = time.monotonic() + self.limit
        try:
            state = next(gen)
            while True:
                ready = yield state
                if ready:  # a long answer may take as long as it comes
                    until = time.monotonic() + self.limit
                elif time.monotonic() > until:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(
                        f"the server has not answered for {self.limit:.0f} seconds"
                    )
                state = gen.send(ready)
        except StopIteration as end:
            found: Result = end.value
            return found


def shown(url: str) -> str:
    """The address without its password."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        return f"postgresql://{parts.hostname or ''}{port}{parts.path}"
    except ValueError:
        return "postgresql://…"


def reason(error: Exception) -> str:
    """The first line of what the server or the driver said."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
