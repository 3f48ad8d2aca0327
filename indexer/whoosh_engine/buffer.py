"""Documents while they are being added: nothing but word numbers, in the order of the text."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from indexer.analysis import Document
from indexer.query import Column

MOST_DOCUMENTS = 1 << 16
"""Documents of one segment: a document's number takes 16 bits."""

MOST_WORDS = (1 << 24) - 2
"""Different words of one segment: a pair of words and a document make a key of 64 bits."""

UNDATED = -(1 << 63)
"""Stands for the date of a document that has none."""

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
        number = self[word] = len(self)
        return number


def _numbering() -> Numbering:
    return Numbering({"": 0})


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
        return self.bytes() >= memory

    def add(self, document: Document) -> int:
        """Add a document; returns its number."""
        self.documents.append(len(self.stream))
        number = self.words.__getitem__
        for passage in document.passages:
            self.passages.append(len(self.stream))
            self.zones.append(passage.zone)
            self.sections.append(min(passage.section, _LAST_SECTION))
            self.stream.append(0)
            start = len(self.stream)
            self.stream.fromlist(list(map(number, passage.words)))
            for at, extra in passage.extras:
                self.extras.append(start + at)
                self.extra_words.append(number(extra))
        self._add_columns(document)
        self.identifiers.append(document.identifier)
        return len(self) - 1

    def _add_columns(self, document: Document) -> None:
        published = document.published
        self.versions.append(document.version)
        self.published.append(UNDATED if published is None else published)
        values = self.values
        values[Column.MONTH].append((document.month,) if document.month else ())
        values[Column.PUBLISHER].append((document.publisher,) if document.publisher else ())
        values[Column.CATEGORY].append((document.category,) if document.category else ())
        values[Column.AUTHOR].append(
            tuple(name for name in dict.fromkeys(document.authors) if name)
        )
        values[Column.PERSON].append(tuple(name for name in dict.fromkeys(document.people) if name))
