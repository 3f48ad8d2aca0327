"""The embedded engine, reading; the segments are mapped, and shared by all threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from archive.errors import EngineError
from indexer.arrays.array_file import Array
from indexer.engine.api import Searchable
from indexer.engine.queries import Column, MatchNone
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    EngineStatus,
    FeedbackQuery,
    Hit,
    TermFigures,
    TermLookup,
    TermWeight,
)
from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.collection_statistics import CollectionStatistics
from indexer.whoosh_engine.reading.segment_search import FacetValues, IndexSearch
from indexer.whoosh_engine.reading.term_sums import term_sums
from indexer.whoosh_engine.reading.typical_words import WordShares, typical_words
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh

HitPlaces = Mapping[str, tuple[Segment, int]]
"""The segment of each hit and its number there, by identifier."""


class WhooshEngine:
    """An index folder, opened for reading; implements `indexer.engine.api.Engine`."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder; see `indexer.engine_factory.open_engine`."""
        check_whoosh()
        self._folder, self._manifest = folder, read_manifest(folder)
        self._segments = [Segment(folder, entry) for entry in self._manifest.segments]
        self._statistics = CollectionStatistics(self._segments)
        self._facets: dict[Column, FacetValues] = {}
        self._open = True

    @property
    def segments(self) -> Sequence[Segment]:
        """Return the segments, in the order of the manifest."""
        return self._segments

    def search(self, request: EngineQuery) -> EngineResult:
        """Return the best matches, counts and facets."""
        self._check_open()
        for column in request.facets:
            if column is Column.PUBLISHED:
                raise ValueError("the column published has no values to count")
            if column not in self._facets:
                self._facets[column] = FacetValues(self._segments, column)
        search = IndexSearch(request, self._segments, self._statistics, self._facets)
        result = search.run()
        if request.feedback is None or not result.complete:
            return result
        hits = result.hits[: request.feedback.window]
        feedback = self._score_feedback(request.feedback, hits, search.places)
        return replace(result, feedback=feedback)

    def look_up(self, lookup: TermLookup) -> TermFigures:
        """Return frequencies and exact forms of terms and numbers of matches."""
        self._check_open()
        statistics = self._statistics
        counted = EngineQuery(MatchNone(), counts=tuple(lookup.counts), limit=0)
        return TermFigures(
            frequencies={
                field: statistics.document_frequencies(field, texts)
                for field, texts in lookup.frequencies.items()
            },
            forms=[statistics.exact_forms(folded) for folded in lookup.forms],
            counts=self.search(counted).counts if lookup.counts else (),
        )

    @contextmanager
    def snapshot(self) -> Iterator[Searchable]:
        """Return this engine: an index folder never changes."""
        yield self

    def _score_feedback(
        self, request: FeedbackQuery, hits: Sequence[Hit], places: HitPlaces
    ) -> tuple[float, ...]:
        """Return the score of each hit by the words that are typical of the best ones."""
        weights = request.weigh(hits)
        terms = self._typical_words(weights, request.terms, places) if weights else []
        if not terms:
            return ()
        identifiers = [hit.identifier for hit in hits]
        scores: dict[str, float] = {}
        for index, (segment, names, numbers) in enumerate(self._locate(identifiers, places)):
            if names:
                sums = term_sums(segment, index, self._statistics, terms, numbers)
                scores.update(zip(names, sums.tolist(), strict=True))
        return tuple(scores[name] for name in identifiers)

    def _typical_words(
        self, weights: Mapping[str, float], limit: int, places: HitPlaces
    ) -> list[TermWeight]:
        """Return the exact words that are typical of the texts of some documents, best first."""
        parts: list[WordShares | None] = []
        for segment, names, numbers in self._locate(list(weights), places):
            document_weights = np.array([weights[name] for name in names])
            parts.append(WordShares(segment, numbers, document_weights) if names else None)
        return typical_words(parts, self._statistics, limit)

    def _locate(
        self, identifiers: Sequence[str], places: HitPlaces
    ) -> Iterator[tuple[Segment, list[str], Array]]:
        """Yield each segment with those of some hits that are in it, by their number."""
        for segment in self._segments:
            located = sorted(
                (places[name][1], name) for name in identifiers if places[name][0] is segment
            )
            numbers = np.array([number for number, _ in located], np.intp)
            yield segment, [name for _, name in located], numbers

    def documents(self) -> Iterator[tuple[str, int]]:
        """Yield the identifier and version of every document."""
        self._check_open()
        for segment in self._segments:
            live = segment.live_documents()
            versions = segment.array("versions").read()[live].tolist()
            names = segment.identifiers.strings()
            for number, version in zip(live.tolist(), versions, strict=True):
                yield names[number], version

    def status(self) -> EngineStatus:
        """Return the size and origin of the index."""
        manifest = self._manifest
        return EngineStatus(manifest.documents, manifest.sequence, manifest.analyzer)

    def close(self) -> None:
        """Release the files; a search that is under way ends as it began."""
        self._open = False
        self._segments = []

    def _check_open(self) -> None:
        if not self._open:
            raise EngineError(f"the index in {self._folder} is closed")
