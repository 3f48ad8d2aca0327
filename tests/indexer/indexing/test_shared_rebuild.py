"""Whoever joins a rebuild does its parts, by the same program, in a folder of its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archive.catalogue.rebuild_parts import SharedRebuild
from archive.errors import EngineError
from indexer.indexing import shared_rebuild
from indexer.indexing.build_options import BuildOptions
from indexer.indexing.checkpoint import program_digest
from indexer.indexing.shared_rebuild import join_rebuild
from indexer.indexing.shared_tasks import SharedDocumentTasks

STORE: Any = SimpleNamespace(engine=None, home=Path("x"), location=None, count_articles=lambda: 40)


@pytest.mark.parametrize("program", ["", "0" * 64, "z" * 64, f"{program_digest()}0"])
def test_another_program_joins_nothing(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    shared = SharedRebuild("0a1b", program, 5, 3, "https://may.example:9200/bao#1")
    monkeypatch.setattr(shared_rebuild, "find_shared_rebuild", lambda engine: shared)
    with pytest.raises(EngineError, match="another version of the program"):
        join_rebuild(STORE, BuildOptions(), lambda done, total: None)


def test_where_no_rebuild_is_under_way_none_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_rebuild, "find_shared_rebuild", lambda engine: None)
    with pytest.raises(EngineError, match="no rebuild is under way"):
        join_rebuild(STORE, BuildOptions(), lambda done, total: None)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_numbers_behind_the_parts_are_those_of_the_workers(
    monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    shared = SharedRebuild("0a1b", program_digest(), 5, 3, "https://may.example:9200/bao#1")
    calls: list[tuple[list[int], int]] = []

    def run(
        tasks: SharedDocumentTasks,
        numbers: range,
        processes: int,
        report: Callable[[int, int], None],
    ) -> None:
        folder = tasks.tasks.checkpoint.folder
        assert (folder.name, (folder / "tasks").is_dir()) == ("0a1b", True)
        assert not tasks.is_at_home
        calls.append((list(numbers), processes))
        report(0, 30)
        report(2, 20)

    monkeypatch.setattr(shared_rebuild, "find_shared_rebuild", lambda engine: shared)
    monkeypatch.setattr(shared_rebuild, "run_tasks", run)
    progress: list[tuple[int, int]] = []
    done = join_rebuild(
        STORE, BuildOptions(workers=workers), lambda *counts: progress.append(counts)
    )
    assert calls == [(list(range(3, 3 + workers)), workers)]
    assert (done, progress) == (50, [(30, 40), (50, 50)])
