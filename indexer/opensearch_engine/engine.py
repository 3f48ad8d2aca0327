"""The engine on a cluster, reading; safe to share between threads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from archive.errors import EngineError
from indexer.engine.api import Searchable
from indexer.engine.queries import MatchNone
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    EngineStatus,
    FacetCounts,
    TermFigures,
    TermLookup,
)
from indexer.opensearch_engine.cluster_client import ClientLimits, ClusterClient
from indexer.opensearch_engine.cluster_search import ClusterSearch, check_request, queries_of
from indexer.opensearch_engine.index_pointer import read_pointer
from indexer.opensearch_engine.lowering import MATCH_ALL, QueryLowering
from indexer.opensearch_engine.mapping import IDENTIFIER, VERSION
from indexer.opensearch_engine.remote_index import RemoteIndex
from indexer.opensearch_engine.search_answers import SearchTarget
from indexer.opensearch_engine.term_lookups import TermLookups
from indexer.opensearch_engine.term_vectors import TermVectors
from indexer.opensearch_engine.typical_terms import score_feedback
from indexer.opensearch_engine.word_dictionary import ExactWordDictionary

_DOCUMENTS_AT_ONCE: Final = 5000

_SECONDS_DESCRIBED: Final = 30.0
"""Seconds after which the index is asked again how many documents it has: every page says so."""


@dataclass(frozen=True, slots=True)
class ClusterSearcher:
    """The searches of an index as it is, or at a point in time."""

    target: SearchTarget
    lookups: TermLookups

    def search(self, request: EngineQuery) -> EngineResult:
        """Return the best matches, counts and facets; see `indexer.engine.api.Searchable`."""
        check_request(request)
        if request.budget is not None and request.budget < 0:
            facets = tuple(FacetCounts(column, ()) for column in request.facets)
            return EngineResult(0, (), (0,) * len(request.counts), facets, complete=False)
        facts = self.lookups.facts_for(queries_of(request))
        search = ClusterSearch(request, self.target, QueryLowering(facts))
        result = search.run()
        if request.feedback is None or not result.complete:
            return result
        texts = search.stored_words
        return replace(
            result,
            feedback=score_feedback(self.lookups, request.feedback, result.hits, texts),
        )


class OpenSearchEngine:
    """An index on a cluster, opened for reading; implements `indexer.engine.api.Engine`."""

    def __init__(self, folder: Path, limits: ClientLimits | None = None) -> None:
        """Open the index that a folder points to; see `indexer.engine_factory.open_engine`."""
        pointer = read_pointer(folder)
        self._folder = folder
        self._client = ClusterClient(pointer.parsed_location, limits)
        self._index = RemoteIndex(self._client, pointer.index)
        with ExitStack() as on_failure:
            on_failure.callback(self._client.close)
            self._description = self._index.read_description()
            on_failure.pop_all()
        self._described_until = time.monotonic() + _SECONDS_DESCRIBED
        vectors = TermVectors(self._client, pointer.index, self._description.routings)
        dictionary = ExactWordDictionary(self._client, self._index.dictionary)
        self._lookups = TermLookups(vectors, dictionary)
        self._target = SearchTarget(self._client, pointer.index)
        self._is_open = True

    def search(self, request: EngineQuery) -> EngineResult:
        """Return the best matches, counts and facets."""
        self._check_open()
        return ClusterSearcher(self._target, self._lookups).search(request)

    def look_up(self, lookup: TermLookup) -> TermFigures:
        """Return frequencies and exact forms of terms and numbers of matches."""
        self._check_open()
        frequencies, forms, counts = lookup.frequencies, lookup.forms, tuple(lookup.counts)
        if not counts:
            return TermFigures(*self._lookups.look_up(frequencies, forms), ())
        counted = EngineQuery(MatchNone(), counts=counts, limit=0)
        if not (frequencies or forms):
            return TermFigures({}, (), self.search(counted).counts)
        # Neither waits for the other.
        with ThreadPoolExecutor(max_workers=1) as pool:
            counting = pool.submit(self.search, counted)
            figures = self._lookups.look_up(frequencies, forms)
            return TermFigures(*figures, counting.result().counts)

    @contextmanager
    def snapshot(self) -> Iterator[Searchable]:
        """Return the index as it is now; it is lost with a node that holds a part of it."""
        self._check_open()
        target = self._target.open_point_in_time()
        try:
            yield ClusterSearcher(target, self._lookups)
        finally:
            if self._is_open:
                target.close_point_in_time()

    def documents(self) -> Iterator[tuple[str, int]]:
        """Yield the identifier and version of every document, by identifier."""
        self._check_open()
        target = self._target.open_point_in_time()
        body = {
            "query": MATCH_ALL,
            "size": _DOCUMENTS_AT_ONCE,
            "sort": [{IDENTIFIER: "asc"}],
            "docvalue_fields": [VERSION],
            "track_total_hits": False,
            "_source": False,
        }
        try:
            while True:
                (answer,) = target.search([body])
                if answer.is_partial:
                    raise EngineError("a part of the index does not answer; try again")
                hits = answer.hits.hits
                for hit in hits:
                    yield hit.identifier, int(hit.fields[VERSION][0])
                if len(hits) < _DOCUMENTS_AT_ONCE:
                    return
                body["search_after"] = hits[-1].sort
        finally:
            if self._is_open:
                target.close_point_in_time()

    def status(self) -> EngineStatus:
        """Return the size and origin of the index, as the cluster knew it some seconds ago."""
        self._check_open()
        now = time.monotonic()
        if now >= self._described_until:
            sequence = self._description.sequence
            self._description = self._index.read_description()
            self._described_until = now + _SECONDS_DESCRIBED
            if self._description.sequence != sequence:
                self._lookups.forget_words()
        description = self._description
        return EngineStatus(
            description.documents, description.sequence, description.analyzer, is_remote=True
        )

    def close(self) -> None:
        """Close the connections; closing twice is allowed."""
        self._is_open = False
        self._client.close()

    def _check_open(self) -> None:
        if not self._is_open:
            raise EngineError(f"the index in {self._folder} is closed")
