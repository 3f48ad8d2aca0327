"""The embedded engine, writing: documents into a buffer, a full buffer into a segment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.atomic_files import link_or_copy, sync_folder
from archive.errors import EngineError, describe_write_failure
from indexer.analysis.documents import Document
from indexer.arrays.array_file import write_arrays
from indexer.arrays.string_table import ABSENT
from indexer.whoosh_engine.format.index_manifest import (
    MANIFEST,
    IndexManifest,
    read_manifest,
    write_manifest,
)
from indexer.whoosh_engine.format.segment import EXTENSION, Segment, SegmentEntry, segment_entries
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh
from indexer.whoosh_engine.writing.document_buffer import Buffer
from indexer.whoosh_engine.writing.merge_policy import merged, to_merge
from indexer.whoosh_engine.writing.segment_builder import build


def write_segment(folder: Path, buffer: Buffer, deleted: Sequence[int] = ()) -> SegmentEntry:
    """Write the documents of a buffer as a new segment of a folder."""
    name = f"MAIN_{secrets.token_hex(8)}"
    try:
        check = write_arrays(folder / (name + EXTENSION), name, build(buffer))
    except OSError as error:
        raise EngineError(describe_write_failure(f"the index in {folder}", error)) from error
    words = len(buffer.stream)
    return SegmentEntry(name, check, len(buffer), words, tuple(sorted(deleted)))


class WhooshWriter:
    """Changes to one index folder; implements `indexer.engine.api.Writer`."""

    def __init__(self, folder: Path, memory: int = 512 << 20) -> None:
        """Open the index in a folder; see `indexer.engine.api.open_writer`."""
        check_whoosh()
        self._folder, self._memory = folder, memory
        self._manifest = IndexManifest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if (folder / MANIFEST).exists():
                self._manifest = read_manifest(folder)
        except OSError as error:
            raise EngineError(describe_write_failure(f"the index in {folder}", error)) from error
        self._entries = segment_entries(self._manifest)
        self._segments = [Segment(folder, entry) for entry in self._entries]
        self._deleted = [set(entry.deleted) for entry in self._entries]
        self._buffer, self._places = Buffer(), dict[str, int]()
        self._dropped: set[int] = set()
        self._open = True
        self._remove_strangers(self._entries)

    def add(self, document: Document) -> None:
        """Add a document; see `indexer.engine.api.Writer`."""
        self._check_open()
        if self._buffer.full(self._memory):
            self._flush()
        numbered = self._buffer.numbered(document)
        self.delete(document.identifier)
        self._places[document.identifier] = self._buffer.add(numbered)

    def delete(self, identifier: str) -> None:
        """Take a document out; see `indexer.engine.api.Writer`."""
        self._check_open()
        place = self._places.pop(identifier, None)
        if place is not None:
            self._dropped.add(place)
        for segment, deleted in zip(self._segments, self._deleted, strict=True):
            number = segment.find_identifier(identifier)
            if number != ABSENT:
                deleted.add(number)

    def commit(self, sequence: int) -> None:
        """Write everything down; see `indexer.engine.api.Writer`."""
        self._check_open()
        self._flush()
        self._open = False
        self._merge()
        entries = [entry for entry in self._current() if entry.live]
        sync_folder(self._folder)
        manifest = replace(
            self._manifest,
            sequence=sequence,
            documents=sum(entry.live for entry in entries),
            segments=tuple(asdict(entry) for entry in entries),
        )
        write_manifest(self._folder, manifest)
        self._remove_strangers(entries)

    def _current(self) -> list[SegmentEntry]:
        pairs = zip(self._entries, self._deleted, strict=True)
        return [replace(entry, deleted=tuple(sorted(deleted))) for entry, deleted in pairs]

    def _flush(self) -> None:
        if len(self._buffer):
            entry = write_segment(self._folder, self._buffer, tuple(self._dropped))
            self._append(entry)
            self._buffer, self._places, self._dropped = Buffer(), {}, set()

    def _append(self, entry: SegmentEntry) -> None:
        self._entries.append(entry)
        self._segments.append(Segment(self._folder, entry))
        self._deleted.append(set(entry.deleted))

    def _merge(self) -> None:
        for group in to_merge(self._current(), self._memory):
            names = {entry.name for entry in group}
            if any(entry.live for entry in group):
                parts = [Segment(self._folder, entry) for entry in group if entry.live]
                self._append(write_segment(self._folder, merged(parts)))
            kept = [at for at, entry in enumerate(self._entries) if entry.name not in names]
            self._entries = [self._entries[at] for at in kept]
            self._segments = [self._segments[at] for at in kept]
            self._deleted = [self._deleted[at] for at in kept]

    def _remove_strangers(self, entries: Sequence[SegmentEntry]) -> None:
        """Remove files that no manifest names: left by a batch that was not committed."""
        known = {entry.file for entry in entries}
        for path in self._folder.iterdir():
            # A file that was not finished has another ending (`archive.atomic_files.replacing`).
            if EXTENSION in path.name and path.name not in known:
                path.unlink()

    def _check_open(self) -> None:
        if not self._open:
            raise EngineError("this batch of index changes is finished already")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Throw away what was not committed."""
        if self._open:
            self._open = False
            self._remove_strangers(segment_entries(self._manifest))


def adopt_segments(target: Path, sources: Sequence[Path], sequence: int) -> None:
    """Make one index of several that share no document, such as the work of several processes.

    Args:
        target: a folder that is missing, or without an index.
        sources: folders whose segments are hard-linked, or copied from another file system.
        sequence: the last sequence number that the index includes.

    Raises:
        AnalyzerChangedError: a source was made by another analyzer or format.
        EngineError: a source is missing or damaged, or the target has an index.
    """
    target.mkdir(parents=True, exist_ok=True)
    if (target / MANIFEST).exists():
        raise EngineError(f"there is an index in {target} already")
    entries: list[SegmentEntry] = []
    for source in sources:
        for entry in segment_entries(read_manifest(source)):
            Segment(source, entry)
            link_or_copy(source / entry.file, target / entry.file)
            entries.append(entry)
    sync_folder(target)
    documents = sum(entry.live for entry in entries)
    segments = tuple(asdict(entry) for entry in entries)
    write_manifest(target, IndexManifest(sequence=sequence, documents=documents, segments=segments))
