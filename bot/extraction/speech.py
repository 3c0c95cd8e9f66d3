"""Speech or not: scare quotes, terms, names and titles of works are no quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.domain.text import fold
from bot.extraction.attribution import Attribution
from bot.extraction.features import ResolvedCue as _Cue
from bot.extraction.features import cue_features, is_whole, position
from bot.extraction.learned import Features, Weights, probability
from bot.extraction.marks import Marked
from bot.languages import tags
from bot.languages.language import Language

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LENGTHS = ((1, "1"), (2, "2"), (3, "3"), (5, "5"), (8, "8"), (14, "14"))
_FINITE = frozenset(tags.FINITES)
_BYNAME = 4  # words; what somebody is called has no more
_TITLE = 8  # words; a longer stretch is no title
SPEECH = 0.65
"""The least probability of speech that is shown as somebody's words."""


class Speech:
    """Decides for one article, whose repeated terms it knows."""

    def __init__(
        self, text: str, marked: Sequence[Marked], language: Language, table: Weights | None = None
    ) -> None:
        self.text, self.language, self.table = text, language, table
        self.terms = Counter(self._plain(m) for m in marked)
        pieces, position_ = [], 0
        for m in marked:
            pieces.append(text[position_ : m.outer[0]])
            position_ = m.outer[1]
        narrative = _WORD.findall(fold(" ".join([*pieces, text[position_:]])))
        self.narrative = f" {' '.join(narrative)} "

    def _plain(self, m: Marked) -> str:
        return " ".join(_WORD.findall(fold(self.text[m.start : m.end])))

    def likely(self, found: Attribution) -> float:
        """How likely the rules hold a stretch for speech (0 to 1)."""
        if not _WORD.search(self.text, found.marked.start, found.marked.end):
            return 0.0
        return probability("speech", self.features(found), self.table)

    def is_speech(self, found: Attribution) -> bool:
        """Is the evidence strong enough to show these words as somebody's?"""
        if not _WORD.search(self.text, found.marked.start, found.marked.end):
            return False
        if (found.sentence.heading and found.entity is None) or self._is_title(found):
            return False
        if _is_denied(found) or _is_byname(found, self.text):
            return False
        return (self.likely(found) if found.said is None else found.said) >= SPEECH

    def _is_title(self, found: Attribution) -> bool:
        """After "l'émission", "le film" and the like, capitalised words are a work's title."""
        s, at = found.sentence, found.at
        shown = self.text[found.marked.start : found.marked.end]
        if s.word(at - 1) not in self.language.set("nouns", "work") or not shown[:1].isupper():
            return False
        return len(shown.split()) < _TITLE and shown[-1:] != "."

    def features(self, found: Attribution) -> Features:
        """What tells words said from words held at arm's length."""
        marked, s, at = found.marked, found.sentence, found.at
        shown = self.text[marked.start : marked.end]
        words = _WORD.findall(shown)
        whole = is_whole(self.text, marked)
        where = position(s, at, whole)
        length = next((name for most, name in _LENGTHS if len(words) <= most), "more")
        short = len(words) <= 3
        before, after = s.tag(at - 1) or "^", s.tag(at + 1) or "$"
        features: Features = {
            "bias": 1.0,
            f"length:{length}": 1.0,
            f"where:{where}": 1.0,
            f"where:{where}:{'short' if short else 'long'}": 1.0,
            f"before:{before}": 1.0,
            f"before:{before}:{'short' if short else 'long'}": 1.0,
            f"after:{after}": 1.0,
            "ends like a sentence": float(shown.rstrip()[-1:] in tuple(".!?…")),
            "begins lower": float(shown[:1].islower()),
            "heading": float(s.heading),
            "unclosed": float(not marked.closed),
            "dialogue": float(marked.dialogue),
            "incise": float(len(found.segments) > 1),
            "nested": float("«" in shown or "“" in shown),
            **self._of_source(found, short),
            **self._of_words(found, words, short),
        }
        return features

    def _of_source(self, found: Attribution, short: bool) -> Features:
        entity, size = found.entity, "short" if short else "long"
        kind = "none" if entity is None else entity.sort
        features: Features = {
            f"source:{kind}": 1.0,
            f"source:{kind}:{size}": 1.0,
            "cued": float(found.cue is not None),
            f"cued:{size}": float(found.cue is not None),
            "stated": float(found.stated),
            "sure": found.sure,
            f"sure:{size}": found.sure,
        }
        if found.cue is not None and found.choice is not None:
            of_cue = cue_features(
                found.sentence, found.at, _Cue(found.cue, entity, found.sentence), 0
            )
            features |= {name: value for name, value in of_cue.items() if value}
            features |= {
                f"{name}:short": value for name, value in of_cue.items() if value and short
            }
        return features

    def _of_words(self, found: Attribution, words: list[str], short: bool) -> Features:
        s, at, language = found.sentence, found.at, self.language
        folded = [word.lower().replace("’", "'") for word in words]
        content = [word for word in words if fold(word) not in language.stop]
        capitals = sum(word[0].isupper() or word[0].isdigit() for word in content)
        plain = self._plain(found.marked)
        near = [word for word in s.words[max(0, at - 3) : at] if word != ","]
        tagged = [language.lexicon.get(word, "") for word in folded]
        persons = any(language.has("first_person", word) for word in folded)
        work = any(word in language.set("nouns", "work") for word in near[-2:])
        return {
            "repeated in the text": float(short and f" {plain} " in self.narrative),
            "repeated in marks": float(self.terms[plain] > 1),
            "repeated in marks:short": float(self.terms[plain] > 1 and short),
            "all capitals": float(len(content) > 1 and capitals == len(content)),
            "capital": float(words[0][0].isupper()),
            "capital:short": float(words[0][0].isupper() and short),
            "finite verb": float(any(tag and tag in _FINITE for tag in tagged)),
            "first person": float(persons),
            "work": float(work),
            "work:capital": float(work and words[0][0].isupper()),
            "after indefinite": float(s.has("indefinite", at - 1)),
            "after indefinite:short": float(s.has("indefinite", at - 1) and short),
            "apposed": float(s.tag(at - 1) == "," and s.tag(at + 1) == ","),
            "begins with that": float(tagged[0] == tags.THAT),
            "begins with infinitive": float(tagged[0] in ("i", "j")),
            "begins with noun": float(tagged[0] == tags.NOUN),
            "only nouns": float(short and set(tagged) <= set("nalDp")),
        }


def _is_denied(found: Attribution) -> bool:
    """ "Le maire n'a jamais dit « … »", "if she said “…”": nobody said it."""
    s, cue = found.sentence, found.cue
    if cue is None or not found.cue_here:
        return False
    verb = cue.verb[1] - 1
    if not s.has("plain_saying", verb) or s.tag(found.at - 1) == tags.THAT:
        return False  # "n'a pas caché « son émotion »", "n'a dit que « oui »"
    begins = max(s.coarse.rfind(mark, 0, cue.verb[0]) for mark in ",;:Q.x") + 1
    return cue.negated or s.has("hypothetical", begins)


def _is_byname(found: Attribution, text: str) -> bool:
    """ "Karim « Kiki » Benali", "alias “Bones”": what somebody is called."""
    s, at = found.sentence, found.at
    shown = text[found.marked.start : found.marked.end]
    if len(shown.split()) > _BYNAME:
        return False
    between = s.tag(at - 1) == tags.NAME and s.tag(at + 1) == tags.NAME
    linked = s.tag(at - 1) in (tags.PREPOSITION, tags.GENITIVE, tags.DEFINITE)
    return between or s.has("called", at - 1) or (linked and s.has("called", at - 2))
