"""Typical terms: the words of some documents that tell them from the others, for feedback.

The words of the hits came with them, so that scores are computed here; only the frequencies of
words that may be typical, and were not looked up before, are asked of the index.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import Final

from indexer.analysis.fields import Field
from indexer.engine.records import FeedbackQuery, Hit, TermWeight
from indexer.opensearch_engine.stored_words import StoredWords, read_words
from indexer.opensearch_engine.term_lookups import TermLookups

MOST_SHARE: Final = 0.1
"""Words of a larger share of all documents are typical of none."""

_CANDIDATES: Final = 2
"""Words that are looked at for each one wanted."""

_FEW_DOCUMENTS: Final = 1000
"""Documents of an index of which no word is too common for a candidate."""


def score_feedback(
    lookups: TermLookups, request: FeedbackQuery, hits: Sequence[Hit], texts: Mapping[str, str]
) -> tuple[float, ...]:
    """Return the score of each hit by the words that are typical of the best ones.

    Args:
        lookups: the terms of the index.
        request: how many hits and words.
        hits: those of a page.
        texts: identifier -> its words, as they are stored.
    """
    window = [hit.identifier for hit in hits[: request.window]]
    weights = request.weigh(hits[: request.window])
    if not weights:
        return ()
    words = [read_words(texts.get(identifier, "")) for identifier in window]
    shares = share_words(dict(zip(window, words, strict=True)), weights)
    terms = choose_terms(shares, lookups, request.terms)
    if not terms:
        return ()
    average = lookups.average_lengths()[Field.EXACT]
    weighed = {term.text: 2.2 * lookups.idf(count) * term.weight for term, count in terms}
    return tuple(_score(each, weighed, average) for each in words)


def share_words(
    documents: Mapping[str, StoredWords], weights: Mapping[str, float]
) -> dict[str, float]:
    """Return for each exact word of some documents the weighted share it has in their texts."""
    shares: dict[str, float] = {}
    # In the order of the hits: sums of floats depend on it.
    for identifier, weight in weights.items():
        frequencies = documents[identifier].in_text
        length = sum(frequencies.values())
        for word, frequency in frequencies.items():
            shares[word] = shares.get(word, 0.0) + weight * frequency / length
    return shares


def choose_terms(
    shares: Mapping[str, float], lookups: TermLookups, limit: int
) -> list[tuple[TermWeight, int]]:
    """Return the words that are typical, best first, each with its document frequency.

    See `FeedbackQuery`. A word whose frequency is not known is asked for only if it would be among
    the candidates were it as rare as can be.
    """
    known = lookups.remembered_frequencies(Field.EXACT, shares)
    best = _candidates(shares, known, lookups, limit)
    floor = best[-1][0].weight if len(best) == _CANDIDATES * limit else 0.0
    rarest = lookups.idf(1)
    unknown = [
        word for word, share in shares.items() if word not in known and share * rarest >= floor
    ]
    if unknown:
        known |= lookups.typical_frequencies(unknown)
        best = _candidates(shares, known, lookups, limit)
    most = MOST_SHARE * lookups.document_count
    return [row for row in best if 1 < row[1] <= most][:limit]


def _candidates(
    shares: Mapping[str, float], known: Mapping[str, int], lookups: TermLookups, limit: int
) -> list[tuple[TermWeight, int]]:
    """Return the best words, as the embedded engine does: those of one document are among them."""
    documents = lookups.document_count
    most = documents if documents <= _FEW_DOCUMENTS else 2 * MOST_SHARE * documents
    weighed = [
        (TermWeight(word, shares[word] * lookups.idf(count)), count)
        for word, count in known.items()
        if count <= most
    ]
    return heapq.nsmallest(
        _CANDIDATES * limit, weighed, key=lambda row: (-row[0].weight, row[0].text)
    )


def _score(words: StoredWords, weights: Mapping[str, float], average: float) -> float:
    """Return the BM25 score of a document by weighed words; see `indexer.engine.queries`."""
    norm = 1.2 * (0.25 + 0.75 * words.length / average)
    held = words.in_field
    return sum(
        weight * held[word] / (held[word] + norm)
        for word, weight in weights.items()
        if word in held
    )
