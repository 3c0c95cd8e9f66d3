"""The reader's heads: from the states of a window's tokens to scores, in numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.reader.windows import Window

Floats = NDArray[np.float32]
_BARRED = -30.0  # a mention inside the words themselves
_CUBIC = 0.044715  # of the usual approximation of GELU (Hendrycks & Gimpel 2016)


class Heads:
    """The trained matrices, by name (see ``bench/reader_model.py``)."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as file:
            self._of = {name: file[name].astype(np.float32) for name in file.files}

    def _linear(self, name: str, x: Floats) -> Floats:
        y: Floats = x @ self._of[f"{name}.weight"].T
        bias = self._of.get(f"{name}.bias")
        return y if bias is None else y + bias

    def stretches(self, h: Floats, w: Window) -> tuple[Floats, Floats]:
        """[stretches, mentions, 2] and [stretches] logits of a window with states [tokens, H]."""
        around = np.stack([_around(h, *at) for at in w.stretches_at])
        speech: Floats = self._linear("s2", _gelu(self._linear("s1", around)))[:, 0]
        if not w.mentions:
            return np.zeros((len(w.stretches), 0, 2), np.float32), speech
        at = np.array(w.mentions_at)
        q = self._linear("q", around)
        m = self._linear("m", np.concatenate([h[at[:, 0]], h[at[:, 1]]], 1))
        mixed = q[:, None] + m[None]
        mixed = mixed + self._linear("u", np.tanh(q)[:, None] * np.tanh(m)[None])
        mixed = mixed + self._of["distance.weight"][np.array(w.distance)]
        mixed = mixed + self._of["sentences.weight"][np.array(w.sentences)]
        mixed = mixed + self._of["kind.weight"][np.array(w.kinds)][None]
        scores = self._linear("out", _gelu(mixed))
        scores[np.array(w.inside)] = _BARRED
        return scores, speech

    def tags(self, h: Floats) -> Floats:
        """[tokens, 3] probabilities of outside, beginning and inside."""
        z = self._linear("t", h)
        e = np.exp(z - z.max(1, keepdims=True))
        return np.asarray(e / e.sum(1, keepdims=True), np.float32)


def _around(h: Floats, first: int, last: int) -> Floats:
    """A stretch's states: before, first, mean, after, after that."""
    end = len(h) - 1
    rows = [h[max(first - 1, 0)], h[first], h[first : last + 1].mean(0)]
    return np.concatenate([*rows, h[min(last + 1, end)], h[min(last + 2, end)]])


def _gelu(x: Floats) -> Floats:
    return np.asarray(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + _CUBIC * x**3))), np.float32)
