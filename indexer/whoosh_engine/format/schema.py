"""The fields of the index as Whoosh knows them: terms come analyzed, Whoosh splits no text."""

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

FIELDS: Final = tuple(Field)
"""The order of fields in arrays that have a row for each."""

FIELDS_WITH_POSITIONS: Final = frozenset(Field) - {Field.PAIRS, Field.EXACT_PAIRS}
"""Fields in which phrases can be looked for."""

EXACT_FIELDS: Final = frozenset({Field.EXACT, Field.EXACT_PAIRS, Field.TITLE_EXACT})
"""Fields whose terms keep their diacritics; each is sorted by its folded form (`exact_key`)."""

OWN_FIELD: Final = {
    Zone.PERSON: Field.PERSON,
    Zone.PUBLISHER: Field.PUBLISHER,
    Zone.CATEGORY: Field.CATEGORY,
}
"""Zones whose words go to a field of their own and nowhere else."""

PAIR_FIELDS: Final = {Field.PAIRS: False, Field.EXACT_PAIRS: True}
"""The fields of bigrams, and whether their words are exact."""

WORDS_OF: Final = {Field.PAIRS: Field.FOLDED, Field.EXACT_PAIRS: Field.EXACT}
"""The fields of the words that the terms of a field of pairs are made of."""

ZONE_FIELDS: Final = {
    Zone.TITLE: (Field.TITLE, Field.TITLE_EXACT),
    Zone.BYLINE: (Field.AUTHOR,),
    **{zone: (field,) for zone, field in OWN_FIELD.items()},
}
"""The fields that hold the words of one zone alone: folded, then exact where there is one."""

TEXT_ZONES: Final = tuple(ZONE_WEIGHTS)
"""The zones of an article's own text."""

WEIGHTS: Final[NDArray[Any]] = np.array([ZONE_WEIGHTS.get(zone, 0) for zone in Zone])
"""Occurrences that one occurrence counts as, by zone."""

WORD_FIELDS: Final = {
    Field.FOLDED: (TEXT_ZONES, False),
    Field.EXACT: (TEXT_ZONES, True),
    **{
        field: ((zone,), exact)
        for zone, fields in ZONE_FIELDS.items()
        for field, exact in zip(fields, (False, True), strict=False)
    },
}
"""The zones whose words a field holds, and whether they are exact."""

SEPARATOR: Final = "\x1f"
"""Separates the two forms of an exact key; no term holds a control character."""

PASSAGE_GAP: Final = 64
"""Positions between two passages: a phrase whose wildcards span less stays in its passage."""

UNDATED: Final = -(1 << 63)
"""The date of a document that has none."""


class Posting(NamedTuple):
    """A term in one document: its weighted frequency and its positions."""

    frequency: int
    positions: list[int]


class TermFormat(Format):  # type: ignore[misc]
    """The format of a posting's value: its positions, little-endian, unsigned, 32 bits each."""

    def encode(self, positions: list[int]) -> bytes:
        """Encode ascending positions."""
        return np.array(positions, "<u4").tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """Decode the positions that `encode` encoded."""
        positions: list[int] = np.frombuffer(value, "<u4").tolist()
        return positions


class TermField(FieldType):  # type: ignore[misc]
    """A field whose value is {key: Posting}, as `indexer.analysis` analyzed it."""

    indexed = True

    def __init__(self) -> None:
        super().__init__(TermFormat(), analyzer=None, scorable=True)

    def index(
        self, value: Mapping[str, Posting], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield the (term, frequency, weight, value) tuples that a Whoosh writer asks for."""
        encode = self.format.encode
        for key, (frequency, positions) in value.items():
            yield key.encode(), frequency, float(frequency), encode(positions)


def schema() -> Schema:
    """Return the schema of every index; doc values are kept apart from it."""
    terms = {field.value: TermField() for field in Field}
    return Schema(**terms, identifier=STORED(), version=STORED())


def folded_text(exact: str) -> str:
    """Return the folded form of an exact term or pair."""
    return " ".join(map(folded_form, exact.split(" ")))


def exact_key(exact: str) -> str:
    """Return the key of an exact term: after its folded form, so that its forms are neighbours."""
    return f"{folded_text(exact)}{SEPARATOR}{exact}"


def key_of(field: Field, text: str) -> str:
    """Return the key that a term of a field is sorted by."""
    return exact_key(text) if field in EXACT_FIELDS else text


def text_of(field: Field, key: str) -> str:
    """Return the term of a key; see `key_of`."""
    return key.partition(SEPARATOR)[2] if field in EXACT_FIELDS else key


def key_prefix(field: Field, prefix: str) -> str:
    """Return a prefix of the keys of all terms with a prefix; other keys may share it."""
    if field not in EXACT_FIELDS:
        return prefix
    *words, last = prefix.split(" ")
    # The folded form of a longer word can differ in nothing but an i or y at this end.
    last = fold_canonical(last)
    last = last[:-1] if last.endswith(("i", "y")) else last
    return " ".join([*(folded_form(word) for word in words), last])
