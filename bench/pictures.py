"""How long pictures take: cards of short and long quotes, a timeline of sixty statements (median of
several, in ms).
"""

from __future__ import annotations

import paths  # noqa: F401

# isort: split

import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from bot.domain.model import Passage
from bot.extraction.extract import extract_quotes
from bot.reading.source import Metadata, read_bytes
from bot.replies.card import cards
from bot.replies.phrases import phrases
from bot.replies.timeline import in_time, timeline

ROUNDS = 15


def timed(work: Callable[[], object]) -> float:
    """Median milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1e3)
    return median(taken)


def main() -> int:
    """Print a line for each."""
    say = phrases("fr")
    made = []
    for at, count in enumerate((8, 40, 150, *(12,) * 57)):
        said = " ".join(f"l’eau numéro {n} monte" for n in range(count // 3))
        facts = Metadata(
            published=f"20{10 + at // 12}-{at % 12 + 1:02}-01",
            publisher="Le Courrier",
            url="https://a.org/x",
        )
        article = read_bytes(
            f"Un titre\n\n« {said} », a dit Ana Roy, maire.".encode(), "bench", facts
        )
        made.append(Passage(extract_quotes(article)[0], article))
    began = time.perf_counter()
    cards(made[0], say)
    print(
        f"{'the first card, with the libraries loaded for it':52} "
        f"{(time.perf_counter() - began) * 1e3:6.0f} ms"
    )
    for pair, words in zip(made, (8, 40, 150), strict=False):
        work = partial(cards, pair, say)
        print(f"a quote of {words:3} words, {len(work())} card(s){'':24} {timed(work):6.0f} ms")
    speaker = made[0][0].speaker
    if speaker:
        print(
            f"{'a timeline of 60 statements':52} "
            f"{timed(lambda: timeline(speaker, in_time(made), say)):6.0f} ms"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
