"""A buffer becomes the arrays of a segment: sort (term, document) keys, then count the runs.

No term is looked at one by one. Every occurrence is one 64-bit key, term number above document
number, repeated as often as its zone weighs; equal keys are neighbours after sorting and their
number is the frequency. Terms without marks and pairs follow from the exact words by table.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from whoosh.util.numeric import byte_to_length

from indexer.analysis import ZONE_WEIGHTS, Field, Zone
from indexer.query import Column
from indexer.whoosh_engine.arrays import Array
from indexer.whoosh_engine.buffer import VALUES, Buffer
from indexer.whoosh_engine.schema import OWN_FIELD, folded_text

DENSE: Final = 8
"""A term in more than one document of so many keeps a frequency for every document."""

FEWEST_DENSE: Final = 256
"""Documents of a segment below which no term is dense."""

MOST: Final = 255
"""The highest frequency of a byte; higher ones are kept beside."""

ESCAPE: Final = (1 << 16) - 1
"""Stands in the text for a word that is too rare for a code of 16 bits."""

LENGTHS: Final[Array] = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
"""Whoosh's lengths of a field by the byte they are kept in."""

K1: Final = 1.2
B: Final = 0.75
"""The parameters of BM25."""

PAIR_FIELDS: Final = {Field.PAIRS: False, Field.EXACT_PAIRS: True}
WORD_FIELDS: Final = {
    Field.FOLDED: (tuple(ZONE_WEIGHTS), False),
    Field.EXACT: (tuple(ZONE_WEIGHTS), True),
    Field.TITLE: ((Zone.TITLE,), False),
    Field.TITLE_EXACT: ((Zone.TITLE,), True),
    Field.AUTHOR: ((Zone.BYLINE,), False),
    **{field: ((zone,), False) for zone, field in OWN_FIELD.items()},
}
"""The zones whose words a field holds, and whether with their marks."""

FIELDS: Final = tuple(Field)
"""The order of fields in arrays that have a row for each."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The stream as arrays; `folded` maps exact to folded word numbers.

    Attributes:
        words: exact word numbers, sorted by (folded, exact) form; 0 stands between passages.
        zones: the zone of each word.
        numbers: the document of each word.
    """

    words: Array
    zones: Array
    numbers: Array
    extras: Array
    extra_words: Array
    folded: Array


def build(buffer: Buffer) -> dict[str, Array]:
    """The arrays of a segment that holds the documents of a buffer."""
    arrays, number, folded = _vocabulary(buffer.words)
    count = len(buffer)
    documents = _bounds(buffer.documents, len(buffer.stream))
    passages = _bounds(buffer.passages, len(buffer.stream))
    extras = np.frombuffer(buffer.extras, np.uint32)
    in_order = np.argsort(extras, kind="stable")
    text = _Text(
        words=number[np.frombuffer(buffer.stream, np.uint32)],
        zones=np.repeat(np.frombuffer(buffer.zones, np.uint8), np.diff(passages)),
        numbers=np.repeat(np.arange(count, dtype=np.uint16), np.diff(documents)),
        extras=extras[in_order],
        extra_words=number[np.frombuffer(buffer.extra_words, np.uint32)[in_order]],
        folded=folded,
    )
    arrays |= _stream_arrays(text, len(number))
    arrays |= {
        "documents": documents.astype(np.uint32),
        "passages": passages.astype(np.uint32),
        "zones": np.frombuffer(buffer.zones, np.uint8),
        "sections": np.frombuffer(buffer.sections, np.uint16),
        "extras": text.extras,
        "extra_words": text.extra_words.astype(np.uint32),
        "extras_by_word": np.argsort(text.extra_words, kind="stable").astype(np.uint32),
    }
    totals = np.zeros(len(FIELDS), np.int64)
    for row, field in enumerate(FIELDS):
        postings, totals[row] = _field_arrays(field, text, count)
        arrays |= {f"{field}.{name}": array for name, array in postings.items()}
    return arrays | {"totals": totals} | _document_arrays(buffer)


def norm_table(average: float) -> Array:
    """BM25's k1 * (1 - b + b * length / average) by the byte that a length is kept in."""
    return K1 * (1 - B + B * LENGTHS / average)


def _bounds(starts: array[int], end: int) -> Array:
    return np.append(np.frombuffer(starts, np.uint32).astype(np.int64), end)


def texts_arrays(name: str, texts: Sequence[str]) -> dict[str, Array]:
    """Texts as one run of UTF-8 and where each begins."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    starts = np.zeros(len(encoded) + 1, np.uint32)
    np.cumsum([len(each) for each in encoded], out=starts[1:])
    return {f"{name}.text": np.frombuffer(b"".join(encoded), np.uint8), f"{name}.start": starts}


def _vocabulary(words: Iterable[str]) -> tuple[dict[str, Array], Array, Array]:
    """The dictionary, the sorted number of each word, and the folded number of each of those."""
    by_forms = sorted((folded_text(word), word, old) for old, word in enumerate(words))
    number = np.empty(len(by_forms), np.uint32)
    number[[old for _, _, old in by_forms]] = np.arange(len(by_forms), dtype=np.uint32)
    starts: list[int] = []
    bare: list[str] = []
    for at, (form, _, _) in enumerate(by_forms):
        if not bare or bare[-1] != form:
            bare.append(form)
            starts.append(at)
    first = np.array([*starts, len(by_forms)], np.uint32)
    folded = np.repeat(np.arange(len(bare), dtype=np.uint32), np.diff(first))
    arrays = texts_arrays("folded_words", bare)
    arrays |= texts_arrays("exact_words", [word for _, word, _ in by_forms])
    return arrays | {"exact_words.first": first, "exact_words.folded": folded}, number, folded


def _stream_arrays(text: _Text, count: int) -> dict[str, Array]:
    """The text in codes of 16 bits, the commonest words first; rare ones are kept beside."""
    often = np.bincount(text.words, minlength=count)
    often[0] = len(text.words) + 1
    by_rank = np.argsort(-often, kind="stable")
    codes = np.full(count, ESCAPE, np.uint16)
    codes[by_rank[:ESCAPE]] = np.arange(min(count, ESCAPE), dtype=np.uint16)
    stream = codes[text.words]
    rare = np.flatnonzero(stream == ESCAPE).astype(np.uint32)
    return {
        "stream": stream,
        "codes": codes,
        "coded": by_rank[:ESCAPE].astype(np.uint32),
        "rare": rare,
        "rare_words": text.words[rare].astype(np.uint32),
    }


def _field_arrays(field: Field, text: _Text, count: int) -> tuple[dict[str, Array], int]:
    """The postings of a field, and its length over all documents."""
    keys = _pair_keys(field, text) if field in PAIR_FIELDS else _word_keys(field, text)
    keys.sort()
    starts = _run_starts(keys)
    frequencies = np.diff(starts, append=len(keys))
    keys = keys[starts]
    numbers = (keys & np.uint64(0xFFFF)).astype(np.uint16)
    lengths = np.bincount(numbers, frequencies, count).astype(np.int64)
    length_bytes = np.searchsorted(LENGTHS[:255], lengths).astype(np.uint8)
    keys >>= np.uint64(16)
    firsts = _run_starts(keys)
    terms = keys[firsts]
    arrays = _term_arrays(field, terms, len(text.folded)) | {"lengths": length_bytes}
    postings = _Postings(np.append(firsts, len(keys)), numbers, frequencies, count)
    total = int(lengths.sum())
    return arrays | postings.arrays(length_bytes, total / count or 1.0), total


def _run_starts(keys: Array) -> Array:
    """Where each run of equal keys begins."""
    if not len(keys):
        return np.zeros(0, np.int64)
    return np.append(0, np.flatnonzero(keys[1:] != keys[:-1]) + 1)


def _weighted(keys: Array, zones: Array, all_zones: bool) -> Array:
    """The keys, those of a zone that counts more than once repeated."""
    if not all_zones:
        return keys
    heavy = [zone for zone, weight in ZONE_WEIGHTS.items() if weight > 1]
    again = [keys[zones == zone] for zone in heavy for _ in range(ZONE_WEIGHTS[zone] - 1)]
    return np.concatenate([keys, *again])


def _word_keys(field: Field, text: _Text) -> Array:
    """One key an occurrence: word number << 16 | document."""
    zones, exact = WORD_FIELDS[field]
    weighted = zones == tuple(ZONE_WEIGHTS)
    words, places, numbers = text.words, text.zones, text.numbers
    if weighted or field in (Field.TITLE, Field.TITLE_EXACT):
        words = np.concatenate([words, text.extra_words])
        places = np.concatenate([places, places[text.extras]])
        numbers = np.concatenate([numbers, numbers[text.extras]])
    kept = np.isin(np.arange(len(Zone), dtype=np.uint8), zones)[places] & (words != 0)
    words, places, numbers = words[kept], places[kept], numbers[kept]
    keys = (words if exact else text.folded[words]).astype(np.uint64)
    keys <<= np.uint64(16)
    keys |= numbers
    return _weighted(keys, places, weighted)


def _pair_keys(field: Field, text: _Text) -> Array:
    """One key a pair of neighbours: first word << 40 | second word << 16 | document."""
    words = text.words if PAIR_FIELDS[field] else text.folded[text.words]
    own = np.isin(np.arange(len(Zone), dtype=np.uint8), list(OWN_FIELD))
    kept = (words[:-1] != 0) & (words[1:] != 0) & ~own[text.zones[1:]]
    keys = words[:-1][kept].astype(np.uint64)
    keys <<= np.uint64(24)
    keys |= words[1:][kept]
    keys <<= np.uint64(16)
    keys |= text.numbers[1:][kept]
    return _weighted(keys, text.zones[1:][kept], True)


def _term_arrays(field: Field, terms: Array, words: int) -> dict[str, Array]:
    """How a term is found: word fields by a sorted list, pairs by their first word."""
    if field not in PAIR_FIELDS:
        return {"terms": terms.astype(np.uint32)}
    first = np.searchsorted(terms, np.arange(words + 1, dtype=np.uint64) << np.uint64(24))
    return {
        "first": first.astype(np.uint32),
        "terms": (terms & np.uint64(0xFFFFFF)).astype(np.uint32),
    }


@dataclass(slots=True)
class _Postings:
    """The postings of one field, one term after another."""

    starts: Array
    numbers: Array
    frequencies: Array
    count: int

    def arrays(self, lengths: Array, average: float) -> dict[str, Array]:
        """Sparse terms as document numbers and frequencies, dense ones as rows of frequencies."""
        often = np.diff(self.starts)
        dense = np.flatnonzero(often * DENSE > self.count)
        if self.count < FEWEST_DENSE:
            dense = dense[:0]
        high = np.flatnonzero(self.frequencies > MOST)
        small = np.minimum(self.frequencies, MOST).astype(np.uint8)
        rows = self._rows(dense, small)
        sparse = np.ones(len(self.numbers), bool)
        for term in dense:
            sparse[self.starts[term] : self.starts[term + 1]] = False
        kept = often.copy()
        kept[dense] = 0
        return {
            "starts": np.append(0, np.cumsum(kept)).astype(np.uint32),
            "numbers": self.numbers[sparse],
            "frequencies": small[sparse],
            "dense_terms": dense.astype(np.uint32),
            "dense_documents": often[dense].astype(np.uint32),
            "dense": rows.reshape(-1),
            **_impact_arrays(rows, lengths, average),
            "high_terms": (np.searchsorted(self.starts, high, "right") - 1).astype(np.uint32),
            "high_numbers": self.numbers[high],
            "high": self.frequencies[high].astype(np.uint32),
        }

    def _rows(self, dense: Array, small: Array) -> Array:
        rows = np.zeros((len(dense), self.count), np.uint8)
        for row, term in enumerate(dense):
            part = slice(self.starts[term], self.starts[term + 1])
            rows[row, self.numbers[part]] = small[part]
        return rows


def _impact_arrays(rows: Array, lengths: Array, average: float) -> dict[str, Array]:
    """For each dense term and document, how much of its weight it scores, in 255ths, rounded up.

    Made for the average length of this segment; `Scored` allows for that of the whole index.
    """
    norms = norm_table(average).take(lengths)
    impacts = np.zeros(rows.shape, np.uint8)
    for row, frequencies in enumerate(rows):
        shares = np.ceil(255 * (frequencies / (frequencies + norms)))
        impacts[row] = np.where(frequencies == MOST, 255, shares)
    return {"impacts": impacts.reshape(-1), "impact_most": impacts.max(1, initial=0)}


def _document_arrays(buffer: Buffer) -> dict[str, Array]:
    """What is kept for each document beside its terms."""
    by_name = sorted(range(len(buffer)), key=buffer.identifiers.__getitem__)
    rank = np.empty(len(buffer), np.uint16)
    rank[by_name] = np.arange(len(buffer), dtype=np.uint16)
    arrays = texts_arrays("identifiers", buffer.identifiers)
    arrays |= {
        "by_identifier": np.array(by_name, np.uint16),
        "rank": rank,
        "versions": np.frombuffer(buffer.versions, np.uint64),
        "published": np.frombuffer(buffer.published, np.int64),
    }
    for column in VALUES:
        arrays |= _value_arrays(column, buffer.values[column])
    return arrays


def _value_arrays(column: Column, rows: Sequence[tuple[str, ...]]) -> dict[str, Array]:
    """The values of a column: texts in order, and for each document the numbers of its own."""
    texts = sorted({value for row in rows for value in row})
    number = {text: at for at, text in enumerate(texts)}
    first = np.append(0, np.cumsum([len(row) for row in rows], dtype=np.int64))
    return {
        **texts_arrays(column, texts),
        f"{column}.first": first.astype(np.uint32),
        f"{column}.values": np.array([number[value] for row in rows for value in row], np.uint32),
    }
