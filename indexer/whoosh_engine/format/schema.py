"""The fields of the index as Whoosh knows them: terms come analysed, Whoosh splits no text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import STORED, FieldType, Schema
from whoosh.formats import Format

from indexer.analysis.fields import ZONE_WEIGHTS, Field, Zone
from indexer.vietnamese.normalization import fold_canonical
from indexer.vietnamese.syllables import folded_form

WITH_POSITIONS = frozenset(Field) - {Field.PAIRS, Field.EXACT_PAIRS}
"""Fields in which phrases can be looked for."""

MARKED = frozenset({Field.EXACT, Field.EXACT_PAIRS, Field.TITLE_EXACT})
"""Fields whose terms keep their marks; each is kept under its form without them (`marked_key`)."""

OWN_FIELD = {
    Zone.PERSON: Field.PERSON,
    Zone.PUBLISHER: Field.PUBLISHER,
    Zone.CATEGORY: Field.CATEGORY,
}
"""Zones whose words go to a field of their own and nowhere else."""

PAIR_FIELDS: Final = {Field.PAIRS: False, Field.EXACT_PAIRS: True}
"""The fields of neighbouring words, and whether with their marks."""

ZONE_FIELDS: Final = {
    Zone.TITLE: (Field.TITLE, Field.TITLE_EXACT),
    Zone.BYLINE: (Field.AUTHOR,),
    **{zone: (field,) for zone, field in OWN_FIELD.items()},
}
"""The fields that hold the words of one zone alone, first without marks, then with them."""

TEXT_ZONES: Final = tuple(ZONE_WEIGHTS)
"""The zones of an article's own text."""

WEIGHTS: Final[NDArray[Any]] = np.array([ZONE_WEIGHTS.get(zone, 0) for zone in Zone])
"""What an occurrence counts, by zone."""

WORD_FIELDS: Final = {
    Field.FOLDED: (TEXT_ZONES, False),
    Field.EXACT: (TEXT_ZONES, True),
    **{
        field: ((zone,), exact)
        for zone, fields in ZONE_FIELDS.items()
        for field, exact in zip(fields, (False, True), strict=False)
    },
}
"""The zones whose words a field holds, and whether with their marks."""

FIELDS: Final = tuple(Field)
"""The order of fields in arrays that have a row for each."""

SEPARATOR = "\x1f"
"""Stands between the two forms of a key; no text of a term holds a control character."""

FAR = 64
"""Positions between two passages: a phrase whose wildcards span less stays in its passage."""


class Posting(NamedTuple):
    """How often a term counts in one document, and at which positions it stands."""

    frequency: int
    positions: list[int]


class TermFormat(Format):  # type: ignore[misc]
    """A posting's value is its positions: little-endian, unsigned, 32 bits each."""

    def encode(self, positions: list[int]) -> bytes:
        """The bytes of ascending positions."""
        return np.array(positions, "<u4").tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """The positions that `encode` wrote."""
        positions: list[int] = np.frombuffer(value, "<u4").tolist()
        return positions


class TermField(FieldType):  # type: ignore[misc]
    """A field whose value is {key: Posting}, made by the analysis of the house."""

    indexed = True

    def __init__(self) -> None:
        super().__init__(TermFormat(), analyzer=None, scorable=True)

    def index(
        self, value: Mapping[str, Posting], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """The (term, frequency, weight, value) tuples that a Whoosh writer asks for."""
        encode = self.format.encode
        for key, (frequency, positions) in value.items():
            yield key.encode(), frequency, float(frequency), encode(positions)


def schema() -> Schema:
    """The schema of every index; columns are kept beside it, not in it."""
    terms = {field.value: TermField() for field in Field}
    return Schema(**terms, identifier=STORED(), version=STORED())


def folded_text(exact: str) -> str:
    """The form without marks of a term or of a pair of terms."""
    return " ".join(folded_form(word) for word in exact.split(" "))


def marked_key(exact: str) -> str:
    """Where a term with marks is kept: after its folded form, so that readings are neighbours."""
    return f"{folded_text(exact)}{SEPARATOR}{exact}"


def key_of(field: Field, text: str) -> str:
    """Where a term that a caller names is kept."""
    return marked_key(text) if field in MARKED else text


def text_of(field: Field, key: str) -> str:
    """The term as callers know it."""
    return key.partition(SEPARATOR)[2] if field in MARKED else key


def key_prefix(field: Field, prefix: str) -> str:
    """A beginning that the keys of all terms with this beginning share (others may, too)."""
    if field not in MARKED:
        return prefix
    *whole, last = prefix.split(" ")
    # The folded form of a longer word can differ in nothing but an i or y at this end.
    begun = fold_canonical(last)
    begun = begun[:-1] if begun.endswith(("i", "y")) else begun
    return " ".join([*(folded_form(word) for word in whole), begun])
