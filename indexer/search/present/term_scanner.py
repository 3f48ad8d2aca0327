"""Candidate words of a text for highlighting, found by patterns over its folded letters.

Folding keeps the length of a text, so that offsets in the folded text are offsets in the text.
Punctuation is allowed between two letters of a term, since some words are one across it (`1.088`,
`Mát-xcơ-va`). The analyzer decides which candidates match, and need not read the other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from indexer.analysis.analyzer import LONGEST_TERM
from indexer.search.present.term_patterns import TermPattern
from indexer.vietnamese.normalization import fold_canonical
from indexer.vietnamese.syllables import folded_spellings, spellings_begun

Span = tuple[int, int]

_PLAIN = re.compile(r"[a-z0-9]+")
_WORD_END = r"(?![^\W_])"

_MOST_REMEMBERED = 2048
"""Patterns of words that are remembered: to compile one takes as long as to search an article."""


class TermScanner:
    """A scanner for the blankless runs of a text that may hold a term, a prefix or a pattern.

    Attributes:
        usable: whether it finds all of them; it does not for terms with letters that do not fold
            to a to z.
    """

    def __init__(
        self,
        forms: Iterable[str],
        prefixes: Sequence[str] = (),
        patterns: Sequence[TermPattern] = (),
    ) -> None:
        forms = tuple(forms)
        texts = (*forms, *prefixes, *(pattern.letters for pattern in patterns))
        self.usable = all(_PLAIN.fullmatch(text) and len(text) < LONGEST_TERM for text in texts)
        # Each has a pattern of its own: one that begins with a literal skips most letters.
        self._patterns: list[re.Pattern[str]] = []
        if self.usable:
            self._patterns += map(_form_pattern, dict.fromkeys(forms))
            self._patterns += map(_prefix_pattern, prefixes)
            self._patterns += [
                re.compile(_begin_word(pattern.expression) + _WORD_END + r"\S*")
                for pattern in patterns
            ]

    def candidate_spans(self, text: str) -> list[Span]:
        """Return the spans of the blankless runs of a canonical text to analyse, in order."""
        spans: list[Span] = []
        folded = fold_canonical(text) if self._patterns else ""
        for pattern in self._patterns:
            for match in pattern.finditer(folded):
                start = match.start()
                while start and not text[start - 1].isspace():
                    start -= 1
                spans.append((start, match.end()))
        # Several words may be in one run.
        return sorted(set(spans)) if len(self._patterns) > 1 else spans


@lru_cache(_MOST_REMEMBERED)
def _form_pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of the rest of a run from a word with this folded form on."""
    return _run_pattern([_word_pattern(word) + _WORD_END for word in folded_spellings(form)])


@lru_cache(_MOST_REMEMBERED)
def _prefix_pattern(prefix: str) -> re.Pattern[str]:
    """Return the pattern of the rest of a run from a word that begins with a prefix on."""
    others = [_word_pattern(word) + _WORD_END for word in spellings_begun(prefix)]
    return _run_pattern([_word_pattern(prefix), *others])


def _run_pattern(choices: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(choices)})\S*")


def _word_pattern(word: str) -> str:
    """Return a pattern for the beginning of a word; punctuation may be between any two letters.

    A literal comes first, so that the search skips the letters at which no term begins.
    """
    return _begin_word(word[0]) + "".join(rf"[^\w\s]?{letter}" for letter in word[1:])


def _begin_word(expression: str) -> str:
    """Return a pattern whose first letter, a literal, is the first of a word."""
    return rf"{expression[0]}(?<![^\W_].){expression[1:]}"
