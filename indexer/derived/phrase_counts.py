"""Phrase counts: the document frequency of every phrase (word n-gram), a block of articles at once.

Within a block words get ids of few bits, so that a phrase and the number of its article fit into
one integer of 64 bits: sorting these integers counts everything, without an index beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from indexer.derived.phrase_keys import (
    WORD_BITS,
    PhraseKeys,
    first_of_each,
    pack_phrases,
    unpack_phrases,
    word_shift,
)
from indexer.derived.word_ids import BREAK

ARTICLE_BITS = 12
MAX_BLOCK_ARTICLES = 1 << ARTICLE_BITS
"""Articles of the largest block."""

DOCUMENTS, TITLES, WRITTEN, CAPITALS = range(4)
"""Columns of counts: articles that hold the phrase, that hold it in the title, in title or lead;
then, one column a word, articles of `WRITTEN` where the word has a capital at every place."""


@dataclass(slots=True)
class PhraseCounts:
    """Phrases of one length and their counts.

    Attributes:
        keys: (phrases,) ascending.
        counts: (phrases, `CAPITALS` + length) articles, see the columns above.
    """

    keys: PhraseKeys
    counts: NDArray[np.int32]

    @classmethod
    def empty(cls, length: int) -> Self:
        """Return the counts of no phrases of a length."""
        return cls(np.zeros(0, np.uint64), np.zeros((0, CAPITALS + length), np.int32))

    @property
    def length(self) -> int:
        """Words of each phrase."""
        return int(self.counts.shape[1]) - CAPITALS

    @property
    def documents(self) -> NDArray[np.int32]:
        """The document frequencies of the phrases, (phrases,)."""
        column: NDArray[np.int32] = self.counts[:, DOCUMENTS]
        return column

    @property
    def word_ids(self) -> NDArray[np.int64]:
        """The ids of the phrases' words, (phrases, length)."""
        return unpack_phrases(self.keys, self.length)

    def find(self, keys: PhraseKeys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Look phrases up: the row of each key, or where it would be inserted, and if present."""
        rows = np.searchsorted(self.keys, keys)
        if not len(self.keys):
            return rows, np.zeros(len(keys), bool)
        return rows, self.keys.take(rows, mode="clip") == keys

    def document_frequencies(self, keys: PhraseKeys) -> NDArray[np.int32]:
        """Return (keys,) the document frequency of each phrase, 0 for those not counted."""
        rows, is_present = self.find(keys)
        frequencies = np.zeros(len(keys), np.int32)
        frequencies[is_present] = self.documents[rows[is_present]]
        return frequencies

    def word_frequencies(self, size: int) -> NDArray[np.int64]:
        """Return (`size`,) the document frequency by word id, of phrases of one word."""
        frequencies = np.zeros(size, np.int64)
        frequencies[self.word_ids[:, 0]] = self.documents
        return frequencies

    def select(self, is_selected: NDArray[np.bool_]) -> PhraseCounts:
        """Return the phrases of some rows."""
        return PhraseCounts(self.keys[is_selected], self.counts[is_selected])

    def intersect(self, other: PhraseCounts) -> PhraseCounts:
        """Return the phrases that the other has as well, with the counts of this one."""
        return self.select(other.find(self.keys)[1])

    def merge(self, other: PhraseCounts) -> PhraseCounts:
        """Return the phrases of both, the counts added."""
        if len(self.keys) < len(other.keys):
            return other.merge(self)
        if not len(other.keys):
            return self
        rows, is_present = self.find(other.keys)
        counts = self.counts.copy()
        counts[rows[is_present]] += other.counts[is_present]
        # New phrases are inserted before `rows`, each shifted by those inserted before it.
        is_new = ~is_present
        new_rows = rows[is_new] + np.arange(np.count_nonzero(is_new))
        size = len(self.keys) + len(new_rows)
        is_old = np.ones(size, bool)
        is_old[new_rows] = False
        merged = PhraseCounts(
            np.empty(size, np.uint64), np.empty((size, counts.shape[1]), np.int32)
        )
        merged.keys[new_rows], merged.keys[is_old] = other.keys[is_new], self.keys
        merged.counts[new_rows], merged.counts[is_old] = other.counts[is_new], counts
        return merged

    def renumber(self, new_ids: NDArray[np.uint64]) -> PhraseCounts:
        """Return the phrases with other word ids, without those that have a word of id `BREAK`.

        Args:
            new_ids: (old ids,) new id of each word.
        """
        word_ids = new_ids[self.word_ids]
        is_whole = (word_ids != BREAK).all(axis=1)
        keys = pack_phrases(word_ids[is_whole])
        order = np.argsort(keys, kind="stable")
        return PhraseCounts(keys[order], self.counts[is_whole][order])


@dataclass(frozen=True, slots=True)
class BlockWordIds:
    """The words of a block by ids of few bits, from 1; `BREAK` for rarer words.

    Attributes:
        table_ids: (block ids - 1,) the id of each word in the phrase table.
        words: (words,) the block's words by block id.
    """

    table_ids: NDArray[np.uint64]
    words: NDArray[np.uint64]


@dataclass(slots=True)
class PhraseBlock:
    """The words of some articles in one row.

    Attributes:
        words: (words,) ids in the phrase table, `BREAK` between phrases.
        articles: (words,) number of each word's article in the block, ascending from 0.
        capitals: (words,) 1 for a word that begins with a capital letter, else 0; empty where
            capitals do not matter.
    """

    words: NDArray[np.int64]
    articles: NDArray[np.uint64]
    capitals: NDArray[np.uint64]
    _block_ids: dict[int, BlockWordIds] = field(default_factory=dict)

    def block_ids(self, length: int) -> BlockWordIds:
        """Return the block's words by the ids that phrases of a length are counted with."""
        bits = _block_id_bits(length)
        if bits not in self._block_ids:
            self._block_ids[bits] = _assign_block_ids(self.words, bits)
        return self._block_ids[bits]


def count_documents(
    block: PhraseBlock, length: int, column: int = DOCUMENTS, least: int = 1
) -> PhraseCounts:
    """Count the articles of a block that hold each phrase.

    Args:
        block: the articles.
        length: words of the phrases.
        column: where the counts go.
        least: phrases in fewer articles are left out.
    """
    phrases_in_articles, _ = _phrase_occurrences(block, length)
    phrases_in_articles.sort()
    is_first = first_of_each(phrases_in_articles)
    phrases, _, sizes = _group_by_phrase(phrases_in_articles[is_first])
    is_frequent = sizes >= least
    counts = np.zeros((np.count_nonzero(is_frequent), CAPITALS + length), np.int32)
    counts[:, column] = sizes[is_frequent]
    return PhraseCounts(_table_keys(block, phrases[is_frequent], length), counts)


def count_capitals(block: PhraseBlock, length: int) -> PhraseCounts:
    """Count the articles of a block that write each phrase, and each of its words with a capital.

    Filled are the columns from `WRITTEN` on; a word counts if it has a capital wherever the
    article writes the phrase.
    """
    phrases_in_articles, capitals = _phrases_with_capitals(block, length)
    phrases, starts, sizes = _group_by_phrase(phrases_in_articles)
    counts = np.zeros((len(phrases), CAPITALS + length), np.int32)
    counts[:, WRITTEN] = sizes
    for position in range(length if len(phrases) else 0):
        # (phrases in articles,) the bit of one word; the first word has the highest.
        bits = (capitals >> (length - 1 - position)) & 1
        counts[:, CAPITALS + position] = np.add.reduceat(bits, starts)
    return PhraseCounts(_table_keys(block, phrases, length), counts)


def _phrases_with_capitals(block: PhraseBlock, length: int) -> tuple[PhraseKeys, PhraseKeys]:
    """Return every phrase of every article once, ascending, and a bit for each of its words.

    A bit is set if the word has a capital at every occurrence of the phrase in the article.
    """
    values, is_phrase = _phrase_occurrences(block, length)
    # A bit a word below the article's number.
    for position in range(length):
        values <<= 1
        values |= block.capitals[position : position + len(is_phrase)][is_phrase]
    values.sort()
    phrases = values >> np.uint64(length)
    starts = np.flatnonzero(first_of_each(phrases))
    if not len(starts):
        return values, values
    bits = values & ((1 << length) - 1)
    return phrases[starts], np.bitwise_and.reduceat(bits, starts)


def _phrase_occurrences(block: PhraseBlock, length: int) -> tuple[PhraseKeys, NDArray[np.bool_]]:
    """Return the phrase and article at each place of a block where a phrase begins.

    A value holds the block ids of the words above `ARTICLE_BITS` of the article's number. The
    second array, (words - length + 1,), tells which places these are: no `BREAK` within.
    """
    words = block.block_ids(length).words
    bits = _block_id_bits(length)
    size = max(0, len(words) - length + 1)
    values, is_phrase = words[:size].copy(), words[:size] != BREAK
    for position in range(1, length):
        values <<= bits
        values |= words[position : position + size]
        is_phrase &= words[position : position + size] != BREAK
    values = values[is_phrase]
    values <<= ARTICLE_BITS
    values |= block.articles[:size][is_phrase]
    return values, is_phrase


def _group_by_phrase(
    phrases_in_articles: PhraseKeys,
) -> tuple[PhraseKeys, NDArray[np.intp], NDArray[np.intp]]:
    """Return the distinct phrases, the row where each begins, and its number of articles."""
    phrases = phrases_in_articles >> np.uint64(ARTICLE_BITS)
    starts = np.flatnonzero(first_of_each(phrases))
    return phrases[starts], starts, np.diff(starts, append=len(phrases))


def _block_id_bits(length: int) -> int:
    """Return the bits of a block id: phrase, article and a capital a word share 64 bits."""
    return min(WORD_BITS, (64 - ARTICLE_BITS - length) // length)


def _assign_block_ids(words: NDArray[np.int64], bits: int) -> BlockWordIds:
    """Give the commonest words of a block ids of some bits, in the order of their table ids."""
    # (table ids,) occurrences in the block.
    frequencies = np.bincount(words, minlength=1)
    frequencies[BREAK] = 0
    table_ids = np.flatnonzero(frequencies)
    if len(table_ids) >= 1 << bits:
        commonest = np.argsort(-frequencies[table_ids], kind="stable")[: (1 << bits) - 1]
        table_ids = np.sort(table_ids[commonest])
    # (table ids,) block id of each word.
    block_ids = np.zeros(len(frequencies), np.uint64)
    block_ids[table_ids] = np.arange(1, len(table_ids) + 1, dtype=np.uint64)
    return BlockWordIds(table_ids.astype(np.uint64), block_ids[words])


def _table_keys(block: PhraseBlock, phrases: PhraseKeys, length: int) -> PhraseKeys:
    """Return the keys of phrases that are given by block ids; their order stays the same."""
    table_ids, bits = block.block_ids(length).table_ids, _block_id_bits(length)
    keys = np.zeros(len(phrases), np.uint64)
    for position in range(length):
        block_ids = (phrases >> ((length - 1 - position) * bits)) & ((1 << bits) - 1)
        keys |= table_ids[block_ids.astype(np.int64) - 1] << word_shift(position)
    return keys
