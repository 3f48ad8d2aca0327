"""Feedback reorders the hits below the first ones by the words of the best ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery, Hit
from indexer.open_archive import OpenArchive
from indexer.search.execute.feedback import (
    FEEDBACK,
    KEPT,
    WINDOW,
    reorder_by_feedback,
    takes_feedback,
)
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
        query = EngineQuery(Term(Field.FOLDED, "lu"), limit=WINDOW, feedback=FEEDBACK)
        result = generation.engine.search(query)
        hits = result.hits
        assert len(result.feedback) == len(hits)
        reordered = reorder_by_feedback(hits, result.feedback)
        assert reordered[:KEPT] == hits[:KEPT]
        assert [hit.score for hit in reordered] == [hit.score for hit in hits]
        assert {hit.identifier for hit in reordered} == {hit.identifier for hit in hits}
        few = generation.engine.search(replace(query, limit=KEPT + 1))
        assert len(few.hits) == KEPT + 1
        assert few.feedback == ()


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


def order(hits: dict[str, float], scores: dict[str, float]) -> str:
    ranking = [Hit(name, score) for name, score in hits.items()]
    reordered = reorder_by_feedback(ranking, [scores.get(name, 0.0) for name in hits])
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
        # The highest is the first one's, and a hit without any feedback has its own score still.
        ({"a": 10.0, "b": 2.0, "c": 2.0, "d": 2.0, "e": 1.0}, {"a": 10.0, "e": 2.0}, "abced"),
        ({"a": 10.0, "b": 9.0, "c": 8.0, "d": 6.0, "e": 4.0}, {"a": 10.0, "e": 0.5}, "abcde"),
        # The first three stay where they are, and so does a ranking of four.
        ({"a": 9.0, "b": 9.0, "c": 9.0, "d": 9.0, "e": 9.0}, {"a": 1.0, "e": 9.0}, "abced"),
        ({"a": 9.0, "b": 9.0, "c": 9.0, "d": 9.0}, {"d": 9.0}, "abcd"),
        ({"a": 9.0}, {"a": 1.0}, "a"),
        ({"a": 9.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0}, {"a": 1.0, "e": 9.0}, "abced"),
        # Without scores there is nothing to go by.
        ({"a": 9.0, "b": 9.0, "c": 9.0, "d": 1.0, "e": 9.0}, {}, "abcde"),
        ({"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0, "e": 0.0}, {"e": 9.0}, "abcde"),
    ],
)
def test_hits_below_the_first_are_in_the_order_of_both_scores(
    hits: dict[str, float], scores: dict[str, float], expected: str
) -> None:
    assert order(hits, scores) == expected


def test_the_best_ten_make_the_highest_score() -> None:
    hits = {chr(ord("a") + place): 24.0 - place for place in range(12)}
    assert order(hits, {"a": 1.0, "l": 9.0})[3] == "l"
    # Half of 9 and half of 24 would be less than the score of the fourth.
    assert order(hits, {"a": 1.0, "d": 9.0, "l": 9.0})[3] == "d"


def test_the_words_are_of_the_best_ten_by_their_scores() -> None:
    hits = [Hit(chr(ord("a") + place), 24.0 - place) for place in range(12)]
    weights = FEEDBACK.weigh(hits)
    assert "".join(weights) == "abcdefghij"
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["a"] == pytest.approx(24 / (24 + 15) / 5)


@pytest.mark.parametrize("scores", [[9.0] * 4, [0.0] * 5, []])
def test_few_hits_and_those_without_scores_have_no_words(scores: list[float]) -> None:
    hits = [Hit(str(place), score) for place, score in enumerate(scores)]
    assert FEEDBACK.weigh(hits) == {}


def test_a_ranking_without_feedback_stays() -> None:
    hits = [Hit(name, 1.0) for name in "abcdef"]
    assert reorder_by_feedback(hits, ()) == tuple(hits)


def test_what_is_beyond_the_window_stays() -> None:
    hits = [Hit(f"{place:03}", 500.0 - place) for place in range(WINDOW + 2)]
    scores = {"000": 1.0, "099": 9.0}
    feedback = [scores.get(hit.identifier, 0.0) for hit in hits[:WINDOW]]
    names = [hit.identifier for hit in reorder_by_feedback(hits, feedback)]
    assert names[KEPT] == "099"
    assert names[WINDOW:] == ["100", "101"]


def test_full_matches_stay_above_the_others() -> None:
    hits = [Hit(name, 9.0 - number) for number, name in enumerate("abcdefg")]
    feedback = [1.0, 1.0, 1.0, 0.1, 0.3, 0.9, 0.8]
    reordered = reorder_by_feedback(hits, feedback, 5)
    assert "".join(hit.identifier for hit in reordered) == "abcdefg"[:3] + "ed" + "fg"
    without = reorder_by_feedback(hits, feedback)
    assert [hit.identifier for hit in without][3:5] == ["f", "g"]
