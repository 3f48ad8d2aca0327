"""A mirror that is killed again and again while the archive changes ends equal to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.mirror_kills import run


def check(folder: Path, operations: int, seed: int, least_kills: int) -> None:
    report = run(folder, operations, seed)
    assert report.differences == []
    assert sum(report.operations.values()) == operations
    assert {"add", "change", "edit", "remove", "hide"} <= report.operations.keys()
    assert report.kills >= least_kills
    assert report.articles > 0


def test_a_killed_mirror_ends_equal(tmp_path: Path) -> None:
    check(tmp_path, 120, 1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_a_killed_mirror_ends_equal_after_a_thousand_operations(tmp_path: Path, seed: int) -> None:
    check(tmp_path, 1000, seed, 5)
