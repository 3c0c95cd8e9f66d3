"""Is it the same claim? Over pairs made from the project's own quotations, beside rapidfuzz's
ratios at their best.

    claims.py            precision and recall of each, and what is got wrong

Of each quotation: typography, accents, a typing mistake, cut at an end, a word put in; and as
others: a negation, another number, another name, another word, the half without its negation, the
next quotation. The last line is one JSON object.
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from extract_rows import article_of, load
from rapidfuzz import fuzz

from bot.domain.text import fold
from bot.extraction.extract import extract_quotes
from bot.search.claims import same_claim
from bot.search.terms import search_words

GOLD = Path(__file__).parent.parent / "seeds" / "gold"
_LEAST = 9  # words of a quotation
_FILLERS = {"fr": ("vraiment", "aujourd’hui", "franchement"), "en": ("really", "today", "frankly")}
_NOT = {"fr": "pas", "en": "not"}
_OTHER = {
    "fr": ("Lucie", "Rouen", "navires", "jamais"),
    "en": ("Lucy", "Bristol", "vessels", "never"),
}
Pair = tuple[str, str, str, bool]


def quotations() -> list[tuple[str, str]]:
    """(text, language) of the gold articles' longer quotations."""
    found = []
    for path in sorted(GOLD.glob("own_*.jsonl")):
        for document in load(path):
            article = article_of(document)
            texts = (
                article.text[q.start : q.end] for q in extract_quotes(article) if q.kind == "direct"
            )
            found += [
                (" ".join(text.split()), article.language)
                for text in texts
                if len(text.split()) >= _LEAST
            ]
    return found


def pairs(seed: int = 9) -> Iterator[Pair]:
    """(kind, one, other, the same?)."""
    chance, said = random.Random(seed), quotations()
    for at, (text, code) in enumerate(said):
        words = text.split()
        middle = len(words) // 2
        negated = [
            n for n, word in enumerate(words) if fold(word).strip(".,") in search_words("negations")
        ]
        yield "typography", text, text.replace("’", "'").replace("…", "...").upper(), True
        yield "accents", text, fold(text), True
        yield "typo", text, _typo(words, chance), True
        end = max(6, int(len(words) * 0.7))
        if not any(n >= end - 1 for n in negated):
            yield "cut at the end", text, " ".join(words[:end]), True
        yield (
            "a word put in",
            text,
            " ".join([*words[:middle], chance.choice(_FILLERS[code]), *words[middle:]]),
            True,
        )
        yield "negation", text, " ".join([*words[:middle], _NOT[code], *words[middle:]]), False
        number = re.search(r"\d+", text)
        if number:
            yield "number", text, text.replace(number[0], str(int(number[0]) + 3), 1), False
        name = next((w for w in words[1:] if w[0].isupper() and len(w) > 3 and w.isalpha()), None)
        if name:
            yield "name", text, text.replace(name, _OTHER[code][0]), False
        longest = max(range(1, len(words) - 1), key=lambda n: len(words[n]))
        yield (
            "another word",
            text,
            " ".join([*words[:longest], _OTHER[code][2], *words[longest + 1 :]]),
            False,
        )
        if negated and 2 < negated[0] < len(words) - 5:
            yield "without its negation", text, " ".join(words[negated[0] + 1 :]), False
        yield "another quotation", text, said[(at + 1) % len(said)][0], False


def _typo(words: list[str], chance: random.Random) -> str:
    at = chance.choice(
        [n for n, word in enumerate(words) if len(word) >= 6 and word.isalpha()] or [0]
    )
    word = words[at]
    cut = chance.randrange(1, max(2, len(word) - 1))
    return " ".join([*words[:at], word[:cut] + word[cut + 1 :], *words[at + 1 :]])


JUDGES: dict[str, Callable[[str, str], bool]] = {
    "Verbatim": lambda one, other: same_claim(one, other, same_speaker=True),
    "token_set_ratio >= 95": lambda one, other: fuzz.token_set_ratio(fold(one), fold(other)) >= 95,
    "token_set_ratio >= 90": lambda one, other: fuzz.token_set_ratio(fold(one), fold(other)) >= 90,
    "ratio >= 90": lambda one, other: fuzz.ratio(fold(one), fold(other)) >= 90,
}


def agreement(
    made: list[Pair], judge: Callable[[str, str], bool] = JUDGES["Verbatim"]
) -> dict[str, float]:
    """Precision and recall over some pairs."""
    said = [judge(one, other) for _, one, other, _ in made]
    right = sum(s and same for s, (_, _, _, same) in zip(said, made, strict=True))
    return {
        "precision": round(right / max(1, sum(said)), 3),
        "recall": round(right / sum(pair[3] for pair in made), 3),
    }


def main() -> int:
    """Judge all pairs."""
    made = list(pairs())
    found = {}
    for name, judge in JUDGES.items():
        found[name] = agreement(made, judge)
        wrong = Counter(kind for kind, one, other, same in made if judge(one, other) != same)
        print(f"{name:24} {found[name]}  wrong: {dict(wrong)}", file=sys.stderr)
    print(json.dumps({"pairs": len(made), "judges": found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
