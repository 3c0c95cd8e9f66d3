"""Vectors by what they are vectors of: found again after any rebuild, shared by processes, checked
when read.
"""

from __future__ import annotations

import threading
import zlib
from pathlib import Path

import numpy as np
import simsimd
from filelock import FileLock
from numpy.typing import NDArray

_CHUNK = 65_536  # records that are copied at a time
_MANY = 200_000  # vectors from which on comparing them is worth a second thread
Keys = NDArray[np.uint64]
Floats = NDArray[np.float32]


class Vectors:
    """A table from keys (uint64) to unit vectors, kept as bytes: their direction is all that
    counts.

    With a ``path`` it is a file of equal records (key, CRC-32 of the rest, vector: 396 bytes at 384
    dimensions) that any number of processes map and append to under a lock; a record that is not
    what was written is as if absent, and so is a half-written one at the end. ``path`` None: in
    memory.
    """

    def __init__(self, size: int, path: Path | None = None) -> None:
        self.path = path
        self._type = np.dtype([("key", "<u8"), ("sum", "<u4"), ("vector", "i1", size)])
        self._lock = threading.Lock()
        self._records = np.zeros(0, self._type)
        self._sound = np.zeros(0, np.bool_)
        self.version = 0
        """Changes whenever the table does."""
        self._file = 0  # the inode of what is mapped
        self._sorted: tuple[int, Keys, NDArray[np.int64]] = (
            0,
            np.zeros(0, np.uint64),
            np.zeros(0, np.int64),
        )
        self.refresh()

    def refresh(self) -> None:
        """Take in what other processes have appended."""
        if self.path is None or not self.path.exists():
            return
        with self._lock:
            found = self.path.stat()
            count = found.st_size // self._type.itemsize
            if found.st_ino != self._file or count < len(self._records):  # somebody has begun anew
                self._records, self._sound = np.zeros(0, self._type), np.zeros(0, np.bool_)
                self._file = found.st_ino
                self.version += 1
            if count > len(self._records):
                records = np.memmap(self.path, self._type, "r", shape=(count,))
                fresh = records[len(self._sound) :]
                self._sound = np.concatenate([self._sound, _sums(fresh) == fresh["sum"]])
                self._records = records
                self.version += 1

    def rows(self, keys: Keys) -> NDArray[np.int64]:
        """Where the vector of each key stands; -1 where there is none."""
        with self._lock:
            records, sound = self._records, self._sound
            if self._sorted[0] != self.version:
                whole = np.flatnonzero(sound)
                order = whole[np.argsort(records["key"][whole], kind="stable")]
                self._sorted = (self.version, records["key"][order], order)
            _, known, order = self._sorted
        if not len(known):
            return np.full(len(keys), -1, np.int64)
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[at] == keys, order[at], -1)

    def add(self, keys: Keys, vectors: Floats) -> None:
        """Keep some vectors; OSError when the file can't be written."""
        records = np.zeros(len(keys), self._type)
        largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
        records["key"], records["vector"] = keys, np.rint(vectors / largest * 127).astype(np.int8)
        records["sum"] = _sums(records)
        if self.path is None:
            with self._lock:
                self._records = np.concatenate([self._records, records])
                self._sound = np.concatenate([self._sound, np.ones(len(records), np.bool_)])
                self.version += 1
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self.path}.lock", mode=0o600), self.path.open("ab") as file:
            file.truncate(
                file.tell() // self._type.itemsize * self._type.itemsize
            )  # what a killed process began
            file.write(records.tobytes())
        self.refresh()

    def cosines(self, vector: Floats) -> Floats:
        """The likeness (cosine, -1 to 1) of a vector to each of the table, in the order of its
        rows.
        """
        with self._lock:
            records = self._records
        if not len(records):
            return np.zeros(0, np.float32)
        asked = np.rint(vector / max(float(np.abs(vector).max()), 1e-9) * 127).astype(np.int8)
        threads = 2 if len(records) > _MANY else 1
        distances = np.asarray(
            simsimd.cdist(asked[None], records["vector"], "cos", threads=threads), np.float32
        )[0]
        return np.asarray(1.0 - distances, np.float32)


def _sums(records: NDArray[np.void]) -> NDArray[np.uint32]:
    """The CRC-32 of each record's key and vector."""
    size, sums = records.itemsize, np.zeros(len(records), np.uint32)
    for start in range(0, len(records), _CHUNK):
        data = records[start : start + _CHUNK].tobytes()
        for at in range(0, len(data), size):
            sums[start + at // size] = zlib.crc32(
                data[at + 12 : at + size], zlib.crc32(data[at : at + 8])
            )
    return sums
