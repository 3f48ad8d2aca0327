"""Documents while they are added: nothing but word numbers, in the order of the text."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from archive.errors import EngineError
from indexer.analysis.documents import Document
from indexer.arrays.array_file import Array
from indexer.engine.queries import Column
from indexer.whoosh_engine.format.schema import SEPARATOR, UNDATED

MAX_DOCUMENTS: Final = 1 << 16
"""Documents of one segment: a document's number takes 16 bits."""

MAX_WORDS: Final = (1 << 24) - 2
"""Different words of one segment: a pair of words and a document make a key of 64 bits."""

MAX_STREAM: Final = 1 << 31
"""Length of a token stream beyond which no document is added; the longest one still fits."""

BYTES_PER_TOKEN: Final = 26
"""Memory that a token takes at most until its segment is written; measured."""

BYTES_PER_WORD: Final = 400
"""Memory that a different word takes."""

VALUE_COLUMNS: Final = tuple(column for column in Column if column is not Column.PUBLISHED)
"""Columns whose values are texts."""

ARRAY_TYPES: Final = {
    "stream": np.uint32,
    "passages": np.uint32,
    "zones": np.uint8,
    "sections": np.uint16,
    "documents": np.uint32,
    "extras": np.uint32,
    "extra_words": np.uint32,
    "versions": np.uint64,
    "published": np.int64,
}
"""The arrays of a `DocumentBuffer` and of `DocumentArrays`, and their types."""

_WORD_ARRAYS: Final = ("stream", "extra_words")
_OFFSET_ARRAYS: Final = ("passages", "documents", "extras")

_LAST_SECTION: Final = (1 << 16) - 1

Values = dict[Column, list[tuple[str, ...]]]
"""For each column of `VALUE_COLUMNS`, the texts of each document."""


class WordNumbering(dict[str, int]):
    """The number of each word, the next one for a new word; 0, the empty word, parts passages."""

    def __missing__(self, word: str) -> int:
        if " " in _checked_text(word) or SEPARATOR in word:
            raise ValueError(f"{word!r} is more than one word")
        number = self[word] = len(self)
        return number


@dataclass(frozen=True, slots=True)
class EncodedDocument:
    """A document as numbers, its passages one after another; see `DocumentBuffer`."""

    words: list[array[int]]
    extras: list[tuple[array[int], array[int]]]
    zones: array[int]
    sections: array[int]
    version: array[int]
    published: array[int]
    values: dict[Column, tuple[str, ...]]
    identifier: str


@dataclass(frozen=True, slots=True)
class DocumentArrays:
    """Documents as arrays; the attributes are those of `DocumentBuffer`."""

    words: list[str]
    identifiers: list[str]
    values: Values
    arrays: dict[str, Array]


@dataclass(slots=True)
class DocumentBuffer:
    """The documents of a segment to be.

    Attributes:
        words: exact word -> number, in order of appearance.
        stream: the numbers of all words; every passage begins with a 0.
        passages: offset in the stream of each passage; in parallel with zones and sections.
        documents: offset in the stream of each document.
        extras: offset in the stream of each extra term; in parallel with its number.
        values: for each document, the texts of each column.
    """

    words: WordNumbering = field(default_factory=lambda: WordNumbering({"": 0}))
    stream: array[int] = field(default_factory=lambda: array("I"))
    passages: array[int] = field(default_factory=lambda: array("I"))
    zones: array[int] = field(default_factory=lambda: array("B"))
    sections: array[int] = field(default_factory=lambda: array("H"))
    documents: array[int] = field(default_factory=lambda: array("I"))
    extras: array[int] = field(default_factory=lambda: array("I"))
    extra_words: array[int] = field(default_factory=lambda: array("I"))
    identifiers: list[str] = field(default_factory=list)
    versions: array[int] = field(default_factory=lambda: array("Q"))
    published: array[int] = field(default_factory=lambda: array("q"))
    values: Values = field(default_factory=lambda: {column: [] for column in VALUE_COLUMNS})

    def __len__(self) -> int:
        return len(self.identifiers)

    def is_full(self, memory: int) -> bool:
        """Tell whether a segment has to be made, in so many bytes, before the next document."""
        if len(self) >= MAX_DOCUMENTS or len(self.words) > MAX_WORDS - (1 << 20):
            return True
        needed = len(self.stream) * BYTES_PER_TOKEN + len(self.words) * BYTES_PER_WORD
        return needed >= memory or len(self.stream) >= MAX_STREAM

    def encode(self, document: Document) -> EncodedDocument:
        """Turn a document into numbers, which is all that can fail; nothing is added yet.

        Raises:
            EngineError: it holds what no document can hold.
        """
        number = self.words.__getitem__
        try:
            return EncodedDocument(
                # From a list an array is made faster than from an iterator.
                words=[array("I", [*map(number, p.words)]) for p in document.passages],
                extras=[
                    (
                        array("I", [position for position, _ in passage.extras]),
                        array("I", [number(word) for _, word in passage.extras]),
                    )
                    for passage in document.passages
                ],
                zones=array("B", (passage.zone for passage in document.passages)),
                sections=array("H", (min(p.section, _LAST_SECTION) for p in document.passages)),
                version=array("Q", (document.version,)),
                published=array(
                    "q", (UNDATED if document.published is None else document.published,)
                ),
                values=_values(document),
                identifier=_checked_text(document.identifier),
            )
        except (TypeError, ValueError, OverflowError, AttributeError) as error:
            raise EngineError(f"{document!r:.200} cannot be indexed: {error}") from error

    def add(self, document: EncodedDocument) -> int:
        """Add a document that this buffer has encoded; return its number."""
        self.documents.append(len(self.stream))
        for words, (positions, extra_words) in zip(document.words, document.extras, strict=True):
            self.passages.append(len(self.stream))
            self.stream.append(0)
            start = len(self.stream)
            self.stream.extend(words)
            self.extras.extend(start + position for position in positions)
            self.extra_words.extend(extra_words)
        self.zones.extend(document.zones)
        self.sections.extend(document.sections)
        self.versions.extend(document.version)
        self.published.extend(document.published)
        for column, texts in document.values.items():
            self.values[column].append(texts)
        self.identifiers.append(document.identifier)
        return len(self) - 1

    def extend(self, added: DocumentArrays) -> None:
        """Add documents that are arrays with words and offsets of their own."""
        offset = np.uint32(len(self.stream))
        number = self.words.__getitem__
        numbers = np.array(list(map(number, added.words)), np.uint32)
        for name, values in added.arrays.items():
            if name in _WORD_ARRAYS:
                values = numbers[values]
            elif name in _OFFSET_ARRAYS:
                values = values + offset
            getattr(self, name).frombytes(values.astype(ARRAY_TYPES[name], copy=False).tobytes())
        self.identifiers += added.identifiers
        for column, texts in added.values.items():
            self.values[column] += texts

    def as_arrays(self) -> DocumentArrays:
        """Return the documents as arrays, which share the memory of this buffer."""
        arrays: dict[str, Array] = {
            name: np.frombuffer(getattr(self, name), kind) for name, kind in ARRAY_TYPES.items()
        }
        return DocumentArrays(list(self.words), self.identifiers, self.values, arrays)


def _values(document: Document) -> dict[Column, tuple[str, ...]]:
    """Return the texts of each column, without empty and repeated ones."""
    values = {
        Column.MONTH: (document.month,),
        Column.PUBLISHER: (document.publisher,),
        Column.CATEGORY: (document.category,),
        Column.AUTHOR: document.authors,
        Column.PERSON: document.people,
        Column.STATE: (document.state,),
    }
    return {
        column: tuple(_checked_text(text) for text in dict.fromkeys(texts) if text)
        for column, texts in values.items()
    }


def _checked_text(text: str) -> str:
    """Refuse a value that is no text: documents come from outside."""
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no text")
    return text
