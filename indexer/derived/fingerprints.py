"""Fingerprints: what tells for each article, in arrays, whether another has the same text.

The table of an archive is sorted by identifier. An update takes it as arrays and puts the new
rows among the old ones, so that it makes no object for an article that did not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.derived.contained_texts import Sample, Samples
from indexer.derived.near_duplicate_groups import SIGNATURE_VALUES, Signatures

NO_ROW: Final = -1
"""The row of an article that is not there."""

_ROWS_AT_A_TIME: Final = 1 << 14
"""Articles whose samples are copied at a time, so that memory stays bounded."""

Rows = NDArray[np.int64]
"""(articles,) rows of a table."""


class Fingerprint(NamedTuple):
    """The fingerprint of an article, by which its near-duplicates are found.

    Attributes:
        digest: the digest prefix of its version.
        figures: a hash of the numbers in its title, else in its lead; 0 for none.
        signature: the MinHash signature of its body.
        sample: its sampled shingles; empty if an earlier release added the article.
    """

    digest: int
    figures: int
    signature: Signatures
    sample: Sample


@dataclass(frozen=True, slots=True)
class FingerprintTable:
    """The fingerprints of articles, in the order of their identifiers.

    Attributes:
        identifiers: (articles,) byte strings of one width, padded with zeros, to be bisected.
        digests: (articles,) `Fingerprint.digest`.
        figures: (articles,) `Fingerprint.figures`.
        signatures: (articles, `SIGNATURE_VALUES`).
        samples: of all articles.
    """

    identifiers: NDArray[np.bytes_]
    digests: NDArray[np.uint64]
    figures: NDArray[np.uint32]
    signatures: Signatures
    samples: Samples

    @classmethod
    def of(cls, articles: dict[str, Fingerprint]) -> Self:
        """Return the table of these articles."""
        names = sorted(name.encode() for name in articles)
        fingerprints = [articles[name.decode()] for name in names]
        signatures = np.array([each.signature for each in fingerprints], np.uint16)
        return cls(
            np.array(names, "S"),
            np.array([each.digest for each in fingerprints], np.uint64),
            np.array([each.figures for each in fingerprints], np.uint32),
            signatures.reshape(len(names), SIGNATURE_VALUES),
            join_samples([each.sample for each in fingerprints]),
        )

    def __len__(self) -> int:
        return len(self.identifiers)


class CollectedTable:
    """A table of which articles can be removed."""

    def __init__(self, table: FingerprintTable) -> None:
        self.table = table
        self._removed: set[int] = set()

    def digest(self, identifier: str) -> int | None:
        """Return the digest prefix of an article, None if it is not there or was removed."""
        row = self._find(identifier)
        return None if row is None else int(self.table.digests[row])

    def remove(self, identifier: str) -> None:
        """Remove an article; an unknown one is no error."""
        row = self._find(identifier)
        if row is not None:
            self._removed.add(row)

    def _find(self, identifier: str) -> int | None:
        rows, is_present = find_rows(self.table.identifiers, [identifier])
        row = int(rows[0])
        return row if is_present[0] and row not in self._removed else None

    def remaining(self) -> Rows:
        """Return the rows that were not removed, ascending."""
        stays = np.ones(len(self.table), bool)
        stays[np.array(sorted(self._removed), np.int64)] = False
        return np.flatnonzero(stays)


def join_tables(collected: Sequence[CollectedTable]) -> tuple[FingerprintTable, Rows]:
    """Return one table of what remains of several; of two of one article the last stays.

    Returns:
        The table, and (articles,) the row of each among the rows of all tables, the removed ones
        included, one table after another.
    """
    tables = [each.table for each in collected]
    starts = np.cumsum([0, *map(len, tables)])
    rows = np.concatenate(
        [start + each.remaining() for start, each in zip(starts[:-1], collected, strict=True)]
    )
    identifiers = np.concatenate([each.table.identifiers[each.remaining()] for each in collected])
    order = np.argsort(identifiers, kind="stable")
    identifiers, rows = identifiers[order], rows[order]
    is_last = np.ones(len(rows), bool)
    np.not_equal(identifiers[1:], identifiers[:-1], out=is_last[:-1])
    identifiers, rows = identifiers[is_last], rows[is_last]
    width = max(1, int(np.char.str_len(identifiers).max(initial=0)))
    return FingerprintTable(
        identifiers.astype(f"S{width}"),
        _take([table.digests for table in tables], rows),
        _take([table.figures for table in tables], rows),
        _take([table.signatures for table in tables], rows),
        _take_samples([table.samples for table in tables], rows),
    ), rows


def find_rows(
    sorted_identifiers: NDArray[np.bytes_], identifiers: Sequence[str]
) -> tuple[Rows, NDArray[np.bool_]]:
    """Return the row of each article in a sorted array, and whether it is there."""
    names = np.array([name.encode() for name in identifiers], "S")
    rows = np.searchsorted(sorted_identifiers, names)
    if not len(sorted_identifiers):
        return rows, np.zeros(len(rows), bool)
    return rows, sorted_identifiers.take(rows, mode="clip") == names


def join_samples(samples: Sequence[Sample]) -> Samples:
    """Return the samples of articles, one after another."""
    arrays = [np.zeros(0, np.uint32), *samples]
    return Samples(np.concatenate(arrays), np.array(list(map(len, samples)), np.uint32))


def _take(arrays: Sequence[Array], rows: Rows) -> Array:
    """Return rows of several arrays that follow one another, without joining them."""
    taken = np.empty((len(rows), *arrays[0].shape[1:]), arrays[0].dtype)
    start = 0
    for array in arrays:
        is_here = (rows >= start) & (rows < start + len(array))
        taken[is_here] = array[rows[is_here] - start]
        start += len(array)
    return taken


def _take_samples(samples: Sequence[Samples], rows: Rows) -> Samples:
    """Return the samples of rows of several tables that follow one another."""
    sizes = np.concatenate([each.sizes for each in samples])
    ends = np.cumsum(sizes, dtype=np.int64)
    hashes = np.empty(int(sizes[rows].sum(dtype=np.int64)), np.uint32)
    filled = 0
    for start in range(0, len(rows), _ROWS_AT_A_TIME):
        some = rows[start : start + _ROWS_AT_A_TIME]
        places = concatenate_ranges(ends[some] - sizes[some], ends[some])
        hashes[filled : filled + len(places)] = _take([each.hashes for each in samples], places)
        filled += len(places)
    return Samples(hashes, sizes[rows])
