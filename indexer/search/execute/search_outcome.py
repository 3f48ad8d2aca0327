"""Records of one request on its way: the sets it matches, what it asks, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.engine.queries import Or, Query
from indexer.engine.records import EngineQuery, EngineResult
from indexer.search.execute.relaxation import Step
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.search_records import SearchRequest


@dataclass(frozen=True, slots=True)
class MatchSets:
    """The sets of articles that a query matches, each within the next."""

    exact: Query
    full: Query
    folded: Query

    def primary(self, request: SearchRequest) -> Query:
        """Return the set of a request's counts, feeds and exports."""
        return self.exact if request.exact else self.full

    def joined_by(self, repaired: MatchSets) -> MatchSets:
        """Return the sets with what a repaired query matches; exact is only what was typed."""
        full, folded = Or((self.full, repaired.full)), Or((self.folded, repaired.folded))
        return MatchSets(self.exact, full, folded)


@dataclass(frozen=True, slots=True)
class PreparedSearch:
    """All that one page asks of an engine.

    Attributes:
        query: the interpreted query.
        engine_query: its request; the fallbacks are those of partial matches.
        steps: how much each of the queries to list demands.
        counts_included: whether the last count is that of the query without its exclusions.
        has_full_first: whether full matches are ranked above partial ones.
    """

    query: InterpretedQuery
    engine_query: EngineQuery
    steps: tuple[Step, ...]
    counts_included: bool
    has_full_first: bool = False


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """What the engine found for one request.

    Attributes:
        query: with all its notices.
        result: the hits of the page; `total` is all that are listed.
        total: matches, as was asked: full or exact ones, else partial ones.
        totals: exact, full and folded matches.
    """

    query: InterpretedQuery
    result: EngineResult
    total: int
    totals: tuple[int, int, int]


def without_hits(result: EngineResult) -> EngineResult:
    """Return a result with its counts alone: nothing is listed."""
    facets = tuple(replace(facet, values=()) for facet in result.facets)
    return replace(result, total=0, hits=(), hidden=0, facets=facets)
