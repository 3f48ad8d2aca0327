"""Coverage of a field: how much of it a query's texts are, as a factor of scores."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from indexer.arrays.array_file import Array
from indexer.engine.queries import Coverage
from indexer.whoosh_engine.format.length_norms import LENGTHS
from indexer.whoosh_engine.format.segment import Segment


def coverage_factors(segment: Segment, node: Coverage, weights: Mapping[str, float]) -> Array:
    """Return 1 + boost * held * covered for every document of a segment; see `Coverage`.

    Args:
        segment: the segment.
        node: names the field, the boost and the longest field.
        weights: text -> its idf, times any constant.
    """
    held = np.zeros(segment.document_count)  # the idf of the texts in each field
    words = np.zeros(segment.document_count)  # how many of them
    for text, weight in weights.items():
        postings = segment.postings(node.field, text)
        if postings is not None:
            documents = postings.documents()
            held[documents] += weight
            words[documents] += 1
    factors = np.ones(segment.document_count)
    documents = np.flatnonzero(words != 0)
    lengths = LENGTHS.take(segment.lengths(node.field).take(documents))
    documents, lengths = documents[lengths <= node.longest], lengths[lengths <= node.longest]
    total = sum(weights.values())
    mean, some = total / len(weights), held[documents]
    # Lengths are kept coarsely, so a field may seem shorter than its texts.
    others = np.maximum(lengths - words[documents], 0) * mean
    factors[documents] += node.boost * (some / total) * (some / (some + others))
    return factors
