"""The heads of pictures: how many there are in a file, and how large each would unfold.

Nothing is decompressed: a picture that would unfold to more than a page can be is refused by what
its head says.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake import media_types

MOST_PICTURES = 2000
"""Pages of one TIFF file that are looked at."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_SIGNATURE = b"\xff\xd8\xff"
_TIFF_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_NO_LENGTH = frozenset((0x01, *range(0xD0, 0xD9)))
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_SEGMENTS = 10_000
_WIDTH, _HEIGHT, _BITS, _KIND, _SAMPLES = 256, 257, 258, 254, 277
_THUMBNAIL = 1
_FIELD = 12


@dataclass(frozen=True, slots=True)
class PictureHead:
    """The head of one picture: width and height in pixels, and the bytes of a pixel."""

    width: int
    height: int
    depth: int = 1

    @property
    def size(self) -> int:
        """Bytes that it unfolds to."""
        return self.width * self.height * self.depth


def sniff_picture(data: bytes) -> str:
    """Return the media type of a picture; empty for anything else."""
    if data.startswith(_PNG_SIGNATURE):
        return media_types.PNG
    if data.startswith(_JPEG_SIGNATURE):
        return media_types.JPEG
    return media_types.TIFF if data[:4] in _TIFF_ORDERS else ""


def read_heads(data: bytes) -> list[PictureHead]:
    """Return the heads of the pictures in a file.

    Raises:
        UnreadableError: it is cut short or no picture of this kind.
    """
    readers = {media_types.PNG: _png, media_types.JPEG: _jpeg, media_types.TIFF: _tiff}
    try:
        reader = readers[sniff_picture(data)]
        heads = list(reader(data))
    except (KeyError, struct.error, IndexError) as error:
        raise _damaged() from error
    if not heads or not all(head.width and head.height for head in heads):
        raise _damaged()
    return heads


def _damaged() -> UnreadableError:
    return UnreadableError("is a picture that is damaged or cut short", ReadingState.DAMAGED)


def _png(data: bytes) -> Iterator[PictureHead]:
    name, width, height, bits, colour = struct.unpack_from(">4sIIBB", data, 12)
    if name != b"IHDR":
        raise _damaged()
    samples = {2: 3, 4: 2, 6: 4}.get(colour, 1)
    yield PictureHead(width, height, samples * (2 if bits == 16 else 1))


def _jpeg(data: bytes) -> Iterator[PictureHead]:
    place = 2
    for _ in range(_MOST_SEGMENTS):
        while data[place] == 0xFF:
            place += 1
        marker = data[place]
        if marker in _FRAMES:
            height, width, samples = struct.unpack_from(">HHB", data, place + 4)
            yield PictureHead(width, height, max(samples, 1))
            return
        place += 1 if marker in _NO_LENGTH else 1 + struct.unpack_from(">H", data, place + 1)[0]
        if data[place] != 0xFF:
            raise _damaged()


def _tiff(data: bytes) -> Iterator[PictureHead]:
    """Yield the heads of the pages of a TIFF file, without small copies of them."""
    order = _TIFF_ORDERS[data[:4]]
    (place,) = struct.unpack_from(f"{order}I", data, 4)
    seen = set[int]()
    while place:
        if place in seen or len(seen) >= MOST_PICTURES:
            raise _damaged()
        seen.add(place)
        (count,) = struct.unpack_from(f"{order}H", data, place)
        fields = dict(_tiff_field(data, order, place + 2 + _FIELD * n) for n in range(count))
        bits = fields.get(_BITS, 1)
        samples = max(fields.get(_SAMPLES, 1), 1)
        if not fields.get(_KIND, 0) & _THUMBNAIL:
            depth = samples * (2 if bits == 16 else 1)
            yield PictureHead(fields.get(_WIDTH, 0), fields.get(_HEIGHT, 0), depth)
        (place,) = struct.unpack_from(f"{order}I", data, place + 2 + _FIELD * count)


def _tiff_field(data: bytes, order: str, place: int) -> tuple[int, int]:
    """Return the tag of a field and its first number, where it stands in the field itself."""
    tag, kind, count = struct.unpack_from(f"{order}HHI", data, place)
    if kind == 3 and count <= 2:
        return tag, struct.unpack_from(f"{order}H", data, place + 8)[0]
    number = struct.unpack_from(f"{order}I", data, place + 8)[0]
    return tag, number if kind == 4 else 0
