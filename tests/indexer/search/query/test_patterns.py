"""Wildcards and fuzzy words: from what is typed to the articles found, by Whoosh's matchers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from archive.records import Section, Speaker
from indexer.analysis.analyzer import Analyzer
from indexer.search.query.parser import MOST_WILDCARDS, parse
from indexer.search.query.syntax import FuzzyNode, WildcardNode, WordNode, leaves
from indexer.search.search_records import (
    KeystrokesNotice,
    ResultPage,
    SearchRequest,
    WildcardNotice,
)
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
NAMES = {kept.identifier: name for name, kept in ARTICLES.items()}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES.values()).search


def found(page: ResultPage) -> set[str]:
    return {NAMES[hit.identifier] for hit in page.hits}


@pytest.mark.parametrize(
    ("typed", "text", "distance"),
    [
        ("c?ng", "c?ng", 0),
        ("ph*ng", "ph*ng", 0),
        ("Đ?NG", "đ?ng", 0),
        ("ph**ng", "ph*ng", 0),
        ("p?h*n*", "p?h*n*", 0),
        ("c?*", "c?*", 0),
        ("=ph*ng,", "ph*ng", 0),
        ("ph*ng?", "ph*ng", 0),
        ("-title:ph*ng", "ph*ng", 0),
        ("nguyễn~", "nguyễn", 1),
        ("từ~1", "từ", 1),
        ("(từ~2)", "từ", 2),
        ("từ~2.", "từ", 2),
        ("người:phuc~", "phuc", 1),
    ],
)
def test_patterns_are_read(typed: str, text: str, distance: int) -> None:
    query = parse(typed, Analyzer())
    (leaf,) = leaves(query.tree)
    assert isinstance(leaf, FuzzyNode if distance else WildcardNode)
    assert (leaf.text, getattr(leaf, "distance", 0)) == (text, distance)
    assert typed[leaf.start : leaf.end].lower().replace("**", "*").startswith(text)
    assert query.notices == ()


@pytest.mark.parametrize(
    ("typed", "notices"),
    [
        ("?ng", 1),
        ("*ng", 1),
        ("**", 1),
        ("?*", 1),
        ("a*", 1),
        ("từ~3", 1),
        ("từ~0", 1),
        ("x/y*z", 1),
        ("a?" * (MOST_WILDCARDS + 1) + "b", 1),
        ("a*" * 20, 1),
        ("?", 0),
        ("??", 0),
        ("ở đâu?", 0),
        ("a~", 0),
        ("~", 0),
        ("http://bao.vn/a?b=c", 0),
        ('"ph*ng"', 0),
    ],
)
def test_what_is_no_pattern_is_read_as_words(
    searcher: SearchService, typed: str, notices: int
) -> None:
    query = parse(typed, Analyzer())
    assert [type(notice) for notice in query.notices] == [WildcardNotice] * notices
    assert not any(isinstance(leaf, WildcardNode | FuzzyNode) for leaf in leaves(query.tree))
    searcher.search(SearchRequest(typed))


@pytest.mark.parametrize(
    ("typed", "names"),
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
def test_what_patterns_find(searcher: SearchService, typed: str, names: set[str]) -> None:
    page = searcher.search(SearchRequest(typed))
    assert found(page) == names
    assert page.total == len(names)


@pytest.mark.parametrize(("typed", "first"), [("phò*g", "phong"), ("nguyn~", "nguyn")])
def test_the_form_as_typed_comes_first(searcher: SearchService, typed: str, first: str) -> None:
    page = searcher.search(SearchRequest(typed))
    assert NAMES[page.hits[0].identifier] == first


def test_the_exact_switch_demands_the_diacritics_of_a_pattern(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("phò*g", exact=True))
    assert (found(page), page.total_folded) == ({"phong"}, 3)
    assert searcher.search(SearchRequest("phò*g")).total_exact == 1


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ("ph*ng", "phong", ["Phòng", "Phòng"]),
        ("=ph*ng", "bare", ["phong", "phong"]),
        ("ng?yen", "nguyen", ["Nguyễn", "Nguyễn"]),
        ("nguyen~ cháy~2", "nguyn", ["Chữ Nguyn", "Nguyn", "chữ"]),
        ("title:covd~", "covid", ["Covid", "Covid"]),
    ],
)
def test_whole_words_are_highlighted(
    searcher: SearchService, typed: str, name: str, words: list[str]
) -> None:
    hits = searcher.search(SearchRequest(typed, any_word=True)).hits
    (hit,) = (hit for hit in hits if NAMES[hit.identifier] == name)
    spans = [*hit.title_spans, *(span for snippet in hit.snippets for span in snippet)]
    assert [span.text for span in spans if span.highlighted] == words
    assert hit.why


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("cong~", "cong~"),
        ("xa~ ho^.i", "xã hội"),
        ("coong nguyen~", "công nguyen~"),
        ("coong~ nguyen~2", "công~ nguyen~2"),
        ("ha?i quan", "hải quan"),
    ],
)
def test_signs_are_keystrokes_only_beyond_doubt(
    searcher: SearchService, typed: str, searched: str
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert page.searched == searched
    decoded = any(isinstance(notice, KeystrokesNotice) for notice in page.notices)
    assert decoded == (typed != searched)


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


def test_a_pattern_is_a_word_of_its_own(searcher: SearchService) -> None:
    tree = parse("ph*ng cháy", Analyzer()).tree
    assert [type(leaf) for leaf in leaves(tree)] == [WildcardNode, WordNode]
    page = searcher.search(SearchRequest("ph*ng khủnglong cháy"))
    assert "phong" in found(page)
