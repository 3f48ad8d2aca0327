"""Tables of fingerprints are joined as if their articles had been added one after another."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from archive.errors import EngineError
from indexer.arrays.array_file import ArrayFile, write_arrays
from indexer.derived.fingerprints import (
    CollectedTable,
    Fingerprint,
    FingerprintTable,
    find_rows,
    join_tables,
)
from indexer.derived.near_duplicates import NEAR_DUPLICATES_FILE, NearDuplicateIndex
from tests.indexer.derived.deriving import derive, random_article, save


def fingerprint(number: int) -> Fingerprint:
    rng = np.random.default_rng(number)
    sample = np.unique(rng.integers(0, 1 << 30, number % 7).astype(np.uint32))
    return Fingerprint(number, number % 3, rng.integers(0, 9, 128).astype(np.uint16), sample)


def rows_of(table: FingerprintTable) -> dict[bytes, tuple[object, ...]]:
    arrays = zip(
        table.identifiers.tolist(),
        table.digests.tolist(),
        table.figures.tolist(),
        table.signatures.tolist(),
        [sample.tolist() for sample in table.samples.by_article()],
        strict=True,
    )
    return {row[0]: row[1:] for row in arrays}


@pytest.mark.parametrize("seed", range(5))
def test_joined_tables_hold_what_was_added_last_and_not_removed(seed: int) -> None:
    rng = random.Random(seed)
    expected: dict[str, Fingerprint] = {}
    tables = []
    for number in range(4):
        names = [f"{'bài' * (number % 2)}{rng.randrange(60)}" for _ in range(rng.randrange(25))]
        added = {name: fingerprint(100 * number + place) for place, name in enumerate(names)}
        tables.append(CollectedTable(FingerprintTable.of(added)))
        expected |= added
        for name in rng.sample(sorted(expected), min(3, len(expected))):
            for table in tables:
                table.remove(name)
            expected.pop(name)
    joined, rows = join_tables(tables)
    expected_table = FingerprintTable.of(expected)
    assert joined.identifiers.tolist() == expected_table.identifiers.tolist()
    assert rows_of(joined) == rows_of(expected_table)
    starts = np.cumsum([0, *(len(collected.table) for collected in tables)])
    for name, row in zip(joined.identifiers.tolist(), rows.tolist(), strict=True):
        source = int(np.searchsorted(starts, row, side="right")) - 1
        assert tables[source].table.identifiers[row - starts[source]] == name


def test_an_article_that_was_removed_has_no_digest() -> None:
    table = CollectedTable(FingerprintTable.of({"a": fingerprint(5), "b": fingerprint(6)}))
    table.remove("a")
    table.remove("unknown")
    assert (table.digest("a"), table.digest("b"), table.digest("c")) == (None, 6, None)
    assert table.remaining().tolist() == [1]
    nothing = FingerprintTable.of({})
    assert not find_rows(nothing.identifiers, ["a"])[1].any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("near_pairs", np.array([0, 99], np.uint32)),
        ("contained_pairs", np.array([99, 0], np.uint32)),
        ("contained_shares", np.ones(7)),
        ("digests", np.zeros(1, np.uint64)),
    ],
)
def test_pairs_that_are_of_no_articles_are_damage(
    tmp_path: Path, name: str, value: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    save(derive([random_article(1), random_article(2, words=90)]), tmp_path)
    file = ArrayFile(tmp_path / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, None)
    arrays = [(key, value if key == name else file.array(key).read().copy()) for key in KEYS]
    write_arrays(tmp_path / NEAR_DUPLICATES_FILE, NEAR_DUPLICATES_FILE, arrays)
    index = NearDuplicateIndex(tmp_path)
    with pytest.raises(EngineError, match="damaged"):
        (index.fingerprints(), index.known_pairs())


KEYS = (
    *("width", "identifiers", "digests", "figures", "groups", "containers", "collections"),
    *("signatures", "sample_sizes", "samples"),
    *("near_pairs", "contained_pairs", "contained_shares"),
)
