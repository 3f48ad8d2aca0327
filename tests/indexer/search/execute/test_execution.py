"""A misspelt query is searched as typed and repaired, in every order and count."""

from __future__ import annotations

import pytest

from indexer.engine.queries import Sort
from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

ARTICLES = tuple(
    article(f"Tin thứ {number}", text)
    for number, text in enumerate(
        (
            "Ông Donald Trump tới Hà Nội.",
            "Bà con đón ông Trump ở sân bay.",
            "Nhân dân xử lý rác thải, tham quan phố cổ.",
            "Phố cổ Hội An đón khách tham quan.",
        )
    )
)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


def titles(searcher: SearchService, request: SearchRequest) -> list[str]:
    return [hit.title for hit in searcher.search(request).hits]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("donald trmup", {"Tin thứ 0"}),
        ("tham quang", {"Tin thứ 2", "Tin thứ 3"}),
        ("nhandan", {"Tin thứ 2"}),
        ("nhandan xử lý", {"Tin thứ 2"}),
    ],
)
def test_the_repair_is_searched_beside_what_was_typed(
    searcher: SearchService, typed: str, expected: set[str], sort: Sort
) -> None:
    page = searcher.search(SearchRequest(typed, sort=sort))
    assert {hit.title for hit in page.hits[: len(expected)]} == expected
    full = searcher.search(SearchRequest(typed, sort=sort, match=MatchMode.FULL))
    assert {hit.title for hit in full.hits} == expected
    assert page.total_exact <= page.total_full <= page.total_folded


def test_a_page_says_what_was_searched_as_well(searcher: SearchService) -> None:
    notices = searcher.search(SearchRequest("donald trmup")).notices
    assert [notice.text for notice in notices if isinstance(notice, RepairNotice)] == [
        "donald trump"
    ]


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest("tham quang", as_typed=True),
        SearchRequest("tham quang", exact=True),
        SearchRequest("tham quang", match=MatchMode.ANY),
        SearchRequest('"tham quang"'),
        SearchRequest("tham quan"),
        SearchRequest("donald trump"),
    ],
)
def test_nothing_is_repaired_unasked(searcher: SearchService, request_: SearchRequest) -> None:
    notices = searcher.search(request_).notices
    assert not any(isinstance(notice, RepairNotice) for notice in notices)


@pytest.mark.parametrize(
    ("request_", "suggested"),
    [
        (SearchRequest("tham quang", exact=True), ["tham quan"]),
        (SearchRequest("tham quang", match=MatchMode.ANY), ["tham quan"]),
        (SearchRequest("tham quang", as_typed=True), []),
        (SearchRequest("tham quan", exact=True), []),
    ],
)
def test_a_repair_that_is_not_searched_is_suggested(
    searcher: SearchService, request_: SearchRequest, suggested: list[str]
) -> None:
    notices = searcher.search(request_).notices
    assert [note.text for note in notices if isinstance(note, SuggestionNotice)] == suggested


def test_exports_and_rankings_hold_what_the_page_holds(searcher: SearchService) -> None:
    request = SearchRequest("tham quang", match=MatchMode.FULL)
    exported = {article.title for article in searcher.iterate_articles(request)}
    assert exported == {"Tin thứ 2", "Tin thứ 3"} == set(titles(searcher, request))


@pytest.mark.parametrize("filler", ["cho tôi hỏi", "tin tức mới nhất về", "xin hoi"])
def test_filler_in_front_finds_what_the_rest_finds(searcher: SearchService, filler: str) -> None:
    plain = set(titles(searcher, SearchRequest("tham quan phố cổ")))
    assert set(titles(searcher, SearchRequest(f"{filler} tham quan phố cổ"))) == plain
