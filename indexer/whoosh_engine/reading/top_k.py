"""The top-k documents of a segment without scoring them all.

Every dense term keeps, for each document, the share of its weight that the document scores,
rounded up to a byte: its impact. Summed up, impacts bound every score at a fraction of its cost.
The documents with the highest bounds are scored; then those whose bound reaches the k-th score
(Turtle and Flood, Query evaluation: strategies and optimizations, 1995, with bounds by document
instead of by term; the impacts are quantised as by Anh, de Kretser and Moffat, 2001).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from indexer.arrays.array_file import Array
from indexer.whoosh_engine.reading.scorers import Scorer

SCORE_TOLERANCE: Final = 2e-6
"""Scores that differ by less are the same; identifiers decide then."""

_BOUND_TOLERANCE: Final = 1e-4
"""The rounding error of a sum of bounds."""

_FEW_DOCUMENTS: Final = 256
"""Documents that are scored faster than bounded."""

_PROBES: Final = 32
"""Documents beyond k that are scored first, for a score to beat."""


def top_documents(
    scorer: Scorer, documents: Array, document_count: int, k: int, floor: float
) -> tuple[Array, Array]:
    """Return the documents that may be among the best k, and their scores.

    Args:
        scorer: scores the documents.
        documents: all that match.
        document_count: documents of the segment.
        k: results; all that share the last score are returned.
        floor: documents that score less may be left out.
    """
    if len(documents) <= max(_FEW_DOCUMENTS, 4 * k):
        return documents, scorer.scores(documents)
    bounds = _bounds(scorer, documents, document_count)
    place = len(bounds) - k - _PROBES
    probe_bound = np.partition(bounds, place)[place]
    probes = documents[bounds >= probe_bound]
    scores = scorer.scores(probes)
    place = len(scores) - k
    kth_score = float(np.partition(scores, place)[place]) - SCORE_TOLERANCE
    to_beat = max(floor, kth_score) - _BOUND_TOLERANCE
    if to_beat >= probe_bound:
        return probes, scores
    candidates = documents[bounds >= to_beat]
    return candidates, scorer.scores(candidates)


def smallest_places(keys: Array, count: int) -> Array:
    """Return the places of the smallest keys, ascending; of equal keys the first come first."""
    if 0 < count < len(keys) // 2:
        # All need not be sorted to know the first.
        last = np.partition(keys, count - 1)[count - 1]
        places = np.flatnonzero(keys <= last)
        return places[np.argsort(keys[places], kind="stable")[:count]]
    return np.argsort(keys, kind="stable")[:count]


def _bounds(scorer: Scorer, documents: Array, document_count: int) -> Array:
    if len(documents) * 3 < document_count:
        return scorer.bounds(documents)
    totals = np.zeros(document_count, np.float32)
    scorer.add_bounds(totals)
    return totals if len(documents) == document_count else totals.take(documents)
