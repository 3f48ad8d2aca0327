"""One file of named arrays: written once, mapped for reading, every part checked before use.

Layout, all little-endian: a 16-byte header (magic, version), the arrays one after another, each
at a multiple of 64 bytes, the CRC-32 of every `CHUNK` bytes so far, a directory (JSON: name,
type, offset, length of each array), and a footer with the place and the CRC-32 of both. A chunk
is checked when something in it is first used, so that opening reads only the end of the file.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.errors import EngineError

MAGIC: Final = b"TANGTHU\n"
VERSION: Final = 1
CHUNK: Final = 1 << 14
"""Bytes that one checksum covers."""

_HEADER: Final = struct.Struct("<8sQ")
_FOOTER: Final = struct.Struct("<QQIIQ8s")
_ALIGNMENT: Final = 64
_TYPES: Final = frozenset({"|u1", "<u2", "<u4", "<u8", "<i8", "<f8"})

Array = NDArray[Any]


def write_arrays(path: Path, name: str, arrays: Iterable[tuple[str, Array]]) -> int:
    """Write a new file and make it survive a loss of power; returns its check value.

    Args:
        path: where; there must be nothing yet.
        name: what the file calls itself, so that two files cannot be mistaken for each other.
        arrays: names and one-dimensional arrays of numbers; taken, and let go, one by one.
    """
    checks = _Checks()
    with path.open("xb") as file:
        at = checks.write(file, _HEADER.pack(MAGIC, VERSION))
        directory: dict[str, tuple[str, int, int]] = {}
        for key, array in arrays:
            at += checks.write(file, bytes(-at % _ALIGNMENT))
            directory[key] = (array.dtype.newbyteorder("<").str, at, len(array))
            at += checks.write(file, np.ascontiguousarray(array).view(np.uint8).data)
        sums = np.array(checks.finish(), "<u4").tobytes()
        record = json.dumps({"name": name, "arrays": directory}, separators=(",", ":")).encode()
        check = zlib.crc32(record, zlib.crc32(sums))
        file.write(sums + record + _FOOTER.pack(at, len(record), check, 0, VERSION, MAGIC))
        file.flush()
        os.fsync(file.fileno())
    return check


def ranges(low: Array, high: Array) -> Array:
    """The numbers of all the ranges [low, high), one after another."""
    sizes = high - low
    ends = np.cumsum(sizes)
    shifts: Array = np.repeat(low - (ends - sizes), sizes)
    return np.arange(len(shifts)) + shifts


def texts_arrays(name: str, texts: Sequence[str]) -> dict[str, Array]:
    """Texts as one run of UTF-8 and where each begins."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    starts = np.zeros(len(encoded) + 1, np.uint32)
    np.cumsum([len(each) for each in encoded], out=starts[1:])
    return {f"{name}.text": np.frombuffer(b"".join(encoded), np.uint8), f"{name}.start": starts}


class _Checks:
    """The CRC-32 of every chunk of what is written."""

    def __init__(self) -> None:
        self._sums: list[int] = []
        self._sum = self._filled = 0

    def write(self, file: Any, data: bytes | memoryview) -> int:
        """Write bytes; returns how many."""
        file.write(data)
        rest = memoryview(data)
        while len(rest):
            part = rest[: CHUNK - self._filled]
            self._sum = zlib.crc32(part, self._sum)
            self._filled += len(part)
            rest = rest[len(part) :]
            if self._filled == CHUNK:
                self._sums.append(self._sum)
                self._sum = self._filled = 0
        return len(data)

    def finish(self) -> list[int]:
        """The sums, that of the last, shorter chunk included."""
        return [*self._sums, self._sum] if self._filled else self._sums


class ArrayFile:
    """A file of arrays, mapped into memory; safe to share between threads."""

    def __init__(self, path: Path, name: str, check: int | None) -> None:
        """Map the file and check its end.

        Args:
            path: where it is.
            name: what it has to call itself.
            check: what `write_arrays` returned; None takes the file's own word for it.

        Raises:
            EngineError: it is not there, or not the file that was written.
        """
        self._path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise EngineError(f"{path} cannot be read ({error}); run `tangthu rebuild`") from error
        self._bytes = memoryview(self._map)
        self._directory = self._read_directory(name, check)

    def _read_directory(self, name: str, check: int | None) -> dict[str, tuple[str, int, int]]:
        data = self._bytes
        if len(data) < _HEADER.size + _FOOTER.size:
            raise self._damaged("it is too short")
        at, length, found, _, version, magic = _FOOTER.unpack(data[-_FOOTER.size :])
        start = (magic, version)
        if start != (MAGIC, VERSION) or _HEADER.unpack(data[: _HEADER.size]) != start:
            raise self._damaged("it is no file of this format")
        sums = -(-at // CHUNK) * 4
        check = found if check is None else check
        if found != check or at + sums + length + _FOOTER.size != len(data):
            raise self._damaged("it is not the file that was written")
        if zlib.crc32(data[at : at + sums + length]) != check:
            raise self._damaged("its directory does not match its checksum")
        self._sums = data[at : at + sums].cast("I")
        self.checked = bytearray(len(self._sums))
        self._end = at
        try:
            record = json.loads(bytes(data[at + sums : at + sums + length]))
            called, arrays = record["name"], record["arrays"]
            directory = {key: (kind, at, size) for key, (kind, at, size) in arrays.items()}
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise self._damaged(f"its directory makes no sense ({error})") from error
        if called != name:
            raise self._damaged(f"it calls itself {called}")
        return directory

    def _damaged(self, why: str) -> EngineError:
        return EngineError(f"{self._path} is damaged: {why}; run `tangthu rebuild`")

    def column(self, name: str) -> Column:
        """One of the arrays."""
        try:
            kind, at, length = self._directory[name]
        except KeyError as error:
            raise self._damaged(f"it has no {name}") from error
        if kind not in _TYPES or min(at, length) < 0:
            raise self._damaged(f"its {name} is of no known type")
        dtype = np.dtype(kind)
        if at + length * dtype.itemsize > self._end:
            raise self._damaged(f"its {name} is out of place")
        return Column(self, np.frombuffer(self._bytes, dtype, length, at), at)

    def check(self, low: int, high: int) -> None:
        """Make sure that the bytes in [low, high) are those that were written.

        Raises:
            EngineError: they are not.
        """
        first, last = low // CHUNK, (high - 1) // CHUNK + 1
        at = self.checked.find(0, first, last)
        while at >= 0:
            chunk = self._bytes[at * CHUNK : min((at + 1) * CHUNK, self._end)]
            if zlib.crc32(chunk) != self._sums[at]:
                raise self._damaged(f"bytes {at * CHUNK} and on do not match their checksum")
            self.checked[at] = 1
            at = self.checked.find(0, at, last)

    def check_all(self) -> None:
        """Make sure that the whole file is what was written."""
        self.check(0, self._end)


class Column:
    """One array of a file; a part is checked when it is read."""

    __slots__ = ("_array", "_checked", "_file", "_size", "_start", "_view")

    def __init__(self, file: ArrayFile, array: Array, start: int) -> None:
        """Look at an array that starts at this byte of the file."""
        self._file, self._array, self._start = file, array, start
        self._checked, self._size = file.checked, array.itemsize
        # A memoryview hands out single numbers several times faster than NumPy.
        self._view = array.data

    def __len__(self) -> int:
        return len(self._array)

    def all(self) -> Array:
        """The whole array."""
        return self.part(0, len(self._array))

    def part(self, low: int, high: int) -> Array:
        """The values in [low, high)."""
        self._check(low, high)
        return self._array[low:high]

    def bytes(self, low: int, high: int) -> bytes:
        """The values in [low, high) of an array of bytes."""
        self._check(low, high)
        return self._view[low:high].tobytes()

    def at(self, index: int) -> int:
        """One value."""
        if not self._checked[(self._start + index * self._size) // CHUNK]:
            self._check(index, index + 1)
        value: int = self._view[index]
        return value

    def _check(self, low: int, high: int) -> None:
        if high > low:
            first = (self._start + low * self._size) // CHUNK
            last = (self._start + high * self._size - 1) // CHUNK
            if first != last or not self._checked[first]:
                self._file.check(first * CHUNK, (last + 1) * CHUNK)
