"""Execution of a query: asked of an engine, in part while nothing matches fully, and collapsed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from archive.errors import EngineError
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.fields import Field
from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.engine.api import Engine
from indexer.engine.queries import And, AndMaybe, MatchAll, MatchNone, Or, Query, Sort
from indexer.engine.records import EngineQuery, EngineResult
from indexer.search.compile.match_compiler import MatchCompiler, Strictness
from indexer.search.compile.query_compiler import (
    FEWEST_FOR_SHARE,
    QueryCompiler,
    Requirement,
    compile_forms,
)
from indexer.search.compile.score_scale import scale_scores
from indexer.search.completion import PhraseCompleter
from indexer.search.execute.collapsing import search_collapsed
from indexer.search.execute.empty_fields import empty_field_notices
from indexer.search.execute.feedback import takes_feedback
from indexer.search.execute.mixed_readings import readings_of
from indexer.search.execute.relaxation import (
    STEPS,
    Place,
    Step,
    as_placed,
    placed_steps,
    quotes_headline,
    relaxed_notice,
)
from indexer.search.execute.search_outcome import (
    MatchSets,
    PreparedSearch,
    SearchOutcome,
    without_hits,
)
from indexer.search.interpret.bound_numbers import has_bound_number
from indexer.search.interpret.diacritic_restoration import diacritics_notices
from indexer.search.interpret.repairs import FAR_MORE
from indexer.search.interpret.spelling import SpellChecker
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import AndNode, NotNode
from indexer.search.query_notices import (
    MissingPartNotice,
    Notice,
    SuggestionNotice,
    TimeNotice,
)
from indexer.search.search_records import MatchMode, SearchRequest
from indexer.search.term_statistics import TermStatistics

LARGEST_PAGE = 1000
"""Hits of the largest page."""

DEEPEST_HIT = 10_000_000
"""The rank of the last hit that can be shown."""

REPAIR_WEIGHT = 0.5
"""The weight of a repaired query's scores beside those of the typed one.

By it a query that is faultless after all keeps its ranking (`make quality`)."""

CERTAIN_WEIGHT = 4.0
"""The same where the archive does not hold a word as typed."""

FULL_WEIGHT = 4.0
"""The score of a full match above a partial one, as a multiple of the idf of all words."""

MOST_OF_FEW_WORDS = 6
"""Words of the longest query of which full matches come above partial ones."""


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
        self._repair_weight = REPAIR_WEIGHT
        self._compilers: list[tuple[InterpretedQuery, QueryCompiler]] = []

    def prepare(self, interpret: Callable[[], InterpretedQuery]) -> PreparedSearch:
        """Compile all that a page asks of an engine: what was asked for, else partial matches.

        Args:
            interpret: returns the interpreted query; called again while figures are looked up.

        Raises:
            EngineError: the index cannot be read.
        """

        def compile_sets() -> tuple[InterpretedQuery, MatchSets]:
            query = interpret()
            return query, self._compile_sets(query)

        query, sets = self._statistics.rehearse(compile_sets)
        return self._statistics.rehearse(lambda: self._compile(query, sets))

    def _compile(self, query: InterpretedQuery, sets: MatchSets) -> PreparedSearch:
        request = self._request
        # What was compiled before may have been with figures that were not known yet.
        self._compilers.clear()
        primary = sets.primary(request)
        wants_all = request.exact or request.match is MatchMode.FULL
        listed: list[tuple[Query, Step]] = []
        if wants_all or (request.match is MatchMode.AUTO and request.sort is not Sort.RELEVANCE):
            # Where nothing holds what was meant, every word in any place comes before a part.
            sets_of_all = [primary] if wants_all else [primary, sets.folded]
            listed += [(self._within(query, matching), Step(100)) for matching in sets_of_all]
        if request.match is not MatchMode.FULL:
            listed += self._partial_steps(query)
            if not wants_all and self._prefers_full(query):
                listed[0] = (self._prefer(sets.full, query, listed[0][0]), listed[0][1])
        facet_query = None if request.match in (MatchMode.PARTIAL, MatchMode.ANY) else primary
        included = self._included(query)
        queries, steps = zip(*listed, strict=True)
        engine_query = self._compile_page(query, sets, queries, (facet_query, included))
        has_full_first = not wants_all and self._prefers_full(query)
        return PreparedSearch(query, engine_query, steps, included is not None, has_full_first)

    def run(self, prepared: PreparedSearch) -> SearchOutcome:
        """Search for a page; return the query with all its notices, and the result.

        Raises:
            EngineError: the index cannot be read.
        """
        request, query = self._request, prepared.query
        result, step = self._search(prepared)
        exact, full, folded, *restored = result.counts
        notices: list[Notice] = [*query.notices]
        notices += diacritics_notices(query.restorations, restored, self._lookups.capitalize)
        total = exact if request.exact else full
        is_partial = not total and request.match is MatchMode.AUTO
        if not request.as_typed:
            keystrokes = self._spelling.suggest_keystrokes(query) if is_partial else ""
            text = keystrokes or query.suggestion
            notices += [SuggestionNotice(text=text)] if text else []
        if is_partial and result.total:
            apart = result.total if step == Step(100, Place.ANYWHERE) else folded
            notices.append(relaxed_notice(step, self._missing_words(query), apart))
        if result.missing_shards:
            notices.append(MissingPartNotice())
        elif not result.complete:
            notices.append(TimeNotice())
        elif not folded:
            notices += empty_field_notices(query, self._statistics)
        if is_partial or request.match in (MatchMode.PARTIAL, MatchMode.ANY):
            total = result.total
        query = replace(as_placed(query, step, is_partial), notices=tuple(notices))
        return SearchOutcome(query, result, total, (exact, full, folded))

    def iterate(self, query: InterpretedQuery, batch_size: int) -> Iterator[tuple[str, ...]]:
        """Yield the identifiers of all matches in the request's order, a batch at a time.

        Only full matches, or exact ones, unless the request asks for partial ones.

        Raises:
            EngineError: the index cannot be read, or the time budget ran out before the end.
        """
        request = self._request
        if request.match in (MatchMode.AUTO, MatchMode.FULL):
            matching = self._within(query, self._compile_sets(query).primary(request))
        else:
            self._compile_sets(query)
            matching = self._first_that_matches(query)
        batch = EngineQuery(
            matching,
            filters=request.filters,
            sort=request.sort,
            limit=batch_size,
            budget=request.budget,
        )
        offset, total = 0, 1
        with self._engine.snapshot() as snapshot:
            while offset < min(total, DEEPEST_HIT):
                result = snapshot.search(replace(batch, offset=offset))
                if result.missing_shards:
                    raise EngineError("a part of the archive is away; export again later")
                if not result.complete:
                    raise EngineError("the time for this question ran out; ask for less at once")
                yield tuple(hit.identifier for hit in result.hits)
                offset, total = offset + batch_size, result.total

    def _first_that_matches(self, query: InterpretedQuery) -> Query:
        """Return the query of the strictest requirement by which anything matches in part."""
        queries = [partial for partial, _ in self._partial_steps(query)]
        request = EngineQuery(
            MatchNone(), filters=self._request.filters, counts=tuple(queries), limit=0
        )
        counts = self._engine.search(request).counts
        return next(itertools.compress(queries, counts), queries[-1])

    def _search(self, prepared: PreparedSearch) -> tuple[EngineResult, Step]:
        """List the hits of a page: all by one engine call.

        Returns:
            The result, and how much of the query had to match.
        """
        request = self._request
        with_feedback = request.sort is Sort.RELEVANCE and not request.exact
        result = search_collapsed(
            self._engine,
            self._lookups.near_duplicates,
            prepared.engine_query,
            with_feedback and takes_feedback(prepared.query.tree),
            1 if prepared.has_full_first else None,
            readings_of(prepared.query.meaning) if with_feedback else (),
        )
        if prepared.counts_included:
            *counts, included_count = result.counts
            result = replace(result, counts=tuple(counts))
            if included_count and not counts[0 if request.exact else 1]:
                # The words asked for are not dropped to save a minus.
                return without_hits(result), Step(100)
        return result, prepared.steps[result.fallback]

    def _included(self, query: InterpretedQuery) -> Query | None:
        """Return what matches without the exclusions of a query; None if it has none."""
        meaning = query.meaning
        if self._request.match is not MatchMode.AUTO or not isinstance(meaning, AndNode):
            return None
        children = tuple(node for node in meaning.children if not isinstance(node, NotNode))
        if not children or len(children) == len(meaning.children):
            return None
        return MatchCompiler(self._statistics, Strictness.FULL).compile(AndNode(children))

    def _partial_steps(self, query: InterpretedQuery) -> list[tuple[Query, Step]]:
        """Return the queries of partial matches, from the strictest on."""
        is_any = self._request.match is MatchMode.ANY
        requirements = [Requirement.ANY] if is_any else list(Requirement)
        steps = [(self._partial(query, each), STEPS[each]) for each in requirements]
        placed = [] if is_any or self._is_blank else self._placed_steps(query)
        # By relevance a headline is followed by what tells of the same; by date there is no below.
        by_date = self._request.sort is not Sort.RELEVANCE and quotes_headline(query.tree)
        return [*placed, *steps] if by_date else [*steps[:1], *placed, *steps[1:]]

    def _placed_steps(self, query: InterpretedQuery) -> list[tuple[Query, Step]]:
        """Return the queries by which the words of quotations stand near, then anywhere."""
        strictness = Strictness.EXACT if self._request.exact else Strictness.FULL
        compiler = MatchCompiler(self._statistics, strictness)
        placed = placed_steps(compiler, query.meaning)
        scored = self._partial(query, Requirement.SHARE) if placed else MatchNone()
        return [(And((scored, *matching)), step) for matching, step in placed]

    def _compile_sets(self, query: InterpretedQuery) -> MatchSets:
        if self._is_blank:
            return MatchSets(MatchAll(), MatchAll(), MatchAll())
        sets = self._compile_meaning(query)
        if query.repaired is None:
            return sets
        repaired = self._compile_meaning(query.repaired)
        self._repair_weight = self._weigh_repair(query, sets.full, repaired.full)
        return sets.joined_by(repaired)

    def _compile_meaning(self, query: InterpretedQuery) -> MatchSets:
        return MatchSets(
            *(
                MatchCompiler(self._statistics, strictness).compile(query.meaning)
                for strictness in Strictness
            )
        )

    def _weigh_repair(self, query: InterpretedQuery, typed: Query, repaired: Query) -> float:
        """Return the weight of a repaired query beside the typed one, by what each matches."""
        if self._missing_words(query):
            return CERTAIN_WEIGHT
        typed_count, repaired_count = self._statistics.count([typed, repaired])
        return 1.0 if repaired_count > FAR_MORE * typed_count else REPAIR_WEIGHT

    @property
    def _is_blank(self) -> bool:
        """Whether only filters were asked for."""
        return not self._request.text.strip() and bool(self._request.filters)

    def _within(self, query: InterpretedQuery, matching: Query) -> Query:
        """Return the query that lists a set of articles in the request's order."""
        if self._request.sort is not Sort.RELEVANCE or self._is_blank:
            return matching
        return And((self._partial(query, Requirement.MOST), matching))

    def _prefers_full(self, query: InterpretedQuery) -> bool:
        """Tell whether full matches come above partial ones, by relevance too.

        Where a few words were typed with their diacritics, what lacks one of the units is about
        something else. Of a long question not every word is meant, and a bare unit may be another,
        but for one with a figure: `nghi quyet 42`.
        """
        request = self._request
        if request.match is not MatchMode.AUTO or request.sort is not Sort.RELEVANCE:
            return False
        if self._is_blank or len(query.tokens) > MOST_OF_FEW_WORDS:
            return False
        is_read = query.has_diacritics and len(query.tokens) >= FEWEST_FOR_SHARE
        return is_read or has_bound_number(query.meaning)

    def _prefer(self, full: Query, query: InterpretedQuery, partial: Query) -> Query:
        """Return a query of partial matches by which full ones score more."""
        folded = [token.folded for token in query.tokens]
        weight = FULL_WEIGHT * sum(self._statistics.idf(Field.FOLDED, folded))
        return AndMaybe(partial, And((full, MatchAll(weight))))

    def _partial(self, query: InterpretedQuery, requirement: Requirement) -> Query:
        if self._is_blank:
            return MatchAll()
        compiled = self._compiler(query).compile(requirement)
        if query.repaired is None:
            return compiled
        # The weights sum to 1, so that no hit scores more than by the faultless query.
        share = self._repair_weight / (1 + self._repair_weight)
        repaired = scale_scores(self._compiler(query.repaired).compile(requirement), share)
        return Or((scale_scores(compiled, 1 - share), repaired))

    def _compiler(self, query: InterpretedQuery) -> QueryCompiler:
        """Return the compiler of an interpreted query, the same for all its requirements."""
        for compiled, compiler in self._compilers:
            if compiled is query:
                return compiler
        compiler = QueryCompiler(query, self._request, self._statistics)
        self._compilers.append((query, compiler))
        return compiler

    def _compile_page(
        self,
        query: InterpretedQuery,
        sets: MatchSets,
        listed: Sequence[Query],
        extra: tuple[Query | None, Query | None],
    ) -> EngineQuery:
        """Return the request for a page of the first query that matches, with counts and facets.

        Args:
            query: the interpreted query.
            sets: the sets of articles that are counted.
            listed: the queries to list, in their order.
            extra: the query that the facets count, if it is another, and one more to count.
        """
        request, (facet_query, included) = self._request, extra
        size = min(max(1, request.size), LARGEST_PAGE)
        counts = (sets.exact, sets.full, sets.folded, *map(compile_forms, query.restorations))
        return EngineQuery(
            query=listed[0],
            fallbacks=tuple(listed[1:]),
            filters=request.filters,
            counts=counts if included is None else (*counts, included),
            sort=request.sort,
            offset=min((max(1, request.page) - 1) * size, DEEPEST_HIT),
            limit=size,
            facets=request.facets,
            facet_query=facet_query,
            open_facets=request.open_facets,
            facet_size=request.facet_size,
            budget=request.budget,
        )

    def _missing_words(self, query: InterpretedQuery) -> dict[str, None]:
        """Return the words of a query that the archive does not hold, in their order."""
        tokens = query.tokens
        folded = [token.folded for token in tokens]
        counts = self._statistics.document_frequencies(Field.FOLDED, folded)
        unknown = [token.exact for token, count in zip(tokens, counts, strict=True) if not count]
        return dict.fromkeys(unknown)
