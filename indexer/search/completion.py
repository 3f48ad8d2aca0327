"""Completion: how a query that is still being typed may go on, by the phrases of the archive.

The phrases are learned with each generation (`indexer.derived.phrase_table`) and mapped: on
35,431 articles a file of 10 MB, and 1.7 ms of the processor for three letters (95 %: 2.5, most of
200 beginnings: 3.4). The engine's dictionaries could serve for two syllables: they took 20 to
1,600 ms a prefix (every term with the prefix is decoded), and knew nothing of three or four.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.analyzer import Analyzer, Token
from indexer.derived.phrase_counts import (
    CAPITALS,
    DOCUMENTS,
    LONGEST_PHRASE,
    MOST_KNOWN,
    WORD_BITS,
    WRITTEN,
    words_of,
)
from indexer.derived.phrase_table import PhraseFile
from indexer.vietnamese.alphabet import TONE_OF, TONELESS
from indexer.vietnamese.keystrokes import FAR_MORE, METHODS, decode, decode_query, has_mark
from indexer.vietnamese.normalization import canonical, fold, lower_canonical
from indexer.vietnamese.syllables import exact_form, folded_form

LONGEST_TYPED = 200
"""Characters of an unfinished query that are looked at."""

MOST_SUGGESTIONS = 20
"""Suggestions that can be asked for at once."""

CANDIDATES = 48
"""Phrases of each length that are looked at, the best ones."""

OTHER_FORM = 0.2
"""What another spelling of the same letters must have of the commonest one's articles."""

ABSORBED = 0.8
"""A phrase gives way to a longer one that holds it in this share of its articles."""

KEYSTROKE_TOLERANCE = 0.5
"""The share of whole words that may be neither keystrokes nor in the archive."""

RARE = 5000
"""A word that fewer than one of so many articles hold is none, for keystrokes."""

_MOST_MORE = 2
_AFTER = "\uffff"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole query that is offered, and how many articles hold its completed end."""

    text: str
    documents: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase: its words' numbers, score and articles."""

    words: tuple[int, ...]
    score: int
    documents: int


@dataclass(frozen=True, slots=True)
class _Ending:
    """The end of a query: the numbers each whole word may be, and the unfinished word."""

    whole: tuple[tuple[int, ...], ...]
    begun: str


class Phrases:
    """Looks up the phrases of one generation; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the phrases of a generation.

        Raises:
            EngineError: they are not there or damaged.
        """
        self._file = PhraseFile(folder)
        self._words = ["", *self._file.words]
        self._folded = ["", *self._file.folded]

    def suggested(self, analyzer: Analyzer, text: str, limit: int) -> tuple[Suggestion, ...]:
        """The best ways in which a query may go on; none for what cannot be completed."""
        typed = canonical(text[-LONGEST_TYPED:])
        limit = min(max(0, limit), MOST_SUGGESTIONS)
        whole, begun = _parted(analyzer.tokens(typed), typed)
        if not limit or not (whole or begun):
            return ()
        typed = self._decoded(typed[: len(typed) - len(begun)], begun)
        whole, begun = _parted(analyzer.tokens(typed), typed)
        for length in range(min(LONGEST_PHRASE - 1, len(whole)), -1, -1):
            head = whole[len(whole) - length :]
            found = self._completed(head, begun, limit) if head or begun else []
            if found:
                start = head[0].start if head else len(typed) - len(begun)
                return self._shown(typed, start, found, limit)
        return ()

    def _decoded(self, before: str, begun: str) -> str:
        """What was typed with its keystrokes read; those of the last word only if it is sure."""
        decoded = decode_query(before, self._held, KEYSTROKE_TOLERANCE)
        methods = (decoded.method,) if decoded else METHODS
        readings = [one.word for one in decode(begun, methods) if has_mark(one.word)]
        best = max(readings, key=self._held, default="")
        if best and self._held(best) > FAR_MORE * self._most_begun(begun):
            begun = best
        return (decoded.text if decoded else before) + begun

    def _most_begun(self, begun: str) -> int:
        """In how many articles the commonest word is that begins so."""
        numbers = (at for low, high in self._begun(begun) for at in range(low, high + 1))
        return max(map(self._often, numbers), default=0)

    def commonest(self, count: int) -> list[tuple[str, int]]:
        """The words that the most articles hold, and how many."""
        often = self._file.counts(1)[:, DOCUMENTS]
        rows = np.argsort(often)[::-1][:count]
        words = words_of(self._file.keys(1)[rows], 1)[:, 0].tolist()
        return [
            (self._words[at], held) for at, held in zip(words, often[rows].tolist(), strict=True)
        ]

    def written(self, forms: Sequence[str]) -> str:
        """Exact forms as title and lead mostly write them; as they are where nothing is known."""
        numbers = [self._number(form) for form in forms]
        if 0 in numbers or len(numbers) > LONGEST_PHRASE:
            return " ".join(forms)
        return " ".join(self._cased(numbers))

    def _held(self, token: str) -> int:
        """In how many articles a token is, with any marks where it has none; 0 for a rare one.

        A large archive holds almost any string once (coong), and that is no word.
        """
        token = exact_form(token)
        bare = fold(token) == token
        numbers = range(*self._forms(folded_form(token)))
        often = [self._often(at) for at in numbers if bare or self._words[at] == token]
        most = max(often, default=0)
        return most if most * RARE >= self._file.articles else 0

    def _often(self, number: int) -> int:
        keys, key = self._file.keys(1), np.uint64(_key((number,)))
        row = int(np.searchsorted(keys, key))
        if row == len(keys) or keys[row] != key:
            return 0
        return int(self._file.counts(1)[row, DOCUMENTS])

    def _forms(self, folded: str) -> tuple[int, int]:
        """The range of the words with a folded form."""
        low = bisect_left(self._folded, folded, 1)
        return low, bisect_left(self._folded, folded + "\0", low)

    def _number(self, form: str) -> int:
        low, high = self._forms(folded_form(form))
        return next((at for at in range(low, high) if self._words[at] == form), 0)

    def _completed(self, head: Sequence[Token], begun: str, limit: int) -> list[_Found]:
        forms = [tuple(range(*self._forms(token.folded))) for token in head]
        exact = [
            tuple(at for at in numbers if self._words[at] == token.exact)
            for token, numbers in zip(head, forms, strict=True)
        ]
        agreed = [
            numbers if token.exact == token.folded else same
            for token, numbers, same in zip(head, forms, exact, strict=True)
        ]
        # Marks that no phrase of the archive has are no demand.
        found = self._going_on(_Ending(tuple(agreed), begun), limit)
        return found or self._going_on(_Ending(tuple(forms), begun), limit)

    def _going_on(self, ending: _Ending, limit: int) -> list[_Found]:
        begun = ending.begun
        marked = lower_canonical(begun) != fold(begun)
        found = self._chosen(ending, self._agreeing(begun) if marked else None)
        if len(found) < limit and marked:
            # In mid-composition a mark may still be missing, or be on its way elsewhere.
            known = {one.words for one in found}
            found += [one for one in self._chosen(ending, None) if one.words not in known]
        return found

    def _chosen(self, ending: _Ending, agreeing: NDArray[np.bool_] | None) -> list[_Found]:
        """The best phrases that go on from an ending, best first, no two nearly the same.

        `agreeing` tells for each word's number whether it has the marks that were typed.
        """
        found: list[_Found] = []
        for length in range(len(ending.whole) + 1, LONGEST_PHRASE + 1):
            found += self._best(ending, length, agreeing)
        found = self._commonest_forms(found)
        longer = {
            one.words[:size]: one.documents
            for size in range(1, LONGEST_PHRASE)
            for one in sorted(found, key=lambda one: one.documents)
            if len(one.words) > size
        }
        kept = [one for one in found if longer.get(one.words, 0) < ABSORBED * one.documents]
        return sorted(kept, key=lambda one: (-one.score, self._spelt(one)))

    def _best(
        self, ending: _Ending, length: int, agreeing: NDArray[np.bool_] | None
    ) -> list[_Found]:
        keys, scores = self._file.keys(length), self._file.scores(length)
        some = [np.zeros(0, np.intp)]
        for low, high in self._ranges(ending, keys):
            worth = scores[low:high]
            if agreeing is not None:
                shift = np.uint64(_shift(len(ending.whole)))
                numbers = (keys[low:high] >> shift).astype(np.uint16)
                worth = worth * agreeing[numbers]
            if high - low > CANDIDATES:
                some.append(low + np.argpartition(worth, -CANDIDATES)[-CANDIDATES:])
            else:
                some.append(np.arange(low, high))
            if agreeing is not None:
                some[-1] = some[-1][worth[some[-1] - low] > 0]
        rows = np.concatenate(some)
        if len(rows) > CANDIDATES:
            rows = rows[np.argpartition(scores[rows], -CANDIDATES)[-CANDIDATES:]]
        numbers = words_of(keys[rows], length).tolist()
        documents = self._file.counts(length)[rows, DOCUMENTS].tolist()
        return [
            _Found(tuple(words), score, often)
            for words, score, often in zip(numbers, scores[rows].tolist(), documents, strict=True)
        ]

    def _ranges(self, ending: _Ending, keys: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
        """The ranges of the phrases that begin with an ending."""
        starts = np.zeros(1, np.uint64)
        low, high = np.zeros(1, np.intp), np.full(1, len(keys), np.intp)
        for at, numbers in enumerate(ending.whole):
            shift = np.uint64(_shift(at))
            starts = (starts[:, None] | (np.array(numbers, np.uint64) << shift)[None, :]).ravel()
            low = np.searchsorted(keys, starts)
            high = np.searchsorted(keys, starts + (np.uint64(1) << shift) - np.uint64(1), "right")
            there = low < high
            starts, low, high = starts[there], low[there], high[there]
        if not ending.begun:
            yield from zip(low.tolist(), high.tolist(), strict=True)
            return
        width = _shift(len(ending.whole))
        for start, (first, last) in product(starts.tolist(), self._begun(ending.begun)):
            bounds = (start | (first << width), start | (last << width) | ((1 << width) - 1))
            least, most = (np.uint64(bound) for bound in bounds)
            yield int(np.searchsorted(keys, least)), int(np.searchsorted(keys, most, "right"))

    def _begun(self, begun: str) -> list[tuple[int, int]]:
        """The ranges, ends included, of the words that an unfinished word may become."""
        found = []
        for prefix in dict.fromkeys((fold(begun), folded_form(lower_canonical(begun)))):
            low = bisect_left(self._folded, prefix, 1)
            high = bisect_left(self._folded, prefix + _AFTER, low)
            if low < high:
                found.append((low, high - 1))
        return found

    def _agreeing(self, begun: str) -> NDArray[np.bool_]:
        """For each word's number, whether it may become of an unfinished word with its marks."""
        agreeing = np.zeros(len(self._words), bool)
        for low, high in self._begun(begun):
            for at in range(low, high + 1):
                agreeing[at] = may_become(begun, self._words[at])
        return agreeing

    def _commonest_forms(self, found: Sequence[_Found]) -> list[_Found]:
        """Of the spellings of the same letters those that are not rare beside the commonest."""
        most: dict[tuple[str, ...], int] = {}
        spelt = [tuple(self._folded[at] for at in one.words) for one in found]
        for one, folded in zip(found, spelt, strict=True):
            most[folded] = max(most.get(folded, 0), one.documents)
        return [
            one
            for one, folded in zip(found, spelt, strict=True)
            if one.documents >= OTHER_FORM * most[folded]
        ]

    def _shown(
        self, typed: str, start: int, found: Sequence[_Found], limit: int
    ) -> tuple[Suggestion, ...]:
        offered: dict[str, Suggestion] = {}
        for one in found:
            if len(offered) == limit:
                break
            text = typed[:start] + " ".join([*self._cased(one.words), *self._more(one)])
            if text.lower() != typed.strip().lower():
                offered.setdefault(text.lower(), Suggestion(text, one.documents))
        return tuple(offered.values())

    def _more(self, one: _Found) -> list[str]:
        """The words that nearly always come after one of the longest phrases: a name's last."""
        words, more = list(one.words), list[str]()
        keys, counts = self._file.keys(LONGEST_PHRASE), self._file.counts(LONGEST_PHRASE)
        while len(one.words) == LONGEST_PHRASE and len(more) < _MOST_MORE:
            start = _key((*words[1 - LONGEST_PHRASE :], 0))
            low, high = np.searchsorted(keys, np.array([start, start | MOST_KNOWN], np.uint64))
            often = counts[low:high, DOCUMENTS]
            if not len(often) or often.max() < ABSORBED * one.documents:
                break
            row = int(low) + int(often.argmax())
            words.append(int(keys[row]) & MOST_KNOWN)
            more.append(self._cased(words[-LONGEST_PHRASE:])[-1])
        return more

    def _spelt(self, one: _Found) -> str:
        return " ".join(self._words[at] for at in one.words)

    def _cased(self, words: Sequence[int]) -> list[str]:
        """The words of a phrase with the capitals that title and lead give them there."""
        if not words:
            return []
        keys, key = self._file.keys(len(words)), np.uint64(_key(words))
        row = int(np.searchsorted(keys, key))
        if row < len(keys) and keys[row] == key:
            counts = self._file.counts(len(words))[row].tolist()
            if counts[WRITTEN]:
                capitals = [2 * count > counts[WRITTEN] for count in counts[CAPITALS:]]
                return [self._word(word, one) for word, one in zip(words, capitals, strict=True)]
        if len(words) == 1:
            return [self._word(words[0], False)]
        # Neither has the whole: what its beginning and its last word are like elsewhere.
        return [*self._cased(words[:-1]), *self._cased(words[-1:])]

    def _word(self, number: int, capital: bool) -> str:
        word, (title, upper) = self._words[number], self._file.cases[number - 1].tolist()
        if not capital:
            return word
        return word.upper() if upper > title else word.capitalize()


def _parted(tokens: Sequence[Token], typed: str) -> tuple[Sequence[Token], str]:
    """The whole words, and the unfinished one at the very end."""
    if not tokens or typed[tokens[-1].end :]:
        return tokens, ""
    return tokens[:-1], typed[tokens[-1].start :]


def may_become(begun: str, word: str) -> bool:
    """Whether an unfinished word with marks may become a word by typing on.

    A letter without a mark may still get one; a breve, circumflex, horn or stroke stays where it
    is, and a tone stays in the syllable, wherever the input method moves it.
    """
    begun = lower_canonical(begun)
    tones = {TONE_OF[letter] for letter in begun if letter in TONE_OF}
    if tones and tones != {TONE_OF[letter] for letter in word if letter in TONE_OF}:
        return False
    pairs = zip(begun.translate(TONELESS), word.translate(TONELESS), strict=False)
    return len(begun) <= len(word) and all(
        mine in (other, fold(other)) or fold(mine) != fold(other) for mine, other in pairs
    )


def _shift(at: int) -> int:
    return (LONGEST_PHRASE - 1 - at) * WORD_BITS


def _key(numbers: Sequence[int]) -> int:
    return sum((number & MOST_KNOWN) << _shift(at) for at, number in enumerate(numbers))
