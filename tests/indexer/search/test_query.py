"""The query language end to end: operators, fields, nearness and dates find their articles."""

from __future__ import annotations

import pytest

from indexer.engine.queries import Column, InRange
from indexer.search.query_notices import (
    EmptyDateNotice,
    EmptyFieldNotice,
    EmptyNotice,
    FieldNotice,
    FieldValueNotice,
    KeystrokesNotice,
    NegationNotice,
    OperatorNotice,
    QueryNotice,
    RepairNotice,
    SignNotice,
    SuggestionNotice,
    UndatedNotice,
)
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, day

ARTICLES = {
    "bank": article("Ngân hàng nhà nước họp", "Bàn về lãi suất.", published=day(2021, 4, 2)),
    "rate": article("Nhà nước và lãi suất", "Ngân hàng của nhà nước.", published=day(2022, 12, 19)),
    "flu": article("Dịch cúm", "Ngân hàng thuốc và văc xin.", published=day(2022, 12, 31)),
    "milk": article("Vinamilk tăng giá", "Sữa bò.", published=day(2023, 1, 5)),
    "oil": article("Masan mua kho", "Vinamilk không bình luận."),
    "vow": article("Học sinh nói không với thuốc lá", "Lễ ký cam kết."),
    "smoke": article("Giá thuốc lá", "Có người nói giá sẽ tăng."),
}
REPAIRS = (RepairNotice, SuggestionNotice)
DATES = (EmptyDateNotice, UndatedNotice)
NAMES = {article.identifier: name for name, article in ARTICLES.items()}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES.values()).search


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ngân AND lãi", {"bank", "rate"}),
        ("ngân VÀ cúm", {"flu"}),
        ("sữa OR cúm", {"milk", "flu"}),
        ("sữa HOẶC cúm", {"milk", "flu"}),
        ("sữa HOAC cúm", {"milk", "flu"}),
        ("vinamilk NOT sữa", {"oil"}),
        ("vinamilk KHÔNG sữa", {"oil"}),
        ("nói KHÔNG với thuốc lá", {"vow"}),
        ("noi KHONG voi thuoc la", {"vow"}),
        ("thuốc lá KHÔNG giá", {"vow"}),
        ("Vinamilk KHÔNG bình luận", {"oil"}),
        ("cúm:31", set()),
        ("vinamilk:kho", {"oil"}),
        ("titel:vinamilk kho", {"oil"}),
        ("foobar:vinamilk", {"milk", "oil"}),
        ("date:mai", set(ARTICLES)),
        ("!sữa vinamilk", {"oil"}),
        ("vinamilk NOT (sữa OR kho)", set()),
        ("title:(vinamilk OR masan)", {"milk", "oil"}),
        ("title:(vinamilk OR cúm) -title:cúm", {"milk"}),
        ("title: vinamilk", {"milk"}),
        ('"ngân hàng nhà nước"', {"bank"}),
        ('"ngân hàng nhà nước"~1', {"bank", "rate"}),
        ('"nước ngân hàng"~2', {"bank", "rate"}),
        ('"nước ngân hàng"~1', {"bank"}),
        ('title:"họp ngân"~4', {"bank"}),
        ('title:"họp ngân"~2', set()),
        ('lãi -"ngân hàng nhà nước"~1', set()),
        ('="ngân hàng nhà nước"~1', {"bank", "rate"}),
        ('"ngan hang nha nuoc"~1', {"bank", "rate"}),
        ("date:[2022-12-01 TO 2022-12-31]", {"rate", "flu"}),
        ("date:2022-12-19 .. 2022-12-20", {"rate"}),
        ("date:{2022-12-19 TO 2023}", {"flu"}),
        ("date:>=2022-12-31", {"flu", "milk"}),
        ("từ:2022-12-31", {"flu", "milk"}),
        ("từ:2022-12-19 đến:2022-12-31", {"rate", "flu"}),
        ("sau:2022-12-19 trước:2023", {"flu"}),
        ("ngày:tháng 12 năm 2022 cúm", {"flu"}),
        ("date:April 2021", {"bank"}),
        ("lãi NOT date:2022", {"bank"}),
        ("date:(2021 OR 2023)", {"bank", "milk"}),
        ("site:bao.vn cúm", {"flu"}),
        ("date:mai cúm", {"flu"}),
        ("cúm^2", {"flu"}),
    ],
)
def test_a_query_finds_its_articles(
    searcher: SearchService, typed: str, expected: set[str]
) -> None:
    page = searcher.search(SearchRequest(typed, match=MatchMode.FULL))
    assert {NAMES[hit.identifier] for hit in page.hits} == expected
    assert page.total_exact <= page.total_full <= page.total_folded


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("sữa or cúm", OperatorNotice),
        ("site:bao.vn", FieldValueNotice),
        ("site:bao.vn cúm", FieldNotice),
        ("foobar:cúm", FieldValueNotice),
        ("nói KHÔNG với", NegationNotice),
        ("giá -thuốc lá", SignNotice),
        ("giá NOT thuốc lá", SignNotice),
        ("title:thuốc lá", SignNotice),
        ("giá -title:thuốc lá", SignNotice),
        ("=thuốc lá", SignNotice),
        ("author:bình", EmptyFieldNotice),
        ('cúm người:"An Bình"', EmptyFieldNotice),
        ("?", EmptyNotice),
    ],
)
def test_what_is_not_read_is_said(
    searcher: SearchService, typed: str, kind: type[QueryNotice]
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert [notice for notice in page.notices if isinstance(notice, kind)]
    assert not any(isinstance(notice, KeystrokesNotice) for notice in page.notices)
    assert all(notice.message for notice in page.notices)


@pytest.mark.parametrize(
    "typed",
    [
        "giá -thuốc",
        'giá -"thuốc lá"',
        "giá -thuốc sữa",
        "-lá thuốc",
        'title:"thuốc lá"',
        "title:(thuốc lá)",
        "=thuốc =lá",
        "thuốc lá",
    ],
)
def test_a_sign_for_all_that_was_meant_is_no_mistake(searcher: SearchService, typed: str) -> None:
    page = searcher.search(SearchRequest(typed))
    assert not any(isinstance(notice, SignNotice) for notice in page.notices)


@pytest.mark.parametrize("typed", ["sữa or cúm", "lãi and cúm", "bò or sũa"])
def test_words_of_operators_are_never_repaired(searcher: SearchService, typed: str) -> None:
    page = searcher.search(SearchRequest(typed))
    repaired = [notice for notice in page.notices if isinstance(notice, REPAIRS)]
    word = typed.split()[1]
    assert all(f" {word} " in f" {notice.text} " for notice in repaired)


def test_a_field_that_holds_something_is_not_said_to_be_empty(searcher: SearchService) -> None:
    for typed in ("title:cúm sữa chua", "cúm -author:bình", "author:bình OR cúm", "tìmkhôngra"):
        page = searcher.search(SearchRequest(typed))
        assert not any(isinstance(notice, EmptyFieldNotice) for notice in page.notices)


@pytest.mark.parametrize(
    ("typed", "kinds", "value"),
    [
        ("date:1999", [EmptyDateNotice], "1999"),
        ("cúm ngày:3/1999", [EmptyDateNotice], "3/1999"),
        ("cúm đến:3/1999", [EmptyDateNotice], "đến:3/1999"),
        ("từ:2022 đến:2022-11 cúm", [EmptyDateNotice], "từ:2022 đến:2022-11"),
        ("date:2022 tìmkhôngra", [], ""),
        ("date:2022", [], ""),
        ("sữa OR date:1999", [], ""),
        ("sữa -date:1999", [], ""),
    ],
)
def test_a_time_without_any_article_is_named(
    searcher: SearchService, typed: str, kinds: list[type[QueryNotice]], value: str
) -> None:
    notices = [n for n in searcher.search(SearchRequest(typed)).notices if isinstance(n, DATES)]
    assert list(map(type, notices)) == kinds
    assert [notice.value for notice in notices] == [value] * len(kinds)


@pytest.mark.parametrize("typed", ["ngày:2017", "lũ date:>=2020-12-01", "date:[2020 TO 2021]"])
def test_an_archive_without_dates_says_so(archive_of: ArchiveFactory, typed: str) -> None:
    page = archive_of(article("Lũ rút", "Nước lũ rút chậm.")).search.search(SearchRequest(typed))
    assert (page.total, page.listed) == (0, 0)
    assert [type(notice) for notice in page.notices] == [UndatedNotice]


def test_a_sign_names_the_whole_unit(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("title:ngân hàng nhà nước"))
    (notice,) = (notice for notice in page.notices if isinstance(notice, SignNotice))
    assert (notice.sign, notice.word, notice.unit) == ("title:", "ngân", "ngân hàng nhà nước")


def test_times_of_a_query_narrow_those_of_the_form(searcher: SearchService) -> None:
    low = int(day(2022, 12, 20).timestamp())
    request = SearchRequest("đến:2022", filters=(InRange(Column.PUBLISHED, low, None),))
    assert {NAMES[hit.identifier] for hit in searcher.search(request).hits} == {"flu"}
