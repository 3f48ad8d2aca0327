"""Segments are merged when a new one fills their level, and else left as they are."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.engine_factory import open_writer
from indexer.whoosh_engine.format.index_manifest import SegmentEntry, read_manifest
from indexer.whoosh_engine.writing.index_writer import adopt_segments
from indexer.whoosh_engine.writing.merge_policy import FAN_OUT, plan_merges
from tests.oracle.test_oracle import random_document

MEMORY = 512 << 20


def entries(*sizes: int) -> list[SegmentEntry]:
    return [
        SegmentEntry(f"s{number}", 0, documents, 10 * documents)
        for number, documents in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("sizes", "written", "merged"),
    [
        ([1] * FAN_OUT, {"s7"}, FAN_OUT),
        ([1] * (FAN_OUT - 1), {"s6"}, 0),
        ([30_000] * 33, set(), 0),
        ([30_000] * 33 + [1], {"s33"}, 0),
        ([30_000] * 8 + [1] * 8, {"s15"}, 8),
        ([3_000] * 8, {"s7"}, FAN_OUT),
    ],
)
def test_only_a_level_with_a_new_segment_is_merged(
    sizes: list[int], written: set[str], merged: int
) -> None:
    groups = plan_merges(entries(*sizes), written, MEMORY)
    assert sum(map(len, groups)) == merged


def test_a_segment_most_of_which_is_deleted_is_written_anew_whatever_is_new() -> None:
    half_gone = SegmentEntry("old", 0, 10, 100, tuple(range(6)))
    assert plan_merges([half_gone, *entries(5, 5)], set(), MEMORY) == [[half_gone]]


def test_what_does_not_fit_into_memory_stays_apart() -> None:
    large = entries(*[30_000] * FAN_OUT)
    assert plan_merges(large, {"s0"}, 1) == []


def test_an_index_that_grows_one_by_one_has_few_segments(tmp_path: Path) -> None:
    rng, most = random.Random(4), 0
    for number in range(FAN_OUT**2 + 1):
        with open_writer(tmp_path, MEMORY) as writer:
            writer.add(random_document(rng, number))
            writer.commit(number + 1)
        most = max(most, len(read_manifest(tmp_path).segments))
    assert most <= 2 * (FAN_OUT - 1)
    assert len(read_manifest(tmp_path).segments) == 2


def test_an_addition_leaves_the_segments_of_a_rebuild_alone(tmp_path: Path) -> None:
    rng, parts = random.Random(5), []
    for part in range(FAN_OUT + 1):
        parts.append(tmp_path / f"part{part}")
        with open_writer(parts[-1], MEMORY) as writer:
            for number in range(FAN_OUT):
                writer.add(random_document(rng, part * FAN_OUT + number))
            writer.commit(1)
    whole = tmp_path / "whole"
    adopt_segments(whole, parts, 1)
    before = {entry.name for entry in read_manifest(whole).segments}
    with open_writer(whole, MEMORY) as writer:
        writer.add(random_document(rng, 1000))
        writer.commit(2)
    after = {entry.name for entry in read_manifest(whole).segments}
    assert before < after
    assert len(after - before) == 1
