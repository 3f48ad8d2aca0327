"""The postings of a field, inverted: sorted and counted keys become arrays, term after term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.whoosh_engine.format.length_norms import LENGTHS, norm_table
from indexer.whoosh_engine.format.schema import PAIR_FIELDS

DENSE_SHARE: Final = 8
"""A term in more than one of so many documents keeps a frequency for every document."""

MIN_DENSE_DOCUMENTS: Final = 256
"""Documents of a segment below which no term is dense."""

MAX_FREQUENCY: Final = 255
"""The highest frequency that a byte holds; the true one of those is kept apart."""

MAX_IMPACT: Final = 255
"""The impact of a document that scores all of a term's weight."""


@dataclass(frozen=True, slots=True)
class CountedPostings:
    """The postings of some terms of a field, one term after another.

    Attributes:
        terms: (terms,) term keys, ascending.
        document_frequencies: (terms,) documents of each term.
        documents: (postings,) document numbers, ascending within a term.
        frequencies: (postings,) at most `MAX_FREQUENCY`.
        high: the true frequencies of postings that reach it, in their order.
        lengths: (documents,) occurrences in each document.
    """

    terms: Array
    document_frequencies: Array
    documents: Array
    frequencies: Array
    high: Array
    lengths: Array


def count_postings(keys: Array, document_count: int) -> CountedPostings:
    """Sort and count (term << 16 | document) keys, one an occurrence; the array is used up."""
    keys.sort()
    starts = _run_starts(keys)  # (postings,) first occurrence of each
    frequencies = np.diff(starts, append=len(keys))
    keys = keys[starts]
    documents = (keys & np.uint64(0xFFFF)).astype(np.uint16)
    keys >>= np.uint64(16)
    first_postings = _run_starts(keys)  # (terms,)
    return CountedPostings(
        terms=keys[first_postings],
        document_frequencies=np.diff(first_postings, append=len(keys)),
        documents=documents,
        frequencies=np.minimum(frequencies, MAX_FREQUENCY).astype(np.uint8),
        high=frequencies[frequencies >= MAX_FREQUENCY],
        lengths=np.bincount(documents, frequencies, document_count).astype(np.int64),
    )


def field_arrays(
    field: Field, runs: list[CountedPostings], word_count: int, document_count: int
) -> tuple[dict[str, Array], int]:
    """Return the arrays of a field, and its length over all documents.

    Args:
        field: the field.
        runs: its postings by ascending runs of terms; the list is emptied.
        word_count: exact words of the segment; no pair begins with a higher number.
        document_count: documents of the segment.
    """
    counted = CountedPostings(
        terms=np.concatenate([run.terms for run in runs]),
        document_frequencies=np.concatenate([run.document_frequencies for run in runs]),
        documents=np.concatenate([run.documents for run in runs]),
        frequencies=np.concatenate([run.frequencies for run in runs]),
        high=np.concatenate([run.high for run in runs]),
        lengths=np.sum([run.lengths for run in runs], axis=0),
    )
    runs.clear()
    length_bytes = np.searchsorted(LENGTHS[:255], counted.lengths).astype(np.uint8)
    total = int(counted.lengths.sum())
    return {
        **_term_arrays(field, counted.terms, word_count),
        "lengths": length_bytes,
        **_posting_arrays(counted, length_bytes, total / document_count or 1.0),
    }, total


def _run_starts(keys: Array) -> Array:
    """Return where each run of equal keys begins."""
    changes = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=changes[1:])
    return np.flatnonzero(changes)


def _term_arrays(field: Field, terms: Array, word_count: int) -> dict[str, Array]:
    """Return the arrays of a `TermDictionary`; a pair's key is first word << 24 | second word."""
    if field not in PAIR_FIELDS:
        return {"terms": terms.astype(np.uint32)}
    first = np.searchsorted(terms, np.arange(word_count + 1, dtype=np.uint64) << np.uint64(24))
    return {
        "first": first.astype(np.uint32),
        "terms": (terms & np.uint64(0xFFFFFF)).astype(np.uint32),
    }


def _posting_arrays(counted: CountedPostings, lengths: Array, average: float) -> dict[str, Array]:
    """Return sparse terms as documents and frequencies, dense ones as rows of frequencies."""
    document_count = len(lengths)
    document_frequencies = counted.document_frequencies
    starts = np.append(0, np.cumsum(document_frequencies))  # (terms + 1,) first posting of each
    dense = np.flatnonzero(document_frequencies * DENSE_SHARE > document_count)
    if document_count < MIN_DENSE_DOCUMENTS:
        dense = dense[:0]
    rows = np.zeros((len(dense), document_count), np.uint8)  # frequencies
    is_sparse = np.ones(len(counted.documents), bool)  # (postings,)
    for row, term in enumerate(dense):
        postings = slice(starts[term], starts[term + 1])
        rows[row, counted.documents[postings]] = counted.frequencies[postings]
        is_sparse[postings] = False
    sparse_frequencies = document_frequencies.copy()
    sparse_frequencies[dense] = 0
    high = np.flatnonzero(counted.frequencies == MAX_FREQUENCY)  # postings
    return {
        "starts": np.append(0, np.cumsum(sparse_frequencies)).astype(np.uint32),
        "numbers": counted.documents[is_sparse],
        "frequencies": counted.frequencies[is_sparse],
        "dense_terms": dense.astype(np.uint32),
        "dense_documents": document_frequencies[dense].astype(np.uint32),
        "dense": rows.reshape(-1),
        "impacts": _impacts(rows, lengths, average).reshape(-1),
        "high_terms": (np.searchsorted(starts, high, "right") - 1).astype(np.uint32),
        "high_numbers": counted.documents[high],
        "high": counted.high.astype(np.uint32),
    }


def _impacts(rows: Array, lengths: Array, average: float) -> Array:
    """Return for each dense term and document the share of its weight that it scores.

    In units of 1 / `MAX_IMPACT`, rounded up. Made for the average length of this segment;
    `TermScorer` allows for that of the index.
    """
    norms = norm_table(average).take(lengths)  # (documents,)
    impacts = np.zeros(rows.shape, np.uint8)  # (dense terms, documents)
    for row, frequencies in enumerate(rows):
        shares = np.ceil(MAX_IMPACT * (frequencies / (frequencies + norms)))
        impacts[row] = np.where(frequencies == MAX_FREQUENCY, MAX_IMPACT, shares)
    return impacts
