"""Phrase scores: how good a phrase is as a completion, by document frequency and cohesion."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.derived.phrase_counts import DOCUMENTS, TITLES, PhraseCounts
from indexer.derived.phrase_keys import pack_phrases
from indexer.derived.word_ids import HEAD_WORDS

TITLE_WEIGHT: Final = 3
"""Articles that an article counts as if it has the phrase in its title."""

LENGTH_WEIGHTS: Final = {1: 0.02, 2: 1.0, 3: 1.25, 4: 1.5}
"""Worth of a phrase by its number of words: a syllable is seldom a word."""

_LEAST_COHESION = 0.02
_SCORES_PER_UNIT = 64
_LOOSE, _TIGHT = 0.25, 0.6
"""Cohesion of neighbours that counts as none, and as full."""

_TINY = 1e-9


def phrase_weights(counts: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return (phrases,) the articles of each, three times those with the phrase in the title."""
    weights: NDArray[np.int32] = counts[:, DOCUMENTS] + (TITLE_WEIGHT - 1) * counts[:, TITLES]
    return weights


def score_phrases(
    phrases: PhraseCounts,
    shorter: PhraseCounts,
    word_frequencies: NDArray[np.int64],
    article_count: int,
) -> NDArray[np.uint32]:
    """Return (phrases,) scores: weight times cohesion, in units of 1 / `_SCORES_PER_UNIT`.

    Cohesion is normalized pointwise mutual information (Bouma 2009), twice: of the words, by
    articles (`của các` has little, `công an` much, however common both are), and of the phrase
    without its last or first word and that word, by neighbours (`ma túy và` has little).

    Args:
        phrases: phrases of one length.
        shorter: phrases of one word less.
        word_frequencies: (word ids,) document frequency of each word.
        article_count: articles of the archive.
    """
    length = phrases.length
    scores = phrase_weights(phrases.counts) * LENGTH_WEIGHTS[length]
    if length > 1:
        word_ids = phrases.word_ids
        # (phrases, words) document frequency of each word; (phrases,) log of the phrase's own.
        frequencies = np.maximum(1, word_frequencies)[word_ids]
        log_phrases = np.log(np.maximum(1, phrases.documents))
        log_articles = np.log(max(2, article_count))
        information = log_phrases + (length - 1) * log_articles - np.log(frequencies).sum(axis=1)
        most = (length - 1) * (log_articles - log_phrases)
        scores = scores * np.clip(information / np.maximum(most, _TINY), _LEAST_COHESION, 1)
        # (phrases, words) expected occurrences of a word in all articles, from the share of
        # articles that have it (Poisson).
        occurrences = -article_count * np.log1p(-frequencies / (article_count + 1))
        log_places = log_articles + np.log(HEAD_WORDS)
        ends = (
            (word_ids[:, :-1], occurrences[:, -1]),  # the last word after the others
            (word_ids[:, 1:], occurrences[:, 0]),  # the first word before the others
        )
        for other_ids, end_occurrences in ends:
            others = shorter.document_frequencies(pack_phrases(other_ids.astype(np.uint64)))
            information = log_phrases + log_places - np.log(np.maximum(1, others))
            information -= np.log(np.maximum(1, end_occurrences))
            cohesion = information / (log_places - log_phrases)
            cohesion = (cohesion - _LOOSE) / (_TIGHT - _LOOSE)
            scores = scores * np.clip(cohesion, _LEAST_COHESION, 1)
    rounded: NDArray[np.uint32] = np.ceil(scores * _SCORES_PER_UNIT).astype(np.uint32)
    return rounded
