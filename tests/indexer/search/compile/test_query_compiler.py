"""Wildcards and fuzzy words find the articles of their terms, by Whoosh's own matchers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from archive.records import Section, Speaker
from indexer.search.search_records import ResultPage, SearchRequest
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
