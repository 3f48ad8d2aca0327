"""Phrase keys: word n-grams packed into integers of 64 bits, whose order is that of the phrases.

A key holds the ids of a phrase's words, `WORD_BITS` each, the first word in the highest bits; a
phrase of fewer than `LONGEST_PHRASE` words leaves the low bits zero. So phrases with the same
beginning are neighbours in a sorted array of keys, and a prefix is a range of keys.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST_PHRASE = 4
"""Words of the longest phrase."""

PHRASE_LENGTHS = range(1, LONGEST_PHRASE + 1)

WORD_BITS = 16

MAX_WORD_ID = (1 << WORD_BITS) - 1
"""The highest id that a word of a phrase can have; ids begin at 1."""

PhraseKeys = NDArray[np.uint64]


def word_shift(position: int) -> int:
    """Return the place value, in bits, of the word at a position of a phrase."""
    return (LONGEST_PHRASE - 1 - position) * WORD_BITS


def key_range(word_ids: Sequence[int]) -> tuple[np.uint64, np.uint64]:
    """Return the lowest and the highest key of the phrases that begin with some words."""
    lowest = sum(word_id << word_shift(i) for i, word_id in enumerate(word_ids))
    return np.uint64(lowest), np.uint64(lowest | ((1 << word_shift(len(word_ids) - 1)) - 1))


def pack_phrases(word_ids: NDArray[np.uint64]) -> PhraseKeys:
    """Return (phrases,) the keys of phrases given as (phrases, words) ids."""
    keys = np.zeros(len(word_ids), np.uint64)
    for position, column in enumerate(word_ids.T):
        keys |= column << word_shift(position)
    return keys


def unpack_phrases(keys: PhraseKeys, length: int) -> NDArray[np.int64]:
    """Return (phrases, `length`) the word ids of phrases of one length."""
    shifts = np.array([word_shift(position) for position in range(length)], np.uint64)
    return ((keys[:, None] >> shifts) & MAX_WORD_ID).astype(np.int64)


def word_ids_at(keys: PhraseKeys, position: int) -> NDArray[np.int64]:
    """Return (phrases,) the id of the word at one position of each phrase."""
    return ((keys >> word_shift(position)) & MAX_WORD_ID).astype(np.int64)


def first_of_each(sorted_values: PhraseKeys) -> NDArray[np.bool_]:
    """Return (values,) whether each value of a sorted array is the first of its kind."""
    is_first = np.ones(len(sorted_values), bool)
    np.not_equal(sorted_values[1:], sorted_values[:-1], out=is_first[1:])
    return is_first
