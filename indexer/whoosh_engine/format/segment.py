"""One segment, opened: its terms, postings, texts and columns, read where they lie."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from whoosh.codec import base

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array, ArrayFile, MappedArray
from indexer.arrays.string_table import ABSENT, StringTable
from indexer.whoosh_engine.format.index_manifest import IndexManifest
from indexer.whoosh_engine.format.postings import MOST
from indexer.whoosh_engine.format.schema import FIELDS
from indexer.whoosh_engine.format.term_dictionary import TermDictionary, WordDictionary

EXTENSION: Final = ".arrays"
"""Of the one file of a segment."""

NAMED: Final = "MAIN"
"""What Whoosh calls an index that was given no name."""

_NAME: Final = re.compile(r"MAIN_[0-9a-f]{16}")

_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """What the manifest says of a segment.

    Attributes:
        check: the check value of its file (`write_arrays`).
        documents: all documents, the deleted ones included.
        deleted: numbers of the deleted ones, ascending.
        words: words of all texts, for the merge policy.
    """

    name: str
    check: int
    documents: int
    words: int = 0
    deleted: tuple[int, ...] = ()

    @property
    def live(self) -> int:
        """Documents that are not deleted."""
        return self.documents - len(self.deleted)

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.name + EXTENSION


def segment_entries(manifest: IndexManifest) -> list[SegmentEntry]:
    """What a manifest says of the segments.

    Raises:
        EngineError: it is damaged.
    """
    try:
        entries = [
            SegmentEntry(**{**entry, "deleted": tuple(entry["deleted"])})
            for entry in manifest.segments
        ]
        for entry in entries:
            _check_entry(entry)
    except (TypeError, KeyError, ValueError) as error:
        raise EngineError(f"the index is damaged ({error}); run `tangthu rebuild`") from error
    return entries


def _check_entry(entry: SegmentEntry) -> None:
    """Refuse names that lead out of the folder, and deleted documents that are none."""
    if not _NAME.fullmatch(entry.name):
        raise ValueError(f"{entry.name!r} is no name of a segment")
    numbers = (-1, *entry.deleted, entry.documents)
    if any(one >= other for one, other in itertools.pairwise(numbers)):
        raise ValueError(f"the deleted documents of {entry.name} are out of order")


class _FieldPostings:
    """Where the postings of one field are."""

    def __init__(self, file: ArrayFile, field: Field, words: WordDictionary) -> None:
        self.dictionary = TermDictionary(file, field, words)
        self.starts = file.array(f"{field}.starts")
        self.numbers = file.array(f"{field}.numbers")
        self.frequencies = file.array(f"{field}.frequencies")
        self.dense = file.array(f"{field}.dense")
        self.impacts = file.array(f"{field}.impacts")
        self.impact_most = file.array(f"{field}.impact_most").read().tolist()
        self.lengths = file.array(f"{field}.lengths")
        dense = file.array(f"{field}.dense_terms").read().tolist()
        self.rows = {term: row for row, term in enumerate(dense)}
        self.often = file.array(f"{field}.dense_documents").read().tolist()
        self.high: dict[int, dict[int, int]] = {}
        high = [file.array(f"{field}.{name}") for name in ("high_terms", "high_numbers", "high")]
        for term, number, count in zip(*(each.read().tolist() for each in high), strict=True):
            self.high.setdefault(term, {})[number] = count

    def often_of(self, term: int) -> int:
        """The documents that hold a term."""
        row = self.rows.get(term)
        if row is not None:
            return int(self.often[row])
        return self.starts.item(term + 1) - self.starts.item(term)


class Postings:
    """The documents of one term and how often each counts it."""

    __slots__ = (
        "_count",
        "_high",
        "dense",
        "field",
        "frequencies",
        "impacts",
        "most",
        "numbers",
        "often",
    )

    def __init__(self, field: Field, postings: _FieldPostings, term: int, count: int) -> None:
        """Look at the postings of a term in a segment of so many documents.

        A dense term has no `numbers`; its `frequencies` and `impacts` are those of every document
        of the segment. Frequencies are at most `MOST`; `exact` puts higher ones in.
        """
        self.field, self._count = field, count
        self.often = postings.often_of(term)
        self._high = postings.high.get(term)
        row = postings.rows.get(term)
        self.dense = row is not None
        self.most = 255
        if row is None:
            low, high = postings.starts.item(term), postings.starts.item(term + 1)
            self.numbers = postings.numbers.read(low, high)
            self.frequencies = postings.frequencies.read(low, high)
        else:
            low, high = row * count, (row + 1) * count
            self.frequencies = postings.dense.read(low, high)
            self.impacts = postings.impacts.read(low, high)
            self.most = postings.impact_most[row]

    def documents(self) -> Array:
        """The documents, ascending."""
        if self.dense:
            return np.flatnonzero(self.frequencies != 0)
        return self.numbers.astype(np.intp)

    def postings(self) -> tuple[Array, Array]:
        """The documents, ascending, and their frequencies."""
        documents = self.documents()
        found = self.frequencies.take(documents) if self.dense else self.frequencies
        return documents, self.exact(documents, found)

    def of(self, documents: Array) -> Array:
        """The frequency in each of some ascending documents, 0 where the term is not."""
        if self.dense:
            return self.exact(documents, self.frequencies.take(documents))
        numbers = self.numbers
        if len(documents) * 8 < len(numbers):
            wanted = documents.astype(np.uint16)
            at = np.searchsorted(numbers, wanted)
            at[at == len(numbers)] = 0
            found = self.frequencies.take(at)
            found[numbers.take(at) != wanted] = 0
        else:
            every = np.zeros(self._count, np.uint8)
            every[numbers] = self.frequencies
            found = every.take(documents)
        return self.exact(documents, found)

    def exact(self, documents: Array, found: Array) -> Array:
        """Put the frequencies above `MOST` in."""
        if not self._high:
            return found
        found = found.astype(np.int64)
        for at in np.flatnonzero(found == MOST):
            found[at] = self._high.get(int(documents[at]), MOST)
        return found


class Segment(base.Segment):  # type: ignore[misc]
    """A segment, safe to share between threads; it never changes."""

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        """Open the file of a segment.

        Raises:
            EngineError: it is missing or damaged.
        """
        super().__init__(NAMED)
        self.name = entry.name
        self.entry, self.count = entry, entry.documents
        self.file = ArrayFile(folder / entry.file, entry.name, entry.check)
        self.words = WordDictionary(self.file)
        self.identifiers = StringTable(self.file, "identifiers")
        self._totals: list[int] = self.file.array("totals").read().tolist()
        self.live: Array | None = None
        if entry.deleted:
            self.live = np.ones(self.count, bool)
            self.live[np.array(entry.deleted)] = False
        self._arrays: dict[str, MappedArray] = {}
        self._texts: dict[str, StringTable] = {}
        self._owners: dict[str, Array] = {}
        self._fields: dict[Field, _FieldPostings] = {}
        self._postings: dict[tuple[Field, str], Postings | None] = {}
        self.extras_held: dict[tuple[bool, str], Array] = {}

    def array(self, name: str) -> MappedArray:
        """One of the arrays of the file."""
        array = self._arrays.get(name)
        if array is None:
            array = self._arrays[name] = self.file.array(name)
        return array

    def texts(self, name: str) -> StringTable:
        """One of the lists of texts of the file."""
        texts = self._texts.get(name)
        if texts is None:
            texts = self._texts[name] = StringTable(self.file, name)
        return texts

    def _field(self, field: Field) -> _FieldPostings:
        found = self._fields.get(field)
        if found is None:
            found = self._fields[field] = _FieldPostings(self.file, field, self.words)
        return found

    def dictionary(self, field: Field) -> TermDictionary:
        """The terms of a field."""
        return self._field(field).dictionary

    def often(self, field: Field, term: int) -> int:
        """The documents that hold the term of a number."""
        return self._field(field).often_of(term)

    def all_often(self, field: Field, terms: Array) -> Array:
        """The documents that hold each of some terms, given by number."""
        if not len(terms):
            return np.zeros(0, np.int64)
        postings = self._field(field)
        starts = postings.starts.read().astype(np.int64)
        often: Array = starts[terms + 1] - starts[terms]
        for at in np.flatnonzero(often == 0):
            often[at] = postings.often_of(int(terms[at]))
        return often

    def postings(self, field: Field, text: str) -> Postings | None:
        """The postings of a term, None when no document holds it."""
        key = (field, text)
        try:
            return self._postings[key]
        except KeyError:
            found = self._field(field)
            term = found.dictionary.find(text)
            handle = None if term == ABSENT else Postings(field, found, term, self.count)
            if len(self._postings) >= _REMEMBERED:
                self._postings.clear()
            self._postings[key] = handle
            return handle

    def lengths(self, field: Field) -> Array:
        """The length of the field in every document, as the byte it is kept in."""
        return self._field(field).lengths.read()

    def total(self, field: Field) -> int:
        """The length of the field over all documents."""
        return self._totals[FIELDS.index(field)]

    def owners(self, name: str) -> Array:
        """The document of each entry of a column of values."""
        owners = self._owners.get(name)
        if owners is None:
            sizes = np.diff(self.array(f"{name}.first").read())
            owners = np.repeat(np.arange(self.count, dtype=np.uint16), sizes)
            self._owners[name] = owners
        return owners

    def find_identifier(self, identifier: str) -> int:
        """The number of a document, or `ABSENT`; deleted ones are found as well.

        Of several with the same identifier, only the last one can be live: that one is found.
        """
        order = self.array("by_identifier")
        wanted = identifier.encode("utf-8", "surrogatepass")
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if self.identifiers.encoded(order.item(middle)) <= wanted:
                low = middle + 1
            else:
                high = middle
        if low and self.identifiers.encoded(order.item(low - 1)) == wanted:
            return order.item(low - 1)
        return ABSENT

    def doc_count_all(self) -> int:
        """All documents, as Whoosh asks for them."""
        return self.count

    def deleted_count(self) -> int:
        """The number of deleted documents."""
        return len(self.entry.deleted)

    def deleted_docs(self) -> tuple[int, ...]:
        """The numbers of the deleted documents."""
        return self.entry.deleted

    def is_deleted(self, docnum: int) -> bool:
        """Whether a document is deleted."""
        # Whoosh asks one number beyond the last document, too.
        return self.live is not None and docnum < self.count and not self.live[docnum]

    def should_assemble(self) -> bool:
        """A segment is one file already."""
        return False

    def documents(self) -> Array:
        """The documents that are not deleted."""
        return np.arange(self.count) if self.live is None else np.flatnonzero(self.live)
