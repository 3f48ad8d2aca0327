"""The postings of a field: its keys, sorted and counted, become arrays, one term after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.whoosh_engine.format.length_norms import LENGTHS, norm_table
from indexer.whoosh_engine.format.schema import PAIR_FIELDS

DENSE: Final = 8
"""A term in more than one document of so many keeps a frequency for every document."""

FEWEST_DENSE: Final = 256
"""Documents of a segment below which no term is dense."""

MOST: Final = 255
"""The highest frequency of a byte; higher ones are kept beside."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Sorted keys, counted.

    Attributes:
        often: documents of each term.
        frequencies: at most `MOST`; those that reach it are in `high`, in order.
        lengths: occurrences in each document.
    """

    terms: Array
    often: Array
    numbers: Array
    frequencies: Array
    high: Array
    lengths: Array

    @classmethod
    def of(cls, keys: Array, count: int) -> Counted:
        """Sort and count keys, which are used up, of so many documents."""
        keys.sort()
        starts = _run_starts(keys)
        frequencies = np.diff(starts, append=len(keys))
        keys = keys[starts]
        numbers = (keys & np.uint64(0xFFFF)).astype(np.uint16)
        keys >>= np.uint64(16)
        firsts = _run_starts(keys)
        return cls(
            terms=keys[firsts],
            often=np.diff(firsts, append=len(keys)),
            numbers=numbers,
            frequencies=np.minimum(frequencies, MOST).astype(np.uint8),
            high=frequencies[frequencies >= MOST],
            lengths=np.bincount(numbers, frequencies, count).astype(np.int64),
        )


def field_arrays(
    field: Field, counted: list[Counted], words: int, count: int
) -> tuple[dict[str, Array], int]:
    """The postings of a field, and its length over all documents."""
    terms = np.concatenate([part.terms for part in counted])
    often = np.concatenate([part.often for part in counted])
    numbers = np.concatenate([part.numbers for part in counted])
    frequencies = np.concatenate([part.frequencies for part in counted])
    high = np.concatenate([part.high for part in counted])
    lengths = np.sum([part.lengths for part in counted], axis=0)
    counted.clear()
    length_bytes = np.searchsorted(LENGTHS[:255], lengths).astype(np.uint8)
    arrays = _term_arrays(field, terms, words) | {"lengths": length_bytes}
    postings = _Postings(np.append(0, np.cumsum(often)), numbers, frequencies, high, count)
    total = int(lengths.sum())
    return arrays | postings.arrays(length_bytes, total / count or 1.0), total


def _run_starts(keys: Array) -> Array:
    """Where each run of equal keys begins."""
    new = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return np.flatnonzero(new)


def _term_arrays(field: Field, terms: Array, words: int) -> dict[str, Array]:
    """How a term is found: word fields by a sorted list, pairs by their first word."""
    if field not in PAIR_FIELDS:
        return {"terms": terms.astype(np.uint32)}
    first = np.searchsorted(terms, np.arange(words + 1, dtype=np.uint64) << np.uint64(24))
    return {
        "first": first.astype(np.uint32),
        "terms": (terms & np.uint64(0xFFFFFF)).astype(np.uint32),
    }


@dataclass(slots=True)
class _Postings:
    """The postings of one field, one term after another."""

    starts: Array
    numbers: Array
    frequencies: Array
    high: Array
    count: int

    def arrays(self, lengths: Array, average: float) -> dict[str, Array]:
        """Sparse terms as document numbers and frequencies, dense ones as rows of frequencies."""
        often = np.diff(self.starts)
        dense = np.flatnonzero(often * DENSE > self.count)
        if self.count < FEWEST_DENSE:
            dense = dense[:0]
        rows = self._rows(dense)
        high = np.flatnonzero(self.frequencies == MOST)
        sparse = np.ones(len(self.numbers), bool)
        for term in dense:
            sparse[self.starts[term] : self.starts[term + 1]] = False
        kept = often.copy()
        kept[dense] = 0
        return {
            "starts": np.append(0, np.cumsum(kept)).astype(np.uint32),
            "numbers": self.numbers[sparse],
            "frequencies": self.frequencies[sparse],
            "dense_terms": dense.astype(np.uint32),
            "dense_documents": often[dense].astype(np.uint32),
            "dense": rows.reshape(-1),
            **_impact_arrays(rows, lengths, average),
            "high_terms": (np.searchsorted(self.starts, high, "right") - 1).astype(np.uint32),
            "high_numbers": self.numbers[high],
            "high": self.high.astype(np.uint32),
        }

    def _rows(self, dense: Array) -> Array:
        rows = np.zeros((len(dense), self.count), np.uint8)
        for row, term in enumerate(dense):
            part = slice(self.starts[term], self.starts[term + 1])
            rows[row, self.numbers[part]] = self.frequencies[part]
        return rows


def _impact_arrays(rows: Array, lengths: Array, average: float) -> dict[str, Array]:
    """For each dense term and document, how much of its weight it scores, in 255ths, rounded up.

    Made for the average length of this segment; `Scored` allows for that of the whole index.
    """
    norms = norm_table(average).take(lengths)
    impacts = np.zeros(rows.shape, np.uint8)
    for row, frequencies in enumerate(rows):
        shares = np.ceil(255 * (frequencies / (frequencies + norms)))
        impacts[row] = np.where(frequencies == MOST, 255, shares)
    return {"impacts": impacts.reshape(-1), "impact_most": impacts.max(1, initial=0)}
