"""Feedback reorders the hits below the first ones by the words of the best ones."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.engine.records import EngineQuery
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
