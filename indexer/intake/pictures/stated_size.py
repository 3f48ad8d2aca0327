"""The sides that a picture's head states, as browsers draw it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from archive.errors import UnreadableError

_FORMATS = ("PNG", "JPEG", "WEBP")
_ORIENTATION, _FIRST_TURNED = 0x0112, 5


def stated_sides(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, JPEG or WebP picture, turned as its head says (EXIF).

    Raises:
        UnreadableError: it is none of them, or its head is damaged.
    """
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            width, height = picture.size
            is_turned = picture.getexif().get(_ORIENTATION, 1) >= _FIRST_TURNED
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableError("is no picture whose head can be read") from error
    return (height, width) if is_turned else (width, height)
