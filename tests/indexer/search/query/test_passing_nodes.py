"""Articles match fully without the words that ask or connect, and exactly only with them."""

from __future__ import annotations

import pytest

from indexer.search.search_records import SearchRequest, Sort
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

TEXTS = {
    "price": "Điện thoại sao băng có một giá mười triệu đồng",
    "asked": "Bao nhiêu là giá của điện thoại sao băng, có người hỏi",
    "fire": "Cháy rừng tại Sơn La",
    "fire in": "Cháy rừng ở Sơn La",
    "flood": "Lũ lụt ở Lào Cai",
    "hidden": "Nghệ sĩ ở ẩn nhiều năm",
    "hidden from": "Nghệ sĩ ẩn tên",
    "match": "Gấu Trắng gặp Hổ Vằn",
    "match vs": "Gấu Trắng vs Hổ Vằn",
}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    texts = [(f"{name} {copy}", text) for name, text in TEXTS.items() for copy in range(4)]
    return shared_archive_of(
        *(article("", f"{text} {name}.", external_id=name) for name, text in texts)
    ).search


def found(searcher: SearchService, request: SearchRequest) -> set[str]:
    return {hit.external_id.rsplit(" ", 1)[0] for hit in searcher.search(request).hits}


@pytest.mark.parametrize(
    ("typed", "full", "exact"),
    [
        ("giá điện thoại bao nhiêu", {"price", "asked"}, {"asked"}),
        ("gia dien thoai bao nhieu", {"price", "asked"}, {"asked"}),
        ("xin hỏi giá điện thoại", {"price", "asked"}, set()),
        ("cháy rừng ở Sơn La", {"fire", "fire in"}, {"fire in"}),
        ("chay rung o son la", {"fire", "fire in"}, {"fire in"}),
        ("sao băng là gì", {"price", "asked"}, set()),
        ("Gấu Trắng vs Hổ Vằn", {"match", "match vs"}, {"match vs"}),
        # One syllable and a connecting word are both meant.
        ("ở Lào", {"flood"}, {"flood"}),
        ("rừng ở", {"fire in"}, {"fire in"}),
        # So is whatever has a sign.
        ("cháy rừng =ở sơn la", {"fire in"}, {"fire in"}),
        ('cháy rừng "ở sơn la"', {"fire in"}, {"fire in"}),
    ],
)
def test_full_matches_do_not_hold_what_passes(
    searcher: SearchService, typed: str, full: set[str], exact: set[str]
) -> None:
    newest = SearchRequest(typed, sort=Sort.NEWEST, size=20, grouped=False)
    page = searcher.search(newest)
    assert found(searcher, newest) == full
    assert page.total == page.total_full == 4 * len(full)
    assert page.total_exact == 4 * len(exact)


@pytest.mark.parametrize(
    ("typed", "meant", "exactly"),
    [
        ("cháy rừng ở Sơn La", ("cháy rừng", "Sơn La"), ("cháy rừng", "ở", "Sơn La")),
        ("sao băng là gì", ("sao băng",), ("sao băng", "là", "gì")),
    ],
)
def test_what_is_meant_leaves_out_what_passes(
    searcher: SearchService, typed: str, meant: tuple[str, ...], exactly: tuple[str, ...]
) -> None:
    def lowered(request: SearchRequest) -> tuple[str, ...]:
        return tuple(text.lower() for text in searcher.search(request).meant)

    assert lowered(SearchRequest(typed)) == tuple(map(str.lower, meant))
    assert lowered(SearchRequest(typed, exact=True)) == tuple(map(str.lower, exactly))


def test_what_passes_is_missing_nowhere(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("điện thoại giá bao nhiêu"))
    assert {hit.missing for hit in page.hits} == {()}


def test_as_typed_every_word_is_demanded(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("cháy rừng ở Sơn La", as_typed=True))
    assert page.total_full == 4
