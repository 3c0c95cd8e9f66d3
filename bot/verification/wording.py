"""Words as they are compared in a verification: contractions and elisions undone, typography and
accents aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from bot.domain.model import Span
from bot.domain.text import BLANKS, fold
from bot.languages import tags
from bot.languages.language import codes, language

_WORD = re.compile(
    r"(?:(?<![^\s(«“\"])[-−])?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![^\W_])"  # 10 000
    r"|(?:(?<![^\s(«“\"])[-−])?\d+(?:[.,/]\d+)*(?![^\W_])"  # -3, 12,5, 3/4
    r"|[^\W_\u00ad]+(?:\u00ad?['’ʼ]?[^\W_\u00ad]+)*"
    r"|[€$£¥%‰°]"
)
_SIGNS = {"euro": "€", "euros": "€", "percent": "%"}
"""Words that say the same as a sign."""
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")  # 1.200 and 1,200 are 1200
_ELIDED = {
    "c": "ce",
    "d": "de",
    "j": "je",
    "l": "l",
    "m": "me",
    "n": "ne",
    "s": "se",
    "t": "te",
    "qu": "que",
    "jusqu": "jusque",
    "lorsqu": "lorsque",
    "puisqu": "puisque",
    "quoiqu": "quoique",
}
"""What French leaves the vowel of before another."""
_SHORT = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
"""What English joins to a pronoun ("d" may be "had", too)."""
_NEGATED = {"ca": "can", "wo": "will", "sha": "shall"}
_IS_AFTER = frozenset(
    [
        "it",
        "he",
        "she",
        "that",
        "there",
        "what",
        "who",
        "where",
        "how",
        "here",
        "this",
        "everybody",
        "everyone",
        "nobody",
        "something",
    ]
)
_BREAK = re.compile(r"[,;:()–—…]|\s-|-\s")
_END = re.compile(r"[.!?…](?!\d)")
_MUST = (["faut"], ["fallait"], ["faudra"], ["faudrait"])
_REACH = 7  # words behind a "ne" in which what it goes with stands
_BACK = 7  # words before it


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as it is compared, where it stands, what stands before it.

    ``begins``: a sentence begins with it; ``breaks``: a clause may; ``other``: what it may stand
    for as well ("I'd" is "I had", too); ``ne``: a "ne" stood before it; ``joined``: a hyphen did,
    without a blank.
    """

    norm: str
    start: int
    end: int
    raw: str
    begins: bool = False
    breaks: bool = False
    other: str = ""
    ne: bool = False
    joined: bool = False

    @property
    def capital(self) -> bool:
        """Is it written like a name, where no sentence begins?"""
        return self.raw[:1].isupper() and not self.begins and self.raw != "I"

    def same(self, word: Word) -> bool:
        """May both be the same word?"""
        return (
            self.norm == word.norm
            or (bool(self.other) and self.other == word.norm)
            or (bool(word.other) and word.other == self.norm)
        )


def words_of(
    text: str, spans: Sequence[Span] | None = None, glued: Sequence[bool] = ()
) -> list[Word]:
    """The words of some stretches of a text, or of all of it, as one run of speech.

    ``glued[n]`` says that stretch n goes on in the middle of stretch n-1's sentence.
    """
    made: list[Word] = []
    stretches = list(spans or [(0, len(text))])
    for number, (start, end) in enumerate(stretches):
        goes_on = number > 0 and number < len(glued) and glued[number]
        if goes_on:
            goes_on = text[slice(*stretches[number - 1])].rstrip(BLANKS)[-1:] not in (*".!?…",)
        first, position = True, start
        for match in _WORD.finditer(text, start, end):
            between = text[position : match.start()]
            begins = bool(_END.search(between)) or (first and not goes_on)
            breaks = begins or first or bool(_BREAK.search(between))
            parts = _parts(match.group(), match.start(), begins, breaks, made)
            made += [replace(parts[0], joined=between == "-"), *parts[1:]]
            first, position = False, match.end()
    return made


def _parts(raw: str, at: int, begins: bool, breaks: bool, before: Sequence[Word]) -> list[Word]:
    """A written word as the words it is made of: "n'est" is "ne" and "est"."""
    if raw[-1].isdigit() and not raw[0].isalpha():
        norm = re.sub(r"[ \u00a0\u202f]", "", fold(raw)).replace("−", "-")
        norm = re.sub(r"[.,]", "", norm) if _THOUSANDS.fullmatch(norm) else norm.replace(",", ".")
        return [Word(norm, at, at + len(raw), raw, begins, breaks)]
    pieces = _split(fold(raw.replace("\u00ad", "")), before)
    made, position = [], at
    for number, (norm, other, length) in enumerate(pieces):
        end = at + len(raw) if number == len(pieces) - 1 else min(at + len(raw), position + length)
        made.append(
            Word(
                norm,
                position,
                end,
                raw[position - at : end - at],
                begins and not number,
                breaks and not number,
                other,
            )
        )
        position = end
    return made


def _split(word: str, before: Sequence[Word]) -> list[tuple[str, str, int]]:
    """(as compared, what else it may be, letters) of each part of a folded word."""
    if word == "cannot":
        return [("can", "", 3), ("not", "", 3)]
    if "'" not in word:
        return [(_SIGNS.get(word, word), "", len(word))]
    head, _, tail = word.partition("'")
    if head in _ELIDED and tail:
        norm = "si" if head == "s" and tail in ("il", "ils") else _ELIDED[head]
        return [(norm, "", len(head) + 1), *_split(tail, before)]
    base, _, suffix = word.rpartition("'")
    if suffix == "t" and base.endswith("n"):
        stem = _NEGATED.get(base[:-1], base[:-1])
        return [(stem, "", len(base) - 1), ("not", "", 3)]
    if base == "let" and suffix == "s":
        return [("let", "", 3), ("us", "", 2)]
    if suffix in _SHORT:
        return [
            (base, "", len(base)),
            (_SHORT[suffix], "had" if suffix == "d" else "", len(suffix) + 1),
        ]
    if suffix == "s":
        joined = base in _IS_AFTER
        return [(base, "", len(base)), ("is" if joined else "s", "has" if joined else "is", 2)]
    return [(word.replace("'", ""), "", len(word))]


@cache
def listed(key: str) -> frozenset[str]:
    """A list of the languages' ``[verify]``, folded, of every language together."""
    return frozenset(fold(word) for code in codes() for word in language(code).data["verify"][key])


@cache
def days() -> frozenset[str]:
    """Months and weekdays, folded, of every language together."""
    return frozenset(
        fold(word)
        for code in codes()
        for key in ("months", "weekdays")
        for word in language(code).data["calendar"][key]
    )


@cache
def phrases_of(key: str) -> tuple[tuple[str, ...], ...]:
    """The same as runs of words as they are compared, the longest first."""
    entries = (str(e) for code in codes() for e in language(code).data["verify"][key])
    found = {tuple(norms(spoken(words_of(entry)))) for entry in entries}
    return tuple(sorted(found, key=lambda entry: (-len(entry), entry)))


def begins_with(norms: Sequence[str], key: str) -> int:
    """How many words at the beginning are an entry of a list (0: none)."""
    return next((len(entry) for entry in phrases_of(key) if tuple(norms[: len(entry)]) == entry), 0)


def holds(norms: Sequence[str], key: str) -> int | None:
    """Where an entry of a list stands first; None where none does."""
    return next((at for at in range(len(norms)) if begins_with(norms[at:], key)), None)


def spoken(words: Sequence[Word]) -> list[Word]:
    """Words without the French "ne", which the word behind it remembers: speech leaves it out
    beside another negation (``turns_alike`` tells whether it may).

    "plus" beside a "ne" is "no more": another word than "more", unless what follows shows that it
    can't be that.
    """
    found: list[Word] = []
    begins = breaks = silent = False
    for at, word in enumerate(words):
        begins, breaks = begins or word.begins, breaks or word.breaks
        if word.norm == "ne" or _is_dummy(words, at):
            silent = silent or word.norm == "ne"
            continue
        made = replace(word, ne=silent, begins=begins, breaks=breaks)
        if word.norm in listed("doubtful") and _has_ne(words, at):
            same = at + 1 < len(words) and not _may_be_more(words[at + 1])
            made = replace(made, norm=f"{word.norm}-", other=word.norm if same else "")
        found.append(made)
        begins = breaks = silent = False
    return found


def turns_alike(alleged: Word, words: Sequence[Word], at: int) -> bool:
    """Is a "ne" that only one of two like words has no difference: does it go with a negation
    beside it that stays, or with none ("avant qu'il ne parte")?
    """
    if alleged.ne == words[at].ne:
        return True
    first = max((n for n in range(at + 1) if words[n].begins), default=0)
    before = [word.norm for word in words[max(first, at - _BACK) : at]]
    behind = [word.norm for word in (words[at], *_in_sentence(words, at))]
    partners = listed("negative") | {f"{word}-" for word in listed("doubtful")}
    if set(before + behind) & partners:
        return True
    verb = next((norm for norm in behind if norm not in listed("clitics")), "")
    if verb in listed("alone"):
        return False  # "nous ne pouvons accepter"
    expletive = any(holds(before[n:], "expletive") == 0 for n in range(len(before)))
    return expletive or "que" in behind


def _is_dummy(words: Sequence[Word], at: int) -> bool:
    """Is it the "il" of "il y a", "il faut", which speech leaves out?"""
    following = [word.norm for word in words[at + 1 : at + 3] if word.norm != "ne"][:1]
    return words[at].norm == "il" and following in (["y"], *_MUST)


def _has_ne(words: Sequence[Word], at: int) -> bool:
    """Does a "ne" before it go with this word, and with no negation between them?"""
    for word in reversed(words[max(0, at - _REACH) : at]):
        if word.norm == "ne":
            return True
        if word.begins or word.norm in listed("negative") - listed("doubtful"):
            return False
    return False


def _in_sentence(words: Sequence[Word], at: int) -> list[Word]:
    found = []
    for word in words[at + 1 : at + 2 + _REACH]:
        if word.begins:
            break
        found.append(word)
    return found


def _may_be_more(word: Word) -> bool:
    """Behind "plus": is it "more" of something, or to some degree?"""
    if word.norm in ("de", "des", "du", "que"):
        return True
    known = (language(code) for code in codes())
    plain = word.raw.lower()
    return any(one.may_be(plain, tag) for one in known for tag in (tags.ADJECTIVE, tags.ADVERB))


def norms(words: Iterable[Word]) -> list[str]:
    """Words as they are compared."""
    return [word.norm for word in words]
