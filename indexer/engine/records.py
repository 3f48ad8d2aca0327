"""Requests to an engine and its results: queries with their limits, hits, counts, facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexer.analysis.fields import Field
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
        facet_query: counts the facets over its matches (within `filters`) instead, if it has any.
        open_facets: those of the facets that are counted without the filters (`HasValue`) on
            their own column, so that further values of it can be chosen.
        facet_size: values of each column, the commonest first.
        budget: seconds after which the engine stops and returns a part; None is no limit.
        fallbacks: queries that take the place of `query`, in their order, while nothing matches.
            An engine that is far away asks all of them at once and takes the first that matches.
    """

    query: Query
    filters: tuple[Query, ...] = ()
    counts: tuple[Query, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[Column, ...] = ()
    facet_query: Query | None = None
    open_facets: tuple[Column, ...] = ()
    facet_size: int = 50
    budget: float | None = None
    fallbacks: tuple[Query, ...] = ()


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
        total_is_exact: False where there may be more than `total`: an engine that shares millions
            of documents out may stop counting at a limit. Then `counts` may be limits as well.
        fallback: the number of the fallback that was answered, from 1; 0 for the query itself.
        complete: False when something is missing: the budget ran out, or shards did not answer.
        missing_shards: parts of the index that did not answer; their documents are in no figure.
            An engine whose shards all fail raises an error: nothing found is no answer then.
        hidden: matches that are collapsed under a hit of any page; 0 as engines answer.
    """

    total: int
    hits: tuple[Hit, ...]
    counts: tuple[int, ...] = ()
    facets: tuple[FacetCounts, ...] = ()
    complete: bool = True
    hidden: int = 0
    fallback: int = 0
    total_is_exact: bool = True
    missing_shards: int = 0


@dataclass(frozen=True, slots=True)
class TermCount:
    """An exact form that the archive holds, and its document frequency."""

    text: str
    documents: int


@dataclass(frozen=True, slots=True)
class TermLookup:
    """Terms to look up, of any fields, so that many of them cost one engine call.

    Attributes:
        frequencies: field -> terms whose document frequencies are wanted.
        forms: folded words (`dien`) and pairs (`dien bien`) whose exact forms are wanted.
        counts: queries of which the number of matches is wanted.
    """

    frequencies: Mapping[Field, Sequence[str]] = field(default_factory=dict)
    forms: Sequence[str] = ()
    counts: Sequence[Query] = ()


@dataclass(frozen=True, slots=True)
class TermFigures:
    """The answer to a `TermLookup`, in its order.

    Attributes:
        frequencies: field -> the document frequency of each term; 0 for one that no document holds.
        forms: for each folded text its exact forms, commonest first.
        counts: for each query the number of documents that match it.
    """

    frequencies: Mapping[Field, Sequence[int]] = field(default_factory=dict)
    forms: Sequence[Sequence[TermCount]] = ()
    counts: Sequence[int] = ()


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
