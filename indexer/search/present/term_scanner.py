"""Candidate words of a text for highlighting, found by one pattern over its folded letters.

Folding keeps the length of a text, so that a match has its place in the text itself. Between the
letters of a term there may be one punctuation mark, since some words are one across it (`1.088`,
`Mát-xcơ-va`). A candidate need not be a match: the analyzer reads it, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer.analysis.analyzer import LONGEST_TERM
from indexer.vietnamese.normalization import fold_canonical
from indexer.vietnamese.syllables import folded_spellings, spellings_begun

Span = tuple[int, int]

_PLAIN = re.compile(r"[a-z0-9]+")


class TermScanner:
    """A scanner for the blankless runs of a text that may hold a term, or begin with a prefix.

    Attributes:
        usable: whether it finds all of them; it does not for terms with letters that do not fold
            to a to z.
    """

    def __init__(self, forms: Iterable[str], prefixes: Sequence[str] = ()) -> None:
        forms = tuple(forms)
        self.usable = all(
            _PLAIN.fullmatch(form) and len(form) < LONGEST_TERM for form in (*forms, *prefixes)
        )
        words = [spelling for form in forms for spelling in folded_spellings(form)]
        words += [spelling for prefix in prefixes for spelling in spellings_begun(prefix)]
        patterns = [rf"(?:{_alternatives(words)})(?![^\W_])"] if words else []
        patterns += [_alternatives(prefixes)] if prefixes else []
        self._pattern = (
            re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})")
            if patterns and self.usable
            else None
        )

    def candidate_spans(self, text: str) -> list[Span]:
        """Return the spans of the blankless runs of a canonical text to analyse, in order."""
        spans: list[Span] = []
        end = 0
        for match in self._pattern.finditer(fold_canonical(text)) if self._pattern else ():
            if match.start() >= end:
                start, end = _run_around(text, match.start())
                spans.append((start, end))
        return spans


def _alternatives(words: Sequence[str]) -> str:
    """Return a pattern for some words, with or without punctuation between their letters."""
    return "|".join(r"[^\w\s]?".join(word) for word in words)


def _run_around(text: str, position: int) -> Span:
    """Return the span of the blankless run that holds a position."""
    start = end = position
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
