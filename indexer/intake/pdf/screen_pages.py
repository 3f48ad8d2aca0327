"""Pages of PDF documents and scans as pictures for screens, in a reading child alone."""

from __future__ import annotations

import pypdfium2

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from indexer.intake.pictures.picture_heads import sniff_picture
from indexer.intake.pictures.picture_sizes import PictureSize
from indexer.intake.pictures.screen_pictures import draw_scan, encode_picture

_THINNEST = 8
"""Pixels of the shorter side of a drawn page: a strip of paper is drawn larger than it is."""


def draw_small_page(data: bytes, _source: str, _encoding: str, first: int, _end: int) -> bytes:
    """Draw a page, numbered from 0, as a thumbnail; errors as `draw_page_in`."""
    return draw_page_in(data, first, PictureSize.SMALL)


def draw_large_page(data: bytes, _source: str, _encoding: str, first: int, _end: int) -> bytes:
    """Draw a page, numbered from 0, to be read on a screen; errors as `draw_page_in`."""
    return draw_page_in(data, first, PictureSize.LARGE)


def draw_page_in(data: bytes, number: int, size: PictureSize) -> bytes:
    """Draw a page of a PDF document or a scan in a size, as WebP.

    Raises:
        UnreadableError: the document or the page is damaged, or there is no such page.
    """
    if sniff_picture(data):
        return draw_scan(data, number, size)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"is damaged ({error})", ReadingState.DAMAGED) from error
    try:
        page = document[number]
        width, height = page.get_size()
        if min(width, height) < 1:
            raise UnreadableError("the page has no area", ReadingState.DAMAGED)
        scale = size.longest_side / max(width, height)
        if min(width, height) * scale < _THINNEST:
            raise UnreadableError("the page is a line", ReadingState.DAMAGED)
        bitmap = page.render(scale=scale, may_draw_forms=False)
        return encode_picture(bitmap.to_pil().convert("RGB"), size.longest_side)
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise UnreadableError(f"the page is damaged ({error})", ReadingState.DAMAGED) from error
    finally:
        document.close()
