"""The words of documents in the order they stand: phrases, and who speaks in which section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.analysis.fields import Field, Zone
from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.arrays.string_table import ABSENT
from indexer.whoosh_engine.format.schema import FAR, OWN_FIELD, TEXT_ZONES, WORD_FIELDS
from indexer.whoosh_engine.format.segment import Segment
from indexer.whoosh_engine.writing.segment_builder import ESCAPE

_AT_ONCE: Final = 1 << 20
_REMEMBERED: Final = 1024
"""Words that are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Places:
    """Places in the stream of a segment, and the document of each."""

    at: Array
    documents: Array


@dataclass(frozen=True, slots=True)
class _Span:
    """The words of some documents, one after another, each passage after a 0.

    Attributes:
        at: the place in the stream of each word.
        owners: its document.
        words: its exact number.
    """

    at: Array
    owners: Array
    words: Array


def find_phrase(segment: Segment, field: Field, texts: Sequence[str], documents: Array) -> Places:
    """Where the phrase begins in some documents; empty texts stand for any one word."""
    exact = WORD_FIELDS[field][1]
    numbers = [segment.words.find(exact, text) if text else 0 for text in texts]
    if ABSENT in numbers:
        return Places(np.zeros(0, np.int64), np.zeros(0, np.int64))
    parts = [
        _find(segment, span, numbers, exact, WORD_FIELDS[field][0])
        for span in _spans(segment, documents)
    ]
    return Places(
        np.concatenate([np.zeros(0, np.int64), *(part.at for part in parts)]),
        np.concatenate([np.zeros(0, np.int64), *(part.documents for part in parts)]),
    )


def _spans(segment: Segment, documents: Array) -> Iterator[_Span]:
    starts = segment.array("documents").read()
    low = starts.take(documents).astype(np.int64)
    high = starts.take(documents + 1).astype(np.int64)
    groups = np.cumsum(high - low) // _AT_ONCE
    for group in np.unique(groups):
        inside = groups == group
        yield _span(segment, documents[inside], low[inside], high[inside])


def _span(segment: Segment, documents: Array, low: Array, high: Array) -> _Span:
    at = concatenate_ranges(low, high)
    codes = segment.array("stream").read().take(at)
    words = segment.array("coded").read().take(codes, mode="clip")
    escaped = np.flatnonzero(codes == ESCAPE)
    if len(escaped):
        rare = np.searchsorted(segment.array("rare").read(), at[escaped])
        words[escaped] = segment.array("rare_words").read().take(rare)
    return _Span(at, np.repeat(documents, high - low), words)


def _find(
    segment: Segment, span: _Span, numbers: Sequence[int], exact: bool, zones: Sequence[Zone]
) -> Places:
    words = span.words if exact else segment.words.folded_numbers.read().take(span.words)
    extras, extra_words = _extras(segment, span, exact)
    found = np.ones(max(len(words) - len(numbers) + 1, 0), bool)
    for offset, number in enumerate(numbers):
        here = words == number if number else words != 0
        if number:
            here[extras[extra_words == number]] = True
        found &= here[offset : offset + len(found)]
    at = np.flatnonzero(found)
    places = Places(span.at[at], span.owners[at])
    inside = np.isin(passage_values(segment, "zones", places.at), [int(zone) for zone in zones])
    return Places(places.at[inside], places.documents[inside])


def _extras(segment: Segment, span: _Span, exact: bool) -> tuple[Array, Array]:
    """Extra terms in a span: which of its words each stands at, and its number."""
    every = segment.array("extras").read()
    owners = np.unique(span.owners)
    starts = segment.array("documents").read()
    low = np.searchsorted(every, starts.take(owners))
    high = np.searchsorted(every, starts.take(owners + 1))
    inside = concatenate_ranges(low, high)
    numbers = segment.array("extra_words").read()[inside]
    at = np.searchsorted(span.at, every[inside])
    return at, numbers if exact else segment.words.folded_numbers.read().take(numbers)


def term_positions(segment: Segment, field: Field, text: str, documents: Array) -> list[list[int]]:
    """Where a term stands in some ascending documents, one passage `FAR` after another."""
    places = find_phrase(segment, field, [text], documents)
    counted = _positions(segment, field, documents, places)
    ends = np.searchsorted(places.documents, documents, "right").tolist()
    found = counted.tolist()
    return [found[low:high] for low, high in zip([0, *ends], ends, strict=False)]


def _positions(segment: Segment, field: Field, documents: Array, places: Places) -> Array:
    """Positions of places: the words before in passages of the same kind, and gaps between."""
    every = segment.array("passages").read()
    starts = segment.array("documents").read()
    low, high = (np.searchsorted(every[:-1], starts.take(documents + at)) for at in (0, 1))
    passages = concatenate_ranges(low, high)
    zones = segment.array("zones").read().take(passages)
    own = [int(zone) for zone, its in OWN_FIELD.items() if its is field]
    kind = np.isin(zones, own or [int(zone) for zone in TEXT_ZONES])
    sizes = np.where(kind, every[passages + 1] - every[passages] - 1 + FAR, 0).astype(np.int64)
    before = np.cumsum(sizes) - sizes
    firsts = np.cumsum(high - low) - (high - low)
    before -= np.repeat(before.take(firsts, mode="clip"), high - low)
    here = np.searchsorted(every, places.at.astype(every.dtype), "right") - 1
    offsets = places.at - every[here] - 1
    positions: Array = before[np.searchsorted(passages, here)] + offsets
    return positions


def passage_values(segment: Segment, name: str, places: Array) -> Array:
    """The zone or section of the passage that each place is in."""
    starts = segment.array("passages").read()
    passages = np.searchsorted(starts, places.astype(starts.dtype), "right") - 1
    return segment.array(name).read().take(passages)


def holding_extra(segment: Segment, exact: bool, text: str) -> Array:
    """The documents in which a word stands as an extra term, which is in no pair; remembered."""
    held = segment.extras_held
    found = held.get((exact, text))
    if found is None:
        if len(held) >= _REMEMBERED:
            held.clear()
        found = held[exact, text] = _holding_extra(segment, exact, text)
    return found


def _holding_extra(segment: Segment, exact: bool, text: str) -> Array:
    words = segment.words
    number = words.find(exact, text)
    if number == ABSENT:
        return np.zeros(0, np.intp)
    low, high = (number, number + 1) if exact else words.exact_range(number)
    order = segment.array("extras_by_word").read()
    numbers = segment.array("extra_words").read()
    wanted = np.array([low, high], numbers.dtype)
    first, last = np.searchsorted(numbers, wanted, sorter=order)
    if first == last:
        return np.zeros(0, np.intp)
    places = segment.array("extras").read()[order[first:last]]
    starts = segment.array("documents").read()
    return np.unique(np.searchsorted(starts, places.astype(starts.dtype), "right") - 1)


@dataclass(frozen=True, slots=True)
class Sections:
    """Sections of documents: of each its document and its number, in this order."""

    documents: Array
    numbers: Array

    @property
    def keys(self) -> Array:
        """One number for each section."""
        return (self.documents.astype(np.int64) << 16) | self.numbers

    def holding(self, segment: Segment, places: Places) -> Array:
        """A mask of the sections that any of the places is in."""
        zones = passage_values(segment, "zones", places.at)
        text = np.isin(zones, [int(zone) for zone in TEXT_ZONES])
        found = _section_keys(segment, Places(places.at[text], places.documents[text]))
        return np.isin(self.keys, found)


def sections_of(segment: Segment, person: Sequence[str], documents: Array) -> Sections:
    """The sections in which a person of this name speaks."""
    keys = np.unique(_section_keys(segment, find_phrase(segment, Field.PERSON, person, documents)))
    return Sections(keys >> 16, keys & 0xFFFF)


def _section_keys(segment: Segment, places: Places) -> Array:
    sections = passage_values(segment, "sections", places.at)
    return (places.documents.astype(np.int64) << 16) | sections
