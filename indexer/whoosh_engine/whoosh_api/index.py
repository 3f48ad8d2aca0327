"""The index as Whoosh knows it: its stock searchers answer any of its queries over our files."""

from __future__ import annotations

from collections.abc import Sequence

from whoosh.index import Index
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from indexer.whoosh_engine.format.length_norms import K1, B
from indexer.whoosh_engine.format.schema import schema
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.whoosh_api.codec import ArrayCodec


class ArrayIndex(Index):  # type: ignore[misc]
    """The segments of an engine; it is read only: `writer.WhooshWriter` makes changes."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Look at segments that are open already."""
        self.schema, self._segments = schema(), segments

    def is_empty(self) -> bool:
        """Whether there is no document."""
        return not self._segments

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """Whoosh's own reader of a segment, or of several; for one thread."""
        codec = ArrayCodec()
        readers = [
            SegmentReader(None, self.schema, segment, codec=codec) for segment in self._segments
        ]
        if not readers:
            return EmptyReader(self.schema)
        return readers[0] if len(readers) == 1 else MultiReader(readers)

    def searcher(self, **options: object) -> Searcher:
        """Whoosh's own searcher, with the scores of the house; for one thread."""
        return super().searcher(**{"weighting": BM25F(B=B, K1=K1), **options})
