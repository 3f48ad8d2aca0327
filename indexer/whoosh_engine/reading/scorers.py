# ruff: noqa: D102  (the methods of a scorer are documented once, in `Scorer`)
"""Scorers: a query node's matches and scores in one segment, all documents at a time.

Documents are numbers of the segment, ascending, as arrays. A scorer finds the documents that
match, tells for given documents whether they match, and scores documents that do. Deleted
documents are left in; the caller takes them out at the end.

Scores are BM25: idf * (k1 + 1) * tf / (tf + k1 * (1 - b + b * length / average)); Robertson and
Zaragoza, The Probabilistic Relevance Framework, 2009, equation 3.15 with b as in 3.14.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np

from indexer.arrays.array_file import Array
from indexer.whoosh_engine.format.postings import MAX_IMPACT
from indexer.whoosh_engine.format.segment import Postings


class Scorer:
    """A query node, planned for one segment.

    Attributes:
        estimate: no fewer than the documents that match.
    """

    estimate: int = 0

    def documents(self) -> Array:
        """Return the documents that match."""
        raise NotImplementedError

    def mask(self, documents: Array) -> Array:
        """Tell for each of some documents whether it matches."""
        raise NotImplementedError

    def scores(self, documents: Array) -> Array:
        """Return the scores of documents that match."""
        raise NotImplementedError

    def scores_or_zero(self, documents: Array) -> Array:
        """Return the scores of documents that may match, 0 for those that do not."""
        scores = np.zeros(len(documents))
        matches = np.flatnonzero(self.mask(documents))
        if len(matches):
            scores[matches] = self.scores(documents[matches])
        return scores

    def set_matches(self, matches: Array) -> None:
        """Make the bytes of the matching documents other than 0; there is one a document."""
        matches[self.documents()] = 1

    def bounds(self, documents: Array) -> Array:
        """Return no less than the score of each of some documents."""
        return self.scores_or_zero(documents)

    def add_bounds(self, totals: Array) -> None:
        """Add no less than the score of each document of the segment."""
        documents = self.documents()
        totals[documents] += self.scores(documents).astype(np.float32)


class EmptyScorer(Scorer):
    """No document."""

    def documents(self) -> Array:
        return np.zeros(0, np.intp)

    def mask(self, documents: Array) -> Array:
        return np.zeros(len(documents), bool)

    def scores(self, documents: Array) -> Array:
        return np.zeros(len(documents))


class TermScorer(Scorer):
    """The documents of one term, scored by BM25."""

    def __init__(
        self,
        postings: Postings,
        weight: float,
        length_ratio: float,
        length_norms: Callable[[], Array],
    ) -> None:
        """Score the documents of a term.

        Args:
            postings: the postings of the term.
            weight: boost * idf * (k1 + 1).
            length_ratio: the average length of documents in the index by that in the segment, at
                least 1: a share of the weight grows by no more than that.
            length_norms: returns for every document k1 * (1 - b + b * length / average).
        """
        self.postings, self._weight, self._length_norms = postings, weight, length_norms
        # The score of one unit of impact.
        self._step = np.float32(weight * length_ratio / MAX_IMPACT)
        self.estimate = postings.document_frequency

    def documents(self) -> Array:
        return self.postings.documents()

    def mask(self, documents: Array) -> Array:
        mask: Array = self.postings.frequencies_in(documents) != 0
        return mask

    def set_matches(self, matches: Array) -> None:
        self.postings.set_matches(matches)

    def scores(self, documents: Array) -> Array:
        return self._bm25(documents, self.postings.frequencies_in(documents))

    scores_or_zero = scores

    def _bm25(self, documents: Array, frequencies: Array) -> Array:
        scores = frequencies.astype(np.float64)
        norms = self._length_norms().take(documents)
        norms += scores
        scores *= self._weight
        scores /= norms
        return scores

    def bounds(self, documents: Array) -> Array:
        if self.postings.dense:
            return self.postings.impacts.take(documents) * self._step
        return self.scores_or_zero(documents)

    def add_bounds(self, totals: Array) -> None:
        if self.postings.dense:
            totals += self.postings.impacts * self._step
        else:
            documents, frequencies = self.postings.documents_and_frequencies()
            totals[documents] += self._bm25(documents, frequencies).astype(np.float32)


class ConstantScorer(Scorer):
    """The documents of a mask over the whole segment, each with the same score."""

    def __init__(self, make_mask: Callable[[], Array], estimate: int, score: float = 1.0) -> None:
        """Match where the mask says; it is made when first needed."""
        self._make_mask, self.estimate, self._score = make_mask, estimate, score

    @cached_property
    def _mask(self) -> Array:
        return self._make_mask()

    def documents(self) -> Array:
        return np.flatnonzero(self._mask)

    def mask(self, documents: Array) -> Array:
        return self._mask.take(documents)

    def set_matches(self, matches: Array) -> None:
        np.bitwise_or(matches, self._mask.view(np.uint8), out=matches)

    def scores(self, documents: Array) -> Array:
        return np.full(len(documents), self._score)


class ListScorer(Scorer):
    """Documents in a list, with their scores."""

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
"""The scorer of every node that is known to match nothing."""
