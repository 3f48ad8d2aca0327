"""In how many articles each phrase of some words is: counted a block of articles at a time.

A phrase of n words is one number of 64 bits: its words' numbers, 16 bits each, the first word
highest, so that phrases with the same beginning are neighbours in a sorted array. Within a block
the words are numbered anew, so that a phrase and the article it is in fit into 64 bits together:
one sort of numbers then counts everything, without an index beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.derived.word_ids import BREAK

LONGEST_PHRASE = 4
"""Words of the longest phrase."""

WORD_BITS = 16
ARTICLE_BITS = 12
MOST_ARTICLES = 1 << ARTICLE_BITS
"""Articles of one block."""

MOST_KNOWN = (1 << WORD_BITS) - 1
"""Different words that phrases can have."""

Keys = NDArray[np.uint64]
Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Local:
    """The words of a block numbered anew: everybody's number of each, and the words so."""

    known: NDArray[np.uint64]
    words: NDArray[np.uint64]


@dataclass(slots=True)
class Block:
    """The words of some articles in one row.

    Attributes:
        words: numbers from 1 to `MOST_KNOWN`, `BREAK` between what is no phrase.
        articles: the number of each word's article, ascending from 0.
        capitals: for each word, whether it begins with a capital letter.
    """

    words: NDArray[np.int64]
    articles: NDArray[np.uint64]
    capitals: NDArray[np.uint64]
    _locals: dict[int, Local] = field(default_factory=dict)

    def local(self, length: int) -> Local:
        """The words as phrases of one length are counted with."""
        bits = _local_bits(length)
        if bits not in self._locals:
            self._locals[bits] = _numbered(self.words, bits)
        return self._locals[bits]


@dataclass(slots=True)
class Phrases:
    """Phrases of one length and how they are counted; row by row, keys ascending.

    Attributes:
        keys: the phrases.
        counts: columns of `COLUMNS`, then for each word of the phrase in how many of the
            articles of `written` it begins with a capital wherever it is there.
    """

    keys: Keys
    counts: Counts


DOCUMENTS, TITLES, WRITTEN, CAPITALS = range(4)
"""Columns: articles that hold the phrase, in the title, in title or lead; then the capitals."""


def no_phrases(length: int) -> Phrases:
    """Nothing counted yet."""
    return Phrases(np.zeros(0, np.uint64), np.zeros((0, CAPITALS + length), np.int32))


def count_articles(block: Block, length: int, least: int = 1) -> Phrases:
    """The phrases that so many articles of a block hold, with `DOCUMENTS` filled in."""
    phrases, _ = _in_articles(block, length, False)
    keys, _, sizes = _runs(phrases)
    if least > 1:
        keys, sizes = keys[sizes >= least], sizes[sizes >= least]
    counts = np.zeros((len(keys), CAPITALS + length), np.int32)
    counts[:, DOCUMENTS] = sizes
    return Phrases(_known(block, keys, length), counts)


def count_written(block: Block, length: int) -> Phrases:
    """The phrases of a block of written words, with `WRITTEN` and the capitals filled in."""
    phrases, capitals = _in_articles(block, length, True)
    keys, starts, sizes = _runs(phrases)
    counts = np.zeros((len(keys), CAPITALS + length), np.int32)
    counts[:, WRITTEN] = sizes
    if len(keys):
        for at in range(length):
            bits = (capitals >> np.uint64(length - 1 - at)) & np.uint64(1)
            counts[:, CAPITALS + at] = np.add.reduceat(bits, starts)
    return Phrases(_known(block, keys, length), counts)


def merge(one: Phrases, other: Phrases) -> Phrases:
    """The phrases of both, the counts added."""
    if not len(one.keys) or not len(other.keys):
        return other if len(other.keys) else one
    if len(one.keys) < len(other.keys):
        one, other = other, one
    at = np.searchsorted(one.keys, other.keys)
    there = one.keys.take(at, mode="clip") == other.keys
    counts = one.counts.copy()
    counts[at[there]] += other.counts[there]
    fresh = ~there
    places = at[fresh] + np.arange(np.count_nonzero(fresh))
    total = len(one.keys) + len(places)
    old = np.ones(total, bool)
    old[places] = False
    merged = Phrases(np.empty(total, np.uint64), np.empty((total, counts.shape[1]), np.int32))
    merged.keys[places], merged.keys[old] = other.keys[fresh], one.keys
    merged.counts[places], merged.counts[old] = other.counts[fresh], counts
    return merged


def among(phrases: Phrases, others: Phrases) -> Phrases:
    """Those of the phrases that are among the others, too."""
    if not len(others.keys):
        return kept(phrases, np.zeros(len(phrases.keys), bool))
    at = np.searchsorted(others.keys, phrases.keys)
    return kept(phrases, others.keys.take(at, mode="clip") == phrases.keys)


def kept(phrases: Phrases, rows: NDArray[np.bool_]) -> Phrases:
    """Some of the phrases."""
    return Phrases(phrases.keys[rows], phrases.counts[rows])


def words_of(keys: Keys, length: int) -> NDArray[np.uint64]:
    """The words' numbers of some phrases, one column for each word."""
    shifts = np.arange(LONGEST_PHRASE - 1, LONGEST_PHRASE - 1 - length, -1) * WORD_BITS
    found: NDArray[np.uint64] = (keys[:, None] >> shifts.astype(np.uint64)) & np.uint64(MOST_KNOWN)
    return found


def keys_of(words: NDArray[np.uint64]) -> Keys:
    """The phrases of some words' numbers, one column for each word."""
    keys = np.zeros(len(words), np.uint64)
    for at in range(words.shape[1]):
        keys |= words[:, at] << np.uint64((LONGEST_PHRASE - 1 - at) * WORD_BITS)
    return keys


def _in_articles(block: Block, length: int, written: bool) -> tuple[Keys, Keys]:
    """Each phrase of each article once, sorted; with the capitals that all its places have.

    What comes back are phrases in the block's own numbers, above `ARTICLE_BITS` of the article.
    """
    local, bits = block.local(length).words, np.uint64(_local_bits(length))
    size = max(0, len(local) - length + 1)
    keys, good = local[:size].copy(), local[:size] != BREAK
    for at in range(1, length):
        keys <<= bits
        keys |= local[at : at + size]
        good &= local[at : at + size] != BREAK
    keys = keys[good]
    keys <<= np.uint64(ARTICLE_BITS)
    keys |= block.articles[:size][good]
    if not written:
        keys.sort()
        return keys[_firsts(keys)], keys[:0]
    for at in range(length):
        keys <<= np.uint64(1)
        keys |= block.capitals[at : at + size][good]
    keys.sort()
    starts = np.flatnonzero(_firsts(keys >> np.uint64(length)))
    if not len(starts):
        return keys, keys
    all_places = np.bitwise_and.reduceat(keys & np.uint64((1 << length) - 1), starts)
    return keys[starts] >> np.uint64(length), all_places


def _local_bits(length: int) -> int:
    """Bits of a word in a block: the phrase, the article and the capitals share 64."""
    return min(WORD_BITS, (64 - ARTICLE_BITS - length) // length)


def _numbered(words: NDArray[np.int64], bits: int) -> Local:
    """Words in a block's own numbers: the commonest ones, in the order they had."""
    often = np.bincount(words, minlength=1)
    often[BREAK] = 0
    known = np.flatnonzero(often)
    if len(known) >= 1 << bits:
        most = np.argsort(-often[known], kind="stable")[: (1 << bits) - 1]
        known = np.sort(known[most])
    table = np.zeros(len(often), np.uint64)
    table[known] = np.arange(1, len(known) + 1, dtype=np.uint64)
    return Local(known.astype(np.uint64), table[words])


def _known(block: Block, keys: Keys, length: int) -> Keys:
    """Phrases in the block's numbers as phrases in everybody's."""
    known, bits = block.local(length).known, np.uint64(_local_bits(length))
    found = np.zeros(len(keys), np.uint64)
    for at in range(length):
        local = (keys >> (np.uint64(length - 1 - at) * bits)) & (
            (np.uint64(1) << bits) - np.uint64(1)
        )
        found |= known[local.astype(np.int64) - 1] << np.uint64(_shift(at))
    return found


def _shift(at: int) -> int:
    return (LONGEST_PHRASE - 1 - at) * WORD_BITS


def _firsts(keys: Keys) -> NDArray[np.bool_]:
    """Where in a sorted array each different number begins."""
    firsts = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=firsts[1:])
    return firsts


def _runs(phrases: Keys) -> tuple[Keys, NDArray[np.int64], NDArray[np.int64]]:
    """The different phrases of sorted (phrase, article) numbers: where each begins, how many."""
    keys = phrases >> np.uint64(ARTICLE_BITS)
    starts = np.flatnonzero(_firsts(keys))
    return keys[starts], starts, np.diff(starts, append=len(keys))
