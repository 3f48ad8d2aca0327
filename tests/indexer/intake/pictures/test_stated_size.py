"""The sides of a picture are those that browsers draw; what is none is refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from archive.errors import UnreadableError
from indexer.intake.pictures.stated_size import stated_sides


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(("orientation", "sides"), [(1, (40, 20)), (3, (40, 20)), (8, (20, 40))])
def test_sides_are_as_they_are_drawn(kind: str, orientation: int, sides: tuple[int, int]) -> None:
    file, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (40, 20)).save(file, kind, exif=exif)
    assert stated_sides(file.getvalue()) == sides


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"\xff\xd8\xff", b"RIFF0000WEBP", b"GIF89a"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        stated_sides(data)
