"""Building the phrase table: counts of phrases that articles can be added to and subtracted from.

Counted are articles, for each phrase of exact forms, by their first `HEAD_WORDS` words. Counts are
exact while the archive is small, and bounded beyond, as by lossy counting (Manku and Motwani
2002):

- in a block of `LARGE_BLOCK` articles or more, words that occur there once are left out, and so
  are phrases of several words in only one article, and phrases of four words with a word that is
  not among the block's 4,095 commonest;
- when there are more than `MAX_PHRASES` phrases the rarest are dropped, and when there are more
  than `MAX_WORD_ID` words the phrases with the rarest ones.

A phrase that was dropped counts from zero when it comes back. Removing an article subtracts its
recounted phrases; counts never fall below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.derived.phrase_counts import (
    TITLES,
    PhraseBlock,
    PhraseCounts,
    count_capitals,
    count_documents,
)
from indexer.derived.phrase_keys import MAX_WORD_ID, PHRASE_LENGTHS
from indexer.derived.phrase_scoring import phrase_weights
from indexer.derived.phrase_table import (
    CASES,
    PHRASES_FILE,
    PhraseTable,
    write_phrase_table,
)
from indexer.derived.word_ids import (
    BREAK,
    HEAD_WORDS,
    ArticleWordIds,
    Vocabulary,
    WordIds,
    fits_phrase,
)
from indexer.vietnamese.syllables import folded_form

LARGE_BLOCK: Final = 420
"""Articles of a block from which on rare words and phrases are left out."""

MAX_PHRASES: Final = 1_200_000
REDUCED_PHRASES: Final = 800_000
"""Phrases that stay when there were too many."""


class PhraseTableBuilder:
    """The phrase counts of an archive; not to be shared between threads.

    Words have ids from 1 in the order in which they came up.
    """

    def __init__(self, table: PhraseTable | None = None) -> None:
        """Extend the counts of a table, or empty ones."""
        self._words = list(table.words) if table else [""]
        self._ids = {word: word_id for word_id, word in enumerate(self._words)}
        # (words, CASES) how often title and lead write a word `Tên` and `TÊN`.
        self._case_counts = table.case_counts if table else np.zeros((1, CASES), np.int64)
        self._phrases = {
            length: table.phrases[length] if table else PhraseCounts.empty(length)
            for length in PHRASE_LENGTHS
        }
        self._article_count = table.article_count if table else 0

    def count(
        self, articles: Sequence[ArticleWordIds], vocabulary: Vocabulary, sign: int = 1
    ) -> None:
        """Add the phrases of some articles, or subtract them (`sign` -1)."""
        if not articles:
            return
        self._article_count += sign * len(articles)
        # (vocabulary ids,) the id here of each exact and each written form.
        ids_of_exact = self._admit_words(articles, vocabulary)
        ids_of_written = ids_of_exact[np.array(vocabulary.exact_of)]
        capitals = vocabulary.capitals()[:, 0].astype(np.uint64)
        heads = _build_block([article.exact_ids[:HEAD_WORDS] for article in articles], ids_of_exact)
        titles = [article.written_ids[: article.title_length] for article in articles]
        title_block = _build_block(titles, ids_of_written)
        lines = [article.written_ids for article in articles]
        line_block = _build_block(lines, ids_of_written, capitals)
        for length in PHRASE_LENGTHS:
            least = 2 if length > 1 and len(articles) >= LARGE_BLOCK else 1
            counted = count_documents(heads, length, least=least)
            in_titles = count_documents(title_block, length, TITLES).intersect(counted)
            in_lines = count_capitals(line_block, length).intersect(counted)
            counted = counted.merge(in_titles).merge(in_lines)
            counted.counts *= sign
            self._phrases[length] = self._phrases[length].merge(counted)
        self._count_cases(lines, vocabulary, ids_of_written, sign)
        if sign < 0:
            self._drop_uncounted()
        self._limit_phrases()

    def merge(self, addition: PhraseTableBuilder) -> None:
        """Add the phrases of other articles."""
        self._article_count += addition._article_count
        self._make_room(len(addition._words))
        new_ids = np.array([self._assign_id(word) for word in addition._words], np.uint64)
        self._grow_case_counts()
        np.add.at(self._case_counts, new_ids.astype(np.int64), addition._case_counts)
        for length in PHRASE_LENGTHS:
            phrases = addition._phrases[length].renumber(new_ids)
            self._phrases[length] = self._phrases[length].merge(phrases)
        self._limit_phrases()

    def save(self, folder: Path, served: bool = True) -> None:
        """Write the table into a generation under construction; a checkpoint gets no scores."""
        # (word ids,) whether a phrase has the word.
        is_used = np.zeros(len(self._words), bool)
        for counts in self._phrases.values():
            is_used[counts.word_ids] = True
        is_used[BREAK] = False
        # Ids in the file follow the order of (folded form, exact form).
        forms = sorted(
            (folded_form(self._words[word_id]), self._words[word_id], word_id)
            for word_id in np.flatnonzero(is_used).tolist()
        )
        old_ids = np.array([word_id for _, _, word_id in forms], np.int64)
        new_ids = np.zeros(len(self._words), np.uint64)
        new_ids[old_ids] = np.arange(1, len(forms) + 1, dtype=np.uint64)
        write_phrase_table(
            folder,
            self._article_count,
            {exact: folded for folded, exact, _ in forms},
            self._case_counts[old_ids],
            {length: counts.renumber(new_ids) for length, counts in self._phrases.items()},
            served,
        )

    def _admit_words(
        self, articles: Sequence[ArticleWordIds], vocabulary: Vocabulary
    ) -> NDArray[np.uint64]:
        """Return (exact vocabulary ids,) the id here of each word, `BREAK` for those left out."""
        # (vocabulary ids,) occurrences in the heads of the articles.
        frequencies = np.bincount(
            np.concatenate([article.exact_ids[:HEAD_WORDS] for article in articles])
        )
        least = 2 if len(articles) >= LARGE_BLOCK else 1
        frequent = np.flatnonzero(frequencies >= least).tolist()
        exact = list(vocabulary.exact)
        self._make_room(len(frequent))
        ids = np.zeros(len(exact), np.uint64)
        for vocabulary_id in frequent:
            if fits_phrase(exact[vocabulary_id]):
                ids[vocabulary_id] = self._assign_id(exact[vocabulary_id])
        self._grow_case_counts()
        return ids

    def _assign_id(self, word: str) -> int:
        """Return the id of a word, a new one if need be; `BREAK` if there are too many."""
        word_id = self._ids.get(word)
        if word_id is None:
            if len(self._words) > MAX_WORD_ID:
                return BREAK
            word_id = self._ids[word] = len(self._words)
            self._words.append(word)
        return word_id

    def _grow_case_counts(self) -> None:
        new_words = len(self._words) - len(self._case_counts)
        self._case_counts = np.pad(self._case_counts, ((0, new_words), (0, 0)))

    def _count_cases(
        self,
        lines: Sequence[WordIds],
        vocabulary: Vocabulary,
        ids_of_written: NDArray[np.uint64],
        sign: int,
    ) -> None:
        """Count how often titles and leads write words `Tên` and `TÊN`."""
        # (written ids,) whether the form is `TÊN`, whether it is `Tên`; occurrences.
        is_upper = vocabulary.capitals()[:, 1]
        is_title = vocabulary.capitals()[:, 0] & ~is_upper
        frequencies = np.bincount(np.concatenate(lines), minlength=len(is_upper))
        word_ids = ids_of_written.astype(np.int64)
        for column, is_case in enumerate((is_title, is_upper)):
            np.add.at(self._case_counts[:, column], word_ids[is_case], sign * frequencies[is_case])

    def _drop_uncounted(self) -> None:
        """Drop phrases that no article holds any more."""
        for length, phrases in self._phrases.items():
            remaining = phrases.select(phrases.documents > 0)
            # A phrase that was dropped and came back has fewer than are subtracted.
            np.maximum(remaining.counts, 0, out=remaining.counts)
            self._phrases[length] = remaining

    def _limit_phrases(self) -> None:
        """Drop the rarest phrases if there are too many."""
        total = sum(len(phrases.keys) for phrases in self._phrases.values())
        if total <= MAX_PHRASES:
            return
        # (all phrases,) weights; those up to the one at this rank are dropped.
        weights = np.concatenate([phrase_weights(self._phrases[n].counts) for n in PHRASE_LENGTHS])
        rank = total - REDUCED_PHRASES
        limit = np.partition(weights, rank)[rank]
        for length, phrases in self._phrases.items():
            self._phrases[length] = phrases.select(phrase_weights(phrases.counts) > limit)

    def _make_room(self, new_words: int) -> None:
        """Drop the phrases with the rarest words if the new words would be too many."""
        if len(self._words) + new_words <= MAX_WORD_ID:
            return
        frequencies = self._phrases[1].word_frequencies(len(self._words))
        room = max(0, MAX_WORD_ID * 3 // 4 - new_words)
        # (words that stay,) their ids, ascending.
        staying = np.sort(np.argsort(-frequencies[1:], kind="stable")[:room] + 1)
        staying = staying[frequencies[staying] > 0]
        new_ids = np.zeros(len(self._words), np.uint64)
        new_ids[staying] = np.arange(1, len(staying) + 1, dtype=np.uint64)
        self._phrases = {n: phrases.renumber(new_ids) for n, phrases in self._phrases.items()}
        self._words = ["", *(self._words[word_id] for word_id in staying.tolist())]
        self._ids = {word: word_id for word_id, word in enumerate(self._words)}
        self._case_counts = self._case_counts[np.concatenate([[BREAK], staying])]


def load_phrase_counts(folder: Path) -> PhraseTableBuilder:
    """Load the phrase counts of a generation, to be extended; none if it has no such file.

    Raises:
        EngineError: the file is damaged.
    """
    if not (folder / PHRASES_FILE).exists():
        return PhraseTableBuilder()
    return PhraseTableBuilder(PhraseTable(folder))


def _build_block(
    texts: Sequence[WordIds],
    table_ids: NDArray[np.uint64],
    capitals: NDArray[np.uint64] | None = None,
) -> PhraseBlock:
    """Put texts in one row, a break after each.

    Args:
        texts: vocabulary ids of the words of each article.
        table_ids: (vocabulary ids,) id of each word in the table.
        capitals: (vocabulary ids,) 1 for a word that begins with a capital letter, else 0.
    """
    sizes = np.array([len(text) + 1 for text in texts])
    # (words and breaks,) vocabulary ids.
    row = np.zeros(int(sizes.sum()), np.int64)
    is_word = np.ones(len(row), bool)
    is_word[np.cumsum(sizes) - 1] = False
    row[is_word] = np.concatenate(texts)
    articles = np.repeat(np.arange(len(texts), dtype=np.uint64), sizes)
    in_row = np.zeros(0, np.uint64)
    if capitals is not None:
        in_row = capitals[row]
        # A word that begins a sentence has its capital by right only if the next one has, too.
        begins = np.concatenate([[True], row[:-1] == BREAK])
        in_row[begins] &= np.append(in_row[1:], np.uint64(0))[begins]
    return PhraseBlock(table_ids[row].astype(np.int64), articles, in_row)
