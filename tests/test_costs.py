"""The costs of a search: analyses of the query's own words, and calls of the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.query_notices import RelaxedNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.whoosh_engine.engine import WhooshEngine
from tests.factories import ArchiveFactory, article

ARTICLES = (
    article("Công an nhân dân", "Công an nhân dân vì dân; công an (CAND) và nhân dân."),
    article("Giá xăng dầu tăng", "Giá xăng, dầu lại tăng; giá 'dầu' và \"xăng\"."),
    article("UBND tỉnh Điện Biên", "Ủy ban nhân dân tỉnh Điện Biên họp; công an dự."),
)


CALLS = ("search", "look_up")
"""The calls of an engine that are a round trip where it is far away."""


@dataclass(slots=True)
class Costs:
    """Texts that were analysed, and engine calls by name; those that calls make are no others."""

    analysed: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    is_inside: bool = False

    def own_analyses(self, typed: str) -> list[str]:
        return [text for text in self.analysed if text and text in typed]


@pytest.fixture(scope="module")
def searcher(shared_archive_of: ArchiveFactory) -> SearchService:
    return shared_archive_of(*ARTICLES).search


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> Costs:
    costs = Costs()
    tokens = Analyzer.tokens

    def counted_tokens(analyzer: Analyzer, text: str) -> object:
        costs.analysed.append(text)
        return tokens(analyzer, text)

    def counted(name: str) -> object:
        method = getattr(WhooshEngine, name)

        def call(engine: WhooshEngine, *arguments: object) -> object:
            if not costs.is_inside:
                costs.calls[name] += 1
            inside, costs.is_inside = costs.is_inside, True
            try:
                return method(engine, *arguments)
            finally:
                costs.is_inside = inside

        return call

    monkeypatch.setattr(Analyzer, "tokens", counted_tokens)
    for name in CALLS:
        monkeypatch.setattr(WhooshEngine, name, counted(name))
    return costs


@pytest.mark.parametrize(
    "typed",
    [
        "cong an nhan dan",
        "công an nhân dân",
        '"công an nhân dân"',
        '"cong an nhan dan"',
        "title:công an nhân dân",
        'title:"công an nhân dân"',
        "người:công an nhân dân",
        "cong an OR nhan dan",
        "công an nhân -giá",
        "=công +an nhân dân",
        "coong an nhaan daan",
        "UBND tỉnh điện biên",
        "ủy ban nhân dân",
    ],
)
def test_the_words_of_a_query_are_analysed_once(
    searcher: SearchService, costs: Costs, typed: str
) -> None:
    searcher.search(SearchRequest(typed))
    assert len(costs.own_analyses(typed)) <= 2, costs.own_analyses(typed)
    assert costs.calls["search"] == 1


@pytest.mark.parametrize(
    "typed", ["giá xăng dầu tăng khủnglong", "gia xang dau tang khunglong", "gia xang -dau an x1 y"]
)
def test_relaxing_a_query_analyses_nothing_again(
    searcher: SearchService, costs: Costs, typed: str
) -> None:
    page = searcher.search(SearchRequest(typed))
    assert any(isinstance(notice, RelaxedNotice) for notice in page.notices)
    assert len(costs.own_analyses(typed)) <= 5, costs.own_analyses(typed)
    assert costs.calls["search"] == 1


MOST_CALLS = 10
"""Calls of a page whose words the archive holds; keystrokes and repairs cost further look-ups."""


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ("công an", 4),
        ("cong an", 4),
        ("công an nhân dân", 6),
        ("cong an nhan dan", 6),
        ('"công an nhân dân"', 4),
        ("title:công an", 5),
        ("công an -giá", 5),
        ("cong an OR nhan dan", 6),
        ("giá xăng dầu lại tăng", MOST_CALLS),
        ("UBND tỉnh điện biên", MOST_CALLS),
        ("coong an nhaan daan", MOST_CALLS + 6),
    ],
)
def test_a_page_makes_few_calls_of_an_engine(
    searcher: SearchService, costs: Costs, typed: str, most: int
) -> None:
    searcher.search(SearchRequest(typed))
    assert sum(costs.calls.values()) <= most, costs.calls
