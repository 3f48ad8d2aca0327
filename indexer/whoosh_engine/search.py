"""One request: every segment is asked once, then what they found is put together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.engine import Answer, Facet, Hit, Request
from indexer.query import Column, Sort
from indexer.whoosh_engine.arrays import Array
from indexer.whoosh_engine.buffer import UNDATED
from indexer.whoosh_engine.columns import count_values, first_by_date
from indexer.whoosh_engine.kernels import Operator, all_of
from indexer.whoosh_engine.plan import OutOfTimeError, Planner
from indexer.whoosh_engine.ranking import SAME, best_documents
from indexer.whoosh_engine.segment import Segment
from indexer.whoosh_engine.statistics import Statistics

_DECIMALS = 6
"""Scores that are the same so far are equal."""


class FacetTexts:
    """The values of a column over all segments, numbered in their order."""

    def __init__(self, segments: Sequence[Segment], column: Column) -> None:
        """Read the values of a column."""
        texts = [segment.texts(column) for segment in segments]
        each = [[part.at(number) for number in range(len(part))] for part in texts]
        self.texts = sorted({text for part in each for text in part})
        number = {text: at for at, text in enumerate(self.texts)}
        self._numbers = [np.array([number[text] for text in part], np.int64) for part in each]

    def add(self, at: int, counts: Array, into: Array) -> None:
        """Add the counts of the values of one segment."""
        into[self._numbers[at]] += counts

    def facet(self, column: Column, counts: Array, size: int) -> Facet:
        """The commonest values, equal ones in their order."""
        found = np.flatnonzero(counts)
        ordered = found[np.argsort(-counts[found], kind="stable")[:size]].tolist()
        return Facet(column, tuple((self.texts[at], int(counts[at])) for at in ordered))


class _Found(NamedTuple):
    """A document that may be on the page, in the order of the page."""

    key: float
    identifier: str
    score: float


class Search:
    """A request on its way over the segments."""

    def __init__(
        self,
        request: Request,
        segments: Sequence[Segment],
        statistics: Statistics,
        facets: dict[Column, FacetTexts],
    ) -> None:
        """Prepare; `facets` holds at least the columns that the request counts."""
        self._request, self._segments, self._statistics = request, segments, statistics
        budget = request.budget
        self._deadline = None if budget is None else time.monotonic() + budget
        self._facets = facets
        self._values = {
            column: np.zeros(len(facets[column].texts), np.int64) for column in request.facets
        }
        self._counts = [0] * len(request.counts)
        self._found: list[_Found] = []
        self._total = 0
        self._floor = -np.inf

    def answer(self) -> Answer:
        """Ask all segments."""
        complete = True
        for at in range(len(self._segments)):
            try:
                self._ask(at)
            except OutOfTimeError:
                complete = False
                break
        request = self._request
        self._found.sort()
        page = self._found[request.offset : request.offset + request.limit]
        return Answer(
            total=self._total,
            hits=tuple(Hit(found.identifier, found.score) for found in page),
            counts=tuple(self._counts),
            facets=tuple(
                self._facets[column].facet(column, self._values[column], request.facet_size)
                for column in request.facets
            ),
            complete=complete,
        )

    def _ask(self, at: int) -> None:
        request, segment = self._request, self._segments[at]
        planner = Planner(self._segments, at, self._statistics, self._deadline)
        operator = planner.plan(request.query)
        filters = planner.children(request.filters)
        counts = [
            len(self._live(segment, [planner.plan(each), *filters])) for each in request.counts
        ]
        documents = self._live(segment, [operator, *filters])
        self._total += len(documents)
        self._counts = [one + other for one, other in zip(self._counts, counts, strict=True)]
        for column in request.facets:
            self._facets[column].add(
                at, count_values(segment, column, documents), self._values[column]
            )
        wanted = request.offset + request.limit
        if request.limit < 1 or not len(documents):
            return
        if request.sort is Sort.RELEVANCE:
            self._found += self._best(segment, operator, documents, wanted)
        else:
            self._found += self._by_date(segment, documents, wanted)

    @staticmethod
    def _live(segment: Segment, operators: Sequence[Operator]) -> Array:
        documents = all_of(operators).documents()
        return documents if segment.live is None else documents[segment.live.take(documents)]

    def _best(
        self, segment: Segment, operator: Operator, documents: Array, wanted: int
    ) -> list[_Found]:
        documents, scores = best_documents(operator, documents, segment.count, wanted, self._floor)
        if len(scores) > wanted:
            at = len(scores) - wanted
            last = float(np.partition(scores, at)[at]) - SAME
            kept = scores >= last
            documents, scores = documents[kept], scores[kept]
            self._floor = max(self._floor, last)
        keys = -np.round(scores, _DECIMALS)
        ranks = segment.column("rank").all().take(documents)
        order = np.lexsort((ranks, keys))[:wanted]
        return [
            _Found(float(keys[at]), segment.identifiers.at(int(documents[at])), float(scores[at]))
            for at in order
        ]

    def _by_date(self, segment: Segment, documents: Array, wanted: int) -> list[_Found]:
        sort = self._request.sort
        documents = first_by_date(segment, documents, sort, wanted)
        dates = segment.column("published").all().take(documents).tolist()
        sign = 1 if sort is Sort.OLDEST else -1
        keys = [np.inf if date == UNDATED else sign * date for date in dates]
        names = [segment.identifiers.at(number) for number in documents.tolist()]
        return [_Found(key, name, 0.0) for key, name in zip(keys, names, strict=True)]
