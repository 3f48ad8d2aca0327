"""The phrase table: the phrases of one to four words that articles hold, a file a generation.

Completion asks it for the best phrases with a beginning, and search for the capitals of a phrase.
Words have ids from 1 in the order of (folded form, exact form), so that the words with a prefix
are a range of ids, and the phrases with a beginning are ranges of keys (`phrase_keys`).

Arrays of the file, n being the length of phrases, 1 to `LONGEST_PHRASE`:

- `articles`: one number, the articles that were counted;
- `words`, `folded`: string tables of exact and folded forms, by id;
- `cases`: (words, 2) how often title and lead write a word `Tên` and `TÊN`;
- `n.keys`: (phrases,) ascending; `n.counts`: (phrases, `CAPITALS` + n), see `phrase_counts`;
- `n.scores`: (phrases,) see `phrase_scoring`; a checkpoint has none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.array_file import Array, ArrayFile, write_arrays
from indexer.arrays.string_table import StringTable, string_table_arrays
from indexer.derived.phrase_counts import CAPITALS, DOCUMENTS, WRITTEN, PhraseCounts
from indexer.derived.phrase_keys import (
    LONGEST_PHRASE,
    PHRASE_LENGTHS,
    WORD_BITS,
    PhraseKeys,
    key_range,
    unpack_phrases,
    word_ids_at,
    word_shift,
)
from indexer.derived.phrase_scoring import score_phrases

PHRASES_FILE: Final = "phrases.learned"

CASES = 2
"""Columns of case counts: `Tên`, `TÊN`."""

_AGREED = 0.15
"""Share of a phrase's articles that may write a word otherwise."""

_HIGHEST_LETTER = "\uffff"

CaseCounts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ScoredPhrase:
    """A phrase by the ids of its words, its score and its document frequency."""

    word_ids: tuple[int, ...]
    score: int
    documents: int


class PhraseTable:
    """The phrases of a generation, mapped; safe to share between threads.

    Attributes:
        words: exact form by word id; the empty text at `BREAK`.
        folded_words: folded form by word id, ascending.
        article_count: articles that were counted.
        phrases: phrases and their counts by length.
        case_counts: (word ids, `CASES`), zeros for `BREAK`.
    """

    def __init__(self, folder: Path) -> None:
        """Map the file of a generation.

        Raises:
            EngineError: it is missing or damaged.
        """
        self._file = ArrayFile(folder / PHRASES_FILE, PHRASES_FILE, None)
        with self._file.damage_named():
            self.words = ["", *StringTable(self._file, "words").strings()]
            self.folded_words = ["", *StringTable(self._file, "folded").strings()]
            self.article_count = self._file.array("articles").item(0)
            self.phrases = {length: self._read_phrases(length) for length in PHRASE_LENGTHS}
            cases = self._file.array("cases").read().reshape(-1, CASES)
            self.case_counts: CaseCounts = np.pad(cases, ((1, 0), (0, 0)))
            self._sorted_endings: dict[int, tuple[PhraseKeys, NDArray[np.intp]]] = {}
        self._word_frequencies = self.phrases[1].word_frequencies(len(self.words))
        if not len(self.words) == len(self.folded_words) == len(self.case_counts):
            raise self._file.damaged("its words are not those that it counts")

    def _read_phrases(self, length: int) -> PhraseCounts:
        counts = self._file.array(f"{length}.counts").read().view(np.int32)
        keys = self._file.array(f"{length}.keys").read()
        phrases = PhraseCounts(keys, counts.reshape(-1, CAPITALS + length))
        if len(phrases.counts) != len(keys):
            raise self._file.damaged(f"its {length}.keys do not fit its counts")
        return phrases

    def ids_of_word(self, exact: str, folded: str) -> range:
        """Return the one id of a word given by both its forms; empty for an unknown word."""
        same_letters = self.ids_of_folded(folded)
        low = next((i for i in same_letters if self.words[i] == exact), same_letters.stop)
        return range(low, min(low + 1, same_letters.stop))

    def ids_of_folded(self, folded: str) -> range:
        """Return the ids of the words with a folded form."""
        low = bisect_left(self.folded_words, folded, 1)
        return range(low, bisect_left(self.folded_words, folded + "\0", low))

    def ids_with_prefix(self, folded: str) -> range:
        """Return the ids of the words whose folded form begins with a prefix."""
        low = bisect_left(self.folded_words, folded, 1)
        return range(low, bisect_left(self.folded_words, folded + _HIGHEST_LETTER, low))

    def word_frequency(self, word_ids: range) -> int:
        """Return the document frequency of the commonest of some words; 0 if there are none."""
        frequencies = self._word_frequencies[word_ids.start : word_ids.stop]
        return int(frequencies.max(initial=0))

    def top_phrases(
        self,
        length: int,
        positions: Sequence[Sequence[range]],
        limit: int,
        last_ids: Sequence[int] | None = None,
    ) -> list[ScoredPhrase]:
        """Return the phrases of one length with the best scores, in no order.

        Args:
            length: words of the phrases.
            positions: for each of the first words, the ranges of ids that it may have.
            limit: how many phrases, at most.
            last_ids: ids of these ranges that the last of these words may have; None allows all.
        """
        phrases = self.phrases[length]
        scores: NDArray[np.uint32] = self._file.array(f"{length}.scores").read()
        # (word ids,) 1 for those that the last of the first words may have, else 0.
        is_allowed = np.full(len(self.words), last_ids is None)
        is_allowed[list(last_ids or ())] = True
        # The best rows of each range, then the best of these; a score of 0 means not allowed.
        candidates = [np.zeros(0, np.intp)]
        for low, high in _row_ranges(phrases.keys, positions):
            range_scores = scores[low:high]
            if last_ids is not None:
                word_ids = word_ids_at(phrases.keys[low:high], len(positions) - 1)
                range_scores = range_scores * is_allowed[word_ids]
            places = _top_positions(range_scores, limit)
            candidates.append(low + places[range_scores[places] > 0])
        rows = np.concatenate(candidates)
        rows = rows[_top_positions(scores[rows], limit)]
        return [
            ScoredPhrase(tuple(word_ids), score, documents)
            for word_ids, score, documents in zip(
                unpack_phrases(phrases.keys[rows], length).tolist(),
                scores[rows].tolist(),
                phrases.documents[rows].tolist(),
                strict=True,
            )
        ]

    def words_after(
        self, word_ids: Sequence[int], limit: int, share: float = 0.0
    ) -> list[tuple[int, float]]:
        """Return the words that most often follow a phrase and their shares, largest first.

        Args:
            word_ids: fewer words than the longest phrase.
            limit: how many words, at most.
            share: of the phrase's articles, that a word has to have.
        """
        keys = self.phrases[len(word_ids) + 1].keys
        lowest, highest = key_range(word_ids)
        rows = np.arange(*np.searchsorted(keys, [lowest, highest + np.uint64(1)]))
        return self._neighbours(word_ids, rows, len(word_ids), limit, share)

    def words_before(
        self, word_ids: Sequence[int], limit: int, share: float = 0.0
    ) -> list[tuple[int, float]]:
        """Return the words that most often stand before a phrase and their shares, largest first.

        The arguments are those of `words_after`.
        """
        endings, order = self._endings(len(word_ids) + 1)
        key, _ = key_range(word_ids)
        low, high = np.searchsorted(endings, [key, key + np.uint64(1)], sorter=order)
        return self._neighbours(word_ids, order[low:high], 0, limit, share)

    def _neighbours(
        self,
        word_ids: Sequence[int],
        rows: NDArray[np.intp],
        position: int,
        limit: int,
        share: float,
    ) -> list[tuple[int, float]]:
        """Return the words at a position of some longer phrases, the commonest first."""
        longer = self.phrases[len(word_ids) + 1]
        shares = longer.documents[rows] / max(1, self.document_frequency(word_ids))
        top = np.argsort(-shares, kind="stable")[:limit]
        top = top[shares[top] >= share]
        neighbours = word_ids_at(longer.keys[rows[top]], position)
        return list(zip(map(int, neighbours), map(float, shares[top]), strict=True))

    def document_frequency(self, word_ids: Sequence[int]) -> int:
        """Return the articles that hold a phrase in their beginnings; 0 for one not counted."""
        counts = self._counts(word_ids) if len(word_ids) <= LONGEST_PHRASE else []
        return counts[DOCUMENTS] if counts else 0

    def _endings(self, length: int) -> tuple[PhraseKeys, NDArray[np.intp]]:
        """Return the keys of phrases without their first words, and the order of these keys."""
        if length not in self._sorted_endings:
            endings = self.phrases[length].keys << np.uint64(WORD_BITS)
            self._sorted_endings[length] = endings, np.argsort(endings, kind="stable")
        return self._sorted_endings[length]

    def surface_forms(self, word_ids: Sequence[int]) -> list[str]:
        """Return the words of a phrase with the capitals that titles and leads mostly give them.

        Args:
            word_ids: one to `LONGEST_PHRASE` words.
        """
        counts = self._counts(word_ids)
        if counts and counts[WRITTEN]:
            is_capital = [2 * count > counts[WRITTEN] for count in counts[CAPITALS:]]
            return list(map(self._surface_form, word_ids, is_capital))
        if len(word_ids) == 1:
            return [self.words[word_ids[0]]]
        # No title or lead has the phrase: take its beginning and its end from elsewhere, and the
        # last word with its neighbour, beside which it may be a part of a name.
        end = word_ids[1:] if len(word_ids) > 2 else word_ids[-1:]
        return [*self.surface_forms(word_ids[:-1]), self.surface_forms(end)[-1]]

    def has_certain_capitals(self, word_ids: Sequence[int], least: int) -> bool:
        """Tell whether titles and leads mostly agree on the capitals of a phrase.

        Args:
            word_ids: the words.
            least: articles that have to have the phrase there.
        """
        counts = self._counts(word_ids) if len(word_ids) <= LONGEST_PHRASE else []
        if not counts or counts[WRITTEN] < least:
            return False
        shares = (count / counts[WRITTEN] for count in counts[CAPITALS:])
        return all(share <= _AGREED or share >= 1 - _AGREED for share in shares)

    def _counts(self, word_ids: Sequence[int]) -> list[int]:
        """Return the counts of a phrase; none if it is not counted."""
        phrases = self.phrases[len(word_ids)]
        key, _ = key_range(word_ids)
        row = int(np.searchsorted(phrases.keys, key))
        is_present = row < len(phrases.keys) and phrases.keys[row] == key
        return list(map(int, phrases.counts[row])) if is_present else []

    def _surface_form(self, word_id: int, is_capital: bool) -> str:
        word, (title_case, upper_case) = self.words[word_id], self.case_counts[word_id].tolist()
        if not is_capital:
            return word
        return word.upper() if upper_case > title_case else word.capitalize()


def write_phrase_table(
    folder: Path,
    article_count: int,
    words: Mapping[str, str],
    case_counts: CaseCounts,
    phrases: Mapping[int, PhraseCounts],
    scored: bool,
) -> None:
    """Write the phrase table of a generation under construction.

    Args:
        folder: the generation's.
        article_count: articles that were counted.
        words: folded form by exact form, in the order of their ids, from 1.
        case_counts: (words, `CASES`) without `BREAK`.
        phrases: phrases by their length.
        scored: False for a checkpoint, which is never queried.
    """
    word_frequencies = phrases[1].word_frequencies(len(words) + 1)
    arrays: list[tuple[str, Array]] = [
        ("articles", np.array([article_count], np.uint32)),
        *string_table_arrays("words", list(words)).items(),
        *string_table_arrays("folded", list(words.values())).items(),
        ("cases", case_counts.ravel()),
    ]
    shorter = PhraseCounts.empty(0)
    for length, counts in phrases.items():
        if scored:
            scores = score_phrases(counts, shorter, word_frequencies, article_count)
            arrays.append((f"{length}.scores", scores))
        arrays.append((f"{length}.keys", counts.keys))
        arrays.append((f"{length}.counts", counts.counts.view(np.uint32).ravel()))
        shorter = counts
    write_arrays(folder / PHRASES_FILE, PHRASES_FILE, arrays)


def _row_ranges(
    keys: PhraseKeys, positions: Sequence[Sequence[range]]
) -> Iterator[tuple[int, int]]:
    """Yield the ranges of rows, none empty, of the phrases whose first words have some ids."""
    # (beginnings,) the lowest key of every combination of ids so far that some phrase has.
    starts = np.zeros(1, np.uint64)
    low = high = np.zeros(0, np.intp)
    for position, id_ranges in enumerate(positions):
        shift = np.uint64(word_shift(position))
        lower_words = np.uint64((1 << word_shift(position)) - 1)  # bits of the words after this
        # (ranges,) first and last id of each range; all but those of the last position are split
        # into single ids, since a range of keys needs the words before it fixed.
        if position < len(positions) - 1:
            id_ranges = [range(i, i + 1) for id_range in id_ranges for i in id_range]
        first = np.array([id_range.start for id_range in id_ranges], np.uint64)
        last = np.array([id_range.stop - 1 for id_range in id_ranges], np.uint64)
        # (beginnings, ranges) the rows from `low` to below `high` have these ids.
        lowest = (starts[:, None] | (first << shift)).ravel()
        highest = (starts[:, None] | (last << shift | lower_words)).ravel()
        low = np.searchsorted(keys, lowest)
        high = np.searchsorted(keys, highest, "right")
        is_present = low < high
        starts, low, high = lowest[is_present], low[is_present], high[is_present]
    yield from zip(low.tolist(), high.tolist(), strict=True)


def _top_positions(scores: NDArray[np.uint32], limit: int) -> NDArray[np.intp]:
    """Return the positions of the highest scores, in no order."""
    if len(scores) <= limit:
        return np.arange(len(scores))
    return np.argpartition(scores, -limit)[-limit:]
