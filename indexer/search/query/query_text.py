"""The text of a query as the parser reads it: cut to its limit, analysed once, with its notices."""

from __future__ import annotations

import re
from bisect import bisect_left

from indexer.analysis.analyzer import Analyzer, Token
from indexer.search.query.operators import IsWritten
from indexer.search.query.spanning_tokens import without_spanning_terms
from indexer.search.query_notices import CutNotice, IgnoredNotice, Notice, SlopNotice
from indexer.vietnamese.normalization import canonical

LONGEST_QUERY = 2000
"""Characters of a query that are read."""

MOST_SLOP = 50
"""Other words that may stand among those of a phrase with `~`."""

_WHOLE_WORD = re.compile(r"([^\W_]{2,})\*+")
_MOST_NOTICES = 20
_LONGEST_VALUE = 40
"""Characters of a value that a notice repeats."""


_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    r"\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, what turns the direction of a text, and what is no character."""


def without_controls(typed: str) -> str:
    """Return a query as it may be shown again: no page can hold a NUL, none has to be turned."""
    return _CONTROL.sub("", typed)


class QueryText:
    """The canonical text of a query, its tokens, and the notices about its spans.

    Attributes:
        text: what notices and nodes have offsets into.
        notices: in the order of the query.
        in_mixed_case: the query is not all in capitals.
    """

    def __init__(self, typed: str, analyzer: Analyzer) -> None:
        cut = typed[: LONGEST_QUERY * 4]
        text = " ".join(canonical(cut).split())
        self.notices: list[Notice] = []
        if len(text) > LONGEST_QUERY or len(typed) > len(cut):
            text = text[:LONGEST_QUERY]
            self.notice(CutNotice(len(text), len(text), limit=LONGEST_QUERY))
        self.text = text
        self.in_mixed_case = any(letter.islower() for letter in text)
        self._tokens = without_spanning_terms(analyzer.tokens(text))
        self._token_starts = [token.start for token in self._tokens]

    def tokens_between(self, start: int, end: int) -> tuple[Token, ...]:
        """Return the tokens that begin in a span."""
        first, last = (bisect_left(self._token_starts, offset) for offset in (start, end))
        return tuple(self._tokens[first:last])

    def phrase_tokens(
        self, start: int, end: int, is_written: IsWritten | None
    ) -> tuple[tuple[Token, ...], int]:
        """Return the tokens of a phrase, and the words inside it that a star leaves open.

        A star behind a word that is written so is left out alone.
        """
        tokens = self.tokens_between(start, end)
        gaps = 0
        for run in re.finditer(r"\S*\*\S*", self.text[start:end]):
            first, last = start + run.start(), start + run.end()
            whole = _WHOLE_WORD.fullmatch(run[0])
            word = self.tokens_between(first, last)
            if whole and word and (is_written is None or is_written(word)):
                self.ignore(first + whole.end(1), last)
                continue
            self.ignore(first, last)
            before = any(token.start < first for token in tokens)
            tokens = tuple(token for token in tokens if not first <= token.start < last)
            gaps += before and any(token.start >= last for token in tokens)
        return tokens, gaps

    def read_slop(self, signs: re.Match[str]) -> int:
        """Return the slop behind a phrase; signs that mean nothing there are named."""
        if signs["boost"]:
            self.ignore(*signs.span("boost"))
        slop = signs["slop"]
        if not slop:
            if slop is not None:
                self.ignore(signs.start(), signs.start() + 1)
            return 0
        if len(slop) > 3 or int(slop) > MOST_SLOP:
            self.notice(SlopNotice(*signs.span("slop"), limit=MOST_SLOP))
            return MOST_SLOP
        return int(slop)

    def shorten(self, start: int, end: int) -> str:
        """Return the text of a span as notices repeat it."""
        return self.text[start:end][:_LONGEST_VALUE]

    def ignore(self, start: int, end: int) -> None:
        """Say that a span means nothing."""
        self.notice(IgnoredNotice(start, end, value=self.shorten(start, end)))

    def notice(self, notice: Notice) -> None:
        """Add a notice, unless there are too many."""
        if len(self.notices) < _MOST_NOTICES:
            self.notices.append(notice)
