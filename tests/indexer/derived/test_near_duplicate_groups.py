"""Signatures that are alike make groups, unless the figures of their titles differ."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.derived.near_duplicate_groups import estimate_similarity, group_near_duplicates


def test_similarity_is_the_share_of_equal_values() -> None:
    random_numbers = np.random.default_rng(1)
    signatures = random_numbers.integers(1, 1 << 16, (3, 128)).astype(np.uint16)
    signatures[1] = signatures[0]
    signatures[1, :40] += 1
    assert estimate_similarity(signatures[:1], signatures[1:2])[0] == pytest.approx(88 / 128)
    assert group_near_duplicates(signatures, np.zeros(3, np.uint32)).tolist() == [1, 1, 0]


def test_figures_part_articles_that_a_third_one_is_like() -> None:
    signatures = np.ones((4, 128), np.uint16)
    groups = group_near_duplicates(signatures, np.array([7, 0, 9, 9], np.uint32)).tolist()
    assert groups[0] != groups[2] == groups[3]
