"""A reading worker: a process that reads the tasks of its pipe until there are no more.

It ends with its parent, and leaves Ctrl-C to it.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from multiprocessing.connection import Connection

import msgspec

from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.workers.reading_tasks import (
    ReadingResult,
    ReadingTask,
    packed_result,
    read_item,
)

END = b""
"""The message after the last task."""

_MOST_BYTES = 256 << 10


class ResultBatch(msgspec.Struct, frozen=True):
    """Results of a task.

    Attributes:
        results: The results, in order.
        finished: Items of the task that are finished by now.
        known: Results of the next item that were sent by now.
        is_last: Whether the task is finished.
    """

    results: list[ReadingResult]
    finished: int
    known: int = 0
    is_last: bool = False


def work(pipe: Connection) -> None:
    """Read the tasks of a pipe and send their results, until `END`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # The parent must never wait for this process to take a task.
    threading.Thread(target=_receive_tasks, args=(pipe, tasks), daemon=True).start()
    with ReaderChildren() as children:
        while message := tasks.get():
            _do_task(msgspec.msgpack.decode(message, type=ReadingTask), pipe, children)


def _receive_tasks(pipe: Connection, tasks: queue.SimpleQueue[bytes]) -> None:
    try:
        while True:
            tasks.put(pipe.recv_bytes())
    except (EOFError, OSError):
        # The parent is gone, or needs no more.
        os._exit(0)


def _do_task(task: ReadingTask, pipe: Connection, children: ReaderChildren) -> None:
    results: list[ReadingResult] = []
    size, passed_over = 0, task.results_known
    for finished, item in enumerate(task.items):
        for known, result in enumerate(read_item(item, task.encoding, children), 1):
            if known <= passed_over:
                continue
            results.append(packed_result(result) if task.is_packed else result)
            size += result.size
            if size > _MOST_BYTES or task.is_careful:
                _send(pipe, ResultBatch(results, finished, known))
                results, size = [], 0
        passed_over = 0
        if task.is_careful:
            _send(pipe, ResultBatch([], finished + 1))
    _send(pipe, ResultBatch(results, len(task.items), is_last=True))


def _send(pipe: Connection, batch: ResultBatch) -> None:
    pipe.send_bytes(msgspec.msgpack.encode(batch))
