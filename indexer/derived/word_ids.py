"""The words of articles as numbers, made once for everything that is learned from them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document
from indexer.analysis.fields import Zone

BREAK = 0
"""The number that stands between words that no phrase may cross."""

MOST_WORDS = 50_000
"""Words of one article that are read."""

HEAD_WORDS = 150
"""Words of an article whose phrases are counted, from its beginning: title, lead, and the first
of the body, where a press article says what it is about. With all of them learning took three
quarters of the time that the rest of indexing takes; completions hardly change."""

_BODY, _LAST_ZONE = int(Zone.HEADING), int(Zone.BODY)
_MOST_REMEMBERED = 500_000
_LONGEST_WORD = 20
_LONGEST_NUMBER = 4

Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Words:
    """An article as numbers.

    Attributes:
        text: the exact words of title, lead, headings and paragraphs, a `BREAK` after each.
        body: where in the text the headings and paragraphs begin.
        written: the words of title and lead as they are written, as numbers of written words.
        title: how many of the written words belong to the title.
    """

    text: Numbers
    body: int
    written: Numbers
    title: int


class _Numbering(dict[str, int]):
    """Gives every new text the next number; the empty text is `BREAK`."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class _Runs(dict[str, tuple[int, ...]]):
    """The numbers of every run of text without blanks, read when it is first looked up."""

    def __init__(self, read: Callable[[str], tuple[int, ...]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, run: str) -> tuple[int, ...]:
        numbers = self[run] = self._read(run)
        return numbers


@dataclass(slots=True)
class Vocabulary:
    """Numbers words; texts without blanks are read once and remembered.

    Attributes:
        exact: exact form -> number.
        written: word as it is written -> number.
        exact_of: number of a written word -> number of its exact form.
    """

    analyzer: Analyzer = field(default_factory=Analyzer)
    exact: _Numbering = field(default_factory=lambda: _Numbering({"": BREAK}))
    written: _Numbering = field(default_factory=lambda: _Numbering({"": BREAK}))
    exact_of: list[int] = field(default_factory=lambda: [BREAK])
    _hashes: list[int] = field(default_factory=list)
    _runs: _Runs = field(init=False)

    def __post_init__(self) -> None:
        """Let runs of text be read as they come up."""
        self._runs = _Runs(self._read)

    def words(self, article: Article, document: Document) -> Words:
        """The words of an article and of the document that was made of it."""
        text = list[str]()
        body = 0
        for passage in document.passages:
            zone: int = passage.zone
            if zone <= _LAST_ZONE:
                text += passage.words
                text.append("")
                if zone < _BODY:
                    body = len(text)
        del text[MOST_WORDS:]
        numbers = np.fromiter(map(self.exact.__getitem__, text), np.uint32, len(text))
        title = self._written(article.title)
        written = [*title, BREAK, *self._written(article.lead)]
        return Words(
            numbers,
            min(body, MOST_WORDS),
            np.array(written[:MOST_WORDS], np.uint32),
            min(len(title), MOST_WORDS),
        )

    def hashes(self) -> NDArray[np.uint64]:
        """A number of 64 bits for each exact word, the same in every process."""
        self._hashes += map(_hash, islice(self.exact, len(self._hashes), None))
        return np.array(self._hashes, np.uint64)

    @property
    def full(self) -> bool:
        """Whether it is time for a new vocabulary, so that memory stays bounded."""
        return len(self.exact) + len(self.written) + len(self._runs) > _MOST_REMEMBERED

    def clear(self) -> None:
        """Begin anew; numbers that were given before mean nothing afterwards."""
        for kept in (self.exact, self.written, self._runs):
            kept.clear()
        self.exact[""] = self.written[""] = BREAK
        self.exact_of[:], self._hashes[:] = [BREAK], []

    def _written(self, text: str) -> list[int]:
        return list(chain.from_iterable(map(self._runs.__getitem__, text.split())))

    def _read(self, run: str) -> tuple[int, ...]:
        """The numbers of a run without blanks; whatever is no letter or digit breaks phrases."""
        numbers: list[int] = []
        end = 0
        for (start, stop), exact in self.analyzer.words(run):
            if start > end:
                numbers.append(BREAK)
            number = self.written[run[start:stop]]
            if number == len(self.exact_of):
                self.exact_of.append(self.exact[exact])
            numbers.append(number)
            end = stop
        if end < len(run):
            numbers.append(BREAK)
        return tuple(numbers)


def fits_phrase(exact: str) -> bool:
    """Whether a word may be part of a phrase that is offered: no long numbers, no noise."""
    if not 0 < len(exact) <= _LONGEST_WORD:
        return False
    return len(exact) <= _LONGEST_NUMBER or not any(map(str.isdigit, exact))


def _hash(word: str) -> int:
    encoded = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")
