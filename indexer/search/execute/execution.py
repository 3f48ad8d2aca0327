"""Execution of a query: asked of an engine, relaxed while nothing matches, and collapsed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from archive.errors import EngineError
from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.engine.api import Engine
from indexer.engine.queries import MatchAll, Term
from indexer.engine.records import EngineQuery, EngineResult
from indexer.search.compile.query_compiler import QueryCompiler, compile_forms
from indexer.search.completion import PhraseCompleter
from indexer.search.execute.collapsing import search_collapsed
from indexer.search.interpret.diacritic_restoration import diacritics_notices
from indexer.search.interpret.spelling import SpellChecker
from indexer.search.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import TextNode, matching_leaves
from indexer.search.search_records import (
    Notice,
    RelaxedNotice,
    SearchRequest,
    SuggestionNotice,
    TimeNotice,
)
from indexer.search.term_statistics import TermStatistics

LARGEST_PAGE = 1000
"""Hits of the largest page."""

DEEPEST_HIT = 10_000_000
"""The rank of the last hit that can be shown."""

MOST_TESTED = 12
"""Words of a relaxed query that are tested for being left out."""

RELAXED_SHARE = 0.75
"""The share of words that have to match when no article has all of them."""


@dataclass(frozen=True, slots=True)
class DerivedLookups:
    """Derived data of a generation that searches use, where it is there.

    Attributes:
        near_duplicates: collapse the hits.
        completer: gives restored words the archive's capitals.
    """

    near_duplicates: NearDuplicateIndex | None = None
    completer: PhraseCompleter | None = None

    def capitalize(self, text: str) -> str:
        """Return exact forms with the archive's capitals."""
        return self.completer.capitalize(text.split(" ")) if self.completer else text


class SearchExecution:
    """The execution of one request by one engine."""

    def __init__(
        self,
        request: SearchRequest,
        engine: Engine,
        statistics: TermStatistics,
        analyzer: Analyzer,
        lookups: DerivedLookups | None = None,
    ) -> None:
        self._request = request
        self._engine = engine
        self._statistics = statistics
        self._spelling = SpellChecker(analyzer, statistics)
        self._lookups = lookups or DerivedLookups()

    def run(self, query: InterpretedQuery) -> tuple[InterpretedQuery, EngineResult]:
        """Search for a page; return the query with all its notices, and the result.

        Raises:
            EngineError: the index cannot be read.
        """
        engine_query, result, share = self._relax(query)
        counts = result.counts[1:]
        notices: list[Notice] = [*query.notices]
        notices += diacritics_notices(query.restorations, counts, self._lookups.capitalize)
        is_relaxed = share < 1 and not self._request.any_word
        if not self._request.as_typed:
            text = self._spelling.suggest(query, is_relaxed)
            notices += [SuggestionNotice(text=text)] if text else []
        if is_relaxed and result.total:
            notices.append(self._relaxed_notice(query, engine_query, share))
        if not result.complete:
            notices.append(TimeNotice())
        return replace(query, notices=tuple(notices)), result

    def iterate(self, query: InterpretedQuery, batch_size: int) -> Iterator[tuple[str, ...]]:
        """Yield the identifiers of all matches in the request's order, a batch at a time.

        Raises:
            EngineError: the index cannot be read, or the time budget ran out before the end.
        """
        engine_query, result, _ = self._relax(replace(query, restorations=()))
        batch = replace(engine_query, counts=(), facets=(), limit=batch_size)
        for offset in range(0, min(result.total, DEEPEST_HIT), batch_size):
            result = self._engine.search(replace(batch, offset=offset))
            if not result.complete:
                raise EngineError("the time for this question ran out; ask for less at once")
            yield tuple(hit.identifier for hit in result.hits)

    def _relax(self, query: InterpretedQuery) -> tuple[EngineQuery, EngineResult, float]:
        """Require all the words, then fewer while nothing matches; return the share as well."""
        request = self._request
        compilers = [
            QueryCompiler(query, request, self._statistics, exactly)
            for exactly in (request.exact, not request.exact)
        ]
        for share in (0.0,) if request.any_word else (1.0, RELAXED_SHARE, 0.0):
            engine_query = self._engine_query(query, compilers, share)
            near_duplicates = self._lookups.near_duplicates
            result = search_collapsed(self._engine, near_duplicates, engine_query)
            if result.total or not result.complete:
                break
        return engine_query, result, share

    def _engine_query(
        self, query: InterpretedQuery, compilers: list[QueryCompiler], share: float
    ) -> EngineQuery:
        """Return the query of a page, which also counts its counterpart and its restorations."""
        request = self._request
        size = min(max(1, request.size), LARGEST_PAGE)
        is_blank = not request.text.strip() and bool(request.filters)
        primary, counterpart = (
            MatchAll() if is_blank else compiler.compile(share) for compiler in compilers
        )
        return EngineQuery(
            query=primary,
            filters=request.filters,
            counts=(counterpart, *map(compile_forms, query.restorations)),
            sort=request.sort,
            offset=min((max(1, request.page) - 1) * size, DEEPEST_HIT),
            limit=size,
            facets=request.facets,
            facet_size=request.facet_size,
            budget=request.budget,
        )

    def _relaxed_notice(
        self, query: InterpretedQuery, engine_query: EngineQuery, share: float
    ) -> RelaxedNotice:
        leaves = [leaf for leaf in matching_leaves(query.tree) if isinstance(leaf, TextNode)]
        tokens = [token for leaf in leaves for token in leaf.tokens]
        folded = [token.folded for token in tokens]
        counts = self._statistics.document_frequencies(Field.FOLDED, folded)
        unknown = [token.exact for token, count in zip(tokens, counts, strict=True) if not count]
        return RelaxedNotice(
            share=int(share * 100),
            missing=tuple(dict.fromkeys(unknown)),
            left_out=tuple(self._left_out(tokens, engine_query)),
        )

    def _left_out(self, tokens: list[Token], engine_query: EngineQuery) -> Iterator[str]:
        """Yield the words that the top hit lacks: requiring such a word changes the top hit."""
        words = {token.folded: token.exact for token in tokens}
        top = replace(engine_query, counts=(), facets=(), offset=0, limit=1)
        top_hits = self._engine.search(top).hits
        for folded, exact in list(words.items())[:MOST_TESTED]:
            narrowed = replace(top, filters=(*top.filters, Term(Field.FOLDED, folded)))
            if self._engine.search(narrowed).hits != top_hits:
                yield exact
