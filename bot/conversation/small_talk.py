"""What is said to the bot and is no question."""

from __future__ import annotations

import re

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
    "self": (
        "tu es qui",
        "qui es tu",
        "t es qui",
        "qui etes vous",
        "vous etes qui",
        "tu fais quoi",
        "que fais tu",
        "que sais tu faire",
        "a quoi tu sers",
        "c est quoi ce bot",
        "who are you",
        "what are you",
        "what do you do",
        "what can you do",
        "what is this bot",
    ),
    "summary": (
        "resume l article",
        "resume cet article",
        "resume moi l article",
        "resumer l article",
        "fais un resume",
        "un resume",
        "resume",
        "summarize the article",
        "summarise the article",
        "summarize this article",
        "summary",
        "tldr",
    ),
    "dated": (
        "de quand date cet article",
        "de quand date l article",
        "quand a ete publie cet article",
        "quand a ete publie l article",
        "quelle est la date de l article",
        "date de l article",
        "when was this article published",
        "when was the article published",
        "how old is this article",
        "what is the date of the article",
    ),
}
_ARTICLE = re.compile(r"(?:montre |show )?(?:moi )?(?:l |the )?article \d{1,4}")
_LONGEST = 60  # characters of what may be small talk


def small_talk(text: str) -> str | None:
    """What a message that is no question is: "hello", "help", "thanks", "who" (who is quoted?),
    "self" (who is the bot?), "summary", "dated" or "article" (something about an article as a
    whole), else None.
    """
    said = " ".join(words(text[:_LONGEST]))
    if _ARTICLE.fullmatch(said):
        return "article"
    return next((kind for kind, forms in _FORMS.items() if said in forms), None)
