"""The heads of pictures: sizes and pages, and hostile files that lie about them."""

from __future__ import annotations

import random
import struct
from contextlib import suppress

import pytest

from archive.errors import UnreadableError
from indexer.intake import media_types
from indexer.intake.pictures.picture_heads import PictureHead, read_heads, sniff_picture
from tests.indexer.intake.ocr.scans import GreyPicture, jpeg_head, png, tiff

SMALL = GreyPicture(3, 2, bytes(6))
LARGER = GreyPicture(4, 5, bytes(20))


def test_every_page_has_its_size() -> None:
    assert read_heads(png(SMALL)) == [PictureHead(3, 2)]
    assert read_heads(jpeg_head(1200, 900)) == [PictureHead(1200, 900)]
    assert read_heads(tiff([SMALL, LARGER])) == [PictureHead(3, 2), PictureHead(4, 5)]


def test_bytes_of_a_pixel_count() -> None:
    head = struct.pack(">IIBB", 10, 20, 16, 6)
    assert read_heads(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + head)[0].size == 10 * 20 * 8


def test_the_kind_is_proved_by_the_first_bytes() -> None:
    assert sniff_picture(png(SMALL)) == media_types.PNG
    assert sniff_picture(tiff([SMALL])) == media_types.TIFF
    assert sniff_picture(b"/etc/passwd\n") == ""


def endless_tiff() -> bytes:
    """A TIFF file whose second page is followed by the first."""
    data = tiff([SMALL, LARGER])
    (first,) = struct.unpack_from("<I", data, 4)
    return data[:-4] + struct.pack("<I", first)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT" + bytes(20),
        png(GreyPicture(0, 5, b"")),
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff" * 5000,
        b"\xff\xd8\xff\xe0\0\x02" + b"\xff\xe0\0\x02" * 20_000,
        jpeg_head(100, 100)[:-8],
        b"II*\0\xff\xff\xff\x7f",
        b"II*\0\0\0\0\0",
        endless_tiff(),
        tiff([SMALL])[:-5],
        b"/etc/passwd\n",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_damaged_heads_are_named(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="damaged"):
        read_heads(data)


def test_mutated_heads_raise_nothing_else() -> None:
    noise = random.Random(5)
    for file in (png(SMALL), jpeg_head(700, 900), tiff([SMALL, LARGER])):
        for _ in range(500):
            data = bytearray(file)
            for _ in range(noise.randint(1, 4)):
                data[noise.randrange(len(data))] = noise.randrange(256)
            with suppress(UnreadableError):
                assert read_heads(bytes(data[: noise.randint(1, len(data))]))
