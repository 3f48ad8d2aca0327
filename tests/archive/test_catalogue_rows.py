"""Shares of the identifiers: together they are all of them, and no article is in two."""

from __future__ import annotations

from hashlib import sha256

import pytest

from archive.catalogue_rows import share_bounds


@pytest.mark.parametrize("count", [1, 2, 3, 7, 16, 100])
def test_every_identifier_is_in_one_share_of_nearly_the_same_size(count: int) -> None:
    identifiers = [sha256(b"%d" % number).hexdigest()[:20] for number in range(100 * count)]
    bounds = [share_bounds(index, count) for index in range(count)]
    sizes = [0] * count
    for identifier in identifiers:
        homes = [
            index
            for index, (low, high) in enumerate(bounds)
            if identifier > low and (not high or identifier <= high)
        ]
        assert len(homes) == 1
        sizes[homes[0]] += 1
    assert min(sizes) > 50
    assert max(sizes) < 200
