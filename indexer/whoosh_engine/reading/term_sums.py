"""Term sums: the scores of a few documents by many weighted words, all words at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.engine.records import TermWeight
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.collection_statistics import CollectionStatistics


def term_sums(
    segment: Segment,
    index: int,
    statistics: CollectionStatistics,
    terms: Sequence[TermWeight],
    documents: Array,
) -> Array:
    """Return for each document the sum of its BM25 scores by exact words.

    It is what an `Or` of the terms scores, without a scorer for each.

    Args:
        segment: the segment of the documents.
        index: its place among the segments of the index.
        statistics: the statistics of the index.
        terms: the words; a score is multiplied by its weight.
        documents: ascending numbers.
    """
    weights: list[float] = []
    rows: list[Array] = []
    for term in terms:
        postings = segment.postings(Field.EXACT, term.text)
        if postings is not None:
            weights.append(statistics.weight(Field.EXACT, term.text) * term.weight)
            rows.append(postings.frequencies_in(documents))
    if not rows:
        return np.zeros(len(documents))
    frequencies = np.array(rows, np.float64)  # (terms, documents)
    norms = statistics.length_norms(index, Field.EXACT).take(documents)
    scores = frequencies * np.array(weights)[:, np.newaxis]
    scores /= norms + frequencies
    sums: Array = scores.sum(axis=0)
    return sums
