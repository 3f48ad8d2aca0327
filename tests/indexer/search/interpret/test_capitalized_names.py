"""Tests of persons' names that are told by their capitals."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.interpreter import Interpreter
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.search_records import SearchRequest
from indexer.vietnamese.glossary import Glossary
from tests.counted_texts import CountedTexts

COUNTS = {
    "thanh bình": 40,
    "lương hưu": 90,
    "tăng": 5000,
    "hà nội": 3000,
    "trường sa": 80,
    "hoàng sa": 90,
    "thủ tướng": 900,
    "hưng đạo": 60,
    "bị bắt": 300,
    "ông": 9000,
    "minh": 700,
    "duy phương": 30,
    "lê giang": 30,
    "thủ tướng nguyễn xuân phúc": 400,
}


def interpret(typed: str) -> InterpretedQuery:
    """Return a query as it is read by stated counts."""
    statistics = CountedTexts(COUNTS, 35_000)
    return Interpreter(SearchRequest(typed), Analyzer(), statistics, Glossary()).interpret()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ngô Thanh Bình", ("Ngô Thanh Bình",)),
        ("Ngo Thanh Binh", ("Ngo Thanh Binh",)),
        ("NGÔ THANH BÌNH", ("NGÔ THANH BÌNH",)),
        ("Lê Hữu Khôi Minh bị bắt", ("Lê Hữu Khôi Minh", "bị bắt")),
        ("Phạm Thị Thanh Bình", ("Phạm Thị Thanh Bình",)),
        ("minh Ngô Thanh Bình", ("minh", "Ngô Thanh Bình")),
        # Small letters say nothing: counts decide.
        ("ngô thanh bình", ("ngô", "thanh bình")),
        ("Ngô thanh bình", ("Ngô", "thanh bình")),
        # Headlines, places and two names beside each other are no name.
        ("Tăng Lương Hưu", ("Tăng", "lương hưu")),
        ("Hoàng Sa Trường Sa", ("hoàng sa", "trường sa")),
        ("Hà Nội Minh", ("hà nội", "Minh")),
        ("Lê Giang Duy Phương", ("lê giang", "duy phương")),
        ("Thanh Bình Minh", ("thanh bình", "Minh")),
        # A title that the archive has in a row with a name is not demanded there.
        ("thủ tướng Nguyễn Xuân Phúc", ("thủ tướng", "Nguyễn Xuân Phúc")),
        ("thủ tướng nguyễn xuân phúc", ("thủ tướng nguyễn xuân phúc",)),
    ],
)
def test_words_with_capitals_behind_a_surname_are_a_name(
    typed: str, meant: tuple[str, ...]
) -> None:
    assert interpret(typed).meant == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("PGS Ngô Thanh Bình", ("Ngô Thanh Bình",)),
        ("PGS.TS Ngô Thanh Bình", ("Ngô Thanh Bình",)),
        ("ông Ngô Thanh Bình", ("Ngô Thanh Bình",)),
        ("Ông Ngô Thanh Bình bị bắt", ("Ngô Thanh Bình", "bị bắt")),
        ("gs nguyễn xuân phúc", ("nguyễn xuân phúc",)),
        # A title of nobody, and of whoever it may be, is meant.
        ("PGS minh", ("PGS", "minh")),
        ("ông thanh bình", ("ông", "thanh bình")),
    ],
)
def test_titles_before_a_name_are_said_in_passing(typed: str, meant: tuple[str, ...]) -> None:
    query = interpret(typed)
    assert query.meant == meant
    assert query.meant_exactly[-len(meant) :] == meant
