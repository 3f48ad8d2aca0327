"""Tests of units that a repair makes of the words as typed."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.interpreter import Interpreter
from indexer.search.search_records import SearchRequest
from indexer.vietnamese.glossary import Glossary
from tests.counted_texts import CountedTexts

COUNTS = {
    "sáp nhập": 200,
    "sát": 300,
    "nhập": 400,
    "xã": 900,
    "nuôi cá": 90,
    "làm giàu": 140,
    "giầu": 3,
    "vinamilk": 40,
    "riết truy": 11,
    "giết, truy": 12,
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # The slip is one unit, as what it is a slip of.
        ("sát nhập xã", ("sát nhập", "xã")),
        ("làm giầu", ("làm giầu",)),
        ("sát nhập nuôi cá", ("sát nhập", "nuôi cá")),
        # Unless more articles have its words apart.
        ("giết truy", ("giết", "truy")),
        # Without a repair nothing changes, nor do words that it leaves alone.
        ("sát xã", ("sát", "xã")),
        ("nuôi cá vinamlik", ("nuôi cá", "vinamlik")),
    ],
)
def test_the_words_of_a_slip_stand_together(typed: str, meant: tuple[str, ...]) -> None:
    statistics = CountedTexts(COUNTS, 35_000)
    query = Interpreter(SearchRequest(typed), Analyzer(), statistics, Glossary()).interpret()
    assert query.meant == meant
