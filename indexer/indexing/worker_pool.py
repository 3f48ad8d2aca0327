"""Work shared out to processes: each has its own tasks, and one that dies is noticed."""

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
"""Times that the tasks of a dead process are tried, the first time included."""

_PRELOADED = [
    "__main__",
    "indexer.indexing.rebuild_tasks",
    *WORKER_MODULES,
]

Told = Callable[[int, int], None]
"""Told (task, documents) as each task is finished."""


class Job(Protocol):
    """What a process does with its tasks; it can be pickled and is not shared."""

    def __call__(self, tasks: Sequence[int], told: Told) -> None:
        """Do some tasks one after another; doing one again changes nothing."""
        ...


@dataclass(frozen=True, slots=True)
class _Worker:
    """One process: what it still has to do, and the end of the pipe it reports on."""

    process: ForkServerProcess
    pipe: Connection
    left: set[int]


def share_out(job: Job, tasks: Sequence[int], count: int, told: Told) -> None:
    """Let `count` processes do the tasks, each its own share; 1 does them in this process.

    The tasks that a dead process leaves undone are shared out once more.

    Raises:
        EngineError: a process reported an error, or processes died again.
    """
    if count <= 1 or len(tasks) <= 1:
        job(tasks, told)
        return
    left, ends = list(tasks), set[str]()
    for _ in range(_ATTEMPTS):
        workers = _run(job, left, count, told)
        left = sorted(task for worker in workers for task in worker.left)
        ends = {str(worker.process.exitcode) for worker in workers if worker.left}
        if not left:
            return
    raise EngineError(
        f"processes of the build died twice (exit status {', '.join(sorted(ends))}) with "
        f"{len(left)} parts undone; run `tangthu rebuild` with fewer workers or less memory, "
        "it goes on from there"
    )


def _run(job: Job, tasks: Sequence[int], count: int, told: Told) -> list[_Worker]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    workers: list[_Worker] = []
    try:
        for index in range(min(count, len(tasks))):
            workers.append(_start(context, job, tasks[index::count]))
        _hear(workers, told)
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


def _hear(workers: Sequence[_Worker], told: Told) -> None:
    """Pass on what the processes report, until the last has ended."""
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
            pipes[pipe].left.discard(report[0])
            told(*report)


def _start(context: ForkServerContext, job: Job, tasks: Sequence[int]) -> _Worker:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, list(tasks), theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, set(tasks))


def _work(job: Job, tasks: list[int], pipe: Connection) -> None:
    """What a process does: its tasks, reporting each; it ends when its parent does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        job(tasks, lambda task, documents: pipe.send((task, documents)))
    except ArchiveError as error:
        pipe.send(str(error))
    finally:
        pipe.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
