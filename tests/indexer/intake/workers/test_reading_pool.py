"""The pool of reading workers: the same results in the same order, whatever becomes of workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store import Store
from indexer.intake.ingest import IngestOptions, ingest
from indexer.intake.workers import reading_pool
from indexer.intake.workers.reading_pool import ReadingPool, read_tasks
from indexer.intake.workers.reading_tasks import (
    FileItem,
    ReadingResult,
    ReadingTask,
    RecordItem,
    group_items,
)

RECORD = '{{"id": "{0}", "title": "Bài {0}", "body": "Đoạn của bài {0}."}}'


def tasks(count: int, size: int = 3) -> list[ReadingTask]:
    """Return tasks of records whose numbers go on from task to task."""
    records = (
        RecordItem("a.jsonl", number, 0, RECORD.format(number).encode(), number)
        for number in range(1, count * size + 1)
    )
    return [ReadingTask([next(records) for _ in range(size)]) for _ in range(count)]


def places(results: Iterator[ReadingResult]) -> list[str]:
    return [result.source for result in results]


@pytest.fixture
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(2) as pool:
        yield pool


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_are_those_of_one_process(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_pool, "TASKS_WORTH_WORKERS", 2)
    results = list(read_tasks(iter(tasks(9)), workers))
    assert [result.source for result in results] == [f"a.jsonl:{n}" for n in range(1, 28)]
    assert [result.position for result in results] == list(range(1, 28))
    assert all(result.article and not result.error for result in results)


def test_what_killed_workers_leave_is_read_by_others(pool: ReadingPool) -> None:
    results = pool.read(iter(tasks(30)))
    sources = []
    for number, result in enumerate(results):
        sources.append(result.source)
        if number in (0, 40):
            for worker in pool._workers:
                os.kill(worker.process.pid or 0, signal.SIGKILL)
    assert sources == [f"a.jsonl:{number}" for number in range(1, 91)]


def test_a_document_that_readers_die_over_fails_alone(
    tmp_path: Path, pool: ReadingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody writes into the pipe: whoever reads it waits until it is killed.
    deadly = tmp_path / "chết.txt"
    os.mkfifo(deadly)
    (tmp_path / "tốt.txt").write_text("Cầu mới\nXã vừa sửa xong cầu.", encoding="utf-8")
    items = [FileItem(os.fsencode(tmp_path / name), 40) for name in ("tốt.txt", "chết.txt")]
    receive = ReadingPool._receive

    def kill_the_waiting(self: ReadingPool, turn: object) -> None:
        for worker in self._workers:
            for assignment in worker.assignments:
                rest = assignment.task.items[assignment.finished :]
                if rest and rest[0] == items[1]:
                    os.kill(worker.process.pid or 0, signal.SIGKILL)
        receive(self, turn)  # type: ignore[arg-type]

    monkeypatch.setattr(ReadingPool, "_receive", kill_the_waiting)
    task = ReadingTask([items[0], items[1], items[0]], is_careful=True)
    results = list(pool.read(iter([task])))
    assert [(Path(one.source).name, one.error) for one in results] == [
        ("tốt.txt", ""),
        ("chết.txt", "the reader died over it"),
        ("tốt.txt", ""),
    ]


def test_results_that_are_there_keep_their_place() -> None:
    waiting = ReadingResult("b.txt", 5, error="is closed")
    records = tasks(1)[0].items
    groups = list(group_items(iter([records[0], waiting, records[1]])))
    assert places(read_tasks(iter([ReadingTask(groups[0])]), 2)) == [
        "a.jsonl:1",
        "b.txt",
        "a.jsonl:2",
    ]


def test_archives_are_the_same_with_any_number_of_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_pool, "TASKS_WORTH_WORKERS", 1)
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(70):
        (folder / f"{number:02}.txt").write_text(f"Bài {number}\nMột đoạn.", encoding="utf-8")
    lines = [RECORD.format(number) for number in range(150)] + ["{broken", RECORD.format(3)]
    (folder / "x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    changes, reports = [], []
    for workers in (1, 2):
        with Store(tmp_path / f"home{workers}") as store:
            reports.append(ingest(store, [str(folder)], options=IngestOptions(workers=workers)))
            reports.append(ingest(store, [str(folder)], options=IngestOptions(workers=workers)))
            changes.append(store.changes(0))
            assert store.verify().problems == ()
    assert changes[0] == changes[1]
    assert reports[:2] == reports[2:]
    assert (reports[0].added, reports[1].unchanged, len(reports[0].failed)) == (220, 221, 1)
