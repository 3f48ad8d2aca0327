"""Near-copies stand behind the best-ranked of them, and pages stay right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.records import Article
from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.engine.queries import Sort
from indexer.engine.records import Hit
from indexer.indexing.index_builder import IndexBuilder
from indexer.search.execute import collapsing
from indexer.search.execute.collapsing import collapse_near_duplicates
from indexer.search.present.json_form import to_json
from indexer.search.search_records import ResultPage, SearchRequest
from indexer.search.service import SearchService
from indexer.whoosh_engine.engine import WhooshEngine
from tests.factories import ArchiveFactory, article, day
from tests.indexer.derived.deriving import derive, save

COPIES = 4
COPIED = ("chép lại", "chép nữa", "chép y nguyên", "lại chép", "chép")
OTHERS = 40


def report(number: int, words: int = 60) -> str:
    """A text of its own for each number; all of them are about lũ."""
    return "lũ " + " ".join(f"chuyện{number} thứ{position} kể" for position in range(words))


ARTICLES = [
    *(
        article(f"Lũ số {number}", report(number), published=day(2020, 1, 1 + number % 28))
        for number in range(OTHERS)
    ),
    *(
        article(
            f"Lũ số {number} {COPIED[copy]}",
            report(number) + f" theo báo {copy}",
            publisher=f"Báo {copy}",
            published=day(2021, 2, 1 + number),
        )
        for number in range(3)
        for copy in range(COPIES)
    ),
]
TITLES = {stored.identifier: stored.title for stored in ARTICLES}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


def pages(searcher: SearchService, question: SearchRequest) -> list[ResultPage]:
    first = searcher.search(question)
    later = [
        searcher.search(replace(question, page=number)) for number in range(2, first.pages + 2)
    ]
    return [first, *later]


@pytest.mark.parametrize("size", [1, 3, 10, 100])
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    ("window", "one_call"), [(200, 2000), (10, 2000), (200, 15), (10, 15), (7, 1), (0, 2000)]
)
def test_over_all_pages_each_article_is_shown_once(
    searcher: SearchService,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    sort: Sort,
    window: int,
    one_call: int,
) -> None:
    monkeypatch.setattr(collapsing, "WINDOW", window)
    monkeypatch.setattr(collapsing, "ONE_CALL", one_call)
    result_pages = pages(searcher, SearchRequest("lu", size=size, sort=sort))
    identifiers = [
        name
        for page in result_pages
        for hit in page.hits
        for name in (hit.identifier, *(copy.identifier for copy in hit.near))
    ]
    assert sorted(identifiers) == sorted(TITLES)
    assert {page.total for page in result_pages} == {len(ARTICLES)}
    assert [len(page.hits) for page in result_pages[:-2]] == [size] * max(
        0, result_pages[0].pages - 1
    )
    assert result_pages[-1].hits == ()
    hidden = sum(len(hit.near) for page in result_pages for hit in page.hits)
    assert {page.hidden for page in result_pages} == {hidden}


def test_a_group_stands_behind_its_best(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest('chuyen1 "so 1"'))
    hit = page.hits[0]
    assert (len(page.hits), page.total, page.hidden, page.pages) == (1, COPIES + 1, COPIES, 1)
    assert {TITLES[hit.identifier], *(copy.title for copy in hit.near)} == {
        "Lũ số 1",
        *(f"Lũ số 1 {COPIED[copy]}" for copy in range(COPIES)),
    }
    record = to_json(page)
    assert record["hidden"] == COPIES
    assert record["hits"][0]["near"][0].keys() == {
        "id",
        "title",
        "publisher",
        "published",
        "published_precision",
        "has_title",
        "language",
    }


def test_only_what_matches_stands_behind(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("chuyen1 nguồn:2"))
    assert [hit.near for hit in page.hits] == [()]
    assert (page.total, page.hidden) == (1, 0)


def test_groups_can_be_left_out(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("chuyen1", grouped=False))
    assert (len(page.hits), page.hidden) == (COPIES + 1, 0)
    assert len(searcher.rank(SearchRequest("chuyen1"))) == COPIES + 1


@pytest.mark.parametrize("number", [1, 4, 30])
def test_a_page_is_one_engine_call(
    searcher: SearchService, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    calls: list[object] = []
    search = WhooshEngine.search

    def counted(self: WhooshEngine, request: object) -> object:
        calls.append(request)
        return search(self, request)  # type: ignore[arg-type]

    monkeypatch.setattr(WhooshEngine, "search", counted)
    searcher.search(SearchRequest("lu", page=number))
    assert len(calls) == 1


def test_near_copies_are_the_first_of_the_similar(searcher: SearchService) -> None:
    report_article = ARTICLES[1]
    likes = searcher.similar(report_article.identifier, COPIES + 1)
    assert {like.title for like in likes[:COPIES]} == {
        f"Lũ số 1 {COPIED[copy]}" for copy in range(COPIES)
    }


def test_a_copy_that_went_stands_behind_nothing(archive_of: ArchiveFactory) -> None:
    archive = archive_of(*ARTICLES)
    deleted = archive.search.search(SearchRequest("chuyen1")).hits[0].near[0].identifier
    archive.store.delete(deleted)
    # It is left out at once, though the index still holds it.
    duplicates = archive.search.search(SearchRequest("chuyen1")).hits[0].near
    assert deleted not in [copy.identifier for copy in duplicates]
    IndexBuilder(archive.store).update()
    page = archive.search.search(SearchRequest("chuyen1"))
    assert (page.total, page.hidden) == (COPIES, COPIES - 1)


DIGEST = article("Lũ qua từng ngày", " ".join(report(number) for number in range(900, 904)))
FOLLOWED = article("Lũ lên từng giờ", report(990) + " " + report(991, 120))
PARTS = [article(f"Mưa {name}", report(900 + place)) for place, name in enumerate("ABCD")]


@pytest.fixture(scope="module")
def folder_of_parts(
    shared_archive_of: ArchiveFactory, tmp_path_factory: pytest.TempPathFactory
) -> NearDuplicateIndex:
    folder = tmp_path_factory.mktemp("parts")
    brief = article("Mưa E", report(990))
    save(derive([DIGEST, FOLLOWED, *PARTS, brief]), folder)
    return NearDuplicateIndex(folder)


@pytest.mark.parametrize(
    ("ranking", "shown"),
    [
        ([DIGEST, *PARTS], [[0, 1, 2, 3, 4]]),
        ([*PARTS, DIGEST], [[0], [1], [2], [3], [4]]),
        ([PARTS[0], DIGEST, PARTS[1]], [[0], [1, 2]]),
        ([PARTS[0], PARTS[1], FOLLOWED], [[0], [1], [2]]),
        ([FOLLOWED, article("Mưa E", report(990))], [[0, 1]]),
        ([article("Mưa E", report(990)), FOLLOWED], [[0, 1]]),
    ],
)
def test_a_report_folds_with_the_article_that_contains_it(
    folder_of_parts: NearDuplicateIndex, ranking: list[Article], shown: list[list[int]]
) -> None:
    names = [each.identifier for each in ranking]
    hits = collapse_near_duplicates(tuple(Hit(name, 1.0) for name in names), folder_of_parts)
    assert [
        [names.index(hit.identifier), *map(names.index, hit.collapsed)] for hit in hits
    ] == shown
