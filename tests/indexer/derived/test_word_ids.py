"""Word ids: hashes and numbers of the words so far, computed once each."""

from __future__ import annotations

import numpy as np

from indexer.derived.word_ids import Vocabulary


def test_hashes_and_numbers_grow_with_the_words_and_are_made_once() -> None:
    vocabulary, other = Vocabulary(), Vocabulary()
    for word in ("hòa", "12"):
        assert vocabulary.exact[word]
    first = vocabulary.word_hashes()
    assert vocabulary.word_hashes() is first
    assert vocabulary.numbers() == [False, False, True]
    for word in ("bình", "7a"):
        assert vocabulary.exact[word]
    assert len(vocabulary.word_hashes()) == len(vocabulary.exact)
    assert vocabulary.numbers() == [False, False, True, False, True]
    # The same words have the same hashes, whenever they were asked for.
    for word in vocabulary.exact:
        other.exact[word]
    assert np.array_equal(vocabulary.word_hashes(), other.word_hashes())
    assert np.array_equal(vocabulary.word_hashes()[: len(first)], first)


def test_a_cleared_vocabulary_starts_anew() -> None:
    vocabulary = Vocabulary()
    assert vocabulary.exact["hòa"]
    before = vocabulary.word_hashes()
    vocabulary.clear()
    assert vocabulary.exact["bình"] == 1
    assert len(vocabulary.word_hashes()) == 2
    assert vocabulary.word_hashes()[1] != before[1]
    assert vocabulary.numbers() == [False, False]


def test_capitals_are_told_of_each_written_form_once() -> None:
    vocabulary = Vocabulary()
    for word in ("Hòa", "HÒA", "hòa", "A", "iPhone", "12"):
        assert vocabulary.written[word]
    first = vocabulary.capitals()
    assert first.tolist() == [
        [False, False],
        [True, False],
        [True, True],
        [False, False],
        [True, False],
        [False, False],
        [False, False],
    ]
    assert vocabulary.capitals() is first
    assert vocabulary.written["Đà"]
    assert vocabulary.capitals()[len(first) :].tolist() == [[True, False]]
    vocabulary.clear()
    assert vocabulary.written["ĐÀ"]
    assert vocabulary.capitals().tolist() == [[False, False], [True, True]]
