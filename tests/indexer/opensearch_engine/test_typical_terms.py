"""Typical words: few are asked for, and the scores are those of the cluster's own formula."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.analysis.fields import Field
from indexer.engine.records import FeedbackQuery, Hit
from indexer.opensearch_engine.stored_words import StoredWords, write_words
from indexer.opensearch_engine.term_lookups import TermLookups
from indexer.opensearch_engine.term_vectors import TermCounts
from indexer.opensearch_engine.typical_terms import choose_terms, score_feedback

EXACT = Field.EXACT


class CountedWords:
    """Term vectors of an index of 5,000 documents; it remembers what was asked."""

    def __init__(self, **frequencies: int) -> None:
        self.frequencies, self.asked = frequencies, list[str]()

    def count(self, terms: Sequence[tuple[Field, str]]) -> TermCounts:
        self.asked += [text for _, text in terms]
        documents = {term: self.frequencies.get(term[1], 0) for term in terms}
        return TermCounts(documents, documents)

    def count_documents(self) -> int:
        return 5000

    def average_lengths(self) -> dict[Field, float]:
        return {EXACT: 12.0}


def lookups_of(words: CountedWords) -> TermLookups:
    return TermLookups(words, words)  # type: ignore[arg-type]


def chosen(lookups: TermLookups, shares: dict[str, float], limit: int) -> list[str]:
    return [term.text for term, _ in choose_terms(shares, lookups, limit)]


def test_words_of_one_document_and_common_ones_are_left_out() -> None:
    words = CountedWords(lụt=20, hiếm=1, và=4000, nhiều=501, vừa=500)
    shares = dict.fromkeys(("và", "hiếm", "nhiều", "lụt", "vừa"), 0.1)
    assert chosen(lookups_of(words), shares, 5) == ["lụt", "vừa"]


def test_words_that_cannot_be_candidates_are_not_asked_for() -> None:
    words = CountedWords(lụt=20, bão=30, lũ=40, đê=50, sông=60)
    lookups = lookups_of(words)
    shares = {"lụt": 0.5, "bão": 0.4, "lũ": 0.3, "đê": 0.2}
    assert chosen(lookups, shares, 2) == ["lụt", "bão"]
    assert words.asked == ["lụt", "bão", "lũ", "đê"]
    # Were it in one document alone, it would be more typical than the fourth.
    assert chosen(lookups, shares | {"sông": 0.15}, 2) == ["lụt", "bão"]
    assert words.asked[4:] == ["sông"]
    assert chosen(lookups, shares | {"gì": 0.01}, 2) == ["lụt", "bão"]
    assert words.asked[5:] == []


def test_a_score_is_bm25_of_the_typical_words() -> None:
    words = CountedWords(lụt=20)
    lookups = lookups_of(words)
    texts = {
        "one": write_words(StoredWords(12, {"lụt": 1, "và": 1}, {"lụt": 3, "và": 1})),
        "two": write_words(StoredWords(24, {"và": 1}, {"lụt": 1, "và": 1})),
        "three": "",
    }
    hits = [Hit("one", 2.0), Hit("two", 1.0), Hit("three", 1.0)]
    scores = score_feedback(lookups, FeedbackQuery(3, 1, 5), hits, texts)
    idf = lookups.idf(20)
    weight = 2.2 * idf * (0.5 * idf)
    norm = 1.2 * (0.25 + 0.75 * 2)
    assert scores == pytest.approx((weight * 3 / 4.2, weight / (1 + norm), 0.0))
    assert score_feedback(lookups, FeedbackQuery(3, 1, 5, fewest=4), hits, texts) == ()
    assert score_feedback(lookups, FeedbackQuery(1, 1, 5), hits[2:], texts) == ()
