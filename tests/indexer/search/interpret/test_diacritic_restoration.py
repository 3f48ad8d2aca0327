"""Readings of a query without diacritics, offered with the number of their articles."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.indexing.index_builder import IndexBuilder
from indexer.search.interpret.diacritic_restoration import (
    diacritics_notices,
    restore_diacritics,
    restore_query,
)
from indexer.search.query.parser import parse
from indexer.search.query_notices import DiacriticsNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.counted_texts import CountedTexts
from tests.factories import ArchiveFactory, article, keep

ARTICLES = (
    article("Điện Biên một", "Tỉnh Điện Biên ở Tây Bắc có hoa ban."),
    article("Điện Biên hai", "Công an nhân dân tỉnh Điện Biên họp."),
    article("Diễn biến thời tiết", "Diễn biến phức tạp, công an nhân dân vào cuộc."),
    article("Chuyện tình lãng mạn", "Một chuyện tình lãng mạn. Mạng lưới rộng. Làng nghề."),
    article("Mạng xã hội", "Lừa đảo trên mạng xã hội. Nguyễn Văn Tèo kể chuyện gì."),
)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


def readings(searcher: SearchService, typed: str) -> list[tuple[str, int]]:
    notices = searcher.search(SearchRequest(typed)).notices
    return [
        (notice.text, notice.documents)
        for notice in notices
        if isinstance(notice, DiacriticsNotice)
    ]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("dien bien", [("Điện Biên", 2), ("diễn biến", 1)]),
        ("DIEN BIEN", [("Điện Biên", 2), ("diễn biến", 1)]),
        ("cong an nhan dan", [("công an nhân dân", 2)]),
        ("hoa", []),
        ("điện biên", []),
        ("=dien bien", []),
        ("khong", []),
        ("", []),
    ],
)
def test_the_readings_that_exist_are_offered_with_their_counts(
    searcher: SearchService, typed: str, offered: list[tuple[str, int]]
) -> None:
    assert readings(searcher, typed) == offered


def test_a_word_that_is_written_bare_is_offered_too(shared_archive_of: ArchiveFactory) -> None:
    texts = [f"Việc vừa xong lần {number}" for number in range(5)]
    texts += ["Vua Lê lên ngôi", "Vua Hùng dựng nước", "Trát vữa lên tường"]
    service = shared_archive_of(*map(article, texts)).search
    assert readings(service, "vua") == [("vừa", 5), ("Vua", 2), ("vữa", 1)]
    assert service.search(SearchRequest("=vua")).total == 2
    assert service.search(SearchRequest('="vua"')).total == 2
    # Nothing but the word as it is: there is nothing to choose.
    assert readings(service, "hung") == [("Hùng", 1)]
    assert readings(service, "xong") == []


def test_every_reading_is_found_and_one_click_demands_it(searcher: SearchService) -> None:
    assert searcher.search(SearchRequest("dien bien")).total == 3
    for text, documents in readings(searcher, "dien bien"):
        assert searcher.search(SearchRequest(f'="{text}"')).total == documents


def test_after_updates_the_offers_are_those_of_a_rebuilt_index(archive_of: ArchiveFactory) -> None:
    typed = ["dien bien", "ma", "cong an", "hoa", "bien", "nhan dan"]
    crowd = [
        article(f"{word} {number}", f"{word} biến", external_id=f"{word}{number}")
        for number, word in enumerate(["điền", "điển", "điên", "diền", "diện", "diễn"])
    ]
    archive = archive_of(*ARTICLES, *crowd)
    store, searcher = archive.store, archive.search
    assert len(readings(searcher, "dien bien")) == 4
    for deleted in crowd[:4]:
        store.delete(deleted.identifier)
    keep(store, article("Điện biến đổi", "Điện biến đổi.", external_id="diễn5"))
    keep(store, article("Điện biên mới", "công an nhận dạng", external_id="new"))
    IndexBuilder(store).update()
    updated = {query: readings(searcher, query) for query in typed}
    suggested = {query: searcher.suggest(query) for query in ["dien b", "di", "cong a", "n", "b"]}
    assert updated["dien bien"][0] == ("Điện Biên", 3)
    assert ("diễn biến", 1) in updated["dien bien"]
    IndexBuilder(store).rebuild()
    assert {query: readings(searcher, query) for query in typed} == updated
    assert {query: searcher.suggest(query) for query in suggested} == suggested


@pytest.mark.parametrize(
    ("typed", "title", "reading"),
    [
        ("dien bien", "Điện Biên một", True),
        ("dien bien", "Diễn biến thời tiết", False),
        ("điện biên", "Điện Biên một", False),
    ],
)
def test_a_hit_says_that_it_has_the_likeliest_reading(
    searcher: SearchService, typed: str, title: str, reading: bool
) -> None:
    hits = {hit.title: hit for hit in searcher.search(SearchRequest(typed)).hits}
    assert ("reading" in hits[title].why) is reading


@pytest.mark.parametrize(
    ("counts", "folded", "count", "sequences"),
    [
        ({"mà": 10, "má": 3}, "ma", 3, ["mà", "má"]),
        ({"mà": 10, "má": 3}, "ma", 1, ["mà"]),
        # A neighbour says more than how common a form is, by its share of the articles with it.
        ({"bà má": 2, "mà": 50}, "ba ma", 2, ["bà má", "bà mà"]),
        ({"bà má": 2, "bà": 28, "mà": 500}, "ba ma", 1, ["bà má"]),
        ({"bà má": 2, "bà": 100, "mà": 500}, "ba ma", 1, ["bà mà"]),
        ({"bà má": 9, "bá mà": 8, "bà": 9}, "ba ma", 2, ["bà má", "bá mà"]),
        ({"hai bà má": 9, "bà mà": 90}, "hai ba ma", 1, ["hai bà mà"]),
        ({"bà mà": 9}, "xyz ba ma", 1, ["xyz bà mà"]),
        ({"bà mà": 9}, "ba ma xyz", 2, ["bà mà xyz"]),
        ({}, "xyz", 1, ["xyz"]),
        ({}, "", 1, []),
    ],
)
def test_the_likeliest_sequences_of_forms_come_first(
    counts: dict[str, int], folded: str, count: int, sequences: list[str]
) -> None:
    restored = restore_diacritics(CountedTexts(counts, 1000), folded.split(), count)
    assert [" ".join(forms) for forms in restored] == sequences


@pytest.mark.parametrize(
    ("typed", "restorations"),
    [
        ("ma", ["mà", "má", "ma"]),
        ("vua", ["vừa", "vua"]),
        ("ba ma", ["bà má", "bà mà", "bà ma"]),
        ("xyz", []),
        ("má", []),
        ("ba má", []),
        ("=ma", []),
        ("ma OR ba", []),
        ('"ma"', []),
        ("i-ran ma", []),
        (" ".join(["ma"] * 7), []),
    ],
)
def test_queries_of_bare_words_are_restored(typed: str, restorations: list[str]) -> None:
    counts = {"mà": 10, "má": 3, "ma": 1, "vua": 3, "vừa": 5, "bà má": 4}
    restored = restore_query(CountedTexts(counts, 100), parse(typed, Analyzer()).tree)
    assert [" ".join(forms) for forms in restored] == restorations


def test_at_most_six_words_get_at_most_six_restorations() -> None:
    tree = parse(" ".join(["ma"] * 6), Analyzer()).tree
    restored = restore_query(CountedTexts({"mà": 10, "má": 3}, 100), tree)
    assert len(restored) == len(set(restored)) == 6
    assert restored[0] == ("mà",) * 6


def test_restorations_that_occur_are_offered_commonest_first() -> None:
    forms = [("e",), ("a",), ("none",), ("b",), ("d",), ("c",)]
    notices = diacritics_notices(forms, [9, 5, 0, 5, 1, 2], str.upper)
    assert [(each.text, each.documents) for each in notices] == [
        ("E", 9),
        ("A", 5),
        ("B", 5),
        ("C", 2),
    ]
