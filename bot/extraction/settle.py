"""Tags that only a word's neighbours, or the capitals of the whole article, decide."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from bot.extraction.sentence import Sentence
from bot.languages import tags
from bot.languages.language import Language

KEEP_WHEN_CAPITAL = frozenset(tags.SPEAKERS)


_CLOSED = frozenset("lDpPScqfrbxAhtLMJ")
"""Words of grammar: a capital at a sentence's head makes no name of them."""


_FEW_CAPITALS = 0.002  # share of letters; below it a text is typed without capitals


_TITLE_CASE = 0.6  # share of a heading's words with a capital above which capitals tell nothing


_CAPITAL = re.compile(r"(?<=[^\W\d_A-Z][ \u00a0])([^\W\d_a-zà-ÿ][\w-]+)")


@dataclass(frozen=True, slots=True)
class Spelling:
    """What an article's capitals tell: ``inside`` are the words capitalised in the middle of a
    sentence.
    """

    inside: frozenset[str]
    lower: bool

    @staticmethod
    @lru_cache(maxsize=4)  # sentences inside marks are read with the whole article's capitals
    def of(text: str) -> Spelling:
        """Read off the whole text."""
        letters = sum(map(str.isalpha, text)) or 1
        lower = sum(map(str.isupper, text)) < letters * _FEW_CAPITALS
        return Spelling(
            frozenset(match.group(1).lower() for match in _CAPITAL.finditer(text)), lower
        )


# ---- tags that only a word's neighbours decide
def settle(s: Sentence, spelling: Spelling) -> None:
    """Decide the tags of words that may be several things, and join the parts of names."""
    found = list(s.tags)
    if s.heading:
        _settle_title_case(s, found, spelling)
    _settle_first(s, found, spelling)
    for at in range(len(found)):
        if found[at] in "VUvuynRCaewji":
            found[at] = _by_neighbours(s, found, at)
    _join_names(s, found)
    if spelling.lower:
        _join_lower_names(found)
    s.tags = "".join(found)


def _settle_title_case(s: Sentence, found: list[str], spelling: Spelling) -> None:
    """Where a headline gives every word a capital, only words that the text capitalises elsewhere
    are names.
    """
    worded = [at for at, tag in enumerate(found) if s.words[at][:1].isalpha()]
    if len(worded) < 4 or sum(s.capital(at) for at in worded) < _TITLE_CASE * len(worded):
        return
    for at in worded:
        if found[at] == tags.NAME:
            found[at] = _in_title(s, found, at, spelling)


def _in_title(s: Sentence, found: list[str], at: int, spelling: Spelling) -> str:
    """The tag of a headline's word that looks like a name by its capital alone."""
    word = s.words[at]
    known, seen = s.language.lexicon.get(word), word in spelling.inside
    if s.language.is_first_name(word):
        return known if known in _CLOSED and known else tags.NAME
    if known:
        return known if not seen or known in tags.SAYING else tags.NAME
    after_name = at > 0 and found[at - 1] == tags.NAME and at + 1 < len(found)
    verb = after_name and not seen and s.language.finite.match(word)
    return tags.FINITE if verb else tags.NAME


def _settle_first(s: Sentence, found: list[str], spelling: Spelling) -> None:
    """A capitalised first word is a name if it is a first name before a name or verb, or
    capitalised elsewhere.
    """
    if not found or not s.words[0][:1].isalpha() or not s.capital(0):
        return
    word, tag, after = s.words[0], found[0], found[1] if len(found) > 1 else ""
    seen, first_name = word in spelling.inside, s.language.is_first_name(word)
    if tag == tags.NAME:
        follows = "pPwnROC" if s.language.tokens["head_last"] else "pP"
        if not seen and not first_name and after and after in follows:
            found[0] = tags.WORD  # "Propriétaire de la serre, …", "Small groups of protesters …"
    elif tag not in _CLOSED and tag not in KEEP_WHEN_CAPITAL and tag != tags.TITLE:
        named = first_name and after != "" and after in "NVUvuAc,x(y'"
        if named or (seen and tag in "nawy"):
            found[0] = tags.NAME


@dataclass(frozen=True, slots=True)
class _Word:
    """A word between its neighbours; ``before`` and ``after`` are their tags, "" at an end."""

    s: Sentence
    found: list[str]
    at: int
    word: str
    tag: str
    before: str
    after: str
    article: bool
    """Does an article stand before it that is no object pronoun?"""

    @property
    def language(self) -> Language:
        return self.s.language

    @property
    def head_last(self) -> bool:
        """Do adjectives and nouns stand before the noun they belong to, as in English?"""
        return bool(self.s.language.tokens["head_last"])

    def follows(self, of: str) -> bool:
        return bool(self.before) and self.before in of

    def precedes(self, of: str) -> bool:
        return bool(self.after) and self.after in of

    def may_be(self, tag: str) -> bool:
        return self.language.may_be(self.word, tag)


def _by_neighbours(s: Sentence, found: list[str], at: int) -> str:
    """The tag that a word's neighbours make likely; the first rule that knows decides."""
    before = found[at - 1] if at else ""
    after = found[at + 1] if at + 1 < len(found) else ""
    article = before != "" and before in "lD" and not _object_pronoun(s, found, at - 1)
    w = _Word(s, found, at, s.words[at], found[at], before, after, article)
    return next((tag for rule in _RULES if (tag := rule(w))), w.tag)


def _inverted(w: _Word) -> str | None:
    return tags.FINITE if w.after == tags.INVERSION and w.tag not in "VU" else None


def _unknown_verb(w: _Word) -> str | None:
    """ "« … », maugrée un voisin"."""
    if w.tag not in (tags.WORD, tags.PARTICIPLE) or w.head_last:
        return None
    if not w.language.finite.match(w.word):
        return None
    behind_comma = w.before == "," and w.found[w.at - 2 : w.at - 1] == [tags.QUOTE]
    quoted = w.before == tags.QUOTE or behind_comma
    return tags.FINITE if quoted or w.follows("cS") else None


def _role_or_verb(w: _Word) -> str | None:
    """ "« … », juge Ana Roy": a role's word that is also a verb's."""
    if w.word not in w.language.verbs or w.tag != tags.ROLE:
        return None
    if tags.QUOTE in w.found[max(0, w.at - 2) : w.at] and w.before in ("Q", ","):
        return w.language.verbs[w.word]
    return w.language.verbs[w.word] if w.follows("NSc") and w.after != tags.NAME else w.tag


def _participle_as_noun(w: _Word) -> str | None:
    """ "la criée"."""
    if not (w.article and w.tag in tags.PAST and w.word not in w.language.participles):
        return None
    return tags.NOUN if w.after and not w.precedes("nROCKNaew") else None


def _verb_after_article(w: _Word) -> str | None:
    """ "the talks", "la demande", "les blessés"."""
    if not w.article or w.tag not in "VUyvuei":
        return None
    if w.word in w.language.participles:
        return tags.ROLE
    noun = w.may_be(tags.NOUN)
    other = w.tag != tags.FINITE and not w.s.has("pronominal", w.at - 1)
    if w.tag in "VUy" and (noun or w.word not in w.language.parts or other):
        return tags.NOUN
    if w.tag in "vu" and noun and w.after not in ("w", "n"):
        return tags.NOUN
    return tags.ADJECTIVE if w.head_last and w.tag in "vu" else None


def _role_or_adjective(w: _Word) -> str | None:
    """ "une source proche du dossier", "l'un des plus proches conseillers"."""
    if w.tag not in "RC" or not w.may_be(tags.ADJECTIVE):
        return None
    behind = w.follows("nRO") and w.after in ("p", "P")
    return tags.ADJECTIVE if behind or (w.follows("lDcpa") and w.precedes("nROC")) else None


def _compound_noun(w: _Word) -> str | None:
    """ "according to the police report."."""
    if not (w.head_last and w.tag in "VU" and w.follows("nROK")):
        return None
    ends = w.after in ("", ".", ",")
    plural = w.word + "s" in w.language.lexicon
    described = w.language.may_be(w.s.words[w.at - 1], tags.ADJECTIVE)
    return tags.NOUN if ends and plural and not described else None


def _noun_or_verb(w: _Word) -> str | None:
    if w.tag == tags.NOUN and w.follows("Sc") and w.may_be(tags.FINITE):
        return tags.FINITE
    if w.tag == tags.NOUN and w.language.agent.match(w.word):
        return tags.ROLE
    return tags.NOUN if w.tag == tags.FINITE and w.follows("lDa") and w.may_be(tags.NOUN) else None


def _verb_as_noun(w: _Word) -> str | None:
    """ "sans demande de réponse"."""
    if w.tag == tags.OTHER_INFINITIVE and w.article:
        return tags.NOUN
    return tags.NOUN if w.tag in "VU" and w.before == tags.GENITIVE and not w.head_last else None


_RULES: tuple[Callable[[_Word], str | None], ...] = (
    _inverted,
    _unknown_verb,
    _role_or_verb,
    _participle_as_noun,
    _verb_after_article,
    _role_or_adjective,
    _compound_noun,
    _noun_or_verb,
    _verb_as_noun,
)


def _object_pronoun(s: Sentence, found: list[str], at: int) -> bool:
    """Is an article an object pronoun ("il le dit", "comme l'explique")?"""
    if found[at] != tags.DEFINITE or s.language.tokens["head_last"]:
        return False
    before = found[at - 1] if at else ""
    return (before != "" and before in "ScNqrb") or (
        s.words[at] == "l'" and before in ("", ",", "n", "R", "O", "C", "x")
    )


def _join_names(s: Sentence, found: list[str]) -> None:
    """The particles and capitalised common words inside a name become parts of it ("Bruno Le
    Maire").
    """
    particles = s.language.set("names", "particle")
    for at in range(1, len(found)):
        known = s.language.is_first_name(s.words[at - 1]) or found[at - 2 : at - 1] == [tags.NAME]
        if found[at - 1] != tags.NAME or not known:
            continue
        if _is_capital_part(s, found, at):
            _join_capital(s, found, at, particles)
        elif s.words[at] in particles and not s.capital(at):
            _join_particles(s, found, at, particles)


def _is_capital_part(s: Sentence, found: list[str], at: int) -> bool:
    return s.capital(at) and found[at] in "lDpROCKTawnyvuVUe" and s.words[at][:1].isalpha()


def _join_capital(s: Sentence, found: list[str], at: int, particles: Collection[str]) -> None:
    """ "Anne Le Juge", "Scott Baker"."""
    first = s.words[at - 1]
    if found[at] not in "ROCKT" or s.language.is_first_name(first) or first in particles:
        found[at] = tags.NAME


def _join_particles(s: Sentence, found: list[str], at: int, particles: Collection[str]) -> None:
    """ "Jean de la Fontaine": small words up to the next name."""
    end = at + 1
    while end < len(found) and s.words[end] in particles and not s.capital(end):
        end += 1
    if end == len(found) or found[end] != tags.NAME:
        return
    after_first = s.capital(end) and s.language.is_first_name(s.words[at - 1])
    if after_first or found[at] == tags.WORD:
        found[at:end] = [tags.NAME] * (end - at)


def _join_lower_names(found: list[str]) -> None:
    """In a text without capitals, the unknown word after a first name is a surname."""
    for at in range(1, len(found)):
        if found[at - 1] == tags.NAME and found[at] == tags.WORD:
            found[at] = tags.NAME
