"""Of a bare unit that may be either of two, the first hits show each in turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indexer.engine.records import EngineQuery, EngineResult, Hit
from indexer.search.execute.mixed_readings import mix_readings, readings_of
from indexer.search.query.syntax import AndNode, UnitNode
from tests.counted_texts import words_of

READINGS = [("biến", "động"), ("biển", "đông"), ("biển", "động")]


class StatedEngine:
    """An engine that scores hits by the readings that a test says they hold."""

    def __init__(self, readings_held: dict[str, str]) -> None:
        self.readings_held = readings_held

    def search(self, query: EngineQuery) -> EngineResult:
        """Return all hits, each with a power of two for each of its readings."""
        assert query.limit == len(self.readings_held)
        hits = tuple(
            Hit(name, float(sum(2 ** (1 + int(place)) for place in places)))
            for name, places in self.readings_held.items()
        )
        return EngineResult(len(hits), hits)


@pytest.mark.parametrize(
    ("readings_held", "count", "mixed"),
    [
        # Each hit with the places of the readings that it holds.
        ({"a": "0", "b": "0", "c": "1", "d": "1"}, 2, "acbd"),
        ({"a": "1", "b": "1", "c": "0", "d": "0"}, 2, "cadb"),
        ({"a": "0", "b": "0", "c": "0", "d": "1"}, 2, "adbc"),
        ({"a": "0", "b": "0", "c": "1", "d": "2"}, 3, "acdb"),
        # What holds several, or none, stays in its place.
        ({"a": "01", "b": "0", "c": "0", "d": "1"}, 2, "abdc"),
        ({"a": "0", "b": "", "c": "0", "d": "1"}, 2, "abdc"),
        ({"a": "0", "b": "0"}, 1, "ab"),
        ({"a": "1"}, 2, "a"),
    ],
)
def test_hits_of_each_reading_come_in_turn(
    readings_held: dict[str, str], count: int, mixed: str
) -> None:
    hits = [Hit(name, 9.0 - place, place) for place, name in enumerate(readings_held)]
    engine: Any = StatedEngine(readings_held)
    ranked = mix_readings(engine, hits, READINGS[:count])
    assert "".join(hit.identifier for hit in ranked) == mixed
    # Scores are those of the places, near-copies go with their hit.
    assert [hit.score for hit in ranked] == [hit.score for hit in hits]
    assert {hit.identifier: hit.collapsed for hit in ranked} == {
        hit.identifier: hit.collapsed for hit in hits
    }


def test_readings_are_those_of_a_unit_with_several() -> None:
    words = tuple(
        replace(word, likely_forms=(likely,), other_forms=others)
        for word, likely, others in zip(
            words_of("bien dong"),
            ("biến", "động"),
            (("biển", "biển"), ("đông", "động")),
            strict=True,
        )
    )
    unit = UnitNode(words, ())
    assert readings_of(unit) == tuple(READINGS)
    assert readings_of(UnitNode(tuple(words_of("bien dong")), ())) == ()
    assert readings_of(AndNode((unit,))) == readings_of(None) == ()
