"""Documents while they are being added: nothing but word numbers, in the order of the text."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from archive.errors import EngineError
from indexer.analysis.documents import Document
from indexer.engine.queries import Column
from indexer.whoosh_engine.format.schema import SEPARATOR

MOST_DOCUMENTS = 1 << 16
"""Documents of one segment: a document's number takes 16 bits."""

MOST_WORDS = (1 << 24) - 2
"""Different words of one segment: a pair of words and a document make a key of 64 bits."""

UNDATED = -(1 << 63)
"""Stands for the date of a document that has none."""

MOST_PLACES = 1 << 31
"""Words and gaps of a segment behind which the next document still finds room."""

BYTES_A_TOKEN = 26
"""Memory that one word of a text takes at most until its segment is written; measured."""

BYTES_A_WORD = 400
"""Memory that one different word takes."""

VALUES = (Column.MONTH, Column.PUBLISHER, Column.CATEGORY, Column.AUTHOR, Column.PERSON)
"""Columns whose values are texts."""

_LAST_SECTION = (1 << 16) - 1


class Numbering(dict[str, int]):
    """Gives every new word the next number; 0, the empty word, stands between passages."""

    def __missing__(self, word: str) -> int:
        if " " in _text(word) or SEPARATOR in word:
            raise ValueError(f"{word!r} is more than one word")
        number = self[word] = len(self)
        return number


def _numbering() -> Numbering:
    return Numbering({"": 0})


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document as numbers, its passages one after another; see `Buffer`."""

    words: list[array[int]]
    extras: list[tuple[array[int], array[int]]]
    zones: array[int]
    sections: array[int]
    version: array[int]
    published: array[int]
    values: dict[Column, tuple[str, ...]]
    identifier: str


@dataclass(slots=True)
class Buffer:
    """The documents of a segment to be.

    Attributes:
        words: exact form -> number, in order of appearance.
        stream: the numbers of all words; every passage begins with a 0.
        passages: where in the stream each passage begins; with zones and sections in parallel.
        documents: where in the stream each document begins.
        extras: where in the stream an extra term stands; in parallel with its number.
        values: for each document, the texts of each column of `VALUES`.
    """

    words: Numbering = field(default_factory=_numbering)
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
    values: dict[Column, list[tuple[str, ...]]] = field(
        default_factory=lambda: {column: [] for column in VALUES}
    )

    def __len__(self) -> int:
        return len(self.identifiers)

    def bytes(self) -> int:
        """Memory needed to turn what is here into a segment."""
        return len(self.stream) * BYTES_A_TOKEN + len(self.words) * BYTES_A_WORD

    def full(self, memory: int) -> bool:
        """Tell whether a segment has to be made before the next document."""
        if len(self) >= MOST_DOCUMENTS or len(self.words) > MOST_WORDS - (1 << 20):
            return True
        return self.bytes() >= memory or len(self.stream) >= MOST_PLACES

    def numbered(self, document: Document) -> Numbered:
        """Turn a document into numbers, which is all that can go wrong; nothing is added yet.

        Raises:
            EngineError: it holds what no document can hold.
        """
        number = self.words.__getitem__
        try:
            return Numbered(
                words=[array("I", map(number, passage.words)) for passage in document.passages],
                extras=[
                    (
                        array("I", (at for at, _ in p.extras)),
                        array("I", (number(w) for _, w in p.extras)),
                    )
                    for p in document.passages
                ],
                zones=array("B", (passage.zone for passage in document.passages)),
                sections=array("H", (min(p.section, _LAST_SECTION) for p in document.passages)),
                version=array("Q", (document.version,)),
                published=array(
                    "q", (UNDATED if document.published is None else document.published,)
                ),
                values=_values(document),
                identifier=_text(document.identifier),
            )
        except (TypeError, ValueError, OverflowError, AttributeError) as error:
            raise EngineError(f"{document!r:.200} cannot be indexed: {error}") from error

    def add(self, document: Numbered) -> int:
        """Add a document that this buffer has `numbered`; returns its number."""
        self.documents.append(len(self.stream))
        for words, (places, extra_words) in zip(document.words, document.extras, strict=True):
            self.passages.append(len(self.stream))
            self.stream.append(0)
            start = len(self.stream)
            self.stream.extend(words)
            self.extras.extend(start + place for place in places)
            self.extra_words.extend(extra_words)
        self.zones.extend(document.zones)
        self.sections.extend(document.sections)
        self.versions.extend(document.version)
        self.published.extend(document.published)
        for column, texts in document.values.items():
            self.values[column].append(texts)
        self.identifiers.append(document.identifier)
        return len(self) - 1


def _values(document: Document) -> dict[Column, tuple[str, ...]]:
    """The texts of each column; a value that is empty or there already says nothing."""
    given = {
        Column.MONTH: (document.month,),
        Column.PUBLISHER: (document.publisher,),
        Column.CATEGORY: (document.category,),
        Column.AUTHOR: document.authors,
        Column.PERSON: document.people,
    }
    return {
        column: tuple(_text(text) for text in dict.fromkeys(texts) if text)
        for column, texts in given.items()
    }


def _text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is no text")
    return text
