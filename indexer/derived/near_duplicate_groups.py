"""Groups of near-duplicates: the articles whose MinHash signatures are alike.

Candidate pairs come from locality-sensitive hashing: pairs that agree in all values of one LSH
band. Groups are the connected components of the pairs at `NEAR_SIMILARITY` or above whose titles
have the same numbers, or one of them none. The pairs are kept, so that an update looks only for
those with a new article; the groups are made anew from all pairs, so that they do not depend on
the order of additions and removals.

Measured on 35,431 articles of many papers: 367 groups with 780 articles; of 50 groups drawn at
random 48 were judged to be reprints of one report (by titles, openings and exact Jaccard), the
other two were bulletins of weather and of a storm from different hours. At .5 there were 463
groups, and 46 of 50 were right.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.membership import is_among

SIGNATURE_VALUES: Final = 128

BAND_VALUES: Final = 4
"""Signature values of one LSH band: 1, 2 or 4, since a band is compared as one integer."""

NEAR_SIMILARITY: Final = 0.55
"""Estimated similarity from which two texts are near-duplicates."""

NO_GROUP: Final = 0
"""The group of an article without near-duplicates."""

_MOST_BAND_NEIGHBOURS = 64
"""Articles with the same band that each is compared with, at most, in either direction."""

_PAIRS_PER_COMPARISON = 10_000

Pairs = NDArray[np.int64]
"""(pairs, 2) rows of articles, each pair once, in ascending order."""

Signatures = NDArray[np.uint16]
"""(articles, `SIGNATURE_VALUES`); all zeros for a body that is too short to be compared."""


def group_near_duplicates(pairs: Pairs, figures: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return (articles,) the group of each article, from 1, or `NO_GROUP`.

    Two articles with different figures are in no group together, whatever lies between them:
    bulletins of different days are different reports.

    Args:
        pairs: near-duplicates.
        figures: (articles,) the numbers in each title as a hash, or 0.
    """
    groups = np.zeros(len(figures), np.uint32)
    # (articles with a pair,) ascending, and the pairs by their place there.
    rows, places = np.unique(pairs, return_inverse=True)
    roots = _component_roots(places.reshape(-1, 2), figures[rows])
    # Components of one article are no groups.
    sizes = np.bincount(roots, minlength=len(rows))
    group_roots = np.flatnonzero(sizes > 1)
    numbers = np.zeros(len(rows), np.uint32)
    numbers[group_roots] = np.arange(1, len(group_roots) + 1)
    groups[rows] = numbers[roots]
    return groups


def _component_roots(pairs: Pairs, figures: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return (articles,) the lowest article of each one's component.

    Args:
        pairs: of articles; one between different figures joins nothing.
        figures: (articles,) 0 for none.
    """
    # Union-find.
    parents = list(range(len(figures)))

    def find_root(row: int) -> int:
        while parents[row] != row:
            parents[row] = row = parents[parents[row]]
        return row

    # root -> the figures of its component; 0 while none of its articles has any.
    component_figures: list[int] = figures.tolist()
    for row, neighbour in pairs.tolist():
        low, high = sorted((find_root(row), find_root(neighbour)))
        both = {component_figures[low], component_figures[high]} - {0}
        if len(both) < 2:
            parents[high] = low
            component_figures[low] = max(both, default=0)
    return np.array([find_root(row) for row in range(len(parents))], np.int64)


def estimate_similarity(signatures: Signatures, others: Signatures) -> NDArray[np.float64]:
    """Return the estimated Jaccard similarity of signatures, row by row."""
    shares: NDArray[np.float64] = (signatures == others).mean(axis=-1)
    return shares


def find_near_pairs(signatures: Signatures, is_new: NDArray[np.bool_]) -> Pairs:
    """Return the near-duplicates, of those that agree in an LSH band, with a new article.

    Args:
        signatures: of all articles.
        is_new: (articles,) whether pairs with the article are wanted.
    """
    compared = np.flatnonzero(signatures.any(axis=1))
    # (compared, bands) the values of each band read as one integer.
    bands = signatures[compared].view(f"u{2 * BAND_VALUES}")
    candidates = [np.zeros((0, 2), np.int64)]
    for band in bands.T:
        candidates += _agreeing_pairs(band, is_new[compared])
    pairs = compared[np.unique(np.concatenate(candidates), axis=0)]
    near_pairs = [
        chunk[
            estimate_similarity(signatures[chunk[:, 0]], signatures[chunk[:, 1]]) >= NEAR_SIMILARITY
        ]
        for chunk in np.array_split(pairs, len(pairs) // _PAIRS_PER_COMPARISON + 1)
    ]
    return np.concatenate(near_pairs)


def _agreeing_pairs(band: NDArray[np.uint64], is_new: NDArray[np.bool_]) -> list[Pairs]:
    """Return pairs of rows with one value of a band, one of which is new at least."""
    is_compared = is_new if is_new.all() else is_among(band, band[is_new])
    rows = np.flatnonzero(is_compared)
    # Sorted by the band, rows with the same value follow one another: compare each with
    # the next, then with the one after, until no two so far apart agree.
    order = rows[np.argsort(band[rows], kind="stable")]
    values, news = band[order], is_new[order]
    pairs = []
    for step in range(1, min(_MOST_BAND_NEIGHBOURS, len(values) - 1) + 1):
        agrees = values[step:] == values[:-step]
        if not agrees.any():
            break
        positions = np.flatnonzero(agrees & (news[step:] | news[:-step]))
        pairs.append(np.stack([order[positions], order[positions + step]], axis=1))
    return pairs
