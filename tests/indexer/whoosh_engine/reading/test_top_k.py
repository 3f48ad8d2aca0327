"""The first of an order: as a stable sort of all would have it."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.whoosh_engine.reading.top_k import smallest_places


@pytest.mark.parametrize("different", [1, 3, 40, 10_000])
@pytest.mark.parametrize("count", [0, 1, 7, 50, 99, 100, 101, 250])
@pytest.mark.parametrize("size", [0, 1, 100, 250])
def test_the_smallest_keys_come_in_the_order_of_a_stable_sort(
    size: int, count: int, different: int
) -> None:
    keys = np.random.default_rng(size + count).integers(0, different, size)
    expected = np.argsort(keys, kind="stable")[:count].tolist()
    assert smallest_places(keys, count).tolist() == expected
    assert smallest_places(keys / 7, count).tolist() == expected
