"""Word ids: the words of articles as integers, assigned once for all that is derived from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from archive.records import Article
from indexer.analysis.analyzer import Analyzer
from indexer.analysis.documents import Document
from indexer.analysis.fields import Zone
from indexer.vietnamese.normalization import lower_canonical
from indexer.vietnamese.syllables import folded_form

BREAK = 0
"""The id that separates words which no phrase may cross."""

MAX_ARTICLE_WORDS = 50_000
"""Words of one article that are read."""

HEAD_WORDS = 150
"""Words of an article whose phrases are counted, from its beginning: title, lead, and the first
of the body, where a press article says what it is about. Counting all of them took three quarters
of the time that the rest of indexing takes; completions hardly change."""

COMPOUND = re.compile(r"[^\W_]+(?:[.,/\-–'’&+%]+[^\W_]+)*")
"""A word of a phrase: letters and digits with the punctuation that joins them."""

_INNER_PUNCTUATION = frozenset(",;()[]'/&%")
"""Punctuation after which no sentence begins."""

_LONGEST_TEXT = 20 * HEAD_WORDS
"""Letters of a paragraph that are looked at."""

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
        written_ids: title, lead and the first of the body in their written forms, a `BREAK`
            between words that punctuation separates and two where a sentence may begin; a run
            with punctuation within (`31/5`, `TP.HCM`) is one word here.
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
    _hashes: list[int] = field(default_factory=list)
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
        exact_ids = np.fromiter(map(self.exact.__getitem__, words), np.uint32, len(words))
        title_ids = self._written_ids(article.title)[:HEAD_WORDS]
        return ArticleWordIds(
            exact_ids,
            min(body_start, MAX_ARTICLE_WORDS),
            np.array(self._head_ids(article, title_ids), np.uint32),
            len(title_ids),
        )

    def word_hashes(self) -> NDArray[np.uint64]:
        """Return (exact ids,) a hash of 64 bits for each exact form, the same in every process."""
        self._hashes += map(_hash_word, islice(self.exact, len(self._hashes), None))
        return np.array(self._hashes, np.uint64)

    @property
    def is_full(self) -> bool:
        """Whether it is time to clear the vocabulary, so that memory stays bounded."""
        return len(self.exact) + len(self.written) + len(self._chunk_ids) > _VOCABULARY_LIMIT

    def clear(self) -> None:
        """Start anew; ids that were assigned earlier mean nothing afterwards."""
        for mapping in (self.exact, self.written, self._chunk_ids):
            mapping.clear()
        self.exact[""] = self.written[""] = BREAK
        self.exact_of[:], self._hashes[:] = [BREAK], []

    def _head_ids(self, article: Article, title_ids: list[int]) -> list[int]:
        """Return the written ids of an article's beginning, after those of its title."""
        head_ids = list(title_ids)
        texts = [article.lead] if article.lead != article.title else []
        for section in article.sections:
            texts += [section.heading_line, *islice(section.paragraphs, HEAD_WORDS)]
        for text in texts:
            if len(head_ids) >= HEAD_WORDS:
                break
            head_ids += (BREAK, BREAK, *self._written_ids(text[:_LONGEST_TEXT]))
        return head_ids[:HEAD_WORDS]

    def _written_ids(self, text: str) -> list[int]:
        word_ids: list[int] = []
        for chunk in text.split():
            chunk_ids = self._chunk_ids.get(chunk)
            if chunk_ids is None:
                chunk_ids = self._chunk_ids[chunk] = self._analyze_chunk(chunk)
            word_ids += chunk_ids
        return word_ids

    def _analyze_chunk(self, chunk: str) -> tuple[int, ...]:
        """Return the written ids of a chunk, breaks for the punctuation around and between."""
        word_ids: list[int] = []
        end = 0
        for match in COMPOUND.finditer(chunk):
            word_ids += _breaks(chunk[end : match.start()])
            word_ids += self._assign_word(match.group())
            end = match.end()
        word_ids += _breaks(chunk[end:])
        return tuple(word_ids)

    def _assign_word(self, written: str) -> Iterator[int]:
        """Yield the written id of one word; a `BREAK` for one that is nothing to the analyzer."""
        exact = phrase_word(self.analyzer, written)
        written_id = self.written[written] if exact else BREAK
        if written_id == len(self.exact_of):
            self.exact_of.append(self.exact[exact])
        yield written_id


def phrase_word(analyzer: Analyzer, written: str) -> str:
    """Return the exact form of a word of a phrase: several terms with their punctuation."""
    terms = list(analyzer.words(written))
    if len(terms) == 1 and written.isalnum():
        return terms[0][1]
    return lower_canonical(written)


def folded_word(exact: str) -> str:
    """Return the folded form of a word of a phrase: `tp.hcm` is found as `tphcm`."""
    if exact.isalnum() or any(map(str.isdigit, exact)):
        return folded_form(exact)
    return folded_form("".join(filter(str.isalnum, exact)))


def fits_phrase(exact: str) -> bool:
    """Tell whether a word may be part of a phrase that is offered: no long number, no noise."""
    if not 0 < len(exact) <= _LONGEST_WORD:
        return False
    if len(exact) <= _LONGEST_NUMBER or not any(map(str.isdigit, exact)):
        return True
    return not exact.isalnum()


def _breaks(punctuation: str) -> list[int]:
    """Return the breaks that stand for punctuation: two where a sentence may begin after it."""
    if not punctuation:
        return []
    return [BREAK] if set(punctuation) <= _INNER_PUNCTUATION else [BREAK, BREAK]


def _hash_word(word: str) -> int:
    encoded = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")
