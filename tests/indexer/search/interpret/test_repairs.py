"""Repairs name the stretches of a query that are read otherwise."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.open_archive import OpenArchive
from indexer.search.interpret.repairs import Correction, Repair, RepairKind
from indexer.search.interpret.spelling import SpellChecker
from indexer.search.query.parser import parse
from indexer.search.query_notices import RepairNotice, SuggestionNotice
from indexer.search.search_records import SearchRequest
from indexer.search.service import SearchService
from indexer.search.term_statistics import TermStatistics
from tests.factories import ArchiveFactory, article

ARTICLES = tuple(
    article(f"Tin thứ {number}", text)
    for number, text in enumerate(
        (
            "Ông Donald Trump dùng facebook, ông Trần Đại Quang thì không.",
            "Cầu thủ Messi được bán cho đội bóng ở Bình Dương.",
            "Đối phó với hạn hán; sản lượng lúa giảm. Đội họp, ăn đồ hộp.",
            "Em không được đi học với bạn, không biết làm gì nữa.",
            "Hai nhà xử lý rác, giành giật khách tham quan rồi bổ sung xe Toyota.",
        )
    )
)


@pytest.fixture(scope="module")
def archive(shared_archive_of: ArchiveFactory) -> OpenArchive:
    return shared_archive_of(*ARTICLES)


@pytest.fixture(scope="module")
def searcher(archive: OpenArchive) -> SearchService:
    return archive.search


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("face book", "facebook"),
        ("mesi", "messi"),
        ("messsi", "messi"),
        ("toyta", "toyota"),
        ("donald trum", "donald trump"),
        ("donal trump", "donald trump"),
        ("trân đại quang", "trần đại quang"),
        ("binh duơng", ""),  # it is found as it is
        ("dành giật", "giành giật"),
        ("tham quang", "tham quan"),
        ("bổ xung", "bổ sung"),
        ("sử lý", "xử lý"),
        ("đối hpó", "đối phó"),
        ("sản lpợng", "sản lượng"),
        ("ko dc đi học", "không được đi học"),
        ("đi học vs bạn", "đi học với bạn"),
        ("lm j nx", "làm gì nữa"),
        ("vs messi", ""),
        ("k", ""),
        ("xu ly rac", ""),
        ("donald trump", ""),
        ("messi", ""),
        ("Bình Dương", ""),
    ],
)
def test_what_was_misspelt_is_repaired(searcher: SearchService, typed: str, repaired: str) -> None:
    notices = searcher.search(SearchRequest(typed)).notices
    texts = [
        notice.text for notice in notices if isinstance(notice, SuggestionNotice | RepairNotice)
    ]
    assert "".join(texts) == repaired


@pytest.mark.parametrize(
    ("typed", "repair"),
    [
        ("ông mesi", Repair("ông messi", (Correction(4, 8, "messi", RepairKind.MISSPELT),))),
        ("face book", Repair("facebook", (Correction(0, 9, "facebook", RepairKind.JOINED),))),
        ("tham quang", Repair("tham quan", (Correction(5, 10, "quan", RepairKind.CONFUSION),))),
        ("xe qwrtpsdfg", Repair("xe qwrtpsdfg", (), ("qwrtpsdfg",))),
        ("xe toyota", None),
        ('"mesi"', None),
    ],
)
def test_a_repair_names_its_stretches_and_the_words_that_are_unknown(
    archive: OpenArchive, typed: str, repair: Repair | None
) -> None:
    analyzer = Analyzer()
    with archive.live_index.open_generation() as generation:
        checker = SpellChecker(analyzer, TermStatistics(generation.engine))
        assert checker.repairs(parse(typed, analyzer)) == repair
