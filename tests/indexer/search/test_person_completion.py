"""Completion after `người:`: people who speak, by any word of their names."""

from __future__ import annotations

import pytest

from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from tests.factories import ArchiveFactory, article

ARTICLES = tuple(
    article(f"Tin {number}", text)
    for number in range(3)
    for text in (
        "Ông Ngô Văn Bình cho biết, cầu sẽ thông xe.",
        "Bà Lê Thị Mây khẳng định không thu. Ông Ngô Văn Bình nói đã rõ.",
        f"Chị Trần Thị Số{'abc'[number]} kể lại đêm lũ về.",
    )
)


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("người:ngô v", [('người:"Ngô Văn Bình"', 6)]),
        ("cầu nguoi:bin", [('cầu nguoi:"Ngô Văn Bình"', 6)]),
        ('người:"lê thị m', [('người:"Lê Thị Mây"', 3)]),
        ("person: may", [('person:"Lê Thị Mây"', 3)]),
        ("người:trần", []),
        ("người:", []),
        ('người:"', []),
    ],
)
def test_people_are_offered_by_any_word_of_their_names(
    searcher: SearchService, typed: str, offered: list[tuple[str, int]]
) -> None:
    suggestions = searcher.suggest(typed)
    assert [(suggestion.text, suggestion.documents) for suggestion in suggestions] == offered


def test_what_is_offered_finds_its_articles(searcher: SearchService) -> None:
    (suggestion,) = searcher.suggest("người:ngô")
    assert searcher.search(SearchRequest(suggestion.text)).total == suggestion.documents
