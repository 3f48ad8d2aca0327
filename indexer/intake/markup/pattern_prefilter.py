"""A prefilter of patterns: which of them may match some names, told by letters that they need.

A page brings some 150 different class attributes and every search of a pattern in one takes
microseconds; the words that they are made of are few, and known from other pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_LOOK_AROUND = re.compile(r"\(\?<?[=!](?:[^()\[\]]|\[[^\]]*\])*\)")
_NO_LETTERS = re.compile(r"\\.|\[[^\]]*\][?*+]?|.[?*]")
_LETTERS = re.compile(r"[a-z]{2,}")


class PatternPrefilter:
    """The patterns that may match a text, by the runs of small letters that it holds.

    Args:
        patterns: Regular expressions in lower case, every alternative of which needs at least
            two letters that stand side by side outside of brackets.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns_by_letters: dict[str, set[str]] = {}
        for pattern in patterns:
            for letters in needed_letters(pattern):
                self._patterns_by_letters.setdefault(letters, set()).add(pattern)
        self._patterns_in_word = lru_cache(maxsize=1 << 13)(self._search_word)
        self.candidates = lru_cache(maxsize=1 << 13)(self._candidates)

    def _candidates(self, text: str) -> frozenset[str]:
        """Return the patterns that may match a text in lower case; all others do not."""
        return frozenset().union(*map(self._patterns_in_word, set(_LETTERS.findall(text))))

    def _search_word(self, word: str) -> frozenset[str]:
        known = self._patterns_by_letters.items()
        return frozenset().union(*(patterns for letters, patterns in known if letters in word))


def needed_letters(pattern: str) -> frozenset[str]:
    """Return runs of letters of which every text that a pattern matches holds one."""
    return frozenset(_LETTERS.findall(_NO_LETTERS.sub(" ", _LOOK_AROUND.sub(" ", pattern))))
