"""One request of the contract on the cluster: searches sent together, the result put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from indexer.engine.queries import Column, HasValue, Query, Sort
from indexer.engine.records import EngineQuery, EngineResult, FacetCounts, Hit
from indexer.opensearch_engine.lowering import QueryLowering
from indexer.opensearch_engine.mapping import (
    IDENTIFIER,
    LARGEST_PAGE,
    STORED_WORDS,
    value_field,
)
from indexer.opensearch_engine.phrase_lowering import DslQuery
from indexer.opensearch_engine.search_answers import SearchAnswer, SearchHit, SearchTarget

VALUES_OF_SHARD: Final = 5000
"""Values of a column that each shard counts at least: more than all but people and authors have."""

_LEAST_MILLISECONDS: Final = 10
_SPARE_SECONDS: Final = 10.0
"""Seconds beyond its budget that a search may take until it is an error."""

_UNDATED_LAST: Final = {"missing": "_last"}
_SORTS: Final[dict[Sort, list[dict[str, Any]]]] = {
    Sort.RELEVANCE: [{"_score": "desc"}, {IDENTIFIER: "asc"}],
    Sort.NEWEST: [{"published": {"order": "desc", **_UNDATED_LAST}}, {IDENTIFIER: "asc"}],
    Sort.OLDEST: [{"published": {"order": "asc", **_UNDATED_LAST}}, {IDENTIFIER: "asc"}],
}


def queries_of(request: EngineQuery) -> Iterable[Query]:
    """Yield every query of a request."""
    yield request.query
    yield from request.fallbacks
    yield from request.filters
    yield from request.counts
    if request.facet_query is not None:
        yield request.facet_query


def check_request(request: EngineQuery) -> None:
    """Refuse facets that no index can count.

    Raises:
        ValueError: there is one.
    """
    if Column.PUBLISHED in request.facets:
        raise ValueError("the column published has no values to count")


class ClusterSearch:
    """A request while it is answered."""

    def __init__(self, request: EngineQuery, target: SearchTarget, lowering: QueryLowering) -> None:
        """Lower the queries of a request.

        Raises:
            ValueError: one asks for what no index can answer.
        """
        self._request, self._target = request, target
        self._queries = lowering.lower_all((request.query, *request.fallbacks))
        self._filters = dict(zip(request.filters, lowering.lower_all(request.filters), strict=True))
        self._counts = lowering.lower_all(request.counts)
        query = request.facet_query if request.facets else None
        self._facet_query = lowering.lower(query) if query is not None else None
        self._answers: list[SearchAnswer] = []
        self._page: list[SearchHit] = []

    @property
    def stored_words(self) -> dict[str, str]:
        """Return the words of each hit, as they are stored, where feedback was asked for."""
        return {hit.identifier: hit.fields.get(STORED_WORDS, [""])[0] for hit in self._page}

    def run(self) -> EngineResult:
        """Search; a second time, for all fallbacks at once, where the query matches nothing.

        Raises:
            EngineError: the cluster does not answer.
        """
        facet_bodies = self._facet_bodies(self._facet_query) if self._facet_query else []
        count_bodies = [self._body(count, self._all_filters) for count in self._counts]
        page_bodies = self._page_bodies(self._queries[0])
        answers = self._search([*page_bodies, *facet_bodies, *count_bodies])
        page, answers = answers[: len(page_bodies)], answers[len(page_bodies) :]
        facets, counts = answers[: len(facet_bodies)], answers[len(facet_bodies) :]
        fallback = 0
        if not page[0].total and len(self._queries) > 1:
            fallback, page = self._search_fallbacks()
        self._page = page[0].hits.hits
        counted = facets if facets and facets[0].total else page
        return EngineResult(
            total=page[0].total,
            hits=tuple(self._hit(hit.identifier, hit.score) for hit in self._page),
            counts=tuple(answer.total for answer in counts),
            facets=self._facets(counted),
            complete=not any(each.timed_out or each.is_partial for each in self._answers),
            fallback=fallback,
            missing_shards=max(each.shards.failed for each in self._answers),
        )

    @property
    def _all_filters(self) -> list[DslQuery]:
        return list(self._filters.values())

    def _search(self, bodies: Sequence[Mapping[str, Any]]) -> list[SearchAnswer]:
        budget = self._request.budget
        seconds = None if budget is None else budget + _SPARE_SECONDS
        answers = self._target.search(bodies, seconds)
        self._answers += answers
        return answers

    def _search_fallbacks(self) -> tuple[int, list[SearchAnswer]]:
        """Return the number and the answers of the first fallback that matches, or of the last."""
        bodies = [self._page_bodies(query) for query in self._queries[1:]]
        answers = iter(self._search([body for each in bodies for body in each]))
        pages = [[next(answers) for _ in each] for each in bodies]
        for number, page in enumerate(pages, 1):
            if page[0].total:
                return number, page
        return len(pages), pages[-1]

    def _page_bodies(self, query: DslQuery) -> list[dict[str, Any]]:
        """Return the search for the page of a query, and those for its open facets."""
        request = self._request
        first, *others = self._facet_bodies(query)
        if request.limit > 0 and request.offset < LARGEST_PAGE:
            first |= {
                "query": _filtered(query, self._all_filters),
                "from": request.offset,
                "size": min(request.limit, LARGEST_PAGE - request.offset),
                "sort": _SORTS[request.sort],
            }
            if request.feedback is not None:
                first["stored_fields"] = [STORED_WORDS]
        return [first, *others]

    def _facet_bodies(self, query: DslQuery) -> list[dict[str, Any]]:
        """Return the search that counts the facets of a query, and one for each open facet."""
        request = self._request
        is_open = {column: self._filters_of(column) for column in request.facets}
        narrowed = [column for column in request.facets if is_open[column] == self._all_filters]
        bodies = [self._body(query, self._all_filters, narrowed)]
        for column in request.facets:
            if column not in narrowed:
                bodies.append(self._body(query, is_open[column], [column]))
        return bodies

    def _body(
        self, query: DslQuery, filters: Sequence[DslQuery], facets: Sequence[Column] = ()
    ) -> dict[str, Any]:
        """Return a search that only counts."""
        body: dict[str, Any] = {
            "query": {"bool": {"filter": [query, *filters]}},
            "size": 0,
            "track_total_hits": True,
            "_source": False,
        }
        if facets:
            body["aggs"] = {column.value: self._aggregation(column) for column in facets}
        if self._request.budget is not None:
            milliseconds = max(_LEAST_MILLISECONDS, int(1000 * self._request.budget))
            body["timeout"] = f"{milliseconds}ms"
        return body

    def _aggregation(self, column: Column) -> dict[str, Any]:
        size = self._request.facet_size
        return {
            "terms": {
                "field": value_field(column),
                "size": max(size, 1),
                "shard_size": max(VALUES_OF_SHARD, size),
                "order": [{"_count": "desc"}, {"_key": "asc"}],
            }
        }

    def _filters_of(self, column: Column) -> list[DslQuery]:
        """Return the filters of a facet: one that is open is not narrowed by its own column."""
        if column not in self._request.open_facets:
            return self._all_filters
        return [
            lowered
            for query, lowered in self._filters.items()
            if not (isinstance(query, HasValue) and query.column is column)
        ]

    def _facets(self, answers: Sequence[SearchAnswer]) -> tuple[FacetCounts, ...]:
        """Return the facets that some answers hold together."""
        values = {
            name: tuple((bucket.key, bucket.doc_count) for bucket in aggregation.buckets)
            for answer in answers
            for name, aggregation in answer.aggregations.items()
        }
        size = self._request.facet_size
        return tuple(
            FacetCounts(column, values.get(column.value, ())[:size])
            for column in self._request.facets
        )

    def _hit(self, identifier: str, score: float | None) -> Hit:
        by_relevance = self._request.sort is Sort.RELEVANCE
        return Hit(identifier, float(score or 0.0) if by_relevance else 0.0)


def _filtered(query: DslQuery, filters: Sequence[DslQuery]) -> DslQuery:
    return {"bool": {"must": [query], "filter": list(filters)}} if filters else query
