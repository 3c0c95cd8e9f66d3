"""The interface's own sentences, in the reader's language (gettext catalogues under
``locales``).
"""

from __future__ import annotations

import gettext
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from bot.languages.language import language

LANGUAGES = ("fr", "en")
"""Languages of the interface; the first is the default."""


class Phrases:
    """``say("Text {name}", name=…)``: English texts are the keys, quotes stay in their own
    language.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        found = files(__package__) / "locales" / code / "LC_MESSAGES" / "verbatim.mo"
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()
        if found.is_file():
            with found.open("rb") as file:
                self._catalogue = gettext.GNUTranslations(file)

    def __call__(self, text: str, **values: object) -> str:
        """A sentence in this language, its {names} filled in."""
        return self._catalogue.gettext(text).format(**values)

    def many(self, one: str, more: str, number: int, **values: object) -> str:
        """A sentence with a plural; {number} is filled in, grouped as the language does."""
        return self._catalogue.ngettext(one, more, number).format(
            number=self.number(number), **values
        )

    def number(self, number: int) -> str:
        """A whole number with the language's thousands separator."""
        if number < 1000:
            return str(number)
        from babel.numbers import format_decimal

        return str(format_decimal(number, locale=self.code))

    def date(self, day: date) -> str:
        """A date in words."""
        return _date(day, self.code)

    def quoted(self, text: str, code: str) -> str:
        """A text in the marks of the language that it is written in."""
        before, after = language(code).data["quote_marks"]
        return f"{before}{text}{after}"


@lru_cache(4096)
def _date(day: date, code: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, format="long", locale=code))


@cache
def phrases(code: str | None) -> Phrases:
    """The phrases for a Telegram ``language_code`` ("fr", "fr-CA", "en-GB", …); English for others,
    French for none.
    """
    if not code:
        return Phrases(LANGUAGES[0])
    short = code.lower().replace("_", "-").split("-")[0]
    return Phrases(short if short in LANGUAGES else "en")
