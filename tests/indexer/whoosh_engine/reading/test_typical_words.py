"""The different words of documents: marked in a small dictionary, sorted beside a large one."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.whoosh_engine.reading import typical_words


@pytest.mark.parametrize("tokens", [0, 1, 2, 300])
@pytest.mark.parametrize("word_count", [1, 40, 3000, 1_000_000])
def test_marking_finds_the_words_that_sorting_finds(tokens: int, word_count: int) -> None:
    words = np.random.default_rng(tokens).integers(0, min(word_count, 500), tokens)
    expected, places = np.unique(words, return_inverse=True)
    found, found_places = typical_words._different(words, word_count)
    assert found.tolist() == expected.tolist()
    assert found_places.tolist() == places.tolist()
