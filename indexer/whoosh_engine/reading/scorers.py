# ruff: noqa: D102  (what the methods of an operator do is said once, in `Scorer`)
"""What each node of a query does to the arrays of one segment, all documents at a time.

Documents are numbers of the segment, ascending, as arrays. An operator finds the documents that
match, tells for given documents whether they match, and scores documents that do. Deleted
documents are left in; whoever asks takes them out at the end.

Scores are BM25: idf * (k1 + 1) * tf / (tf + k1 * (1 - b + b * length / average)); Robertson and
Zaragoza, The Probabilistic Relevance Framework, 2009, equation 3.15 with b as in 3.14.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np

from indexer.arrays.array_file import Array
from indexer.whoosh_engine.format.segment import Postings


class Scorer:
    """A query, ready to be asked of one segment.

    Attributes:
        estimate: no fewer than the documents that match.
    """

    estimate: int = 0

    def documents(self) -> Array:
        """The documents that match."""
        raise NotImplementedError

    def mask(self, documents: Array) -> Array:
        """For each of some documents, whether it matches."""
        raise NotImplementedError

    def scores(self, documents: Array) -> Array:
        """The scores of documents that match."""
        raise NotImplementedError

    def added(self, documents: Array) -> Array:
        """The scores of documents that may match, 0 for those that do not."""
        scores = np.zeros(len(documents))
        at = np.flatnonzero(self.mask(documents))
        if len(at):
            scores[at] = self.scores(documents[at])
        return scores

    def mark(self, seen: Array) -> None:
        """Make the places of the documents that match other than 0; `seen` holds bytes."""
        seen[self.documents()] = 1

    def bounds(self, documents: Array) -> Array:
        """No less than the score of each of some documents."""
        return self.added(documents)

    def add_bounds(self, every: Array) -> None:
        """Add no less than the score of each document of the segment."""
        documents = self.documents()
        every[documents] += self.scores(documents).astype(np.float32)


class EmptyScorer(Scorer):
    """Matches no document."""

    def documents(self) -> Array:
        return np.zeros(0, np.intp)

    def mask(self, documents: Array) -> Array:
        return np.zeros(len(documents), bool)

    def scores(self, documents: Array) -> Array:
        return np.zeros(len(documents))


class TermScorer(Scorer):
    """One term, scored by BM25."""

    def __init__(
        self, postings: Postings, weight: float, drift: float, norms: Callable[[], Array]
    ) -> None:
        """Score the documents of a term.

        Args:
            postings: where the term is.
            weight: boost * idf * (k1 + 1).
            drift: how many times as long documents are on average in the index as in the segment,
                at least 1: a share of the weight grows by no more than that.
            norms: for every document, k1 * (1 - b + b * length / average).
        """
        self.postings, self._weight, self._norms = postings, weight, norms
        self._step = np.float32(weight * drift / 255)
        self.estimate = postings.often

    def documents(self) -> Array:
        return self.postings.documents()

    def mask(self, documents: Array) -> Array:
        mask: Array = self.postings.of(documents) != 0
        return mask

    def mark(self, seen: Array) -> None:
        if self.postings.dense:
            np.bitwise_or(seen, self.postings.frequencies, out=seen)
        else:
            seen[self.postings.numbers] = 1

    def scores(self, documents: Array) -> Array:
        return self._scored(documents, self.postings.of(documents))

    added = scores

    def _scored(self, documents: Array, frequencies: Array) -> Array:
        scores = frequencies.astype(np.float64)
        norms = self._norms().take(documents)
        norms += scores
        scores *= self._weight
        scores /= norms
        return scores

    def bounds(self, documents: Array) -> Array:
        if self.postings.dense:
            return self.postings.impacts.take(documents) * self._step
        return self.added(documents)

    def add_bounds(self, every: Array) -> None:
        if self.postings.dense:
            every += self.postings.impacts * self._step
        else:
            documents, frequencies = self.postings.postings()
            every[documents] += self._scored(documents, frequencies).astype(np.float32)


class ConstantScorer(Scorer):
    """Documents known by a mask over the whole segment, each with the same score."""

    def __init__(self, mask: Callable[[], Array], estimate: int, score: float = 1.0) -> None:
        """Match where the mask says; it is made when first needed."""
        self._make, self.estimate, self._score = mask, estimate, score

    @cached_property
    def _mask(self) -> Array:
        return self._make()

    def documents(self) -> Array:
        return np.flatnonzero(self._mask)

    def mask(self, documents: Array) -> Array:
        return self._mask.take(documents)

    def mark(self, seen: Array) -> None:
        np.bitwise_or(seen, self._mask.view(np.uint8), out=seen)

    def scores(self, documents: Array) -> Array:
        return np.full(len(documents), self._score)


class ListScorer(Scorer):
    """Documents that are known, with their scores."""

    def __init__(self, documents: Array, scores: Array) -> None:
        """Match exactly these documents, ascending."""
        self._documents, self._scores = documents, scores
        self.estimate = len(documents)

    def documents(self) -> Array:
        return self._documents

    def mask(self, documents: Array) -> Array:
        return np.isin(documents, self._documents, assume_unique=True)

    def scores(self, documents: Array) -> Array:
        return self._scores[np.searchsorted(self._documents, documents)]


EMPTY_SCORER: Final = EmptyScorer()
