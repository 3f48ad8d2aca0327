"""Phrase boundaries: which phrases are whole, and which are fragments of longer ones.

A phrase is whole if no neighbour, before or after it, is the same in most of its articles: a form
of accessor variety (Feng et al. 2004). `thủ tướng Vũ` is a fragment, since `phó` mostly stands
before it, and so is `công an thành`, since `phố` mostly follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.derived.phrase_counts import PhraseCounts
from indexer.derived.phrase_keys import (
    LONGEST_PHRASE,
    WORD_BITS,
    PhraseKeys,
    first_of_each,
    word_shift,
)

LEAST_ARTICLES: Final = 3
"""Articles that an offered phrase has to be in."""

LARGEST_SHARE: Final = 0.35
"""Share of a phrase's articles that one and the same neighbour may have: less than half, since
neighbours that are rare in their block are not counted."""

UNCOUNTED: Final = 0.8
"""Articles that a neighbour is taken to have beside those that are counted."""

_Shares = NDArray[np.float64]
_Frequencies = NDArray[np.int32]


def whole_phrases(
    phrases: Mapping[int, PhraseCounts], is_exact: bool
) -> dict[int, NDArray[np.bool_]]:
    """Return for each length (phrases,) whether a phrase may be offered.

    Those of the greatest length may go on to the right: whoever offers them adds what follows.

    Args:
        phrases: phrases by their length.
        is_exact: whether all phrases were counted, however rare.
    """
    uncounted = 0.0 if is_exact else UNCOUNTED
    is_whole: dict[int, NDArray[np.bool_]] = {}
    left = right = np.zeros(0)
    for length, counts in phrases.items():
        documents = np.maximum(1, counts.documents)
        next_left = next_right = np.zeros(len(counts.keys))
        if length < LONGEST_PHRASE:
            next_left = (_commonest_left(counts, phrases[length + 1]) + uncounted) / documents
            next_right = (_commonest_right(counts, phrases[length + 1]) + uncounted) / documents
        if length > 2:
            # Longer phrases lack rare words: what stands before all but the last word, or after
            # all but the first, mostly stands beside the phrase, too.
            shorter = phrases[length - 1]
            beginnings = _beginnings(counts.keys, length - 1)
            endings = counts.keys << np.uint64(WORD_BITS)
            next_left = np.maximum(next_left, _look_up(shorter, left, beginnings))
            if length < LONGEST_PHRASE:
                next_right = np.maximum(next_right, _look_up(shorter, right, endings))
        left, right = next_left, next_right
        is_whole[length] = counts.documents >= LEAST_ARTICLES
        is_whole[length] &= (left <= LARGEST_SHARE) & (right <= LARGEST_SHARE)
    return is_whole


def _look_up(phrases: PhraseCounts, values: _Shares, keys: PhraseKeys) -> _Shares:
    """Return (keys,) the value of each phrase, 0 for those not counted."""
    rows, is_present = phrases.find(keys)
    of_keys = np.zeros(len(keys))
    of_keys[is_present] = values[rows[is_present]]
    return of_keys


def _commonest_right(phrases: PhraseCounts, longer: PhraseCounts) -> _Frequencies:
    """Return (phrases,) the articles of the commonest phrase of one word more at the end."""
    return _most_documents(phrases, _beginnings(longer.keys, phrases.length), longer.documents)


def _commonest_left(phrases: PhraseCounts, longer: PhraseCounts) -> _Frequencies:
    """Return (phrases,) the articles of the commonest phrase of one word more in front."""
    endings = longer.keys << np.uint64(WORD_BITS)
    order = np.argsort(endings, kind="stable")
    return _most_documents(phrases, endings[order], longer.documents[order])


def _beginnings(keys: PhraseKeys, length: int) -> PhraseKeys:
    """Return the keys of the first words of phrases."""
    shift = np.uint64(word_shift(length - 1))
    return (keys >> shift) << shift


def _most_documents(
    phrases: PhraseCounts, sorted_parts: PhraseKeys, documents: _Frequencies
) -> _Frequencies:
    """Return (phrases,) the largest of the frequencies that stand beside each phrase."""
    most = np.zeros(len(phrases.keys), np.int32)
    if len(sorted_parts):
        starts = np.flatnonzero(first_of_each(sorted_parts))
        rows, is_present = phrases.find(sorted_parts[starts])
        most[rows[is_present]] = np.maximum.reduceat(documents, starts)[is_present]
    return most
