"""The learned reader of attributions: one pass of a small encoder over an article scores every
stretch against every mention.

The encoder is multilingual-e5-small (Wang et al. 2024, MIT licence), fine-tuned by
``bench/fit_reader.py`` and kept in eight bits; it runs in onnxruntime, on one thread, because
articles are read in several processes.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain.errors import VerbatimError
from bot.reader.heads import Heads
from bot.reader.pieces import Pieces
from bot.reader.scores import Score
from bot.reader.windows import Place, Tokens, Window, windows

Floats = NDArray[np.float32]
FOLDER = Path(__file__).parent / "model"
_AT_ONCE = 4  # windows of one pass


class Reader:
    """Opened once a process; may be asked from several threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """VerbatimError where a file is missing or is not the one that was trained; ImportError
        without onnxruntime or tokenizers.
        """
        import onnxruntime

        _check(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = Pieces.open(folder / "pieces.json")
        self._heads = Heads(folder / "heads.npz")

    def read(self, text: str) -> Reading:
        """One pass of the encoder over a text."""
        tokens = self._pieces.tokens(text)
        empty = windows(tokens, (), ()) if len(tokens.ids) else []
        states: dict[int, Floats] = {}
        for start in range(0, len(empty), _AT_ONCE):
            batch = empty[start : start + _AT_ONCE]
            for window, h in zip(batch, self._states(batch), strict=True):
                states[window.start] = h
        return Reading(tokens, states, self._heads)

    def _states(self, batch: Sequence[Window]) -> list[Floats]:
        longest = max(len(w.ids) for w in batch)
        ids = np.ones((len(batch), longest), np.int64)
        mask = np.zeros((len(batch), longest), np.bool_)
        for row, w in enumerate(batch):
            ids[row, : len(w.ids)] = w.ids
            mask[row, : len(w.ids)] = True
        (h,) = self._session.run(None, {"ids": ids, "mask": mask})
        return [h[row, : len(w.ids)] for row, w in enumerate(batch)]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's states by the first token of their window; asked for scores as often as needed."""

    tokens: Tokens
    states: Mapping[int, Floats]
    heads: Heads

    def scores(self, stretches: Sequence[Place], mentions: Sequence[Place]) -> list[Score]:
        """Each stretch's scores against the mentions around it; places are code points."""
        if not self.states:
            return [Score({}, {}, 0.0) for _ in stretches]
        found: dict[int, Score] = {}
        for window in windows(self.tokens, stretches, mentions):
            if not window.stretches:
                continue
            sums, speech = self.heads.stretches(self.states[window.start], window)
            for row, number in enumerate(window.stretches):
                anywhere, beside = sums[row, :, 0].tolist(), sums[row, :, 1].tolist()
                found[number] = Score(
                    dict(zip(window.mentions, anywhere, strict=True)),
                    dict(zip(window.mentions, beside, strict=True)),
                    float(speech[row]),
                )
        return [found[number] for number in range(len(stretches))]

    def reported(self) -> Floats:
        """For each token the probabilities that it is outside, at the beginning of, or inside a
        reported statement: [tokens, 3].
        """
        sums = np.zeros((len(self.tokens.ids), 3), np.float32)
        for start, h in self.states.items():
            sums[start : start + len(h) - 2] += self.heads.tags(h[1:-1])
        return np.asarray(sums / np.maximum(sums.sum(1, keepdims=True), 1e-9), np.float32)


def _check(folder: Path) -> None:
    """Are the files those that were trained together?"""
    try:
        sums: dict[str, str] = json.loads((folder / "checksums.json").read_text("utf-8"))
        for name, wanted in sums.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
                raise VerbatimError(
                    f"the reader's {name} is damaged: install Verbatim again, or say "
                    "VERBATIM_READER=off"
                )
    except OSError as error:
        raise VerbatimError(
            f"the reader is missing ({error.filename}): install Verbatim again"
        ) from error


def installed() -> Reader | None:
    """This process's reader, opened when first asked for; None where ``VERBATIM_READER`` is
    ``off``, or where the engine has no wheel for this machine.

    VerbatimError where its files are damaged.
    """
    return None if os.environ.get("VERBATIM_READER", "auto").lower() == "off" else _opened()


@cache
def _opened() -> Reader | None:
    try:
        return Reader()
    except ImportError:
        return None
