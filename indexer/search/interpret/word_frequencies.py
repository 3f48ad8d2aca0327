"""Document frequencies of words as people type them."""

from __future__ import annotations

from indexer.analysis.analyzer import Analyzer, Token
from indexer.analysis.fields import Field
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.syntax import TextNode, leaves
from indexer.search.term_statistics import TermStatistics


class WordFrequencies:
    """Looks up words: those without diacritics by their folded form, others by their exact form.

    The words of the query are not analysed again.
    """

    def __init__(
        self, query: InterpretedQuery, analyzer: Analyzer, statistics: TermStatistics
    ) -> None:
        self._analyzer = analyzer
        self._statistics = statistics
        self._tokens = {
            query.searched[token.start : token.end]: token
            for leaf in leaves(query.tree)
            if isinstance(leaf, TextNode)
            for token in leaf.tokens
        }

    def __call__(self, word: str) -> int:
        """Return the number of documents that hold a word."""
        token = self._tokens.get(word) or self._analyse(word)
        if token is None:
            return 0
        if token.exact == token.folded:
            return self._statistics.document_frequency(Field.FOLDED, token.folded)
        return self._statistics.document_frequency(Field.EXACT, token.exact)

    def _analyse(self, word: str) -> Token | None:
        if word.isalnum():
            return self._analyzer.word_token(word)
        return next(iter(self._analyzer.tokens(word)), None)
