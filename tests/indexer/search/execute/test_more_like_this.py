"""Similar articles: what shares the most telling words with one article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import NotFoundError
from archive.store import Store
from indexer.generations.live_index import LiveIndex
from indexer.search.service import SearchService
from tests.factories import article, keep, searching

ARTICLES = {
    "drugs": article("Triệt phá đường dây ma túy", "Công an Điện Biên bắt nhóm buôn ma túy."),
    "drugs2": article("Đường dây ma túy bị triệt phá", "Nhóm buôn ma túy ở Điện Biên sa lưới."),
    "weather": article("Dự báo thời tiết", "Miền Bắc có mưa rào và dông vài nơi."),
    "weather2": article("Thời tiết ngày mai", "Miền Bắc có mưa rào, miền Nam nắng nóng."),
}
NAMES = {kept.identifier: name for name, kept in ARTICLES.items()}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    with searching(tmp_path_factory.mktemp("home"), *ARTICLES.values()) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "like"), [("drugs", "drugs2"), ("drugs2", "drugs"), ("weather2", "weather")]
)
def test_an_article_on_the_same_matter_is_similar(
    searcher: SearchService, name: str, like: str
) -> None:
    found = searcher.similar(ARTICLES[name].identifier)
    assert [NAMES[one.identifier] for one in found] == [like]
    assert found[0].title == ARTICLES[like].title


def test_no_more_are_given_than_were_asked_for(searcher: SearchService) -> None:
    assert searcher.similar(ARTICLES["drugs"].identifier, 0) == ()


def test_an_article_that_is_not_there_is_said(searcher: SearchService) -> None:
    with pytest.raises(NotFoundError):
        searcher.similar("0" * 20)


def test_an_archive_without_an_index_has_none(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        keep(store, ARTICLES["drugs"])
        searcher = SearchService(store, LiveIndex(tmp_path / "index"))
        assert searcher.similar(ARTICLES["drugs"].identifier) == ()
