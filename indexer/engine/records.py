"""Requests to an engine and its results: queries with their limits, hits, counts, facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from indexer.analysis.fields import Field
from indexer.engine.queries import Column, Query, Sort


class Hit(Struct, frozen=True):
    """One matching document.

    Attributes:
        score: 0 when sorted by date.
        collapsed: identifiers of the near-duplicates collapsed under it; engines leave it empty.
    """

    identifier: str
    score: float
    collapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedbackQuery:
    """A request to score the first hits again, by the words that are typical of the best ones.

    How typical an exact word is is the sum over the best hits of the hit's weight * the word's
    frequency / the words of the text, times the word's idf. Words of one document of the index,
    and of more than a tenth of all, are left out (Lavrenko and Croft, Relevance-based language
    models, 2001, with idf). The score of a hit is the sum of its scores by the most typical words,
    each as a `Term` with that figure for its boost.

    Attributes:
        window: hits that are scored, from the first of the page.
        documents: hits whose words are taken; the weight of each is its share of their scores.
        terms: words that are used.
        fewest: of fewer hits none is scored.
    """

    window: int
    documents: int
    terms: int
    fewest: int = 1

    def weigh(self, hits: Sequence[Hit]) -> dict[str, float]:
        """Return the weight of each hit whose words are taken; none where none is to be scored."""
        best = hits[: self.documents]
        total = sum(hit.score for hit in best)
        if not total or len(hits) < self.fewest:
            return {}
        return {hit.identifier: hit.score / total for hit in best}


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
        feedback: scores the first hits a second time.
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
    feedback: FeedbackQuery | None = None


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
        feedback: the second score of each of the first hits; empty where none was asked for,
            nothing tells them apart, or the result is not complete.
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
    feedback: tuple[float, ...] = ()


class TermCount(Struct, frozen=True):
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
        forms: for each folded text all of its exact forms, commonest first.
        counts: for each query the number of documents that match it.
    """

    frequencies: Mapping[Field, Sequence[int]] = field(default_factory=dict)
    forms: Sequence[Sequence[TermCount]] = ()
    counts: Sequence[int] = ()


class TermWeight(Struct, frozen=True):
    """An exact word, and how typical it is of some documents."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """An index in figures.

    Attributes:
        documents: the documents in it.
        sequence: the last sequence number that it includes.
        analyzer: the version of its analyzer.
        is_remote: whether each call costs a round trip, so that few calls are worth more work.
    """

    documents: int
    sequence: int
    analyzer: str
    is_remote: bool = False


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """The state of the servers of an index.

    Attributes:
        place: `home` for an index in the home, else its address, without a password.
        status: `green`; `yellow` where copies of shards are missing; `red` where a shard has no
            copy left, and searches miss its documents; `away` where no node answers.
        nodes: nodes that are there; 0 for the home.
        missing_shards: copies of shards that are on no node.
    """

    place: str = "home"
    status: str = "green"
    nodes: int = 0
    missing_shards: int = 0
