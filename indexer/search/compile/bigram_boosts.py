"""Bigram boosts: two neighbouring words as evidence beyond the words themselves.

A bigram that is a word of two syllables (`công an`) is much more telling than its syllables, but
its syllables score already. So a bigram counts by its own idf less a share of the idf of its
rarer word: one that follows from its words adds little, one that is unlike them adds much.

Bigrams are terms of fields of their own. The alternative is to compare the positions of the
words; it was measured with phrases of the same bigrams, scored as their words, at a half of the
weight (XQuAD, better there than a quarter) and at a quarter (ViMs):

| as written                 | XQuAD MRR | ms p50 | ViMs MRR / MAP | ms p50 |
|----------------------------|-----------|--------|----------------|--------|
| bigrams as terms           | .959      | 5.6    | .930 / .825    | 27     |
| adjacency from positions   | .956      | 31     | .930 / .827    | 475    |

It ranks as well and takes 6 to 17 times as long; the bigram fields are 48 % of the index's bytes
at 35,431 articles. So speed is bought with size here.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import Term
from indexer.search.compile.weights import Weights
from indexer.search.term_statistics import TermStatistics


def bigram_terms(
    statistics: TermStatistics, tokens: Sequence[Token], weights: Weights
) -> list[Term]:
    """Return the bigrams of neighbouring words as terms, boosted by what they add."""
    if len(tokens) < 2:
        return []
    folded = [token.folded for token in tokens]
    fields = (Field.FOLDED, Field.PAIRS)
    terms = _boosted_terms(statistics, fields, folded, (weights.bigram, weights.explained))
    if weights.exact_bigram:
        exact = [token.exact for token in tokens]
        fields = (Field.EXACT, Field.EXACT_PAIRS)
        terms += _boosted_terms(
            statistics, fields, exact, (weights.exact_bigram, weights.explained)
        )
    return terms


def _boosted_terms(
    statistics: TermStatistics,
    fields: tuple[Field, Field],
    words: Sequence[str],
    weights: tuple[float, float],
) -> list[Term]:
    """Return the bigrams of words that add anything.

    Args:
        statistics: give the idf of words and bigrams.
        fields: those of words and of bigrams.
        words: the words in a row.
        weights: that of a bigram, and the share of its rarer word's idf to subtract.
    """
    weight, explained = weights
    bigrams = [f"{first} {second}" for first, second in zip(words, words[1:], strict=False)]
    word_idf, bigram_idf = statistics.idf(fields[0], words), statistics.idf(fields[1], bigrams)
    terms: list[Term] = []
    for position, (bigram, idf) in enumerate(zip(bigrams, bigram_idf, strict=True)):
        added = idf - explained * max(word_idf[position], word_idf[position + 1])
        if added > 0:
            terms.append(Term(fields[1], bigram, weight * added / idf))
    return terms
