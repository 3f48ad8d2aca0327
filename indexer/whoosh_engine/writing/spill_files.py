"""Drafts: the words of documents in a file, before they become a segment.

A draft is cheap to write and to take in, so that a long build can keep what it has done every
moment or so, and still end with few, large segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np

from archive.atomic_files import sync_folder
from archive.errors import EngineError, describe_write_failure
from indexer.analysis.documents import Document
from indexer.arrays.array_file import Array, ArrayFile, write_arrays
from indexer.arrays.string_table import StringTable, string_table_arrays
from indexer.whoosh_engine.format.index_manifest import MANIFEST, IndexManifest, write_manifest
from indexer.whoosh_engine.writing.document_buffer import (
    BYTES_A_TOKEN,
    MOST_DOCUMENTS,
    VALUES,
    Buffer,
)
from indexer.whoosh_engine.writing.index_writer import write_segment

EXTENSION: Final = ".draft"

_ROOM: Final = 0.9
"""How much of the room of a segment is planned with; words of many kinds take the rest."""

_PLACES: Final = ("passages", "documents", "extras")
"""Arrays of places in the stream."""


def write_drafts(folder: Path, documents: Iterable[Document], memory: int) -> list[Path]:
    """Write documents as drafts; see `indexer.engine.api.write_drafts`."""
    written: list[Path] = []
    buffer = Buffer()
    for document in documents:
        if len(buffer) and buffer.full(memory):
            written.append(_write(folder / f"{len(written):04}{EXTENSION}", buffer))
            buffer = Buffer()
        buffer.add(buffer.numbered(document))
    if len(buffer):
        written.append(_write(folder / f"{len(written):04}{EXTENSION}", buffer))
    return written


def group_drafts(drafts: Sequence[Path], memory: int) -> list[list[Path]]:
    """Part drafts into groups of one segment each; see `indexer.engine.api.group_drafts`."""
    files = [_open(path) for path in drafts]
    documents = sum(len(file.array("documents")) for file in files)
    words = [len(file.array("stream")) for file in files]
    room = max(1, int(memory * _ROOM) // BYTES_A_TOKEN)
    count = max(-(-sum(words) // room), -(-documents // int(MOST_DOCUMENTS * _ROOM)))
    groups: list[list[Path]] = [[] for _ in range(count)]
    before = 0
    for path, size in zip(drafts, words, strict=True):
        groups[before * count // max(sum(words), 1)].append(path)
        before += size
    return [group for group in groups if group]


def assemble(folder: Path, drafts: Sequence[Path], sequence: int, memory: int) -> None:
    """Make an index of drafts; see `indexer.engine.api.assemble`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / MANIFEST).exists():
            raise EngineError(f"there is an index in {folder} already")
        entries = [write_segment(folder, buffer) for buffer in _buffers(drafts, memory)]
        sync_folder(folder)
        documents = sum(entry.live for entry in entries)
        segments = tuple(asdict(entry) for entry in entries)
        write_manifest(
            folder, IndexManifest(sequence=sequence, documents=documents, segments=segments)
        )
    except OSError as error:
        raise EngineError(describe_write_failure(f"the index in {folder}", error)) from error


def _buffers(drafts: Sequence[Path], memory: int) -> Iterator[Buffer]:
    buffer = Buffer()
    for path in drafts:
        file = _open(path)
        over = len(buffer) + len(file.array("documents")) > MOST_DOCUMENTS
        if len(buffer) and (over or buffer.full(memory)):
            yield buffer
            buffer = Buffer()
        _append(buffer, file)
    if len(buffer):
        yield buffer


def _open(path: Path) -> ArrayFile:
    return ArrayFile(path, path.name, None)


def _write(path: Path, buffer: Buffer) -> Path:
    arrays: dict[str, Array] = {
        **string_table_arrays("words", list(buffer.words)),
        **string_table_arrays("identifiers", buffer.identifiers),
        "stream": np.frombuffer(buffer.stream, np.uint32),
        "zones": np.frombuffer(buffer.zones, np.uint8),
        "sections": np.frombuffer(buffer.sections, np.uint16),
        "extra_words": np.frombuffer(buffer.extra_words, np.uint32),
        "versions": np.frombuffer(buffer.versions, np.uint64),
        "published": np.frombuffer(buffer.published, np.int64),
    }
    for name in _PLACES:
        arrays[name] = np.frombuffer(getattr(buffer, name), np.uint32)
    for column in VALUES:
        rows = buffer.values[column]
        arrays |= string_table_arrays(column, [value for row in rows for value in row])
        arrays[f"{column}.counts"] = np.array([len(row) for row in rows], np.uint32)
    try:
        write_arrays(path, path.name, arrays.items())
    except OSError as error:
        raise EngineError(describe_write_failure(path, error)) from error
    return path


def _append(buffer: Buffer, file: ArrayFile) -> None:
    """Put the documents of a draft behind those of a buffer."""
    base = len(buffer.stream)
    number = buffer.words.__getitem__
    numbers = np.array([number(word) for word in StringTable(file, "words").strings()], np.uint32)
    for name in ("stream", "extra_words"):
        getattr(buffer, name).frombytes(numbers[file.array(name).read()].tobytes())
    for name in _PLACES:
        getattr(buffer, name).frombytes((file.array(name).read() + np.uint32(base)).tobytes())
    for name in ("zones", "sections", "versions", "published"):
        getattr(buffer, name).frombytes(file.array(name).read().tobytes())
    buffer.identifiers += StringTable(file, "identifiers").strings()
    for column in VALUES:
        values = iter(StringTable(file, column).strings())
        counts = file.array(f"{column}.counts").read().tolist()
        buffer.values[column] += [tuple(next(values) for _ in range(count)) for count in counts]
