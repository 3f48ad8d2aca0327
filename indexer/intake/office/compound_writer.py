"""The writer of compound files (OLE): a storage inside another file becomes a file of its own."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from itertools import pairwise

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR, _MINI, _CUTOFF = 4096, 64, 4096
_IN_HEADER = 109
_LAST, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_LONGEST_NAME = 31
_BLACK = 1


class _Sectors:
    """The sectors of a file, and the table that names the sector after each."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.body = bytearray()
        self.table: list[int] = []

    def add(self, data: bytes) -> tuple[int, int]:
        """Add a stream; return its first sector and its length."""
        if not data:
            return _LAST, 0
        start = len(self.table)
        self.body += data + bytes(-len(data) % self._size)
        end = len(self.body) // self._size
        self.table += [*range(start + 1, end), _LAST]
        return start, len(data)


def pack_compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file.

    Args:
        streams: Each by its path (`storage/stream`); up to some 400 MB in all.
    """
    sectors, small = _Sectors(_SECTOR), _Sectors(_MINI)
    places = {
        path: (small if len(data) < _CUTOFF else sectors).add(data)
        for path, data in streams.items()
    }
    root = sectors.add(bytes(small.body))
    mini_table = struct.pack(f"<{len(small.table)}L", *small.table)
    mini_start, _ = sectors.add(mini_table.ljust(-(-len(mini_table) // _SECTOR) * _SECTOR, b"\xff"))
    directory = b"".join(_directory(places, root))
    directory_start, _ = sectors.add(directory)
    table_start, count = _add_table(sectors)
    header = struct.pack(
        "<8s16xHHHHH6xLLLLLLLLL",
        *(_SIGNATURE, 0x3E, 4, 0xFFFE, 12, 6),
        *(-(-len(directory) // _SECTOR), count, directory_start, 0, _CUTOFF),
        *(mini_start, -(-len(mini_table) // _SECTOR), _LAST, 0),
    )
    numbers = [*range(table_start, table_start + count)]
    numbers += [_FREE] * (_IN_HEADER - len(numbers))
    header += struct.pack(f"<{_IN_HEADER}L", *numbers[:_IN_HEADER])
    return header.ljust(_SECTOR, b"\0") + bytes(sectors.body)


def _add_table(sectors: _Sectors) -> tuple[int, int]:
    """Add the table itself; return its first sector and their number."""
    start, each = len(sectors.table), _SECTOR // 4
    count = -(-start // (each - 1))
    table = [*sectors.table, *[_TABLE] * count]
    table += [_FREE] * (count * each - len(table))
    sectors.body += struct.pack(f"<{len(table)}L", *table)
    return start, count


def _directory(places: Mapping[str, tuple[int, int]], root: tuple[int, int]) -> Iterator[bytes]:
    """Yield the entries: the root, then the children of each storage as one row to the right."""
    paths = set(places)
    for path in places:
        parts = path.split("/")
        paths |= {"/".join(parts[:length]) for length in range(1, len(parts))}
    order = sorted(paths, key=lambda path: (path.count("/"), _storage(path), _key(path)))
    numbers = {path: number for number, path in enumerate(order, 1)}
    first, after = dict[str, int](), dict[str, int]()
    for path in order:
        first.setdefault(_storage(path), numbers[path])
    for path, following in pairwise(order):
        if _storage(path) == _storage(following):
            after[path] = numbers[following]
    yield _entry("Root Entry", _ROOT, root, _FREE, first.get("", _FREE))
    for path in order:
        kind = _STREAM if path in places else _STORAGE
        links = after.get(path, _FREE), first.get(path, _FREE)
        yield _entry(path.rpartition("/")[2], kind, places.get(path, (0, 0)), *links)


def _storage(path: str) -> str:
    return path.rpartition("/")[0]


def _key(path: str) -> tuple[int, str]:
    """Return what entries of one storage are ordered by."""
    name = path.rpartition("/")[2]
    return len(name), name.upper()


def _entry(name: str, kind: int, place: tuple[int, int], right: int, child: int) -> bytes:
    encoded = (name[:_LONGEST_NAME] + "\0").encode("utf-16-le")
    links = struct.pack("<LLL", _FREE, right, child)
    names = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, _BLACK)
    return names + links + bytes(36) + struct.pack("<LLL", *place, 0)
