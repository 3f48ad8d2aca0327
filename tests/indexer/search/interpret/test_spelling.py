"""Spelling repairs of whole queries, searched beside what was typed or suggested."""

from __future__ import annotations

import pytest

from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory
from tests.indexer.search.interpret.test_diacritic_restoration import ARTICLES


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


def suggestion(searcher: SearchService, typed: str) -> str:
    notices = searcher.search(SearchRequest(typed)).notices
    texts = [
        notice.text for notice in notices if isinstance(notice, SuggestionNotice | RepairNotice)
    ]
    assert len(texts) < 2
    return "".join(texts)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nhandan", "nhân dân"),
        ("congannhandan", "công an nhân dân"),
        ("congan nhandan", "công an nhân dân"),
        ("DienBien", "điện biên"),
        ("lãng mạng", "lãng mạn"),
        ("chuyện tình lãng mạng", "chuyện tình lãng mạn"),
        ("làng mạn", "lãng mạn"),
        ("điên biên", "điện biên"),
        ("phứcc tạp", "phức tạp"),
        ("phuctạpp", ""),
        ("nguyeen vawn tèo", "nguyễn văn tèo"),
        ("chuyeenj gif", ""),  # read as keystrokes, and said so
        ("lãng mạn", ""),
        ("lang mang", "lãng mạn"),
        ("mạng chuyện", ""),  # two words that need not stand together
        ("mạng lưới mạng xã hội", ""),
        ('"lãng mạng"', ""),
        ("=lãng mạng", ""),
        ("xyzzyxyzzy", ""),
        ("a" * 64, ""),
        ("nhan" * 10, ""),
        ("-", ""),
    ],
)
def test_a_correction_is_suggested_where_one_is_meant(
    searcher: SearchService, typed: str, meant: str
) -> None:
    assert suggestion(searcher, typed) == meant


def test_nothing_is_suggested_for_what_is_taken_as_typed(searcher: SearchService) -> None:
    page = searcher.search(SearchRequest("nhandan", as_typed=True))
    assert not {SuggestionNotice, RepairNotice} & set(map(type, page.notices))
