"""Worker processes: each does a share of the tasks, and the death of one is noticed.

The pool of the standard library is not used: its workers outlive a parent that is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Protocol

from archive.errors import ArchiveError, EngineError
from indexer.engine_factory import WORKER_MODULES

_ATTEMPTS = 2
"""Times that the tasks of a dead worker are tried, the first time included."""

_PRELOADED = ["__main__", "indexer.indexing.rebuild_tasks", *WORKER_MODULES]

TaskDone = Callable[[int, int], None]
"""Called with (task number, documents) as each task is finished."""


class TaskSet(Protocol):
    """Numbered tasks of one kind; it can be pickled, and each worker has its own copy."""

    def __call__(self, numbers: Sequence[int], task_done: TaskDone) -> None:
        """Do some tasks one after another; doing one again changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class _Worker:
    """One process, the pipe it reports on, and the numbers of its unfinished tasks."""

    process: ForkServerProcess
    pipe: Connection
    unfinished: set[int]


def run_tasks(
    tasks: TaskSet, numbers: Sequence[int], worker_count: int, task_done: TaskDone
) -> None:
    """Do tasks in worker processes, each its own share; one worker is this process itself.

    Tasks that a dead worker leaves unfinished are shared out once more.

    Raises:
        EngineError: a worker reported an error, or workers died again.
    """
    if worker_count <= 1 or len(numbers) <= 1:
        tasks(numbers, task_done)
        return
    unfinished, exit_statuses = list(numbers), set[str]()
    for _ in range(_ATTEMPTS):
        workers = _run_workers(tasks, unfinished, worker_count, task_done)
        unfinished = sorted(number for worker in workers for number in worker.unfinished)
        exit_statuses = {str(worker.process.exitcode) for worker in workers if worker.unfinished}
        if not unfinished:
            return
    raise EngineError(
        f"processes of the build died twice (exit status {', '.join(sorted(exit_statuses))}) with "
        f"{len(unfinished)} tasks undone; run `tangthu rebuild` with fewer workers or less memory, "
        "it goes on from there"
    )


def _run_workers(
    tasks: TaskSet, numbers: Sequence[int], worker_count: int, task_done: TaskDone
) -> list[_Worker]:
    """Run workers until the last has ended; an error of one kills the others."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    workers: list[_Worker] = []
    try:
        for index in range(min(worker_count, len(numbers))):
            workers.append(_start_worker(context, tasks, numbers[index::worker_count]))
        _collect_reports(workers, task_done)
    except BaseException as error:
        for worker in workers:
            worker.process.kill()
        if isinstance(error, OSError):
            raise EngineError(f"cannot run the processes of the build: {error}") from error
        raise
    finally:
        for worker in workers:
            worker.process.join()
            worker.pipe.close()
    return workers


def _collect_reports(workers: Sequence[_Worker], task_done: TaskDone) -> None:
    """Pass on the reports of workers until the last pipe is closed.

    A report is a task number with its documents, or the message of an error.
    """
    pipes = {worker.pipe: worker for worker in workers}
    while pipes:
        for pipe in wait(list(pipes)):
            assert isinstance(pipe, Connection)
            try:
                report = pipe.recv()
            except EOFError:
                del pipes[pipe]
                continue
            if isinstance(report, str):
                raise EngineError(report)
            pipes[pipe].unfinished.discard(report[0])
            task_done(*report)


def _start_worker(context: ForkServerContext, tasks: TaskSet, numbers: Sequence[int]) -> _Worker:
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(tasks, list(numbers), sender), daemon=True)
    process.start()
    sender.close()
    return _Worker(process, receiver, set(numbers))


def _work(tasks: TaskSet, numbers: list[int], pipe: Connection) -> None:
    """Do the tasks of a worker in its process, reporting each; end when the parent ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        tasks(numbers, lambda number, documents: pipe.send((number, documents)))
    except ArchiveError as error:
        pipe.send(str(error))
    finally:
        pipe.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
