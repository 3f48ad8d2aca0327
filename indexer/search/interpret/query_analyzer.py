"""The analyzer of one query, which is read several times while its figures are looked up."""

from __future__ import annotations

from indexer.analysis.analyzer import Analyzer, Token


class QueryAnalyzer(Analyzer):
    """An analyzer that analyses each of the few short texts of one query once.

    It shares its memo of runs with that of the archive. Not to be shared between threads.
    """

    __slots__ = ("_tokens",)

    def __init__(self, analyzer: Analyzer) -> None:
        """Share the memo of another analyzer."""
        super().__init__(analyzer.memo_limit, analyzer._words, analyzer._runs, analyzer._folded)
        self._tokens: dict[str, list[Token]] = {}

    def tokens(self, text: str) -> list[Token]:
        """Return the words of canonical text with offsets, forms and extra terms."""
        tokens = self._tokens.get(text)
        if tokens is None:
            tokens = self._tokens[text] = super().tokens(text)
        return list(tokens)
