"""A query that is an address or identifier answers with its article, by every way of asking."""

from __future__ import annotations

import pytest

from indexer.engine.queries import Column
from indexer.intake.legal.legal_pass import with_legal_record
from indexer.search.query_notices import ArticleNotice, LookupNotice, NoArticleNotice, QueryNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, day
from tests.indexer.intake.legal.decrees import DECREE as LINES
from tests.indexer.intake.legal.decrees import document

KEPT = article(
    "Giá vàng tăng mạnh",
    "Một lượng thêm 2 triệu.",
    url="http://www.bao.vn/tien/gia-vang-tang-manh-99.htm",
    external_id="bm5512",
    publisher="Báo A",
    authors=("An", "Bình"),
    published=day(2022, 12, 19),
)
ARTICLES = (
    KEPT,
    article("Giá dầu giảm", "Mã bm5513 của bài khác.", external_id="BM5513"),
    article("Tin một", external_id="chung-1", publisher="A"),
    article("Tin hai", external_id="chung-1", publisher="B"),
    article("Bài nói về bao.vn/c/7", "Đường dẫn bao.vn/c/7 đã mất."),
)
NAMES = {kept.identifier: kept.title for kept in ARTICLES}


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


@pytest.mark.parametrize(
    "typed",
    [
        "https://bao.vn/tien/gia-vang-tang-manh-99.htm?utm_source=zalo#cuoi",
        "bao.vn/tien/gia-vang-tang-manh-99.htm/",
        "url:m.bao.vn/tien/gia-vang-tang-manh-99.htm",
        KEPT.identifier,
        f"id:{KEPT.identifier}",
        f"https://kho.example/article/{KEPT.identifier}?q=x",
        "bm5512",
        "id:BM5512",
    ],
)
def test_an_address_or_identifier_is_its_article(searcher: SearchService, typed: str) -> None:
    request = SearchRequest(typed, facets=(Column.MONTH, Column.AUTHOR))
    page = searcher.search(request)
    assert [hit.identifier for hit in page.hits] == [KEPT.identifier]
    assert (page.total, page.listed, page.pages, page.query) == (1, 1, 1, typed)
    assert [type(notice) for notice in page.notices] == [ArticleNotice]
    assert page.notices[0].message
    assert page.facets == {Column.MONTH: {"2022-12": 1}, Column.AUTHOR: {"An": 1, "Bình": 1}}
    assert [kept.identifier for kept in searcher.iterate_articles(request)] == [KEPT.identifier]
    assert [hit.external_id for hit in searcher.rank(request)] == ["bm5512"]
    assert searcher.search(SearchRequest(typed, page=2)).hits == ()


@pytest.mark.parametrize(
    ("typed", "titles", "kind"),
    [
        ("id:chung-1", {"Tin một", "Tin hai"}, ArticleNotice),
        ("https://khac.vn/xa/gia-vang-tang-manh.htm", {"Giá vàng tăng mạnh"}, NoArticleNotice),
        ("https://bao.vn/c/7", {"Bài nói về bao.vn/c/7"}, NoArticleNotice),
        ("https://bao.vn/c/8", set(), NoArticleNotice),
        ("id:bm5599", set(), NoArticleNotice),
        ("id:dầu", {"Giá dầu giảm"}, NoArticleNotice),
        ("0123456789abcdef0123", set(), NoArticleNotice),
        ("bm5513", {"Giá dầu giảm"}, None),
        ("id:bm5513", {"Giá dầu giảm"}, ArticleNotice),
        ("bm5599", set(), None),
        ("id:bm5512 dầu", {"Giá dầu giảm"}, LookupNotice),
    ],
)
def test_other_names_are_searched_for_and_said(
    searcher: SearchService, typed: str, titles: set[str], kind: type[QueryNotice] | None
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert {hit.title for hit in page.hits} == titles
    assert page.query == typed
    kinds = [type(notice) for notice in page.notices]
    assert kind is None or kind in kinds
    assert kind or not {ArticleNotice, NoArticleNotice} & set(kinds)
    assert all(0 <= notice.start <= notice.end <= len(typed) for notice in page.notices)


def test_as_typed_an_address_is_text(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest(KEPT.url, as_typed=True))
    assert ArticleNotice not in map(type, page.notices)


def test_a_deleted_article_has_no_address_and_an_unindexed_one_has(
    archive_of: ArchiveFactory,
) -> None:
    archive = archive_of(*ARTICLES)
    archive.store.delete(KEPT.identifier)
    (notice, *_) = archive.search.search(SearchRequest(KEPT.url)).notices
    assert type(notice) is NoArticleNotice
    archive.store.add(b"again", KEPT)
    assert archive.search.search(SearchRequest(KEPT.url)).total == 1
    empty = archive_of()
    empty.store.add(b"one", KEPT)
    assert empty.search.search(SearchRequest("bm5512")).total == 1


DECREE = with_legal_record(document(*LINES))
CITING = [
    article(f"Tin {number} về 99/2031/NĐ-CP", "Nghị định 99/2031/NĐ-CP có gì mới?")
    for number in range(3)
]


@pytest.mark.parametrize(
    "typed",
    [
        "99/2031/NĐ-CP",
        "99/2031/nd-cp",
        "99/2031/NĐ–CP",
        "nghị định 99 /2031/NĐ – CP",
    ],
)
def test_the_document_of_a_number_comes_before_news_that_cite_it(
    archive_of: ArchiveFactory, typed: str
) -> None:
    search = archive_of(DECREE, *CITING).search
    assert search.search(SearchRequest(typed)).hits[0].identifier == DECREE.identifier


def test_an_article_of_a_document_is_the_place_of_its_hit(archive_of: ArchiveFactory) -> None:
    (hit,) = archive_of(DECREE).search.search(SearchRequest("việc chuyển tiếp")).hits
    assert hit.section
    assert hit.section.locator == "Điều 2a"
