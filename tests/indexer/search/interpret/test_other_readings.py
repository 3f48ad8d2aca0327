"""Two bare words are read as what belongs together, and as all that does about as often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.search.interpret.other_readings import with_other_readings
from indexer.search.interpret.units import UnitParser
from indexer.search.query.syntax import UnitNode
from tests.counted_texts import CountedTexts, words_of

COUNTS = {
    "biển đông": 40,
    "biến động": 46,
    "biển động": 9,
    "thảo đó": 60,
    "tháo dỡ": 40,
    "thảo": 9000,
    "đó": 20_000,
    "gia đình": 90,
    "gia định": 4,
}


@pytest.mark.parametrize(
    ("typed", "restored", "readings"),
    [
        ("bien dong", "biến động", {"biển đông", "biến động"}),
        # What meets by chance is no reading, however often it does.
        ("thao do", "tháo dỡ", {"tháo dỡ"}),
        ("thao do", "thảo đó", {"thảo đó"}),
        ("gia dinh", "gia đình", {"gia đình"}),
    ],
)
def test_a_bare_unit_has_the_readings_that_are_as_likely(
    typed: str, restored: str, readings: set[str]
) -> None:
    parser = UnitParser(CountedTexts(COUNTS, 35_000))
    forms = restored.split(" ")
    words = [
        replace(word, likely_forms=(form,))
        for word, form in zip(words_of(typed), forms, strict=True)
    ]
    (unit,) = with_other_readings(parser.parse(words), parser.bigrams.weigh)
    assert isinstance(unit, UnitNode)
    first, second = unit.words
    pairs = zip(
        (*first.likely_forms, *first.other_forms),
        (*second.likely_forms, *second.other_forms),
        strict=True,
    )
    assert set(map(" ".join, pairs)) == readings


@pytest.mark.parametrize("typed", ["bien dong thao do", "bien", "bien dong"])
def test_other_queries_stay_as_they_are(typed: str) -> None:
    parser = UnitParser(CountedTexts(COUNTS, 35_000))
    # Nothing may be read into the words of the last one: they have no likely forms.
    nodes = parser.parse(words_of(typed))
    assert with_other_readings(nodes, parser.bigrams.weigh) == nodes


@pytest.mark.parametrize(
    ("weights", "readings"),
    [
        ((10.0, 5.0), {"biển đông", "biến động"}),
        ((10.0, 4.9), {"biển đông"}),
        ((5.0, 10.0), {"biển đông", "biến động"}),
        # A restored form that is less likely than half is not what is meant: nothing is added.
        ((4.9, 10.0), {"biển đông"}),
        ((0.0, 0.0), {"biển đông"}),
        ((3.0, 3.0), {"biển đông", "biến động"}),
    ],
)
def test_a_reading_that_is_half_as_likely_is_one(
    weights: tuple[float, float], readings: set[str]
) -> None:
    forms = ("biển đông", "biến động")
    words = [
        replace(word, likely_forms=(form,))
        for word, form in zip(words_of("bien dong"), forms[0].split(" "), strict=True)
    ]
    weigh = dict(zip(forms, weights, strict=True)).__getitem__
    (unit,) = with_other_readings([UnitNode(tuple(words), forms)], weigh)
    assert isinstance(unit, UnitNode)
    pairs = zip(*((*word.likely_forms, *word.other_forms) for word in unit.words), strict=True)
    assert set(map(" ".join, pairs)) == readings
