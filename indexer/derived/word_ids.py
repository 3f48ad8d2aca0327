"""Word ids: the words of articles as integers, assigned once for all that is derived from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document
from indexer.analysis.fields import Zone

BREAK = 0
"""The id that separates words which no phrase may cross."""

MAX_ARTICLE_WORDS = 50_000
"""Words of one article that are read."""

HEAD_WORDS = 150
"""Words of an article whose phrases are counted, from its beginning: title, lead, and the first
of the body, where a press article says what it is about. Counting all of them took three quarters
of the time that the rest of indexing takes; completions hardly change."""

_BODY, _LAST_ZONE = int(Zone.HEADING), int(Zone.BODY)
_VOCABULARY_LIMIT = 500_000
_LONGEST_WORD = 20
_LONGEST_NUMBER = 4

WordIds = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class ArticleWordIds:
    """The words of one article as ids of a `Vocabulary`.

    Attributes:
        exact_ids: exact forms of title, lead, headings and paragraphs, a `BREAK` after each.
        body_start: index in `exact_ids` of the first heading or paragraph.
        written_ids: title and lead in their written forms, a `BREAK` between words that
            punctuation separates.
        title_length: number of the written ids that belong to the title.
    """

    exact_ids: WordIds
    body_start: int
    written_ids: WordIds
    title_length: int


class _IdAssigner(dict[str, int]):
    """Assigns the next id to every new text; the empty text is `BREAK`."""

    def __missing__(self, text: str) -> int:
        word_id = self[text] = len(self)
        return word_id


@dataclass(slots=True)
class Vocabulary:
    """Assigns ids to words; each chunk without blanks is analyzed once and remembered.

    Attributes:
        exact: exact form -> its id.
        written: written form (with its capitals) -> its id.
        exact_of: written id -> exact id.
    """

    analyzer: Analyzer = field(default_factory=Analyzer)
    exact: _IdAssigner = field(default_factory=lambda: _IdAssigner({"": BREAK}))
    written: _IdAssigner = field(default_factory=lambda: _IdAssigner({"": BREAK}))
    exact_of: list[int] = field(default_factory=lambda: [BREAK])
    _hashes: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(0, np.uint64))
    _numbers: list[bool] = field(default_factory=list)
    _capitals: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 2), np.bool_))
    _chunk_ids: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def article_word_ids(self, article: Article, document: Document) -> ArticleWordIds:
        """Return the word ids of an article and of the document that was built from it."""
        words = list[str]()
        body_start = 0
        for passage in document.passages:
            zone: int = passage.zone
            if zone <= _LAST_ZONE:
                words += passage.words
                words.append("")
                if zone < _BODY:
                    body_start = len(words)
        del words[MAX_ARTICLE_WORDS:]
        # From a list NumPy takes numbers faster than from an iterator.
        exact_ids = np.array(list(map(self.exact.__getitem__, words)), np.uint32)
        title_ids = self._written_ids(article.title)
        written_ids = [*title_ids, BREAK, *self._written_ids(article.lead)]
        return ArticleWordIds(
            exact_ids,
            min(body_start, MAX_ARTICLE_WORDS),
            np.array(written_ids[:MAX_ARTICLE_WORDS], np.uint32),
            min(len(title_ids), MAX_ARTICLE_WORDS),
        )

    def word_hashes(self) -> NDArray[np.uint64]:
        """Return (exact ids,) a hash of 64 bits for each exact form, the same in every process."""
        known = len(self._hashes)
        if known < len(self.exact):
            new = map(_hash_word, islice(self.exact, known, None))
            added = np.fromiter(new, np.uint64, len(self.exact) - known)
            self._hashes = np.concatenate([self._hashes, added])
        return self._hashes

    def numbers(self) -> list[bool]:
        """Return (exact ids,) whether each exact form is a number."""
        known = len(self._numbers)
        if known < len(self.exact):
            new = islice(self.exact, known, None)
            self._numbers += [text[:1].isdecimal() for text in new]
        return self._numbers

    def capitals(self) -> NDArray[np.bool_]:
        """Return (written ids, 2) whether each form is as `Tên` or `TÊN`, and whether as `TÊN`."""
        known = len(self._capitals)
        if known < len(self.written):
            new = islice(self.written, known, None)
            added = [(word[:1].isupper(), len(word) > 1 and word.isupper()) for word in new]
            self._capitals = np.concatenate([self._capitals, np.array(added, np.bool_)])
        return self._capitals

    @property
    def is_full(self) -> bool:
        """Whether it is time to clear the vocabulary, so that memory stays bounded."""
        return len(self.exact) + len(self.written) + len(self._chunk_ids) > _VOCABULARY_LIMIT

    def clear(self) -> None:
        """Start anew; ids that were assigned earlier mean nothing afterwards."""
        for mapping in (self.exact, self.written, self._chunk_ids):
            mapping.clear()
        self.exact[""] = self.written[""] = BREAK
        self.exact_of[:], self._numbers[:] = [BREAK], []
        self._hashes, self._capitals = self._hashes[:0], self._capitals[:0]

    def _written_ids(self, text: str) -> list[int]:
        word_ids: list[int] = []
        for chunk in text.split():
            chunk_ids = self._chunk_ids.get(chunk)
            if chunk_ids is None:
                chunk_ids = self._chunk_ids[chunk] = self._analyze_chunk(chunk)
            word_ids += chunk_ids
        return word_ids

    def _analyze_chunk(self, chunk: str) -> tuple[int, ...]:
        """Return the written ids of a chunk, a `BREAK` for what is neither letter nor digit."""
        word_ids: list[int] = []
        end = 0
        for (start, stop), exact in self.analyzer.words(chunk):
            if start > end:
                word_ids.append(BREAK)
            written_id = self.written[chunk[start:stop]]
            if written_id == len(self.exact_of):
                self.exact_of.append(self.exact[exact])
            word_ids.append(written_id)
            end = stop
        if end < len(chunk):
            word_ids.append(BREAK)
        return tuple(word_ids)


def fits_phrase(exact: str) -> bool:
    """Tell whether a word may be part of a phrase that is offered: no long number, no noise."""
    if not 0 < len(exact) <= _LONGEST_WORD:
        return False
    return len(exact) <= _LONGEST_NUMBER or not any(map(str.isdigit, exact))


def _hash_word(word: str) -> int:
    encoded = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")
