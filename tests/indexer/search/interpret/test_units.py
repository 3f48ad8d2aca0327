"""Neighbouring words that the archive writes as one are one unit, by its own counts."""

from __future__ import annotations

import pytest

from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

COUNT = 12


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    articles = []
    for number in range(COUNT):
        articles += [
            article(f"Ma túy {number}", f"Bắt đường dây ma túy số {number} ở chợ."),
            article(f"Mà {number}", f"Trời mưa mà đường vắng, tuy lạnh, họ về quê số {number}."),
            article(f"Vốn {number}", f"Ngân hàng nhà nước hạ lãi suất lần {number}."),
            article(f"Hàng {number}", f"Quầy hàng nhà bà bán rau, nước mắm {number}."),
            article(f"Cá {number}", f"Cá chết trôi sông ở làng {number}."),
            article(f"Gió {number}", f"Miền trung có gió mùa {number}."),
            article(f"Đấu {number}", f"Messi, Ronaldo và Kane; Ronaldo, Messi lần {number}."),
            article(
                f"Biển {number}", f"Tàu ra Biển Đông ngày {number}; giá biến động lần {number}."
            ),
        ]
    return shared_archive_of(*articles).search


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ma túy", ("ma túy",)),
        ("ma tuy", ("ma túy/ma tuy",)),
        ("ngân hàng nhà nước", ("ngân hàng nhà nước",)),
        ("ngan hang nha nuoc", ("ngan hang nha nuoc",)),
        ("cá chết miền trung", ("cá chết", "miền trung")),
        ("ngân hang", ("ngân hàng/ngân hang",)),
        ("messi ronaldo", ("messi", "ronaldo")),
        ("chết miền", ("chết", "miền")),
        ("cá khủnglong", ("cá", "khủnglong")),
        ('"ma túy" cá', ("ma túy", "cá")),
        ("=ma =túy", ("ma", "túy")),
        ("ma túy -mà", ("ma túy",)),
        ('ma "cá chết" túy', ("ma", "cá chết", "túy")),
        ("ma (túy)", ("ma", "túy")),
        ("ma, túy", ("ma túy",)),
        ("", ()),
    ],
)
def test_words_are_parted_as_the_archive_writes_them(
    searcher: SearchService, typed: str, meant: tuple[str, ...]
) -> None:
    assert sorted(searcher.search(SearchRequest(typed)).meant) == sorted(meant)


def test_a_bare_unit_stands_for_all_its_dominant_readings(searcher: SearchService) -> None:
    (meant,) = searcher.search(SearchRequest("bien dong")).meant
    assert {"biển đông", "biến động"} <= set(meant.split("/"))
