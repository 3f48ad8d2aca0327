"""Requests to an engine and its results: queries with their limits, hits, counts, facets."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.engine.queries import Column, Query, Sort


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """A request for all that one page of results needs, so that a page costs one engine call.

    Attributes:
        query: matches and scores documents.
        filters: have to match as well, without any score; facets obey them.
        counts: further queries of which only the number of matches (within `filters`) is counted.
        offset: results to leave out from the start.
        limit: results on the page; 0 asks for counts and facets alone.
        facets: the columns whose values are counted over all matches.
        facet_query: counts the facets over its matches (within `filters`) instead.
        facet_size: values of each column, the commonest first.
        budget: seconds after which the engine stops and returns a part; None is no limit.
    """

    query: Query
    filters: tuple[Query, ...] = ()
    counts: tuple[Query, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[Column, ...] = ()
    facet_query: Query | None = None
    facet_size: int = 50
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching document.

    Attributes:
        score: 0 when sorted by date.
        collapsed: identifiers of the near-duplicates collapsed under it; engines leave it empty.
    """

    identifier: str
    score: float
    collapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """A column's values with the number of matches that have each, commonest first."""

    column: Column
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class EngineResult:
    """The result of an `EngineQuery`.

    Attributes:
        total: all matches.
        complete: False when the budget ran out.
        hidden: matches that are collapsed under a hit of any page; 0 as engines answer.
    """

    total: int
    hits: tuple[Hit, ...]
    counts: tuple[int, ...] = ()
    facets: tuple[FacetCounts, ...] = ()
    complete: bool = True
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class TermCount:
    """An exact form that the archive holds, and its document frequency."""

    text: str
    documents: int


@dataclass(frozen=True, slots=True)
class TermWeight:
    """An exact word, and how typical it is of some documents."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """An index in figures: documents, the last sequence number it includes, and its analyzer."""

    documents: int
    sequence: int
    analyzer: str
