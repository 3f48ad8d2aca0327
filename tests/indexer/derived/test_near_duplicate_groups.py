"""Signatures that are alike make groups, unless the figures of their titles differ."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.derived.near_duplicate_groups import (
    Signatures,
    estimate_similarity,
    find_near_pairs,
    group_near_duplicates,
)


def group(signatures: Signatures, figures: list[int]) -> list[int]:
    """Return the groups of articles that are all new."""
    pairs = find_near_pairs(signatures, np.ones(len(signatures), bool))
    groups: list[int] = group_near_duplicates(pairs, np.array(figures, np.uint32)).tolist()
    return groups


def test_similarity_is_the_share_of_equal_values() -> None:
    random_numbers = np.random.default_rng(1)
    signatures = random_numbers.integers(1, 1 << 16, (3, 128)).astype(np.uint16)
    signatures[1] = signatures[0]
    signatures[1, :40] += 1
    assert estimate_similarity(signatures[:1], signatures[1:2])[0] == pytest.approx(88 / 128)
    assert group(signatures, [0, 0, 0]) == [1, 1, 0]


def test_figures_part_articles_that_a_third_one_is_like() -> None:
    signatures = np.ones((4, 128), np.uint16)
    groups = group(signatures, [7, 0, 9, 9])
    assert groups[0] != groups[2] == groups[3]


def test_the_pairs_of_new_articles_are_those_of_all_with_them() -> None:
    random_numbers = np.random.default_rng(6)
    signatures = random_numbers.integers(0, 1 << 16, (300, 128)).astype(np.uint16)
    for row in range(0, 290, 3):  # reprints, of which some are reprinted again
        signatures[row + 1 : row + 4, : random_numbers.integers(60, 128)] = signatures[row, 0]
    signatures[7] = 0  # a short text
    pairs = find_near_pairs(signatures, np.ones(300, bool))
    assert len(pairs) > 100
    for share in (0.0, 0.02, 0.5, 1.0):
        is_new = random_numbers.random(300) < share
        with_new = pairs[is_new[pairs].any(axis=1)]
        assert find_near_pairs(signatures, is_new).tolist() == with_new.tolist()
