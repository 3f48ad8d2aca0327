"""Columns: filters, facets and the order of dates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.arrays.array_file import Array
from indexer.arrays.string_table import ABSENT
from indexer.engine.queries import Column, Sort
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.writing.document_buffer import UNDATED


def between_mask(segment: Segment, low: int | None, high: int | None) -> Array:
    """For each document, whether its date lies in [low, high)."""
    published = segment.array("published").read()
    mask: Array = published != UNDATED
    if low is not None:
        mask &= published >= low
    if high is not None:
        mask &= published < high
    return mask


def having_mask(segment: Segment, column: Column, values: Sequence[str]) -> Array:
    """For each document, whether it has one of the values."""
    mask = np.zeros(segment.count, bool)
    texts = segment.texts(column)
    numbers = segment.array(f"{column}.values").read()
    for number in {texts.find(value) for value in values} - {ABSENT}:
        mask[segment.owners(column).take(np.flatnonzero(numbers == number))] = True
    return mask


def count_values(segment: Segment, column: Column, documents: Array) -> Array:
    """How many of the documents have each value of a column."""
    numbers = segment.array(f"{column}.values").read()
    size = len(segment.texts(column))
    if len(documents) == segment.count:
        return np.bincount(numbers, minlength=size)
    first = segment.array(f"{column}.first").read()
    if len(documents) * 4 < segment.count:
        low, high = first.take(documents).astype(np.int64), first.take(documents + 1)
        if column not in (Column.AUTHOR, Column.PERSON):
            return np.bincount(numbers.take(low[high > low]), minlength=size)
        sizes = high - low
        ends = np.cumsum(sizes)
        total = int(ends[-1]) if len(ends) else 0
        at = np.arange(total) + np.repeat(low - (ends - sizes), sizes)
        return np.bincount(numbers.take(at), minlength=size)
    wanted = np.zeros(segment.count, bool)
    wanted[documents] = True
    return np.bincount(numbers[wanted.take(segment.owners(column))], minlength=size)


def first_by_date(segment: Segment, documents: Array, sort: Sort, wanted: int) -> Array:
    """The first documents in the order of dates; undated ones come last, equals by identifier."""
    if wanted < 1 or not len(documents):
        return documents[:0]
    dates = segment.array("published").read().take(documents)
    if sort is Sort.NEWEST:
        keys = ~dates
        keys[dates == UNDATED] = -(UNDATED + 1)
    else:
        keys = np.where(dates == UNDATED, -(UNDATED + 1), dates)
    if len(documents) > 4 * wanted:
        last = np.partition(keys, wanted - 1)[wanted - 1]
        kept = keys <= last
        documents, keys = documents[kept], keys[kept]
    ranks = segment.array("rank").read().take(documents)
    return documents[np.lexsort((ranks, keys))[:wanted]]
