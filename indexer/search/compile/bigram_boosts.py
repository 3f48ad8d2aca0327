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
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.engine.queries import Prefix, Query, Term, Wildcard
from indexer.search.compile.weights import Weights
from indexer.search.query.syntax import SyntaxNode, UnitNode, WildcardNode, WordNode
from indexer.search.term_statistics import TermStatistics
from indexer.vietnamese.normalization import fold

PATTERN_BOOST: Final = 12.0
"""The score of a bigram with a wildcard: more than that of a word alone in a title."""


@dataclass(frozen=True, slots=True)
class _PairSide:
    """The words at the edges of a query's node.

    Attributes:
        first, last: its first and its last word, folded; the same for a wildcard.
        is_pattern: it is a wildcard.
        is_beginning: its last word is the beginning of one.
    """

    start: int
    end: int
    first: str
    last: str
    is_pattern: bool = False
    is_beginning: bool = False


def pattern_bigrams(
    nodes: Sequence[SyntaxNode], boost: float, *, beginnings: bool
) -> list[list[Query]]:
    """Return the bigrams of each wildcard with the words right beside it.

    `c?ng an` is a word whose letters somebody is not sure of, more often than two words. Every
    word of the pattern would have to be tried to know, so the index looks for the bigrams itself.

    Args:
        nodes: those of a conjunction.
        boost: what each bigram scores.
        beginnings: those of a beginning (`viện b*`) with the word before it as well.
    """
    sides = sorted(
        (side for node in nodes if (side := _pair_side(node))), key=lambda side: side.start
    )
    bigrams: dict[_PairSide, list[Query]] = {}
    for left, right in pairwise(sides):
        pattern = left if left.is_pattern else right
        if right.start - left.end != 1 or not (pattern.is_pattern or beginnings):
            continue
        if bigram := _pattern_bigram(left, right, boost):
            bigrams.setdefault(pattern, []).append(bigram)
    return list(bigrams.values())


def _pattern_bigram(left: _PairSide, right: _PairSide, boost: float) -> Query | None:
    """Return the bigram of two neighbours of which one is a pattern."""
    text = f"{left.last} {right.first}"
    if left.is_beginning or not (left.is_pattern or right.is_pattern or right.is_beginning):
        return None
    if right.is_beginning and not left.is_pattern:
        return Prefix(Field.PAIRS, text, boost)
    return Wildcard(Field.PAIRS, f"{text}*" if right.is_beginning else text, boost)


def _pair_side(node: SyntaxNode) -> _PairSide | None:
    """Return the edges of a node; None of one that stands for itself (a phrase, a date)."""
    if isinstance(node, WildcardNode):
        text = fold(node.text)
        return _PairSide(node.start, node.end, text, text, is_pattern=True)
    words = node.words if isinstance(node, UnitNode) else (node,)
    texts = [word for word in words if isinstance(word, WordNode) and word.tokens]
    if len(texts) < len(words):
        return None
    tokens = [token.folded for word in texts for token in word.tokens]
    is_beginning = texts[-1].prefix and len(texts[-1].tokens) == 1
    return _PairSide(texts[0].start, texts[-1].end, tokens[0], tokens[-1], False, is_beginning)


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
