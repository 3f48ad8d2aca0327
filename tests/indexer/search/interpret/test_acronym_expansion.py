"""Acronyms and their long forms find each other, from the texts and the operator's glossary."""

from __future__ import annotations

import pytest

from indexer.engine.queries import Sort
from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from indexer.search.query_notices import AcronymNotice
from indexer.search.search_records import MatchMode, ResultPage, SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, keep

ARTICLES = {
    "office": article("Điện Biên hai", "Ủy ban nhân dân tỉnh Điện Biên họp."),
    "ubnd": article("Chủ tịch UBND", "UBND huyện ra quyết định."),
    "dept": article("Cục An ninh mạng", "Cục An ninh mạng (ANM) thông báo."),
    "anm": article("ANM cảnh báo", "ANM nói về lừa đảo."),
    "romance": article("Lãng mạn", "Một chuyện tình lãng mạn."),
}
NAMES = {article.identifier: name for name, article in ARTICLES.items()}


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*ARTICLES.values())


@pytest.fixture
def searcher(archive: OpenArchive) -> SearchService:
    return archive.search


def names(page: ResultPage) -> list[str]:
    return [NAMES[hit.identifier] for hit in page.hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("UBND", ["ubnd", "office"]),
        ("ubnd", ["ubnd", "office"]),
        ("ủy ban nhân dân", ["office", "ubnd"]),
        ("uy ban nhan dan", ["office", "ubnd"]),
        ("UBND huyện", ["ubnd"]),
        ("+UBND", ["ubnd"]),
        ("an ninh mạng", ["dept", "anm"]),
    ],
)
def test_short_and_long_forms_find_each_other_below_what_was_typed(
    searcher: SearchService, typed: str, expected: list[str]
) -> None:
    assert names(searcher.search(SearchRequest(typed))) == expected


def test_an_acronym_is_said_and_can_be_switched_off(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("UBND"))
    (notice,) = page.notices
    assert isinstance(notice, AcronymNotice)
    assert (notice.short, notice.long) == ("UBND", "ủy ban nhân dân")
    assert page.hits[1].why == ("acronym",)
    marked = [piece.text for piece in page.hits[1].snippets[0] if piece.highlighted]
    assert marked == ["Ủy ban nhân dân"]
    as_typed = searcher.search(SearchRequest("UBND", as_typed=True))
    assert (names(as_typed), as_typed.notices) == (["ubnd"], ())


def test_the_operators_glossary_is_read_when_it_changes(archive: OpenArchive) -> None:
    glossary = archive.store.home / "glossary.tsv"
    assert names(archive.search.search(SearchRequest("LMX"))) == []
    glossary.write_text("LMX\tlãng mạn\nnonsense\n", encoding="utf-8")
    assert names(archive.search.search(SearchRequest("LMX"))) == ["romance"]
    glossary.unlink()
    assert names(archive.search.search(SearchRequest("LMX"))) == []


def test_definitions_go_with_the_article_that_gave_them(archive_of: ArchiveFactory) -> None:
    archive = archive_of(ARTICLES["dept"], ARTICLES["anm"])
    assert archive.search.search(SearchRequest("an ninh mạng")).total == 2
    archive.store.delete(ARTICLES["dept"].identifier)
    keep(archive.store, article("An ninh mạng", "nói về an ninh mạng"))
    IndexBuilder(archive.store).update()
    assert archive.search.search(SearchRequest("an ninh mạng")).total == 1


BODIES = {
    "glued": "Kẹt xe ở TPHCM sáng nay",
    "dotted": "Đường mới ở TP.HCM mở cửa",
    "apart": "Chợ hoa TP HCM đông khách",
    "half": "Thư viện TP Hồ Chí Minh",
    "whole": "Bảo tàng thành phố Hồ Chí Minh",
    "street": "Phố Hồ Chí Minh ở thành cổ",
    "oil": "Tập đoàn Dầu khí Việt Nam (PVN) khoan giếng",
    "oil again": "Ông chủ tịch PVN phát biểu",
    "oil in full": "Lãi của Tập đoàn Dầu khí Việt Nam",
    "mill": "Công ty Dệt kim Bình Minh (KNB) tuyển thợ",
    "mill again": "Thợ KNB vào ca đêm",
    "capital": "Chợ đêm HN đông khách",
    "capital in full": "Chợ đêm Hà Nội mở lại",
    "television": "Phóng viên VTV đưa tin",
    "television in full": "Chương trình của Đài Truyền hình Việt Nam",
}


@pytest.fixture(scope="module")
def bodies(shared_archive_of: ArchiveFactory) -> SearchService:
    texts = [article(text, external_id=name) for name, text in BODIES.items()]
    return shared_archive_of(*texts).search


CITY = {"glued", "dotted", "apart", "half", "whole"}
OIL = {"oil", "oil again", "oil in full"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *((typed, CITY) for typed in ("TPHCM", "TP.HCM", "TP HCM", "tphcm", "tp hcm")),
        *((typed, CITY) for typed in ("TP Hồ Chí Minh", "thành phố Hồ Chí Minh")),
        ("thanh pho ho chi minh", CITY),
        ("kẹt xe TP.HCM", {"glued"}),
        ("bảo tàng TPHCM", {"whole"}),
        ("+TPHCM", {"glued", "dotted", "apart"}),
        ("PVN", OIL),
        ("Tập đoàn Dầu khí Việt Nam", OIL),
        ("KNB", {"mill", "mill again"}),
        # Two letters mean many things; typed they are read, and alone their long form finds them.
        ("chợ đêm HN", {"capital", "capital in full"}),
        ("chợ đêm Hà Nội", {"capital in full"}),
        ("VTV", {"television", "television in full"}),
        ("đài truyền hình Việt Nam", {"television", "television in full"}),
    ],
)
def test_short_forms_that_are_no_initials_are_known_too(
    bodies: SearchService, typed: str, expected: set[str]
) -> None:
    request = SearchRequest(typed, sort=Sort.NEWEST, match=MatchMode.FULL, size=50)
    assert {hit.external_id for hit in bodies.rank(request)} == expected
