"""What is understood beyond the words: readings, acronyms, corrections, and why a hit matched."""

from __future__ import annotations

from typing import TypeVar

import pytest
from msgspec import structs

from indexer.indexing.index_builder import IndexBuilder
from indexer.open_archive import OpenArchive
from indexer.search.search_records import (
    AcronymNotice,
    DiacriticsNotice,
    QueryNotice,
    RelaxedNotice,
    ResultPage,
    SearchRequest,
    SuggestionNotice,
)
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article, keep

ARTICLES = {
    "bien1": article("Điện Biên một", "Tỉnh Điện Biên ở Tây Bắc."),
    "bien2": article("Điện Biên hai", "Ủy ban nhân dân tỉnh Điện Biên họp."),
    "dien": article("Diễn biến", "Diễn biến phức tạp."),
    "ubnd": article("Chủ tịch UBND", "UBND huyện ra quyết định."),
    "dept": article("Cục An ninh mạng", "Cục An ninh mạng (ANM) thông báo."),
    "anm": article("ANM cảnh báo", "ANM nói về lừa đảo."),
    "romance": article("Lãng mạn", "Một chuyện tình lãng mạn."),
    "net": article("Mạng lưới", "Mạng lưới rộng."),
}
NAMES = {kept.identifier: name for name, kept in ARTICLES.items()}


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*ARTICLES.values())


@pytest.fixture
def searcher(archive: OpenArchive) -> SearchService:
    return archive.search


def names(page: ResultPage) -> list[str]:
    return [NAMES[hit.identifier] for hit in page.hits]


Kind = TypeVar("Kind", bound=QueryNotice)


def notices(page: ResultPage, kind: type[Kind]) -> list[Kind]:
    return [structs.replace(one, message="") for one in page.notices if isinstance(one, kind)]


def test_readings_are_offered_with_their_counts_and_nothing_is_filtered(
    searcher: SearchService,
) -> None:
    page = searcher.search(SearchRequest("dien bien"))
    assert notices(page, DiacriticsNotice) == [
        DiacriticsNotice(text="Điện Biên", documents=2),
        DiacriticsNotice(text="diễn biến", documents=1),
    ]
    assert names(page)[-1] == "dien"
    assert page.total == 3


def test_a_query_with_marks_is_offered_no_readings(searcher: SearchService) -> None:
    assert notices(searcher.search(SearchRequest("điện biên")), DiacriticsNotice) == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("UBND", ["ubnd", "bien2"]),
        ("ubnd", ["ubnd", "bien2"]),
        ("ủy ban nhân dân", ["bien2", "ubnd"]),
        ("uy ban nhan dan", ["bien2", "ubnd"]),
        ("UBND huyện", ["ubnd"]),
        ("+UBND", ["ubnd"]),
        ("an ninh mạng", ["dept", "anm"]),
    ],
)
def test_short_and_long_forms_find_each_other_below_what_was_typed(
    searcher: SearchService, typed: str, found: list[str]
) -> None:
    assert names(searcher.search(SearchRequest(typed))) == found


def test_an_acronym_is_said_and_can_be_switched_off(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("UBND"))
    assert notices(page, AcronymNotice) == [AcronymNotice(short="UBND", long="ủy ban nhân dân")]
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


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("dienbien", "điện biên"),
        ("lãng mạng", "lãng mạn"),
        ("phuctạpp", ""),
        ("quyeet dinhh", None),
    ],
)
def test_did_you_mean(searcher: SearchService, typed: str, suggested: str | None) -> None:
    found = notices(searcher.search(SearchRequest(typed)), SuggestionNotice)
    if suggested:
        assert found == [SuggestionNotice(text=suggested)]
    elif suggested == "":
        assert found == []


def test_the_words_left_out_are_named(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("điện biên khủnglong"))
    relaxed = notices(page, RelaxedNotice)[0]
    assert (relaxed.missing, relaxed.left_out) == (("khủnglong",), ("khủnglong",))
    page = searcher.search(SearchRequest("điện biên lãng mạn phức tạp"))
    (apart,) = notices(page, RelaxedNotice)
    assert apart.missing == ()
    assert apart.left_out == ("điện", "biên", "phức", "tạp")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("Tây Bắc", {"exact"}),
        ("tay bac", {"folded", "reading"}),
        ("taay bawcs", {"exact", "keystrokes"}),
    ],
)
def test_each_hit_says_why(searcher: SearchService, typed: str, why: set[str]) -> None:
    assert set(searcher.search(SearchRequest(typed)).hits[0].why) == why
