"""Repairs name the stretches of a query that are read otherwise."""

from __future__ import annotations

import pytest

from indexer.search.search_records import SearchRequest, SuggestionNotice
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

ARTICLES = tuple(
    article(f"Tin thứ {number}", text)
    for number, text in enumerate(
        (
            "Ông Donald Trump dùng facebook, ông Trần Đại Quang thì không.",
            "Cầu thủ Messi được bán cho đội bóng ở Bình Dương.",
            "Hai nhà xử lý rác, giành giật khách tham quan rồi bổ sung xe Toyota.",
        )
    )
)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("face book", "facebook"),
        ("mesi", "messi"),
        ("messsi", "messi"),
        ("toyta", "toyota"),
        ("donald trum", "donald trump"),
        ("donal trump", "donald trump"),
        ("trân đại quang", "trần đại quang"),
        ("binh duơng", "bình dương"),
        ("dành giật", "giành giật"),
        ("tham quang", "tham quan"),
        ("bổ xung", "bổ sung"),
        ("sử lý", "xử lý"),
        ("su ly rac", "xử ly rac"),
        ("xu ly rac", ""),
        ("donald trump", ""),
        ("messi", ""),
        ("Bình Dương", ""),
    ],
)
def test_what_was_misspelt_is_repaired(searcher: SearchService, typed: str, repaired: str) -> None:
    notices = searcher.search(SearchRequest(typed)).notices
    texts = [notice.text for notice in notices if isinstance(notice, SuggestionNotice)]
    assert "".join(texts) == repaired
