"""Tables of strings in a file of arrays: one run of UTF-8 and the start of each string.

A table `name` is two arrays: `name.text`, bytes, and `name.start`, the offset of each string and
the end. Strings may hold lone surrogates. Those that are sorted by their bytes, which is the order
of their code points, can be searched where they lie.
"""

from __future__ import annotations

import itertools
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

_KEY_BYTES: Final = 8
"""Bytes of the longest string that is looked up together with others: they fit one integer."""

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
        encoded, starts = self._text.read(), self._start.read()
        # All bytes are decoded at once, and cut where the letters of each string begin.
        text = decode_string(encoded.tobytes())
        letters = np.zeros(len(encoded) + 1, np.uint32)  # (bytes + 1,) letters before each
        np.cumsum((encoded & 0xC0) != 0x80, out=letters[1:])
        cuts = letters[starts].tolist()
        return [text[low:high] for low, high in itertools.pairwise(cuts)]

    def strings_at(self, indexes: Array) -> list[str]:
        """Return some strings, faster than one by one."""
        starts = self._start.read()
        ends = zip(starts.take(indexes).tolist(), starts.take(indexes + 1).tolist(), strict=True)
        return [decode_string(self._text.read_bytes(low, high)) for low, high in ends]

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

    def find_all(self, strings: Sequence[str]) -> Array:
        """Return the number of each string, or `ABSENT`; short ones are looked up together."""
        encoded = [encode_string(string) for string in strings]
        has_key = [len(text) <= _KEY_BYTES and b"\0" not in text for text in encoded]
        numbers = np.full(len(encoded), ABSENT, np.int64)
        for place, string in enumerate(strings):
            if not has_key[place]:
                numbers[place] = self.find(string)
        table_keys, table_numbers = self._short_strings
        if not any(has_key) or not len(table_keys):
            return numbers
        padded = np.array(list(itertools.compress(encoded, has_key)), f"S{_KEY_BYTES}")
        keys = padded.view(">u8").astype(np.uint64)  # in the order of the strings
        places = np.searchsorted(table_keys, keys)
        places[places == len(table_keys)] = 0
        known = table_keys.take(places) == keys
        numbers[has_key] = np.where(known, table_numbers.take(places), ABSENT)
        return numbers

    @cached_property
    def _short_strings(self) -> tuple[Array, Array]:
        """The strings of up to `_KEY_BYTES` bytes as big-endian integers, and their numbers.

        Those that hold the byte 0 are left out: others end with it as integers.
        """
        text, starts = self._text.read(), self._start.read().astype(np.int64)
        lengths = np.diff(starts)  # (strings,) in bytes
        short = np.flatnonzero(lengths <= _KEY_BYTES)
        keys = np.zeros(len(short), np.uint64)
        has_zero = np.zeros(len(short), bool)
        for place in range(_KEY_BYTES):
            inside = lengths[short] > place
            letters = text[starts[short[inside]] + place]
            has_zero[inside] |= letters == 0
            keys[inside] |= letters.astype(np.uint64) << np.uint64(8 * (_KEY_BYTES - 1 - place))
        return keys[~has_zero], short[~has_zero]

    def prefix_range(self, prefix: str) -> tuple[int, int]:
        """Return the range [low, high) of the strings with this prefix."""
        encoded = encode_string(prefix)
        return self.insertion_point(encoded), self.insertion_point(encoded + _HIGHEST_BYTE)
