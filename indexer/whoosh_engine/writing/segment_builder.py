"""A buffer is inverted into the arrays of a segment: sort (term, document) keys, count the runs.

No term is looked at one by one. Every occurrence is one 64-bit key, term number above document
number, repeated as often as its zone weighs; equal keys are neighbours after sorting and their
number is the frequency. Folded terms and bigrams follow from the exact words by table.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fields import ZONE_WEIGHTS, Field, Zone
from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.arrays.string_table import string_table_arrays
from indexer.engine.queries import Column
from indexer.whoosh_engine.format.positions import RARE_WORD
from indexer.whoosh_engine.format.postings import CountedPostings, count_postings, field_arrays
from indexer.whoosh_engine.format.schema import (
    FIELDS,
    TEXT_ZONES,
    WEIGHTS,
    ZONE_FIELDS,
    folded_text,
)
from indexer.whoosh_engine.writing.document_buffer import DocumentArrays, DocumentBuffer

MIN_RUN_KEYS: Final = 1 << 15
MAX_RUN_KEYS: Final = 1 << 21
"""About as many keys are sorted at a time, a tenth of all: bounds the memory that this takes."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The different words of a segment.

    Attributes:
        arrays: the arrays of a `WordDictionary`.
        exact: (words of the buffer,) the exact word of each: words sorted by (folded, exact) form.
        folded: (exact words,) the folded word of each.
    """

    arrays: dict[str, Array]
    exact: Array
    folded: Array


@dataclass(frozen=True, slots=True)
class _TokenStream:
    """The token stream as arrays.

    Attributes:
        words: (tokens,) exact word; 0 at the beginning of a passage.
        zones: (tokens,) zone.
        documents: (tokens,) document.
        passages: (passages + 1,) offset of each passage, and the end.
        passage_zones: (passages,) zone.
        extras: (extra terms,) offset, ascending.
        extra_words: (extra terms,) exact word.
        folded: (exact words,) the folded word of each.
        cuts: exact words that divide them into runs, no folded word in two.
    """

    words: Array
    zones: Array
    documents: Array
    passages: Array
    passage_zones: Array
    extras: Array
    extra_words: Array
    folded: Array
    cuts: list[int]


def segment_arrays(buffer: DocumentBuffer) -> Iterator[tuple[str, Array]]:
    """Yield the arrays of a segment that holds the documents of a buffer, which is used up."""
    source = buffer.as_arrays()
    vocabulary = _vocabulary(source.words)
    stream = _token_stream(source, vocabulary)
    yield from vocabulary.arrays.items()
    yield from _stream_arrays(stream.words, len(vocabulary.exact)).items()
    yield from {
        "documents": _bounds(source.arrays["documents"], len(stream.words)).astype(np.uint32),
        "passages": stream.passages.astype(np.uint32),
        "zones": stream.passage_zones,
        "sections": source.arrays["sections"],
        "extras": stream.extras,
        "extra_words": stream.extra_words.astype(np.uint32),
        "extras_by_word": np.argsort(stream.extra_words, kind="stable").astype(np.uint32),
    }.items()
    totals = np.zeros(len(FIELDS), np.int64)  # (fields,) length over all documents
    for fields, runs in _keys_by_field(stream):
        counted: dict[Field, list[CountedPostings]] = {field: [] for field in fields}
        for run in runs:
            for field, keys in zip(fields, run, strict=True):
                counted[field].append(count_postings(keys, len(buffer)))
        for field in fields:
            arrays, totals[FIELDS.index(field)] = field_arrays(
                field, counted.pop(field), len(vocabulary.exact), len(buffer)
            )
            yield from ((f"{field}.{name}", array) for name, array in arrays.items())
            arrays.clear()
    yield "totals", totals
    yield from _document_arrays(source).items()


def _vocabulary(words: Iterable[str]) -> _Vocabulary:
    by_forms = sorted((folded_text(word), word, number) for number, word in enumerate(words))
    exact = np.empty(len(by_forms), np.uint32)
    exact[[number for _, _, number in by_forms]] = np.arange(len(by_forms), dtype=np.uint32)
    folded_words: list[str] = []
    starts: list[int] = []  # the first exact word of each folded one
    for index, (form, _, _) in enumerate(by_forms):
        if not folded_words or folded_words[-1] != form:
            folded_words.append(form)
            starts.append(index)
    first = np.array([*starts, len(by_forms)], np.uint32)
    folded = np.repeat(np.arange(len(folded_words), dtype=np.uint32), np.diff(first))
    arrays = {
        **string_table_arrays("folded_words", folded_words),
        **string_table_arrays("exact_words", [word for _, word, _ in by_forms]),
        "exact_words.first": first,
        "exact_words.folded": folded,
    }
    return _Vocabulary(arrays, exact, folded)


def _token_stream(source: DocumentArrays, vocabulary: _Vocabulary) -> _TokenStream:
    words = source.arrays["stream"]
    run_keys = min(max(len(words) // 10, MIN_RUN_KEYS), MAX_RUN_KEYS)
    # Renumber the words in place, a run at a time: the stream is the largest array.
    for start in range(0, len(words), run_keys):
        words[start : start + run_keys] = vocabulary.exact[words[start : start + run_keys]]
    passages = _bounds(source.arrays["passages"], len(words))
    documents = np.arange(len(source.identifiers), dtype=np.uint16)
    sizes = np.diff(_bounds(source.arrays["documents"], len(words)))  # (documents,) tokens
    extras = source.arrays["extras"]
    in_order = np.argsort(extras, kind="stable")
    return _TokenStream(
        words=words,
        zones=np.repeat(source.arrays["zones"], np.diff(passages)),
        documents=np.repeat(documents, sizes),
        passages=passages,
        passage_zones=source.arrays["zones"],
        extras=extras[in_order],
        extra_words=vocabulary.exact[source.arrays["extra_words"][in_order]],
        folded=vocabulary.folded,
        cuts=_cuts(words, vocabulary.folded, run_keys),
    )


def _cuts(words: Array, folded: Array, run_keys: int) -> list[int]:
    """Divide the exact words into runs of about so many tokens, no folded word in two."""
    ends = np.cumsum(np.bincount(words, minlength=len(folded)))  # (exact words,) tokens up to it
    cuts = np.searchsorted(ends, np.arange(ends[0] + run_keys, ends[-1], run_keys))
    first_of_folded = np.searchsorted(folded, folded[cuts])
    return [1, *np.unique(first_of_folded[first_of_folded > 1]).tolist(), len(folded)]


def _bounds(starts: Array, end: int) -> Array:
    return np.append(starts.astype(np.int64), end)


def _stream_arrays(words: Array, word_count: int) -> dict[str, Array]:
    """Encode the stream in 16 bits a word, the commonest words first; rare ones are kept apart."""
    frequencies = np.bincount(words, minlength=word_count)
    frequencies[0] = len(words) + 1  # the beginning of a passage has code 0
    by_rank = np.argsort(-frequencies, kind="stable")
    codes = np.full(word_count, RARE_WORD, np.uint16)  # (exact words,)
    codes[by_rank[:RARE_WORD]] = np.arange(min(word_count, RARE_WORD), dtype=np.uint16)
    stream = codes[words]
    rare = np.flatnonzero(stream == RARE_WORD).astype(np.uint32)  # offsets
    return {
        "stream": stream,
        "coded": by_rank[:RARE_WORD].astype(np.uint32),
        "rare": rare,
        "rare_words": words[rare].astype(np.uint32),
    }


def _keys_by_field(
    stream: _TokenStream,
) -> Iterator[tuple[tuple[Field, ...], Iterator[tuple[Array, ...]]]]:
    """Yield fields that are made together, and runs of the keys of their occurrences."""
    runs = list(itertools.pairwise(stream.cuts))
    yield (Field.EXACT, Field.FOLDED), (_word_keys(stream, *run) for run in runs)
    yield (Field.EXACT_PAIRS, Field.PAIRS), (_pair_keys(stream, *run) for run in runs)
    for zone, fields in ZONE_FIELDS.items():
        yield fields, iter([_zone_keys(stream, zone)[: len(fields)]])


def _repeat_by_weight(stream: _TokenStream, offsets: Array) -> Array:
    """Return the offsets in text zones, those in a zone that weighs more than 1 repeated."""
    zones = stream.zones[offsets]
    repeated = [offsets[np.isin(zones, TEXT_ZONES)]]
    for zone, weight in ZONE_WEIGHTS.items():
        repeated += [offsets[zones == zone]] * (weight - 1)
    return np.concatenate(repeated)


def _term_keys(terms: Array, documents: Array) -> Array:
    """Return term << 16 | document."""
    keys = terms.astype(np.uint64)
    keys <<= np.uint64(16)
    keys |= documents
    return keys


def _word_keys(stream: _TokenStream, low: int, high: int) -> tuple[Array, Array]:
    """Return the keys of the exact words in [low, high), and of their folded words."""
    offsets = np.flatnonzero((stream.words >= low) & (stream.words < high))
    offsets = _repeat_by_weight(stream, offsets)
    extra = np.flatnonzero((stream.extra_words >= low) & (stream.extra_words < high))
    extra_offsets = stream.extras[extra]
    # An extra term counts as often as the word it is at.
    weights = WEIGHTS[stream.zones[extra_offsets]]
    words = np.concatenate([stream.words[offsets], np.repeat(stream.extra_words[extra], weights)])
    extra_documents = np.repeat(stream.documents[extra_offsets], weights)
    documents = np.concatenate([stream.documents[offsets], extra_documents])
    return _term_keys(words, documents), _term_keys(stream.folded[words], documents)


def _pair_keys(stream: _TokenStream, low: int, high: int) -> tuple[Array, Array]:
    """Return the keys of exact pairs whose first word is in [low, high), and of folded ones."""
    first = stream.words[:-1]
    starts = np.flatnonzero((first >= low) & (first < high) & (stream.words[1:] != 0))
    offsets = _repeat_by_weight(stream, starts)
    words, successors = stream.words[offsets], stream.words[offsets + 1]
    documents = stream.documents[offsets]
    return (
        _term_keys(_pairs(words, successors), documents),
        _term_keys(_pairs(stream.folded[words], stream.folded[successors]), documents),
    )


def _pairs(first: Array, second: Array) -> Array:
    """Return first word << 24 | second word."""
    pairs = first.astype(np.uint64)
    pairs <<= np.uint64(24)
    pairs |= second
    return pairs


def _zone_keys(stream: _TokenStream, zone: Zone) -> tuple[Array, Array]:
    """Return the keys of folded and exact words of one zone; extra terms only of the title."""
    passages = np.flatnonzero(stream.passage_zones == zone)
    offsets = concatenate_ranges(stream.passages[passages], stream.passages[passages + 1])
    offsets = offsets[stream.words[offsets] != 0]
    extra = np.flatnonzero(stream.zones[stream.extras] == zone)
    extra = extra if zone is Zone.TITLE else extra[:0]
    words = np.concatenate([stream.words[offsets], stream.extra_words[extra]])
    extra_documents = stream.documents[stream.extras[extra]]
    documents = np.concatenate([stream.documents[offsets], extra_documents])
    return _term_keys(stream.folded[words], documents), _term_keys(words, documents)


def _document_arrays(source: DocumentArrays) -> dict[str, Array]:
    """Return identifiers, versions and doc values."""
    identifiers = source.identifiers
    by_identifier = sorted(range(len(identifiers)), key=identifiers.__getitem__)
    rank = np.empty(len(identifiers), np.uint16)  # (documents,) place by identifier
    rank[by_identifier] = np.arange(len(identifiers), dtype=np.uint16)
    arrays = {
        **string_table_arrays("identifiers", identifiers),
        "by_identifier": np.array(by_identifier, np.uint16),
        "rank": rank,
        "versions": source.arrays["versions"],
        "published": source.arrays["published"],
    }
    for column, rows in source.values.items():
        arrays |= _value_arrays(column, rows)
    return arrays


def _value_arrays(column: Column, rows: Sequence[tuple[str, ...]]) -> dict[str, Array]:
    """Return the values of a column: sorted texts, and for each document the numbers of its own."""
    texts = sorted({value for row in rows for value in row})
    number = {text: index for index, text in enumerate(texts)}
    first = np.append(0, np.cumsum([len(row) for row in rows], dtype=np.int64))
    return {
        **string_table_arrays(column, texts),
        f"{column}.first": first.astype(np.uint32),
        f"{column}.values": np.array([number[value] for row in rows for value in row], np.uint32),
    }
