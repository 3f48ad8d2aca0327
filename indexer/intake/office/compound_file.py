"""Compound files (OLE): the streams that Word, Outlook and other programs of their time write.

Every chain of sectors is bounded by the length of the file; what is damaged ends early.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

from archive.document_account import ReadingState
from archive.errors import UnreadableError

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_LENGTH = 512
_IN_HEADER = 109
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY_LENGTH = 128
_MINI_LENGTH = 64
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_DEEPEST = 10
_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class StreamEntry:
    """A stream in the directory: its first sector and its length in bytes."""

    start: int
    length: int


class CompoundFile:
    """The streams of a compound file, by their paths (`storage/stream`)."""

    def __init__(self, data: bytes) -> None:
        """Read the directory.

        Raises:
            UnreadableError: it is no compound file, or damaged.
        """
        self._data = data
        self._mini = b""
        self._entries: dict[str, StreamEntry] = {}
        try:
            self._read_directory()
        except (struct.error, IndexError) as error:
            raise UnreadableError(f"is damaged ({error})", ReadingState.DAMAGED) from error

    def read(self, name: str) -> bytes | None:
        """Return a stream; None if there is none of the name."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        if entry.length < self._cutoff:
            return self._read_mini(entry)
        return self._chain(entry.start)[: entry.length]

    def length(self, name: str) -> int:
        """Return the bytes that reading a stream may yield; 0 if there is none of the name."""
        entry = self._entries.get(name)
        return min(entry.length, len(self._data)) if entry else 0

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the streams."""
        return tuple(self._entries)

    def _read_directory(self) -> None:
        data = self._data
        if data[:8] != _SIGNATURE or len(data) < _HEADER_LENGTH:
            raise UnreadableError("is damaged (it has no header)", ReadingState.DAMAGED)
        shift, *_ = struct.unpack_from("<H", data, 30)
        self._size = 1 << min(max(shift, 7), 16)
        directory, _, self._cutoff, mini_table, _, more, count = struct.unpack_from(
            "<LLLLLLL", data, 48
        )
        self._table = self._read_table(more, count)
        mini_bytes = self._chain(mini_table)
        self._mini_table = array("L", (n for (n,) in struct.iter_unpack("<L", mini_bytes)))
        listed = self._chain(directory)[: _MOST_ENTRIES * _ENTRY_LENGTH]
        starts = range(0, len(listed) // _ENTRY_LENGTH * _ENTRY_LENGTH, _ENTRY_LENGTH)
        entries = [listed[start : start + _ENTRY_LENGTH] for start in starts]
        seen: set[int] = set()
        waiting = [(0, "")]
        while waiting:
            number, storage = waiting.pop()
            if number < len(entries) and number not in seen:
                seen.add(number)
                waiting += self._add_entry(entries[number], storage)

    def _add_entry(self, entry: bytes, storage: str) -> list[tuple[int, str]]:
        """Add an entry of the directory; return the entries that it leads to."""
        kind, name_length = entry[66], int.from_bytes(entry[64:66], "little")
        left, right, child = struct.unpack_from("<LLL", entry, 68)
        start, length = struct.unpack_from("<LL", entry, 116)
        name = entry[: max(0, min(name_length, 64) - 2)].decode("utf-16-le", "replace")
        path = f"{storage}{name}"
        if kind == _ROOT:
            self._mini = self._chain(start)[:length]
            return [(child, "")]
        if kind == _STREAM:
            self._entries.setdefault(path, StreamEntry(start, length))
        inner = [(child, f"{path}/")] if kind == _STORAGE and path.count("/") < _DEEPEST else []
        return [(left, storage), (right, storage), *inner]

    def _read_table(self, more: int, count: int) -> array[int]:
        """Return the table that names the sector after each sector."""
        numbers = list(struct.unpack_from(f"<{_IN_HEADER}L", self._data, 76))
        for _ in range(min(count, len(self._data) // self._size)):
            if more >= _LAST_SECTOR:
                break
            sector = self._sector(more)
            *listed, more = struct.unpack(f"<{len(sector) // 4}L", sector)
            numbers += listed
        most = len(self._data) // self._size + 1
        used = [number for number in numbers if number < _LAST_SECTOR][:most]
        table = b"".join(map(self._sector, used))
        return array("L", (n for (n,) in struct.iter_unpack("<L", table[: len(table) // 4 * 4])))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size].ljust(self._size, b"\0")

    def _chain(self, number: int) -> bytes:
        """Return the bytes of a chain of sectors, each sector once."""
        sectors: list[bytes] = []
        most = len(self._data) // self._size + 1
        while number < len(self._table) and len(sectors) < most:
            sectors.append(self._sector(number))
            number = self._table[number]
        return b"".join(sectors)

    def _read_mini(self, entry: StreamEntry) -> bytes:
        pieces: list[bytes] = []
        number, most = entry.start, len(self._mini) // _MINI_LENGTH + 1
        while number < len(self._mini_table) and len(pieces) < most:
            start = number * _MINI_LENGTH
            pieces.append(self._mini[start : start + _MINI_LENGTH])
            number = self._mini_table[number]
        return b"".join(pieces)[: entry.length]
