"""Paths and streams into the store: the reader chosen, failures named, what was kept durable."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from archive.errors import IntakeError, NotAnArticleError
from archive.records import Article, ChangeKind
from archive.store import Store
from archive.write_batch import Batch
from indexer.intake import json_lines, press_text
from indexer.intake.decompression import decompressed, is_compressed
from indexer.intake.encodings import decode
from indexer.intake.html import page

STANDARD_INPUT = "-"

LARGEST_FILE = 32 << 20
"""Bytes of one document; files of JSON lines may be of any size."""

_FLUSH_RECORDS = 500
_FLUSH_BYTES = 16 << 20
_HTML = (".html", ".htm", ".xhtml")
_TEXT = (".txt", ".text", ".md")
_JSON = (".jsonl", ".ndjson", ".jsonl.gz", ".jsonl.xz", ".ndjson.gz", ".ndjson.xz")
_BINARY = b"\x00"


@dataclass(frozen=True, slots=True)
class IngestProblem:
    """A document that was not taken in: where it is (`file` or `file:line`), and why."""

    source: str
    reason: str


@dataclass(slots=True)
class IngestReport:
    """What became of the documents; everything counted as added or changed is durable."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[IngestProblem] = field(default_factory=list)
    failed: list[IngestProblem] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """How many documents were met."""
        taken = self.added + self.changed + self.unchanged
        return taken + len(self.skipped) + len(self.failed)


Progress = Callable[[int, int], None]
"""Told (bytes read, bytes in all; 0 when unknown) after each document."""


@dataclass(frozen=True, slots=True)
class _Document:
    """One original on its way: its bytes and article, or why it is not taken in."""

    source: str
    original: bytes
    article: Article | None
    trouble: Exception | None
    position: int


def ingest(store: Store, paths: Sequence[str], progress: Progress | None = None) -> IngestReport:
    """Take files, folders (recursively) and standard input (`-`) into the store.

    Raises:
        StoreError: the store cannot be written; what was flushed before stays.
    """
    report = IngestReport()
    files = [file for path in paths for file in _files(path, report)]
    total = sum(_size(file) for file in files)
    with store.batch() as batch:
        keeper = _Keeper(batch, report)
        before = 0
        for file in files:
            for document in _documents(file):
                keeper.take(document)
                if progress:
                    progress(before + document.position, total)
            before += _size(file)
        keeper.flush()
    return report


class _Keeper:
    """Adds documents to a batch and counts them once they are durable."""

    def __init__(self, batch: Batch, report: IngestReport) -> None:
        self._batch = batch
        self._report = report
        self._waiting = self._bytes = 0

    def take(self, document: _Document) -> None:
        """Add one document, or name the trouble with it."""
        if document.article is None:
            trouble = IngestProblem(document.source, str(document.trouble))
            skip = isinstance(document.trouble, NotAnArticleError)
            (self._report.skipped if skip else self._report.failed).append(trouble)
            return
        change = self._batch.add(document.original, document.article)
        if change.kind is ChangeKind.UNCHANGED:
            self._report.unchanged += 1
            return
        self._waiting += 1
        self._bytes += len(document.original)
        if self._waiting >= _FLUSH_RECORDS or self._bytes >= _FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Make what is waiting durable, and count it."""
        for change in self._batch.flush():
            if change.kind is ChangeKind.ADDED:
                self._report.added += 1
            else:
                self._report.changed += 1
        self._waiting = self._bytes = 0


def _size(file: Path | str) -> int:
    """Bytes of a file; none of standard input, or of what has gone meanwhile."""
    try:
        return file.stat().st_size if isinstance(file, Path) else 0
    except OSError:
        return 0


def _files(path: str, report: IngestReport) -> Iterator[Path | str]:
    """The files below a path in order; hidden ones and links to folders are passed over."""
    place = Path(path)
    if path == STANDARD_INPUT:
        yield path
    elif place.is_dir():
        yield from _below(place, report)
    elif place.exists():
        yield place
    else:
        report.failed.append(IngestProblem(path, "there is no such file or folder"))


def _below(folder: Path, report: IngestReport) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        report.failed.append(IngestProblem(str(error.filename), error.strerror or str(error)))

    found = []
    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in files if not name.startswith(".")]
    yield from (file for file in sorted(found) if file.is_file())


def _documents(file: Path | str) -> Iterator[_Document]:
    """The documents of one file; trouble with the file itself is one failed document."""
    # A name may hold bytes that are no text; it is kept and shown with a mark in their place.
    source = str(file).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        if isinstance(file, str):
            yield from _sniffed(_standard_input(), "stdin", "")
        else:
            with file.open("rb") as stream:
                yield from _sniffed(stream, source, file.name.lower())
    except OSError as error:
        yield _Document(source, b"", None, IntakeError(error.strerror or str(error)), 0)
    except IntakeError as error:
        yield _Document(source, b"", None, error, 0)


def _standard_input() -> IO[bytes]:
    # Python has none when the shell closed it (`<&-`).
    if sys.stdin is None:
        raise IntakeError("is closed")
    return sys.stdin.buffer


def _sniffed(stream: IO[bytes], source: str, name: str) -> Iterator[_Document]:
    """The documents of a stream, by its name's ending or else by how it begins."""
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore
    head: bytes = buffered.peek(1024)[:1024]
    inner = name.removesuffix(".gz").removesuffix(".xz")
    if name.endswith(_JSON) or (not inner.endswith(_HTML + _TEXT) and _looks_like_json(head)):
        for record in json_lines.records(buffered, source):
            where, position = f"{source}:{record.number}", _position(buffered)
            wrong = None if record.article else IntakeError(record.reason)
            yield _Document(where, record.original, record.article, wrong, position)
        return
    data = decompressed(buffered).read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise IntakeError(f"is larger than {LARGEST_FILE} bytes")
    if not data.strip():
        raise IntakeError("is empty")
    article, trouble = _read_one(data, source, inner)
    yield _Document(source, data, article, trouble, _position(buffered))


def _read_one(data: bytes, source: str, name: str) -> tuple[Article | None, Exception | None]:
    head = data[:1024]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    try:
        if name.endswith(_HTML) or start.startswith((b"<!doctype html", b"<html", b"<head")):
            return page.read_html(decode(data, declared=True), source), None
        utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        if not name.endswith(_TEXT) and _BINARY in head and not utf16:
            raise NotAnArticleError("is no text, HTML or JSON lines")
        return press_text.read_text(data, source), None
    except IntakeError as error:
        return None, error


def _looks_like_json(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") or is_compressed(head)


def _position(stream: IO[bytes]) -> int:
    return stream.tell() if stream.seekable() else 0
