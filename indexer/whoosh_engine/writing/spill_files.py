"""Spill files: the words of documents in a file, before they become a segment.

A spill file is cheap to write and to read back, so that a long rebuild can save its work every
moment or so, and still end with few, large segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from archive.errors import EngineError, describe_write_failure
from indexer.analysis.documents import Document
from indexer.arrays.array_file import ArrayFile, write_arrays
from indexer.arrays.string_table import StringTable, string_table_arrays
from indexer.engine.queries import Column
from indexer.whoosh_engine.format.index_manifest import MANIFEST, commit_segments
from indexer.whoosh_engine.writing.document_buffer import (
    ARRAY_TYPES,
    BYTES_PER_TOKEN,
    MAX_DOCUMENTS,
    VALUE_COLUMNS,
    DocumentArrays,
    DocumentBuffer,
)
from indexer.whoosh_engine.writing.index_writer import write_segment

EXTENSION: Final = ".spill"

_FILL: Final = 0.9
"""The share of a segment's room that is planned with; words of many kinds take the rest."""


def write_spills(folder: Path, documents: Iterable[Document], memory: int) -> list[Path]:
    """Write documents to spill files; see `indexer.engine.api.IndexFiles`."""
    files: list[Path] = []
    buffer = DocumentBuffer()
    for document in documents:
        if len(buffer) and buffer.is_full(memory):
            files.append(_write(folder / f"{len(files):04}{EXTENSION}", buffer))
            buffer = DocumentBuffer()
        buffer.add(buffer.encode(document))
    if len(buffer):
        files.append(_write(folder / f"{len(files):04}{EXTENSION}", buffer))
    return files


def group_spills(files: Sequence[Path], memory: int) -> list[list[Path]]:
    """Split spill files into groups of one segment each; see `indexer.engine.api.IndexFiles`."""
    spills = [_open(path) for path in files]
    documents = sum(len(spill.array("documents")) for spill in spills)
    tokens = [len(spill.array("stream")) for spill in spills]
    room = max(1, int(memory * _FILL) // BYTES_PER_TOKEN)
    count = max(-(-sum(tokens) // room), -(-documents // int(MAX_DOCUMENTS * _FILL)))
    groups: list[list[Path]] = [[] for _ in range(count)]
    start = 0  # tokens of the files so far
    for path, size in zip(files, tokens, strict=True):
        groups[start * count // max(sum(tokens), 1)].append(path)
        start += size
    return [group for group in groups if group]


def assemble(folder: Path, files: Sequence[Path], sequence: int, memory: int) -> None:
    """Build an index from spill files; see `indexer.engine.api.IndexFiles`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / MANIFEST).exists():
            raise EngineError(f"there is an index in {folder} already")
        entries = [write_segment(folder, buffer) for buffer in _buffers(files, memory)]
        commit_segments(folder, entries, sequence)
    except OSError as error:
        raise EngineError(describe_write_failure(f"the index in {folder}", error)) from error


def _buffers(files: Sequence[Path], memory: int) -> Iterator[DocumentBuffer]:
    buffer = DocumentBuffer()
    for path in files:
        spill = _open(path)
        overflows = len(buffer) + len(spill.array("documents")) > MAX_DOCUMENTS
        if len(buffer) and (overflows or buffer.is_full(memory)):
            yield buffer
            buffer = DocumentBuffer()
        buffer.extend(_read(spill))
    if len(buffer):
        yield buffer


def _open(path: Path) -> ArrayFile:
    return ArrayFile(path, path.name, None)


def _write(path: Path, buffer: DocumentBuffer) -> Path:
    documents = buffer.as_arrays()
    arrays = {
        **string_table_arrays("words", documents.words),
        **string_table_arrays("identifiers", documents.identifiers),
        **documents.arrays,
    }
    for column, rows in documents.values.items():
        arrays |= string_table_arrays(column, [text for row in rows for text in row])
        arrays[f"{column}.counts"] = np.array([len(row) for row in rows], np.uint32)
    try:
        write_arrays(path, path.name, arrays.items())
    except OSError as error:
        raise EngineError(describe_write_failure(path, error)) from error
    return path


def _read(spill: ArrayFile) -> DocumentArrays:
    return DocumentArrays(
        words=StringTable(spill, "words").strings(),
        identifiers=StringTable(spill, "identifiers").strings(),
        values={column: _read_values(spill, column) for column in VALUE_COLUMNS},
        arrays={name: spill.array(name).read() for name in ARRAY_TYPES},
    )


def _read_values(spill: ArrayFile, column: Column) -> list[tuple[str, ...]]:
    texts = iter(StringTable(spill, column).strings())
    counts = spill.array(f"{column}.counts").read().tolist()
    return [tuple(islice(texts, count)) for count in counts]
