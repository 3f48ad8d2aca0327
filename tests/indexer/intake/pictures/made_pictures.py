"""Pictures for tests, and bombs: files whose heads promise more than their bytes hold."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image


def made_picture(width: int = 800, height: int = 600, kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture in two colours, the left half darker."""
    picture = Image.new("RGB", (width, height), (200, 220, 240))
    picture.paste((120, 30, 20), (0, 0, width // 2, height))
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def picture_bomb(width: int, height: int) -> bytes:
    """Return a PNG of some kilobytes that would unfold to a pixel for each place."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1 << 20), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def sides_of(picture: bytes) -> tuple[int, int]:
    """Return the width and height of a picture, as its library decodes it."""
    with Image.open(io.BytesIO(picture)) as opened:
        opened.load()
        return opened.size
