"""Interpretation as a whole: keystrokes beside the signs of the query language."""

from __future__ import annotations

import pytest

from indexer.search.query_notices import KeystrokesNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

ARTICLES = (
    article("Công an", "Công an xã, họ Nguyễn."),
    article("Hải quan", "Hải quan kiểm tra."),
)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


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
