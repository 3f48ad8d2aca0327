"""The best documents of a segment without scoring them all.

Every dense term keeps, for each document, the share of its weight that the document scores,
rounded up to a byte. Summed up, these shares bound every score at a fraction of its cost. The
documents with the highest bounds are scored; then those whose bound reaches the last score wanted
(Turtle and Flood, Query evaluation: strategies and optimizations, 1995, with bounds a document
instead of a term; the shares are the quantised impacts of Anh, de Kretser and Moffat, 2001).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from indexer.arrays.array_file import Array
from indexer.whoosh_engine.reading.scorers import Scorer

SAME: Final = 2e-6
"""Scores that differ by less are the same; identifiers decide then."""

_SLACK: Final = 1e-4
"""What the rounding of a sum of bounds may hide."""

_FEW: Final = 256
"""Documents that are faster scored than thought about."""

_PROBES: Final = 32
"""Documents, beyond those wanted, that are scored to learn what there is to beat."""


def best_documents(
    operator: Scorer, documents: Array, size: int, wanted: int, floor: float
) -> tuple[Array, Array]:
    """The documents that may be among the best, and their scores.

    Args:
        operator: what scores.
        documents: all that match.
        size: documents of the segment.
        wanted: how many are wanted; all that share the last score are given.
        floor: a score that is of no interest any more; smaller ones may be left out.
    """
    if len(documents) <= max(_FEW, 4 * wanted):
        return documents, operator.scores(documents)
    bounds = _bounds(operator, documents, size)
    at = len(bounds) - wanted - _PROBES
    most = np.partition(bounds, at)[at]
    probed = documents[bounds >= most]
    scores = operator.scores(probed)
    last = len(scores) - wanted
    to_beat = max(floor, float(np.partition(scores, last)[last]) - SAME) - _SLACK
    if to_beat >= most:
        return probed, scores
    candidates = documents[bounds >= to_beat]
    return candidates, operator.scores(candidates)


def _bounds(operator: Scorer, documents: Array, size: int) -> Array:
    if len(documents) * 3 < size:
        return operator.bounds(documents)
    every = np.zeros(size, np.float32)
    operator.add_bounds(every)
    return every if len(documents) == size else every.take(documents)
