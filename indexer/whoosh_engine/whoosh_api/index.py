"""The index as Whoosh knows it: its stock searchers answer any of its queries over our files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from whoosh.index import Index
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from indexer.whoosh_engine.format.index_manifest import read_manifest
from indexer.whoosh_engine.format.length_norms import K1, B
from indexer.whoosh_engine.format.schema import schema
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.whoosh_api.codec import ArrayCodec, ArraySegment
from indexer.whoosh_engine.whoosh_api.version_check import check_whoosh


class ArrayIndex(Index):  # type: ignore[misc]
    """The segments of an engine as a Whoosh index; read only."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Wrap segments that are open already."""
        self.schema, self._segments = schema(), segments

    def is_empty(self) -> bool:
        """Tell whether there is no document."""
        return not self._segments

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """Return Whoosh's own reader of a segment, or of several; for one thread."""
        readers = [
            SegmentReader(None, self.schema, ArraySegment(segment), codec=ArrayCodec())
            for segment in self._segments
        ]
        if not readers:
            return EmptyReader(self.schema)
        return readers[0] if len(readers) == 1 else MultiReader(readers)

    def searcher(self, **options: object) -> Searcher:
        """Return Whoosh's own searcher, with the scores of the engine; for one thread."""
        return super().searcher(**{"weighting": BM25F(B=B, K1=K1), **options})


def open_whoosh_index(folder: Path) -> ArrayIndex:
    """Open an index folder, such as a generation's, for Whoosh's own searchers and queries.

    Whoosh's `open_dir` cannot: the table of contents is our manifest. The fields are those of
    `indexer.analysis.fields.Field`, the terms in them are keys (`schema.key_of`); a hit's stored
    fields are `identifier` and `version`.

    Raises:
        AnalyzerChangedError: the index was made by another analyzer or format.
        EngineError: it is missing or damaged.
    """
    check_whoosh()
    return ArrayIndex([Segment(folder, entry) for entry in read_manifest(folder).segments])
