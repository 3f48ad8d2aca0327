"""The files in what Outlook sends to other programs (TNEF, `winmail.dat`), as a child's answer.

A file is a row of attributes; those of an attachment follow the one that begins it, and its long
name is among its MAPI properties.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import msgspec

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.isolation.frames import AttachedFile

_HEAD_LENGTH = 6
_ATTRIBUTE = struct.Struct("<BLL")
_SUM_LENGTH = 2
_BEGINNING, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_LONG_NAME, _OBJECT = 0x3707, 0x3701
_IDENTIFIER_LENGTH = 16
_WIDE, _NARROW, _OBJECT_KIND, _BINARY = 0x001F, 0x001E, 0x000D, 0x0102
_VARIABLE = (_WIDE, _NARROW, _OBJECT_KIND, _BINARY)
_LENGTHS = {0x0002: 4, 0x000B: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x0048: 16}
_OTHER_LENGTH = 8
_SEVERAL = 0x1000
_FIRST_NAMED = 0x8000
_LONGEST_NAME = 255


def pack_transported_files(data: bytes, _source: str = "", _encoding: str = "") -> bytes:
    """Return the files in a TNEF file, packed as a list of `AttachedFile`.

    Raises:
        UnreadableError: it is damaged before the first of them.
    """
    files: list[AttachedFile] = []
    try:
        for number, file in enumerate(_files(data), 1):
            name = " ".join(file.name.replace("/", "_").replace("\0", "").split())
            files.append(AttachedFile(name[:_LONGEST_NAME] or f"{number}", file.content))
    except (struct.error, IndexError) as error:
        if not files:
            raise UnreadableError(f"is damaged ({error})", ReadingState.DAMAGED) from error
        files.append(AttachedFile("…", is_whole=False))
    return msgspec.msgpack.encode(files)


def _files(data: bytes) -> Iterator[AttachedFile]:
    """Yield the attached files; without a name where they have none."""
    name, content, is_open = "", b"", False
    for kind, value in _attributes(data):
        if kind == _BEGINNING:
            if is_open and content:
                yield AttachedFile(name, content)
            name, content, is_open = "", b"", True
        elif kind == _TITLE and not name:
            name = value.decode("cp1252", "replace")
        elif kind == _DATA:
            content = value
        elif kind == _PROPERTIES:
            for tag, own, first in _mapi_properties(value):
                if tag == _LONG_NAME:
                    name = first.decode("utf-16-le" if own == _WIDE else "cp1252", "replace")
                elif tag == _OBJECT and own == _OBJECT_KIND:
                    # A message inside is such a file, behind the identifier of its interface.
                    content = content or first[_IDENTIFIER_LENGTH:]
    if is_open and content:
        yield AttachedFile(name, content)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the attributes of a file, each with its kind."""
    place = _HEAD_LENGTH
    while place < len(data):
        _, kind, length = _ATTRIBUTE.unpack_from(data, place)
        place += _ATTRIBUTE.size
        if place + length > len(data):
            raise IndexError("it is cut short")
        yield kind, data[place : place + length]
        place += length + _SUM_LENGTH


def _mapi_properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield tag, kind and the first value of each MAPI property."""
    (count,), place = struct.unpack_from("<L", data), 4
    for _ in range(min(count, len(data) // 8)):
        kind, tag = struct.unpack_from("<HH", data, place)
        place += 4
        if tag >= _FIRST_NAMED:
            (is_text,) = struct.unpack_from("<L", data, place + _IDENTIFIER_LENGTH)
            place += _IDENTIFIER_LENGTH + 4
            (length,) = struct.unpack_from("<L", data, place)
            place += 4 + (_padded(length) if is_text else 0)
        own = kind & ~_SEVERAL
        values = 1
        if own in _VARIABLE or kind & _SEVERAL:
            (values,) = struct.unpack_from("<L", data, place)
            place += 4
        for number in range(min(values, len(data) // 4)):
            length = _LENGTHS.get(own, _OTHER_LENGTH)
            if own in _VARIABLE:
                (length,) = struct.unpack_from("<L", data, place)
                place += 4
            if number == 0:
                yield tag, own, data[place : place + length]
            place += _padded(length)


def _padded(length: int) -> int:
    return -(-length // 4) * 4
