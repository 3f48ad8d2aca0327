"""The codec: Whoosh's own `SegmentReader` reads a segment through it.

Whoosh knows terms by the keys of `schema.key_of`, so an exact term comes after its folded form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.codec import base
from whoosh.formats import Format
from whoosh.matching import Matcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from indexer.analysis.fields import Field
from indexer.arrays.string_table import decode_string, encode_string
from indexer.whoosh_engine.format.length_norms import LENGTHS
from indexer.whoosh_engine.format.schema import FIELDS, key_of, text_of
from indexer.whoosh_engine.format.segment import INDEX_NAME, Postings, Segment
from indexer.whoosh_engine.whoosh_api.leaf_matcher import ArrayMatcher

Key = tuple[str, bytes]
"""A term as Whoosh names it: field and key."""


class ArraySegment(base.Segment):  # type: ignore[misc]
    """A segment by the name that Whoosh's reader asks for; its content is read by the codec."""

    def __init__(self, segment: Segment) -> None:
        """Wrap a segment that is open already."""
        super().__init__(INDEX_NAME)
        self.name, self.segment = segment.entry.name, segment


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """The codec of segments that are array files; `writing/` makes them, without pickles."""

    def terms_reader(self, storage: object, segment: ArraySegment) -> ArrayTermsReader:
        """Return the reader of a segment's terms and postings."""
        return ArrayTermsReader(segment.segment)

    def per_document_reader(self, storage: object, segment: ArraySegment) -> ArrayDocumentReader:
        """Return the reader of a segment's documents."""
        return ArrayDocumentReader(segment.segment)


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]
    """Whoosh's reader of the term dictionary and the postings of a segment."""

    def __init__(self, segment: Segment) -> None:
        """Read the terms of a segment."""
        self._segment = segment

    def __contains__(self, term: Key) -> bool:
        return self._postings(*term) is not None

    def _postings(self, name: str, key: bytes) -> Postings | None:
        field, text = Field(name), decode_string(key)
        term = text_of(field, text)
        # The key of an exact term is only right with the folded form that belongs to it.
        return self._segment.postings(field, term) if key_of(field, term) == text else None

    def terms(self) -> Iterator[Key]:
        """Yield all terms, field by field, in the order of their keys."""
        for field in sorted(FIELDS):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Key]:
        """Yield the terms of a field from a key on."""
        dictionary = self._segment.dictionary(Field(fieldname))
        for key in dictionary.keys_from(decode_string(prefix)):
            yield str(fieldname), encode_string(key)

    def items(self) -> Iterator[tuple[Key, TermInfo]]:
        """Yield all terms with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Key, TermInfo]]:
        """Yield the terms of a field from a key on, with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term that Whoosh scores with.

        Raises:
            KeyError: no document holds it.
        """
        postings = self._postings(fieldname, text)
        if postings is None:
            raise KeyError(text)
        documents, frequencies = postings.documents_and_frequencies()
        lengths = self._segment.lengths(Field(fieldname)).take(documents)
        return TermInfo(
            weight=float(frequencies.sum()),
            df=len(documents),
            minlength=int(LENGTHS[lengths.min()]),
            maxlength=int(LENGTHS[lengths.max()]),
            maxweight=float(frequencies.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return the number of documents that hold a term."""
        postings = self._postings(fieldname, text)
        return 0 if postings is None else postings.document_frequency

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: BaseScorer | None = None
    ) -> Matcher:
        """Return a matcher over the postings of a term.

        Raises:
            TermNotFound: no document holds it.
        """
        postings = self._postings(fieldname, text)
        if postings is None:
            raise TermNotFound(f"no term {fieldname}:{text!r}")
        return ArrayMatcher(self._segment, postings, (fieldname, text), format_, scorer)

    def cursor(self, fieldname: str, fieldobj: object) -> ArrayCursor:
        """Return a cursor over the terms of a field."""
        return ArrayCursor(self._segment, Field(fieldname))

    def indexed_field_names(self) -> list[str]:
        """Return the names of all fields."""
        return [str(field) for field in FIELDS]


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """A cursor over the keys of a field, which Whoosh's automata move for fuzzy terms."""

    def __init__(self, segment: Segment, field: Field) -> None:
        """Begin at the first key of a field."""
        self._dictionary = segment.dictionary(field)
        self.first()

    def first(self) -> str | None:
        """Go to the first key and return it."""
        return self.find("")

    def find(self, string: str) -> str | None:
        """Go to the first key that is not before this one and return it."""
        self._keys = self._dictionary.keys_from(string)
        return self.next()

    def next(self) -> str | None:
        """Go to the next key and return it."""
        self._key = next(self._keys, None)
        return self._key

    def text(self) -> str | None:
        """Return the current key, None after the last one."""
        return self._key

    term = text


class ArrayDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """Whoosh's reader of the documents of a segment."""

    def __init__(self, segment: Segment) -> None:
        """Read the documents of a segment."""
        self._segment = segment

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return self._segment.entry.live_documents

    def doc_count_all(self) -> int:
        """Return the number of all documents."""
        return self._segment.document_count

    def has_deletions(self) -> bool:
        """Tell whether any document is deleted."""
        return self._segment.live_mask is not None

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a document is deleted; Whoosh asks one number beyond the last, too."""
        mask = self._segment.live_mask
        return mask is not None and docnum < len(mask) and not mask[docnum]

    def deleted_docs(self) -> tuple[int, ...]:
        """Return the numbers of the deleted documents."""
        return self._segment.entry.deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field of a document, as exact as the byte it is kept in."""
        return int(LENGTHS[self._segment.lengths(Field(fieldname))[docnum]])

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field over all documents."""
        return self._segment.total_length(Field(fieldname))

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field in a document."""
        return int(LENGTHS[self._segment.lengths(Field(fieldname)).min()])

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field in a document."""
        return int(LENGTHS[self._segment.lengths(Field(fieldname)).max()])

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the identifier and the version; all else of a document is in the store."""
        segment = self._segment
        return {
            "identifier": segment.identifiers.string(docnum),
            "version": int(segment.array("versions").item(docnum)),
        }
