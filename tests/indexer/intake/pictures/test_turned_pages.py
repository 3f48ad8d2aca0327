"""Pages of scans turned: as their heads say, and by quarters."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from archive.errors import UnreadableError
from indexer.intake.pictures import turned_pages
from indexer.intake.pictures.turned_pages import turn_page

RIGHT, BELOW = 6, 3
"""EXIF orientations: turned by a quarter, and upside down."""


def marked(file_format: str, orientation: int = 0, **values: object) -> bytes:
    """A white picture, taller than wide, with a black corner at its upper left."""
    picture = Image.new("L", (40, 60), 255)
    picture.paste(0, (0, 0, 10, 10))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    buffer = io.BytesIO()
    picture.save(buffer, file_format, exif=exif, **values)
    return buffer.getvalue()


def corner(data: bytes) -> tuple[tuple[int, int], str]:
    """The size of a picture, and which of its corners is black."""
    picture = Image.open(io.BytesIO(data))
    right, bottom = picture.width - 3, picture.height - 3
    places = {"upper left": (2, 2), "upper right": (right, 2)}
    places |= {"lower left": (2, bottom), "lower right": (right, bottom)}
    (name,) = [name for name, place in places.items() if picture.getpixel(place) < 128]
    return picture.size, name


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF", "PPM"])
@pytest.mark.parametrize(
    ("quarters", "size", "place"),
    [
        (1, (60, 40), "lower left"),
        (2, (40, 60), "lower right"),
        (3, (60, 40), "upper right"),
    ],
)
def test_a_page_is_turned_to_the_left(
    file_format: str, quarters: int, size: tuple[int, int], place: str
) -> None:
    assert corner(turn_page(marked(file_format), 0, quarters)) == (size, place)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "size", "place"),
    [(RIGHT, (60, 40), "upper right"), (BELOW, (40, 60), "lower right")],
)
def test_the_head_of_a_picture_is_heeded(
    file_format: str, orientation: int, size: tuple[int, int], place: str
) -> None:
    assert corner(turn_page(marked(file_format, orientation), 0, 0)) == (size, place)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "TIFF", "PPM"])
def test_a_picture_that_is_upright_is_not_drawn_again(file_format: str) -> None:
    assert turn_page(marked(file_format), 0, 0) == b""
    if file_format != "PPM":
        assert turn_page(marked(file_format, 1), 0, 0) == b""


def test_the_resolution_stays() -> None:
    turned = Image.open(io.BytesIO(turn_page(marked("PNG", dpi=(300, 300)), 0, 2)))
    assert round(turned.info["dpi"][0]) == 300


def test_what_cannot_be_turned_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableError, match="cannot be turned"):
        turn_page(b"\x89PNG\r\n\x1a\n", 0, 1)
    with pytest.raises(UnreadableError, match="cannot be turned"):
        turn_page(marked("TIFF"), 7, 1)
    monkeypatch.setattr(turned_pages, "MOST_SCANNED", 100)
    with pytest.raises(UnreadableError, match="too many pixels"):
        turn_page(marked("PNG"), 0, 1)
