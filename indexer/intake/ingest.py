"""Ingest paths and streams: read the articles of each and store them durably."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from archive.document_account import ReadingState
from archive.records import ChangeKind
from archive.store import Store
from archive.writing.write_batch import Batch
from indexer.intake.ingest_problems import IngestProblem, ProblemList
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.workers.reading_pool import read_tasks, usable_cores
from indexer.intake.workers.reading_tasks import (
    FileItem,
    Item,
    ReadingResult,
    ReadingTask,
    group_items,
    list_items,
    read_results,
)

STANDARD_INPUT = "-"

_ADD_RECORDS = 100
_FLUSH_RECORDS = 500
_FLUSH_BYTES = 16 << 20


@dataclass(slots=True)
class IngestReport:
    """Counts of the ingested documents; everything counted as added or changed is durable.

    `captured` are the answers of crawls that are kept by address and time, documents or not.
    `incomplete` are the problems of documents that were read, by kind: each has an article. A
    damaged document, whose original is kept, is one that failed.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    captured: int = 0
    skipped: ProblemList = field(default_factory=ProblemList)
    failed: ProblemList = field(default_factory=ProblemList)
    incomplete: dict[str, ProblemList] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """The number of documents that are in the archive, also those that were before."""
        return self.added + self.changed + self.unchanged

    @property
    def documents(self) -> int:
        """The number of all documents, ingested or not."""
        return self.kept + self.skipped.total + self.failed.total


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, or `-`, and its path within its collection or the file system."""

    path: Path | str
    place: str


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """How far the reading of some files is.

    Attributes:
        position: Bytes that are read.
        size: Bytes in all; 0 when unknown.
        documents: Documents that are read.
        kept: Those of them that are kept durably, or were in the archive before.
    """

    position: int
    size: int
    documents: int
    kept: int


Progress = Callable[[IngestProgress], None]
"""Called after each document."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Options of reading.

    Attributes:
        encoding: The encoding of the documents where somebody knows it; empty otherwise.
        workers: Processes that read; 0 is as many as there are usable cores.
        collection: The name of what is read: a document without an address is known by its path
            in it. Empty for none: it is known by its path in the file system.
    """

    encoding: str = ""
    workers: int = 1
    collection: str = ""


def ingest(
    store: Store,
    paths: Sequence[str],
    progress: Progress | None = None,
    options: IngestOptions | None = None,
) -> IngestReport:
    """Read files, folders (recursively) and standard input (`-`) into the store.

    What is kept, and in which order, is the same with any number of workers.

    Args:
        store: The archive.
        paths: The paths.
        progress: Told after each document how far the reading is.
        options: How to read them.

    Raises:
        StoreError: the store cannot be written; what was flushed earlier stays.
    """
    report, options = IngestReport(), options or IngestOptions()
    files = [
        InputFile(file, _place_of(file, path, options.collection))
        for path in paths
        for file in _files_at(path, report)
    ]
    sizes = [_size(file.path) for file in files]
    workers, total_bytes = options.workers or usable_cores(), sum(sizes)
    tasks = _tasks(files, sizes, options, report, workers > 1)
    with store.batch() as batch, closing(read_tasks(tasks, workers)) as results:
        writer = _BatchWriter(batch, report)
        position = documents = 0
        while result := _next_result(results, writer):
            writer.add(result)
            position, documents = result.position, documents + 1
            if progress:
                progress(IngestProgress(position, total_bytes, documents, report.kept))
        writer.flush()
        if progress and documents:
            progress(IngestProgress(position, total_bytes, documents, report.kept))
    return report


def _next_result(results: Iterator[ReadingResult], writer: _BatchWriter) -> ReadingResult | None:
    """Return the next result; if somebody ends the program meanwhile, keep what was read."""
    try:
        return next(results, None)
    except KeyboardInterrupt:
        writer.flush()
        raise


def _tasks(
    files: Sequence[InputFile],
    sizes: Sequence[int],
    options: IngestOptions,
    report: IngestReport,
    is_shared: bool,
) -> Iterator[ReadingTask]:
    """Yield the tasks of reading some files.

    Where most is in the archive already, nothing is packed for it ahead.
    """
    items = _items(files, sizes, options)
    for group in group_items(items):
        is_new = report.unchanged <= report.added + report.changed
        yield ReadingTask(group, options.encoding, is_packed=is_shared and is_new)


def _items(
    files: Sequence[InputFile], sizes: Sequence[int], options: IngestOptions
) -> Iterator[Item]:
    position = 0
    for file, size in zip(files, sizes, strict=True):
        if isinstance(file.path, Path):
            name = os.fsencode(file.path)
            item = FileItem(name, size, position, options.collection, file.place)
            yield from list_items(file.path, item, options.encoding)
        else:
            yield from _input_items(options.encoding, position)
        position += size


def _input_items(encoding: str, position: int) -> Iterator[Item]:
    """Yield what is read from standard input, by this process."""
    # Python has none when the shell closed it (`<&-`).
    if sys.stdin is None:
        yield ReadingResult(STANDARD_INPUT, position, error="is closed")
        return
    with ReaderChildren() as children:
        try:
            yield from read_results(sys.stdin.buffer, "stdin", "", encoding, children, position)
        except OSError as error:
            yield ReadingResult(STANDARD_INPUT, position, error=error.strerror or str(error))


class _BatchWriter:
    """A writer that adds what was read to a batch and counts it once it is durable."""

    def __init__(self, batch: Batch, report: IngestReport) -> None:
        self._batch = batch
        self._report = report
        self._waiting: list[ReadingResult] = []
        self._added = self._bytes = self._captured = 0
        # Their originals are kept, and they are reported as failed.
        self._damaged = set[int]()

    def add(self, result: ReadingResult) -> None:
        """Add the article of one document, or report the error in its place."""
        if result.capture or result.container:
            self._add_beside(result)
            return
        if result.article is None:
            problem = IngestProblem(result.source, result.error)
            (self._report.skipped if result.is_skipped else self._report.failed).append(problem)
            return
        for kind, reason in result.problems.items():
            problem = IngestProblem(result.source, reason)
            if kind == ReadingState.DAMAGED:
                self._report.failed.append(problem)
            else:
                self._report.incomplete.setdefault(kind, ProblemList()).append(problem)
        self._waiting.append(result)
        self._bytes += result.size
        if len(self._waiting) >= _ADD_RECORDS or self._bytes >= _FLUSH_BYTES:
            self._add_waiting()
        if self._added >= _FLUSH_RECORDS or self._bytes >= _FLUSH_BYTES:
            self.flush()

    def _add_beside(self, result: ReadingResult) -> None:
        """Add what is kept beside articles; those that came before it are added first."""
        self._add_waiting()
        if result.container:
            self._batch.hold_container(result.container)
        if result.capture and self._batch.add_capture(result.capture):
            self._captured += 1
            self._added += 1
        self._bytes += result.size
        if self._added >= _FLUSH_RECORDS or self._bytes >= _FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Make the waiting documents durable, and count them."""
        self._add_waiting()
        for change in self._batch.flush():
            if change.sequence in self._damaged:
                continue
            if change.kind is ChangeKind.ADDED:
                self._report.added += 1
            else:
                self._report.changed += 1
        self._report.captured += self._captured
        self._added = self._bytes = self._captured = 0

    def _add_waiting(self) -> None:
        """Add what waits to the batch: many together cost less than one by one."""
        waiting, self._waiting = self._waiting, []
        changes = self._batch.add_prepared([one.article for one in waiting if one.article])
        for result, change in zip(waiting, changes, strict=True):
            if change.kind is ChangeKind.WITHHELD and result.article:
                reason = self._batch.reason_to_withhold(change.identifier, result.article.digest)
                self._report.skipped.append(IngestProblem(result.source, reason))
                continue
            if change.kind is ChangeKind.UNCHANGED:
                self._report.unchanged += not result.is_damaged
                continue
            self._added += 1
            if result.is_damaged:
                self._damaged.add(change.sequence)


def _place_of(file: Path | str, given: str, collection: str) -> str:
    """Return the path of a file within the folder that was given, or in the file system."""
    if isinstance(file, str):
        return ""
    folder = Path(given) if Path(given).is_dir() else file.parent
    place = file.relative_to(folder).as_posix() if collection else os.path.abspath(file)
    # A name may hold bytes that are no text.
    return place.encode("utf-8", "backslashreplace").decode()


def _size(file: Path | str) -> int:
    """Return the bytes of a file; 0 for standard input, or a file removed meanwhile."""
    try:
        return file.stat().st_size if isinstance(file, Path) else 0
    except OSError:
        return 0


def _files_at(path: str, report: IngestReport) -> Iterator[Path | str]:
    """Yield the files at a path in order, without hidden ones and links to folders."""
    place = Path(path)
    if path == STANDARD_INPUT:
        yield path
    elif place.is_dir():
        yield from _files_below(place, report)
    elif place.exists():
        yield place
    else:
        report.failed.append(IngestProblem(path, "there is no such file or folder"))


def _files_below(folder: Path, report: IngestReport) -> Iterator[Path]:
    def report_unreadable(error: OSError) -> None:
        report.failed.append(IngestProblem(str(error.filename), error.strerror or str(error)))

    visible: list[Path] = []
    for place, folders, files in os.walk(folder, onerror=report_unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        visible += [Path(place, name) for name in files if not name.startswith(".")]
    yield from (file for file in sorted(visible) if file.is_file())
