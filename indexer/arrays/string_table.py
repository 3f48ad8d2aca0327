"""Tables of strings in a file of arrays: one run of UTF-8 and the start of each string.

A table `name` is two arrays: `name.text`, bytes, and `name.start`, the offset of each string and
the end. Strings may hold lone surrogates. Those that are sorted by their bytes, which is the order
of their code points, can be searched where they lie.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np

from indexer.arrays.array_file import Array, ArrayFile

ABSENT: Final = -1
"""The number of a string, term or document that is not there."""

_SAMPLE_STEP: Final = 16
"""Strings from one that is kept in memory, to look others up, to the next."""

_HIGHEST_BYTE: Final = b"\xff"
"""Follows every continuation of a string; UTF-8 has no such byte."""


def encode_string(text: str) -> bytes:
    """Return a string in UTF-8, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def decode_string(encoded: bytes) -> str:
    """Return the string that `encode_string` encoded."""
    return encoded.decode("utf-8", "surrogatepass")


def string_table_arrays(name: str, strings: Sequence[str]) -> dict[str, Array]:
    """Return the arrays of a table of strings, in the order given."""
    encoded = [encode_string(string) for string in strings]
    starts = np.zeros(len(encoded) + 1, np.uint32)  # (strings + 1,) offset in bytes
    np.cumsum([len(string) for string in encoded], out=starts[1:])
    return {f"{name}.text": np.frombuffer(b"".join(encoded), np.uint8), f"{name}.start": starts}


class StringTable:
    """A table of strings, mapped; `insertion_point`, `find` and `prefix_range` need sorted ones."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        """Map the table of a name."""
        self._text, self._start = file.array(f"{name}.text"), file.array(f"{name}.start")

    def __len__(self) -> int:
        return len(self._start) - 1

    def encoded(self, index: int) -> bytes:
        """Return one string in UTF-8."""
        return self._text.read_bytes(self._start.item(index), self._start.item(index + 1))

    def string(self, index: int) -> str:
        """Return one string."""
        return decode_string(self.encoded(index))

    def strings(self) -> list[str]:
        """Return all strings; much faster than one by one."""
        text, starts = self._text.read().tobytes(), self._start.read().tolist()
        return [
            decode_string(text[low:high]) for low, high in zip(starts, starts[1:], strict=False)
        ]

    def insertion_point(self, encoded: bytes, low: int = 0, high: int | None = None) -> int:
        """Return where in [low, high) a string belongs: after all smaller ones."""
        high = len(self) if high is None else high
        # A part may be sorted in a table that is not.
        if high - low == len(self) > _SAMPLE_STEP:
            place = bisect_left(self._samples, encoded)
            # The samples before `place` are smaller, that of `place` is not.
            low = (place - 1) * _SAMPLE_STEP + 1 if place else 0
            high = min(place * _SAMPLE_STEP, high)
        return bisect_left(range(high), encoded, low, high, key=self.encoded)

    @cached_property
    def _samples(self) -> list[bytes]:
        """Every `_SAMPLE_STEP`th string: a list is bisected much faster than what is mapped."""
        return [self.encoded(index) for index in range(0, len(self), _SAMPLE_STEP)]

    def find(self, string: str, low: int = 0, high: int | None = None) -> int:
        """Return the number of a string among those in [low, high), or `ABSENT`."""
        encoded = encode_string(string)
        high = len(self) if high is None else high
        index = self.insertion_point(encoded, low, high)
        return index if index < high and self.encoded(index) == encoded else ABSENT

    def prefix_range(self, prefix: str) -> tuple[int, int]:
        """Return the range [low, high) of the strings with this prefix."""
        encoded = encode_string(prefix)
        return self.insertion_point(encoded), self.insertion_point(encoded + _HIGHEST_BYTE)
