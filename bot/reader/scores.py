"""What the reader says of a stretch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """One stretch's scores (logits, by the numbers of the mentions that were read with it):
    ``anywhere`` that a mention is one of its speaker's, ``beside`` that it is the one that tells
    the reader so; and that the stretch is speech at all.
    """

    anywhere: dict[int, float]
    beside: dict[int, float]
    speech: float
