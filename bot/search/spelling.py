"""A name's word in its spellings: "Putin" and "Poutine", a letter wrong."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA

NEAR = 0.8
"""Least similarity of a misspelt name's word."""
LONG = 5
"""Letters from which on a word may be misspelt."""


@cache
def _variants() -> dict[str, frozenset[str]]:
    groups = tomllib.loads((files(__package__) / "names.toml").read_text("utf-8"))["variants"]
    return {word: frozenset(group) for group in groups for word in group}


def spellings(word: str) -> frozenset[str]:
    """A folded word of a name in all its spellings: "putin" is "poutine", too."""
    return _variants().get(word, frozenset((word,)))


def same_word(word: str, own: str) -> bool:
    """May a folded word stand for this one of a name: itself, another spelling of it, or a slip in
    a long one?
    """
    if word == own or own in spellings(word):
        return True
    if min(len(word), len(own)) < LONG or word[0] != own[0]:
        return False
    return OSA.normalized_similarity(word, own) >= NEAR
