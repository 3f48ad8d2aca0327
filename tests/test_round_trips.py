"""A page asks an engine, which may be far away, few times: its look-ups are made together."""

from __future__ import annotations

from statistics import median

import pytest
from msgspec.structs import replace

from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.normalization import fold
from tests.bench.round_trips import counted_calls
from tests.factories import ArchiveFactory, article

MEDIAN_CALLS = 3
MOST_CALLS = 4
MOST_OF_A_REPAIR = 5

HEADLINES = (
    "Công an tỉnh Điện Biên bắt đường dây ma túy",
    "Ngân hàng nhà nước hạ lãi suất lần ba",
    "Cá chết trôi sông ở miền Trung",
    "Messi, Ronaldo và Neymar ghi bàn ở Barcelona",
    "Giá xăng dầu lại tăng từ chiều nay",
    "UBND thành phố họp về kẹt xe ở sân bay",
    "Bộ Giáo dục công bố điểm thi tốt nghiệp",
    "Tàu cá mắc cạn ở biển Đông được cứu",
    "Bắt nghi phạm: công an thu giữ ma túy, khởi tố vụ án",
    "Sở giao thông vận tải thành phố cấm xe tải",
)

ARTICLES = [
    article(
        f"{headline} {number}",
        f"{headline}, ngày {number}. Ủy ban nhân dân (UBND) thành phố cho biết: {headline}.",
    )
    for headline in HEADLINES
    for number in range(6)
]


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


def calls_of(searcher: SearchService, typed: str) -> int:
    with counted_calls() as calls:
        searcher.search(SearchRequest(typed))
    return calls.total()


def pieces(words: int) -> list[str]:
    """Return the words of each headline from its second on, written and bare."""
    texts = [" ".join(headline.split()[1 : 1 + words]) for headline in HEADLINES]
    return [*texts, *map(fold, texts)]


@pytest.mark.parametrize("words", [1, 2, 3, 5])
def test_a_remote_engine_is_asked_in_another_way_for_the_same_answers(
    searcher: SearchService, words: int
) -> None:
    typed = [*pieces(words), *(text.replace("n", "m", 1) for text in pieces(words))]
    here = [searcher.search(SearchRequest(text)) for text in typed]
    with counted_calls():
        afar = [searcher.search(SearchRequest(text)) for text in typed]
    for near, remote in zip(here, afar, strict=True):
        assert replace(remote, took_ms=0.0) == replace(near, took_ms=0.0)


def test_a_page_of_a_few_words_costs_three_round_trips(searcher: SearchService) -> None:
    texts = [*pieces(2), *pieces(3), *(f'"{text}"' for text in pieces(3))]
    calls = [calls_of(searcher, text) for text in texts]
    assert median(calls) <= MEDIAN_CALLS, calls
    assert max(calls) <= MOST_CALLS, calls


def test_a_page_of_two_words_asks_at_once_what_a_repair_of_them_would(
    searcher: SearchService,
) -> None:
    calls = [calls_of(searcher, text) for text in pieces(2)]
    assert max(calls) <= MEDIAN_CALLS, calls


@pytest.mark.parametrize("typed", [*HEADLINES, *map(fold, HEADLINES)])
def test_a_page_of_a_headline_costs_four_at_most(searcher: SearchService, typed: str) -> None:
    assert calls_of(searcher, typed) <= MOST_CALLS


@pytest.mark.parametrize(
    "typed",
    [
        "coong an tinhr ddieenj bieen",
        "nganhang nhanuoc",
        "ngân hàng nhà nưxớc",
        "ngan hanq nha nuoc",
        "messi ronadlo neymar",
        "gia xxang dauu",
        "UBND thành phố khủnglong",
        "title:công an -ronaldo",
        "ma túy OR xăng dầu",
        "công an tỉn*",
        "ronadlo~ barcelona",
    ],
)
def test_repairs_and_keystrokes_are_looked_up_together(searcher: SearchService, typed: str) -> None:
    assert calls_of(searcher, typed) <= MOST_OF_A_REPAIR
