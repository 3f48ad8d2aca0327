"""One file of named arrays: written once, mapped for reading, every part checked before use.

Layout, all little-endian: a 16-byte header (magic, version), the arrays one after another, each
at a multiple of 64 bytes, the CRC-32 of every `CHUNK` bytes so far, a directory (JSON: name,
type, offset, length of each array), and a footer with the place and the CRC-32 of both. A chunk
is checked when something in it is first used, so that opening reads only the end of the file.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from archive.errors import DamagedError, EngineError
from archive.files.atomic_files import replacing
from archive.files.json_records import decode_json_record
from archive.files.plain_files import open_plain_file

MAGIC: Final = b"TANGTHU\n"
VERSION: Final = 1
CHUNK: Final = 1 << 14
"""Bytes that one checksum covers."""

_HEADER: Final = struct.Struct("<8sQ")
"""Magic, version."""

_FOOTER: Final = struct.Struct("<QQIIQ8s")
"""End of the arrays, bytes of the directory, CRC-32 of checksums and it, 0, version, magic."""

_ALIGNMENT: Final = 64
"""Every array begins at a multiple of as many bytes."""

_TYPES: Final = frozenset({"|u1", "<u2", "<u4", "<u8", "<i8", "<f8"})
"""The array types of the format, as NumPy spells them."""

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Directory:
    """The directory of a file.

    Attributes:
        name: the name the file calls itself by.
        arrays: NumPy type, offset (bytes) and length (values) of each array.
    """

    name: str
    arrays: dict[str, tuple[str, int, int]]


def write_arrays(path: Path, name: str, arrays: Iterable[tuple[str, Array]]) -> int:
    """Write a file of arrays, durably and at once, and return its check value.

    Args:
        path: the file; one that is there already is replaced.
        name: the name the file calls itself by, so that two files cannot be mistaken.
        arrays: names and one-dimensional arrays of numbers; taken, and let go, one by one.
    """
    directory: dict[str, tuple[str, int, int]] = {}
    with replacing(path) as file:
        checksums = _ChunkChecksums(file)
        offset = checksums.write(_HEADER.pack(MAGIC, VERSION))
        for key, array in arrays:
            offset += checksums.write(bytes(-offset % _ALIGNMENT))
            directory[key] = (array.dtype.newbyteorder("<").str, offset, len(array))
            offset += checksums.write(np.ascontiguousarray(array).view(np.uint8).data)
        sums = np.array(checksums.finish(), "<u4").tobytes()
        record = json.dumps({"name": name, "arrays": directory}, separators=(",", ":")).encode()
        check = zlib.crc32(record, zlib.crc32(sums))
        file.write(sums + record + _FOOTER.pack(offset, len(record), check, 0, VERSION, MAGIC))
    return check


def concatenate_ranges(low: Array, high: Array) -> Array:
    """Return the numbers of all the ranges [low, high), one range after another."""
    sizes = high - low
    ends = np.cumsum(sizes)  # (ranges,) where each range ends in the result
    shifts: Array = np.repeat(low - (ends - sizes), sizes)  # (result,) its number less its place
    return np.arange(len(shifts)) + shifts


class _ChunkChecksums:
    """Writes a file and keeps the CRC-32 of every chunk of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sums: list[int] = []
        self._sum = self._filled = 0

    def write(self, data: bytes | memoryview) -> int:
        """Write bytes; return their number."""
        self._file.write(data)
        unread = memoryview(data)
        while len(unread):
            piece = unread[: CHUNK - self._filled]
            self._sum = zlib.crc32(piece, self._sum)
            self._filled += len(piece)
            unread = unread[len(piece) :]
            if self._filled == CHUNK:
                self._sums.append(self._sum)
                self._sum = self._filled = 0
        return len(data)

    def finish(self) -> list[int]:
        """Return the checksums, that of the last, shorter chunk included."""
        return [*self._sums, self._sum] if self._filled else self._sums


class ArrayFile:
    """A file of arrays, mapped into memory; safe to share between threads.

    Attributes:
        verified: for each chunk, 1 once it was found to match its checksum.
    """

    def __init__(self, path: Path, name: str, check: int | None) -> None:
        """Map the file and check its end.

        Args:
            path: the file.
            name: the name it has to call itself by.
            check: what `write_arrays` returned; None takes the check value in the file itself.

        Raises:
            EngineError: it is missing, or not the file that was written.
        """
        self._path = path
        try:
            with open_plain_file(path) as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise EngineError(f"{path} cannot be read ({error}); run `tangthu rebuild`") from error
        self._bytes = memoryview(self._map)
        self._directory = self._read_directory(name, check)
        self._arrays: dict[str, MappedArray] = {}

    def _read_directory(self, name: str, check: int | None) -> dict[str, tuple[str, int, int]]:
        data = self._bytes
        if len(data) < _HEADER.size + _FOOTER.size:
            raise self.damaged("it is too short")
        end, length, own_check, _, version, magic = _FOOTER.unpack(data[-_FOOTER.size :])
        stamp = (magic, version)
        if stamp != (MAGIC, VERSION) or _HEADER.unpack(data[: _HEADER.size]) != stamp:
            raise self.damaged("it is no file of this format")
        sums_end = end + -(-end // CHUNK) * 4
        check = own_check if check is None else check
        if own_check != check or sums_end + length + _FOOTER.size != len(data):
            raise self.damaged("it is not the file that was written")
        if zlib.crc32(data[end : sums_end + length]) != check:
            raise self.damaged("its directory does not match its checksum")
        self._sums = data[end:sums_end].cast("I")  # (chunks,) CRC-32
        self.verified = bytearray(len(self._sums))
        self._end = end
        try:
            directory = decode_json_record(bytes(data[sums_end : sums_end + length]), _Directory)
        except DamagedError as error:
            raise self.damaged(f"its directory makes no sense ({error})") from error
        if directory.name != name:
            raise self.damaged(f"it calls itself {directory.name}")
        return directory.arrays

    def damaged(self, reason: str) -> EngineError:
        """Return the error that names this file and what is wrong with it."""
        return EngineError(f"{self._path} is damaged: {reason}; run `tangthu rebuild`")

    def __contains__(self, name: str) -> bool:
        """Tell whether the file has an array of this name."""
        return name in self._directory

    def array(self, name: str) -> MappedArray:
        """Return one of the arrays.

        Raises:
            EngineError: the file has no such array, or its directory is wrong about it.
        """
        array = self._arrays.get(name)
        if array is None:
            array = self._arrays[name] = self._map_array(name)
        return array

    @contextmanager
    def damage_named(self) -> Iterator[None]:
        """Name the file where its arrays do not fit one another.

        Raises:
            EngineError: they do not.
        """
        try:
            yield
        except (IndexError, ValueError, OverflowError, MemoryError) as error:
            raise self.damaged(f"its arrays do not fit ({error})") from error

    def type_and_length(self, name: str) -> tuple[str, int]:
        """Return the NumPy type of an array, and how many values it has.

        Raises:
            EngineError: the file has no such array.
        """
        kind, _, length = self._entry(name)
        return kind, length

    def _entry(self, name: str) -> tuple[str, int, int]:
        try:
            return self._directory[name]
        except KeyError as error:
            raise self.damaged(f"it has no {name}") from error

    def _map_array(self, name: str) -> MappedArray:
        kind, offset, length = self._entry(name)
        if kind not in _TYPES or min(offset, length) < 0:
            raise self.damaged(f"its {name} is of no known type")
        dtype = np.dtype(kind)
        if offset + length * dtype.itemsize > self._end:
            raise self.damaged(f"its {name} is out of place")
        return MappedArray(self, np.frombuffer(self._bytes, dtype, length, offset), offset)

    def verify(self, low: int = 0, high: int | None = None) -> None:
        """Make sure that the bytes in [low, high), or all, are those that were written.

        Raises:
            EngineError: they are not.
        """
        high = self._end if high is None else high
        first, last = low // CHUNK, (high - 1) // CHUNK + 1
        chunk = self.verified.find(0, first, last)
        while chunk >= 0:
            start = chunk * CHUNK
            if zlib.crc32(self._bytes[start : min(start + CHUNK, self._end)]) != self._sums[chunk]:
                raise self.damaged(f"bytes {start} and on do not match their checksum")
            self.verified[chunk] = 1
            chunk = self.verified.find(0, chunk, last)

    def release(self) -> None:
        """Let go of the memory that holds what was read; it is read again where it is needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


class MappedArray:
    """One array of a file; the chunks that a value is read from are checked first."""

    __slots__ = ("_array", "_file", "_item_size", "_offset", "_verified", "_view")

    def __init__(self, file: ArrayFile, array: Array, offset: int) -> None:
        """Wrap an array that starts at this byte of the file."""
        self._file, self._array, self._offset = file, array, offset
        self._verified, self._item_size = file.verified, array.itemsize
        # A memoryview hands out single numbers several times faster than NumPy.
        self._view = array.data

    def __len__(self) -> int:
        return len(self._array)

    def read(self, low: int = 0, high: int | None = None) -> Array:
        """Return the values in [low, high), by default all; nothing is copied."""
        high = len(self._array) if high is None else high
        self._verify(low, high)
        return self._array[low:high]

    def read_bytes(self, low: int, high: int) -> bytes:
        """Return a copy of the values in [low, high) of an array of bytes."""
        self._verify(low, high)
        return self._view[low:high].tobytes()

    def item(self, index: int) -> int:
        """Return one value."""
        if not self._verified[(self._offset + index * self._item_size) // CHUNK]:
            self._verify(index, index + 1)
        value: int = self._view[index]
        return value

    def _verify(self, low: int, high: int) -> None:
        if high > low:
            first = (self._offset + low * self._item_size) // CHUNK
            last = (self._offset + high * self._item_size - 1) // CHUNK
            if first != last or not self._verified[first]:
                self._file.verify(first * CHUNK, (last + 1) * CHUNK)
