"""A search of the index: every segment is searched once, then their results are merged."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from indexer.arrays.array_file import Array
from indexer.engine.processor_time import search_deadline
from indexer.engine.queries import Column, HasValue, Query, Sort
from indexer.engine.records import EngineQuery, EngineResult, FacetCounts, Hit
from indexer.whoosh_engine.format.schema import UNDATED
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.boolean_scorers import all_of
from indexer.whoosh_engine.reading.collection_statistics import CollectionStatistics
from indexer.whoosh_engine.reading.doc_values import count_values, first_by_date
from indexer.whoosh_engine.reading.query_planner import OutOfTimeError, QueryPlanner
from indexer.whoosh_engine.reading.scorers import Scorer
from indexer.whoosh_engine.reading.top_k import SCORE_TOLERANCE, smallest_places, top_documents
from indexer.whoosh_engine.whoosh_api.stock_queries import StockSearch

_DECIMALS: Final = 6
"""Scores that are the same to so many decimals are equal."""


class FacetValues:
    """The values of a column over all segments, numbered in their order."""

    def __init__(self, segments: Sequence[Segment], column: Column) -> None:
        """Read the values of a column."""
        self._column = column
        by_segment = [segment.string_table(column).strings() for segment in segments]
        texts = sorted({text for segment_texts in by_segment for text in segment_texts})
        self._texts = np.array(texts, object)
        number = {text: index for index, text in enumerate(texts)}
        # For each segment, (its values,) the number of each here.
        self._numbers = [
            np.array([number[text] for text in segment_texts], np.int64)
            for segment_texts in by_segment
        ]

    def zeros(self) -> Array:
        """Return a count of 0 for each value."""
        return np.zeros(len(self._texts), np.int64)

    def add_counts(self, index: int, segment_counts: Array, counts: Array) -> None:
        """Add the counts of the values of one segment to those of the index."""
        counts[self._numbers[index]] += segment_counts

    def facet(self, counts: Array, size: int) -> FacetCounts:
        """Return the commonest values with their counts, equal ones in their order."""
        present = np.flatnonzero(counts != 0)
        ordered = present[smallest_places(-counts[present], size)]
        pairs = zip(self._texts[ordered].tolist(), counts[ordered].tolist(), strict=True)
        return FacetCounts(self._column, tuple(pairs))


class _SegmentHits(NamedTuple):
    """Documents of one segment that may be on the page.

    Attributes:
        segment: the segment.
        keys: their order on the page, ascending; equal ones go by identifier.
        documents: their numbers, in parallel.
        scores: their scores, in parallel.
    """

    segment: Segment
    keys: Array
    documents: Array
    scores: Array


class _SegmentMatches(NamedTuple):
    """One segment of a search: its plan, and what it matches beside the hits.

    Attributes:
        segment: the segment.
        planner: plans its queries, equal ones once.
        filters: the filters of the request.
        counted: the documents of each query that is counted.
    """

    segment: Segment
    planner: QueryPlanner
    filters: Sequence[Scorer]
    counted: Mapping[Query, Array]

    def find(self, query: Query, filters: Sequence[Query]) -> Array:
        """Return the documents of a query within other filters than the request's."""
        return _live_documents(
            self.segment, [self.planner.plan(query), *self.planner.plan_all(filters)]
        )


def _live_documents(segment: Segment, scorers: Sequence[Scorer]) -> Array:
    """Return the documents that match all scorers and are not deleted."""
    documents = all_of(scorers).documents()
    mask = segment.live_mask
    return documents if mask is None else documents[mask.take(documents)]


class IndexSearch:
    """A request while the segments are searched, one after another.

    Attributes:
        places: the segment and the number of each hit, by identifier, once it was run.
    """

    def __init__(
        self,
        request: EngineQuery,
        segments: Sequence[Segment],
        statistics: CollectionStatistics,
        facets: dict[Column, FacetValues],
    ) -> None:
        """Prepare; `facets` holds at least the columns that the request counts."""
        self._request, self._segments, self._statistics = request, segments, statistics
        self._deadline = search_deadline(request.budget)
        self._stock_search = StockSearch(segments)
        self._facets = {column: facets[column] for column in request.facets}
        self._value_counts = {column: facet.zeros() for column, facet in self._facets.items()}
        self._facet_query = request.facet_query if request.facets else None
        self._queries = (request.query, *request.fallbacks)
        self._fallback = 0
        self._matches: list[_SegmentMatches] = []
        self._listed: list[Array] = []  # by segment, documents
        self._hits: list[_SegmentHits] = []
        self._total = 0
        self._last_hit = request.offset + request.limit
        # Documents of further segments that score less are not on the page.
        self._floor = -np.inf
        self.places: dict[str, tuple[Segment, int]] = {}

    def run(self) -> EngineResult:
        """Search all segments, or those that the budget allows."""
        complete = True
        for step in (self._list_first, self._count_facets):
            try:
                step()
            except OutOfTimeError:
                complete = False
        return EngineResult(
            total=self._total,
            hits=self._page(),
            counts=tuple(
                sum(len(each.counted[query]) for each in self._matches)
                for query in self._request.counts
            ),
            facets=tuple(
                facet.facet(self._value_counts[column], self._request.facet_size)
                for column, facet in self._facets.items()
            ),
            complete=complete,
            fallback=self._fallback,
        )

    def _list_first(self) -> None:
        """List the documents of the query, or of the first fallback that matches any."""
        for fallback, query in enumerate(self._queries):
            self._fallback = fallback
            self._listed.clear()
            for index in range(len(self._segments)):
                self._list(index, query)
            if self._total:
                break

    def _list(self, index: int, query: Query) -> None:
        """List the documents of a segment; the first time, count in it what is to be counted."""
        segment = self._segments[index]
        if index == len(self._matches):
            self._matches.append(self._count(index))
        matches = self._matches[index]
        scorer = matches.planner.plan(query)
        documents = _live_documents(segment, [scorer, *matches.filters])
        self._listed.append(documents)
        self._total += len(documents)
        if self._request.limit < 1 or not len(documents):
            return
        if self._request.sort is Sort.RELEVANCE:
            self._hits.append(self._best_hits(segment, scorer, documents))
        else:
            self._hits.append(self._hits_by_date(segment, documents))

    def _count(self, index: int) -> _SegmentMatches:
        """Match in a segment what is counted."""
        request, segment = self._request, self._segments[index]
        planner = QueryPlanner(segment, index, self._statistics, self._stock_search, self._deadline)
        filters = planner.plan_all(request.filters)
        counted: dict[Query, Array] = {}
        for query in dict.fromkeys((*request.counts, *filter(None, [self._facet_query]))):
            counted[query] = _live_documents(segment, [planner.plan(query), *filters])
        return _SegmentMatches(segment, planner, filters, counted)

    def _count_facets(self) -> None:
        """Count the facets over the facet query's documents, or over those listed."""
        query = self._facet_query
        if query and not any(len(each.counted[query]) for each in self._matches):
            query = None
        by_segment = zip(self._matches, self._listed, strict=False)  # some may be out of time
        for index, (matches, listed) in enumerate(by_segment):
            for column, facet in self._facets.items():
                documents = matches.counted[query] if query else listed
                filters = self._filters_of(column)
                if filters != self._request.filters:
                    documents = matches.find(query or self._queries[self._fallback], filters)
                segment_counts = count_values(matches.segment, column, documents)
                facet.add_counts(index, segment_counts, self._value_counts[column])

    def _filters_of(self, column: Column) -> tuple[Query, ...]:
        """Return the filters of a facet: one that is open is not narrowed by its own column."""
        if column not in self._request.open_facets:
            return self._request.filters
        return tuple(
            query
            for query in self._request.filters
            if not (isinstance(query, HasValue) and query.column is column)
        )

    def _best_hits(self, segment: Segment, scorer: Scorer, documents: Array) -> _SegmentHits:
        k = self._last_hit
        documents, scores = top_documents(scorer, documents, segment.document_count, k, self._floor)
        if len(scores) > k:
            place = len(scores) - k
            kth_score = float(np.partition(scores, place)[place]) - SCORE_TOLERANCE
            good = scores >= kth_score
            documents, scores = documents[good], scores[good]
            self._floor = max(self._floor, kth_score)
        keys = -np.round(scores, _DECIMALS)
        if len(keys) > k:
            # Only scores equal to the last are more than k; the first by identifier stay.
            order = np.lexsort((segment.array("rank").read().take(documents), keys))[:k]
            keys, documents, scores = keys[order], documents[order], scores[order]
        return _SegmentHits(segment, keys, documents, scores)

    def _hits_by_date(self, segment: Segment, documents: Array) -> _SegmentHits:
        sort = self._request.sort
        documents = first_by_date(segment, documents, sort, self._last_hit)
        dates = segment.array("published").read().take(documents)
        keys = np.where(dates == UNDATED, np.inf, dates if sort is Sort.OLDEST else -dates)
        return _SegmentHits(segment, keys, documents, np.zeros(len(documents)))

    def _page(self) -> tuple[Hit, ...]:
        """Return the hits of the page; only they, and their equals, need identifiers."""
        if not self._hits:
            return ()
        k = self._last_hit
        keys = np.concatenate([hits.keys for hits in self._hits])
        last_key = np.inf if len(keys) <= k else np.partition(keys, k - 1)[k - 1]
        rows: list[tuple[float, str, float, int, int]] = []
        for place, hits in enumerate(self._hits):
            good = hits.keys <= last_key
            documents = hits.documents[good]
            names = hits.segment.identifiers.strings_at(documents)
            columns = hits.keys[good].tolist(), names, hits.scores[good].tolist()
            rows += zip(*columns, itertools.repeat(place), documents.tolist(), strict=False)
        page = sorted(rows)[self._request.offset : k]
        for _, identifier, _, place, document in page:
            self.places[identifier] = (self._hits[place].segment, document)
        return tuple(Hit(identifier, score) for _, identifier, score, _, _ in page)
