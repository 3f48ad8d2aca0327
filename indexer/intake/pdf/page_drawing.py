"""Drawing of PDF pages as grey pictures, for programs that recognise their words."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium

from archive.document_account import ReadingState
from archive.errors import UnreadableError

RESOLUTION = 300
"""Dots per inch of a drawn page, where it is no larger than `MOST_PIXELS`."""

MOST_PIXELS = 36_000_000
"""Pixels of a drawn page; a page of A3 has 17 million, larger ones are drawn less finely."""

_LONGEST_SIDE = 30_000
_POINTS_PER_INCH = 72


def draw_page(data: bytes, _source: str, _encoding: str, first: int, _end: int) -> bytes:
    """Draw one page of a PDF document.

    Returns:
        A picture in the format PGM (P5, a byte for each pixel).

    Raises:
        UnreadableError: the document or the page is damaged.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"is damaged ({error})", ReadingState.DAMAGED) from error
    try:
        return _draw(document, first)
    finally:
        document.close()


def _draw(document: pypdfium2.PdfDocument, number: int) -> bytes:
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise UnreadableError("the page is damaged", ReadingState.DAMAGED)
    try:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        columns, rows = _pixels(width, height)
        bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
        if not bitmap:
            raise UnreadableError("the page cannot be drawn", ReadingState.DAMAGED)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
            flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, flags)
            return _portable_graymap(bitmap, columns, rows)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
    finally:
        pdfium.FPDF_ClosePage(page)


def _pixels(width: float, height: float) -> tuple[int, int]:
    """Return the width and height of a drawn page, within `MOST_PIXELS`.

    Raises:
        UnreadableError: the page has no area.
    """
    if width < 1 or height < 1:
        raise UnreadableError("the page has no area", ReadingState.DAMAGED)
    finest, area = RESOLUTION / _POINTS_PER_INCH, width * height
    scale = min(finest, (MOST_PIXELS / area) ** 0.5, _LONGEST_SIDE / max(width, height))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _portable_graymap(bitmap: pdfium.FPDF_BITMAP, columns: int, rows: int) -> bytes:
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
    lines = (pixels[row * stride : row * stride + columns] for row in range(rows))
    return b"P5 %d %d 255\n" % (columns, rows) + b"".join(lines)
