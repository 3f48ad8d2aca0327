"""Proximity in a run of tokens: words in a row, and words within a window.

A position of a phrase is given as a mask over the tokens: which of them may stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from indexer.arrays.array_file import Array

_MAX_GROUP: Final = 6
"""Positions that share tokens of which every subset is looked at."""

Needed = tuple[Array, int]
"""The tokens that fit, and how many of them a window needs."""


def rows_of(positions: Sequence[Array]) -> Array:
    """Return the tokens at which all positions of a phrase follow one another."""
    begins = np.ones(max(len(positions[0]) - len(positions) + 1, 0), bool)
    for index, mask in enumerate(positions):
        begins &= mask[index : index + len(begins)]
    return np.flatnonzero(begins)


def windows_of(positions: Sequence[Needed], breaks: Array, width: int) -> Array:
    """Return the tokens at which a window begins that has a token of its own for each position.

    Args:
        positions: the tokens that fit a position, and the number of such positions.
        breaks: the tokens, ascending, that no window goes over.
        width: the tokens of a window.
    """
    token_count = len(positions[0][0])
    fits = np.zeros(token_count, np.uint16)  # (tokens,) positions that each token fits
    for mask, _ in positions:
        fits += mask
    starts = np.flatnonzero(fits)
    next_breaks = np.append(breaks, token_count)[np.searchsorted(breaks, starts, "right")]
    ends = np.minimum(starts + width, next_breaks)
    for mask, count in _conditions(positions, np.flatnonzero(fits > 1)):
        totals = np.concatenate(([0], np.cumsum(mask)))
        enough = totals[ends] - totals[starts] >= count
        starts, ends = starts[enough], ends[enough]
    return starts


def _conditions(positions: Sequence[Needed], shared: Array) -> Iterator[Needed]:
    """Yield what a window needs; the rest follows from Hall's marriage theorem (1935).

    Every position can have a token of its own where any positions together have enough tokens.
    Only those that share tokens have to be looked at together.
    """
    yield from positions
    for group in _sharing_positions(positions, shared):
        sizes = range(2, len(group) + 1) if len(group) <= _MAX_GROUP else [len(group)]
        for size in sizes:
            for subset in combinations(group, size):
                masks = [mask for mask, _ in subset]
                yield np.logical_or.reduce(masks), sum(count for _, count in subset)


def _sharing_positions(positions: Sequence[Needed], shared: Array) -> list[list[Needed]]:
    """Return the groups of positions that share tokens, directly or by way of others."""
    groups: list[tuple[Array, list[Needed]]] = []  # the shared tokens of each group
    for position in positions:
        tokens, members = position[0][shared], [position]
        apart = []
        for other_tokens, others in groups:
            if np.any(tokens & other_tokens):
                tokens, members = tokens | other_tokens, [*others, *members]
            else:
                apart.append((other_tokens, others))
        groups = [*apart, (tokens, members)]
    return [members for _, members in groups if len(members) > 1]
