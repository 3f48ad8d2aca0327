"""What an engine is asked and what it answers: queries with their limits, hits, counts, facets."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.engine.queries import Column, Query, Sort


@dataclass(frozen=True, slots=True)
class EngineQuery:
    """One question: everything a page of results needs, so that a page costs one engine call.

    Attributes:
        query: what has to match, and what it scores.
        filters: what has to match as well, without any score; facets obey them.
        counts: further queries of which only the number of matches (within `filters`) is wanted.
        offset: results to leave out from the start.
        limit: results wanted; 0 asks for counts and facets alone.
        facets: the columns whose values are counted over all matches.
        facet_size: values wanted for each column, the commonest first.
        budget: seconds after which the engine stops and answers with what it has; None is no end.
    """

    query: Query
    filters: tuple[Query, ...] = ()
    counts: tuple[Query, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[Column, ...] = ()
    facet_size: int = 50
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One matching document and its score (0 when sorted by date)."""

    identifier: str
    score: float


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many matches have each value of a column; (value, documents), commonest first."""

    column: Column
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine answers to a `EngineQuery`; `complete` is False when the budget ran out."""

    total: int
    hits: tuple[Hit, ...]
    counts: tuple[int, ...] = ()
    facets: tuple[FacetCounts, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class TermCount:
    """A form with marks that the archive holds, and in how many documents."""

    text: str
    documents: int


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What an index holds: documents, the last sequence number it includes, and who made it."""

    documents: int
    sequence: int
    analyzer: str
