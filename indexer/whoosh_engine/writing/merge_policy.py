"""When segments are merged, and how: their texts are put one after another and built again.

The policy: segments are in levels by their number of live documents, powers of `FAN`. As soon as
a level has `FAN` segments, its segments are merged, smallest first, as many as fit into one. A
segment more than half of which is deleted is written anew. So an archive of n documents that
grew one by one has at most FAN - 1 segments a level, and each document was written log n times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.whoosh_engine.format.segment import Segment, SegmentEntry
from indexer.whoosh_engine.writing.document_buffer import (
    BYTES_A_TOKEN,
    MOST_DOCUMENTS,
    VALUES,
    Buffer,
)
from indexer.whoosh_engine.writing.segment_builder import ESCAPE

FAN: Final = 8
"""Segments of about one size that are merged into one."""


def to_merge(entries: Sequence[SegmentEntry], memory: int) -> list[list[SegmentEntry]]:
    """Groups of segments, each to become one."""
    groups = [[entry] for entry in entries if 2 * entry.live < entry.documents]
    levels: dict[int, list[SegmentEntry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.live):
        if 2 * entry.live >= entry.documents:
            levels.setdefault(_level(entry.live), []).append(entry)
    for level in levels.values():
        if len(level) >= FAN:
            group = _fitting(level, memory)
            if len(group) > 1:
                groups.append(group)
    return groups


def _level(documents: int) -> int:
    level = 0
    while documents >= FAN:
        documents //= FAN
        level += 1
    return level


def _fitting(level: Sequence[SegmentEntry], memory: int) -> list[SegmentEntry]:
    group: list[SegmentEntry] = []
    documents = words = 0
    for entry in level:
        documents, words = documents + entry.live, words + entry.words
        if documents > MOST_DOCUMENTS or words * BYTES_A_TOKEN > memory:
            break
        group.append(entry)
    return group


def merged(segments: Sequence[Segment]) -> Buffer:
    """A buffer with the live documents of some segments."""
    buffer = Buffer()
    for segment in segments:
        _append(buffer, segment)
    return buffer


def _append(buffer: Buffer, segment: Segment) -> None:
    documents = segment.documents()
    starts = segment.array("documents").read().astype(np.int64)
    low, high = starts[documents], starts[documents + 1]
    base = len(buffer.stream)
    at = concatenate_ranges(low, high)
    place = np.full(int(starts[-1]) + 1, -1, np.int64)
    place[at] = np.arange(base, base + len(at))
    number = _numbers(buffer, segment)
    buffer.stream.frombytes(number[_exact_words(segment, at)].tobytes())
    buffer.documents.frombytes((base + np.cumsum(high - low) - (high - low)).astype("u4").tobytes())
    _append_passages(buffer, segment, place)
    _append_columns(buffer, segment, documents)
    extras = place[segment.array("extras").read()]
    kept = extras >= 0
    words = number[segment.array("extra_words").read()[kept]]
    buffer.extras.frombytes(extras[kept].astype(np.uint32).tobytes())
    buffer.extra_words.frombytes(words.tobytes())


def _numbers(buffer: Buffer, segment: Segment) -> Array:
    """The number in the buffer of every exact word of the segment."""
    number = buffer.words.__getitem__
    return np.array([number(word) for word in segment.words.exact.strings()], np.uint32)


def _exact_words(segment: Segment, at: Array) -> Array:
    codes = segment.array("stream").read()[at]
    words = segment.array("coded").read().take(codes, mode="clip")
    escaped = np.flatnonzero(codes == ESCAPE)
    rare = np.searchsorted(segment.array("rare").read(), at[escaped])
    words[escaped] = segment.array("rare_words").read()[rare]
    return words


def _append_passages(buffer: Buffer, segment: Segment, place: Array) -> None:
    passages = place[segment.array("passages").read()[:-1].astype(np.int64)]
    kept = passages >= 0
    buffer.passages.frombytes(passages[kept].astype(np.uint32).tobytes())
    buffer.zones.frombytes(segment.array("zones").read()[kept].tobytes())
    buffer.sections.frombytes(segment.array("sections").read()[kept].tobytes())


def _append_columns(buffer: Buffer, segment: Segment, documents: Array) -> None:
    buffer.identifiers += [segment.identifiers.string(number) for number in documents.tolist()]
    buffer.versions.frombytes(segment.array("versions").read()[documents].tobytes())
    buffer.published.frombytes(segment.array("published").read()[documents].tobytes())
    for column in VALUES:
        texts = segment.texts(column).strings()
        first = segment.array(f"{column}.first").read().tolist()
        values = segment.array(f"{column}.values").read().tolist()
        buffer.values[column] += [
            tuple(texts[value] for value in values[first[number] : first[number + 1]])
            for number in documents.tolist()
        ]
