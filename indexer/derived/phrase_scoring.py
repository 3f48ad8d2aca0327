"""How good a phrase is as a completion: the articles that hold it, and how it holds together."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.array_file import Array
from indexer.derived.phrase_counts import DOCUMENTS, TITLES, Phrases, keys_of, words_of
from indexer.derived.word_ids import HEAD_WORDS

TITLE_WEIGHT: Final = 3
"""What an article counts that has the phrase in its title."""

LENGTH_WORTH: Final = {1: 0.02, 2: 1.0, 3: 1.25, 4: 1.5}
"""What a phrase of so many words is worth as a completion: a syllable is seldom a word."""

_LEAST_COHESION = 0.02
_SCORE_UNIT = 64
_LOOSE, _TIGHT = 0.25, 0.6
_SMALL = 1e-9


def weights(counts: NDArray[np.int32]) -> NDArray[np.int32]:
    """What phrases weigh: articles, three times where the title holds them."""
    found: NDArray[np.int32] = counts[:, DOCUMENTS] + (TITLE_WEIGHT - 1) * counts[:, TITLES]
    return found


def scores(
    phrases: Phrases, length: int, shorter: Phrases, often: NDArray[np.int64], articles: int
) -> Array:
    """How good phrases are as completions: weight times cohesion, in 1 / `_SCORE_UNIT`.

    Cohesion is normalized pointwise mutual information (Bouma 2009), twice: of the words, by
    articles (`của các` has little, `công an` much, however common both are), and of the phrase
    without its last or first word and that word, by neighbours (`ma túy và` has little).

    Args:
        phrases: phrases of one length.
        length: their words.
        shorter: phrases of one word less.
        often: for each word's number, the articles that hold it.
        articles: how many there are.
    """
    worth = weights(phrases.counts) * LENGTH_WORTH[length]
    if length > 1:
        whole = np.log(max(2, articles))
        words = words_of(phrases.keys, length)
        held = np.maximum(1, often)[words.astype(np.int64)]
        together = np.log(np.maximum(1, phrases.counts[:, DOCUMENTS]))
        apart = np.log(held).sum(axis=1)
        gained = together + (length - 1) * whole - apart
        cohesion = gained / np.maximum((length - 1) * (whole - together), _SMALL)
        worth = worth * np.clip(cohesion, _LEAST_COHESION, 1)
        # How often a word is there at all, from the share of articles that have it (Poisson).
        there = -articles * np.log1p(-held / (articles + 1))
        ends = ((words[:, :-1], there[:, -1]), (words[:, 1:], there[:, 0]))
        for rest, end in ends:
            known = among_counts(shorter, keys_of(rest))
            places = whole + np.log(HEAD_WORDS)
            gained = together + places - np.log(np.maximum(1, known)) - np.log(np.maximum(1, end))
            cohesion = gained / (places - together)
            worth = worth * np.clip((cohesion - _LOOSE) / (_TIGHT - _LOOSE), _LEAST_COHESION, 1)
    found: Array = np.ceil(worth * _SCORE_UNIT).astype("<u4")
    return found


def among_counts(phrases: Phrases, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
    """How many articles hold some phrases; 0 for those that are not among the ones counted."""
    if not len(phrases.keys):
        return np.zeros(len(keys), np.int32)
    at = np.searchsorted(phrases.keys, keys)
    there = phrases.keys.take(at, mode="clip") == keys
    found: NDArray[np.int32] = phrases.counts[:, DOCUMENTS].take(at, mode="clip") * there
    return found
