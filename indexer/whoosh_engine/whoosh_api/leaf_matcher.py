"""The leaf matcher: any query of Whoosh's walks the postings through it, one document a time.

It keeps Whoosh's whole contract, positions and block quality included, so that stock searchers
skip blocks of postings that cannot reach the results any more.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

import numpy as np
from whoosh.formats import Format
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.scoring import BaseScorer

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.whoosh_engine.format.length_norms import LENGTHS
from indexer.whoosh_engine.format.positions import term_positions
from indexer.whoosh_engine.format.schema import WITH_POSITIONS, text_of
from indexer.whoosh_engine.format.segment import Postings, Segment

BLOCK: Final = 128
"""Postings for which one highest quality is known."""


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """Walks the documents of one term of a segment; for one thread."""

    def __init__(
        self,
        segment: Segment,
        postings: Postings,
        term: tuple[str, bytes],
        format_: Format,
        scorer: BaseScorer | None = None,
    ) -> None:
        """Stand at the first document of a term, which Whoosh calls by its key."""
        self.format, self.scorer = format_, scorer
        self._segment, self._term, self._postings = segment, term, postings
        self._documents, self._frequencies = postings.postings()
        self._ids: list[int] = self._documents.tolist()
        self._blocks: tuple[Array, Array] | None = None
        self._placed = (-1, list[list[int]]())
        self._at = 0

    def copy(self) -> ArrayMatcher:
        """Another one that stands at the same document."""
        other = ArrayMatcher(self._segment, self._postings, self._term, self.format, self.scorer)
        other._at = self._at
        return other

    def reset(self) -> None:
        """Go back to the first document."""
        self._at = 0

    def is_active(self) -> bool:
        """Whether there is a document here."""
        return self._at < len(self._ids)

    def id(self) -> int:
        """The document here."""
        return self._ids[self._at]

    def all_ids(self) -> list[int]:
        """All documents."""
        return self._ids

    def next(self) -> bool:
        """Go to the next document; tells whether that is in another block."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return self._at % BLOCK == 0

    def skip_to(self, id: int) -> None:
        """Go to the first document that is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._ids, id, self._at)

    def weight(self) -> float:
        """How often the term counts here."""
        return float(self._frequencies[self._at])

    def value(self) -> bytes:
        """The positions here, as the format of the field writes them."""
        encoded: bytes = self.format.encode(self._positions())
        return encoded

    def value_as(self, astype: str) -> object:
        """The positions here; a posting has no other value."""
        return self._positions() if astype == "positions" else super().value_as(astype)

    def supports(self, astype: str) -> bool:
        """Whether positions can be had: those of words can."""
        return astype == "positions" and Field(self._term[0]) in WITH_POSITIONS

    def _positions(self) -> list[int]:
        block = self._at // BLOCK
        if self._placed[0] != block:
            documents = self._documents[block * BLOCK : (block + 1) * BLOCK].astype(np.int64)
            field = Field(self._term[0])
            text = text_of(field, self._term[1].decode("utf-8", "surrogatepass"))
            self._placed = block, term_positions(self._segment, field, text, documents)
        return self._placed[1][self._at % BLOCK]

    def _block_table(self) -> tuple[Array, Array]:
        """The highest frequency and the least length of each block."""
        if self._blocks is None:
            starts = np.arange(0, len(self._ids), BLOCK)
            lengths = self._segment.lengths(Field(self._term[0])).take(self._documents)
            self._blocks = (
                np.maximum.reduceat(self._frequencies, starts),
                LENGTHS[np.minimum.reduceat(lengths, starts)],
            )
        return self._blocks

    def block_max_weight(self) -> float:
        """The highest frequency in this block."""
        return float(self._block_table()[0][self._at // BLOCK])

    def block_min_length(self) -> int:
        """The least length of a document in this block."""
        return int(self._block_table()[1][self._at // BLOCK])

    def skip_to_quality(self, minquality: float) -> int:
        """Leave out blocks that cannot reach more than this; returns how many."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._at = (self._at // BLOCK + 1) * BLOCK
            skipped += 1
        return skipped
