"""What is said to the bot and is no question."""

from __future__ import annotations

from bot.search.terms import words

_FORMS = {
    "hello": (
        "bonjour",
        "salut",
        "bonsoir",
        "coucou",
        "hello",
        "hi",
        "hey",
        "good morning",
        "good evening",
        "start",
    ),
    "help": (
        "aide",
        "a l aide",
        "help",
        "comment ca marche",
        "comment faire",
        "how does it work",
        "how does this work",
    ),
    "thanks": ("merci", "merci beaucoup", "thanks", "thank you", "thx"),
    "who": (
        "qui est cite",
        "qui est cite ici",
        "qui sont les personnes citees",
        "who is quoted",
        "who is quoted here",
    ),
}
_LONGEST = 60  # characters of what may be small talk


def small_talk(text: str) -> str | None:
    """What a message that is no question is: "hello", "help", "thanks", "who" (who is quoted?),
    else None.
    """
    said = " ".join(words(text[:_LONGEST]))
    return next((kind for kind, forms in _FORMS.items() if said in forms), None)
