"""Bigram lifts: how much more often than by chance two words stand side by side in the archive."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from indexer.analysis.fields import Field
from indexer.search.readable_phrases import FUNCTION_WORDS
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.syllables import folded_form, is_bare_syllable

WORDS_AN_ARTICLE = 400
"""Words of an average article: how often two words meet in it by chance depends on it.

Only the thresholds below depend on it, so it is no figure of the archive at hand."""

LEAST_LIFT = 12.0
"""Times that a bigram has to be as frequent as by chance, in a longer query.

`bắt cướp` has 17, `giá vàng` 91, `công an` 109; `khi bắt` 8, `hội cần` 4."""

LEAST_LIFT_ALONE = 4.0
"""The same for a query that is two words and nothing else: who types `mới về` means both.

Function words beside them are nothing else: `các hợp chất` is *hợp chất* (6), and not the three
syllables anywhere. What no stronger unit takes is one as well, of a longer query: `động đất`
(7) of `động đất ở Ý`."""

LEAST_LIFT_OF_COMMON = 1.0
"""The same for two words that are each in a fifth of the articles: those that hold both tell
nothing, and `đồng giới` (1.3) of `kết hôn đồng giới` is one."""

COMMON = 1 / 5

LEAST_COHESION = 1 / 3
"""The share of the articles with two units in which they stand in a row, to make them one."""

LEAST_ARTICLES = 3
"""Articles that a bigram of two common words has to be in; a rare word's needs a share of its."""

HIGH_LIFT = 100.0
"""Beyond this a bigram is surely one: that words are rare makes it no likelier to be meant."""


class BigramLifts:
    """The lifts of exact bigrams by the statistics of one index."""

    def __init__(self, statistics: TermStatistics) -> None:
        self._statistics = statistics

    def weigh(self, bigram: str) -> float:
        """Return how much speaks for an exact bigram that bare words may stand for.

        As in a likelihood ratio, articles count by how far they are from chance.
        """
        documents = self._statistics.document_frequency(Field.EXACT_PAIRS, bigram)
        return documents * self._distance(bigram)

    def strength(self, bigram: str) -> float:
        """Return how strongly the words of an exact bigram belong together.

        A rare bigram has the greater lift by its rare word alone: in `hiện tại đã` that of the
        few *tại Đà* (Nẵng), where *hiện tại* is what the archive writes.
        """
        documents = self._statistics.document_frequency(Field.EXACT_PAIRS, bigram)
        return math.log1p(documents) * self._distance(bigram)

    def _distance(self, bigram: str) -> float:
        """Return how far an exact bigram is from chance."""
        return math.log1p(min(self.lift(bigram), HIGH_LIFT) / LEAST_LIFT)

    def lift(self, bigram: str) -> float:
        """Return how much more often than by chance the words of an exact bigram meet.

        Two foreign names that the archive has in either order are a list of names, not a name.
        """
        statistics = self._statistics
        words = bigram.split(" ")
        if len(words) < 2:
            return 0.0
        together = statistics.document_frequency(Field.EXACT_PAIRS, bigram)
        frequencies = statistics.document_frequencies(Field.EXACT, words)
        if not together or (
            together < LEAST_ARTICLES and together < LEAST_COHESION * min(frequencies)
        ):
            return 0.0
        if _are_names(words):
            reverse = statistics.document_frequency(Field.EXACT_PAIRS, " ".join(reversed(words)))
            if reverse * 3 > together:
                return 0.0
        return self.lift_of(bigram)

    def lift_of(self, bigram: str) -> float:
        """Return the lift of an exact bigram, however rare it is."""
        together = self._statistics.document_frequency(Field.EXACT_PAIRS, bigram)
        frequencies = self._statistics.document_frequencies(Field.EXACT, bigram.split(" "))
        return self.rate(together) * WORDS_AN_ARTICLE / self.expected(frequencies)

    def rate(self, documents: int) -> float:
        """Return the occurrences an article, of a word that is spread by Poisson's law."""
        total = max(2, self._statistics.documents)
        return -math.log1p(-min(documents, total - 1) / total)

    def expected(self, frequencies: Sequence[int]) -> float:
        """Return the occurrences of neighbours by chance, of words in so many articles each."""
        return max(1e-12, math.prod(map(self.rate, frequencies)))

    def weak_strengths(self, read: Sequence[str]) -> list[float]:
        """Return how strongly content words belong to the next one, if they do so a little.

        Of what no stronger unit takes, `động đất` is one beside `ở Ý`, though both are common.
        """
        return [
            self.strength(bigram) if self.lift(bigram) >= self._least_lift(bigram) else 0.0
            for bigram in map(_content_bigram, pairwise(read))
        ]

    def _least_lift(self, bigram: str) -> float:
        """Return how far from chance two words have to be that no stronger unit takes."""
        statistics = self._statistics
        frequencies = statistics.document_frequencies(Field.EXACT, bigram.split(" "))
        are_common = min(frequencies) > COMMON * statistics.documents
        return LEAST_LIFT_OF_COMMON if are_common else LEAST_LIFT_ALONE


def look_up_bigrams(statistics: TermStatistics, bigrams: Iterable[str]) -> None:
    """Look up what the lifts of exact bigrams depend on, by one call.

    That is the frequencies of the bigrams, of names in either order, and of their words.
    """
    words = [bigram.split(" ") for bigram in bigrams]
    orders = [*map(" ".join, words)]
    orders += [" ".join(reversed(pair)) for pair in words if _are_names(pair)]
    texts = [word for pair in words for word in pair]
    statistics.look_up({Field.EXACT_PAIRS: orders, Field.EXACT: texts})


def _content_bigram(words: tuple[str, str]) -> str:
    """Return two words that are no function words nor figures as a bigram, else nothing."""
    are_content = not any(word in FUNCTION_WORDS or word[0].isdecimal() for word in words)
    return " ".join(words) if are_content else ""


def _are_names(words: Sequence[str]) -> bool:
    """Tell whether none of some words is a Vietnamese syllable."""
    return not any(is_bare_syllable(folded_form(word)) for word in words)
