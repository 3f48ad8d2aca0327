"""The embedded engine, writing: documents into a buffer, a full buffer into a segment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from archive.errors import EngineError, describe_write_failure
from archive.files.atomic_files import link_or_copy
from indexer.analysis.documents import Document
from indexer.arrays.array_file import write_arrays
from indexer.arrays.string_table import ABSENT
from indexer.whoosh_engine.format.index_manifest import (
    MANIFEST,
    SEGMENT_EXTENSION,
    IndexManifest,
    SegmentEntry,
    commit_segments,
    read_manifest,
)
from indexer.whoosh_engine.format.segment import INDEX_NAME, Segment
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh
from indexer.whoosh_engine.writing.document_buffer import DocumentBuffer
from indexer.whoosh_engine.writing.merge_policy import merge_segments, plan_merges
from indexer.whoosh_engine.writing.segment_builder import segment_arrays


def write_segment(
    folder: Path, buffer: DocumentBuffer, deleted: Sequence[int] = ()
) -> SegmentEntry:
    """Write the documents of a buffer, which is used up, as a new segment of a folder."""
    name = f"{INDEX_NAME}_{secrets.token_hex(8)}"
    words, documents = len(buffer.stream), len(buffer)
    try:
        check = write_arrays(folder / (name + SEGMENT_EXTENSION), name, segment_arrays(buffer))
    except OSError as error:
        raise EngineError(describe_write_failure(f"the index in {folder}", error)) from error
    return SegmentEntry(name, check, documents, words, tuple(sorted(deleted)))


@dataclass(frozen=True, slots=True)
class _SegmentChanges:
    """A segment, and the documents that are deleted of it when the batch is committed."""

    segment: Segment
    deleted: set[int]

    @property
    def entry(self) -> SegmentEntry:
        return replace(self.segment.entry, deleted=tuple(sorted(self.deleted)))


class WhooshWriter:
    """A batch of changes to one index folder; implements `indexer.engine.api.IndexWriter`."""

    def __init__(self, folder: Path, memory: int = 512 << 20) -> None:
        """Open the index in a folder; see `indexer.engine_factory.open_writer`."""
        check_whoosh()
        self._folder, self._memory = folder, memory
        self._manifest = IndexManifest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if (folder / MANIFEST).exists():
                self._manifest = read_manifest(folder)
        except OSError as error:
            raise EngineError(describe_write_failure(f"the index in {folder}", error)) from error
        self._segments: list[_SegmentChanges] = []
        for entry in self._manifest.segments:
            self._append(entry)
        self._buffer = DocumentBuffer()
        self._buffered = dict[str, int]()  # identifier -> number in the buffer
        self._deleted_from_buffer: set[int] = set()
        self._open = True
        self._remove_other_segments(self._manifest.segments)

    def add(self, document: Document) -> None:
        """Add a document, in place of any other of the same identifier."""
        self._check_open()
        if self._buffer.is_full(self._memory):
            self._flush()
        encoded = self._buffer.encode(document)
        self.delete(document.identifier)
        self._buffered[document.identifier] = self._buffer.add(encoded)

    def delete(self, identifier: str) -> None:
        """Delete a document; an unknown identifier is no error."""
        self._check_open()
        number = self._buffered.pop(identifier, None)
        if number is not None:
            self._deleted_from_buffer.add(number)
        for changes in self._segments:
            number = changes.segment.find_identifier(identifier)
            if number != ABSENT:
                changes.deleted.add(number)

    def commit(self, sequence: int) -> None:
        """Write everything, durably, and record the last sequence number it includes."""
        self._check_open()
        self._flush()
        self._open = False
        self._merge()
        entries = [changes.entry for changes in self._segments]
        entries = [entry for entry in entries if entry.live_documents]
        commit_segments(self._folder, entries, sequence)
        self._remove_other_segments(entries)

    def _flush(self) -> None:
        if len(self._buffer):
            self._append(
                write_segment(self._folder, self._buffer, tuple(self._deleted_from_buffer))
            )
            self._buffer, self._buffered = DocumentBuffer(), {}
            self._deleted_from_buffer = set()

    def _append(self, entry: SegmentEntry) -> None:
        self._segments.append(_SegmentChanges(Segment(self._folder, entry), set(entry.deleted)))

    def _merge(self) -> None:
        """Merge segments until the policy asks for no more: a merged one may fill its level."""
        before = {entry.name for entry in self._manifest.segments}
        while True:
            entries = [changes.entry for changes in self._segments]
            written = {entry.name for entry in entries} - before
            groups = plan_merges(entries, written, self._memory)
            if not groups:
                return
            self._merge_groups(groups)

    def _merge_groups(self, groups: Sequence[Sequence[SegmentEntry]]) -> None:
        for group in groups:
            live = [Segment(self._folder, entry) for entry in group if entry.live_documents]
            if live:
                self._append(write_segment(self._folder, merge_segments(live)))
            names = {entry.name for entry in group}
            self._segments = [
                changes for changes in self._segments if changes.segment.entry.name not in names
            ]

    def _remove_other_segments(self, entries: Sequence[SegmentEntry]) -> None:
        """Remove files that no entry names: left by a batch that was not committed."""
        files = {entry.file for entry in entries}
        for path in self._folder.iterdir():
            # A file that was not finished has another ending (`atomic_files.replacing`).
            if SEGMENT_EXTENSION in path.name and path.name not in files:
                path.unlink()

    def _check_open(self) -> None:
        if not self._open:
            raise EngineError("this batch of index changes is finished already")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Throw away changes that were not committed."""
        if self._open:
            self._open = False
            self._remove_other_segments(self._manifest.segments)


def adopt_segments(target: Path, sources: Sequence[Path], sequence: int) -> None:
    """Combine indexes that share no document into one; see `indexer.engine.api.IndexFiles`.

    Raises:
        AnalyzerChangedError: a source was made by another analyzer or format.
        EngineError: a source is missing or damaged, or the target has an index.
    """
    target.mkdir(parents=True, exist_ok=True)
    if (target / MANIFEST).exists():
        raise EngineError(f"there is an index in {target} already")
    entries: list[SegmentEntry] = []
    for source in sources:
        for entry in read_manifest(source).segments:
            Segment(source, entry)  # raises if it is missing or damaged
            link_or_copy(source / entry.file, target / entry.file)
            entries.append(entry)
    commit_segments(target, entries, sequence)
