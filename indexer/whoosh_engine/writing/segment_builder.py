"""A buffer becomes the arrays of a segment: sort (term, document) keys, then count the runs.

No term is looked at one by one. Every occurrence is one 64-bit key, term number above document
number, repeated as often as its zone weighs; equal keys are neighbours after sorting and their
number is the frequency. Terms without marks and pairs follow from the exact words by table.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fields import ZONE_WEIGHTS, Field, Zone
from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.arrays.string_table import string_table_arrays
from indexer.engine.queries import Column
from indexer.whoosh_engine.format.postings import Counted, field_arrays
from indexer.whoosh_engine.format.schema import (
    FIELDS,
    TEXT_ZONES,
    WEIGHTS,
    ZONE_FIELDS,
    folded_text,
)
from indexer.whoosh_engine.writing.document_buffer import VALUES, Buffer

ESCAPE: Final = (1 << 16) - 1
"""Stands in the text for a word that is too rare for a code of 16 bits."""

FEWEST_AT_ONCE: Final = 1 << 15
MOST_AT_ONCE: Final = 1 << 21
"""About as many keys are sorted in one go, a tenth of all: bounds the memory that this takes."""


@dataclass(frozen=True, slots=True)
class _Text:
    """The stream as arrays.

    Attributes:
        words: exact word numbers, sorted by (folded, exact) form; 0 stands between passages.
        zones: the zone of each word.
        numbers: the document of each word.
        passages: where each passage begins, and the end.
        folded: the folded number of an exact one.
        cuts: exact numbers that part the words into runs, no folded word in two.
    """

    words: Array
    zones: Array
    numbers: Array
    passages: Array
    passage_zones: Array
    extras: Array
    extra_words: Array
    folded: Array
    cuts: list[int]


def build(buffer: Buffer) -> Iterator[tuple[str, Array]]:
    """The arrays of a segment that holds the documents of a buffer, which is used up."""
    arrays, number, folded = _vocabulary(buffer.words)
    text = _text(buffer, number, folded)
    documents = _bounds(buffer.documents, len(buffer.stream))
    yield from arrays.items()
    yield from _stream_arrays(text, len(number)).items()
    yield from {
        "documents": documents.astype(np.uint32),
        "passages": text.passages.astype(np.uint32),
        "zones": text.passage_zones,
        "sections": np.frombuffer(buffer.sections, np.uint16),
        "extras": text.extras,
        "extra_words": text.extra_words.astype(np.uint32),
        "extras_by_word": np.argsort(text.extra_words, kind="stable").astype(np.uint32),
    }.items()
    totals = np.zeros(len(FIELDS), np.int64)
    for fields, parts in _parts(text):
        counted: dict[Field, list[Counted]] = {field: [] for field in fields}
        for keys in parts:
            for field, each in zip(fields, keys, strict=True):
                counted[field].append(Counted.of(each, len(buffer)))
        for field in fields:
            postings, totals[FIELDS.index(field)] = field_arrays(
                field, counted.pop(field), len(folded), len(buffer)
            )
            yield from ((f"{field}.{name}", array) for name, array in postings.items())
            postings.clear()
    yield "totals", totals
    yield from _document_arrays(buffer).items()


def _text(buffer: Buffer, number: Array, folded: Array) -> _Text:
    words = np.frombuffer(buffer.stream, np.uint32)
    at_once = min(max(len(words) // 10, FEWEST_AT_ONCE), MOST_AT_ONCE)
    for at in range(0, len(words), at_once):
        words[at : at + at_once] = number[words[at : at + at_once]]
    documents = _bounds(buffer.documents, len(words))
    passages = _bounds(buffer.passages, len(words))
    zones = np.frombuffer(buffer.zones, np.uint8)
    extras = np.frombuffer(buffer.extras, np.uint32)
    in_order = np.argsort(extras, kind="stable")
    often = np.cumsum(np.bincount(words, minlength=len(number)))
    cuts = np.searchsorted(often, np.arange(often[0] + at_once, often[-1], at_once))
    whole = np.searchsorted(folded, folded[cuts])
    return _Text(
        words=words,
        zones=np.repeat(zones, np.diff(passages)),
        numbers=np.repeat(np.arange(len(buffer), dtype=np.uint16), np.diff(documents)),
        passages=passages,
        passage_zones=zones,
        extras=extras[in_order],
        extra_words=number[np.frombuffer(buffer.extra_words, np.uint32)[in_order]],
        folded=folded,
        cuts=[1, *np.unique(whole[whole > 1]).tolist(), len(number)],
    )


def _bounds(starts: array[int], end: int) -> Array:
    return np.append(np.frombuffer(starts, np.uint32).astype(np.int64), end)


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
    arrays = string_table_arrays("folded_words", bare)
    arrays |= string_table_arrays("exact_words", [word for _, word, _ in by_forms])
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


def _parts(text: _Text) -> Iterator[tuple[tuple[Field, ...], Iterator[tuple[Array, ...]]]]:
    """Fields that are made together, and keys of their occurrences, one run of terms a time."""
    runs = list(itertools.pairwise(text.cuts))
    yield (Field.EXACT, Field.FOLDED), (_word_keys(text, *run) for run in runs)
    yield (Field.EXACT_PAIRS, Field.PAIRS), (_pair_keys(text, *run) for run in runs)
    for zone, fields in ZONE_FIELDS.items():
        yield fields, iter([_zone_keys(text, zone)[: len(fields)]])


def _weighted(text: _Text, at: Array) -> Array:
    """Places in text zones, those of a zone that counts more than once repeated."""
    zones = text.zones[at]
    kept = [at[np.isin(zones, TEXT_ZONES)]]
    for zone, weight in ZONE_WEIGHTS.items():
        kept += [at[zones == zone]] * (weight - 1)
    return np.concatenate(kept)


def _keys(terms: Array, numbers: Array) -> Array:
    keys = terms.astype(np.uint64)
    keys <<= np.uint64(16)
    keys |= numbers
    return keys


def _word_keys(text: _Text, low: int, high: int) -> tuple[Array, Array]:
    """Keys, word number << 16 | document, of the exact and folded words in [low, high)."""
    at = _weighted(text, np.flatnonzero((text.words >= low) & (text.words < high)))
    extra = np.flatnonzero((text.extra_words >= low) & (text.extra_words < high))
    # An extra term counts as often as the word it stands at.
    extra = extra[np.argsort(text.extras[extra], kind="stable")]
    weights = WEIGHTS[text.zones[text.extras[extra]]]
    words = np.concatenate([text.words[at], np.repeat(text.extra_words[extra], weights)])
    places = np.repeat(text.numbers[text.extras[extra]], weights)
    numbers = np.concatenate([text.numbers[at], places])
    return _keys(words, numbers), _keys(text.folded[words], numbers)


def _pair_keys(text: _Text, low: int, high: int) -> tuple[Array, Array]:
    """Keys, first word << 40 | second << 16 | document, of pairs whose first is in [low, high)."""
    first = text.words[:-1]
    at = np.flatnonzero((first >= low) & (first < high) & (text.words[1:] != 0))
    at = _weighted(text, at)
    words, others = text.words[at], text.words[at + 1]
    numbers = text.numbers[at]
    return _pairs(words, others, numbers), _pairs(text.folded[words], text.folded[others], numbers)


def _pairs(first: Array, second: Array, numbers: Array) -> Array:
    keys = first.astype(np.uint64)
    keys <<= np.uint64(24)
    keys |= second
    return _keys(keys, numbers)


def _zone_keys(text: _Text, zone: Zone) -> tuple[Array, Array]:
    """Keys of the folded and exact words of one zone, each once; a title's with extra terms."""
    passages = np.flatnonzero(text.passage_zones == zone)
    at = concatenate_ranges(text.passages[passages], text.passages[passages + 1])
    at = at[text.words[at] != 0]
    extra = np.flatnonzero(text.zones[text.extras] == zone)
    extra = extra if zone is Zone.TITLE else extra[:0]
    words = np.concatenate([text.words[at], text.extra_words[extra]])
    numbers = np.concatenate([text.numbers[at], text.numbers[text.extras[extra]]])
    return _keys(text.folded[words], numbers), _keys(words, numbers)


def _document_arrays(buffer: Buffer) -> dict[str, Array]:
    """What is kept for each document beside its terms."""
    by_name = sorted(range(len(buffer)), key=buffer.identifiers.__getitem__)
    rank = np.empty(len(buffer), np.uint16)
    rank[by_name] = np.arange(len(buffer), dtype=np.uint16)
    arrays = string_table_arrays("identifiers", buffer.identifiers)
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
        **string_table_arrays(column, texts),
        f"{column}.first": first.astype(np.uint32),
        f"{column}.values": np.array([number[value] for row in rows for value in row], np.uint32),
    }
