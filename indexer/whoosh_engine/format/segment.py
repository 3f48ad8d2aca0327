"""One segment of the inverted index, opened: terms, postings, words and doc values, mapped."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from indexer.analysis.fields import Field
from indexer.arrays.array_file import Array, ArrayFile, MappedArray
from indexer.arrays.string_table import ABSENT, StringTable, encode_string
from indexer.whoosh_engine.format.index_manifest import SegmentEntry
from indexer.whoosh_engine.format.postings import MAX_FREQUENCY
from indexer.whoosh_engine.format.schema import FIELDS
from indexer.whoosh_engine.format.segment_inspection import inspect_shapes
from indexer.whoosh_engine.format.term_dictionary import TermDictionary, WordDictionary

INDEX_NAME: Final = "MAIN"
"""Whoosh's name for an index that was given none."""

_LONGEST_KEY: Final = 64
"""Bytes of the longest identifier that is looked up together with others."""

_CACHE_SIZE: Final = 8192
"""Terms whose postings a segment remembers."""

EXTRA_SAMPLE_STEP: Final = 64
"""Extra terms, in the order of their words, from one that is kept in memory to the next."""


class _FieldArrays:
    """The arrays of one field; see `postings.field_arrays`."""

    def __init__(self, file: ArrayFile, field: Field, words: WordDictionary) -> None:
        self.dictionary = TermDictionary(file, field, words)
        self.starts = file.array(f"{field}.starts")
        self.documents = file.array(f"{field}.numbers")
        self.frequencies = file.array(f"{field}.frequencies")
        self.dense = file.array(f"{field}.dense")
        self.impacts = file.array(f"{field}.impacts")
        self.lengths = file.array(f"{field}.lengths")
        self.last_words = file.array(f"{field}.terms")
        self.dense_terms = file.array(f"{field}.dense_terms").read()  # ascending
        self.dense_frequencies = file.array(f"{field}.dense_documents").read()
        self.rows = {term: row for row, term in enumerate(self.dense_terms.tolist())}
        self.high: dict[int, dict[int, int]] = {}  # term -> document -> frequency
        arrays = [file.array(f"{field}.{name}") for name in ("high_terms", "high_numbers", "high")]
        columns = (array.read().tolist() for array in arrays)
        for term, document, frequency in zip(*columns, strict=True):
            self.high.setdefault(term, {})[document] = frequency

    def document_frequency(self, term: int) -> int:
        row = self.rows.get(term)
        if row is not None:
            return int(self.dense_frequencies[row])
        return self.starts.item(term + 1) - self.starts.item(term)


class Postings:
    """The documents of one term and their frequencies, at most `MAX_FREQUENCY`.

    A sparse term has `documents` and, in parallel, `frequencies`. A dense one has `frequencies`
    and `impacts` of every document of the segment.

    Attributes:
        document_frequency: documents that hold the term.
    """

    def __init__(self, arrays: _FieldArrays, term: int, document_count: int) -> None:
        """Read the postings of a term in a segment of so many documents."""
        self._document_count = document_count
        self.document_frequency = arrays.document_frequency(term)
        self._high = arrays.high.get(term)
        row = arrays.rows.get(term)
        self.dense = row is not None
        if row is None:
            low, high = arrays.starts.item(term), arrays.starts.item(term + 1)
            self._documents = arrays.documents.read(low, high)
            self.frequencies = arrays.frequencies.read(low, high)
        else:
            low, high = row * document_count, (row + 1) * document_count
            self.frequencies = arrays.dense.read(low, high)
            self.impacts = arrays.impacts.read(low, high)

    def documents(self) -> Array:
        """Return the documents, ascending."""
        if self.dense:
            return np.flatnonzero(self.frequencies != 0)
        return self._documents.astype(np.intp)

    def documents_and_frequencies(self) -> tuple[Array, Array]:
        """Return the documents, ascending, and their true frequencies."""
        documents = self.documents()
        frequencies = self.frequencies.take(documents) if self.dense else self.frequencies
        return documents, self._true_frequencies(documents, frequencies)

    def frequencies_in(self, documents: Array) -> Array:
        """Return the true frequency in each of some ascending documents, 0 where there is none."""
        if self.dense:
            return self._true_frequencies(documents, self.frequencies.take(documents))
        if len(documents) * 8 < len(self._documents):
            # Few documents: look each of them up.
            numbers = documents.astype(np.uint16)
            places = np.searchsorted(self._documents, numbers)
            places[places == len(self._documents)] = 0
            frequencies = self.frequencies.take(places)
            frequencies[self._documents.take(places) != numbers] = 0
        else:
            by_document = np.zeros(self._document_count, np.uint8)
            by_document[self._documents] = self.frequencies
            frequencies = by_document.take(documents)
        return self._true_frequencies(documents, frequencies)

    def set_matches(self, matches: Array) -> None:
        """Make the bytes of the matching documents other than 0; see `Scorer.set_matches`."""
        if self.dense:
            np.bitwise_or(matches, self.frequencies, out=matches)
        else:
            matches[self._documents] = 1

    def _true_frequencies(self, documents: Array, frequencies: Array) -> Array:
        """Put those above `MAX_FREQUENCY` in their places."""
        if not self._high:
            return frequencies
        frequencies = frequencies.astype(np.int64)
        for index in np.flatnonzero(frequencies == MAX_FREQUENCY):
            frequencies[index] = self._high.get(int(documents[index]), MAX_FREQUENCY)
        return frequencies


class Segment:
    """A segment, safe to share between threads; it never changes.

    Attributes:
        entry: its entry in the manifest.
        document_count: all documents, the deleted ones included; their numbers are below it.
        live_mask: for each document, whether it is live; None when all are.
        words: the words of its texts.
        identifiers: the identifiers of its documents.
        extra_term_documents: a cache of `positions.documents_with_extra`.
    """

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        """Open the file of a segment.

        Raises:
            EngineError: it is missing or damaged.
        """
        self.entry, self.document_count = entry, entry.documents
        self.file = ArrayFile(folder / entry.file, entry.name, entry.check)
        inspect_shapes(self.file, entry.documents)
        self.words = WordDictionary(self.file)
        self.identifiers = StringTable(self.file, "identifiers")
        self._total_lengths: list[int] = self.file.array("totals").read().tolist()
        self.live_mask: Array | None = None
        if entry.deleted:
            self.live_mask = np.ones(self.document_count, bool)
            self.live_mask[np.array(entry.deleted)] = False
        self._value_documents: dict[str, Array] = {}
        self._fields: dict[Field, _FieldArrays] = {}
        self._postings: dict[tuple[Field, str], Postings | None] = {}
        self.extra_term_documents: dict[tuple[bool, str], Array] = {}

    def array(self, name: str) -> MappedArray:
        """Return one of the arrays of the file."""
        return self.file.array(name)

    def string_table(self, name: str) -> StringTable:
        """Return one of the string tables of the file."""
        return StringTable(self.file, name)

    def _field(self, field: Field) -> _FieldArrays:
        arrays = self._fields.get(field)
        if arrays is None:
            arrays = self._fields[field] = _FieldArrays(self.file, field, self.words)
        return arrays

    def dictionary(self, field: Field) -> TermDictionary:
        """Return the term dictionary of a field."""
        return self._field(field).dictionary

    def document_frequency(self, field: Field, term: int) -> int:
        """Return the document frequency of the term of a number."""
        return self._field(field).document_frequency(term)

    def document_frequencies(self, field: Field, terms: Array) -> Array:
        """Return the document frequencies of terms, given by number."""
        if not len(terms):
            return np.zeros(0, np.int64)
        arrays = self._field(field)
        starts = arrays.starts.read()
        frequencies: Array = starts.take(terms + 1).astype(np.int64) - starts.take(terms)
        # Dense terms, and they alone, have no sparse postings.
        is_dense = frequencies == 0
        rows = np.searchsorted(arrays.dense_terms, terms[is_dense].astype(np.uint32))
        frequencies[is_dense] = arrays.dense_frequencies.take(rows)
        return frequencies

    def text_frequencies(self, field: Field, texts: Sequence[str]) -> Array:
        """Return the document frequencies of terms, given by their texts; 0 for unknown ones."""
        terms = self._field(field).dictionary.find_all(texts)
        known = terms != ABSENT
        frequencies = np.zeros(len(texts), np.int64)
        frequencies[known] = self.document_frequencies(field, terms[known])
        return frequencies

    def word_frequencies(self, field: Field, words: Array) -> Array:
        """Return the document frequencies of words of a field, given by their numbers."""
        last_words = self._field(field).last_words.read()
        terms = np.searchsorted(last_words, words.astype(last_words.dtype))
        terms[terms == len(last_words)] = 0
        frequencies = self.document_frequencies(field, terms)
        frequencies[last_words.take(terms) != words] = 0
        return frequencies

    def postings(self, field: Field, text: str) -> Postings | None:
        """Return the postings of a term, None when no document holds it."""
        key = (field, text)
        try:
            return self._postings[key]
        except KeyError:
            arrays = self._field(field)
            term = arrays.dictionary.find(text)
            postings = None if term == ABSENT else Postings(arrays, term, self.document_count)
            if len(self._postings) >= _CACHE_SIZE:
                self._postings.clear()
            self._postings[key] = postings
            return postings

    def codes_of(self, low: int, high: int) -> Array:
        """Return the codes that the exact words in [low, high) have in the token stream."""
        words, codes = self._coded_words
        first, last = np.searchsorted(words, np.array([low, high], words.dtype)).tolist()
        return codes[first:last]

    @cached_property
    def _coded_words(self) -> tuple[Array, Array]:
        """The exact words with a code of their own, ascending, and their codes; 384 KB."""
        coded = self.array("coded").read()
        order = np.argsort(coded)
        return coded[order], order.astype(np.uint16)

    @cached_property
    def extra_word_samples(self) -> Array:
        """The word of every `EXTRA_SAMPLE_STEP`th extra term, in the order of their words."""
        by_word = self.array("extras_by_word").read()[::EXTRA_SAMPLE_STEP]
        return self.array("extra_words").read().take(by_word)

    def lengths(self, field: Field) -> Array:
        """Return the length of a field in every document, as the byte it is kept in."""
        return self._field(field).lengths.read()

    def total_length(self, field: Field) -> int:
        """Return the length of a field over all documents."""
        return self._total_lengths[FIELDS.index(field)]

    def value_documents(self, column: str) -> Array:
        """Return the document of each entry of a column of doc values."""
        documents = self._value_documents.get(column)
        if documents is None:
            sizes = np.diff(self.array(f"{column}.first").read())  # (documents,) values of each
            documents = np.repeat(np.arange(self.document_count, dtype=np.uint16), sizes)
            self._value_documents[column] = documents
        return documents

    def find_identifier(self, identifier: str) -> int:
        """Return the number of a document, deleted or not, or `ABSENT`.

        Of several with the same identifier, only the last one can be live: that one is found.
        """
        by_identifier = self.array("by_identifier").item
        end = bisect_right(
            range(self.document_count),
            encode_string(identifier),
            key=lambda place: self.identifiers.encoded(by_identifier(place)),
        )
        last = by_identifier(end - 1) if end else ABSENT
        return last if end and self.identifiers.string(last) == identifier else ABSENT

    def find_identifiers(self, identifiers: Sequence[str]) -> Array:
        """Return the numbers of documents, or `ABSENT`, as `find_identifier` does for each."""
        keys = self._identifier_keys
        if keys is None or not len(keys):
            return np.array([self.find_identifier(name) for name in identifiers], np.intp)
        encoded = [encode_string(name) for name in identifiers]
        # No key is longer; a longer one would make all keys as long.
        encoded = [name if len(name) <= keys.itemsize else b"" for name in encoded]
        wanted = np.array(encoded, keys.dtype)
        last = np.searchsorted(keys, wanted, "right") - 1
        found = (last >= 0) & (keys.take(last) == wanted)
        numbers = self.array("by_identifier").read().take(last).astype(np.intp)
        numbers[~found] = ABSENT
        return numbers

    @cached_property
    def _identifier_keys(self) -> Array | None:
        """The identifiers in UTF-8, in their order; None if one is long."""
        names = [encode_string(name) for name in self.identifiers.strings()]
        if max(map(len, names), default=0) > _LONGEST_KEY or any(b"\0" in name for name in names):
            return None
        return np.array(names, bytes).take(self.array("by_identifier").read())

    def live_documents(self) -> Array:
        """Return the numbers of the documents that are not deleted."""
        if self.live_mask is None:
            return np.arange(self.document_count)
        return np.flatnonzero(self.live_mask)
