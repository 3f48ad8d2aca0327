"""Scans as documents: their pages wait for OCR; icons and giants are refused by their heads."""

from __future__ import annotations

import struct

import pytest

from archive.document_account import ReadingState, WaitingPage
from archive.errors import NotAnArticleError, UnreadableError
from indexer.intake.pictures.picture_reader import LEAST_SIDE, count_pictures, read_picture
from tests.indexer.intake.ocr.scans import GreyPicture, jpeg_head, png, tiff

PAGE = GreyPicture(LEAST_SIDE, LEAST_SIDE, bytes(LEAST_SIDE**2))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png(PAGE), "a scanned page"),
        (jpeg_head(1000, 1400), "a scanned page"),
        (tiff([PAGE, PAGE]), "2 scanned pages"),
    ],
)
def test_a_scan_needs_ocr(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words) as raised:
        read_picture(data, "a.png")
    assert raised.value.state == ReadingState.NEEDS_OCR


def test_its_pages_are_listed_for_those_who_ask_for_pages() -> None:
    data = tiff([PAGE, PAGE, PAGE])
    assert count_pictures(data, "a.tif", "") == 3
    article = read_picture(data, "a.tif", "", 1, 10_000)
    assert article.account
    assert article.account.waiting == (WaitingPage(2, "trang 2"), WaitingPage(3, "trang 3"))
    assert article.account.state == ReadingState.NEEDS_OCR


def test_icons_are_no_documents() -> None:
    with pytest.raises(NotAnArticleError, match="16 × 16 pixels"):
        read_picture(png(GreyPicture(16, 16, bytes(256))), "a.png")


def test_a_picture_that_would_unfold_to_gigabytes_is_refused_by_its_head() -> None:
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + struct.pack(">IIBB", 2**31 - 1, 2**31 - 1, 8, 2)
    with pytest.raises(UnreadableError, match="more than a page has") as raised:
        read_picture(bomb, "a.png")
    assert raised.value.state == ReadingState.DAMAGED
