"""The alphabet of the shallow parser: one character a token, and the sets of them that grammar is
written with.

A sentence is a string over this alphabet, so a pattern over kinds of words is a regular expression.
"""

from __future__ import annotations

DEFINITE, DETERMINER, GENITIVE, PREPOSITION = "l", "D", "p", "P"
PRONOUN, IMPERSONAL, CLITIC, INVERSION, POSSESSIVE = "S", "J", "c", "s", "'"
THAT, WHETHER, RELATIVE, SUBORDINATE, CONJUNCTION = "q", "f", "r", "b", "x"
AUXILIARY, ADVERB, TIME, ACCORDING, ACCORDING_OWN = "A", "h", "t", "L", "M"
SAY, SAY_PAST, CUE, CUE_PAST, GERUND, INFINITIVE = "V", "v", "U", "u", "g", "i"
"""Verbs of saying. SAY takes a content clause, CUE introduces words only; the small letters are
participles.
"""
TITLE, ROLE, ORGANISATION, DOCUMENT, COLLECTIVE = "T", "R", "O", "K", "C"
NAME, NOUN, ADJECTIVE, NUMBER, WORD, QUOTE = "N", "n", "a", "d", "w", "Q"
FINITE, PARTICIPLE, OTHER_INFINITIVE, OTHER_GERUND = "y", "e", "j", "G"
"""Verbs that say nothing."""

ARTICLES = DEFINITE + DETERMINER
SPEAKERS = ROLE + ORGANISATION + COLLECTIVE + DOCUMENT
"""Nouns that may be said to speak."""
NOUNS = SPEAKERS + NOUN
BEFORE_NOUN = ADJECTIVE + PARTICIPLE + NUMBER + ADVERB + TIME
AFTER_NOUN = ADJECTIVE + PARTICIPLE + SAY_PAST + CUE_PAST + WORD
FINITES = SAY + CUE + FINITE + AUXILIARY
PAST = SAY_PAST + CUE_PAST + PARTICIPLE
SAYING = SAY + CUE + SAY_PAST + CUE_PAST
WITH_CLAUSE = SAY + SAY_PAST
STOPS = ",;:.()-"
_COARSE = str.maketrans(
    dict.fromkeys(NOUN + ADJECTIVE + FINITE + PARTICIPLE + OTHER_INFINITIVE + OTHER_GERUND, WORD)
    | {TIME: ADVERB}
)


def coarse(found: str) -> str:
    """Tags without the parts of speech of words that are neither grammar nor saying nor speaker."""
    return found.translate(_COARSE)
