"""Tags that only a word's neighbours, or the capitals of the whole article, decide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.extraction.sentence import Sentence
from bot.languages import tags

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
        word = s.words[at]
        known = s.language.lexicon.get(word)
        if found[at] == tags.NAME and not s.language.is_first_name(word):
            if known and (word not in spelling.inside or known in tags.SAYING):
                found[at] = known
            elif (
                known is None and word not in spelling.inside and at and found[at - 1] == tags.NAME
            ):
                found[at] = (
                    tags.FINITE
                    if s.language.finite.match(word) and at + 1 < len(found)
                    else tags.NAME
                )
        elif found[at] == tags.NAME and s.language.lexicon.get(word) in _CLOSED:
            found[at] = s.language.lexicon[word]


def _settle_first(s: Sentence, found: list[str], spelling: Spelling) -> None:
    """A capitalised first word is a name if it is a first name before a name or verb, or
    capitalised elsewhere.
    """
    if not found or not s.words[0][:1].isalpha() or not s.capital(0):
        return
    word, tag, after = s.words[0], found[0], found[1] if len(found) > 1 else ""
    if tag == tags.NAME:
        unseen = word not in spelling.inside and not s.language.is_first_name(word)
        if (
            unseen
            and len(found) > 1
            and (after in "pP" or (s.language.tokens["head_last"] and after in "wnROC"))
        ):
            found[0] = tags.WORD  # "Propriétaire de la serre, …", "Small groups of protesters …"
    elif tag not in _CLOSED and tag not in KEEP_WHEN_CAPITAL and tag != tags.TITLE:
        if (s.language.is_first_name(word) and after and after in "NVUvuAc,x(y'") or (
            word in spelling.inside and tag in "nawy"
        ):
            found[0] = tags.NAME


def _by_neighbours(s: Sentence, found: list[str], at: int) -> str:  # noqa: PLR0912 one look at each neighbour
    language, word, tag = s.language, s.words[at], found[at]
    if found[at + 1 : at + 2] == [tags.INVERSION] and tag not in "VU":
        return tags.FINITE
    before = found[at - 1] if at else ""
    article = before != "" and before in "lD" and not _object_pronoun(s, found, at - 1)
    if (
        tag in (tags.WORD, tags.PARTICIPLE)
        and language.finite.match(word)
        and not language.tokens["head_last"]
    ):
        quoted = before == tags.QUOTE or (before == "," and found[at - 2 : at - 1] == [tags.QUOTE])
        if quoted or (before and before in "cS"):
            return tags.FINITE  # "« … », maugrée un voisin"
    if word in language.verbs and tag == tags.ROLE:
        if tags.QUOTE in found[max(0, at - 2) : at] and before in ("Q", ","):
            return language.verbs[word]  # "« … », juge Ana Roy"
        verb = before and before in "NSchnaOe" and found[at + 1 : at + 2] != [tags.NAME]
        return language.verbs[word] if verb and before in "NSc" else tag
    if (
        article
        and tag in tags.PAST
        and word not in language.participles
        and found[at + 1 : at + 2]
        and found[at + 1] not in "nROCKNaew"
    ):
        return tags.NOUN  # "la criée"
    if article and tag in "VUyvuei":
        if word in language.participles:
            return tags.ROLE
        noun = language.may_be(word, tags.NOUN) or word not in language.parts
        if tag in "VUy" and (noun or (tag != tags.FINITE and not s.has("pronominal", at - 1))):
            return tags.NOUN  # "the talks", "la demande"
        if (
            tag in "vu"
            and language.may_be(word, tags.NOUN)
            and found[at + 1 : at + 2] not in (["w"], ["n"])
        ):
            return tags.NOUN
        if language.tokens["head_last"] and tag in "vu":
            return tags.ADJECTIVE
    if tag in "RC" and before and before in "nRO" and language.may_be(word, tags.ADJECTIVE):
        if found[at + 1 : at + 2] in (["p"], ["P"]):
            return tags.ADJECTIVE  # "une source proche du dossier"
    if tag in "RC" and language.may_be(word, tags.ADJECTIVE) and before and before in "lDcpa":
        if found[at + 1 : at + 2] and found[at + 1] in "nROC":
            return tags.ADJECTIVE  # "l'un des plus proches conseillers"
    if (
        language.tokens["head_last"]
        and tag in "VU"
        and before
        and before in "nROK"
        and word + "s" in language.lexicon
    ):
        if found[at + 1 : at + 2] in ([], ["."], [","]) and not language.may_be(
            s.words[at - 1], tags.ADJECTIVE
        ):
            return tags.NOUN  # "according to the police report."
    if tag == tags.NOUN and before and before in "Sc" and language.may_be(word, tags.FINITE):
        return tags.FINITE
    if tag == tags.NOUN and language.agent.match(word):
        return tags.ROLE
    if tag == tags.FINITE and before and before in "lDa" and language.may_be(word, tags.NOUN):
        return tags.NOUN
    if tag == tags.OTHER_INFINITIVE and article:
        return tags.NOUN
    if tag in "VU" and before == tags.GENITIVE and not language.tokens["head_last"]:
        return tags.NOUN  # "sans demande de réponse"
    return tag


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
        if found[at - 1] != tags.NAME:
            continue
        word, first = s.words[at], s.words[at - 1]
        following = found[at + 1] if at + 1 < len(found) else ""
        known = s.language.is_first_name(first) or found[at - 2 : at - 1] == [tags.NAME]
        if (
            s.capital(at)
            and found[at] in "lDpROCKTawnyvuVUe"
            and known
            and s.words[at][:1].isalpha()
        ):
            if found[at] not in "ROCKT" or (s.language.is_first_name(first) or first in particles):
                found[at] = tags.NAME  # "Anne Le Juge", "Scott Baker"
        elif word in particles and following and known and not s.capital(at):
            end = at + 1
            while end < len(found) and s.words[end] in particles and not s.capital(end):
                end += 1
            if (
                end < len(found)
                and found[end] == tags.NAME
                and s.capital(end)
                and s.language.is_first_name(first)
            ) or (end < len(found) and found[end] == tags.NAME and found[at] == tags.WORD):
                found[at:end] = [tags.NAME] * (end - at)


def _join_lower_names(found: list[str]) -> None:
    """In a text without capitals, the unknown word after a first name is a surname."""
    for at in range(1, len(found)):
        if found[at - 1] == tags.NAME and found[at] == tags.WORD:
            found[at] = tags.NAME
