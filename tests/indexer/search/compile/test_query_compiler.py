"""Wildcards, fuzzy words and phrases, and how many of a query's words have to match."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from archive.records import Section, Speaker
from indexer.engine.queries import Column
from indexer.search.query_notices import RelaxedNotice
from indexer.search.search_records import MatchMode, ResultPage, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

SPEAKER = Section(("Lời của ông về phong trào.",), speaker=Speaker("Ngô Văn Phúc"))
ARTICLES = {
    "phong": article("Phòng cháy", "Phòng cháy hơn chữa cháy."),
    "bare": article("phong trao", "khong co dau: phong trao."),
    "phung": article("Cô Phụng", "Cô Phụng hát cùng em."),
    "cang": article("Càng cua", "Càng cua rang muối."),
    "cong": article("Công an", "Công an xã."),
    "nguyen": article("Họ Nguyễn", "Ông Nguyễn bán hàng."),
    "nguyn": article("Chữ Nguyn", "Nguyn là chữ sai."),
    "covid": article("Covid-19", "Dịch Covid-19."),
    "customs": article("Hải quan", "Hải quan kiểm tra."),
    "speech": article("Phát biểu", sections=(SPEAKER,)),
}
NAMES = {article.identifier: name for name, article in ARTICLES.items()}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES.values()).search


def names(page: ResultPage) -> set[str]:
    return {NAMES[hit.identifier] for hit in page.hits}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ph*ng", {"phong", "bare", "phung", "speech"}),
        ("PH*NG", {"phong", "bare", "phung", "speech"}),
        ("ph?ng", {"phong", "bare", "phung", "speech"}),
        ("c?ng", {"phung", "cang", "cong"}),
        ("phò*g", {"phong", "bare", "speech"}),
        ("=phò*g", {"phong"}),
        ("=ph?ng", {"phong", "bare", "phung", "speech"}),
        ("title:ph*ng", {"phong", "bare", "phung"}),
        ("title:phò*g", {"phong", "bare"}),
        ("title:=phò*g", {"phong"}),
        ("ph*ng -ch?y", {"bare", "phung", "speech"}),
        ("-ph*ng -c?ng", {"nguyen", "nguyn", "covid", "customs"}),
        ("c?ng OR covi*", {"phung", "cang", "cong", "covid"}),
        ("(c?ng OR ngu*n) -em", {"cang", "cong", "nguyen", "nguyn"}),
        ("người:ph?c", {"speech"}),
        ("người:ph*", {"speech"}),
        ("người:phuk~", {"speech"}),
        ("người:phúc ph*ng", {"speech"}),
        ("người:phúc ch*y", set()),
        ("nguyen~", {"nguyen", "nguyn"}),
        ("nguyễn~", {"nguyen", "nguyn"}),
        ("nguyem~2", {"nguyen", "nguyn"}),
        ("covd~", {"covid"}),
        ("title:covd~", {"covid"}),
        ("nguyen~ -hàng", {"nguyn"}),
        ("xovid~", set()),
        ("công*", {"cong"}),
    ],
)
def test_what_patterns_find(searcher: SearchService, typed: str, expected: set[str]) -> None:
    page = searcher.search(SearchRequest(typed))
    assert names(page) == expected
    assert page.listed == len(expected)


@pytest.mark.parametrize(("typed", "first"), [("phò*g", "phong"), ("nguyn~", "nguyn")])
def test_the_form_as_typed_comes_first(searcher: SearchService, typed: str, first: str) -> None:
    page = searcher.search(SearchRequest(typed))
    assert NAMES[page.hits[0].identifier] == first


def test_the_exact_switch_demands_the_diacritics_of_a_pattern(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("phò*g", exact=True))
    assert (names(page), page.total_folded) == ({"phong"}, 3)
    assert searcher.search(SearchRequest("phò*g")).total_exact == 1


def whoosh_calls(call: Callable[[], Any]) -> set[str]:
    """The modules of Whoosh whose functions a call runs."""
    modules: set[str] = set()

    def record(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            modules.add(frame.f_globals.get("__name__", ""))

    sys.setprofile(record)
    try:
        call()
    finally:
        sys.setprofile(None)
    return {name for name in modules if name.startswith("whoosh.")}


@pytest.mark.parametrize("typed", ["ph*ng", "c?ng", "title:ph*ng", "phò*g"])
def test_wildcards_are_answered_by_whoosh(searcher: SearchService, typed: str) -> None:
    modules = whoosh_calls(lambda: searcher.search(SearchRequest(typed)))
    assert {"whoosh.query.terms", "whoosh.matching.mcore"} <= modules


def test_fuzzy_words_are_answered_by_whoosh(searcher: SearchService) -> None:
    modules = whoosh_calls(lambda: searcher.search(SearchRequest("nguyen~")))
    assert {"whoosh.query.terms", "whoosh.matching.mcore"} <= modules


@pytest.fixture(scope="module")
def quotes(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(
        article("Nhấc cột", "Xe khách lao lên vỉa hè, nhấc bổng cột điện đi xa ba mét."),
        article("Lao lên", "Xe khách lao lên vỉa hè, cột điện đổ, không ai bị thương."),
        article("Khác hẳn", "Trời mưa ở vùng núi phía bắc suốt tuần."),
    ).search


@pytest.mark.parametrize(
    ("typed", "expected", "total_full"),
    [
        ("xe khách lao lên vỉa hè “nhấc” cột điện", {"Nhấc cột", "Lao lên"}, 1),
        ('xe khách vỉa hè "cột điện đổ"', {"Nhấc cột", "Lao lên"}, 1),
        ('xe khách "cột điện đổ"', {"Lao lên"}, 1),
        ('"cột điện đổ"', {"Lao lên"}, 1),
        ('"xe khách lao lên vỉa hè"', {"Nhấc cột", "Lao lên"}, 2),
        ('"xe khách lao lên vỉa hè cột điện đổ"', {"Lao lên", "Nhấc cột"}, 1),
        ('="xe khách lao lên vỉa hè cột điện đổ"', {"Lao lên"}, 1),
        ('xe khách vỉa hè ="cột điện đổ"', {"Lao lên"}, 1),
        ('"xe khách lao xuống vỉa hè"', {"Nhấc cột", "Lao lên"}, 0),
        ('"xe khách lao lên vỉa hè" -đổ', {"Nhấc cột"}, 1),
    ],
)
def test_a_phrase_is_no_condition_in_a_long_query_or_where_nothing_has_it(
    quotes: SearchService, typed: str, expected: set[str], total_full: int
) -> None:
    page = quotes.search(SearchRequest(typed))
    assert {hit.title for hit in page.hits} == expected
    assert page.total_full == total_full
    full = quotes.search(SearchRequest(typed, match=MatchMode.FULL))
    assert (len(full.hits), full.total) == (total_full, total_full)
    assert any(isinstance(notice, RelaxedNotice) for notice in page.notices) == (not total_full)


def test_a_headline_that_is_quoted_comes_before_what_is_like_it(quotes: SearchService) -> None:
    typed = '"Xe khách lao lên vỉa hè, nhấc bổng cột điện đi xa ba mét"'
    titles = [hit.title for hit in quotes.search(SearchRequest(typed)).hits]
    assert titles == ["Nhấc cột", "Lao lên"]


def test_facets_of_exact_matches_that_there_are_not_are_those_of_the_list(
    shared_archive_of: ArchiveFactory,
) -> None:
    service = shared_archive_of(
        article("Tin", "cong an phuong ra quan", category="Xã hội"),
    ).search
    page = service.search(SearchRequest("công an", exact=True, facets=(Column.CATEGORY,)))
    assert (page.total_exact, page.total_full) == (0, 1)
    assert page.facets == {Column.CATEGORY: {"Xã hội": 1}}
