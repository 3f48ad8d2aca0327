# ruff: noqa: D102  (the methods of a scorer are documented once, in `Scorer`)
"""Scorers of nodes with children: matches and scores of several scorers, combined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from math import ceil
from typing import Final

import numpy as np

from indexer.arrays.array_file import Array
from indexer.whoosh_engine.reading.scorers import EMPTY_SCORER, Scorer, TermScorer

WEIGHT_TOLERANCE: Final = 1e-6
"""Sums of weights that differ by less are equal."""


class SumScorer(Scorer):
    """The base of scorers whose bounds are the sums of their children's."""

    _children: Sequence[Scorer]

    @cached_property
    def _different(self) -> Counter[Scorer]:
        """The children without their repetitions, and how often each is there."""
        return Counter(self._children)

    def bounds(self, documents: Array) -> Array:
        return _sum([child.bounds(documents) for child in self._children])

    def add_bounds(self, totals: Array) -> None:
        for child in self._children:
            child.add_bounds(totals)


class AndScorer(SumScorer):
    """Documents that match every child."""

    def __init__(self, children: Sequence[Scorer]) -> None:
        """Match all of one child or more."""
        self._children = sorted(children, key=lambda child: child.estimate)
        self.estimate = self._children[0].estimate

    def documents(self) -> Array:
        documents, children = self._rarest()
        for child in children:
            if not len(documents):
                break
            documents = documents[child.mask(documents)]
        return documents

    def mask(self, documents: Array) -> Array:
        first, *others = self._different
        mask = first.mask(documents)
        for child in others:
            mask &= child.mask(documents)
        return mask

    def scores(self, documents: Array) -> Array:
        return _sum(
            [_times(count, child.scores(documents)) for child, count in self._different.items()]
        )

    def _rarest(self) -> tuple[Array, Sequence[Scorer]]:
        """Return documents that match the rarest children, and the children yet to be asked."""
        rarest, *others = self._different
        if not (isinstance(rarest, TermScorer) and rarest.postings.dense):
            return rarest.documents(), others
        # All dense terms together: their frequencies by document, the least of them.
        rows: list[Array] = []
        others = []
        for child in self._different:
            if isinstance(child, TermScorer) and child.postings.dense:
                rows.append(child.postings.frequencies)
            else:
                others.append(child)
        least = rows[0]
        for row in rows[1:]:
            least = np.minimum(least, row)
        return np.flatnonzero(least != 0), others


class OrScorer(SumScorer):
    """Documents that match enough of the children."""

    def __init__(self, children: Sequence[Scorer], minimum: int, document_count: int) -> None:
        """Match at least `minimum` children, in a segment of so many documents."""
        self._children, self._minimum = children, minimum
        self._document_count = document_count
        self.estimate = min(document_count, sum(child.estimate for child in children))

    def documents(self) -> Array:
        return np.flatnonzero(self._full_mask())

    def _full_mask(self) -> Array:
        """Tell for each document of the segment whether it matches."""
        if self._minimum > 1:
            counts = np.zeros(self._document_count, np.uint32)
            for child in self._children:
                counts[child.documents()] += 1
            return counts >= self._minimum
        matches = np.zeros(self._document_count, np.uint8)
        for child in self._different:
            child.set_matches(matches)
        mask: Array = matches != 0
        return mask

    def mask(self, documents: Array) -> Array:
        counts = np.zeros(len(documents), np.uint32)
        for child in self._children:
            counts += child.mask(documents)
        return counts >= self._minimum

    def set_matches(self, matches: Array) -> None:
        np.bitwise_or(matches, self._full_mask().view(np.uint8), out=matches)

    def scores(self, documents: Array) -> Array:
        return _sum(
            [
                _times(count, child.scores_or_zero(documents))
                for child, count in self._different.items()
            ]
        )

    def scores_or_zero(self, documents: Array) -> Array:
        # Where one child is enough, a document that does not match scores 0 by each of them.
        return self.scores(documents) if self._minimum == 1 else super().scores_or_zero(documents)


class WeightedOrScorer(OrScorer):
    """Documents whose matching children weigh enough together."""

    def __init__(
        self,
        children: Sequence[Scorer],
        weights: Sequence[float],
        minimum: float,
        document_count: int,
    ) -> None:
        """Match children whose weights sum to at least `minimum`."""
        super().__init__(children, 1, document_count)
        self._weights, self._minimum_weight = weights, minimum

    def _full_mask(self) -> Array:
        totals = np.zeros(self._document_count)
        for child, weight in zip(self._children, self._weights, strict=True):
            totals[child.documents()] += weight
        return totals >= self._minimum_weight

    def mask(self, documents: Array) -> Array:
        totals = np.zeros(len(documents))
        for child, weight in zip(self._children, self._weights, strict=True):
            totals += weight * child.mask(documents)
        return totals >= self._minimum_weight

    scores_or_zero = Scorer.scores_or_zero


class DelegatingScorer(Scorer):
    """Documents that match one scorer, scored by another."""

    def __init__(self, matcher: Scorer, scorer: Scorer) -> None:
        """Match as `matcher` does; all its documents match `scorer` as well."""
        self._matcher, self._scorer = matcher, scorer
        self.estimate = matcher.estimate

    def documents(self) -> Array:
        return self._matcher.documents()

    def mask(self, documents: Array) -> Array:
        return self._matcher.mask(documents)

    def set_matches(self, matches: Array) -> None:
        self._matcher.set_matches(matches)

    def scores(self, documents: Array) -> Array:
        return self._scorer.scores(documents)

    def bounds(self, documents: Array) -> Array:
        return self._scorer.bounds(documents)

    def add_bounds(self, totals: Array) -> None:
        self._scorer.add_bounds(totals)


class AndMaybeScorer(DelegatingScorer):
    """Documents that match a required scorer; those that match a preferred one score more."""

    def __init__(self, required: Scorer, preferred: Scorer) -> None:
        """Match `required`."""
        super().__init__(required, required)
        self._preferred = preferred

    def scores(self, documents: Array) -> Array:
        return super().scores(documents) + self._preferred.scores_or_zero(documents)

    def bounds(self, documents: Array) -> Array:
        return super().bounds(documents) + self._preferred.bounds(documents)

    def add_bounds(self, totals: Array) -> None:
        super().add_bounds(totals)
        self._preferred.add_bounds(totals)


class CoverageScorer(DelegatingScorer):
    """Documents that match a scorer, whose scores are multiplied by a factor of each document."""

    def __init__(self, scorer: Scorer, make_factors: Callable[[], Array]) -> None:
        """Multiply by factors of at least 1, one for each document; made when first needed."""
        super().__init__(scorer, scorer)
        self._make_factors = make_factors

    @cached_property
    def _factors(self) -> Array:
        return self._make_factors()

    def scores(self, documents: Array) -> Array:
        return super().scores(documents) * self._factors.take(documents)

    def bounds(self, documents: Array) -> Array:
        return super().bounds(documents) * self._factors.take(documents)

    def add_bounds(self, totals: Array) -> None:
        own = np.zeros(len(totals), np.float32)
        super().add_bounds(own)
        totals += own * self._factors.astype(np.float32)


class FilteredScorer(DelegatingScorer):
    """Documents that match a scorer and pass a test, scored by another."""

    def __init__(self, matcher: Scorer, test: Callable[[Array], Array], scorer: Scorer) -> None:
        """Test the documents of `matcher`; `test` gives a mask of some documents."""
        super().__init__(matcher, scorer)
        self._test = test

    def documents(self) -> Array:
        return self._documents

    @cached_property
    def _documents(self) -> Array:
        documents = super().documents()
        return documents[self._test(documents)]

    def mask(self, documents: Array) -> Array:
        mask = super().mask(documents)
        candidates = np.flatnonzero(mask)
        mask[candidates] = self._test(documents[candidates])
        return mask

    def set_matches(self, matches: Array) -> None:
        matches[self.documents()] = 1


def all_of(children: Sequence[Scorer]) -> Scorer:
    """Match every child; of no children, nothing."""
    if not children or any(child is EMPTY_SCORER for child in children):
        return EMPTY_SCORER
    return children[0] if len(children) == 1 else AndScorer(children)


def any_of(
    children: Sequence[Scorer],
    minimum: float,
    document_count: int,
    weights: Sequence[float] = (),
) -> Scorer:
    """Match children whose weights sum to at least `minimum`, in a segment of so many documents.

    Without weights each child has 1.

    Raises:
        ValueError: the weights are not one for each child, or one is negative.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a child has a negative weight")
    weighted = [
        (child, weight)
        for child, weight in zip(children, weights or [1.0] * len(children), strict=True)
        if child is not EMPTY_SCORER
    ]
    children, weights = [child for child, _ in weighted], [weight for _, weight in weighted]
    minimum -= WEIGHT_TOLERANCE
    if not children or minimum > sum(weights):
        return EMPTY_SCORER
    if len(children) == 1:
        return children[0]
    least = min(weights)
    if minimum <= least:
        return OrScorer(children, 1, document_count)
    if least == max(weights):
        return OrScorer(children, ceil(minimum / least), document_count)
    return WeightedOrScorer(children, weights, minimum, document_count)


def prefer(required: Scorer, preferred: Scorer) -> Scorer:
    """Match `required`, and score both."""
    if required is EMPTY_SCORER or preferred is EMPTY_SCORER:
        return required
    return AndMaybeScorer(required, preferred)


def exclude(required: Scorer, excluded: Scorer) -> Scorer:
    """Match and score `required` without the documents of `excluded`."""
    if required is EMPTY_SCORER or excluded is EMPTY_SCORER:
        return required
    return FilteredScorer(required, lambda documents: ~excluded.mask(documents), required)


def _times(count: int, scores: Array) -> Array:
    return scores if count == 1 else count * scores


def _sum(scores: Sequence[Array]) -> Array:
    total = scores[0]
    for child_scores in scores[1:]:
        total = total + child_scores
    return total
