"""The immutable, sorted dictionary of a segment: bisected where it lies, nothing is loaded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array, ArrayFile, Column
from indexer.whoosh_engine.format.schema import (
    PAIR_FIELDS,
    WORD_FIELDS,
    folded_text,
    key_prefix,
    marked_key,
)

ABSENT: Final = -1
"""The number of a term that is not there."""

_AFTER = b"\xff"
_REMEMBERED = 8192


class Texts:
    """Sorted texts, one run of UTF-8 with the start of each."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        """Look at the texts that a file keeps under a name."""
        self._text, self._start = file.column(f"{name}.text"), file.column(f"{name}.start")

    def __len__(self) -> int:
        return len(self._start) - 1

    def encoded(self, index: int) -> bytes:
        """One text in UTF-8."""
        return self._text.bytes(self._start.at(index), self._start.at(index + 1))

    def at(self, index: int) -> str:
        """One text."""
        return self.encoded(index).decode("utf-8", "surrogatepass")

    def place(self, encoded: bytes, low: int = 0, high: int | None = None) -> int:
        """The number of texts in [low, high) that come before this one, plus low."""
        high = len(self) if high is None else high
        while low < high:
            middle = (low + high) // 2
            if self.encoded(middle) < encoded:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, text: str, low: int = 0, high: int | None = None) -> int:
        """The number of a text, or `ABSENT`."""
        encoded = text.encode("utf-8", "surrogatepass")
        high = len(self) if high is None else high
        at = self.place(encoded, low, high)
        return at if at < high and self.encoded(at) == encoded else ABSENT

    def begun(self, prefix: str) -> tuple[int, int]:
        """The range of the texts with this beginning."""
        encoded = prefix.encode("utf-8", "surrogatepass")
        low = self.place(encoded)
        return low, self.place(encoded + _AFTER, low)


class Words:
    """The words of a segment: folded ones in order, and for each its exact ones in order."""

    def __init__(self, file: ArrayFile) -> None:
        """Look at the words of a file."""
        self.folded, self.exact = Texts(file, "folded_words"), Texts(file, "exact_words")
        self._first = file.column("exact_words.first")
        self.bare = file.column("exact_words.folded")
        self._found: dict[tuple[bool, str], int] = {}

    def find(self, exact: bool, text: str) -> int:
        """The number of a word, or `ABSENT`."""
        found = self._found.get((exact, text))
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            found = self._found[exact, text] = self._find(exact, text)
        return found

    def _find(self, exact: bool, text: str) -> int:
        if not text:
            return ABSENT
        folded = self.folded.find(folded_text(text) if exact else text)
        if folded == ABSENT or not exact:
            return folded
        return self.exact.find(text, *self.exact_forms(folded))

    def exact_forms(self, folded: int) -> tuple[int, int]:
        """The range of the exact words of a folded one."""
        return self._first.at(folded), self._first.at(folded + 1)

    def begun(self, exact: bool, prefix: str) -> tuple[int, int]:
        """A range that holds all words with this beginning; exact ones have to be looked at."""
        low, high = self.folded.begun(key_prefix(Field.EXACT, prefix) if exact else prefix)
        low = max(low, 1)
        if not exact or low >= high:
            return low, max(low, high)
        return self._first.at(low), self._first.at(high)


class Dictionary:
    """The terms of one field, numbered in their order."""

    def __init__(self, file: ArrayFile, field: Field, words: Words) -> None:
        """Look at the terms of a field."""
        self._words, self._pairs = words, field in PAIR_FIELDS
        self._exact = PAIR_FIELDS[field] if self._pairs else WORD_FIELDS[field][1]
        self._terms = file.column(f"{field}.terms")
        self._first: Column | None = file.column(f"{field}.first") if self._pairs else None

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, text: str) -> int:
        """The number of a term, or `ABSENT`."""
        if self._first is None:
            return self._find(self._words.find(self._exact, text), 0, len(self._terms))
        first, _, second = text.partition(" ")
        word, other = self._words.find(self._exact, first), self._words.find(self._exact, second)
        if ABSENT in (word, other):
            return ABSENT
        return self._find(other, self._first.at(word), self._first.at(word + 1))

    def _find(self, word: int, low: int, high: int) -> int:
        if word == ABSENT:
            return ABSENT
        at = self._place(word, low, high)
        return at if at < high and self._terms.at(at) == word else ABSENT

    def _place(self, word: int, low: int, high: int) -> int:
        at = self._terms.at
        while low < high:
            middle = (low + high) // 2
            if at(middle) < word:
                low = middle + 1
            else:
                high = middle
        return low

    def text(self, term: int) -> str:
        """The term of a number."""
        words = self._words.exact if self._exact else self._words.folded
        second = words.at(self._terms.at(term))
        if self._first is None:
            return second
        first = int(np.searchsorted(self._first.all(), term, "right")) - 1
        return f"{words.at(first)} {second}"

    def key(self, term: int) -> str:
        """Where Whoosh keeps the term of a number; see `schema.key_of`."""
        text = self.text(term)
        return marked_key(text) if self._exact else text

    def keys_from(self, key: str) -> Iterator[str]:
        """The keys in their order, from a key on."""
        if self._exact and self._first is not None:
            yield from self._pair_keys_from(self._first, key)
            return
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.key(middle) < key:
                low = middle + 1
            else:
                high = middle
        for term in range(low, len(self)):
            yield self.key(term)

    def _pair_keys_from(self, first: Column, key: str) -> Iterator[str]:
        """Pairs with marks are numbered by their first word with marks, their keys are not."""
        begin = self._words.folded.place(key.partition(" ")[0].encode("utf-8", "surrogatepass"))
        for folded in range(begin, len(self._words.folded)):
            low, high = self._words.exact_forms(folded)
            keys = sorted(self.key(term) for term in range(first.at(low), first.at(high)))
            yield from keys[bisect_left(keys, key) :]

    def exact_forms(self, folded: str) -> Iterator[int]:
        """The terms with marks whose form without them is this; of an exact field."""
        ranges = []
        for word in folded.split(" "):
            number = self._words.find(False, word)
            if number == ABSENT:
                return
            ranges.append(self._words.exact_forms(number))
        if self._first is None:
            low, high = ranges[0]
            yield from range(self._place(low, 0, len(self)), self._place(high, 0, len(self)))
            return
        for first in range(*ranges[0]):
            start, end = self._first.at(first), self._first.at(first + 1)
            low, high = ranges[1]
            yield from range(self._place(low, start, end), self._place(high, start, end))

    def begun(self, prefix: str) -> Array:
        """The numbers of the terms with this beginning."""
        low, high = self._candidates(prefix)
        numbers = np.arange(low, high)
        if self._exact:
            kept = [term for term in range(low, high) if self.text(term).startswith(prefix)]
            numbers = np.array(kept, np.int64)
        return numbers

    def _candidates(self, prefix: str) -> tuple[int, int]:
        size = len(self)
        if self._first is None:
            low, high = self._words.begun(self._exact, prefix)
            return self._place(low, 0, size), self._place(high, 0, size)
        first, blank, rest = prefix.partition(" ")
        if not blank:
            low, high = self._words.begun(self._exact, prefix)
            return self._first.at(low), self._first.at(high)
        word = self._words.find(self._exact, first)
        if word == ABSENT:
            return 0, 0
        low, high = self._words.begun(self._exact, rest)
        start, end = self._first.at(word), self._first.at(word + 1)
        return self._place(low, start, end), self._place(high, start, end)
