"""The sizes that pictures and pages are drawn in for screens."""

from __future__ import annotations

import struct
from enum import StrEnum

MEDIA_TYPE = "image/webp"
"""The media type of everything that is drawn for a screen."""


class PictureSize(StrEnum):
    """A size by its name."""

    SMALL = "small"
    LARGE = "large"

    @property
    def longest_side(self) -> int:
        """Pixels of the longer side, at most."""
        return 320 if self is PictureSize.SMALL else 1280


_FRAME_START = b"\x9d\x01\x2a"
_FRAME_PLACE = 23
_SIDE_MASK = 0x3FFF


def drawn_sides(picture: bytes) -> tuple[int, int]:
    """Return width and height of what was drawn here, from fixed places; zeros for anything else.

    Source: RFC 6386, 9.1 (uncompressed data chunk of a key frame).
    """
    start = _FRAME_PLACE + len(_FRAME_START)
    if picture[_FRAME_PLACE:start] != _FRAME_START or len(picture) < start + 4:
        return 0, 0
    width, height = struct.unpack_from("<HH", picture, start)
    return width & _SIDE_MASK, height & _SIDE_MASK
