"""The token stream of a segment: phrases, positions, and who speaks in which section.

The stream holds the exact word of every token of every document, in order, and a 0 at the
beginning of each passage. A token is known by its offset in the stream. A word is kept as a code
of 16 bits, the commonest first; rare words share one code and are kept apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

import numpy as np

from indexer.analysis.fields import Field, Zone
from indexer.arrays.array_file import Array, concatenate_ranges
from indexer.arrays.string_table import ABSENT
from indexer.whoosh_engine.format.proximity import rows_of, windows_of
from indexer.whoosh_engine.format.schema import OWN_FIELD, PASSAGE_GAP, TEXT_ZONES, WORD_FIELDS
from indexer.whoosh_engine.format.segment import EXTRA_SAMPLE_STEP, Segment

RARE_WORD: Final = (1 << 16) - 1
"""The code of all words that are too rare for one of their own."""

_MAX_RUN: Final = 1 << 20
"""About as many tokens are looked through at a time."""

_ANY_WORD: Final = 0
"""Stands for every word; in the stream it is the beginning of a passage."""

_CACHE_SIZE: Final = 1024
"""Extra terms whose documents a segment remembers."""


@dataclass(frozen=True, slots=True)
class TokenPositions:
    """Offsets in the token stream, and the document of each."""

    offsets: Array
    documents: Array


@dataclass(frozen=True, slots=True)
class _TokenRun:
    """The tokens of some documents, one after another.

    Attributes:
        segment: the segment of the documents.
        codes: (tokens,) code of each; that of word 0 at the beginning of a passage.
        documents: (documents,) their numbers, ascending.
        ends: (documents,) where the tokens of each end in the run.
        shifts: (documents,) what its tokens' offsets in the stream are above their places.
    """

    segment: Segment
    codes: Array
    documents: Array
    ends: Array
    shifts: Array

    def owners(self, tokens: Array) -> Array:
        """Return the document of each of some tokens, given by their places in the run."""
        return self.documents[self._owner_places(tokens)]

    def offsets(self, tokens: Array) -> Array:
        """Return the offset in the stream of each of some tokens."""
        return tokens + self.shifts[self._owner_places(tokens)]

    def words(self) -> Array:
        """Return the exact word of every token."""
        words = self.segment.array("coded").read().take(self.codes, mode="clip")
        rare = np.flatnonzero(self.codes == RARE_WORD)
        if len(rare):
            words[rare] = _rare_words(self.segment, self.offsets(rare))
        return words

    def _owner_places(self, tokens: Array) -> Array:
        return np.searchsorted(self.ends, tokens, "right")


def exact_words(segment: Segment, offsets: Array) -> Array:
    """Return the exact words at some offsets of the token stream."""
    codes = segment.array("stream").read().take(offsets)
    words = segment.array("coded").read().take(codes, mode="clip")
    rare = np.flatnonzero(codes == RARE_WORD)
    if len(rare):
        words[rare] = _rare_words(segment, offsets[rare])
    return words


def _rare_words(segment: Segment, offsets: Array) -> Array:
    """Return the exact words at offsets of the stream where the code is that of rare ones."""
    rare_offsets = segment.array("rare").read()
    places = np.searchsorted(rare_offsets, offsets.astype(rare_offsets.dtype))
    words: Array = segment.array("rare_words").read().take(places)
    return words


def words_of_documents(segment: Segment, documents: Array) -> tuple[Array, Array]:
    """Return the exact words of the texts of some documents, by number, and the owner of each."""
    words, owners = [np.zeros(0, np.int64)], [np.zeros(0, np.intp)]
    for run in _token_runs(segment, documents):
        run_words = run.words()
        starts = np.flatnonzero(run_words == 0)  # (passages,) the first of a document is one
        zones = passage_values(segment, "zones", run.offsets(starts))
        in_text = _zone_mask(TEXT_ZONES).take(zones)
        inside = np.repeat(in_text, np.diff(starts, append=len(run_words)))
        inside[starts] = False
        tokens = np.flatnonzero(inside)
        words.append(run_words[tokens])
        owners.append(run.owners(tokens))
    return np.concatenate(words), np.concatenate(owners)


def find_phrase(
    segment: Segment, field: Field, texts: Sequence[str], documents: Array
) -> TokenPositions:
    """Find where a phrase begins in some documents; an empty text stands for any one word."""
    alternatives = [(text,) if text else () for text in texts]
    return find_multi_phrase(segment, field, alternatives, documents)


def find_multi_phrase(
    segment: Segment,
    field: Field,
    texts: Sequence[Sequence[str]],
    documents: Array,
    slop: int = 0,
) -> TokenPositions:
    """Find where a phrase with alternatives begins; see `indexer.engine.queries.MultiPhrase`."""
    zones, exact = WORD_FIELDS[field]
    words = [_word_numbers(segment, exact, alternatives) for alternatives in texts]
    matches = [TokenPositions(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    if len(documents) and all(map(len, words)):
        is_row = not slop and not _has_extra(segment, exact, texts)
        tables = [_code_table(segment, numbers, exact) for numbers in words] if is_row else []
        for run in _token_runs(segment, documents):
            first_tokens = (
                _find_row(run, words, tables, exact)
                if is_row
                else _find_words(run, words, exact, slop)
            )
            offsets, owners = run.offsets(first_tokens), run.owners(first_tokens)
            in_zones = _zone_mask(zones).take(passage_values(segment, "zones", offsets))
            matches.append(TokenPositions(offsets[in_zones], owners[in_zones]))
    return TokenPositions(
        np.concatenate([match.offsets for match in matches]),
        np.concatenate([match.documents for match in matches]),
    )


@cache
def _zone_mask(zones: tuple[Zone, ...]) -> Array:
    """Tell for each byte, as zones are kept in, whether it is one of some zones."""
    mask = np.zeros(256, bool)
    mask[list(map(int, zones))] = True
    return mask


def _word_numbers(segment: Segment, exact: bool, texts: Sequence[str]) -> list[int]:
    """Return the numbers of the words of one position that the segment has; 0 is any word."""
    numbers = {segment.words.find(exact, text) for text in texts} if texts else {_ANY_WORD}
    return sorted(numbers - {ABSENT})


def _token_runs(segment: Segment, documents: Array) -> Iterator[_TokenRun]:
    starts, stream = segment.array("documents").read(), segment.array("stream").read()
    low = starts.take(documents).astype(np.int64)
    high = starts.take(documents + 1).astype(np.int64)
    runs = np.cumsum(high - low) // _MAX_RUN  # (documents,) the run that each is in
    for run in range(int(runs[-1]) + 1 if len(runs) else 0):
        inside = runs == run
        if inside.any():
            firsts, lasts = low[inside], high[inside]
            ends = np.cumsum(lasts - firsts)
            spans = zip(firsts.tolist(), lasts.tolist(), strict=True)
            # To copy what stands in a row takes a fraction of the time of looking up each token.
            codes = np.concatenate([stream[first:last] for first, last in spans])
            yield _TokenRun(segment, codes, documents[inside], ends, lasts - ends)


def _has_extra(segment: Segment, exact: bool, texts: Sequence[Sequence[str]]) -> bool:
    """Tell whether any of some words is an extra term of any document."""
    each = chain.from_iterable(texts)
    return any(len(documents_with_extra(segment, exact, text)) for text in each)


def _code_table(segment: Segment, words: Sequence[int], exact: bool) -> Array:
    """Tell for every code whether it may be one of some words; that of rare ones may be any.

    A table of 64 KB stays in the processor's cache, the words of a segment do not.
    """
    table = np.zeros(RARE_WORD + 1, bool)
    if tuple(words) == (_ANY_WORD,):
        table[:] = True
        table[segment.codes_of(_ANY_WORD, _ANY_WORD + 1)] = False
        return table
    for word in words:
        low, high = (word, word + 1) if exact else segment.words.exact_range(word)
        codes = segment.codes_of(low, high)
        table[codes] = True
        table[RARE_WORD] |= len(codes) < high - low
    return table


def _find_row(
    run: _TokenRun, words: Sequence[Sequence[int]], tables: Sequence[Array], exact: bool
) -> Array:
    """Find the tokens at which consecutive words begin, none of them an extra term.

    Args:
        run: the tokens.
        words: the numbers of the words that may stand at each position.
        tables: the codes that may stand there; see `_code_table`.
        exact: whether the numbers are those of exact words.
    """
    begins = np.flatnonzero(tables[0].take(run.codes[: max(0, len(run.codes) - len(words) + 1)]))
    for position, (numbers, table) in enumerate(zip(words, tables, strict=True)):
        codes = run.codes.take(begins + position)
        fits = table.take(codes)
        rare = np.flatnonzero(codes == RARE_WORD)
        if len(rare):
            tokens = _rare_words(run.segment, run.offsets(begins[rare] + position))
            if not exact:
                tokens = run.segment.words.folded_numbers.read().take(tokens)
            fits[rare] = _equals_any(tokens, numbers)
        begins = begins[fits]
    return begins


def _find_words(run: _TokenRun, words: Sequence[Sequence[int]], exact: bool, slop: int) -> Array:
    """Find the tokens at which a phrase of words begins: consecutive ones, or near ones."""
    segment, tokens = run.segment, run.words()
    tokens = tokens if exact else segment.words.folded_numbers.read().take(tokens)
    extra_tokens, extra_words = _extra_terms(run, exact)
    masks: dict[tuple[int, ...], Array] = {}  # (tokens,) what may stand at a position
    for alternatives in map(tuple, words):
        if alternatives not in masks:
            mask = _equals_any(tokens, alternatives)
            if alternatives != (_ANY_WORD,):
                mask[extra_tokens[_equals_any(extra_words, alternatives)]] = True
            masks[alternatives] = mask
    if not slop:
        return rows_of([masks[tuple(alternatives)] for alternatives in words])
    counts = Counter(map(tuple, words))
    del counts[(_ANY_WORD,)]
    needed = [(masks[alternatives], count) for alternatives, count in counts.items()]
    return windows_of(needed, np.flatnonzero(tokens == 0), len(words) + slop)


def _equals_any(tokens: Array, words: Sequence[int]) -> Array:
    mask: Array
    if tuple(words) == (_ANY_WORD,):
        mask = tokens != _ANY_WORD
    else:
        mask = tokens == words[0] if len(words) == 1 else np.isin(tokens, words)
    return mask


def _extra_terms(run: _TokenRun, exact: bool) -> tuple[Array, Array]:
    """Return the extra terms in a run: the token that each is at, and its word."""
    segment = run.segment
    all_offsets = segment.array("extras").read()  # ascending
    starts = segment.array("documents").read()
    low = np.searchsorted(all_offsets, starts.take(run.documents))
    high = np.searchsorted(all_offsets, starts.take(run.documents + 1))
    extras = concatenate_ranges(low, high)
    words = segment.array("extra_words").read()[extras]
    tokens = all_offsets[extras] - np.repeat(run.shifts, high - low)
    return tokens, words if exact else segment.words.folded_numbers.read().take(words)


def term_positions(segment: Segment, field: Field, text: str, documents: Array) -> list[list[int]]:
    """Return the positions of a term in each of some ascending documents."""
    matches = find_phrase(segment, field, [text], documents)
    positions = _positions(segment, field, documents, matches.offsets).tolist()
    ends = np.searchsorted(matches.documents, documents, "right").tolist()
    return [positions[low:high] for low, high in zip([0, *ends], ends, strict=False)]


def _positions(segment: Segment, field: Field, documents: Array, offsets: Array) -> Array:
    """Turn offsets into positions in a field of the document.

    A position is the number of words before it in passages that the field holds, and a
    `PASSAGE_GAP` for each of those passages.
    """
    passage_starts = segment.array("passages").read()
    starts = segment.array("documents").read()
    low, high = (
        np.searchsorted(passage_starts[:-1], starts.take(documents + end)) for end in (0, 1)
    )
    passages = concatenate_ranges(low, high)  # those of the documents
    own_zones = [int(zone) for zone, own_field in OWN_FIELD.items() if own_field is field]
    zones = segment.array("zones").read().take(passages)
    in_field = np.isin(zones, own_zones or [int(zone) for zone in TEXT_ZONES])
    words = passage_starts[passages + 1] - passage_starts[passages] - 1
    sizes = np.where(in_field, words + PASSAGE_GAP, 0).astype(np.int64)
    # (passages,) positions before each, first over all documents, then within its own
    bases = np.cumsum(sizes) - sizes
    first_passages = np.cumsum(high - low) - (high - low)
    bases -= np.repeat(bases.take(first_passages, mode="clip"), high - low)
    own_passages = (
        np.searchsorted(passage_starts, offsets.astype(passage_starts.dtype), "right") - 1
    )
    in_passage = offsets - passage_starts[own_passages] - 1
    positions: Array = bases[np.searchsorted(passages, own_passages)] + in_passage
    return positions


def passage_values(segment: Segment, name: str, offsets: Array) -> Array:
    """Return the zone or section (`name`) of the passage that each offset is in."""
    starts = segment.array("passages").read()
    passages = np.searchsorted(starts, offsets.astype(starts.dtype), "right") - 1
    return segment.array(name).read().take(passages)


def documents_with_extra(segment: Segment, exact: bool, text: str) -> Array:
    """Return the documents that hold a word as an extra term, which no pair has; remembered."""
    cache = segment.extra_term_documents
    documents = cache.get((exact, text))
    if documents is None:
        if len(cache) >= _CACHE_SIZE:
            cache.clear()
        documents = cache[exact, text] = _documents_with_extra(segment, exact, text)
    return documents


def _documents_with_extra(segment: Segment, exact: bool, text: str) -> Array:
    word = segment.words.find(exact, text)
    if word == ABSENT:
        return np.zeros(0, np.intp)
    low, high = (word, word + 1) if exact else segment.words.exact_range(word)
    by_word, words = segment.array("extras_by_word"), segment.array("extra_words").read()
    # NumPy would make a copy of all of `by_word` to search through it: only a part is read.
    ends = np.array([low, high], words.dtype)
    first_sample, last_sample = np.searchsorted(segment.extra_word_samples, ends).tolist()
    start = max(0, first_sample - 1) * EXTRA_SAMPLE_STEP
    part = by_word.read(start, min(last_sample * EXTRA_SAMPLE_STEP, len(by_word)))
    first, last = (start + np.searchsorted(words.take(part), ends)).tolist()
    if first == last:
        return np.zeros(0, np.intp)
    offsets = segment.array("extras").read()[by_word.read(first, last)]
    starts = segment.array("documents").read()
    return np.unique(np.searchsorted(starts, offsets.astype(starts.dtype), "right") - 1)


@dataclass(frozen=True, slots=True)
class Sections:
    """Sections of documents: the document and the number of each, in this order."""

    documents: Array
    numbers: Array

    def mask(self, segment: Segment, matches: TokenPositions) -> Array:
        """Tell for each section whether any of the matches is in its text."""
        zones = passage_values(segment, "zones", matches.offsets)
        in_text = _zone_mask(TEXT_ZONES).take(zones)
        matches = TokenPositions(matches.offsets[in_text], matches.documents[in_text])
        keys = (self.documents.astype(np.int64) << 16) | self.numbers
        return np.isin(keys, _section_keys(segment, matches))


def sections_of(segment: Segment, person: Sequence[str], documents: Array) -> Sections:
    """Return the sections in which a person of this name speaks."""
    matches = find_phrase(segment, Field.PERSON, person, documents)
    keys = np.unique(_section_keys(segment, matches))
    return Sections(keys >> 16, keys & 0xFFFF)


def _section_keys(segment: Segment, matches: TokenPositions) -> Array:
    """Return document << 16 | section of each match."""
    sections = passage_values(segment, "sections", matches.offsets)
    return (matches.documents.astype(np.int64) << 16) | sections
