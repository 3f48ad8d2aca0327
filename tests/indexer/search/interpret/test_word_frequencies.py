"""Words are counted as they were typed: bare ones in any form, others in their own."""

from __future__ import annotations

import pytest

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpret.word_frequencies import WordFrequencies
from indexer.search.query.parser import parse
from tests.counted_texts import CountedTexts


@pytest.mark.parametrize("typed", ["", "mà ma i-ran"])
@pytest.mark.parametrize(
    ("word", "count"),
    [("ma", 13), ("mà", 10), ("má", 3), ("MÀ", 10), ("mạ", 0), ("", 0), ("-", 0), ("i-ran", 2)],
)
def test_words_are_counted_with_their_diacritics(typed: str, word: str, count: int) -> None:
    analyzer = Analyzer()
    statistics = CountedTexts({"mà": 10, "má": 3, "i ran": 2})
    frequencies = WordFrequencies(parse(typed, analyzer), analyzer, statistics)
    assert frequencies(word) == count


def test_the_words_of_the_query_are_not_analysed_again() -> None:
    class Once(Analyzer):
        def word_token(self, word: str) -> None:  # type: ignore[override]
            raise AssertionError(word)

    statistics = CountedTexts({"mà": 10})
    frequencies = WordFrequencies(parse("mà ma", Analyzer()), Once(), statistics)
    assert (frequencies("mà"), frequencies("ma")) == (10, 10)
