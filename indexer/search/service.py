"""The search service: a request goes in, a page of results ready to show comes out.

A query goes through five stages, each of which hands one record to the next: it is parsed (and
its words analysed once), interpreted, compiled, executed and presented.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from archive.errors import AnalyzerChangedError, EngineError, NoIndexError
from archive.records import Article
from archive.store import Store
from indexer.analysis.analyzer import Analyzer
from indexer.derived.near_duplicates import NearDuplicateIndex
from indexer.engine.processor_time import share_processor_time
from indexer.engine.queries import Column, MatchAll, Query
from indexer.engine.records import EngineQuery, EngineResult
from indexer.generations.cache import PerGenerationCache
from indexer.generations.live_index import LiveIndex, OpenGeneration
from indexer.search.article_lookup import (
    find_named_articles,
    named_outcome,
    restate_lookup,
    with_documents_first,
    with_lookup_notice,
)
from indexer.search.completion import PhraseCompleter, Suggestion
from indexer.search.execute.execution import DerivedLookups, SearchExecution
from indexer.search.execute.more_like_this import (
    SimilarArticle,
    interesting_terms,
    similar_articles,
)
from indexer.search.execute.search_outcome import SearchOutcome
from indexer.search.execute.shared_phrases import shared_phrases
from indexer.search.interpret.archive_glossary import ArchiveGlossary
from indexer.search.interpret.interpreter import Interpreter
from indexer.search.interpret.query_analyzer import QueryAnalyzer
from indexer.search.present.highlight_terms import collect_highlight_terms
from indexer.search.present.highlighter import Highlighter
from indexer.search.present.result_hits import present_hits
from indexer.search.present.sentences import with_message
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.parser import parse
from indexer.search.query_notices import Notice, RelaxedNotice, TimeNotice
from indexer.search.search_records import ResultHit, ResultPage, SearchRequest
from indexer.search.term_statistics import KnownWords, TermStatistics

BATCH_SIZE = 20_000
"""Hits of one engine call where all matches are wanted."""

_NO_INDEX = (NoIndexError, AnalyzerChangedError)
"""Errors of an archive without an index that this program can read: articles are shown still."""

_ARTICLES_IN_MEMORY = 250
"""Articles in memory at a time then."""

_MOST_MEMOIZED = 1 << 15
"""Runs of text whose analysis a server remembers, 15 MB: those of 2,000 articles, about. It meets
whatever is typed, and the text of every article that it shows."""


@dataclass(frozen=True, slots=True)
class RankedHit:
    """One article of a ranking."""

    identifier: str
    external_id: str
    score: float


class SearchService:
    """The search over the live index and the store; safe to share between threads."""

    def __init__(self, store: Store, live: LiveIndex) -> None:
        self._store = store
        self._live = live
        self._analyzer = Analyzer(_MOST_MEMOIZED)
        self._glossary = ArchiveGlossary(store.home)
        self._completers = PerGenerationCache(PhraseCompleter)
        self._near_duplicates = PerGenerationCache(NearDuplicateIndex)
        self._known_words = PerGenerationCache(_new_known_words)
        self._external_ids: tuple[str, dict[str, str]] = ("", {})

    def search(self, request: SearchRequest) -> ResultPage:
        """Return one page of results; every text that can be typed has one.

        Raises:
            EngineError: the index cannot be read.
        """
        started = time.perf_counter()
        with share_processor_time(request.budget):
            outcome, generation = self._execute(request, request.grouped)
            query, result = outcome.query, outcome.result
            hits, notices = self._present(request, query, result)
        total_exact, total_full, total_folded = outcome.totals
        return ResultPage(
            query=query.typed,
            searched=query.searched,
            notices=_with_messages(notices, hits),
            total=outcome.total,
            total_exact=total_exact,
            total_full=total_full,
            total_folded=total_folded,
            listed=result.total,
            meant=query.meant_exactly if request.exact else query.meant,
            took_ms=(time.perf_counter() - started) * 1000,
            page=max(1, request.page),
            pages=-(-(result.total - result.hidden) // max(1, request.size)),
            hidden=result.hidden,
            hits=hits,
            facets={facet.column: dict(facet.values) for facet in result.facets},
            generation=generation,
            complete=result.complete and not any(isinstance(n, TimeNotice) for n in notices),
            total_is_exact=result.total_is_exact,
        )

    def rank(self, request: SearchRequest) -> list[RankedHit]:
        """Return the first `size` articles of a ranking without texts, best first.

        Raises:
            EngineError: the index cannot be read.
        """
        outcome, generation = self._execute(request, collapse=False)
        hits = outcome.result.hits
        external_ids = self._look_up_external_ids(generation, [hit.identifier for hit in hits])
        return [
            RankedHit(hit.identifier, external_ids[hit.identifier], hit.score)
            for hit in hits
            if hit.identifier in external_ids
        ]

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Return completions of an unfinished query, best first; none without an index.

        Raises:
            EngineError: the index cannot be read.
        """
        try:
            with self._live.open_generation() as generation:
                completer = self._completers.get(generation.folder)
                if completer is None:
                    return ()
                return completer.complete(
                    self._analyzer, text, limit, generation.engine, self._store
                )
        except _NO_INDEX:
            return ()

    def similar(self, identifier: str, limit: int = 5) -> tuple[Article, ...]:
        """Return articles on the matter of one article, near-duplicates first.

        Without an index, or while it cannot be read, there are none: the article is shown.

        Raises:
            NotFoundError: there is no such article.
        """
        return tuple(similar.article for similar in self.similar_with_reasons(identifier, limit))

    def similar_with_reasons(self, identifier: str, limit: int = 5) -> tuple[SimilarArticle, ...]:
        """Return the articles of `similar`, each with the reason."""
        article = self._store.get(identifier)
        try:
            with self._live.open_generation() as generation:
                index = self._near_duplicates.get(generation.folder)
                copies = index.near_duplicates(identifier) if index else []
                terms = interesting_terms(generation.engine, self._analyzer, article)
                names = similar_articles(generation.engine, terms, article, copies, limit)
        except EngineError:
            return ()
        articles = self._store.get_many(names)
        return tuple(
            SimilarArticle(
                articles[name], name in copies, shared_phrases(article, articles[name], terms)
            )
            for name in names
            if name in articles
        )

    def iterate_articles(
        self, request: SearchRequest, batch_size: int = BATCH_SIZE
    ) -> Iterator[Article]:
        """Yield all articles that match fully, in the request's order, few in memory at a time.

        They come from one generation, which stays open until the iterator ends or is closed.

        Args:
            request: its page, size and facets are ignored.
            batch_size: hits of one engine call.

        Raises:
            EngineError: the index cannot be read, or the request's budget ran out.
        """
        request = replace(request, page=1, size=1, facets=())
        try:
            with self._live.open_generation() as generation:
                statistics = self._statistics(generation)
                named = find_named_articles(self._store, request, self._analyzer, statistics)
                if named:
                    yield from named
                    return
                query = statistics.rehearse(self._interpretation(request, generation, statistics))
                execution = SearchExecution(request, generation.engine, statistics, self._analyzer)
                for identifiers in execution.iterate(query, batch_size):
                    yield from self._read_articles(identifiers)
        except NoIndexError:
            return

    def count(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """Return how many articles match each of some engine queries, in one call of the engine.

        Without an index there are none.

        Raises:
            EngineError: the index cannot be read.
        """
        try:
            with self._live.open_generation() as generation:
                counted = EngineQuery(MatchAll(), counts=tuple(queries), limit=0)
                return generation.engine.search(counted).counts
        except _NO_INDEX:
            return (0,) * len(queries)

    def count_values(self, column: Column, most: int) -> dict[str, int]:
        """Return the commonest values of a column with the articles of the archive that have each.

        Without an index there are none.

        Raises:
            EngineError: the index cannot be read.
        """
        counted = EngineQuery(MatchAll(), limit=0, facets=(column,), facet_size=most)
        try:
            with self._live.open_generation() as generation:
                return dict(generation.engine.search(counted).facets[0].values)
        except _NO_INDEX:
            return {}

    def highlighter(self, text: str) -> Highlighter:
        """Return the highlighter of a query for the texts of an article.

        Without an index, or while it cannot be read, the words of a query are not known to be
        parts of a unit.
        """
        request = SearchRequest(text)
        try:
            with self._live.open_generation() as generation:
                statistics = self._statistics(generation)
                query = statistics.rehearse(self._interpretation(request, generation, statistics))
        except EngineError:
            query = parse(text, self._analyzer)
        return Highlighter(self._analyzer, collect_highlight_terms(query))

    def _statistics(self, generation: OpenGeneration) -> TermStatistics:
        """Return the statistics of a generation for one query."""
        return TermStatistics(generation.engine, self._known_words.get(generation.folder))

    def _execute(self, request: SearchRequest, collapse: bool) -> tuple[SearchOutcome, str]:
        """Return the outcome of a search, and the generation's name."""
        try:
            with self._live.open_generation() as generation:
                statistics = self._statistics(generation)
                named = find_named_articles(self._store, request, self._analyzer, statistics)
                if named:
                    return named_outcome(request, self._analyzer, named), generation.name
                near_duplicates = self._near_duplicates.get(generation.folder) if collapse else None
                lookups = DerivedLookups(near_duplicates, self._completers.get(generation.folder))
                execution = SearchExecution(
                    request, generation.engine, statistics, self._analyzer, lookups
                )
                prepared = execution.prepare(self._interpretation(request, generation, statistics))
                outcome = with_documents_first(execution.run(prepared), request, self._store)
                return outcome, generation.name
        except NoIndexError:
            named = find_named_articles(self._store, request, self._analyzer, None)
            if named:
                return named_outcome(request, self._analyzer, named), ""
            query = parse(request.text, self._analyzer)
            return SearchOutcome(query, EngineResult(0, ()), 0, (0, 0, 0)), ""

    def _interpretation(
        self, request: SearchRequest, generation: OpenGeneration, statistics: TermStatistics
    ) -> Callable[[], InterpretedQuery]:
        """Return what interprets a request, as often as its figures have to be looked up."""
        glossary = self._glossary.get(generation.folder, statistics.documents)
        analyzer = QueryAnalyzer(self._analyzer)
        completer = self._completers.get(generation.folder)
        names = completer.names if completer else None
        interpreter = Interpreter(restate_lookup(request), analyzer, statistics, glossary, names)
        return lambda: with_lookup_notice(interpreter.interpret(), request, analyzer)

    def _present(
        self, request: SearchRequest, query: InterpretedQuery, result: EngineResult
    ) -> tuple[tuple[ResultHit, ...], tuple[Notice, ...]]:
        """Return the hits of a page, and the notices of its query."""
        if not result.hits:
            return (), query.notices
        terms = collect_highlight_terms(query, request.exact)
        names = [name for hit in result.hits for name in (hit.identifier, *hit.collapsed)]
        articles = self._store.get_many(names)
        highlighter = Highlighter(self._analyzer, terms)
        hits = present_hits(result.hits, articles, query, highlighter)
        if highlighter.is_out_of_time and result.complete:
            return hits, (*query.notices, TimeNotice())
        return hits, query.notices

    def _read_articles(self, identifiers: tuple[str, ...]) -> Iterator[Article]:
        """Yield the articles that the store still has, in this order."""
        for start in range(0, len(identifiers), _ARTICLES_IN_MEMORY):
            names = identifiers[start : start + _ARTICLES_IN_MEMORY]
            articles = self._store.get_many(names)
            yield from (articles[name] for name in names if name in articles)

    def _look_up_external_ids(self, generation: str, identifiers: list[str]) -> dict[str, str]:
        """Return external identifiers, remembered as long as the same generation is served."""
        if self._external_ids[0] != generation:
            self._external_ids = (generation, {})
        external_ids = self._external_ids[1]
        unknown = [identifier for identifier in identifiers if identifier not in external_ids]
        for identifier, article in self._store.get_many(unknown).items():
            external_ids[identifier] = article.external_id
        return external_ids


def _with_messages(notices: Sequence[Notice], hits: Sequence[ResultHit]) -> tuple[Notice, ...]:
    """Return notices with their sentences, each sentence once: at its first place."""
    stated: dict[tuple[type[Notice], str], Notice] = {}
    for notice in notices:
        worded = with_message(_with_left_out(notice, hits))
        stated.setdefault((type(worded), worded.message), worded)
    return tuple(stated.values())


def _with_left_out(notice: Notice, hits: Sequence[ResultHit]) -> Notice:
    """Return a notice that names the words which the best hit lacks."""
    if isinstance(notice, RelaxedNotice) and hits:
        return structs.replace(notice, left_out=hits[0].missing)
    return notice


def _new_known_words(_: Path) -> KnownWords:
    return {}
