"""Speech or not: scare quotes, terms, names and titles of works are no quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.domain.text import fold
from bot.extraction.attribution import Attribution
from bot.extraction.marks import Marked
from bot.languages.language import Language

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


class Verdict:
    """Decides for one article, whose repeated terms it knows."""

    def __init__(self, text: str, marked: Sequence[Marked], language: Language) -> None:
        self.text, self.language = text, language
        self.terms = Counter(" ".join(_WORD.findall(fold(text[m.start : m.end]))) for m in marked)
        pieces, position = [], 0
        for m in marked:
            pieces.append(text[position : m.outer[0]])
            position = m.outer[1]
        narrative = _WORD.findall(fold(" ".join([*pieces, text[position:]])))
        self.narrative = f" {' '.join(narrative)} "

    def is_speech(self, found: Attribution) -> bool:
        """Is the evidence strong enough to show these words as somebody's?"""
        words = _WORD.findall(self.text[found.marked.start : found.marked.end])
        if not words or (found.sentence.heading and not found.entity):
            return False
        whole = self.text[found.marked.start : found.marked.end].rstrip()[-1:] in tuple(".!?…")
        if len(words) == 1:
            return (whole and found.entity is not None) or self._announced(found) or self._governed(found)
        if self._title(found, words):
            return False
        if len(words) <= 3 and self._term(found):
            return False
        return not (found.entity is None and len(words) < 5 and not found.cue)

    def _announced(self, found: Attribution) -> bool:
        """One word is speech when the cue's own sentence is nothing but cue and word ("« Faux », dit X")."""
        tags = found.sentence.tags
        return found.entity is not None and found.cue is not None and (found.at == 0 or tags[found.at - 1] == ":")

    def _governed(self, found: Attribution) -> bool:
        """One word inside a reported clause ("called it « outrageous »"), if it is no term of the article."""
        return found.entity is not None and found.cue is not None and not found.implicit and not self._term(found)

    def _term(self, found: Attribution) -> bool:
        """A short stretch that the article repeats, in marks or not, is one of its terms."""
        if found.at == 0 or found.sentence.tags[found.at - 1] in ":,":
            return False
        words = " ".join(_WORD.findall(fold(self.text[found.marked.start : found.marked.end])))
        if words.split()[:1] and words.split()[0] in self.language.words["indefinite"]:
            return False  # "a mistake": no term begins like this
        if f" {words} " in self.narrative:
            return True
        near = found.sentence.words[found.at - 1]
        return self.terms[words] > 1 and near not in self.language.words["indefinite"] and not found.sentence.heading

    def _title(self, found: Attribution, words: list[str]) -> bool:
        """After "le film", "l'émission", or in capitals like a name: a title of a work, a programme, a page."""
        s, at = found.sentence, found.at
        near = [word for word in s.words[max(0, at - 3) : at] if word != ","]
        capital = words[0][0].isupper()
        if capital and near[-1:] and near[-1] in self.language.set("nouns", "work") and len(words) < 8:
            return True
        if found.implicit and s.tags[at - 1 : at] == "," and s.tags[at + 1 : at + 2] == "," and found.cue is None:
            return True  # an apposition: "Sa prochaine création, « … », est annoncée"
        content = [word for word in words if fold(word) not in self.language.stop]
        if len(words) > 6 or self.text[found.marked.end - 1] in ".!?…":
            return False
        named = len(content) > 1 and all(word[0].isupper() or word[0].isdigit() for word in content)
        return named and at > 0 and s.tags[at - 1] != ":"
