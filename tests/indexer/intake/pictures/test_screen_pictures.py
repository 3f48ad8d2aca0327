"""Pictures for screens: small, encoded anew, and refused by what their heads promise."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from archive.errors import UnreadableError
from indexer.intake.pictures.picture_sizes import PictureSize, drawn_sides
from indexer.intake.pictures.screen_pictures import draw_large, draw_picture, draw_small
from tests.indexer.intake.pictures.made_pictures import made_picture, picture_bomb, sides_of


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_every_format_of_pages_is_drawn_in_both_sizes(kind: str) -> None:
    data = made_picture(2000, 1000, kind)
    assert sides_of(draw_small(data)) == (320, 160)
    assert sides_of(draw_large(data)) == (1280, 640)
    assert drawn_sides(draw_large(data)) == (1280, 640)


def test_a_picture_is_never_drawn_larger_than_it_is() -> None:
    assert sides_of(draw_large(made_picture(300, 200))) == (300, 200)


def test_nothing_of_the_bytes_that_came_goes_out() -> None:
    exif = Image.Exif()
    exif[0x010E] = "ẩn trong ảnh hidden-words"
    data = made_picture(exif=exif) + b"<script>trailing</script>"
    drawn = draw_small(data)
    assert b"hidden-words" in data
    assert b"hidden-words" not in drawn
    assert b"script" not in drawn


def test_a_picture_lies_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert sides_of(draw_small(made_picture(640, 320, exif=exif))) == (160, 320)


def test_what_is_transparent_is_paper() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(buffer, "PNG")
    with Image.open(io.BytesIO(draw_small(buffer.getvalue()))) as drawn:
        assert drawn.getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (picture_bomb(60_000, 60_000), "too many pixels|cannot be drawn"),
        (picture_bomb(8_000, 8_000), "too many pixels"),
        (made_picture(1, 1, "GIF"), "too small"),
        (made_picture(900, 20), "too small"),
        (made_picture()[:2000], "cannot be drawn"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be drawn"),
        (made_picture(kind="TIFF"), "cannot be drawn"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "cannot be drawn"),
        (b"", "cannot be drawn"),
    ],
    ids=["bomb", "large", "counter", "line", "cut", "svg", "tiff", "postscript", "nothing"],
)
def test_what_is_no_picture_for_a_screen_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        draw_picture(data, PictureSize.LARGE)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"\x9d\x01\x2a" * 20, made_picture()])
def test_only_what_was_drawn_here_has_sides(data: bytes) -> None:
    assert drawn_sides(data) == (0, 0)
