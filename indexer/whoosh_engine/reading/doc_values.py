"""Doc values: filters, facets and the order of dates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.arrays.string_table import ABSENT
from indexer.engine.queries import Column, Sort
from indexer.whoosh_engine.format.schema import UNDATED
from indexer.whoosh_engine.format.segment import Segment

_MULTIVALUED = (Column.AUTHOR, Column.PERSON)


def range_mask(segment: Segment, low: int | None, high: int | None) -> Array:
    """Tell for each document whether its date lies in [low, high)."""
    published = segment.array("published").read()
    mask: Array = published != UNDATED
    if low is not None:
        mask &= published >= low
    if high is not None:
        mask &= published < high
    return mask


def value_mask(segment: Segment, column: Column, values: Sequence[str]) -> Array:
    """Tell for each document whether it has one of the values."""
    mask = np.zeros(segment.document_count, bool)
    texts = segment.string_table(column)
    entries = segment.array(f"{column}.values").read()  # numbers of texts
    for number in {texts.find(value) for value in values} - {ABSENT}:
        mask[segment.value_documents(column).take(np.flatnonzero(entries == number))] = True
    return mask


def count_values(segment: Segment, column: Column, documents: Array) -> Array:
    """Return for each value of a column how many of the documents have it."""
    entries = segment.array(f"{column}.values").read()  # numbers of texts
    text_count = len(segment.string_table(column))
    if len(documents) == segment.document_count:
        return np.bincount(entries, minlength=text_count)
    if len(documents) * 4 < segment.document_count:
        first = segment.array(f"{column}.first").read()  # (documents + 1,) first entry of each
        low, high = first.take(documents).astype(np.int64), first.take(documents + 1)
        multivalued = column in _MULTIVALUED
        chosen = concatenate_ranges(low, high) if multivalued else low[high > low]
        return np.bincount(entries.take(chosen), minlength=text_count)
    mask = np.zeros(segment.document_count, bool)
    mask[documents] = True
    return np.bincount(entries[mask.take(segment.value_documents(column))], minlength=text_count)


def first_by_date(segment: Segment, documents: Array, sort: Sort, limit: int) -> Array:
    """Return the first documents by date; undated ones come last, equals by identifier."""
    if limit < 1 or not len(documents):
        return documents[:0]
    dates = segment.array("published").read().take(documents)
    if sort is Sort.NEWEST:
        # The complement reverses the order of all integers without overflow.
        keys = ~dates
        keys[dates == UNDATED] = ~UNDATED
    else:
        keys = np.where(dates == UNDATED, ~UNDATED, dates)
    if len(documents) > 4 * limit:
        near_enough = keys <= np.partition(keys, limit - 1)[limit - 1]
        documents, keys = documents[near_enough], keys[near_enough]
    ranks = segment.array("rank").read().take(documents)
    return documents[np.lexsort((ranks, keys))[:limit]]
