"""Foreseen look-ups: what every interpretation asks of an index, asked by one call.

An index may be far away. Interpretation asks in turn, as each answer decides what to ask next; the
figures of a query's own words and of its neighbours are needed whatever comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.analysis.analyzer import Token
from indexer.analysis.fields import Field
from indexer.search.query.syntax import SyntaxNode, TextNode, leaves
from indexer.search.term_statistics import TermStatistics

_LONGEST_RUN = 3
"""Words that may be written as one."""


def look_up_foreseen(statistics: TermStatistics, tree: SyntaxNode | None) -> None:
    """Look up the words of a query, its pairs, what they give as one word, and their exact forms.

    The statistics remember them.

    Raises:
        EngineError: the index cannot be read.
    """
    texts = [leaf for leaf in leaves(tree) if isinstance(leaf, TextNode)]
    tokens = [token for leaf in texts for token in leaf.tokens]
    folded, exact = [token.folded for token in tokens], [token.exact for token in tokens]
    folded_pairs, exact_pairs = list(_pairs(folded)), list(_pairs(exact))
    statistics.look_up(
        {
            Field.FOLDED: [*folded, *_glued(tokens)],
            # Some articles are written bare.
            Field.EXACT: [*exact, *folded],
            Field.PAIRS: folded_pairs,
            Field.EXACT_PAIRS: [*exact_pairs, *folded_pairs],
        },
        forms=[*folded, *folded_pairs],
    )


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return map(" ".join, pairwise(words))


def _glued(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the folded letters of neighbours as one word."""
    for length in range(2, _LONGEST_RUN + 1):
        for start in range(len(tokens) - length + 1):
            yield "".join(token.folded for token in tokens[start : start + length])
