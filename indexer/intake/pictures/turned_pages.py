"""Pages of scans turned, in a reading child alone, for programs that read upright words.

What the head of a picture says of its orientation (EXIF) is undone first: a camera that was held
upright writes its pixels lying, and programs that recognise words do not look at that.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.pictures.screen_pictures import MOST_SCANNED

_FORMATS = ("TIFF", "JPEG", "PNG", "PPM")
_ORIENTATION = 0x0112
_UPRIGHT = (None, 1)
_RESOLUTION = "dpi"
_TURNS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}

_FAILURES = (OSError, EOFError, SyntaxError, ValueError, Image.DecompressionBombError)

# The library's own bound warns below ours, and refuses twice that.
Image.MAX_IMAGE_PIXELS = MOST_SCANNED


def turn_0(data: bytes, _source: str, _encoding: str, first: int, _end: int) -> bytes:
    """Turn a page, numbered from 0, as its head says; nothing where that says nothing."""
    return turn_page(data, first, 0)


def turn_1(data: bytes, _source: str, _encoding: str, first: int, _end: int) -> bytes:
    """Turn a page, numbered from 0, by a quarter to the left."""
    return turn_page(data, first, 1)


def turn_2(data: bytes, _source: str, _encoding: str, first: int, _end: int) -> bytes:
    """Turn a page, numbered from 0, upside down."""
    return turn_page(data, first, 2)


def turn_3(data: bytes, _source: str, _encoding: str, first: int, _end: int) -> bytes:
    """Turn a page, numbered from 0, by a quarter to the right."""
    return turn_page(data, first, 3)


def turn_page(data: bytes, number: int, quarters: int) -> bytes:
    """Turn a page of a scan by quarters to the left, after what its head says.

    Returns:
        A grey picture in the format PNG; nothing where it would be the page as it is.

    Raises:
        UnreadableError: there is no such page, or it is too large or damaged.
    """
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            warnings.simplefilter("ignore")
            if number:
                picture.seek(number)
            if not quarters and picture.getexif().get(_ORIENTATION) in _UPRIGHT:
                return b""
            return _turned(picture, quarters)
    except _FAILURES as error:
        reason = f"is a picture that cannot be turned ({error})"
        raise UnreadableError(reason[:300], ReadingState.DAMAGED) from error


def _turned(picture: Image.Image, quarters: int) -> bytes:
    if picture.width * picture.height > MOST_SCANNED:
        raise UnreadableError("is a picture with too many pixels", ReadingState.DAMAGED)
    resolution = picture.info.get(_RESOLUTION)
    upright = ImageOps.exif_transpose(picture).convert("L")
    turned = upright.transpose(_TURNS[quarters]) if quarters else upright
    buffer = io.BytesIO()
    known = {_RESOLUTION: resolution} if resolution else {}
    turned.save(buffer, "PNG", compress_level=1, **known)
    return buffer.getvalue()
