"""Feedback reorders the hits below the first ones by the words of the best ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.engine.api import Engine
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery, Hit
from indexer.open_archive import OpenArchive
from indexer.search.execute.feedback import KEPT, WINDOW, reorder_by_feedback, takes_feedback
from indexer.search.query.parser import parse
from indexer.search.search_records import SearchRequest
from tests.factories import ArchiveFactory, article

FLOOD = "Lũ quét ở huyện miền núi, cầu treo sập, dân bản sơ tán"
RICE = "Giá gạo ở chợ đầu mối tăng nhẹ"
ARTICLES = (
    *(article(f"Lũ quét {number}", f"{FLOOD} đêm thứ {number}.") for number in range(4)),
    article("Chuyện trẻ con", "Lũ trẻ chơi ngoài ngõ."),
    article("Sơ tán trong đêm", "Cầu treo sập, dân bản ở huyện miền núi sơ tán vì mưa lũ kéo dài."),
    *(article(f"Chợ {number}", f"{RICE} phiên {number}.") for number in range(80)),
)


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*ARTICLES)


def test_what_is_like_the_best_hits_comes_before_what_is_not(archive: OpenArchive) -> None:
    titles = [hit.title for hit in archive.search.search(SearchRequest("lũ", grouped=False)).hits]
    assert titles.index("Sơ tán trong đêm") < titles.index("Chuyện trẻ con")


def test_the_first_hits_scores_and_members_stay(archive: OpenArchive) -> None:
    with archive.live_index.open_generation() as generation:
        engine = generation.engine
        hits = engine.search(EngineQuery(Term(Field.FOLDED, "o"), limit=WINDOW)).hits
        reordered = reorder_by_feedback(engine, hits)
        assert reordered[:KEPT] == hits[:KEPT]
        assert [hit.score for hit in reordered] == [hit.score for hit in hits]
        assert {hit.identifier for hit in reordered} == {hit.identifier for hit in hits}
        assert reorder_by_feedback(engine, hits[:KEPT]) == hits[:KEPT]


def test_all_pages_together_are_one_ranking(archive: OpenArchive) -> None:
    def page(number: int, size: int) -> list[str]:
        request = SearchRequest("ở lũ", page=number, size=size)
        return [hit.identifier for hit in archive.search.search(request).hits]

    assert [name for number in (1, 2, 3, 4) for name in page(number, 3)] == page(1, 12)


@pytest.mark.parametrize(
    ("typed", "takes"),
    [
        ("lũ quét", True),
        ("lu", True),
        ('"lũ quét"', False),
        ("lũ -quét", False),
        ("=lũ", False),
        ("lũ date:2022", False),
        ("title:lũ", False),
        ("", False),
    ],
)
def test_only_plain_words_take_feedback(typed: str, takes: bool) -> None:
    assert takes_feedback(parse(typed, Analyzer()).tree) is takes


@dataclass
class RankingEngine:
    """An engine of which only the words and the scores of a feedback are asked."""

    scores: dict[str, float]
    best: dict[str, float] = field(default_factory=dict)
    has_terms: bool = True

    def feedback_scores(
        self, weights: dict[str, float], identifiers: list[str], limit: int
    ) -> list[float]:
        self.best = weights
        return [self.scores.get(name, 0.0) * self.has_terms for name in identifiers]


def order(engine: RankingEngine, hits: dict[str, float]) -> str:
    ranking = [Hit(name, score) for name, score in hits.items()]
    reordered = reorder_by_feedback(cast(Engine, engine), ranking)
    assert [hit.score for hit in reordered] == list(hits.values())
    return "".join(hit.identifier for hit in reordered)


@pytest.mark.parametrize(
    ("hits", "scores", "expected"),
    [
        # Both scores count the same, each beside the highest.
        (
            {"a": 10.0, "b": 9.0, "c": 8.0, "d": 6.0, "e": 4.0},
            {"a": 10.0, "d": 2.0, "e": 5.0},
            "abced",
        ),
        (
            {"a": 10.0, "b": 9.0, "c": 8.0, "d": 6.0, "e": 4.0},
            {"a": 10.0, "d": 2.0, "e": 3.0},
            "abcde",
        ),
        (
            {"a": 1.0, "b": 0.9, "c": 0.8, "d": 0.6, "e": 0.4},
            {"a": 0.5, "d": 0.1, "e": 0.25},
            "abced",
        ),
        # The first three stay where they are, and so does a ranking of four.
        ({"a": 9.0, "b": 9.0, "c": 9.0, "d": 9.0, "e": 9.0}, {"a": 1.0, "e": 9.0}, "abced"),
        ({"a": 9.0, "b": 9.0, "c": 9.0, "d": 9.0}, {"d": 9.0}, "abcd"),
        # Without scores there is nothing to go by.
        ({"a": 9.0, "b": 9.0, "c": 9.0, "d": 1.0, "e": 9.0}, {}, "abcde"),
        ({"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0}, {"e": 9.0}, "abcde"),
    ],
)
def test_hits_below_the_first_are_in_the_order_of_both_scores(
    hits: dict[str, float], scores: dict[str, float], expected: str
) -> None:
    assert order(RankingEngine(scores), hits) == expected


def test_the_words_are_of_the_best_ten_by_their_scores() -> None:
    names = [chr(ord("a") + place) for place in range(12)]
    engine = RankingEngine({"a": 1.0, "l": 9.0})
    # Beyond the window nothing moves, and only the best ten make the highest score.
    assert order(engine, {name: 24.0 - place for place, name in enumerate(names)})[3] == "l"
    assert list(engine.best) == names[:10]
    assert sum(engine.best.values()) == pytest.approx(1.0)
    assert engine.best["a"] == pytest.approx(24 / (24 + 15) / 5)
    assert (
        order(RankingEngine({"a": 1.0, "e": 1.0}, has_terms=False), dict.fromkeys("abcde", 1.0))
        == "abcde"
    )


def test_what_is_beyond_the_window_stays() -> None:
    hits = {f"{place:03}": 500.0 - place for place in range(WINDOW + 2)}
    engine = RankingEngine({"000": 1.0, "099": 9.0, "100": 99.0})
    ranking = [Hit(name, score) for name, score in hits.items()]
    names = [hit.identifier for hit in reorder_by_feedback(cast(Engine, engine), ranking)]
    assert names[KEPT] == "099"
    assert names[WINDOW:] == ["100", "101"]
