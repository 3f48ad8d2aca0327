"""Typical words: the words of some documents of a segment that tell them from the others."""

from __future__ import annotations

from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.whoosh_engine.format.positions import words_of_documents
from indexer.whoosh_engine.format.segment import Segment

MOST_SHARE: Final = 0.1
"""Words of a larger share of all documents are typical of none."""

_CANDIDATES: Final = 2
"""Words that are looked at for each one wanted: the counts of one segment are not those of all."""

_FEW_DOCUMENTS: Final = 1000
"""Documents of a segment whose own counts say little: none of its words is left out by them."""


def typical_words(
    segment: Segment, documents: Array, weights: Array, limit: int
) -> dict[str, float]:
    """Return candidates for the typical words of some documents.

    Args:
        segment: the segment.
        documents: ascending.
        weights: the weight of each document.
        limit: words wanted in the end.

    Returns:
        Exact word -> its share: the sum over the documents of weight * its frequency / words of the
        text.
    """
    words, owners = words_of_documents(segment, documents)
    if not len(words):
        return {}
    places = np.searchsorted(documents, owners)  # (tokens,) index of the document
    lengths = np.bincount(places, minlength=len(documents))
    numbers, inverse = np.unique(words, return_inverse=True)
    shares = np.bincount(inverse, weights=(weights / np.maximum(lengths, 1))[places])
    frequencies = segment.word_frequencies(Field.EXACT, numbers)
    scores = shares * (np.log(segment.document_count / (frequencies + 1)) + 1)
    if segment.document_count > _FEW_DOCUMENTS:
        scores[frequencies > 2 * MOST_SHARE * segment.document_count] = -1
    best = np.argsort(-scores, kind="stable")[: _CANDIDATES * limit]
    best = best[scores[best] >= 0]
    texts = map(segment.words.exact.string, numbers[best].tolist())
    return dict(zip(texts, shares[best].tolist(), strict=True))
