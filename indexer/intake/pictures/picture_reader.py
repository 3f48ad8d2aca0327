"""The reader of scans: a picture is a document of pages whose words only OCR can read."""

from __future__ import annotations

from archive.document_account import DocumentAccount, ReadingState, WaitingPage
from archive.errors import NotAnArticleError, UnreadableError
from archive.records import Article, Origin
from indexer.intake.pictures.picture_heads import PictureHead, read_heads

READER = "picture"
READER_VERSION = 1

LEAST_SIDE = 300
"""Pixels of the shorter side of a page; what is smaller is an icon or a photograph for a screen."""

LARGEST_PICTURE = 400 << 20
"""Bytes that a picture may unfold to: a page of A3 in colour at 600 dpi has 210 MB."""


def read_picture(
    data: bytes, source: str, _encoding: str = "", first: int = 0, end: int | None = None
) -> Article:
    """Read the article in a picture, or the account of its pages from the first up to the end.

    Raises:
        NotAnArticleError: it is too small to be a page.
        UnreadableError: it is damaged, too large, or asked for as a whole: it needs OCR.
    """
    heads = read_heads(data)
    _refuse_size(heads)
    if end is None:
        pages = "a scanned page" if len(heads) == 1 else f"{len(heads)} scanned pages"
        raise UnreadableError(f"is {pages} without words; it needs OCR", ReadingState.NEEDS_OCR)
    waiting = [WaitingPage(n, f"trang {n}") for n in range(first + 1, min(end, len(heads)) + 1)]
    account = DocumentAccount(state=ReadingState.NEEDS_OCR, waiting=tuple(waiting))
    return Article(title="", origin=Origin(source, READER, READER_VERSION), account=account)


def count_pictures(data: bytes, _source: str, _encoding: str) -> int:
    """Return the number of pages in a picture.

    Raises:
        UnreadableError: it is damaged.
    """
    return len(read_heads(data))


def _refuse_size(heads: list[PictureHead]) -> None:
    largest = max(heads, key=lambda head: head.size)
    measure = f"{largest.width} × {largest.height} pixels"
    if largest.size > LARGEST_PICTURE:
        raise UnreadableError(f"unfolds to {measure}, more than a page has", ReadingState.DAMAGED)
    if min(largest.width, largest.height) < LEAST_SIDE:
        raise NotAnArticleError(f"is a picture of {measure}, too small to be a scanned page")
