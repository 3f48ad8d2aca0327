"""Typical words: the words of some documents that tell them from the others, over all segments."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array
from indexer.engine.records import TermWeight
from indexer.whoosh_engine.format.positions import words_of_documents
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.reading.collection_statistics import CollectionStatistics
from indexer.whoosh_engine.reading.top_k import smallest_places

MOST_SHARE: Final = 0.1
"""Words of a larger share of all documents are typical of none."""

_CANDIDATES: Final = 2
"""Words that are looked at for each one wanted."""

_FEWEST_CANDIDATES: Final = 32
"""Words that are looked at however few are wanted."""

_CANDIDATES_OF_SEGMENT: Final = 4
"""Times as many words of each of several segments, whose shares are not those of all."""

_FEW_DOCUMENTS: Final = 1000
"""Documents of which no word is too common for a candidate."""

_MOST_MARKED: Final = 128
"""Words of a segment for each word of the documents that are faster marked than sorted."""


class WordShares:
    """The words of some documents of a segment, each with its share of their texts.

    The share of a word is the sum over the documents of weight * its frequency / words of the text.
    """

    def __init__(self, segment: Segment, documents: Array, weights: Array) -> None:
        """Count the words.

        Args:
            segment: the segment.
            documents: ascending.
            weights: the weight of each document.
        """
        self._segment = segment
        words, owners = words_of_documents(segment, documents)
        places = np.searchsorted(documents, owners)  # (tokens,) index of the document
        lengths = np.bincount(places, minlength=len(documents))
        self._numbers, inverse = _different(words, len(segment.words.exact))
        shares = (weights / np.maximum(lengths, 1))[places]
        self._shares = np.bincount(inverse, weights=shares, minlength=len(self._numbers))

    def best(self, count: int) -> dict[str, int]:
        """Return the words that are the most typical by this segment alone.

        Returns:
            Exact word -> its document frequency in the segment.
        """
        segment, numbers = self._segment, self._numbers
        if not len(numbers):
            return {}
        frequencies = segment.word_frequencies(Field.EXACT, numbers)
        scores = self._shares * (np.log(segment.document_count / (frequencies + 1)) + 1)
        if segment.document_count > _FEW_DOCUMENTS:
            scores[frequencies > 2 * MOST_SHARE * segment.document_count] = -1
        best = smallest_places(-scores, count)
        best = best[scores[best] >= 0]
        texts = list(map(segment.words.exact_text, numbers[best].tolist()))
        segment.words.remember(texts, numbers[best].tolist())
        return dict(zip(texts, frequencies[best].tolist(), strict=True))

    def of_words(self, texts: Sequence[str]) -> Array:
        """Return the share of each exact word."""
        if not len(self._numbers):
            return np.zeros(len(texts))
        wanted = self._segment.words.find_all(True, texts)
        places = np.searchsorted(self._numbers, wanted)
        places[places == len(self._numbers)] = 0
        return np.where(self._numbers[places] == wanted, self._shares[places], 0.0)


def _different(words: Array, word_count: int) -> tuple[Array, Array]:
    """Return the different words, ascending, and the place of each word among them."""
    if word_count > _MOST_MARKED * len(words):
        return np.unique(words, return_inverse=True)
    # Words that are marked need not be sorted.
    is_there = np.zeros(word_count, bool)
    is_there[words] = True
    numbers = np.flatnonzero(is_there)
    places = np.empty(word_count, np.int32)
    places[numbers] = np.arange(len(numbers))
    return numbers, places.take(words)


def typical_words(
    parts: Sequence[WordShares | None], statistics: CollectionStatistics, limit: int
) -> list[TermWeight]:
    """Return the words that are typical of some documents, best first; see `FeedbackQuery`.

    Args:
        parts: for each segment the words of its documents; None where it has none of them.
        statistics: those of all segments.
        limit: words wanted.
    """
    wanted = max(_CANDIDATES * limit, _FEWEST_CANDIDATES)
    present = [part for part in parts if part is not None]
    several = _CANDIDATES_OF_SEGMENT if len(present) > 1 else 1
    counted: list[Mapping[str, int]] = [
        part.best(several * wanted) if part else {} for part in parts
    ]
    texts = list(dict.fromkeys(text for words in counted for text in words))
    shares = sum((part.of_words(texts) for part in present), np.zeros(len(texts)))
    documents = statistics.document_count
    most = documents if documents <= _FEW_DOCUMENTS else 2 * MOST_SHARE * documents
    weighed = [
        (TermWeight(text, share * statistics.idf(frequency)), frequency)
        for text, share, frequency in zip(
            texts, shares.tolist(), statistics.exact_frequencies(texts, counted), strict=True
        )
        if frequency <= most
    ]
    best = heapq.nsmallest(wanted, weighed, key=lambda row: (-row[0].weight, row[0].text))
    return [term for term, frequency in best if 1 < frequency <= MOST_SHARE * documents][:limit]
