"""How much one reader may ask a minute; admins may ask more."""

from __future__ import annotations

MINUTE = 60.0
_KEPT = 20_000  # readers remembered
_LONG = 200  # characters that count as one question


def cost(text: str) -> int:
    """What a text counts for: one, and one more for every two hundred characters."""
    return 1 + len(text) // _LONG


class Allowance:
    """For each reader, when their next question is due at an even pace, and whether they were told
    to wait.

    The generic cell rate algorithm: a burst of a minute's worth is let through at once, then one at
    a time. A question that counts for several is let through when one is, and the next one comes so
    much later.
    """

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._due: dict[int, float] = {}
        self._told: dict[int, float] = {}

    def wait(self, user: int, now: float, counts: int = 1) -> float:
        """Seconds to wait before the next one; 0 lets this one through and counts it."""
        if not self.a_minute:
            return 0.0
        if len(self._due) > _KEPT:
            self._due = {key: due for key, due in self._due.items() if due > now}
        due = max(self._due.get(user, 0.0), now)
        early = due - now - MINUTE * (1 - 1 / self.a_minute)
        if early > 1e-9:
            return early
        self._due[user] = due + counts * MINUTE / self.a_minute
        return 0.0

    def tell(self, user: int, now: float, seconds: float) -> bool:
        """Should the reader be told? Once until the time is over."""
        if now < self._told.get(user, 0.0):
            return False
        self._told = {key: until for key, until in self._told.items() if until > now}
        self._told[user] = now + max(seconds, 5.0)
        return True
