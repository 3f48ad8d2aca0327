"""Members are told as `numpy.isin` tells them."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.arrays.membership import is_among


@pytest.mark.parametrize("dtype", [np.uint32, np.uint64])
@pytest.mark.parametrize("wanted", [0, 1, 300])
def test_members_are_told_from_values_with_the_same_last_bits(
    dtype: type[np.uint32 | np.uint64], wanted: int
) -> None:
    rng = np.random.default_rng(wanted)
    values = rng.integers(0, 1 << 31, 2000).astype(dtype)
    # Some differ from others above the bits of the table alone.
    values[:500] = (values[500:1000] + (1 << 20)).astype(dtype)
    few = rng.choice(values[500:], wanted, replace=False)
    assert is_among(values, few).tolist() == np.isin(values, few).tolist()
    assert not is_among(values[:0], few).size
