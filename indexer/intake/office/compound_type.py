"""The media type of a compound file (OLE), by the names of its streams and storages.

Only the reading child imports this: the list of such a file is a file system of its own, and the
process that writes the archive opens none.
"""

from __future__ import annotations

import io
import struct
from typing import IO

from indexer.intake import media_types
from indexer.intake.sniffing import type_of_parts

_MOST_SECTORS = 64
_LEAST_SHIFT = 7
"""The logarithm of the smallest sector: an entry of a directory has 128 bytes."""

_ROOT_ENTRY = 5
_CHILD, _LEFT, _RIGHT = 76, 68, 72


def compound_type(data: bytes, _source: str = "", _encoding: str = "") -> bytes:
    """Return the media type of a compound file, as the answer of a reading child."""
    return type_of_parts(_root_parts(io.BytesIO(data)), media_types.OLE).encode()


def _root_parts(stream: IO[bytes]) -> tuple[str, ...]:
    """Return the names of the streams and storages right below the root of an OLE file."""
    stream.seek(0)
    header = stream.read(512)
    if len(header) < 512:
        return ()
    sector_size = 1 << min(max(int.from_bytes(header[30:32], "little"), _LEAST_SHIFT), 16)
    table = struct.unpack("<109I", header[76:512])
    entries = b"".join(
        _sector(stream, number, sector_size)
        for number in _chain(stream, int.from_bytes(header[48:52], "little"), table, sector_size)
    )
    return tuple(_children(entries))


def _sector(stream: IO[bytes], number: int, size: int) -> bytes:
    stream.seek((number + 1) * size)
    return stream.read(size)


def _chain(stream: IO[bytes], first: int, table: tuple[int, ...], size: int) -> list[int]:
    """Return the numbers of a chain's sectors, up to a bound."""
    chain: list[int] = []
    number = first
    while number < 0xFFFFFFFA and number not in chain and len(chain) < _MOST_SECTORS:
        chain.append(number)
        page, place = divmod(number, size // 4)
        if page >= len(table) or table[page] >= 0xFFFFFFFA:
            break
        sector = _sector(stream, table[page], size)
        number = int.from_bytes(sector[place * 4 : place * 4 + 4] or b"\xff" * 4, "little")
    return chain


def _children(entries: bytes) -> list[str]:
    """Return the names of the root's children in a directory's entries of 128 bytes."""
    count = len(entries) // 128
    if not count or entries[66] != _ROOT_ENTRY:
        return []
    waiting, seen, names = [_link(entries, 0, _CHILD)], set[int](), list[str]()
    while waiting:
        number = waiting.pop()
        if number >= count or number in seen:
            continue
        seen.add(number)
        entry = entries[number * 128 : number * 128 + 128]
        name_length = max(min(int.from_bytes(entry[64:66], "little"), 64) - 2, 0)
        names.append(entry[:name_length].decode("utf-16-le", "replace"))
        waiting += [_link(entries, number, _LEFT), _link(entries, number, _RIGHT)]
    return names


def _link(entries: bytes, number: int, place: int) -> int:
    start = number * 128 + place
    return int.from_bytes(entries[start : start + 4], "little")
