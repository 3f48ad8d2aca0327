"""Worker processes: each task is done, or an error says why not; none outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.errors import EngineError, StoreError
from indexer.indexing.worker_pool import TaskDone, run_tasks
from tests.paths import ROOT


@dataclass(frozen=True)
class Odd:
    """Writes down each task; the process of an odd one ends in some way, at first or always."""

    folder: Path
    ending: str

    def __call__(self, numbers: Sequence[int], task_done: TaskDone) -> None:
        for number in numbers:
            trace = self.folder / str(number)
            if number % 2 and not (self.ending == "dies once" and trace.exists()):
                trace.touch()
                self._end()
            trace.touch()
            task_done(number, 1)

    def _end(self) -> None:
        if self.ending == "fails":
            raise StoreError("the disk is full")
        os.kill(os.getpid(), signal.SIGKILL)


def test_the_share_of_a_dead_process_is_done_again(tmp_path: Path) -> None:
    done: list[int] = []
    run_tasks(Odd(tmp_path, "dies once"), [0, 1, 2, 4], 2, lambda task, _: done.append(task))
    assert sorted(done) == [0, 1, 2, 4]


@pytest.mark.parametrize(
    ("ending", "message"), [("dies", r"died twice.*-9.*1 tasks"), ("fails", "the disk is full")]
)
def test_a_share_that_cannot_be_done_is_an_error(tmp_path: Path, ending: str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        run_tasks(Odd(tmp_path, ending), [0, 2, 3], 3, lambda task, documents: None)


ORPHANED = """
import os, sys, time
from pathlib import Path
from typing import Any
from tests.indexer.indexing.test_worker_pool import Sleeper
from indexer.indexing.worker_pool import run_tasks
if __name__ == "__main__":
    run_tasks(Sleeper(Path(sys.argv[1])), [0, 1], 2, lambda task, documents: None)
"""


@dataclass(frozen=True)
class Sleeper:
    """Says who works, and works for ever."""

    folder: Path

    def __call__(self, numbers: Sequence[int], task_done: TaskDone) -> None:
        (self.folder / str(os.getpid())).touch()
        time.sleep(600)


def test_processes_end_with_their_parent(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ORPHANED, str(tmp_path)]
    parent = subprocess.Popen(command, cwd=ROOT)
    _until(lambda: len(list(tmp_path.iterdir())) == 2)
    parent.kill()
    parent.wait()
    pids = [int(path.name) for path in tmp_path.iterdir()]
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def _until(true: Callable[[], bool]) -> None:
    for _ in range(3000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to pass")


@dataclass(frozen=True)
class Noted:
    """Writes down the process of each task."""

    folder: Path

    def __call__(self, numbers: Sequence[int], task_done: TaskDone) -> None:
        for number in numbers:
            (self.folder / str(number)).write_text(str(os.getpid()))
            task_done(number, 1)


@pytest.mark.parametrize(
    ("numbers", "workers", "is_here"),
    [([0, 1], 1, True), ([0, 1], 0, True), ([0], 2, True), ([], 2, True), ([0, 1], 2, False)],
)
def test_one_worker_or_task_needs_no_other_process(
    tmp_path: Path, numbers: list[int], workers: int, is_here: bool
) -> None:
    run_tasks(Noted(tmp_path), numbers, workers, lambda number, documents: None)
    processes = {int(path.read_text()) for path in tmp_path.iterdir()}
    assert len(list(tmp_path.iterdir())) == len(numbers)
    assert (processes <= {os.getpid()}) is is_here
