"""The embedded engine, reading; the segments are mapped, and shared by all threads."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.arrays.string_table import ABSENT
from indexer.engine.api import Searchable
from indexer.engine.queries import Column, MatchNone
from indexer.engine.records import (
    EngineQuery,
    EngineResult,
    EngineStatus,
    TermFigures,
    TermLookup,
    TermWeight,
)
from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.collection_statistics import CollectionStatistics
from indexer.whoosh_engine.reading.segment_search import FacetValues, IndexSearch
from indexer.whoosh_engine.reading.term_sums import term_sums
from indexer.whoosh_engine.reading.typical_words import MOST_SHARE, typical_words
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh


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
        return IndexSearch(request, self._segments, self._statistics, self._facets).run()

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

    def feedback_scores(
        self, weights: Mapping[str, float], identifiers: Sequence[str], limit: int
    ) -> list[float]:
        """Return the score of documents by the words that are typical of some of them."""
        terms = self._expansion_terms(weights, limit)
        scores: dict[str, float] = {}
        for index, (_, names, numbers) in enumerate(self._locate(identifiers)):
            if names and terms:
                sums = term_sums(self._segments[index], index, self._statistics, terms, numbers)
                scores.update(zip(names, sums.tolist(), strict=True))
        return [scores.get(name, 0.0) for name in identifiers]

    def _expansion_terms(self, weights: Mapping[str, float], limit: int) -> list[TermWeight]:
        """Return the exact words that are typical of the texts of some documents, best first."""
        self._check_open()
        shares: dict[str, float] = {}
        for segment, names, numbers in self._locate(list(weights)):
            document_weights = np.array([weights[name] for name in names])
            words = typical_words(segment, numbers, document_weights, limit) if names else {}
            for text, share in words.items():
                shares[text] = shares.get(text, 0.0) + share
        frequencies = self._statistics.document_frequencies(Field.EXACT, list(shares))
        terms = [
            TermWeight(text, share * self._statistics.idf(frequency))
            for (text, share), frequency in zip(shares.items(), frequencies, strict=True)
            if 1 < frequency <= self._most_documents
        ]
        return heapq.nsmallest(limit, terms, key=lambda term: (-term.weight, term.text))

    @property
    def _most_documents(self) -> float:
        """Return the document frequency above which a word is typical of nothing."""
        return self._statistics.document_count * MOST_SHARE

    def _locate(self, identifiers: Sequence[str]) -> Iterator[tuple[Segment, list[str], Array]]:
        """Yield each segment with those of the documents that are live in it, by their number."""
        for segment in self._segments:
            names = list(dict.fromkeys(identifiers))
            found = segment.find_identifiers(names).tolist()
            located = sorted(
                (number, name)
                for number, name in zip(found, names, strict=True)
                if number != ABSENT and (segment.live_mask is None or segment.live_mask[number])
            )
            numbers = np.array([number for number, _ in located], np.intp)
            yield segment, [name for _, name in located], numbers

    def documents(self) -> Iterator[tuple[str, int]]:
        """Yield the identifier and version of every document."""
        self._check_open()
        for segment in self._segments:
            versions = segment.array("versions").read()
            for number in segment.live_documents().tolist():
                yield segment.identifiers.string(number), int(versions[number])

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
