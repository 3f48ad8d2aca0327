"""Pictures for screens: decoded, made small and encoded anew, in a reading child alone.

Nothing of the bytes that came is in what goes out: no metadata, no second frame, no trailing data.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.pictures.picture_sizes import PictureSize

MOST_PIXELS = 50_000_000
"""Pixels that a picture may unfold to: a camera's have 12 to 48 million."""

MOST_SCANNED = 120_000_000
"""Pixels of a page of a scan: one of A3 at 600 dots per inch has 70 million."""

LEAST_SIDE = 40
"""Pixels of the shorter side; what is smaller is an icon or a counter of visitors."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_SCANS = ("TIFF", "JPEG", "PNG")
_GREYS = ("1", "I;16", "I")
_QUALITY = 72
_PAPER = (255, 255, 255)

_FAILURES = (OSError, EOFError, SyntaxError, ValueError, Image.DecompressionBombError)

# The library's own bound warns below ours, and refuses twice that.
Image.MAX_IMAGE_PIXELS = MOST_SCANNED


def draw_small(data: bytes, _source: str = "", _encoding: str = "") -> bytes:
    """Draw a picture as a thumbnail; errors as `draw_picture`."""
    return draw_picture(data, PictureSize.SMALL)


def draw_large(data: bytes, _source: str = "", _encoding: str = "") -> bytes:
    """Draw a picture for the reading column; errors as `draw_picture`."""
    return draw_picture(data, PictureSize.LARGE)


def draw_picture(data: bytes, size: PictureSize) -> bytes:
    """Draw a picture in a size, as WebP.

    Raises:
        UnreadableError: it is none of the formats, too small or too large, or damaged.
    """
    return _draw(data, _FORMATS, 0, MOST_PIXELS, size)


def draw_scan(data: bytes, number: int, size: PictureSize) -> bytes:
    """Draw a page of a scan, numbered from 0, in a size, as WebP.

    Raises:
        UnreadableError: there is no such page, or it is too large or damaged.
    """
    return _draw(data, _SCANS, number, MOST_SCANNED, size)


def _draw(
    data: bytes, formats: tuple[str, ...], number: int, most_pixels: int, size: PictureSize
) -> bytes:
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=formats) as picture:
            warnings.simplefilter("ignore")
            if number:
                picture.seek(number)
            _refuse_size(*picture.size, most_pixels)
            side = size.longest_side
            # A JPEG is unfolded no larger than it is needed.
            picture.draft("RGB", (2 * side, 2 * side))
            return encode_picture(_on_paper(ImageOps.exif_transpose(picture)), side)
    except _FAILURES as error:
        reason = f"is a picture that cannot be drawn ({error})"
        raise UnreadableError(reason[:300], ReadingState.DAMAGED) from error


def encode_picture(picture: Image.Image, longest_side: int) -> bytes:
    """Return a picture in WebP, no larger than a side."""
    picture.thumbnail((longest_side, longest_side))
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=_QUALITY, method=4)
    return buffer.getvalue()


def _refuse_size(width: int, height: int, most_pixels: int) -> None:
    if width * height > most_pixels:
        raise UnreadableError("is a picture with too many pixels", ReadingState.DAMAGED)
    if min(width, height) < LEAST_SIDE:
        raise UnreadableError("is too small to be a picture", ReadingState.DAMAGED)


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return a picture in colours without transparency."""
    if picture.mode in ("RGB", "L"):
        return picture
    if picture.mode in _GREYS:
        return picture.convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGB", layer.size, _PAPER)
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
