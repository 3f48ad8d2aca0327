"""One request: every segment is asked once, then what they found is put together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.arrays.array_file import Array
from indexer.engine.queries import Column, Sort
from indexer.engine.records import EngineQuery, EngineResult, FacetCounts, Hit
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.boolean_scorers import all_of
from indexer.whoosh_engine.reading.collection_statistics import Statistics
from indexer.whoosh_engine.reading.doc_values import count_values, first_by_date
from indexer.whoosh_engine.reading.query_planner import OutOfTimeError, Planner
from indexer.whoosh_engine.reading.scorers import Scorer
from indexer.whoosh_engine.reading.top_k import SAME, best_documents
from indexer.whoosh_engine.writing.document_buffer import UNDATED

_DECIMALS = 6
"""Scores that are the same so far are equal."""


class FacetTexts:
    """The values of a column over all segments, numbered in their order."""

    def __init__(self, segments: Sequence[Segment], column: Column) -> None:
        """Read the values of a column."""
        texts = [segment.texts(column) for segment in segments]
        each = [part.strings() for part in texts]
        self.texts = sorted({text for part in each for text in part})
        self._ordered = np.array(self.texts, object)
        number = {text: at for at, text in enumerate(self.texts)}
        self._numbers = [np.array([number[text] for text in part], np.int64) for part in each]

    def add(self, at: int, counts: Array, into: Array) -> None:
        """Add the counts of the values of one segment."""
        into[self._numbers[at]] += counts

    def facet(self, column: Column, counts: Array, size: int) -> FacetCounts:
        """The commonest values, equal ones in their order."""
        found = np.flatnonzero(counts)
        ordered = found[np.argsort(-counts[found], kind="stable")[:size]]
        pairs = zip(self._ordered[ordered].tolist(), counts[ordered].tolist(), strict=True)
        return FacetCounts(column, tuple(pairs))


class _Found(NamedTuple):
    """Documents of one segment that may be on the page.

    Attributes:
        at: the segment.
        keys: where they belong on the page, the lowest first; equal ones go by identifier.
        documents: their numbers, in parallel.
        scores: their scores, in parallel.
    """

    at: int
    keys: Array
    documents: Array
    scores: Array


class Search:
    """A request on its way over the segments."""

    def __init__(
        self,
        request: EngineQuery,
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

    def answer(self) -> EngineResult:
        """Ask all segments."""
        complete = True
        for at in range(len(self._segments)):
            try:
                self._ask(at)
            except OutOfTimeError:
                complete = False
                break
        request = self._request
        return EngineResult(
            total=self._total,
            hits=self._page(),
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
            self._found.append(self._best(at, operator, documents, wanted))
        else:
            self._found.append(self._by_date(at, documents, wanted))

    @staticmethod
    def _live(segment: Segment, operators: Sequence[Scorer]) -> Array:
        documents = all_of(operators).documents()
        return documents if segment.live is None else documents[segment.live.take(documents)]

    def _best(self, at: int, operator: Scorer, documents: Array, wanted: int) -> _Found:
        segment = self._segments[at]
        documents, scores = best_documents(operator, documents, segment.count, wanted, self._floor)
        if len(scores) > wanted:
            place = len(scores) - wanted
            last = float(np.partition(scores, place)[place]) - SAME
            kept = scores >= last
            documents, scores = documents[kept], scores[kept]
            self._floor = max(self._floor, last)
        keys = -np.round(scores, _DECIMALS)
        if len(keys) > wanted:
            # Only equal scores at the end are more than wanted; the first by identifier stay.
            order = np.lexsort((segment.array("rank").read().take(documents), keys))[:wanted]
            keys, documents, scores = keys[order], documents[order], scores[order]
        return _Found(at, keys, documents, scores)

    def _by_date(self, at: int, documents: Array, wanted: int) -> _Found:
        segment, sort = self._segments[at], self._request.sort
        documents = first_by_date(segment, documents, sort, wanted)
        dates = segment.array("published").read().take(documents)
        keys = np.where(dates == UNDATED, np.inf, dates if sort is Sort.OLDEST else -dates)
        return _Found(at, keys, documents, np.zeros(len(documents)))

    def _page(self) -> tuple[Hit, ...]:
        """The hits of the page; only they, and others equal to the last, need identifiers."""
        if not self._found:
            return ()
        first, wanted = self._request.offset, self._request.offset + self._request.limit
        keys = np.concatenate([found.keys for found in self._found])
        last = np.inf if len(keys) <= wanted else np.partition(keys, wanted - 1)[wanted - 1]
        hits = [
            (key, self._segments[found.at].identifiers.string(document), score)
            for found in self._found
            for key, document, score in zip(
                found.keys.tolist(), found.documents.tolist(), found.scores.tolist(), strict=True
            )
            if key <= last
        ]
        return tuple(Hit(name, score) for _, name, score in sorted(hits)[first:wanted])
