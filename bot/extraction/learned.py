"""Learned decisions: linear models over named features, their weights being data of the package.

``bench/fit_extraction.py`` fits them: "reference" and "source" choose one of several options (a
softmax over the options' sums), "speech" says yes or no (a logistic function of the sum).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

Features = dict[str, float]
Weights = Mapping[str, Mapping[str, float]]


@dataclass(slots=True)
class Choice:
    """One decision: its model, the options' features and what they stand for, which was taken, how
    surely (0 to 1).
    """

    model: str
    options: list[Features]
    values: list[object]
    taken: int = -1
    sure: float = 0.0
    behind: list[Choice] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)

    @property
    def value(self) -> object:
        """What the option taken stands for."""
        return self.values[self.taken] if self.taken >= 0 else None

    def shares(self) -> list[float]:
        """Each option's probability; all of it is the taken one's where nothing was weighed."""
        if not self.sums:
            return [float(number == self.taken) for number in range(len(self.values))]
        return softmax(self.sums)


@cache
def weights() -> Weights:
    """The fitted weights by model and feature."""
    read: Weights = json.loads((files(__package__) / "weights.json").read_text("utf-8"))
    return read


def total(model: str, features: Features, table: Weights | None = None) -> float:
    """The sum of a model's weights over some features."""
    own = (table or weights()).get(model, {})
    return sum(own.get(name, 0.0) * value for name, value in features.items())


def choose(
    model: str, options: Sequence[Features], values: Sequence[object], table: Weights | None = None
) -> Choice:
    """The option with the highest sum; its share of the softmax says how sure the choice is."""
    choice = Choice(model, list(options), list(values))
    if options:
        choice.sums = [total(model, features, table) for features in options]
        choice.taken = max(range(len(options)), key=choice.sums.__getitem__)
        choice.sure = max(softmax(choice.sums))
    return choice


def softmax(sums: Sequence[float]) -> list[float]:
    """The shares that sums stand for, adding up to one."""
    top = max(sums)
    shares = [math.exp(max(-60.0, value - top)) for value in sums]
    whole = sum(shares)
    return [share / whole for share in shares]


def probability(model: str, features: Features, table: Weights | None = None) -> float:
    """The probability of "yes"."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, total(model, features, table)))))
