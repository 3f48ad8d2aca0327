"""The best documents of a segment without scoring them all: MaxScore and block maxima.

The parts of a score are added up from the one that can bring most to the one that can bring
least. As soon as those to come cannot lift a document over the k-th best known so far, it is
dropped (Turtle and Flood, Query evaluation: strategies and optimizations, 1995); a dense term is
bounded by blocks of documents (Ding and Suel, Faster top-k document retrieval using block-max
indexes, 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from indexer.whoosh_engine.arrays import Array
from indexer.whoosh_engine.kernels import Operator, Scored

SAME: Final = 2e-6
"""Scores that differ by less are the same; identifiers decide then."""

_FEW: Final = 512
"""Documents that are faster scored than thought about."""


def best_documents(
    operator: Operator, documents: Array, size: int, wanted: int, floor: float
) -> tuple[Array, Array]:
    """The documents that may be among the best, and their scores.

    Args:
        operator: what scores.
        documents: all that match.
        size: documents of the segment.
        wanted: how many are wanted; all that share the last score are given.
        floor: a score that is of no interest any more; smaller ones may be left out.
    """
    if len(documents) <= max(_FEW, 2 * wanted):
        return documents, operator.scores(documents)
    race = _Race(operator.parts(), wanted, floor)
    if len(documents) > 2 * min(part.estimate for part in race.parts):
        documents, scores = race.scatter(documents, size)
    else:
        scores = np.zeros(len(documents))
    return race.finish(documents, scores)


class _Race:
    """Parts still to be added, in order, and the score to beat."""

    def __init__(self, parts: Sequence[Operator], wanted: int, floor: float) -> None:
        self.parts = sorted(parts, key=lambda part: -part.bound)
        self.wanted, self.to_beat = wanted, floor

    @property
    def rest(self) -> float:
        """What the parts to come can add at most."""
        return sum(part.bound for part in self.parts)

    def learn(self, scores: Array) -> None:
        """Raise the score to beat to the k-th best of different documents."""
        if len(scores) >= self.wanted:
            at = len(scores) - self.wanted
            self.to_beat = max(self.to_beat, float(np.partition(scores, at)[at]) - SAME)

    def scatter(self, documents: Array, size: int) -> tuple[Array, Array]:
        """Add whole parts into a row of all documents until no new document can win."""
        scores = np.zeros(size)
        allowed: Array | None = None
        while self.parts and self.rest >= self.to_beat:
            part = self.parts.pop(0)
            found, added = _whole(part)
            if allowed is None:
                allowed = np.zeros(size, bool)
                allowed[documents] = True
            kept = allowed.take(found)
            if not kept.all():
                found, added = found[kept], added[kept]
            added += scores.take(found)
            scores[found] = added
            self.learn(added)
        if self.to_beat > self.rest:
            documents = np.flatnonzero(scores >= self.to_beat - self.rest)
        return documents, scores.take(documents)

    def finish(self, documents: Array, scores: Array) -> tuple[Array, Array]:
        """Add the rest for the documents that can still win."""
        if self.parts and len(documents) > _FEW:
            documents, scores = self._drop_by_block(documents, scores)
        while self.parts:
            scores = scores + self.parts.pop(0).added(documents)
            if len(documents) > _FEW:
                self.learn(scores)
                documents, scores = self._drop(documents, scores, scores + self.rest)
        return documents, scores

    def _drop_by_block(self, documents: Array, scores: Array) -> tuple[Array, Array]:
        bounds = scores
        for part in self.parts:
            bounds = bounds + part.bounds(documents)
        return self._drop(documents, scores, bounds)

    def _drop(self, documents: Array, scores: Array, bounds: Array) -> tuple[Array, Array]:
        at = np.flatnonzero(bounds >= self.to_beat)
        if len(at) * 4 > len(documents) * 3:
            return documents, scores
        return documents[at], scores[at]


def _whole(part: Operator) -> tuple[Array, Array]:
    if isinstance(part, Scored):
        return part.all_scores()
    documents = part.documents()
    return documents, part.scores(documents)
