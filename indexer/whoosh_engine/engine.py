"""The embedded engine, reading; the segments are mapped, and shared by all threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.engine.queries import Column
from indexer.engine.records import EngineQuery, EngineResult, EngineStatus, TermCount
from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.segment import Segment, segment_entries
from indexer.whoosh_engine.reading.collection_statistics import Statistics
from indexer.whoosh_engine.reading.segment_search import FacetTexts, Search
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh


class WhooshEngine:
    """An index folder, opened for reading; implements `indexer.engine.api.Engine`."""

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder; see `indexer.engine.api.open_engine`."""
        check_whoosh()
        self._folder, self._manifest = folder, read_manifest(folder)
        entries = segment_entries(self._manifest)
        self._segments = [Segment(folder, entry) for entry in entries]
        self._statistics = Statistics(self._segments)
        self._facets: dict[Column, FacetTexts] = {}
        self._open = True

    @property
    def segments(self) -> Sequence[Segment]:
        """The segments, in the order of the manifest."""
        return self._segments

    def search(self, request: EngineQuery) -> EngineResult:
        """Answer one question; see `indexer.engine.api.Engine`."""
        self._check_open()
        for column in request.facets:
            if column is Column.PUBLISHED:
                raise ValueError("the column published has no values to count")
            if column not in self._facets:
                self._facets[column] = FacetTexts(self._segments, column)
        return Search(request, self._segments, self._statistics, self._facets).answer()

    def document_frequencies(self, field: Field, texts: Sequence[str]) -> list[int]:
        """How many documents hold each term; see `indexer.engine.api.Engine`."""
        self._check_open()
        return [self._statistics.often(field, text) for text in texts]

    def exact_forms(self, folded: str) -> list[TermCount]:
        """The exact forms of a folded syllable or pair; see `indexer.engine.api.Engine`."""
        self._check_open()
        return list(self._statistics.exact_forms(folded))

    def documents(self) -> Iterator[tuple[str, int]]:
        """Identifier and version of every document; see `indexer.engine.api.Engine`."""
        self._check_open()
        for segment in self._segments:
            versions = segment.array("versions").read()
            for number in segment.documents().tolist():
                yield segment.identifiers.string(number), int(versions[number])

    def status(self) -> EngineStatus:
        """What this index holds; see `indexer.engine.api.Engine`."""
        manifest = self._manifest
        return EngineStatus(manifest.documents, manifest.sequence, manifest.analyzer)

    def close(self) -> None:
        """Let go of the files; a search that is under way ends as it began."""
        self._open = False
        self._segments = []

    def _check_open(self) -> None:
        if not self._open:
            raise EngineError(f"the index in {self._folder} is closed")
