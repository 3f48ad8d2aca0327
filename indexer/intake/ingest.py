"""Ingest paths and streams: read the articles of each and store them durably."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import ArchiveError, IntakeError, NotAnArticleError, WithdrawnError
from archive.records import Article, ChangeKind, ReadingState
from archive.store import Store
from archive.write_batch import Batch
from indexer.intake.document_stream import ReadDocument, read_stream
from indexer.intake.isolation.reader_children import ReaderChildren
from indexer.intake.legal.legal_pass import with_legal_record

STANDARD_INPUT = "-"

_FLUSH_RECORDS = 500
_FLUSH_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class IngestProblem:
    """A document that could not be ingested: its place (`file` or `file:line`) and the reason."""

    source: str
    reason: str


@dataclass(slots=True)
class IngestReport:
    """Counts of the ingested documents; everything counted as added or changed is durable.

    `incomplete` are the problems of documents that were read, by kind: each has an article. A
    damaged document, whose original is kept, is one that failed.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[IngestProblem] = field(default_factory=list)
    failed: list[IngestProblem] = field(default_factory=list)
    incomplete: dict[str, list[IngestProblem]] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """The number of all documents, ingested or not."""
        ingested = self.added + self.changed + self.unchanged
        return ingested + len(self.skipped) + len(self.failed)


Progress = Callable[[int, int], None]
"""Called with (bytes read, bytes in all; 0 when unknown) after each document."""


def ingest(
    store: Store, paths: Sequence[str], progress: Progress | None = None, encoding: str = ""
) -> IngestReport:
    """Read files, folders (recursively) and standard input (`-`) into the store.

    Args:
        store: The archive.
        paths: The paths.
        progress: Told the bytes that are read.
        encoding: The encoding of the documents where somebody knows it; empty otherwise.

    Raises:
        StoreError: the store cannot be written; what was flushed earlier stays.
    """
    report = IngestReport()
    files = [file for path in paths for file in _files_at(path, report)]
    total_bytes = sum(_size(file) for file in files)
    with store.batch() as batch, ReaderChildren() as children:
        writer = _BatchWriter(batch, report)
        bytes_read = 0
        for file in files:
            for document in _read_file(file, encoding, children):
                writer.add(document)
                if progress:
                    progress(bytes_read + document.position, total_bytes)
            bytes_read += _size(file)
        writer.flush()
    return report


class _BatchWriter:
    """A writer that adds documents to a batch and counts them once they are durable."""

    def __init__(self, batch: Batch, report: IngestReport) -> None:
        self._batch = batch
        self._report = report
        self._waiting = self._bytes = 0
        # Their originals are kept, and they are reported as failed.
        self._damaged = set[int]()

    def add(self, document: ReadDocument) -> None:
        """Add the article of one document, or report the error in its place."""
        if isinstance(document.outcome, ArchiveError):
            problem = IngestProblem(document.source, str(document.outcome))
            skip = isinstance(document.outcome, NotAnArticleError)
            (self._report.skipped if skip else self._report.failed).append(problem)
            return
        is_damaged = self._report_account(document.source, document.outcome)
        try:
            change = self._batch.add(document.original, with_legal_record(document.outcome))
        except WithdrawnError as error:
            self._report.skipped.append(IngestProblem(document.source, str(error)))
            return
        if change.kind is ChangeKind.UNCHANGED:
            self._report.unchanged += not is_damaged
            return
        if is_damaged:
            self._damaged.add(change.sequence)
        self._waiting += 1
        self._bytes += len(document.original)
        if self._waiting >= _FLUSH_RECORDS or self._bytes >= _FLUSH_BYTES:
            self.flush()

    def _report_account(self, source: str, article: Article) -> bool:
        """Report what an article does not hold of its document; tell if that is all of it."""
        account = article.account
        for kind, reason in (account.problems if account else {}).items():
            problem = IngestProblem(source, reason)
            if kind == ReadingState.DAMAGED:
                self._report.failed.append(problem)
            else:
                self._report.incomplete.setdefault(kind, []).append(problem)
        return bool(account and account.state == ReadingState.DAMAGED)

    def flush(self) -> None:
        """Make the waiting documents durable, and count them."""
        for change in self._batch.flush():
            if change.sequence in self._damaged:
                continue
            if change.kind is ChangeKind.ADDED:
                self._report.added += 1
            else:
                self._report.changed += 1
        self._waiting = self._bytes = 0


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


def _read_file(file: Path | str, encoding: str, children: ReaderChildren) -> Iterator[ReadDocument]:
    """Yield the documents of one file; an error of the file itself is one failed document."""
    # A name may hold bytes that are no text: they are shown as replacement characters.
    source = str(file).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        if isinstance(file, str):
            # Python has none when the shell closed it (`<&-`).
            if sys.stdin is None:
                raise IntakeError("is closed")
            yield from read_stream(sys.stdin.buffer, "stdin", "", encoding, children)
        else:
            with file.open("rb") as stream:
                yield from read_stream(stream, source, file.name.lower(), encoding, children)
    except OSError as error:
        yield ReadDocument(source, b"", IntakeError(error.strerror or str(error)), 0)
    except IntakeError as error:
        yield ReadDocument(source, b"", error, 0)
