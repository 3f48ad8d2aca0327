"""A misspelt query is searched as typed and repaired, in every order and count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.engine.api import Engine
from indexer.engine.queries import MatchAll, Or, Query, Sort
from indexer.search.compile.query_compiler import Requirement
from indexer.search.completion import PhraseCompleter
from indexer.search.execute import execution
from indexer.search.execute.execution import (
    CERTAIN_WEIGHT,
    REPAIR_WEIGHT,
    DerivedLookups,
    SearchExecution,
)
from indexer.search.interpret.interpreter import Interpreter
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.service import SearchService
from indexer.vietnamese.glossary import Glossary
from tests.counted_texts import CountedTexts
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


def executed(counts: dict[str, int], typed: str) -> tuple[SearchExecution, InterpretedQuery]:
    """Return an execution by stated statistics, and its interpreted query."""
    statistics, analyzer = CountedTexts(counts, 50_000), Analyzer()
    request = SearchRequest(typed)
    query = Interpreter(request, analyzer, statistics, Glossary()).interpret()
    return SearchExecution(request, cast(Engine, None), statistics, analyzer), query


@pytest.mark.parametrize(
    ("counts", "typed", "weight"),
    [
        # A word that the archive does not hold is surely none.
        ({"donald trump": 9}, "donald trmup", CERTAIN_WEIGHT),
        # What matches far more is as likely as what was typed, else less.
        ({"tham, quang": 2, "tham quan": 101}, "tham quang", 1.0),
        ({"tham, quang": 100, "tham quan": 100}, "tham quang", REPAIR_WEIGHT),
        ({"tham, quang": 1, "tham quan": 51}, "tham quang", 1.0),
    ],
)
def test_a_repair_weighs_by_what_it_matches(
    counts: dict[str, int], typed: str, weight: float
) -> None:
    run, query = executed(counts, typed)
    assert query.repaired
    typed_set = run._compile_meaning(query).full
    repaired_set = run._compile_meaning(query.repaired).full
    assert run._weigh_repair(query, typed_set, repaired_set) == weight


@pytest.mark.parametrize(("weight", "share"), [(0.5, 1 / 3), (1.0, 0.5), (4.0, 0.8)])
def test_the_weights_of_typed_and_repaired_sum_to_one(
    monkeypatch: pytest.MonkeyPatch, weight: float, share: float
) -> None:
    shares: list[float] = []

    def record(query: Query, factor: float) -> Query:
        shares.append(factor)
        return MatchAll()

    monkeypatch.setattr(execution, "scale_scores", record)
    run, query = executed({"donald trump": 9}, "donald trmup")
    run._repair_weight = weight
    partial = run._partial(query, Requirement.MOST)
    assert partial == Or((MatchAll(), MatchAll()))
    # That of the repaired one is made first.
    assert shares == pytest.approx([share, 1 - share])


@pytest.mark.parametrize("typed", ["Trump -nội -bà", "phố cổ -tham", "hội an xyzzyq -phố"])
def test_nothing_is_listed_where_a_minus_takes_everything(
    searcher: SearchService, typed: str
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert (page.total, page.hits, page.hidden, page.pages) == (0, (), 0, 0)


def test_restored_words_have_the_capitals_of_the_archive() -> None:
    class Capitals(PhraseCompleter):
        def __init__(self) -> None:
            """Know no archive."""

        def capitalize(self, exact_forms: Sequence[str]) -> str:
            return " ".join(exact_forms).title()

    assert DerivedLookups(completer=Capitals()).capitalize("bò sữa ba vì") == "Bò Sữa Ba Vì"
    assert DerivedLookups().capitalize("bò sữa ba vì") == "bò sữa ba vì"


@pytest.mark.parametrize("match", [MatchMode.PARTIAL, MatchMode.FULL])
@pytest.mark.parametrize("typed", ["khunglongbao", "khunglongbao quai", "khunglongbao quai vat"])
def test_nothing_is_listed_for_words_of_no_article(
    searcher: SearchService, typed: str, match: MatchMode
) -> None:
    assert list(searcher.iterate_articles(SearchRequest(typed, match=match))) == []
