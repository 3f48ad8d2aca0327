"""The pool of reading workers: several processes read tasks, and the results keep their order.

What a dead worker leaves is read by another one; a document that two workers die over is a failed
one. A worker is given few tasks ahead, and its results wait in the pipe while others have their
turn: the memory that all of it takes is bounded.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from archive.errors import EngineError
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.json_stream import JsonDocument
from indexer.intake.workers.reading_tasks import (
    FileItem,
    Item,
    ReadingResult,
    ReadingTask,
    RecordItem,
    read_item,
    source_name,
)
from indexer.intake.workers.worker_process import END, ResultBatch, work

TASKS_WORTH_WORKERS = 12
"""Tasks from which on starting processes takes less time than it saves."""

_TASKS_AHEAD = 2
_WAITING_BYTES = 8 << 20
_MOST_DEATHS = 2
_DEAD_READER = "the reader died over it"
_PRELOADED = ["__main__", "indexer.intake.workers.worker_process", "indexer.intake.html.page"]


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_tasks(tasks: Iterator[ReadingTask], workers: int) -> Generator[ReadingResult]:
    """Yield the results of tasks in order; few tasks are read in this process."""
    first = list(islice(tasks, TASKS_WORTH_WORKERS if workers > 1 else 0))
    if workers > 1 and len(first) == TASKS_WORTH_WORKERS:
        with ReadingPool(workers) as pool:
            yield from pool.read(chain(first, tasks))
        return
    with ReaderChildren() as children:
        for task in chain(first, tasks):
            for item in task.items:
                yield from read_item(item, task.encoding, children)


@dataclass(slots=True, eq=False)
class _Assignment:
    """A task that a worker has, and the results that came and wait for their turn.

    Attributes:
        finished: Items of the task that are finished.
        known: Results of the next item that came.
    """

    task: ReadingTask
    results: deque[ReadingResult] = field(default_factory=deque)
    waiting_bytes: int = 0
    finished: int = 0
    known: int = 0
    deaths: int = 0
    is_done: bool = False

    def add(self, message: bytes) -> None:
        """Add the results in a message."""
        batch = msgspec.msgpack.decode(message, type=ResultBatch)
        self.results += batch.results
        self.waiting_bytes += len(message)
        self.finished, self.known, self.is_done = batch.finished, batch.known, batch.is_last

    def take(self) -> Iterator[ReadingResult]:
        """Yield the results that came, each once."""
        self.waiting_bytes = 0
        while self.results:
            yield self.results.popleft()

    def rest(self) -> ReadingTask:
        """Return what is left of the task; an item that two workers died over is failed."""
        items, known = list(self.task.items[self.finished :]), self.known
        if self.deaths >= _MOST_DEATHS and items:
            items[0], known = _failed(items[0]), 0
            self.deaths = 0
        self.finished = self.known = 0
        self.task = msgspec.structs.replace(
            self.task, items=items, is_careful=True, results_known=known
        )
        return self.task


def _failed(item: Item) -> Item:
    if isinstance(item, FileItem):
        source = source_name(Path(os.fsdecode(item.path)))
        return ReadingResult(source, item.position, error=_DEAD_READER)
    if isinstance(item, RecordItem):
        source = f"{item.source}:{JsonDocument(item.number, b'', item.part).place}"
        return ReadingResult(source, item.position, error=_DEAD_READER)
    return item


@dataclass(slots=True)
class _ReadingWorker:
    """One process, the pipe to it, and the tasks that it has."""

    process: ForkServerProcess
    pipe: Connection
    assignments: deque[_Assignment] = field(default_factory=deque)


class ReadingPool:
    """Some reading workers; a context manager that ends them."""

    def __init__(self, workers: int) -> None:
        self._count = workers
        self._workers: list[_ReadingWorker] = []
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")

    def __enter__(self) -> Self:
        self._context.set_forkserver_preload(_PRELOADED)
        self._workers = [self._start() for _ in range(self._count)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers, in the middle of their work after an error."""
        for worker in self._workers:
            if kind is None:
                _send(worker, END)
            else:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()

    def read(self, tasks: Iterator[ReadingTask]) -> Iterator[ReadingResult]:
        """Yield the results of tasks in order."""
        turns: deque[_Assignment] = deque()
        while True:
            turns += self._assign(tasks)
            if not turns:
                return
            turn = turns[0]
            yield from turn.take()
            if turn.is_done:
                turns.popleft()
            else:
                self._receive(turn)

    def _assign(self, tasks: Iterator[ReadingTask]) -> Iterator[_Assignment]:
        """Give the workers tasks, so that each has some; yield them in order."""
        while True:
            worker = min(self._workers, key=lambda worker: len(worker.assignments))
            if len(worker.assignments) >= _TASKS_AHEAD:
                return
            task = next(tasks, None)
            if task is None:
                return
            assignment = _Assignment(task)
            worker.assignments.append(assignment)
            _send(worker, msgspec.msgpack.encode(task))
            yield assignment

    def _receive(self, turn: _Assignment) -> None:
        """Wait for results, or for the end of a worker; those with many results wait."""
        listened = {
            worker.pipe: worker
            for worker in self._workers
            if turn in worker.assignments
            or sum(one.waiting_bytes for one in worker.assignments) < _WAITING_BYTES
        }
        for pipe in wait(list(listened)):
            worker = listened[pipe]  # type: ignore[index]
            try:
                message = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            assignment = worker.assignments[0]
            assignment.add(message)
            if assignment.is_done:
                worker.assignments.popleft()

    def _replace(self, worker: _ReadingWorker) -> None:
        """Put a new process in the place of a dead one, and give it what the other left."""
        worker.pipe.close()
        worker.process.join()
        successor = self._start()
        worker.process, worker.pipe = successor.process, successor.pipe
        for number, assignment in enumerate(worker.assignments):
            if number == 0:
                assignment.deaths += 1
                _send(worker, msgspec.msgpack.encode(assignment.rest()))
            else:
                _send(worker, msgspec.msgpack.encode(assignment.task))

    def _start(self) -> _ReadingWorker:
        here, there = self._context.Pipe()
        process = self._context.Process(target=work, args=(there,), daemon=True)
        try:
            process.start()
        except OSError as error:
            raise EngineError(f"cannot run the processes that read: {error}") from error
        there.close()
        return _ReadingWorker(process, here)


def _send(worker: _ReadingWorker, message: bytes) -> None:
    """Send a message; that a worker is dead is seen where its results should come from."""
    with suppress(BrokenPipeError, ConnectionResetError):
        worker.pipe.send_bytes(message)
