"""Where work is done: beside the event loop, or on it where that is sooner over than a change of threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.services.desk import Desk

Result = TypeVar("Result")
QUICK = 0.003
"""Seconds that work on the event loop may take. A thread would not free the loop sooner: the interpreter
changes threads every 5 ms (``sys.getswitchinterval``), and the two changes cost more than a search of a small store."""
RECENT = 1.0
"""Seconds since the last work of the kind: after a pause, news may have to be indexed first, and there is time anyway."""
_LONG = 200  # characters of a text from which on work is not taken to be quick
_FADING = 0.8  # how much of an earlier, longer duration stays in what the next one is expected to take


class Thinking:
    """Remembers how long each kind of work took lately, and says what may be done on the event loop."""

    def __init__(self, desk: Desk) -> None:
        self._index_lock = desk.index.lock
        self._lately: dict[str, tuple[float, float]] = {}
        self._begun = self._ended = 0
        self._lock = threading.Lock()

    def claim(self, kind: str, arguments: Sequence[Any]) -> bool:
        """May it be done on the event loop: quick when it was just done, and the index free, at once or nearly so?

        True: the index is held for it, until ``release``.
        """
        took, when = self._lately.get(kind, (QUICK, 0.0))
        if took >= QUICK or time.monotonic() - when > RECENT:
            return False
        if any(isinstance(argument, str) and len(argument) > _LONG for argument in arguments):
            return False
        return self._index_lock.acquire(timeout=QUICK)

    def release(self) -> None:
        """Let go of the index after work that ``claim`` allowed."""
        self._index_lock.release()

    def run(self, kind: str, work: Callable[..., Result], arguments: Sequence[Any]) -> Result:
        """Do it in the thread that calls, and remember what it took."""
        with self._lock:
            self._begun += 1
            begun, alone = self._begun, self._begun == self._ended + 1
        wall, processor = time.monotonic(), time.thread_time()
        try:
            return work(*arguments)
        finally:
            took = time.thread_time() - processor
            with self._lock:
                self._ended += 1
                if alone and self._begun == begun:  # nobody else took turns with it: its waits were its own
                    took = max(took, time.monotonic() - wall)
                before = self._lately.get(kind, (0.0, 0.0))[0]
                self._lately[kind] = max(took, _FADING * before + (1 - _FADING) * took), time.monotonic()
