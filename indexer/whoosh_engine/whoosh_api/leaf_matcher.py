"""The leaf matcher: any of Whoosh's queries walks postings through it, document by document.

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
from indexer.arrays.string_table import decode_string
from indexer.whoosh_engine.format.length_norms import LENGTHS
from indexer.whoosh_engine.format.positions import term_positions
from indexer.whoosh_engine.format.schema import FIELDS_WITH_POSITIONS, text_of
from indexer.whoosh_engine.format.segment import Postings, Segment

BLOCK_SIZE: Final = 128
"""Postings that share one highest quality."""


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """A walk over the documents of one term of a segment; for one thread."""

    def __init__(
        self,
        segment: Segment,
        postings: Postings,
        term: tuple[str, bytes],
        format_: Format,
        scorer: BaseScorer | None = None,
    ) -> None:
        """Begin at the first document of a term, which Whoosh calls by its key."""
        self.format, self.scorer = format_, scorer
        self._segment, self._term, self._postings = segment, term, postings
        self._documents, self._frequencies = postings.documents_and_frequencies()
        self._ids: list[int] = self._documents.tolist()
        self._blocks: tuple[Array, Array] | None = None
        self._block_positions = (-1, list[list[int]]())
        self._index = 0

    def copy(self) -> ArrayMatcher:
        """Return another matcher at the same document."""
        copy = ArrayMatcher(self._segment, self._postings, self._term, self.format, self.scorer)
        copy._index = self._index
        return copy

    def reset(self) -> None:
        """Go back to the first document."""
        self._index = 0

    def is_active(self) -> bool:
        """Tell whether there is a current document."""
        return self._index < len(self._ids)

    def id(self) -> int:
        """Return the current document."""
        return self._ids[self._index]

    def all_ids(self) -> list[int]:
        """Return all documents."""
        return self._ids

    def next(self) -> bool:
        """Go to the next document; tell whether it is in another block."""
        if not self.is_active():
            raise ReadTooFar
        self._index += 1
        return self._index % BLOCK_SIZE == 0

    def skip_to(self, id: int) -> None:
        """Go to the first document that is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        self._index = bisect_left(self._ids, id, self._index)

    def weight(self) -> float:
        """Return the weighted frequency in the current document."""
        return float(self._frequencies[self._index])

    def value(self) -> bytes:
        """Return the current positions, as the format of the field encodes them."""
        encoded: bytes = self.format.encode(self._positions())
        return encoded

    def value_as(self, astype: str) -> object:
        """Return the current positions; a posting has no other value."""
        return self._positions() if astype == "positions" else super().value_as(astype)

    def supports(self, astype: str) -> bool:
        """Tell whether a posting has a value: words have positions."""
        return astype == "positions" and Field(self._term[0]) in FIELDS_WITH_POSITIONS

    def _positions(self) -> list[int]:
        block = self._index // BLOCK_SIZE
        if self._block_positions[0] != block:
            start = block * BLOCK_SIZE
            documents = self._documents[start : start + BLOCK_SIZE].astype(np.int64)
            field = Field(self._term[0])
            text = text_of(field, decode_string(self._term[1]))
            self._block_positions = block, term_positions(self._segment, field, text, documents)
        return self._block_positions[1][self._index % BLOCK_SIZE]

    def _block_table(self) -> tuple[Array, Array]:
        """Return the highest frequency and the least length of each block."""
        if self._blocks is None:
            starts = np.arange(0, len(self._ids), BLOCK_SIZE)
            lengths = self._segment.lengths(Field(self._term[0])).take(self._documents)
            self._blocks = (
                np.maximum.reduceat(self._frequencies, starts),
                LENGTHS[np.minimum.reduceat(lengths, starts)],
            )
        return self._blocks

    def block_max_weight(self) -> float:
        """Return the highest frequency in the current block."""
        return float(self._block_table()[0][self._index // BLOCK_SIZE])

    def block_min_length(self) -> int:
        """Return the least length of a document in the current block."""
        return int(self._block_table()[1][self._index // BLOCK_SIZE])

    def skip_to_quality(self, minquality: float) -> int:
        """Skip blocks that cannot score more than this; return their number."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._index = (self._index // BLOCK_SIZE + 1) * BLOCK_SIZE
            skipped += 1
        return skipped
