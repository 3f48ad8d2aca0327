"""A rebuild from its checkpoint: which one is gone on with, and how its segments are cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archive.store import Store
from indexer.indexing import rebuild_job
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.checkpoint import RebuildCheckpoint, RebuildPlan
from indexer.indexing.rebuild_job import RebuildJob
from tests.factories import article, keep

ADDRESS = "https://may.example:9200/bao"


def job_of(store: Store, options: BuildOptions) -> RebuildJob:
    return RebuildJob(store, options, lambda done, total: None)


@pytest.mark.parametrize("location", [None, ""])
def test_an_interrupted_rebuild_of_the_home_is_gone_on_with(
    store: Store, location: str | None
) -> None:
    keep(store, article("Cầu mới"))
    first = job_of(store, BuildOptions(location=location))
    again = job_of(store, BuildOptions(location=location))
    assert again.checkpoint.folder == first.checkpoint.folder
    anew = job_of(store, BuildOptions(location=location, resume=False))
    assert anew.checkpoint.folder != first.checkpoint.folder
    # Not one whose quarter has changed since.
    keep(store, article("Đường mới"))
    assert job_of(store, BuildOptions()).checkpoint.folder != anew.checkpoint.folder


@pytest.mark.parametrize(
    ("filled", "location", "is_resumed"),
    [
        (f"{ADDRESS}#3", ADDRESS, True),
        (f"{ADDRESS}2#3", ADDRESS, False),
        ("", ADDRESS, False),
        (f"{ADDRESS}#3", "", False),
        ("", "", True),
    ],
)
def test_only_a_rebuild_of_the_same_place_is_gone_on_with(
    store: Store, monkeypatch: pytest.MonkeyPatch, filled: str, location: str, is_resumed: bool
) -> None:
    checkpoint = RebuildCheckpoint(Path("x"), RebuildPlan("", 0, 1, address=filled))
    monkeypatch.setattr(rebuild_job.RebuildCheckpoint, "resume", lambda home: checkpoint)
    monkeypatch.setattr(rebuild_job, "is_index_there", lambda address: True)
    job = job_without_checkpoint(store=store, options=BuildOptions(), location=location)
    assert (job._resume() is checkpoint) is is_resumed


@pytest.mark.parametrize(
    ("spills", "workers", "segments", "memory", "at_once"),
    [
        # Two of eight at the same time become one with the memory of both.
        (8, 2, 1, 8, 1),
        (8, 4, 1, 8, 2),
        (4, 2, 1, 4, 2),
        # Those that come one after another stay.
        (12, 2, 3, 4, 2),
        (8, 1, 2, 4, 1),
    ],
)
def test_segments_that_would_be_made_at_once_become_fewer(
    monkeypatch: pytest.MonkeyPatch,
    spills: int,
    workers: int,
    segments: int,
    memory: int,
    at_once: int,
) -> None:
    files = SimpleNamespace(group_spills=_cut)
    monkeypatch.setattr(RebuildJob, "_files", files)
    checkpoint = SimpleNamespace(spill_files=lambda: list(range(spills)))
    job = job_without_checkpoint(
        options=BuildOptions(memory=4, workers=workers), checkpoint=checkpoint
    )
    groups, options = job._plan_segments()
    assert (len(groups), options.memory, options.workers) == (segments, memory, at_once)


def _cut(spills: Sequence[Any], memory: int) -> list[Sequence[Any]]:
    return [spills[start : start + memory] for start in range(0, len(spills), memory)]


def job_without_checkpoint(**values: Any) -> RebuildJob:
    """Return a job that has begun nothing, with some of its attributes."""
    job = object.__new__(RebuildJob)
    for name, value in values.items():
        setattr(job, name if name == "checkpoint" else f"_{name}", value)
    job._home = Path("x")
    return job
