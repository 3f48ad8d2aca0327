"""Pages of PDF documents for screens: their sizes, and damage that is named."""

from __future__ import annotations

import pytest

from archive.errors import UnreadableError
from indexer.intake.pdf.screen_pages import draw_large_page, draw_small_page
from tests.indexer.intake.pdf.made_pdf import down, made_pdf
from tests.indexer.intake.pdf.test_page_drawing import page_of
from tests.indexer.intake.pictures.made_pictures import sides_of

PDF = made_pdf([down("một"), down("hai")], picture=True)


def test_pages_are_drawn_in_both_sizes() -> None:
    assert sides_of(draw_small_page(PDF, "", "", 0, 1)) == (227, 320)
    assert sides_of(draw_large_page(PDF, "", "", 1, 2)) == (905, 1280)


@pytest.mark.parametrize(("width", "height"), [(14_400, 14_400), (1920, 1080), (10, 20)])
def test_pages_of_any_size_fit_the_screen(width: float, height: float) -> None:
    assert max(sides_of(draw_large_page(page_of(width, height), "", "", 0, 1))) <= 1280


@pytest.mark.parametrize(
    ("data", "number"),
    [(PDF, 2), (PDF, 99_999), (b"%PDF-1.4", 0), (b"", 0), (page_of(14_400, 3), 0)],
)
def test_what_cannot_be_drawn_is_named(data: bytes, number: int) -> None:
    with pytest.raises(UnreadableError, match="damaged|line|area"):
        draw_large_page(data, "", "", number, number + 1)
