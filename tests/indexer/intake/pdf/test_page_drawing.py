"""Drawn pages: their sizes, within what memory may hold, and damage that is named."""

from __future__ import annotations

import pypdfium2
import pytest

from archive.errors import UnreadableError
from indexer.intake.pdf.page_drawing import MOST_PIXELS, draw_page
from tests.indexer.intake.pdf.made_pdf import down, made_pdf


def size_of(picture: bytes) -> tuple[int, int]:
    kind, width, height, largest = picture[:40].split(maxsplit=4)[:4]
    assert (kind, largest) == (b"P5", b"255")
    return int(width), int(height)


def page_of(width: float, height: float) -> bytes:
    from io import BytesIO

    document, buffer = pypdfium2.PdfDocument.new(), BytesIO()
    document.new_page(width, height).close()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def test_a_page_is_drawn_at_300_dots_per_inch() -> None:
    picture = draw_page(made_pdf([down("một"), down("hai")]), "a.pdf", "", 1, 2)
    width, height = size_of(picture)
    assert (width, height) == (2479, 3508)
    assert len(picture) == width * height + len(b"P5 2479 3508 255\n")
    assert {0xFF} < set(picture[17:])


@pytest.mark.parametrize(("width", "height"), [(14_400, 14_400), (14_400, 3), (3, 14_400)])
def test_large_pages_and_strips_are_drawn_less_finely(width: float, height: float) -> None:
    columns, rows = size_of(draw_page(page_of(width, height), "a.pdf", "", 0, 1))
    assert columns * rows <= MOST_PIXELS
    assert max(columns, rows) <= 30_000


def test_damage_is_named() -> None:
    with pytest.raises(UnreadableError, match="damaged"):
        draw_page(b"%PDF-1.4", "a.pdf", "", 0, 1)
    with pytest.raises(UnreadableError, match="the page is damaged"):
        draw_page(made_pdf([down("một")]), "a.pdf", "", 7, 8)
