# ruff: noqa: D102  (what the methods of an operator do is said once, in `Operator`)
"""What each node of a query does to the arrays of one segment, all documents at a time.

Documents are numbers of the segment, ascending, as arrays. An operator finds the documents that
match, tells for given documents whether they match, and scores documents that do. Deleted
documents are left in; whoever asks takes them out at the end.

Scores are BM25: idf * (k1 + 1) * tf / (tf + k1 * (1 - b + b * length / average)); Robertson and
Zaragoza, The Probabilistic Relevance Framework, 2009, equation 3.15 with b as in 3.14.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from indexer.whoosh_engine.arrays import Array
from indexer.whoosh_engine.build import BLOCK, LENGTHS
from indexer.whoosh_engine.segment import Postings

K1: Final = 1.2
B: Final = 0.75


class Operator:
    """A query, ready to be asked of one segment.

    Attributes:
        estimate: no fewer than the documents that match.
        bound: no less than the highest score.
    """

    estimate: int = 0
    bound: float = 0.0

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
        """Set the places of the documents that match to True."""
        seen[self.documents()] = True

    def bounds(self, documents: Array) -> Array | float:
        """No less than the score of each document."""
        return self.bound

    def parts(self) -> list[Operator]:
        """Operators whose `added` scores sum up to this one's scores, for documents that match."""
        return [self]


class Nothing(Operator):
    """Matches no document."""

    def documents(self) -> Array:
        return np.zeros(0, np.intp)

    def mask(self, documents: Array) -> Array:
        return np.zeros(len(documents), bool)

    def scores(self, documents: Array) -> Array:
        return np.zeros(len(documents))


class Scored(Operator):
    """One term, scored by BM25."""

    def __init__(self, postings: Postings, weight: float, norms: Callable[[], Array]) -> None:
        """Score the documents of a term.

        Args:
            postings: where the term is.
            weight: boost * idf * (k1 + 1).
            norms: for every document, k1 * (1 - b + b * length / average).
        """
        self.postings, self._weight, self._norms = postings, weight, norms
        self.estimate, self.bound = postings.often, max(weight, 0.0)

    def documents(self) -> Array:
        return self.postings.documents()

    def mask(self, documents: Array) -> Array:
        mask: Array = self.postings.frequencies(documents) != 0
        return mask

    def mark(self, seen: Array) -> None:
        if self.postings.dense:
            np.logical_or(seen, self.postings.row(), out=seen)
        else:
            seen[self.postings.documents()] = True

    def scores(self, documents: Array) -> Array:
        return self._scored(documents, self.postings.frequencies(documents))

    added = scores

    def all_scores(self) -> tuple[Array, Array]:
        """All documents of the term and their scores."""
        documents, frequencies = self.postings.postings()
        return documents, self._scored(documents, frequencies)

    def _scored(self, documents: Array, frequencies: Array) -> Array:
        scores = frequencies.astype(np.float64)
        norms = self._norms().take(documents)
        norms += scores
        scores *= self._weight
        scores /= norms
        return scores

    def tighten(self, block_norms: Callable[[Array], Array]) -> None:
        """Take the block maxima of a dense term into account."""
        if self.postings.dense:
            frequencies, lengths = self.postings.blocks()
            self._blocks = self._weight * frequencies / (frequencies + block_norms(lengths))
            self.bound = float(self._blocks.max())

    _blocks: Array | None = None

    def bounds(self, documents: Array) -> Array | float:
        return self.bound if self._blocks is None else self._blocks.take(documents // BLOCK)


class Constant(Operator):
    """Documents known by a mask over the whole segment, each with the same score."""

    def __init__(self, mask: Callable[[], Array], estimate: int, score: float = 1.0) -> None:
        """Match where the mask says; it is made when first needed."""
        self._make, self.estimate, self.bound = mask, estimate, max(score, 0.0)
        self._score = score

    @cached_property
    def _mask(self) -> Array:
        return self._make()

    def documents(self) -> Array:
        return np.flatnonzero(self._mask)

    def mask(self, documents: Array) -> Array:
        return self._mask.take(documents)

    def mark(self, seen: Array) -> None:
        np.logical_or(seen, self._mask, out=seen)

    def scores(self, documents: Array) -> Array:
        return np.full(len(documents), self._score)


class All(Operator):
    """Documents that match every child."""

    def __init__(self, children: Sequence[Operator]) -> None:
        """Match all of one child or more."""
        self._children = sorted(children, key=lambda child: child.estimate)
        self.estimate = self._children[0].estimate
        self.bound = sum(child.bound for child in children)

    def documents(self) -> Array:
        rarest, *others = self._children
        documents = rarest.documents()
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

    def parts(self) -> list[Operator]:
        return [part for child in self._children for part in child.parts()]


class Any(Operator):
    """Documents that match at least some of the children."""

    def __init__(self, children: Sequence[Operator], minimum: int, count: int) -> None:
        """Match at least `minimum` children, in a segment of so many documents."""
        self._children, self._minimum, self._count = children, minimum, count
        self.estimate = min(count, sum(child.estimate for child in children))
        self.bound = sum(child.bound for child in children)

    def documents(self) -> Array:
        return np.flatnonzero(self._every())

    def _every(self) -> Array:
        if self._minimum > 1:
            times = np.zeros(self._count, np.uint32)
            for child in self._children:
                times[child.documents()] += 1
            return times >= self._minimum
        seen = np.zeros(self._count, bool)
        for child in self._children:
            child.mark(seen)
        return seen

    def mask(self, documents: Array) -> Array:
        times = np.zeros(len(documents), np.uint32)
        for child in self._children:
            times += child.mask(documents)
        return times >= self._minimum

    def mark(self, seen: Array) -> None:
        np.logical_or(seen, self._every(), out=seen)

    def scores(self, documents: Array) -> Array:
        return _sum([child.added(documents) for child in self._children])

    def parts(self) -> list[Operator]:
        return list(self._children)


class Best(Operator):
    """Documents that match any child, with the highest score of one."""

    def __init__(self, children: Sequence[Operator], count: int) -> None:
        """Match any child, in a segment of so many documents."""
        self._children, self._any = children, Any(children, 1, count)
        self.estimate = self._any.estimate
        self.bound = max(child.bound for child in children)

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


class Prefer(Operator):
    """Documents that match what is required; what is preferred adds to the score."""

    def __init__(self, required: Operator, preferred: Operator) -> None:
        """Match `required`."""
        self._required, self._preferred = required, preferred
        self.estimate = required.estimate
        self.bound = required.bound + preferred.bound

    def documents(self) -> Array:
        return self._required.documents()

    def mask(self, documents: Array) -> Array:
        return self._required.mask(documents)

    def mark(self, seen: Array) -> None:
        self._required.mark(seen)

    def scores(self, documents: Array) -> Array:
        return self._required.scores(documents) + self._preferred.added(documents)

    def parts(self) -> list[Operator]:
        return [*self._required.parts(), self._preferred]


class Without(Operator):
    """Documents that match what is wanted and not what is unwanted."""

    def __init__(self, wanted: Operator, unwanted: Operator) -> None:
        """Match `wanted` less `unwanted`."""
        self._wanted, self._unwanted = wanted, unwanted
        self.estimate, self.bound = wanted.estimate, wanted.bound

    def documents(self) -> Array:
        documents = self._wanted.documents()
        return documents[~self._unwanted.mask(documents)]

    def mask(self, documents: Array) -> Array:
        return self._wanted.mask(documents) & ~self._unwanted.mask(documents)

    def scores(self, documents: Array) -> Array:
        return self._wanted.scores(documents)

    def parts(self) -> list[Operator]:
        return self._wanted.parts()


class Checked(Operator):
    """Documents that match `candidates` and pass a test; scored by a third operator."""

    def __init__(
        self, candidates: Operator, passes: Callable[[Array], Array], scorer: Operator
    ) -> None:
        """Test candidates, of which `passes` gives a mask."""
        self._candidates, self._passes, self._scorer = candidates, passes, scorer
        self.estimate, self.bound = candidates.estimate, scorer.bound

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

    def parts(self) -> list[Operator]:
        return self._scorer.parts()


class Listed(Operator):
    """Documents that are known, with their scores."""

    def __init__(self, documents: Array, scores: Array) -> None:
        """Match exactly these documents, ascending."""
        self._documents, self._scores = documents, scores
        self.estimate = len(documents)
        self.bound = float(scores.max(initial=0.0))

    def documents(self) -> Array:
        return self._documents

    def mask(self, documents: Array) -> Array:
        return np.isin(documents, self._documents, assume_unique=True)

    def scores(self, documents: Array) -> Array:
        return self._scores[np.searchsorted(self._documents, documents)]


NOTHING: Final = Nothing()


def all_of(children: Sequence[Operator]) -> Operator:
    """Match every child; of no children, nothing."""
    if not children or any(child is NOTHING for child in children):
        return NOTHING
    return children[0] if len(children) == 1 else All(children)


def any_of(children: Sequence[Operator], minimum: int, count: int) -> Operator:
    """Match some children."""
    children = [child for child in children if child is not NOTHING]
    if not children or minimum > len(children):
        return NOTHING
    return children[0] if len(children) == 1 else Any(children, minimum, count)


def best_of(children: Sequence[Operator], count: int) -> Operator:
    """Match any child, with its best score."""
    children = [child for child in children if child is not NOTHING]
    if not children:
        return NOTHING
    return children[0] if len(children) == 1 else Best(children, count)


def prefer(required: Operator, preferred: Operator) -> Operator:
    """Match `required`, and score both."""
    if required is NOTHING or preferred is NOTHING:
        return required
    return Prefer(required, preferred)


def without(wanted: Operator, unwanted: Operator) -> Operator:
    """Match `wanted` less `unwanted`."""
    if wanted is NOTHING or unwanted is NOTHING:
        return wanted
    return Without(wanted, unwanted)


def norm_table(average: float) -> Array:
    """BM25's k1 * (1 - b + b * length / average) by the byte that a length is kept in."""
    return K1 * (1 - B + B * LENGTHS / average)


def _sum(scores: Sequence[Array]) -> Array:
    total = scores[0]
    for each in scores[1:]:
        total = total + each
    return total
