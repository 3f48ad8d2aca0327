"""The term dictionary of a segment: immutable, sorted, bisected where it lies."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array, ArrayFile, MappedArray
from indexer.arrays.string_table import ABSENT, StringTable, encode_string
from indexer.whoosh_engine.format.schema import (
    PAIR_FIELDS,
    WORD_FIELDS,
    exact_key,
    folded_text,
    key_prefix,
)

_CACHE_SIZE: Final = 1 << 15
"""Word numbers that a segment remembers, and texts of words."""


class WordDictionary:
    """The words of a segment: folded words in order, and for each its exact words in order.

    Folded and exact words have numbers of their own; 0 is the empty word between passages.

    Attributes:
        folded: the folded words.
        exact: the exact words, sorted by (folded form, exact form).
        folded_numbers: for each exact word, the number of its folded word.
    """

    def __init__(self, file: ArrayFile) -> None:
        """Map the words of a segment's file."""
        self.folded = StringTable(file, "folded_words")
        self.exact = StringTable(file, "exact_words")
        # (folded words + 1,) the first exact word of each
        self._first_exact = file.array("exact_words.first")
        self.folded_numbers = file.array("exact_words.folded")
        self._cache: dict[tuple[bool, str], int] = {}
        self._exact_texts: dict[int, str] = {}

    def find(self, exact: bool, text: str) -> int:
        """Return the number of an exact or folded word, or `ABSENT`."""
        number = self._cache.get((exact, text))
        if number is None:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            number = self._cache[exact, text] = self._look_up(exact, text)
        return number

    def _look_up(self, exact: bool, text: str) -> int:
        if not text:
            return ABSENT
        folded = self.folded.find(folded_text(text) if exact else text)
        if folded == ABSENT or not exact:
            return folded
        return self.exact.find(text, *self.exact_range(folded))

    def remember(self, texts: Sequence[str], numbers: Sequence[int]) -> None:
        """Remember exact words that were read by their numbers, and are about to be looked up."""
        if len(self._cache) + len(texts) > _CACHE_SIZE:
            self._cache.clear()
        self._cache.update(zip(((True, text) for text in texts), numbers, strict=True))

    def exact_text(self, number: int) -> str:
        """Return an exact word; remembered, since the forms of common words are read often."""
        text = self._exact_texts.get(number)
        if text is None:
            if len(self._exact_texts) >= _CACHE_SIZE:
                self._exact_texts.clear()
            text = self._exact_texts[number] = self.exact.string(number)
        return text

    def find_all(self, exact: bool, texts: Sequence[str]) -> Array:
        """Return the number of each exact or folded word, or `ABSENT`.

        Exact words are remembered: they were typed, or stand in articles. Most folded ones that
        are looked up together are edits that nobody wrote.
        """
        if exact:
            return np.array([self.find(exact, text) for text in texts], np.int64)
        numbers = self.folded.find_all(texts)
        numbers[[not text for text in texts]] = ABSENT
        return numbers

    def exact_range(self, folded: int) -> tuple[int, int]:
        """Return the range [low, high) of the exact words of a folded one."""
        return self._first_exact.item(folded), self._first_exact.item(folded + 1)

    def prefix_range(self, exact: bool, prefix: str) -> tuple[int, int]:
        """Return a range that holds all words with a prefix, and of exact words maybe others."""
        low, high = self.folded.prefix_range(key_prefix(Field.EXACT, prefix) if exact else prefix)
        low = max(low, 1)
        if not exact or low >= high:
            return low, max(low, high)
        return self._first_exact.item(low), self._first_exact.item(high)


class TermDictionary:
    """The terms of one field, numbered in their order: words, or pairs of words.

    A pair is kept as the number of its second word; all pairs of a first word are neighbours.
    """

    def __init__(self, file: ArrayFile, field: Field, words: WordDictionary) -> None:
        """Map the terms of a field."""
        self._words, self._pairs = words, field in PAIR_FIELDS
        self._exact = PAIR_FIELDS[field] if self._pairs else WORD_FIELDS[field][1]
        # (terms,) the word of each, or the second word of each pair
        self._last_words = file.array(f"{field}.terms")
        # (words + 1,) the first pair of each first word
        self._first_pair = file.array(f"{field}.first") if self._pairs else None

    def __len__(self) -> int:
        return len(self._last_words)

    def find(self, text: str) -> int:
        """Return the number of a term, or `ABSENT`."""
        if self._first_pair is None:
            return self._find(self._words.find(self._exact, text), 0, len(self))
        first, _, second = text.partition(" ")
        first_word = self._words.find(self._exact, first)
        second_word = self._words.find(self._exact, second)
        if ABSENT in (first_word, second_word):
            return ABSENT
        return self._find(second_word, *self._pair_range(self._first_pair, first_word))

    def find_all(self, texts: Sequence[str]) -> Array:
        """Return the number of each term, or `ABSENT`; remembers none of them."""
        if self._first_pair is None:
            return self._find_words(self._words.find_all(self._exact, texts), 0, len(self))
        pairs = [text.partition(" ")[::2] for text in texts]
        words = list(dict.fromkeys(itertools.chain.from_iterable(pairs)))
        numbers = dict(zip(words, self._words.find_all(self._exact, words).tolist(), strict=True))
        by_first: dict[int, list[int]] = {}  # first word -> places in texts
        for place, (first, second) in enumerate(pairs):
            if ABSENT not in (numbers[first], numbers[second]):
                by_first.setdefault(numbers[first], []).append(place)
        terms = np.full(len(texts), ABSENT, np.int64)
        for first_word, places in by_first.items():
            if len(places) == 1:
                # The edits of a first word have one pair each: to look at a few is quicker.
                second = numbers[pairs[places[0]][1]]
                terms[places] = self._find(second, *self._pair_range(self._first_pair, first_word))
                continue
            seconds = np.array([numbers[pairs[place][1]] for place in places])
            low, high = self._pair_range(self._first_pair, first_word)
            terms[places] = self._find_words(seconds, low, high)
        return terms

    def _find_words(self, words: Array, low: int, high: int) -> Array:
        """Return which of the terms in [low, high) has each last word, or `ABSENT`."""
        last_words = self._last_words.read(low, high)
        if not len(last_words):
            return np.full(len(words), ABSENT, np.int64)
        known = np.maximum(words, 0).astype(last_words.dtype)
        places = np.searchsorted(last_words, known)
        places[places == len(last_words)] = 0
        return np.where(last_words.take(places) == words, low + places, ABSENT)

    @staticmethod
    def _pair_range(first_pair: MappedArray, word: int) -> tuple[int, int]:
        return first_pair.item(word), first_pair.item(word + 1)

    def _find(self, word: int, low: int, high: int) -> int:
        if word == ABSENT:
            return ABSENT
        term = self._insertion_point(word, low, high)
        return term if term < high and self._last_words.item(term) == word else ABSENT

    def _insertion_point(self, word: int, low: int, high: int) -> int:
        return bisect_left(range(len(self)), word, low, high, key=self._last_words.item)

    def text(self, term: int) -> str:
        """Return the text of a term."""
        return self.texts(np.array([term]))[0]

    def texts(self, terms: Array) -> list[str]:
        """Return the texts of terms, faster than one by one."""
        read_word = self._words.exact_text if self._exact else self._words.folded.string
        last_words = map(read_word, self._last_words.read().take(terms).tolist())
        if self._first_pair is None:
            return list(last_words)
        first_pairs = self._first_pair.read()
        firsts = np.searchsorted(first_pairs, terms.astype(first_pairs.dtype), "right") - 1
        first_words = map(read_word, firsts.tolist())
        return [f"{first} {last}" for first, last in zip(first_words, last_words, strict=True)]

    def key(self, term: int) -> str:
        """Return the key that Whoosh knows a term by; see `schema.key_of`."""
        text = self.text(term)
        return exact_key(text) if self._exact else text

    def keys_from(self, key: str) -> Iterator[str]:
        """Yield the keys in their order, from a key on."""
        if self._exact and self._first_pair is not None:
            yield from self._exact_pair_keys_from(self._first_pair, key)
            return
        terms = range(len(self))
        yield from map(self.key, terms[bisect_left(terms, key, key=self.key) :])

    def _exact_pair_keys_from(self, first_pair: MappedArray, key: str) -> Iterator[str]:
        """Yield keys of exact pairs, whose numbers go by the exact first word, unlike the keys."""
        start = self._words.folded.insertion_point(encode_string(key.partition(" ")[0]))
        for folded in range(start, len(self._words.folded)):
            low, high = self._words.exact_range(folded)
            terms = range(first_pair.item(low), first_pair.item(high))
            keys = sorted(self.key(term) for term in terms)
            yield from keys[bisect_left(keys, key) :]

    def exact_forms(self, folded: str) -> Array:
        """Return the terms of an exact field that have this folded form, ascending."""
        ranges = []
        for word in folded.split(" "):
            number = self._words.find(False, word)
            if number == ABSENT:
                return np.zeros(0, np.int64)
            ranges.append(self._words.exact_range(number))
        if self._first_pair is None:
            return np.arange(*self._term_range(*ranges[0], 0, len(self)))
        low, high = (self._first_pair.item(word) for word in ranges[0])
        second_words = self._last_words.read(low, high)
        return low + np.flatnonzero((second_words >= ranges[1][0]) & (second_words < ranges[1][1]))

    def _term_range(self, low_word: int, high_word: int, low: int, high: int) -> tuple[int, int]:
        """Return the terms in [low, high) whose last word lies in [low_word, high_word)."""
        return (
            self._insertion_point(low_word, low, high),
            self._insertion_point(high_word, low, high),
        )

    def terms_with_prefix(self, prefix: str) -> Array:
        """Return the numbers of the terms with a prefix, ascending."""
        terms = np.arange(*self._prefix_range(prefix))
        if not self._exact or not len(terms):
            return terms
        return terms[[text.startswith(prefix) for text in self.texts(terms)]]

    def _prefix_range(self, prefix: str) -> tuple[int, int]:
        if self._first_pair is None:
            low_word, high_word = self._words.prefix_range(self._exact, prefix)
            return self._term_range(low_word, high_word, 0, len(self))
        first, blank, second_prefix = prefix.partition(" ")
        if not blank:
            low_word, high_word = self._words.prefix_range(self._exact, prefix)
            return self._first_pair.item(low_word), self._first_pair.item(high_word)
        first_word = self._words.find(self._exact, first)
        if first_word == ABSENT:
            return 0, 0
        low_word, high_word = self._words.prefix_range(self._exact, second_prefix)
        pairs = self._pair_range(self._first_pair, first_word)
        return self._term_range(low_word, high_word, *pairs)
