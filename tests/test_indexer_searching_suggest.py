"""Completion: what is offered while a query is being typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Store
from indexer.building.live import LiveIndex
from indexer.building.rebuild import Builder
from indexer.searching.search import Searcher
from tests.factories import article, keep

ARTICLES = (
    article("Công an Điện Biên bắt ma túy", "Công an nhân dân tỉnh Điện Biên triệt phá đường dây."),
    article("Công an nhân dân", "Lực lượng công an nhân dân giữ gìn hòa bình."),
    article("Điện Biên mùa hoa ban", "Diễn biến thời tiết ở Điện Biên."),
    article("Công nhân dệt may", "Diễn biến giá bông."),
)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    home = tmp_path_factory.mktemp("home")
    with Store(home) as store:
        keep(store, *ARTICLES)
        Builder(store).update()
        live = LiveIndex(home / "index")
        yield Searcher(store, live)
        live.close()


def offered(searcher: Searcher, typed: str, limit: int = 8) -> list[str]:
    return [one.text.lower() for one in searcher.suggest(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("con", "công an"),
        ("CON", "công an"),
        ("cong a", "công an"),
        ("dien bi", "điện biên"),
        ("điện bi", "điện biên"),
        ("diễn bi", "diễn biến"),
        ("điện b", "điện biên"),
        ("công ", "công an"),
    ],
)
def test_the_likeliest_completion_comes_first(searcher: Searcher, typed: str, first: str) -> None:
    assert first in offered(searcher, typed)[:2]


@pytest.mark.parametrize("typed", ["", " ", "-", "khủnglong", "x" * 5000, "\ud800", '="(', "\x00"])
def test_what_cannot_be_completed_offers_nothing(searcher: Searcher, typed: str) -> None:
    assert searcher.suggest(typed) == ()


def test_no_more_are_offered_than_were_asked_for(searcher: Searcher) -> None:
    assert len(searcher.suggest("c", 2)) == 2
    assert searcher.suggest("c", 0) == searcher.suggest("c", -1) == ()


def test_an_archive_without_an_index_offers_nothing(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert Searcher(store, LiveIndex(tmp_path / "index")).suggest("con") == ()
