"""Candidate words of a text for highlighting, found by one pattern over its folded letters.

Folding keeps the length of a text, so that offsets in the folded text are offsets in the text.
Punctuation is allowed between two letters of a term, since some words are one across it (`1.088`,
`Mát-xcơ-va`). The analyzer decides which candidates match, and need not read the other words.
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
        patterns: list[str] = []
        if self.usable:
            words = [spelling for form in forms for spelling in folded_spellings(form)]
            words += [spelling for prefix in prefixes for spelling in spellings_begun(prefix)]
            patterns += [_word_pattern(word) + r"(?![^\W_])" for word in words]
            patterns += map(_word_pattern, prefixes)
        self._pattern = re.compile(rf"(?:{'|'.join(patterns)})\S*") if patterns else None

    def candidate_spans(self, text: str) -> list[Span]:
        """Return the spans of the blankless runs of a canonical text to analyse, in order."""
        spans: list[Span] = []
        for match in self._pattern.finditer(fold_canonical(text)) if self._pattern else ():
            start = match.start()
            while start and not text[start - 1].isspace():
                start -= 1
            spans.append((start, match.end()))
        return spans


def _word_pattern(word: str) -> str:
    """Return a pattern for the beginning of a word; punctuation may be between any two letters.

    A literal comes first, so that the search skips the letters at which no term begins.
    """
    return rf"{word[0]}(?<![^\W_].)" + "".join(rf"[^\w\s]?{letter}" for letter in word[1:])
