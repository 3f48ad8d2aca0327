"""The gate for a segment that may come from elsewhere: its arrays fit one another.

Checksums say that a file is the one that was written; whoever wrote it may have meant harm. An
array that is too short, or a number that is none of what it counts, would stop a search in the
middle, or make it read another document's data. Types and lengths are compared when a segment is
opened; the numbers, which means reading all of them, when an index is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from archive.errors import EngineError
from indexer.analysis.fields import Field
from indexer.arrays.array_file import ArrayFile
from indexer.engine.queries import Column
from indexer.whoosh_engine.format.schema import FIELDS, PAIR_FIELDS, WORD_FIELDS

MOST_DOCUMENTS: Final = 1 << 16
"""Documents of a segment, whose numbers have 16 bits."""

_DOCUMENTS: Final = "documents"
_COLUMNS: Final = tuple(column for column in Column if column is not Column.PUBLISHED)


class _ArrayShape(NamedTuple):
    """The shape of an array.

    Attributes:
        name: the array.
        type: its NumPy type.
        dimension: what its values are one of each for; all arrays of a dimension are as long.
        extra: how many values more it has.
        starts_of: the dimension that its values are ascending offsets into, the last its end.
        numbers_of: the dimension that its values are numbers of.
    """

    name: str
    type: str
    dimension: str
    extra: int = 0
    starts_of: str = ""
    numbers_of: str = ""


def _strings(table: str, dimension: str) -> Iterator[_ArrayShape]:
    text = f"{table} text"
    yield _ArrayShape(f"{table}.text", "|u1", text)
    yield _ArrayShape(f"{table}.start", "<u4", dimension, 1, starts_of=text)


def _field_shapes(field: Field) -> Iterator[_ArrayShape]:
    terms, postings = f"{field} terms", f"{field} postings"
    dense, high = f"{field} dense terms", f"{field} high frequencies"
    is_exact = PAIR_FIELDS[field] if field in PAIR_FIELDS else WORD_FIELDS[field][1]
    words = "exact words" if is_exact else "folded words"
    yield _ArrayShape(f"{field}.terms", "<u4", terms, numbers_of=words)
    if field in PAIR_FIELDS:
        yield _ArrayShape(f"{field}.first", "<u4", "exact words", 1, starts_of=terms)
    yield _ArrayShape(f"{field}.lengths", "|u1", _DOCUMENTS)
    yield _ArrayShape(f"{field}.starts", "<u4", terms, 1, starts_of=postings)
    yield _ArrayShape(f"{field}.numbers", "<u2", postings, numbers_of=_DOCUMENTS)
    yield _ArrayShape(f"{field}.frequencies", "|u1", postings)
    yield _ArrayShape(f"{field}.dense_terms", "<u4", dense, numbers_of=terms)
    yield _ArrayShape(f"{field}.dense_documents", "<u4", dense)
    yield _ArrayShape(f"{field}.dense", "|u1", f"{field} dense rows")
    yield _ArrayShape(f"{field}.impacts", "|u1", f"{field} dense rows")
    yield _ArrayShape(f"{field}.high_terms", "<u4", high, numbers_of=terms)
    yield _ArrayShape(f"{field}.high_numbers", "<u2", high, numbers_of=_DOCUMENTS)
    yield _ArrayShape(f"{field}.high", "<u4", high)


def _shapes() -> Iterator[_ArrayShape]:
    yield from _strings("folded_words", "folded words")
    yield from _strings("exact_words", "exact words")
    yield _ArrayShape("exact_words.first", "<u4", "folded words", 1, starts_of="exact words")
    yield _ArrayShape("exact_words.folded", "<u4", "exact words", numbers_of="folded words")
    yield _ArrayShape("stream", "<u2", "tokens")
    yield _ArrayShape("coded", "<u4", "codes", numbers_of="exact words")
    yield _ArrayShape("rare", "<u4", "rare tokens", numbers_of="tokens")
    yield _ArrayShape("rare_words", "<u4", "rare tokens", numbers_of="exact words")
    yield _ArrayShape("documents", "<u4", _DOCUMENTS, 1, starts_of="tokens")
    yield _ArrayShape("passages", "<u4", "passages", 1, starts_of="tokens")
    yield _ArrayShape("zones", "|u1", "passages")
    yield _ArrayShape("sections", "<u2", "passages")
    yield _ArrayShape("extras", "<u4", "extra terms", numbers_of="tokens")
    yield _ArrayShape("extra_words", "<u4", "extra terms", numbers_of="exact words")
    yield _ArrayShape("extras_by_word", "<u4", "extra terms", numbers_of="extra terms")
    for field in FIELDS:
        yield from _field_shapes(field)
    yield _ArrayShape("totals", "<i8", "fields")
    yield from _strings("identifiers", _DOCUMENTS)
    yield _ArrayShape("by_identifier", "<u2", _DOCUMENTS, numbers_of=_DOCUMENTS)
    yield _ArrayShape("rank", "<u2", _DOCUMENTS, numbers_of=_DOCUMENTS)
    yield _ArrayShape("versions", "<u8", _DOCUMENTS)
    yield _ArrayShape("published", "<i8", _DOCUMENTS)
    for column in _COLUMNS:
        values = f"{column} values"
        yield from _strings(column, f"{column} texts")
        yield _ArrayShape(f"{column}.first", "<u4", _DOCUMENTS, 1, starts_of=values)
        yield _ArrayShape(f"{column}.values", "<u4", values, numbers_of=f"{column} texts")


SHAPES: Final = tuple(_shapes())
"""The arrays of every segment."""


def inspect_shapes(file: ArrayFile, documents: int) -> dict[str, int]:
    """Compare the types and lengths of a segment's arrays; return its dimensions.

    Args:
        file: the segment's.
        documents: how many the manifest says it has.

    Raises:
        EngineError: they do not fit one another, or the manifest.
    """
    if not 0 < documents <= MOST_DOCUMENTS:
        raise file.damaged(f"no segment has {documents} documents")
    dimensions = {_DOCUMENTS: documents, "fields": len(FIELDS)}
    for shape in SHAPES:
        kind, length = file.type_and_length(shape.name)
        size = length - shape.extra
        if kind != shape.type or size < 0:
            raise file.damaged(f"its {shape.name} is of another type or too short")
        if dimensions.setdefault(shape.dimension, size) != size:
            raise file.damaged(f"its {shape.name} does not fit the number of {shape.dimension}")
    for field in FIELDS:
        rows = dimensions[f"{field} dense terms"] * documents
        if rows != dimensions[f"{field} dense rows"]:
            raise file.damaged(f"its {field}.dense does not fit the number of documents")
    return dimensions


def inspect_numbers(file: ArrayFile, documents: int) -> None:
    """Compare all numbers in a segment with what they are numbers of.

    Raises:
        EngineError: one is none of those, or out of order.
    """
    dimensions = inspect_shapes(file, documents)
    for shape in SHAPES:
        array = file.array(shape.name).read()
        if shape.starts_of:
            is_ascending = not len(array) or bool(np.all(array[1:] >= array[:-1]))
            if not is_ascending or int(array[-1]) != dimensions[shape.starts_of]:
                raise _out_of_range(file, shape.name, shape.starts_of)
        elif shape.numbers_of and len(array) and int(array.max()) >= dimensions[shape.numbers_of]:
            raise _out_of_range(file, shape.name, shape.numbers_of)


def _out_of_range(file: ArrayFile, name: str, dimension: str) -> EngineError:
    return file.damaged(f"its {name} names {dimension} that there are not")
