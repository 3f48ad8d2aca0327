# ruff: noqa: D102  (what the methods of an operator do is said once, in `Scorer`)
"""Kernels of nodes with children: what several operators find and score together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from indexer.arrays.array_file import Array
from indexer.whoosh_engine.reading.scorers import EMPTY_SCORER, Scorer, TermScorer


class AndScorer(Scorer):
    """Documents that match every child."""

    def __init__(self, children: Sequence[Scorer]) -> None:
        """Match all of one child or more."""
        self._children = sorted(children, key=lambda child: child.estimate)
        self.estimate = self._children[0].estimate

    def documents(self) -> Array:
        documents, others = self._rarest()
        for child in others:
            if not len(documents):
                break
            documents = documents[child.mask(documents)]
        return documents

    def mask(self, documents: Array) -> Array:
        mask = self._children[0].mask(documents)
        for child in self._children[1:]:
            mask &= child.mask(documents)
        return mask

    def scores(self, documents: Array) -> Array:
        return _sum([child.scores(documents) for child in self._children])

    def bounds(self, documents: Array) -> Array:
        return _sum([child.bounds(documents) for child in self._children])

    def add_bounds(self, every: Array) -> None:
        for child in self._children:
            child.add_bounds(every)

    def _rarest(self) -> tuple[Array, list[Scorer]]:
        """Documents that match some of the children, and the other children."""
        first = self._children[0]
        if not (isinstance(first, TermScorer) and first.postings.dense):
            return first.documents(), self._children[1:]
        rows, others = [], []
        for child in self._children:
            if isinstance(child, TermScorer) and child.postings.dense:
                rows.append(child.postings.frequencies)
            else:
                others.append(child)
        least = rows[0]
        for row in rows[1:]:
            least = np.minimum(least, row)
        return np.flatnonzero(least != 0), others


class OrScorer(Scorer):
    """Documents that match at least some of the children."""

    def __init__(self, children: Sequence[Scorer], minimum: int, count: int) -> None:
        """Match at least `minimum` children, in a segment of so many documents."""
        self._children, self._minimum, self._count = children, minimum, count
        self.estimate = min(count, sum(child.estimate for child in children))

    def documents(self) -> Array:
        return np.flatnonzero(self._every())

    def _every(self) -> Array:
        if self._minimum > 1:
            times = np.zeros(self._count, np.uint32)
            for child in self._children:
                times[child.documents()] += 1
            return times >= self._minimum
        seen = np.zeros(self._count, np.uint8)
        for child in self._children:
            child.mark(seen)
        mask: Array = seen != 0
        return mask

    def mask(self, documents: Array) -> Array:
        times = np.zeros(len(documents), np.uint32)
        for child in self._children:
            times += child.mask(documents)
        return times >= self._minimum

    def mark(self, seen: Array) -> None:
        np.bitwise_or(seen, self._every().view(np.uint8), out=seen)

    def scores(self, documents: Array) -> Array:
        return _sum([child.added(documents) for child in self._children])

    def bounds(self, documents: Array) -> Array:
        return _sum([child.bounds(documents) for child in self._children])

    def add_bounds(self, every: Array) -> None:
        for child in self._children:
            child.add_bounds(every)


class MaxScorer(Scorer):
    """Documents that match any child, with the highest score of one."""

    def __init__(self, children: Sequence[Scorer], count: int) -> None:
        """Match any child, in a segment of so many documents."""
        self._children, self._any = children, OrScorer(children, 1, count)
        self.estimate = self._any.estimate

    def documents(self) -> Array:
        return self._any.documents()

    def mask(self, documents: Array) -> Array:
        return self._any.mask(documents)

    def mark(self, seen: Array) -> None:
        self._any.mark(seen)

    def scores(self, documents: Array) -> Array:
        best = self._children[0].added(documents)
        for child in self._children[1:]:
            best = np.maximum(best, child.added(documents))
        return best

    def bounds(self, documents: Array) -> Array:
        return _sum([child.bounds(documents) for child in self._children])

    def add_bounds(self, every: Array) -> None:
        for child in self._children:
            child.add_bounds(every)


class AndMaybeScorer(Scorer):
    """Documents that match what is required; what is preferred adds to the score."""

    def __init__(self, required: Scorer, preferred: Scorer) -> None:
        """Match `required`."""
        self._required, self._preferred = required, preferred
        self.estimate = required.estimate

    def documents(self) -> Array:
        return self._required.documents()

    def mask(self, documents: Array) -> Array:
        return self._required.mask(documents)

    def mark(self, seen: Array) -> None:
        self._required.mark(seen)

    def scores(self, documents: Array) -> Array:
        return self._required.scores(documents) + self._preferred.added(documents)

    def bounds(self, documents: Array) -> Array:
        return _sum([self._required.bounds(documents), self._preferred.bounds(documents)])

    def add_bounds(self, every: Array) -> None:
        self._required.add_bounds(every)
        self._preferred.add_bounds(every)


class AndNotScorer(Scorer):
    """Documents that match what is wanted and not what is unwanted."""

    def __init__(self, wanted: Scorer, unwanted: Scorer) -> None:
        """Match `wanted` less `unwanted`."""
        self._wanted, self._unwanted = wanted, unwanted
        self.estimate = wanted.estimate

    def documents(self) -> Array:
        documents = self._wanted.documents()
        return documents[~self._unwanted.mask(documents)]

    def mask(self, documents: Array) -> Array:
        return self._wanted.mask(documents) & ~self._unwanted.mask(documents)

    def scores(self, documents: Array) -> Array:
        return self._wanted.scores(documents)

    def bounds(self, documents: Array) -> Array:
        return self._wanted.bounds(documents)

    def add_bounds(self, every: Array) -> None:
        self._wanted.add_bounds(every)


class FilteredScorer(Scorer):
    """Documents that match `candidates` and pass a test; scored by a third operator."""

    def __init__(
        self, candidates: Scorer, passes: Callable[[Array], Array], scorer: Scorer
    ) -> None:
        """Test candidates, of which `passes` gives a mask."""
        self._candidates, self._passes, self._scorer = candidates, passes, scorer
        self.estimate = candidates.estimate

    def documents(self) -> Array:
        documents = self._candidates.documents()
        return documents[self._passes(documents)]

    def mask(self, documents: Array) -> Array:
        mask = self._candidates.mask(documents)
        at = np.flatnonzero(mask)
        mask[at] = self._passes(documents[at])
        return mask

    def scores(self, documents: Array) -> Array:
        return self._scorer.scores(documents)

    def bounds(self, documents: Array) -> Array:
        return self._scorer.bounds(documents)

    def add_bounds(self, every: Array) -> None:
        self._scorer.add_bounds(every)


class MatchOnlyScorer(Scorer):
    """Documents that match one operator, scored by another."""

    def __init__(self, matcher: Scorer, scorer: Scorer) -> None:
        """Match `matcher`; all its documents match `scorer` as well."""
        self._matcher, self._scorer = matcher, scorer
        self.estimate = matcher.estimate

    def documents(self) -> Array:
        return self._matcher.documents()

    def mask(self, documents: Array) -> Array:
        return self._matcher.mask(documents)

    def mark(self, seen: Array) -> None:
        self._matcher.mark(seen)

    def scores(self, documents: Array) -> Array:
        return self._scorer.scores(documents)

    def bounds(self, documents: Array) -> Array:
        return self._scorer.bounds(documents)

    def add_bounds(self, every: Array) -> None:
        self._scorer.add_bounds(every)


def all_of(children: Sequence[Scorer]) -> Scorer:
    """Match every child; of no children, nothing."""
    if not children or any(child is EMPTY_SCORER for child in children):
        return EMPTY_SCORER
    return children[0] if len(children) == 1 else AndScorer(children)


def any_of(children: Sequence[Scorer], minimum: int, count: int) -> Scorer:
    """Match some children."""
    children = [child for child in children if child is not EMPTY_SCORER]
    if not children or minimum > len(children):
        return EMPTY_SCORER
    return children[0] if len(children) == 1 else OrScorer(children, minimum, count)


def best_of(children: Sequence[Scorer], count: int) -> Scorer:
    """Match any child, with its best score."""
    children = [child for child in children if child is not EMPTY_SCORER]
    if not children:
        return EMPTY_SCORER
    return children[0] if len(children) == 1 else MaxScorer(children, count)


def prefer(required: Scorer, preferred: Scorer) -> Scorer:
    """Match `required`, and score both."""
    if required is EMPTY_SCORER or preferred is EMPTY_SCORER:
        return required
    return AndMaybeScorer(required, preferred)


def without(wanted: Scorer, unwanted: Scorer) -> Scorer:
    """Match `wanted` less `unwanted`."""
    if wanted is EMPTY_SCORER or unwanted is EMPTY_SCORER:
        return wanted
    return AndNotScorer(wanted, unwanted)


def _sum(scores: Sequence[Array]) -> Array:
    total = scores[0]
    for each in scores[1:]:
        total = total + each
    return total
