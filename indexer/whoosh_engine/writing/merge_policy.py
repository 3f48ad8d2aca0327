"""When segments are merged, and how: their texts are put one after another and built again.

The policy: segments are in levels by their number of live documents, powers of `FAN_OUT`. As soon
as a new segment makes a level one of `FAN_OUT`, its segments are merged, smallest first, as many
as fit into one. A segment more than half of which is deleted is written anew. So an archive of n
documents that grew one by one has at most FAN_OUT - 1 segments a level, and each document was
written log n times.

A level without a new segment is left as it is: a rebuild makes as many large segments as its
workers can hold, and the next addition of one article would merge some of them, at a million
articles for minutes, again and again.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.engine.queries import Column
from indexer.whoosh_engine.format.index_manifest import SegmentEntry
from indexer.whoosh_engine.format.positions import exact_words
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.writing.document_buffer import (
    BYTES_PER_TOKEN,
    MAX_DOCUMENTS,
    VALUE_COLUMNS,
    DocumentArrays,
    DocumentBuffer,
)

FAN_OUT: Final = 8
"""Segments of about one size that are merged into one."""


def plan_merges(
    entries: Sequence[SegmentEntry], written: Set[str], memory: int
) -> list[list[SegmentEntry]]:
    """Return groups of segments, each to become one.

    Args:
        entries: all segments.
        written: names of those that are new.
        memory: bytes that the documents of a group may take.
    """
    groups = []
    levels: dict[int, list[SegmentEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.live_documents):
        if 2 * entry.live_documents < entry.documents:
            groups.append([entry])
        else:
            levels.setdefault(_level(entry.live_documents), []).append(entry)
    for level in levels.values():
        is_new = any(entry.name in written for entry in level)
        if is_new and len(level) >= FAN_OUT:
            group = _group_that_fits(level, memory)
            if len(group) > 1:
                groups.append(group)
    return groups


def _level(documents: int) -> int:
    level = 0
    while documents >= FAN_OUT:
        documents //= FAN_OUT
        level += 1
    return level


def _group_that_fits(level: Sequence[SegmentEntry], memory: int) -> list[SegmentEntry]:
    group: list[SegmentEntry] = []
    documents = words = 0
    for entry in level:
        documents, words = documents + entry.live_documents, words + entry.words
        if documents > MAX_DOCUMENTS or words * BYTES_PER_TOKEN > memory:
            break
        group.append(entry)
    return group


def merge_segments(segments: Sequence[Segment]) -> DocumentBuffer:
    """Return a buffer with the live documents of some segments."""
    buffer = DocumentBuffer()
    for segment in segments:
        buffer.extend(_live_documents(segment))
    return buffer


def _live_documents(segment: Segment) -> DocumentArrays:
    documents = segment.live_documents()
    starts = segment.array("documents").read().astype(np.int64)
    low, high = starts[documents], starts[documents + 1]
    offsets = concatenate_ranges(low, high)  # of all live tokens
    # (stream + 1,) the new offset of each token, -1 for those of deleted documents
    new_offsets = np.full(int(starts[-1]) + 1, -1, np.int64)
    new_offsets[offsets] = np.arange(len(offsets))
    passages = new_offsets[segment.array("passages").read()[:-1].astype(np.int64)]
    extras = new_offsets[segment.array("extras").read()]
    live_passages, live_extras = passages >= 0, extras >= 0
    return DocumentArrays(
        words=segment.words.exact.strings(),
        identifiers=[segment.identifiers.string(number) for number in documents.tolist()],
        values={column: _live_values(segment, column, documents) for column in VALUE_COLUMNS},
        arrays={
            "stream": exact_words(segment, offsets),
            "documents": np.cumsum(high - low) - (high - low),
            "passages": passages[live_passages],
            "zones": segment.array("zones").read()[live_passages],
            "sections": segment.array("sections").read()[live_passages],
            "extras": extras[live_extras],
            "extra_words": segment.array("extra_words").read()[live_extras],
            "versions": segment.array("versions").read()[documents],
            "published": segment.array("published").read()[documents],
        },
    )


def _live_values(segment: Segment, column: Column, documents: Array) -> list[tuple[str, ...]]:
    texts = segment.string_table(column).strings()
    first = segment.array(f"{column}.first").read().tolist()
    values = segment.array(f"{column}.values").read().tolist()
    return [
        tuple(texts[value] for value in values[first[number] : first[number + 1]])
        for number in documents.tolist()
    ]
