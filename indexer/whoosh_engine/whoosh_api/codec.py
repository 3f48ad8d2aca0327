"""The codec: what Whoosh's own `SegmentReader` reads a segment through.

Terms are known to Whoosh by the keys of `schema.key_of`, so a marked term comes after
its form without marks.
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
from indexer.whoosh_engine.format.length_norms import LENGTHS
from indexer.whoosh_engine.format.schema import FIELDS, key_of, text_of
from indexer.whoosh_engine.format.segment import Postings, Segment
from indexer.whoosh_engine.whoosh_api.leaf_matcher import ArrayMatcher

Key = tuple[str, bytes]
"""A term as Whoosh names it: its field and its key."""


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads segments that are files of arrays; `writer` makes them, without Whoosh's pickles."""

    def terms_reader(self, storage: object, segment: Segment) -> ArrayTerms:
        """The terms of a segment and their postings."""
        return ArrayTerms(segment)

    def per_document_reader(self, storage: object, segment: Segment) -> ArrayDocuments:
        """What a segment knows of each document."""
        return ArrayDocuments(segment)


class ArrayTerms(base.TermsReader):  # type: ignore[misc]
    """Whoosh's view of the dictionary and the postings of a segment."""

    def __init__(self, segment: Segment) -> None:
        """Look at the terms of a segment."""
        self._segment = segment

    def __contains__(self, term: Key) -> bool:
        return self._postings(*term) is not None

    def _postings(self, name: str, key: bytes) -> Postings | None:
        field, text = Field(name), key.decode("utf-8", "surrogatepass")
        term = text_of(field, text)
        # The key of a marked term is only right with the folded form that belongs to it.
        return self._segment.postings(field, term) if key_of(field, term) == text else None

    def terms(self) -> Iterator[Key]:
        """All terms, field by field, in the order of their keys."""
        for field in sorted(FIELDS):
            yield from self.terms_from(field, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Key]:
        """The terms of a field from a key on."""
        dictionary = self._segment.dictionary(Field(fieldname))
        for key in dictionary.keys_from(prefix.decode("utf-8", "surrogatepass")):
            yield str(fieldname), key.encode("utf-8", "surrogatepass")

    def items(self) -> Iterator[tuple[Key, TermInfo]]:
        """All terms with their figures."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Key, TermInfo]]:
        """The terms of a field from a key on, with their figures."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """The figures of a term that Whoosh scores with.

        Raises:
            KeyError: it is not there.
        """
        postings = self._postings(fieldname, text)
        if postings is None:
            raise KeyError(text)
        documents, frequencies = postings.postings()
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

    def frequency(self, fieldname: str, text: bytes) -> float:
        """How often a term counts in all documents."""
        return float(self.term_info(fieldname, text).weight())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """The documents that hold a term."""
        postings = self._postings(fieldname, text)
        return 0 if postings is None else postings.often

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: BaseScorer | None = None
    ) -> Matcher:
        """A matcher over the postings of a term.

        Raises:
            TermNotFound: it is not there.
        """
        postings = self._postings(fieldname, text)
        if postings is None:
            raise TermNotFound(f"no term {fieldname}:{text!r}")
        return ArrayMatcher(self._segment, postings, (fieldname, text), format_, scorer)

    def cursor(self, fieldname: str, fieldobj: object) -> ArrayCursor:
        """A walk over the terms of a field."""
        return ArrayCursor(self._segment, Field(fieldname))

    def indexed_field_names(self) -> list[str]:
        """The names of all fields."""
        return [str(field) for field in FIELDS]

    def close(self) -> None:
        """The segment is shared, and let go with its engine."""


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]
    """A walk over the keys of a field, as Whoosh's automata take it for fuzzy terms."""

    def __init__(self, segment: Segment, field: Field) -> None:
        """Stand at the first key of a field."""
        self._dictionary = segment.dictionary(field)
        self.first()

    def first(self) -> str | None:
        """Go to the first key."""
        return self.find("")

    def find(self, string: str) -> str | None:
        """Go to the first key that is not before this one."""
        self._keys = self._dictionary.keys_from(string)
        return self.next()

    def next(self) -> str | None:
        """Go to the next key."""
        self._key = next(self._keys, None)
        return self._key

    def text(self) -> str | None:
        """The key here; None behind the last one."""
        return self._key

    term = text


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """Whoosh's view of the documents of a segment."""

    def __init__(self, segment: Segment) -> None:
        """Look at the documents of a segment."""
        self._segment = segment

    def close(self) -> None:
        """The segment is shared, and let go with its engine."""

    def doc_count(self) -> int:
        """Documents that are not deleted."""
        return self._segment.entry.live

    def doc_count_all(self) -> int:
        """All documents."""
        return self._segment.count

    def has_deletions(self) -> bool:
        """Whether any document is deleted."""
        return self._segment.live is not None

    def is_deleted(self, docnum: int) -> bool:
        """Whether this document is deleted."""
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> tuple[int, ...]:
        """The numbers of the deleted documents."""
        return self._segment.entry.deleted

    def supports_columns(self) -> bool:
        """Columns are kept beside the schema; `columns` reads them."""
        return False

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """The length of a field of a document, as exact as the byte it is kept in."""
        return int(LENGTHS[self._segment.lengths(Field(fieldname))[docnum]])

    def field_length(self, fieldname: str) -> int:
        """The length of a field over all documents."""
        return self._segment.total(Field(fieldname))

    def min_field_length(self, fieldname: str) -> int:
        """The least length of a field."""
        return int(LENGTHS[self._segment.lengths(Field(fieldname)).min()])

    def max_field_length(self, fieldname: str) -> int:
        """The greatest length of a field."""
        return int(LENGTHS[self._segment.lengths(Field(fieldname)).max()])

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """No field keeps vectors."""
        return False

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """The identifier and the version; all else of a document is in the store."""
        segment = self._segment
        return {
            "identifier": segment.identifiers.string(docnum),
            "version": int(segment.array("versions").item(docnum)),
        }

    def all_stored_fields(self) -> Iterator[dict[str, Any]]:
        """The stored fields of the documents that are not deleted."""
        return (self.stored_fields(number) for number in self._segment.documents().tolist())
