"""Near-duplicates of a generation: what articles show the same report, mapped from its file.

Search uses them for deduplication. `near_duplicate_builder.py` says how they are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.array_file import ArrayFile
from indexer.derived.contained_texts import (
    NO_CONTAINER,
    ContainedPairs,
    Samples,
)
from indexer.derived.fingerprints import (
    NO_ROW,
    FingerprintTable,
    Rows,
    find_rows,
    join_samples,
)
from indexer.derived.near_duplicate_groups import (
    NO_GROUP,
    SIGNATURE_VALUES,
    Pairs,
)

NEAR_DUPLICATES_FILE: Final = "copies.learned"

_NO_SAMPLE: Final = np.zeros(0, np.uint32)


class Report(NamedTuple):
    """What tells whether an article shows the same report as another.

    Attributes:
        number: the same for near-duplicates; 0 for an unknown article.
        container: the number of the report that contains nearly all of this one, else 0.
        is_collection: whether it contains several different reports.
    """

    number: int
    container: int
    is_collection: bool


_UNKNOWN_REPORT: Final = Report(0, 0, False)


@dataclass(frozen=True, slots=True)
class KnownPairs:
    """The pairs among the articles of a generation, which an update need not look for again.

    Attributes:
        near: near-duplicates.
        contained: texts and those that contain them.
    """

    near: Pairs
    contained: ContainedPairs

    def renumbered(self, new_rows: Rows) -> KnownPairs:
        """Return the pairs of the articles that stay, by their new rows."""
        near = new_rows[self.near]
        contained = new_rows[self.contained.pairs]
        stays = (contained != NO_ROW).all(axis=1)
        return KnownPairs(
            near[(near != NO_ROW).all(axis=1)],
            ContainedPairs(contained[stays], self.contained.shares[stays]),
        )

    def extended(self, others: KnownPairs) -> KnownPairs:
        """Return these pairs and others, in the order of their rows."""
        near = np.concatenate([self.near, others.near])
        pairs = np.concatenate([self.contained.pairs, others.contained.pairs])
        shares = np.concatenate([self.contained.shares, others.contained.shares])
        order = np.lexsort(pairs.T[::-1])
        return KnownPairs(
            near[np.lexsort(near.T[::-1])], ContainedPairs(pairs[order], shares[order])
        )


class NearDuplicateIndex:
    """The groups of near-duplicates of a generation, mapped; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the file of a generation.

        Raises:
            EngineError: it is missing or damaged.
        """
        self._file = ArrayFile(folder / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, None)
        with self._file.damage_named():
            width = max(1, self._file.array("width").item(0))
            # (articles,) ascending.
            self._identifiers = self._file.array("identifiers").read().view(f"S{width}")
        self._groups = self._file.array("groups")
        self._has_samples = "samples" in self._file
        lengths = {len(self._groups), len(self._container_rows()), len(self._collection_flags())}
        if len(lengths) > 1 or lengths.isdisjoint((0, len(self._identifiers))):
            raise self._file.damaged("its groups are not those of its articles")

    def identifiers(self) -> list[str]:
        """Return the identifiers of all articles, ascending."""
        return [name.decode() for name in self._identifiers.tolist()]

    def groups(self, identifiers: Sequence[str]) -> list[int]:
        """Return the group of each article, `NO_GROUP` for one without near-duplicates."""
        if not len(self._groups):
            return [NO_GROUP] * len(identifiers)
        rows, is_present = self._rows(identifiers)
        groups = np.where(is_present, self._groups.read().take(rows, mode="clip"), NO_GROUP)
        numbers: list[int] = groups.tolist()
        return numbers

    def reports(self, identifiers: Sequence[str]) -> list[Report]:
        """Return what report each article shows."""
        if not len(self._groups):
            return [_UNKNOWN_REPORT] * len(identifiers)
        rows, is_present = self._rows(identifiers)
        rows[~is_present] = 0
        with self._file.damage_named():
            containers = self._container_rows()[rows].astype(np.int64)
            of_containers = self._report_numbers(containers - 1)
            of_containers[(containers == NO_CONTAINER) | ~is_present] = 0
            numbers = np.where(is_present, self._report_numbers(rows), 0)
            collections = is_present & self._collection_flags()[rows].astype(bool)
        return list(map(Report, numbers.tolist(), of_containers.tolist(), collections.tolist()))

    def near_duplicates(self, identifier: str) -> list[str]:
        """Return the other articles with an article's report, by identifier.

        They are those of its group, the one that contains it, and those that it contains.
        """
        rows, is_present = self._rows([identifier])
        if not len(self._groups) or not is_present.all():
            return []
        row, groups, containers = rows[0], self._groups.read(), self._container_rows()
        is_alike = (groups == groups[row]) & (groups != NO_GROUP)
        is_alike |= containers == row + 1
        if containers[row] != NO_CONTAINER:
            is_alike[containers[row] - 1] = True
        is_alike[row] = False
        return [name.decode() for name in self._identifiers[is_alike].tolist()]

    def _rows(self, identifiers: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the row of each article, and whether it is there."""
        return find_rows(self._identifiers, identifiers)

    def _report_numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the report of each row: its group, or one of its own beyond."""
        groups = self._groups.read()[rows].astype(np.int64)
        return np.where(groups == NO_GROUP, len(self._groups) + 1 + rows, groups)

    def _container_rows(self) -> NDArray[np.uint32]:
        """Return (articles,) 1 + the row of each one's container, or `NO_CONTAINER`."""
        if not self._has_samples:
            return np.zeros(len(self._groups), np.uint32)
        rows: NDArray[np.uint32] = self._file.array("containers").read()
        return rows

    def _collection_flags(self) -> NDArray[np.uint8]:
        """Return (articles,) 1 for each one that contains several reports."""
        if not self._has_samples:
            return np.zeros(len(self._groups), np.uint8)
        flags: NDArray[np.uint8] = self._file.array("collections").read()
        return flags

    def fingerprints(self) -> FingerprintTable:
        """Return the fingerprints of all articles."""
        with self._file.damage_named():
            table = FingerprintTable(
                self._identifiers,
                self._file.array("digests").read(),
                self._file.array("figures").read(),
                self._file.array("signatures").read().reshape(-1, SIGNATURE_VALUES),
                self._samples(),
            )
            sizes = {len(table.digests), len(table.figures), len(table.signatures)}
            if {*sizes, len(table.samples.sizes)} != {len(table)}:
                raise self._file.damaged("its fingerprints are not those of its articles")
            return table

    def known_pairs(self) -> KnownPairs | None:
        """Return the pairs of all articles; None in a checkpoint, or an earlier release's file."""
        if "near_pairs" not in self._file:
            return None
        with self._file.damage_named():
            near = self._file.array("near_pairs").read().reshape(-1, 2).astype(np.int64)
            pairs = self._file.array("contained_pairs").read().reshape(-1, 2).astype(np.int64)
            shares = self._file.array("contained_shares").read()
        highest = max(int(near.max(initial=-1)), int(pairs.max(initial=-1)))
        if highest >= len(self._identifiers) or len(shares) != len(pairs):
            raise self._file.damaged("its pairs are not those of its articles")
        return KnownPairs(near, ContainedPairs(pairs, shares))

    def _samples(self) -> Samples:
        """Return the samples of all articles; empty ones in the file of an earlier release."""
        if not self._has_samples:
            return join_samples([_NO_SAMPLE] * len(self._identifiers))
        hashes, sizes = self._file.array("samples").read(), self._file.array("sample_sizes").read()
        if int(sizes.sum(dtype=np.uint64)) != len(hashes):
            raise self._file.damaged("its samples are not those of its articles")
        return Samples(hashes, sizes)
