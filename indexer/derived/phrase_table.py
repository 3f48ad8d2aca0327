"""The phrases of one to four words that articles hold, for completion: one file a generation.

Counted are articles, for each phrase as it is spelt (exact forms), by their first `HEAD_WORDS`
words. Exact while the archive is small; bounded beyond, as by lossy counting (Manku and Motwani
2002):

- in a block of `LARGE_BLOCK` articles or more, words that stand there once are left out, and so
  are phrases of several words that only one of them holds, and phrases of four words with a word
  that is not among the block's 4,095 commonest;
- when there are more than `MOST_PHRASES` phrases the rarest go, and when there are more than
  `MOST_KNOWN` words the phrases with the rarest ones.

What is left out counts from nothing when it comes back. An article that goes takes out exactly
what counting it again gives, never more than is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.arrays.array_file import Array, ArrayFile, write_arrays
from indexer.derived.phrase_counts import (
    CAPITALS,
    DOCUMENTS,
    LONGEST_PHRASE,
    MOST_KNOWN,
    TITLES,
    Block,
    Phrases,
    among,
    count_articles,
    count_written,
    kept,
    keys_of,
    merge,
    no_phrases,
    words_of,
)
from indexer.derived.phrase_scoring import scores, weights
from indexer.derived.word_ids import (
    BREAK,
    HEAD_WORDS,
    Numbers,
    Vocabulary,
    Words,
    fits_phrase,
)
from indexer.vietnamese.syllables import folded_form

PHRASES: Final = "phrases.learned"

LARGE_BLOCK: Final = 420
MOST_PHRASES: Final = 1_200_000
KEPT_PHRASES: Final = 800_000
"""How many are left when there were too many."""

_LENGTHS = range(1, LONGEST_PHRASE + 1)
_CASES = 2


class PhraseBook:
    """The phrases of an archive while it is learned; not to be shared between threads."""

    def __init__(self) -> None:
        self._words = [""]
        self._numbers = {"": BREAK}
        # How often title and lead write a word `Tên` and `TÊN`.
        self._cases = np.zeros((1, _CASES), np.int64)
        self._phrases = {length: no_phrases(length) for length in _LENGTHS}
        self._articles = 0

    def count(self, texts: Sequence[Words], vocabulary: Vocabulary, sign: int) -> None:
        """Add the phrases of some articles, or take them out (`sign` -1)."""
        if not texts:
            return
        self._articles += sign * len(texts)
        known = self._admitted(texts, vocabulary)
        written_of = known[np.array(vocabulary.exact_of)]
        written = list(vocabulary.written)
        capital = np.array([text[:1].isupper() for text in written], np.uint64)
        whole = _block([one.text[:HEAD_WORDS] for one in texts], known, capital, None)
        lines = _block([one.written for one in texts], written_of, capital, written)
        titles = _block([one.written[: one.title] for one in texts], written_of, capital, written)
        least = 2 if len(texts) >= LARGE_BLOCK else 1
        for length in _LENGTHS:
            counted = count_articles(whole, length, least if length > 1 else 1)
            in_titles = among(count_articles(titles, length), counted)
            in_titles.counts[:, TITLES] = in_titles.counts[:, DOCUMENTS]
            in_titles.counts[:, DOCUMENTS] = 0
            cased = among(count_written(lines, length), counted)
            counted = merge(merge(counted, in_titles), cased)
            counted.counts *= sign
            self._phrases[length] = merge(self._phrases[length], counted)
        self._count_cases(texts, written, written_of, sign)
        if sign < 0:
            self._drop_gone()
        self._bound()

    def absorb(self, other: PhraseBook) -> None:
        """Take in the phrases of other articles."""
        self._articles += other._articles
        self._make_room(len(other._words))
        number = np.array([self._number(word) for word in other._words], np.uint64)
        self._grow_cases()
        np.add.at(self._cases, number.astype(np.int64), other._cases)
        for length in _LENGTHS:
            theirs = other._phrases[length]
            words = number[words_of(theirs.keys, length).astype(np.int64)]
            mine = self._phrases[length]
            self._phrases[length] = merge(mine, _sorted(Phrases(keys_of(words), theirs.counts)))
        self._bound()

    def save(self, folder: Path, served: bool = True) -> None:
        """Write them into a generation that is being built, or a part of one that is not served.

        Only what is served has scores.
        """
        used = np.flatnonzero(self._used())
        forms = [(folded_form(self._words[at]), self._words[at], at) for at in used.tolist()]
        forms.sort()
        number = np.zeros(len(self._words), np.uint64)
        order = np.array([at for _, _, at in forms], np.int64)
        number[order] = np.arange(1, len(forms) + 1, dtype=np.uint64)
        often, there = np.zeros(len(forms) + 1, np.int64), no_phrases(0)
        arrays: list[tuple[str, Array]] = [
            ("articles", np.array([self._articles], "<u4")),
            *_texts("words", [word for _, word, _ in forms]),
            *_texts("folded", [folded for folded, _, _ in forms]),
            ("cases", self._cases[order].astype("<i8").ravel()),
        ]
        for length in _LENGTHS:
            mine = self._phrases[length]
            words = number[words_of(mine.keys, length).astype(np.int64)]
            shorter, there = there, _sorted(Phrases(keys_of(words), mine.counts))
            if length == 1:
                singles = words_of(there.keys, 1)[:, 0].astype(np.int64)
                often[singles] = there.counts[:, DOCUMENTS]
            if served:
                worth = scores(there, length, shorter, often, self._articles)
                arrays.append((f"{length}.scores", worth))
            arrays.append((f"{length}.keys", there.keys))
            arrays.append((f"{length}.counts", there.counts.astype("<u4").ravel()))
        path, beside = folder / PHRASES, folder / f".{PHRASES}.new"
        beside.unlink(missing_ok=True)
        write_arrays(beside, PHRASES, arrays)
        # A hard link to the base's file must not be written through.
        beside.replace(path)

    def _admitted(self, texts: Sequence[Words], vocabulary: Vocabulary) -> NDArray[np.uint64]:
        """The number here of each of the vocabulary's exact words; `BREAK` for none."""
        often = np.bincount(np.concatenate([one.text[:HEAD_WORDS] for one in texts]))
        least = 2 if len(texts) >= LARGE_BLOCK else 1
        used = np.flatnonzero(often >= least).tolist()
        exact = list(vocabulary.exact)
        self._make_room(len(used))
        known = np.zeros(len(exact), np.uint64)
        for at in used:
            if fits_phrase(exact[at]):
                known[at] = self._number(exact[at])
        self._grow_cases()
        return known

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            if len(self._words) > MOST_KNOWN:
                return BREAK
            number = self._numbers[word] = len(self._words)
            self._words.append(word)
        return number

    def _grow_cases(self) -> None:
        more = len(self._words) - len(self._cases)
        self._cases = np.concatenate([self._cases, np.zeros((more, _CASES), np.int64)])

    def _count_cases(
        self,
        texts: Sequence[Words],
        written: Sequence[str],
        written_of: NDArray[np.uint64],
        sign: int,
    ) -> None:
        often = np.bincount(np.concatenate([one.written for one in texts]), minlength=len(written))
        known = written_of.astype(np.int64)
        upper = np.array([len(text) > 1 and text.isupper() for text in written])
        title = np.array([text[:1].isupper() for text in written]) & ~upper
        for column, which in enumerate((title, upper)):
            np.add.at(self._cases[:, column], known[which], sign * often[which])

    def _drop_gone(self) -> None:
        for length in _LENGTHS:
            phrases = self._phrases[length]
            self._phrases[length] = kept(phrases, phrases.counts[:, DOCUMENTS] > 0)

    def _used(self) -> NDArray[np.bool_]:
        """For each word, whether a phrase has it."""
        used = np.zeros(len(self._words), bool)
        for length in _LENGTHS:
            used[words_of(self._phrases[length].keys, length).astype(np.int64)] = True
        used[BREAK] = False
        return used

    def _bound(self) -> None:
        """Let the rarest phrases go when there are too many."""
        total = sum(len(self._phrases[length].keys) for length in _LENGTHS)
        if total <= MOST_PHRASES:
            return
        every = np.concatenate([weights(self._phrases[length].counts) for length in _LENGTHS])
        least = int(np.partition(every, total - KEPT_PHRASES)[total - KEPT_PHRASES])
        for length in _LENGTHS:
            phrases = self._phrases[length]
            self._phrases[length] = kept(phrases, weights(phrases.counts) > least)

    def _make_room(self, more: int) -> None:
        """Let the phrases with the rarest words go when there are too many words."""
        if len(self._words) + more <= MOST_KNOWN:
            return
        singles = self._phrases[1]
        often = np.zeros(len(self._words), np.int64)
        often[words_of(singles.keys, 1)[:, 0].astype(np.int64)] = singles.counts[:, DOCUMENTS]
        room = max(0, MOST_KNOWN * 3 // 4 - more)
        staying = np.sort(np.argsort(-often[1:], kind="stable")[:room] + 1)
        staying = staying[often[staying] > 0]
        number = np.zeros(len(self._words), np.uint64)
        number[staying] = np.arange(1, len(staying) + 1, dtype=np.uint64)
        for length in _LENGTHS:
            phrases = self._phrases[length]
            words = number[words_of(phrases.keys, length).astype(np.int64)]
            whole = (words != BREAK).all(axis=1)
            # Numbers keep their order, and so do the phrases.
            self._phrases[length] = Phrases(keys_of(words[whole]), phrases.counts[whole])
        self._words = ["", *(self._words[at] for at in staying.tolist())]
        self._numbers = {word: at for at, word in enumerate(self._words)}
        self._cases = self._cases[np.concatenate([[BREAK], staying])]


class PhraseFile:
    """The phrases of a generation, mapped; safe to share between threads.

    Words are numbered from 1 in the order of (folded form, exact form).
    """

    def __init__(self, folder: Path) -> None:
        """Look at the file of a generation.

        Raises:
            EngineError: it is not there or damaged.
        """
        file = ArrayFile(folder / PHRASES, PHRASES, None)
        self.words, self.folded = _read(file, "words"), _read(file, "folded")
        self.articles = file.array("articles").item(0)
        self.cases = file.array("cases").read().reshape(-1, _CASES)
        self._keys = {length: file.array(f"{length}.keys") for length in _LENGTHS}
        self._counts = {length: file.array(f"{length}.counts") for length in _LENGTHS}
        self._file = file

    def keys(self, length: int) -> Array:
        """The phrases of one length, ascending."""
        return self._keys[length].read()

    def counts(self, length: int) -> Array:
        """What is counted of the phrases of one length, row by row."""
        return self._counts[length].read().reshape(-1, CAPITALS + length)

    def scores(self, length: int) -> Array:
        """How good the phrases of one length are as completions."""
        return self._file.array(f"{length}.scores").read()


def load_phrases(folder: Path) -> PhraseBook:
    """The phrases of a generation, to be learned on from; none when it has no such file.

    Raises:
        EngineError: the file is damaged.
    """
    book = PhraseBook()
    if not (folder / PHRASES).exists():
        return book
    file = PhraseFile(folder)
    book._articles = file.articles
    book._words = ["", *file.words]
    book._numbers = {word: at for at, word in enumerate(book._words)}
    book._cases = np.concatenate([np.zeros((1, _CASES), np.int64), file.cases])
    for length in _LENGTHS:
        counts = file.counts(length).astype(np.int32)
        book._phrases[length] = Phrases(file.keys(length).astype(np.uint64), counts)
    return book


def _block(
    texts: Sequence[Numbers],
    known: NDArray[np.uint64],
    capital: NDArray[np.uint64],
    written: Sequence[str] | None,
) -> Block:
    """Texts in one row, a break after each."""
    sizes = np.array([len(text) + 1 for text in texts])
    row = np.zeros(int(sizes.sum()), np.int64)
    inside = np.ones(len(row), bool)
    inside[np.cumsum(sizes) - 1] = False
    row[inside] = np.concatenate(texts)
    articles = np.repeat(np.arange(len(texts), dtype=np.uint64), sizes)
    capitals = np.zeros(0, np.uint64)
    if written is not None:
        capitals = capital[row]
        # What begins a sentence is a name if the next word is written like one, too.
        begins = np.concatenate([[True], row[:-1] == BREAK])
        capitals[begins] &= np.append(capitals[1:], np.uint64(0))[begins]
    return Block(known[row].astype(np.int64), articles, capitals)


def _sorted(phrases: Phrases) -> Phrases:
    order = np.argsort(phrases.keys, kind="stable")
    return Phrases(phrases.keys[order], phrases.counts[order])


def _texts(name: str, texts: Sequence[str]) -> list[tuple[str, Array]]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.cumsum([0, *map(len, encoded)])
    text = np.frombuffer(b"".join(encoded), np.uint8)
    return [(f"{name}.text", text), (f"{name}.start", ends.astype("<u4"))]


def _read(file: ArrayFile, name: str) -> list[str]:
    text = file.array(f"{name}.text").read().tobytes()
    starts = file.array(f"{name}.start").read().tolist()
    return [
        text[low:high].decode("utf-8", "surrogatepass")
        for low, high in zip(starts, starts[1:], strict=False)
    ]
